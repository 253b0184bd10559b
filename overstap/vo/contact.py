"""Whom leerplicht can reach at the school: the decaan who calls leerplicht in, as the form has it ready."""

from __future__ import annotations

from accounts.actor import Actor
from accounts.models import Gebruiker


def eigen_contact(actor: Actor) -> dict[str, str]:
    """Name and e-mail of this person, and the phone where it is known: naam, telefoon, email. One query."""
    email = (
        Gebruiker.objects.filter(pk__in=[actor.id] if actor.id else []).values_list("email", flat=True).first() or ""
    )
    return {"naam": actor.naam, "telefoon": "", "email": email}


def als_regel(naam: str, telefoon: str, email: str) -> str:
    """As it goes along with the toelichting."""
    return ", ".join(deel for deel in (naam, telefoon, email) if deel)
