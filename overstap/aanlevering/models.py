"""A file that was sent and is not applied yet. Kept encrypted, and gone after seven days."""

from __future__ import annotations

import uuid

from django.db import models

from accounts.models import Organisatie, Regio
from overstap.basis.rls import RegioBeleid, RegioManager
from overstap.basis.sleutels import nieuwe_sleutel

STANDEN = ("proef_wacht", "proef", "wacht", "toegepast", "mislukt")


class Upload(models.Model):
    """One file of one person for one organisatie: waits for its trial, was tried, waits to be applied, was applied, or failed.

    ``inhoud`` and ``uitslag`` (JSON) are encrypted for this row; the content goes as soon as it is applied.
    """

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT)
    organisatie = models.ForeignKey(Organisatie, models.PROTECT, related_name="+")
    gebruiker_id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField()
    lidmaatschap_id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField()
    soort = models.CharField(max_length=12)  # leerlingen or aanmeldingen
    bestand = models.CharField(max_length=120)
    inhoud = models.BinaryField(default=b"")
    uitslag = models.BinaryField(default=b"")
    aantal = models.IntegerField()
    vestiging = models.CharField(max_length=6, blank=True, default="")
    overstapjaar = models.SmallIntegerField(null=True)
    alleen_als_alles_goed = models.BooleanField(default=False)
    stand = models.CharField(max_length=12)
    # True time, not the set day: seven days are seven days.
    aangemaakt_op = models.DateTimeField()
    toegepast_op = models.DateTimeField(null=True)

    objects = RegioManager["Upload"]()

    class Meta:
        verbose_name = "upload"
        verbose_name_plural = "uploads"
        constraints = [
            models.CheckConstraint(condition=models.Q(stand__in=STANDEN), name="upload_stand"),
            RegioBeleid(name="upload_rls"),
        ]
        indexes = [models.Index(fields=["gebruiker_id", "-aangemaakt_op"], name="upload_gebruiker_idx")]

    @property
    def bezig(self) -> bool:
        return self.stand in ("proef_wacht", "wacht")
