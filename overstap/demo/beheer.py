"""What the beheerorganisatie of the demo filled in: the texts of the help page, one extra reden, and the jaar made ready."""

from __future__ import annotations

from accounts.actions import change_settings
from accounts.actor import Actor
from accounts.models import Regio, Subregio
from overstap.beheer.jaarwissel import zet_klaar
from statuses.actions import add_reden
from statuses.status import Status

HULP = {
    "functioneel_beheerder": "Elke school en instelling heeft er een. Kijk bij Contacten wie het bij u is.",
    "beheerorganisatie": "Doorstroompunt van deze regio, op werkdagen van 9 tot 17 uur: beheer@demo.overstap.example",
    "secretaris": "secretaris@demo.overstap.example",
    "afspraken": (
        "Scholen vinken hun overstappers aan vóór 1 november. Instellingen leveren drie keer per week aan.\n\n"
        "Wie een leerling niet bereikt, belt eerst de school en schakelt daarna leerplicht in."
    ),
}


def maak_beheer(regio: str, jaar: int, actor: Actor) -> None:
    """Fill in what is empty after a start with the defaults."""
    subregio = Subregio.objects.filter(regio=Regio.objects.get(pk=regio)).order_by("naam").first()
    eigen = (
        {subregio.naam: "De scholen overleggen elke eerste dinsdag van de maand met de aanjager."} if subregio else {}
    )
    change_settings(regio, {"hulp": {**HULP, "subregios": eigen}}, actor=actor)
    add_reden(regio, Status.AFGEMELD, "Kiest voor een tussenjaar", False, actor=actor)
    zet_klaar(regio, jaar, actor=actor)
