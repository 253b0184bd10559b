"""Whom leerplicht can reach about a leerling: the school, and at the RMC-functie the gemeente where the leerling lives.

A blok of the leerling page (schermen/blokken.py). Bron: domein.md 1, Organisatie; 8, "not knowing who de gemeente is".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from accounts.models import Gemeente
from accounts.rechten import Rol, Soort
from overstap.gesprekken.models import Contactpersoon
from overstap.schermen.omgeving import Omgeving
from statuses.models import Aanmelding, Overstap

HOOGSTENS = 4  # per organisatie; the others stand under Contacten


def blok(
    request: HttpRequest, o: Omgeving, overstap: Overstap, aanmeldingen: Sequence[Aanmelding]
) -> tuple[str, dict[str, Any]] | None:
    """The contacts for leerplicht; None for the other roles. One query."""
    if o.actor.rol != Rol.LEERPLICHT:
        return None
    woont = overstap.leerling.gemeente
    school = overstap.vestiging.organisatie
    rijen = Contactpersoon.objects.filter(organisatie__in=[school.pk]).order_by("-signaleren", "mailbox", "naam")
    groepen = [
        {
            "kop": school.naam,
            "contacten": list(rijen[:HOOGSTENS]),
            "leeg": "De school heeft nog geen contact opgegeven.",
        }
    ]
    if o.actor.is_rmc and woont is not None:
        groepen.append(_gemeente(woont, o))
    return "leerplicht/_contact.html", {"groepen": groepen}


def _gemeente(woont: Gemeente, o: Omgeving) -> dict[str, Any]:
    """The contacts of leerplicht where the leerling lives; of another regio only which one that is."""
    kop = f"Gemeente {woont.naam}, waar de leerling woont"
    if woont.regio_id not in o.actor.regios:
        return {"kop": kop, "contacten": [], "leeg": f"Deze gemeente hoort bij regio {woont.regio_id}. Vraag het contact bij de RMC-functie van die regio."}  # fmt: skip
    rijen = Contactpersoon.objects.filter(organisatie__code=woont.code, organisatie__soort=Soort.GEMEENTE.value)
    return {
        "kop": kop,
        "contacten": list(rijen.order_by("-signaleren", "mailbox", "naam")[:HOOGSTENS]),
        "leeg": "Deze gemeente heeft nog geen contact opgegeven.",
    }
