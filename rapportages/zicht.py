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
from rapportages.ambities import Afbakening, AmbitieStand, Groep, Vraag, bereken_samen
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
    vandaag = klok.vandaag()
    jaar = nieuwste_jaar(vandaag) if overstapjaar is None else overstapjaar
    code = regio or actor.regio
    vraag = vraag_van(actor, Vraag(code, jaar, peildatum or vandaag, per, bekend_op), eigen=eigen)
    if vraag is None:
        return []
    if onderwijssoorten:
        soorten = tuple(sorted(onderwijssoorten))
        vraag = replace(vraag, afbakening=replace(vraag.afbakening, onderwijssoorten=soorten))
    return bereken_samen([vraag], regels or Regio.objects.get(pk=code))[0]


def vraag_van(actor: Actor, vraag: Vraag, *, eigen: bool) -> Vraag | None:
    """The question narrowed to what this actor may see; None when there is nothing of its own to ask about."""
    alleen_eigen = eigen or (actor.rol == Rol.SAMENWERKINGSVERBAND and vraag.per != "regio")
    grens = cijfers_van(actor) if alleen_eigen else Afbakening()
    if grens is None:
        return None
    ziet_rijen = eigen and afbakening_voor(actor) is not None
    return replace(vraag, afbakening=grens, zichtbaar=None if ziet_rijen else zichtbare_groepen(actor, vraag.per))


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
    """The own stand of today beside that of the regio and that of the same day last year; for who has no part of its own, the
    regio alone. One statement."""
    vandaag = klok.vandaag()
    jaar = nieuwste_jaar(vandaag) if overstapjaar is None else overstapjaar
    regels = regels or Regio.objects.get(pk=actor.regio)
    nu = Vraag(actor.regio, jaar, vandaag)
    toen = replace(nu, overstapjaar=jaar - 1, peildatum=jaar_eerder(vandaag))
    van_eigen = vraag_van(actor, nu, eigen=True)
    heel = vraag_van(actor, nu, eigen=False)
    vorige = vraag_van(actor, toen, eigen=van_eigen is not None)
    assert heel is not None
    assert vorige is not None
    hele_regio, vorig, *rest = bereken_samen([heel, vorige, *([van_eigen] if van_eigen else [])], regels)
    eigen = rest[0] if rest else hele_regio
    per_code = {s.ambitie.code: s for s in hele_regio}
    eerder = {s.ambitie.code: s for s in vorig}
    volgende = next((s.ambitie.code for s in eigen if s.datum >= vandaag), None)
    uit = []
    for stand in eigen:
        groep = stand.groepen[0] if stand.groepen else Groep("", "", 0, 0, None)
        zinnen = (_regio_zin(per_code[stand.ambitie.code], groep), _vorig_zin(eerder.get(stand.ambitie.code)))
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
                " · ".join(zin for zin in zinnen if zin),
                stand.ambitie.code == volgende,
            )
        )
    return uit


def jaar_eerder(dag: date) -> date:
    """The same day a year before."""
    return dag.replace(year=dag.year - 1, day=28) if (dag.month, dag.day) == (2, 29) else dag.replace(year=dag.year - 1)


def _vorig_zin(stand: AmbitieStand | None) -> str:
    groep = stand.groepen[0] if stand and stand.groepen else None
    return f"vorig jaar {procent(groep.percentage)}" if groep and groep.percentage is not None else ""


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
    "scholen_van",
    "zichtbare_groepen",
]
