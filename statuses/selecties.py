"""Which rows a step of ``werklijsten.py`` is about: one Q per step id, the same for its count and for its list.

A step is cleared by any evidence that it is done, never by one required click (domein.md 8).
Bron: domein.md 3, column "Which rows".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actor import Actor
from accounts.models import Vestiging
from accounts.rechten import Rol
from statuses.mbo_ganger import mbo_ganger_q
from statuses.models import Aanmelding, Overstap
from statuses.risico import Signaal, risico_q, signaal_q
from statuses.status import LEERPLICHT_AAN_HET_WERK, OPEN, OPEN_OF_DEFINITIEF, TERUG, Status
from statuses.termijnen import Kalender
from statuses.werklijsten import PER_ID, VAN_BOVEN, Op, Stap

S = Status
_Q = Callable[[Kalender, date], Q]
_GEPLAATST_OF_ELDERS = sorted({S.VERVOLGKEUZE_VO, S.LP_DEFINITIEF, S.DEFINITIEF})


def _aanmelding(**filters: object) -> Exists:
    return Exists(Aanmelding.objects.filter(overstap_id=OuterRef("pk"), **filters))


def _niet_geplaatst() -> Q:
    return ~Q(leidende_status__in=_GEPLAATST_OF_ELDERS)


def _buiten_regio_voorstel(k: Kalender, dag: date) -> Q:
    """An aanmelding outside the regio that no vervolgkeuze or placement explains yet."""
    return signaal_q(Signaal.BUITEN_DE_REGIO, k, dag) & Q(spoor_vo__isnull=True) & _niet_geplaatst()


def _examen_niet_gemarkeerd(k: Kalender, dag: date) -> Q:
    return Q(gemarkeerd_sinds__isnull=True, examenkandidaat=True, gesloten_op__isnull=True)


def _terug_met_reden(k: Kalender, dag: date) -> Q:
    """An aanmelding at 4 or 5; done once placed, with a vervolgkeuze, or with leerplicht at work or agreed."""
    klaar = sorted({S.VERVOLGKEUZE_VO, S.LP_DEFINITIEF, S.DEFINITIEF, S.LP_INGESCHAKELD, S.LP_IN_BEHANDELING})
    return Q(_aanmelding(status__in=sorted(TERUG))) & ~Q(leidende_status__in=klaar)


def _mbo_ganger_niet_gemeld(k: Kalender, dag: date) -> Q:
    """Marked, goes out as potentiële mbo-ganger (domein.md 5), and not reported yet."""
    return Q(mbo_ganger__isnull=True) & mbo_ganger_q()


def _meer_plaatsen(k: Kalender, dag: date) -> Q:
    open_of = sorted(OPEN_OF_DEFINITIEF)
    tweede = Aanmelding.objects.filter(overstap_id=OuterRef("overstap_id"), status__in=open_of).exclude(
        nr=OuterRef("nr")
    )
    return Q(Exists(Aanmelding.objects.filter(Exists(tweede), overstap_id=OuterRef("pk"), status=S.DEFINITIEF)))


def _risico_zonder_leerplicht(k: Kalender, dag: date) -> Q:
    bezig = Q(spoor_leerplicht__in=sorted(LEERPLICHT_AAN_HET_WERK))
    return risico_q(k, dag) & (~bezig | Q(spoor_leerplicht__isnull=True))


def _lp_risico(k: Kalender, dag: date) -> Q:
    return _risico_zonder_leerplicht(k, dag) | (
        signaal_q(Signaal.NO_SHOW, k, dag)
        & (Q(spoor_leerplicht__isnull=True) | ~Q(spoor_leerplicht__in=sorted(LEERPLICHT_AAN_HET_WERK)))
    )


def _start_onbekend(k: Kalender, dag: date) -> Q:
    return Q(status=S.DEFINITIEF, aanwezigheid="")


def _overstappers(**filters: object) -> QuerySet[Overstap]:
    return Overstap.objects.filter(vestiging_id=OuterRef("pk"), gemarkeerd_sinds__isnull=False, **filters)


def _vestiging_zonder(k: Kalender, dag: date) -> Q:
    return ~Q(Exists(_overstappers(overstapjaar=k.overstapjaar)))


def _vestiging_met_zonder_aanmelding(k: Kalender, dag: date) -> Q:
    return Q(Exists(_overstappers(overstapjaar=k.overstapjaar, leidende_status=S.ZONDER_AANMELDING)))


def _vestiging_niet_geplaatst(k: Kalender, dag: date) -> Q:
    klaar = [S.VERVOLGKEUZE_VO, S.DEFINITIEF]
    return Q(Exists(_overstappers(overstapjaar=k.overstapjaar).exclude(leidende_status__in=klaar)))


def _vestiging_leeg(k: Kalender, dag: date) -> Q:
    return ~Q(Exists(Overstap.objects.filter(vestiging_id=OuterRef("pk"), overstapjaar=k.overstapjaar)))


SELECTIES: dict[str, _Q] = {
    "VO1a": lambda k, dag: _niet_geplaatst(),
    "VO1b": _buiten_regio_voorstel,
    "VO1c": lambda k, dag: _niet_geplaatst() & ~Q(leidende_status__in=sorted(LEERPLICHT_AAN_HET_WERK)),
    "VO2a": _examen_niet_gemarkeerd,
    "VO2b": _vestiging_leeg,
    "VO2d": _terug_met_reden,
    "VO2e": lambda k, dag: signaal_q(Signaal.STILSTAND, k, dag),
    "VO2g": _mbo_ganger_niet_gemeld,
    "VO2h": lambda k, dag: Q(geinformeerd__isnull=True),
    "VO3a": _meer_plaatsen,
    "VO3b": lambda k, dag: signaal_q(Signaal.VERVOLGKEUZE_MET_AANMELDING, k, dag),
    "VO3c": _risico_zonder_leerplicht,
    "VO3d": lambda k, dag: Q(leidende_status=S.LP_AFGEHANDELD),
    "MB1": lambda k, dag: Q(status__in=sorted({S.AANGEMELD, S.INTAKE})),
    "MB2": lambda k, dag: Q(status__in=sorted(OPEN - {S.AANGEMELD, S.INTAKE})),
    "MB3": _start_onbekend,
    "LP1": lambda k, dag: Q(spoor_leerplicht=S.LP_INGESCHAKELD),
    "LP2": _lp_risico,
    "LP3": lambda k, dag: Q(spoor_leerplicht=S.LP_IN_BEHANDELING),
    "AJ1": _vestiging_zonder,
    "AJ2": _vestiging_met_zonder_aanmelding,
    "AJ3": _vestiging_met_zonder_aanmelding,
    "AJ4": _vestiging_niet_geplaatst,
}


def selectie_q(stap: str | Stap, k: Kalender, dag: date) -> Q:
    """The filter of a step on its own kind of row (``Stap.op``), markering included; KeyError for an unknown id."""
    rij = PER_ID[stap] if isinstance(stap, str) else stap
    q = SELECTIES[rij.id](k, dag)
    return q & Q(gemarkeerd_sinds__isnull=False) if rij.op == Op.OVERSTAP and rij.gemarkeerd else q


def vestigingen_van(actor: Actor) -> QuerySet[Vestiging]:
    """The vestigingen in the scope of this actor: its own, those of its subregio's, or of its regio's."""
    alle = Vestiging.objects.filter(regio_id__in=sorted(actor.regios))
    if actor.rol in (Rol.DECAAN, Rol.MANAGER_VO) and actor.organisatie_id is not None:
        if actor.vestiging_ids:
            return alle.filter(pk__in=sorted(actor.vestiging_ids))
        return alle.filter(organisatie_id=actor.organisatie_id)
    if actor.rol == Rol.AANJAGER and actor.subregio_ids:
        return alle.filter(gemeente__subregio_id__in=sorted(actor.subregio_ids))
    if actor.rol in (Rol.AANJAGER, Rol.BEHEERORGANISATIE):
        return alle
    return alle.none()


def rijen_van(op: Op, actor: Actor, jaar: int) -> QuerySet[Overstap] | QuerySet[Aanmelding] | QuerySet[Vestiging]:
    """The rows that a step of this kind picks from, for this actor and jaar."""
    if op == Op.VESTIGING:
        return vestigingen_van(actor)
    assert op not in VAN_BOVEN, "registered from above: statuses.tellingen.rijen"
    if op == Op.AANMELDING:
        return Aanmelding.objects.zichtbaar_voor(actor).filter(overstapjaar=jaar)
    return Overstap.objects.zichtbaar_voor(actor).filter(overstapjaar=jaar)


__all__ = ["SELECTIES", "rijen_van", "selectie_q", "vestigingen_van"]
