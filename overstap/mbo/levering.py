"""How fresh the data of an instelling are: its last delivery, and how many rows of it could not be applied."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from overstap.basis import klok
from overstap.schermen.omgeving import Omgeving
from rapportages.doorlooptijden_pagina import Levermoment
from statuses.models import Levering
from statuses.niet_verwerkt import van_mbo


@dataclass(frozen=True, slots=True)
class Stand:
    """``aantal`` rows came in at ``moment``; ``geweigerd`` of them were wrong, ``bewaard`` wait for something."""

    moment: Levermoment
    aantal: int = 0
    geweigerd: int = 0
    bewaard: int = 0
    open: int = 0  # kept rows of all deliveries that are not settled


def levering_van(o: Omgeving) -> Stand:
    """The stand of the own instelling, over all its regio's. Two statements."""
    laatste = (
        Levering.objects.filter(organisatie_id=o.actor.eigen_organisatie, soort="aanmeldingen")
        .order_by("-ontvangen_op")
        .first()
    )
    open_ = van_mbo(o.actor).count()
    if laatste is None:
        return Stand(Levermoment(None, None), open=open_)
    op = timezone.localtime(laatste.ontvangen_op)
    moment = Levermoment(op, (klok.nu().date() - op.date()).days)
    return Stand(moment, laatste.aantal, laatste.geweigerd, laatste.bewaard, open_)
