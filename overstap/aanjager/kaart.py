"""The card on /vandaag of a school: the aanjager asks whether it is right that these leerlingen have no aanmelding (AJ3)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from overstap.aanjager.adressen import adres
from overstap.schermen.omgeving import Omgeving
from statuses.selecties import selectie_q, vestigingen_van
from statuses.werklijsten import PER_ID

STAP = PER_ID["AJ3"]


def vraag_aan_school(request: HttpRequest, o: Omgeving) -> tuple[str, dict[str, Any]] | None:
    """The own vestigingen that still owe an answer; nothing outside the season, or when all answered."""
    if not STAP.toont(o.dag, o.kalender):
        return None
    wachten = vestigingen_van(o.actor).filter(selectie_q(STAP, o.kalender, o.dag)).order_by("naam")
    rijen = [
        (naam, adres("school", code, jaar=o.jaar_naam, stap=STAP.id))
        for code, naam in wachten.values_list("code", "naam")
    ]
    return ("aanjager/_vraag_kaart.html", {"vestigingen": rijen}) if rijen else None
