"""Whom to reach at an organisatie, and who has its three responsibilities. Bron: Overstapprocedure RMC 21, hoofdstuk 4."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.db import models

from accounts.models import Organisatie, Regio
from overstap.basis.rls import RegioBeleid, RegioManager
from overstap.basis.sleutels import nieuwe_sleutel

GELDIG = timedelta(days=365)
"""For how long a contact counts as checked. Bron: domein.md 3, MB6."""


class Verantwoordelijkheid(models.TextChoices):
    """What every organisatie assigns to somebody; the value is the name of the field on :class:`Contactpersoon`."""

    MONITOREN = "monitoren", "monitoren"
    AANJAGEN = "aanjagen", "aanjagen"
    SIGNALEREN = "signaleren", "signaleren"


class Contactpersoon(models.Model):
    """A person, or the functional mailbox, of an organisatie in one regio; with or without an account."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    organisatie = models.ForeignKey(Organisatie, models.PROTECT, related_name="contactpersonen", db_index=False)
    naam = models.CharField(max_length=120)
    functie = models.CharField(max_length=120, blank=True, default="")
    email = models.EmailField()
    telefoon = models.CharField(max_length=24, blank=True, default="")
    monitoren = models.BooleanField(default=False)
    aanjagen = models.BooleanField(default=False)
    signaleren = models.BooleanField(default=False)
    # The functional mailbox: notifications go here first, and it carries no responsibility.
    mailbox = models.BooleanField(default=False)
    bevestigd_op = models.DateField()
    bevestigd_door: models.UUIDField[uuid.UUID | None, uuid.UUID | None] = models.UUIDField(null=True)
    # When a mail server last refused this address; empty again once somebody mends or confirms it.
    gestuiterd_op = models.DateTimeField(null=True)

    objects = RegioManager["Contactpersoon"]()

    class Meta:
        verbose_name_plural = "contactpersonen"
        constraints = [
            models.UniqueConstraint(fields=["regio", "organisatie", "email"], name="contactpersoon_uniek"),
            models.UniqueConstraint(fields=["id", "regio"], name="contactpersoon_regio"),
            RegioBeleid(name="contactpersoon_rls"),
        ]

    @property
    def verantwoordelijkheden(self) -> list[str]:
        """The labels of what this person is responsible for."""
        return [v.label for v in Verantwoordelijkheid if getattr(self, v.value)]

    def verouderd(self, dag: date) -> bool:
        """Whether nobody confirmed it for a year."""
        return self.bevestigd_op <= dag - GELDIG
