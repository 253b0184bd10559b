"""A melding to the beheerorganisatie: a status that is not right, or a knelpunt; and the answer to it."""

from __future__ import annotations

import uuid

from django.db import models

from accounts.models import Gebruiker, Organisatie, Regio
from overstap.basis.rls import RegioBeleid, RegioManager, SamengesteldeSleutel
from overstap.basis.sleutels import nieuwe_sleutel
from statuses.models import Overstap


class Melding(models.Model):
    """What somebody reported, who has it now, and the answer. The texts stand on the page alone: never in a log or a mail."""

    class Soort(models.TextChoices):
        STATUS_KLOPT_NIET = "status_klopt_niet", "Status klopt niet"
        KNELPUNT = "knelpunt", "Knelpunt"

    class Stand(models.TextChoices):
        NIEUW = "nieuw", "bij de beheerorganisatie"
        DOORGEZET = "doorgezet", "doorgezet"
        BEANTWOORD = "beantwoord", "beantwoord"

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    soort = models.CharField(max_length=20)
    overstap = models.ForeignKey(Overstap, models.CASCADE, null=True, db_constraint=False, related_name="+")
    tekst = models.CharField(max_length=1000)
    melder = models.ForeignKey(Gebruiker, models.PROTECT, related_name="+")
    # The role and the organisatie in which it was reported.
    rol = models.CharField(max_length=24)
    organisatie = models.ForeignKey(Organisatie, models.PROTECT, related_name="+")
    stand = models.CharField(max_length=12, default=Stand.NIEUW)
    op = models.DateTimeField()
    doorgezet_naar = models.ForeignKey(Organisatie, models.PROTECT, null=True, related_name="+")
    doorgezet_op = models.DateTimeField(null=True)
    antwoord = models.CharField(max_length=1000, blank=True, default="")
    beantwoord_op = models.DateTimeField(null=True)
    beantwoord_door: models.UUIDField[uuid.UUID | None, uuid.UUID | None] = models.UUIDField(null=True)
    # Which organisatie answered: the beheerorganisatie, or the one that it was passed on to.
    beantwoord_namens = models.ForeignKey(Organisatie, models.PROTECT, null=True, related_name="+")

    objects = RegioManager["Melding"]()

    class Meta:
        verbose_name_plural = "meldingen"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(soort__in=["status_klopt_niet", "knelpunt"]), name="melding_soort"
            ),
            models.CheckConstraint(
                condition=models.Q(stand__in=["nieuw", "doorgezet", "beantwoord"]), name="melding_stand"
            ),
            SamengesteldeSleutel(
                name="melding_overstap_fk",
                kolom="overstap_id",
                naar="statuses_overstap",
                bij_verwijderen="CASCADE",
            ),
            RegioBeleid(name="melding_rls"),
        ]
        indexes = [models.Index(fields=["regio", "stand", "-op"], name="melding_regio_idx")]

    @property
    def soort_label(self) -> str:
        return self.Soort(self.soort).label
