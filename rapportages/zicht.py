"""The figures as one actor may see them: whose rows they are, and which numbers below five stay untold.

Bron: domein.md 1 (roles) and the last sentences of 4.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from accounts import instellingen
from accounts.actor import Actor
from accounts.models import Organisatie, Regio, Vestiging
from accounts.rechten import Rol
from overstap.basis import klok
from rapportages.ambities import Afbakening, AmbitieStand, Groep, bereken
from rapportages.indicatoren import POPULATIE_KORT
from statuses.termijnen import nieuwste_jaar

_SCHOOL = (Rol.DECAAN, Rol.MANAGER_VO)
_MBO = (Rol.MBO_MEDEWERKER, Rol.MBO_MANAGER)
_MAANDEN = ("", "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december")  # fmt: skip


def afbakening_voor(actor: Actor) -> Afbakening | None:
    """The overstappen whose rows this actor sees, as a narrowing of the figures; None for who sees no rows."""
    if actor.soort == "intern":
        return Afbakening()
    if actor.rol in _SCHOOL:
        return Afbakening(organisatie_id=actor.organisatie_id, vestiging_ids=tuple(sorted(actor.vestiging_ids)))
    if actor.rol in _MBO:
        return Afbakening(mbo_id=actor.organisatie_id)
    if actor.rol == Rol.LEERPLICHT:
        return Afbakening() if actor.is_rmc else Afbakening(gemeente=actor.organisatie_code)
    if actor.rol == Rol.AANJAGER:
        return Afbakening(subregio_ids=tuple(sorted(actor.subregio_ids)))
    return None


def cijfers_van(actor: Actor) -> Afbakening | None:
    """Whose figures are this actor's own, as a narrowing; None for who has none. Of a samenwerkingsverband: its schools'."""
    if actor.soort != "intern" and actor.rol == Rol.SAMENWERKINGSVERBAND:
        return Afbakening(scholen=scholen_van(actor))
    return afbakening_voor(actor)


def scholen_van(actor: Actor) -> tuple[str, ...]:
    """The schools of a samenwerkingsverband, as the beheerorganisatie set them: none until then."""
    return instellingen.van_organisatie(Organisatie.objects.get(pk=actor.eigen_organisatie)).scholen


def zichtbare_groepen(actor: Actor, per: str) -> Collection[str] | None:
    """The keys of the groups that hold only rows which this actor may see; None when that is every group."""
    grens = afbakening_voor(actor)
    if grens is None:
        return ()
    if grens == Afbakening():
        return None
    if actor.rol in _MBO:
        return (actor.organisatie_code,) if per == "mbo" else ()
    if actor.rol == Rol.LEERPLICHT:
        return (actor.organisatie_code,) if per == "gemeente" else ()
    if per not in ("school", "vestiging", "subregio"):
        return ()
    eigen = Vestiging.objects.filter(regio_id__in=actor.regios)
    if actor.rol == Rol.AANJAGER:
        eigen = eigen.filter(gemeente__subregio_id__in=actor.subregio_ids)
    elif actor.vestiging_ids:
        eigen = eigen.filter(pk__in=actor.vestiging_ids)
    else:
        eigen = eigen.filter(organisatie__code=actor.organisatie_code)
    if per == "vestiging":
        return set(eigen.values_list("code", flat=True))
    if per == "subregio":
        return set(eigen.values_list("gemeente__subregio__naam", flat=True)) if actor.rol == Rol.AANJAGER else ()
    if actor.rol in _SCHOOL:
        return () if actor.vestiging_ids else (actor.organisatie_code,)
    # A school with a vestiging outside the own subregio's is not wholly the aanjager's.
    elders = Vestiging.objects.filter(regio_id__in=actor.regios).exclude(
        gemeente__subregio_id__in=actor.subregio_ids, gemeente__subregio__isnull=False
    )
    return set(eigen.values_list("organisatie__code", flat=True)) - set(
        elders.values_list("organisatie__code", flat=True)
    )


def ambities_voor(
    actor: Actor,
    *,
    regio: str | None = None,
    overstapjaar: int | None = None,
    peildatum: date | None = None,
    per: str = "regio",
    bekend_op: date | None = None,
    eigen: bool = False,
    onderwijssoorten: Collection[str] = (),
    regels: Regio | None = None,
) -> list[AmbitieStand]:
    """The ambities of a regio as this actor may see them; ``eigen``: its own part, and nothing for who has none. A
    samenwerkingsverband sees the whole regio and its schools, and no other school. The caller has checked the right, and that
    the regio is one of the actor's."""
    alleen_eigen = eigen or (actor.rol == Rol.SAMENWERKINGSVERBAND and per != "regio")
    grens = cijfers_van(actor) if alleen_eigen else Afbakening()
    if grens is None:
        return []
    if onderwijssoorten:
        grens = replace(grens, onderwijssoorten=tuple(sorted(onderwijssoorten)))
    ziet_alles = eigen and afbakening_voor(actor) is not None
    vandaag = klok.vandaag()
    return bereken(
        regio or actor.regio,
        nieuwste_jaar(vandaag) if overstapjaar is None else overstapjaar,
        peildatum or vandaag,
        per,
        bekend_op=bekend_op,
        afbakening=grens,
        zichtbaar=None if ziet_alles else zichtbare_groepen(actor, per),
        regels=regels,
    )


@dataclass(frozen=True, slots=True)
class Kaart:
    """One ambitie on /vandaag: the keyword arguments of ``{% meter %}``, and which one comes next."""

    code: str
    label: str
    label_rest: str
    datum: date
    percentage: Decimal | None
    norm: int
    teller: int | None
    noemer: int | None
    populatie: str
    uitleg: str
    nu: bool = False


def kaarten_voor(actor: Actor, overstapjaar: int | None = None, regels: Regio | None = None) -> list[Kaart]:
    """The own stand of today beside that of the regio; for who sees no rows, the regio alone."""
    vandaag = klok.vandaag()
    jaar = nieuwste_jaar(vandaag) if overstapjaar is None else overstapjaar
    regels = regels or Regio.objects.get(pk=actor.regio)
    hele_regio = {s.ambitie.code: s for s in ambities_voor(actor, overstapjaar=jaar, regels=regels)}
    eigen = ambities_voor(actor, overstapjaar=jaar, eigen=True, regels=regels) or list(hele_regio.values())
    volgende = next((s.ambitie.code for s in eigen if s.datum >= vandaag), None)
    uit = []
    for stand in eigen:
        groep = stand.groepen[0] if stand.groepen else Groep("", "", 0, 0, None)
        regio = hele_regio[stand.ambitie.code]
        uit.append(
            Kaart(
                stand.ambitie.code,
                dag_naam(stand.datum),
                stand.ambitie.label,
                stand.datum,
                groep.percentage,
                stand.ambitie.norm,
                groep.teller,
                groep.noemer,
                POPULATIE_KORT[stand.ambitie.populatie],
                _regio_zin(regio, groep),
                stand.ambitie.code == volgende,
            )
        )
    return uit


def _regio_zin(stand: AmbitieStand, eigen: Groep) -> str:
    groep = stand.groepen[0] if stand.groepen else None
    if groep is None or groep is eigen or groep.percentage is None:
        return ""
    return f"regio {procent(groep.percentage)}"


def procent(waarde: Decimal | None) -> str:
    """ "91,6%", or "geen leerlingen"."""
    return "geen leerlingen" if waarde is None else f"{waarde}%".replace(".", ",")


def dag_naam(dag: date) -> str:
    """ "1 april"."""
    return f"{dag.day} {_MAANDEN[dag.month]}"


__all__ = [
    "Kaart",
    "afbakening_voor",
    "ambities_voor",
    "cijfers_van",
    "dag_naam",
    "kaarten_voor",
    "procent",
    "zichtbare_groepen",
]
