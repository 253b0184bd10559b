"""Which rows a step of ``werklijsten.py`` is about: one Q per step id, the same for its count and for its list.

A step is cleared by any evidence that it is done, never by one required click (domein.md 8).
Bron: domein.md 3, column "Which rows".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan

from accounts.actor import Actor
from accounts.models import Vestiging
from accounts.rechten import Rol
from statuses.grond import grond_q
from statuses.looptijd import schooldag_grens
from statuses.mbo_ganger import mbo_ganger_q
from statuses.models import Aanmelding, Overstap, SchoolContact
from statuses.referentie.onderwijs import HAVO_VWO, NAAR_MBO
from statuses.risico import Signaal, doelgroep_q, risico_q, signaal_q
from statuses.status import LEERPLICHT_AAN_HET_WERK, OPEN_OF_DEFINITIEF, TERUG, Status
from statuses.termijnen import FASE_AANMELDEN, Kalender
from statuses.werklijsten import PER_ID, VAN_BOVEN, Op, Stap

S = Status
_Q = Callable[[Kalender, date], Q]
_GEPLAATST_OF_ELDERS = sorted({S.VERVOLGKEUZE_VO, S.LP_DEFINITIEF, S.DEFINITIEF})
_OPEN_OF = sorted(OPEN_OF_DEFINITIEF)
# Leerplicht is at work, or has an agreement.
_BIJ_LEERPLICHT = sorted(LEERPLICHT_AAN_HET_WERK | {S.LP_DEFINITIEF})
SCHOOLDAGEN_ONBEKEND = 10  # VO4a: so long after the start a mbo that says nothing is itself the news
# AJ1: fewer overstappers than this part of last year's, or of the leerlingen in the examen classes, deserves a question.
VAN_VORIG_JAAR, VAN_EXAMENKLAS = Decimal("0.8"), Decimal("0.5")
# How long an answer of the school settles a step, in days; for what is not named here the whole jaar. AJ2 and AJ4 are settled by
# leerlingen who are aangemeld or placed, not by a talk.
CONTACT_GELDT = {("AJ3", "achterstand"): 28, ("AJ3", "steun_nodig"): 28}


def _aanmelding(*q: Q, **filters: object) -> Q:
    """On Overstap: an aanmelding such as this."""
    return Q(Exists(Aanmelding.objects.filter(*q, overstap_id=OuterRef("pk"), **filters)))


# --- decaan


def _niet_geplaatst(k: Kalender, dag: date) -> Q:
    return ~Q(leidende_status__in=_GEPLAATST_OF_ELDERS)


def _andere_keuze(k: Kalender, dag: date) -> Q:
    """Not placed and no vervolgkeuze yet; in phase 2 only whom an aanmelding outside the regio points at."""
    q = _niet_geplaatst(k, dag) & Q(spoor_vo__isnull=True)
    fase = k.fase(dag)
    if fase is not None and fase.nummer == FASE_AANMELDEN:
        q &= signaal_q(Signaal.BUITEN_DE_REGIO, k, dag)
    return q


def _zonder_leerplicht(k: Kalender, dag: date) -> Q:
    return _niet_geplaatst(k, dag) & ~Q(leidende_status__in=sorted(LEERPLICHT_AAN_HET_WERK))


def _examen_niet_gemarkeerd(k: Kalender, dag: date) -> Q:
    return Q(gemarkeerd_sinds__isnull=True, examenkandidaat=True, gesloten_op__isnull=True)


def _terug_met_reden(k: Kalender, dag: date) -> Q:
    """An aanmelding at 4 or 5, and none made since; done once placed, with a vervolgkeuze, or with leerplicht."""
    klaar = sorted({S.VERVOLGKEUZE_VO, S.LP_DEFINITIEF, S.DEFINITIEF, S.LP_INGESCHAKELD, S.LP_IN_BEHANDELING})
    nieuwe = Aanmelding.objects.filter(
        overstap_id=OuterRef("overstap_id"), status__in=_OPEN_OF, aanmeld_datum__gte=OuterRef("status_datum")
    )
    return _aanmelding(~Q(Exists(nieuwe)), status__in=sorted(TERUG)) & ~Q(leidende_status__in=klaar)


def _warme_overdracht(k: Kalender, dag: date) -> Q:
    """Question 2 says yes, or the decaan chose it; and no message of the school in the envelop since."""
    gevraagd = Q(drie_vragen__overdracht_op__isnull=False) & (
        Q(bericht_vo_op__isnull=True) | Q(bericht_vo_op__lt=F("drie_vragen__overdracht_op"))
    )
    gekozen = Q(warme_overdracht_gekozen_op__isnull=False) & _aanmelding(status__in=_OPEN_OF)
    sinds_keuze = _aanmelding(status__in=_OPEN_OF, bericht_vo_op__date__gte=OuterRef("warme_overdracht_gekozen_op"))
    return grond_q("mbo", k.regels) & (_aanmelding(gevraagd, status__in=_OPEN_OF) | (gekozen & ~sinds_keuze))


def _drie_vragen(k: Kalender, dag: date) -> Q:
    """Chosen by the decaan, and nothing answered at any of the aanmeldingen. One unanswered question is no task."""
    beantwoord = _aanmelding(status__in=_OPEN_OF, drie_vragen__beantwoord_op__isnull=False)
    return (
        Q(drie_vragen_gekozen_op__isnull=False)
        & grond_q("mbo", k.regels)
        & _aanmelding(status__in=_OPEN_OF)
        & ~beantwoord
    )


def _mbo_ganger_niet_gemeld(k: Kalender, dag: date) -> Q:
    """Marked, goes out as potentiële mbo-ganger (domein.md 5), and not reported (yet, or again after it was withdrawn)."""
    return ~Q(mbo_ganger=True) & mbo_ganger_q()


def _meer_plaatsen(k: Kalender, dag: date) -> Q:
    tweede = Aanmelding.objects.filter(overstap_id=OuterRef("overstap_id"), status__in=_OPEN_OF)
    return _aanmelding(Q(Exists(tweede.exclude(nr=OuterRef("nr")))), status=S.DEFINITIEF)


def _niet_bij_leerplicht() -> Q:
    return Q(spoor_leerplicht__isnull=True) | ~Q(spoor_leerplicht__in=sorted(LEERPLICHT_AAN_HET_WERK))


def _risico_zonder_leerplicht(k: Kalender, dag: date) -> Q:
    """Havisten and vwo'ers are a doelgroep apart: not in these counts. Bron: domein.md 8."""
    return risico_q(k, dag) & _niet_bij_leerplicht() & doelgroep_q("overig")


def _gestart_of_niet(k: Kalender, dag: date) -> Q:
    """Placed where show is registered: no-show, or the mbo still says nothing after ten school days. Not for who has help already."""
    grens = schooldag_grens(dag, SCHOOLDAGEN_ONBEKEND, k.regels.vakanties)
    onbekend = Q(aanwezigheid="", status_datum__lte=grens) if k["start_mbo"] <= grens else Q(pk__in=[])
    plek = _aanmelding(Q(aanwezigheid="no_show") | onbekend, _registreert_show(k), status=S.DEFINITIEF)
    gestart = _aanmelding(status=S.DEFINITIEF, aanwezigheid="show")
    geholpen = Q(spoor_leerplicht__in=_BIJ_LEERPLICHT, spoor_leerplicht__isnull=False)
    return plek & ~gestart & ~geholpen & Q(spoor_vo__isnull=True)


def _registreert_show(k: Kalender) -> Q:
    """On Aanmelding: at an instelling that registers show and no-show."""
    return ~Q(mbo_id__in=sorted(k.regels.zonder_show)) if k.regels.zonder_show else Q(pk__isnull=False)


# --- mbo: rows are aanmeldingen


def _reden_ontbreekt(k: Kalender, dag: date) -> Q:
    return Q(status__in=sorted(TERUG), reden_code="")


def _start_onbekend(k: Kalender, dag: date) -> Q:
    return Q(status=S.DEFINITIEF, aanwezigheid="") & _registreert_show(k)


def _antwoord_niet_gezien(k: Kalender, dag: date) -> Q:
    nieuw = Q(status__in=_OPEN_OF, drie_vragen__beantwoord_op__isnull=False, drie_vragen__gezien_op__isnull=True)
    return nieuw & grond_q("mbo", k.regels, via="overstap__")  # without ground the mbo sees no answers


# --- leerplicht


def _lp_risico(k: Kalender, dag: date) -> Q:
    """Risico or no-show, and not handed back or agreed on since."""
    sinds = Q(spoor_leerplicht__isnull=True) | _aanmelding(
        status=S.DEFINITIEF, aanwezigheid="no_show", aanwezigheid_op__gt=OuterRef("leerplicht_sinds")
    )
    no_show = signaal_q(Signaal.NO_SHOW, k, dag) & _niet_bij_leerplicht() & sinds & doelgroep_q("overig")
    return _risico_zonder_leerplicht(k, dag) | no_show


# --- aanjager: rows are vestigingen


def _overstappers(**filters: object) -> QuerySet[Overstap]:
    return Overstap.objects.filter(
        vestiging_id=OuterRef("pk"), gemarkeerd_sinds__isnull=False, gesloten_op__isnull=True, **filters
    )


def _aantal(rijen: QuerySet[Overstap]) -> Coalesce:
    """How many, per vestiging; 0 without any."""
    per = rijen.order_by().values("vestiging_id").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(per, output_field=DecimalField()), Value(Decimal(0)), output_field=DecimalField())


def _naar_mbo() -> Q:
    """Where leerlingen go to the mbo: not a vestiging with only havo and vwo."""
    return Q(onderwijssoorten__overlap=sorted(NAAR_MBO)) | Q(onderwijssoorten=[])


def _vestiging_leeg(k: Kalender, dag: date) -> Q:
    return _naar_mbo() & ~Q(Exists(Overstap.objects.filter(vestiging_id=OuterRef("pk"), overstapjaar=k.overstapjaar)))


def _besproken(stap: str, k: Kalender, dag: date) -> Q:
    """The school gave an answer at this step that still holds."""
    geldt = Q(pk__in=[])
    for antwoord in SchoolContact.ANTWOORDEN:
        dagen = CONTACT_GELDT.get((stap, antwoord))
        geldt |= Q(antwoord=antwoord, **({"op__date__gt": dag - timedelta(days=dagen)} if dagen else {}))
    contact = SchoolContact.objects.filter(geldt, vestiging_id=OuterRef("pk"), overstapjaar=k.overstapjaar, stap=stap)
    return Q(Exists(contact))


def _staan_zij_erin(k: Kalender, dag: date) -> Q:
    """Nobody yet, or clearly fewer than last year or than the leerlingen of the examen classes."""
    nu = _aantal(_overstappers(overstapjaar=k.overstapjaar))
    vorig = _aantal(_overstappers(overstapjaar=k.overstapjaar - 1))
    examen = _aantal(
        Overstap.objects.filter(
            vestiging_id=OuterRef("pk"), overstapjaar=k.overstapjaar, examenkandidaat=True, gesloten_op__isnull=True
        )
    )
    weinig = (
        Q(LessThan(nu, vorig * Value(VAN_VORIG_JAAR)))
        | Q(LessThan(nu, examen * Value(VAN_EXAMENKLAS)))
        | (_naar_mbo() & ~Q(Exists(_overstappers(overstapjaar=k.overstapjaar))))
    )
    return weinig & ~_besproken("AJ1", k, dag)


def _met_zonder_aanmelding(k: Kalender, dag: date) -> Q:
    return Q(Exists(_overstappers(overstapjaar=k.overstapjaar, leidende_status=S.ZONDER_AANMELDING)))


def _zonder_antwoord(k: Kalender, dag: date) -> Q:
    return _met_zonder_aanmelding(k, dag) & ~_besproken("AJ3", k, dag)


def _vestiging_niet_geplaatst(k: Kalender, dag: date) -> Q:
    klaar = [S.VERVOLGKEUZE_VO, S.DEFINITIEF]
    return Q(Exists(_overstappers(overstapjaar=k.overstapjaar).exclude(leidende_status__in=klaar)))


def _status(*statussen: Status) -> _Q:
    """On Aanmelding."""
    return lambda k, dag: Q(status__in=sorted(statussen))


def _leerplicht(status: Status) -> _Q:
    return lambda k, dag: Q(spoor_leerplicht=status)


def _signaal(signaal: Signaal) -> _Q:
    return lambda k, dag: signaal_q(signaal, k, dag)


SELECTIES: dict[str, _Q] = {
    "VO1a": _niet_geplaatst,
    "VO1b": _andere_keuze,
    "VO1c": _zonder_leerplicht,
    "VO2a": _examen_niet_gemarkeerd,
    "VO2b": _vestiging_leeg,
    "VO2c": _warme_overdracht,
    "VO2d": _terug_met_reden,
    "VO2e": _signaal(Signaal.STILSTAND),
    "VO2f": _drie_vragen,
    "VO2g": _mbo_ganger_niet_gemeld,
    "VO2h": lambda k, dag: Q(geinformeerd__isnull=True),
    "VO3a": _meer_plaatsen,
    "VO3b": _signaal(Signaal.VERVOLGKEUZE_MET_AANMELDING),
    "VO3c": _risico_zonder_leerplicht,
    "VO3d": lambda k, dag: Q(leidende_status=S.LP_AFGEHANDELD),
    "VO4a": _gestart_of_niet,
    "MB1": _status(S.AANGEMELD, S.INTAKE),
    "MB2": _status(S.VOORLOPIG, S.OOK_AFGEDRUKT),
    "MB3": _start_onbekend,
    "MB4": _reden_ontbreekt,
    "MB5": _antwoord_niet_gezien,
    "LP1": _leerplicht(S.LP_INGESCHAKELD),
    "LP2": _lp_risico,
    "LP3": _leerplicht(S.LP_IN_BEHANDELING),
    "AJ1": _staan_zij_erin,
    "AJ2": _met_zonder_aanmelding,
    "AJ3": _zonder_antwoord,
    "AJ4": _vestiging_niet_geplaatst,
}
# A step that some organisaties have nothing to do with: shown only where such a row is in view at all, done or not.
ALLEEN_MET: dict[str, _Q] = {
    "VO2g": lambda k, dag: Q(gesloten_op__isnull=True) & ~Q(onderwijssoort__in=sorted(HAVO_VWO)),
    "MB3": lambda k, dag: _registreert_show(k),
}


def selectie_q(stap: str | Stap, k: Kalender, dag: date, actor: Actor | None = None) -> Q:
    """The filter of a step on its own kind of row (``Stap.op``), markering included; KeyError for an unknown id.

    ``actor``: whose step it is; a gemeente has not to do any more what it handed over to another one.
    """
    rij = PER_ID[stap] if isinstance(stap, str) else stap
    q = SELECTIES[rij.id](k, dag)
    if rij.op == Op.AANMELDING:
        return q & Q(overstap__gesloten_op__isnull=True)
    if rij.op == Op.OVERSTAP and rij.gemarkeerd:
        q &= Q(gemarkeerd_sinds__isnull=False, gesloten_op__isnull=True)
    if actor is not None and actor.rol == Rol.LEERPLICHT and not actor.is_rmc and actor.soort != "intern":
        q &= Q(leerplicht_gemeente__isnull=True) | Q(leerplicht_gemeente_id=actor.organisatie_code)
    return q


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


__all__ = ["ALLEEN_MET", "SELECTIES", "rijen_van", "selectie_q", "vestigingen_van"]
