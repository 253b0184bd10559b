"""Organisaties that take part in a regio, and the vestigingen of a school: added and changed by the beheerorganisatie."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection
from typing import Any

from django.db import transaction

from accounts import audit, events
from accounts.actions.instellingen import InstellingFout
from accounts.actor import Actor
from accounts.models import Deelname, Gemeente, Organisatie, Regio, Vestiging
from accounts.rechten import Recht, Rol, Soort

# soort -> (shape of the code, how to write it)
CODES: dict[Soort, tuple[re.Pattern[str], str]] = {
    Soort.VO: (re.compile(r"\d{2}[A-Z]{2}"), "Het BRIN-nummer bestaat uit twee cijfers en twee letters, zoals 00AA."),
    Soort.MBO: (re.compile(r"\d{2}[A-Z]{2}"), "Het BRIN-nummer bestaat uit twee cijfers en twee letters, zoals 00AA."),
    Soort.GEMEENTE: (re.compile(r"\d{4}"), "De gemeentecode van het CBS bestaat uit vier cijfers, zoals 0363."),
    Soort.SAMENWERKINGSVERBAND: (
        re.compile(r"[A-Z0-9]{3,12}"),
        "De code bestaat uit 3 tot 12 hoofdletters en cijfers, zoals VO2706.",
    ),
}


@transaction.atomic
def add_organisatie(soort: Soort, code: str, naam: str, *, actor: Actor) -> Organisatie:
    """Let an organisatie take part in the own regio; one that is known already keeps its name. Raises InstellingFout."""
    regio = _vereis(actor)
    code = code.strip().upper()
    vorm, zin = CODES.get(soort, (re.compile("(?!)"), "Dit soort organisatie kan hier niet bij."))
    if not vorm.fullmatch(code):
        raise InstellingFout({"code": zin})
    gemeente = Gemeente.objects.filter(pk=code, regio_id=regio).first() if soort == Soort.GEMEENTE else None
    if soort == Soort.GEMEENTE and gemeente is None:
        raise InstellingFout({"code": "Deze gemeente ligt niet in uw regio."})
    organisatie, nieuw = Organisatie.objects.get_or_create(
        code=code, soort=soort.value, defaults={"naam": naam.strip(), "gemeente": gemeente}
    )
    _, doet_mee = Deelname.objects.get_or_create(organisatie=organisatie, regio_id=regio)
    if not doet_mee:
        raise InstellingFout({"code": f"{organisatie.naam} doet al mee in uw regio."})
    _log(actor, "organisatie.toevoegen", organisatie, nieuw=nieuw)
    return organisatie


@transaction.atomic
def rename_organisatie(organisatie: Organisatie, naam: str, *, actor: Actor) -> Organisatie:
    """Another name, for an organisatie that takes part here."""
    regio = _vereis(actor)
    rij = Organisatie.objects.select_for_update().get(pk=organisatie.pk)
    if not Deelname.objects.filter(organisatie=rij, regio_id=regio).exists():
        raise PermissionError("Deze organisatie doet niet mee in uw regio.")
    rij.naam = naam.strip()
    rij.save(update_fields=["naam"])
    _log(actor, "organisatie.wijzigen", rij)
    return rij


@transaction.atomic
def set_aangesloten(organisatie: Organisatie, aangesloten: bool, *, actor: Actor) -> bool:
    """Whether a gemeente takes its messages; until then they wait (F107), and go out once it does. Returns whether this changed it."""
    regio = _vereis(actor)
    rij = Organisatie.objects.select_for_update().get(pk=organisatie.pk)
    if rij.soort != Soort.GEMEENTE or not Deelname.objects.filter(organisatie=rij, regio_id=regio).exists():
        raise PermissionError("Deze gemeente doet niet mee in uw regio.")
    if rij.aangesloten == aangesloten:
        return False
    rij.aangesloten = aangesloten
    rij.save(update_fields=["aangesloten"])
    _log(actor, "organisatie.aansluiten", rij, aangesloten=aangesloten)
    if aangesloten:
        events.gemeente_aangesloten(regio, rij.pk)
    return True


@transaction.atomic
def save_vestiging(
    organisatie: Organisatie,
    code: str,
    naam: str,
    gemeente: Gemeente,
    onderwijssoorten: Collection[str],
    leerwegen: Collection[str],
    *,
    actor: Actor,
) -> Vestiging:
    """A new vestiging of a school, or other data of one that is there. It belongs to the regio of the beheerorganisatie."""
    regio = _vereis(actor)
    code = code.strip().upper()
    if organisatie.soort != Soort.VO or not re.fullmatch(rf"{re.escape(organisatie.code)}\d\d", code):
        zin = f"De code van een vestiging is {organisatie.code} met twee cijfers erachter, zoals {organisatie.code}00."
        raise InstellingFout({"code": zin})
    if gemeente.regio_id != regio:
        raise InstellingFout({"gemeente": "Kies een gemeente in uw regio."})
    Regio.objects.select_for_update().get(pk=regio)
    bestaand = Vestiging.objects.filter(code=code).first()
    if bestaand is not None and bestaand.regio_id != regio:
        raise InstellingFout({"code": "Deze vestiging hoort bij een andere regio."})
    rij = bestaand or Vestiging(organisatie=organisatie, regio_id=regio, code=code)
    rij.naam, rij.gemeente = naam.strip(), gemeente
    rij.onderwijssoorten, rij.leerwegen = sorted(onderwijssoorten), sorted(leerwegen)
    rij.save()
    _log(actor, "vestiging.wijzigen" if bestaand else "vestiging.toevoegen", organisatie, vestiging=code)
    return rij


@transaction.atomic
def set_deelt_namen(vestiging_ids: Collection[uuid.UUID], *, actor: Actor) -> int:
    """Of which own vestigingen the aanjager sees names; of the others only a reference. Returns how many changed."""
    if actor.rol != Rol.FUNCTIONEEL_BEHEERDER or actor.organisatie_soort != Soort.VO:
        raise PermissionError("Alleen de functioneel beheerder van een school kiest dit.")
    eigen = Vestiging.objects.filter(organisatie_id=actor.eigen_organisatie, regio_id__in=sorted(actor.regios))
    veranderd = 0
    for rij in eigen.select_for_update().order_by("pk"):
        aan = rij.pk in vestiging_ids
        if rij.deelt_namen != aan:
            rij.deelt_namen = aan
            rij.save(update_fields=["deelt_namen"])
            veranderd += 1
            audit.log(actor, "vestiging.deelt_namen", object_soort="vestiging", object_id=rij.pk, details={"aan": aan})
    return veranderd


def _vereis(actor: Actor) -> str:
    if not actor.mag(Recht.BEHEREN):
        raise PermissionError("Alleen de beheerorganisatie wijzigt organisaties.")
    return actor.regio


def _log(actor: Actor, handeling: str, organisatie: Organisatie, **details: Any) -> None:
    audit.log(actor, handeling, object_soort="organisatie", object_id=organisatie.pk, details=details)
