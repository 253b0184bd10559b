"""Which leerlingen a role sees, and what of each. One Q per role, used for list, object, export and API alike.

Bron: domein.md 1, the table "Roles, and what each sees"; docs/besluiten.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from accounts.instellingen import lees_organisatie
from accounts.models import Organisatie
from accounts.rechten import Rol
from statuses.verwijzing import verwijzing

if TYPE_CHECKING:
    from accounts.actor import Actor
    from statuses.models import Overstap

_NIETS = Q(pk__in=[])
_GEMARKEERD = Q(gemarkeerd_sinds__isnull=False)


def _vestigingen(actor: Actor) -> Q:
    if actor.vestiging_ids:
        return Q(vestiging_id__in=sorted(actor.vestiging_ids))
    return Q(vestiging__organisatie_id=actor.organisatie_id)


def _eigen_school(actor: Actor) -> Q:
    return _vestigingen(actor)


def _eigen_mbo(actor: Actor) -> Q:
    from statuses.models import Aanmelding

    return _GEMARKEERD & Q(Exists(Aanmelding.objects.filter(overstap_id=OuterRef("pk"), mbo_id=actor.organisatie_id)))


def _eigen_gemeente(actor: Actor) -> Q:
    if actor.is_rmc:
        return _GEMARKEERD
    eigen = Q(leerling__gemeente_id=actor.organisatie_code)
    # Beside the woongemeente the one that leerplicht handed the leerling over to.
    return _GEMARKEERD & (eigen | Q(leerplicht_gemeente_id=actor.organisatie_code))


def _eigen_subregios(actor: Actor) -> Q:
    if actor.subregio_ids:
        return _GEMARKEERD & Q(vestiging__gemeente__subregio_id__in=sorted(actor.subregio_ids))
    return _GEMARKEERD


def _gedeeld(actor: Actor) -> Q:
    """What the schools of this samenwerkingsverband share; without schools (beheer sets them) nothing."""
    waarden = Organisatie.objects.filter(pk=actor.eigen_organisatie).values_list("instellingen", flat=True).first()
    scholen = lees_organisatie(waarden).scholen
    # Bezwaar that came later ends the sharing as well.
    return _GEMARKEERD & Q(gedeeld_swv_op__isnull=False, bezwaar=False, vestiging__organisatie__code__in=scholen)


def _geen(actor: Actor) -> Q:
    return _NIETS


ZICHTBAAR: dict[Rol, Callable[[Actor], Q]] = {
    Rol.DECAAN: _eigen_school,
    Rol.MANAGER_VO: _eigen_school,
    Rol.MBO_MEDEWERKER: _eigen_mbo,
    Rol.MBO_MANAGER: _eigen_mbo,
    Rol.LEERPLICHT: _eigen_gemeente,
    Rol.AANJAGER: _eigen_subregios,
    Rol.SAMENWERKINGSVERBAND: _gedeeld,
    Rol.FUNCTIONEEL_BEHEERDER: _geen,
    Rol.BEHEERORGANISATIE: _geen,
}


def zichtbare_overstappen(actor: Actor) -> Q:
    """The filter on Overstap for this actor. An intern actor (a task) sees the bereik."""
    if actor.soort == "intern":
        return Q()
    return ZICHTBAAR[actor.rol](actor)


def zichtbare_aanmeldingen(actor: Actor) -> Q:
    """The filter on Aanmelding: an mbo sees its own of marked leerlingen, the others those of the overstappen that they see."""
    from statuses.models import Overstap

    if actor.rol in (Rol.MBO_MEDEWERKER, Rol.MBO_MANAGER):
        return Q(mbo_id=actor.organisatie_id, overstap__gemarkeerd_sinds__isnull=False)
    return Q(overstap_id__in=Overstap.objects.filter(zichtbare_overstappen(actor)).values("pk"))


class Veld(StrEnum):
    """What a page, the API or an Excel can show of a leerling."""

    NAAM = "naam"
    GEBOORTEDATUM = "geboortedatum"
    WOONGEMEENTE = "woongemeente"
    LEIDENDE_STATUS = "leidende_status"
    SPOREN = "sporen"
    EIGEN_AANMELDINGEN = "eigen_aanmeldingen"
    ALLE_AANMELDINGEN = "alle_aanmeldingen"
    MBO_NAAM = "mbo_naam"
    OPLEIDING = "opleiding"
    REDEN = "reden"
    REDEN_TEKST = "reden_tekst"
    LP_TEKST = "lp_tekst"
    BUITEN_REGIO = "buiten_regio"
    VERLOOP = "verloop"
    PGN_APART = "pgn_apart"
    DRIE_VRAGEN = "drie_vragen"
    GESPREK_VO_MBO = "gesprek_vo_mbo"
    GESPREK_MBO_LP = "gesprek_mbo_lp"
    GESPREK_VO_LP = "gesprek_vo_lp"


_V = Veld
_STATUS = {_V.LEIDENDE_STATUS, _V.SPOREN, _V.ALLE_AANMELDINGEN, _V.MBO_NAAM, _V.VERLOOP}
_PERSOON = {_V.NAAM, _V.GEBOORTEDATUM, _V.WOONGEMEENTE}

# Field x role: true on every page, in the API and in every Excel.
VELDEN: dict[Rol, frozenset[Veld]] = {
    # A decaan sees all but the case texts of leerplicht.
    Rol.DECAAN: frozenset(
        _PERSOON
        | _STATUS
        | {_V.OPLEIDING, _V.REDEN, _V.REDEN_TEKST, _V.BUITEN_REGIO, _V.PGN_APART, _V.DRIE_VRAGEN}
        | {_V.GESPREK_VO_MBO, _V.GESPREK_VO_LP}
    ),
    Rol.MANAGER_VO: frozenset(_PERSOON | _STATUS | {_V.OPLEIDING, _V.REDEN, _V.BUITEN_REGIO, _V.DRIE_VRAGEN}),
    # An mbo: own aanmeldingen only, leidende status over those, the other sporen not.
    Rol.MBO_MEDEWERKER: frozenset(
        _PERSOON
        | {_V.LEIDENDE_STATUS, _V.EIGEN_AANMELDINGEN, _V.MBO_NAAM, _V.OPLEIDING, _V.REDEN, _V.REDEN_TEKST, _V.VERLOOP}
        | {_V.DRIE_VRAGEN, _V.GESPREK_VO_MBO, _V.GESPREK_MBO_LP}
    ),
    Rol.MBO_MANAGER: frozenset(
        _PERSOON | {_V.LEIDENDE_STATUS, _V.EIGEN_AANMELDINGEN, _V.MBO_NAAM, _V.OPLEIDING, _V.REDEN}
    ),
    Rol.LEERPLICHT: frozenset(_PERSOON | _STATUS | {_V.LP_TEKST, _V.BUITEN_REGIO, _V.GESPREK_MBO_LP, _V.GESPREK_VO_LP}),
    # The name only where the school opted in (Vestiging.deelt_namen), else a short reference.
    Rol.AANJAGER: frozenset({_V.LEIDENDE_STATUS, _V.MBO_NAAM, _V.ALLE_AANMELDINGEN}),
    # Only a leerling that the school shares: who it is and where it stands.
    Rol.SAMENWERKINGSVERBAND: frozenset({_V.NAAM, _V.LEIDENDE_STATUS, _V.MBO_NAAM}),
    Rol.FUNCTIONEEL_BEHEERDER: frozenset(),
    Rol.BEHEERORGANISATIE: frozenset({_V.LEIDENDE_STATUS}),
}


def ziet(actor: Actor, veld: Veld) -> bool:
    """Whether this role sees this field; an intern actor sees none of a person."""
    return veld in VELDEN[actor.rol]


def naam_voor(actor: Actor, overstap: Overstap, *, lijst: bool = False) -> str:
    """The name of a leerling as this role sees it. Bron: domein.md 1, aanjager vo. Needs leerling and vestiging loaded."""
    mag = ziet(actor, Veld.NAAM) or (actor.rol == Rol.AANJAGER and overstap.vestiging.deelt_namen)
    if not mag:
        return f"Leerling {verwijzing(overstap.pk)}"
    return overstap.leerling.lijstnaam if lijst else overstap.leerling.volledige_naam
