"""The pages of figures beside each other: which of them a role has."""

from __future__ import annotations

from django.urls import reverse

from accounts.actor import Actor
from accounts.rechten import Rol

# url name, text, the roles (None: all that see rapportages).
DELEN: tuple[tuple[str, str, frozenset[Rol] | None], ...] = (
    ("rapportages", "Ambities", None),
    ("voortgang", "Voortgang", frozenset({Rol.MANAGER_VO, Rol.DECAAN})),
    ("risico-aantallen", "Risico per school en mbo", frozenset({Rol.LEERPLICHT})),
    ("doorlooptijden", "Doorlooptijden", None),
)


def delen(actor: Actor, hier: str) -> list[dict[str, object]]:
    """For ``{% chips %}``; ``hier`` is the url name of the page itself."""
    return [
        {"naam": tekst, "url": reverse(naam), "actief": naam == hier}
        for naam, tekst, rollen in DELEN
        if rollen is None or actor.rol in rollen
    ]
