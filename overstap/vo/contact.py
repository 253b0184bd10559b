"""Whom leerplicht can reach at the school: the decaan who calls leerplicht in, as the form has it ready."""

from __future__ import annotations

from accounts.actor import Actor
from accounts.models import Gebruiker
from overstap.gesprekken.models import Contactpersoon


def eigen_contact(actor: Actor) -> dict[str, str]:
    """Name, phone and e-mail of this person, as they stand under contacten and else on the account. Two queries."""
    email = (
        Gebruiker.objects.filter(pk__in=[actor.id] if actor.id else []).values_list("email", flat=True).first() or ""
    )
    uit = {"naam": actor.naam, "telefoon": "", "email": email}
    eigen = Contactpersoon.objects.filter(
        organisatie_id=actor.eigen_organisatie, regio_id=actor.regio, email__iexact=email
    )
    for rij in eigen[:1]:
        uit |= {"naam": rij.naam, "telefoon": rij.telefoon}
    return uit


def als_regel(naam: str, telefoon: str, email: str) -> str:
    """As it goes along with the toelichting."""
    return ", ".join(deel for deel in (naam, telefoon, email) if deel)
