"""What rapportages keep: the exports that somebody asked for."""

from __future__ import annotations

from django.db import models

from accounts.models import Regio
from overstap.basis.rls import RegioBeleid, RegioManager
from overstap.basis.sleutels import nieuwe_sleutel


class Export(models.Model):
    """A file that somebody asked for: made by a task, there for a week, for the one who asked in that role alone.

    ``parameters`` narrow it and name no person: codes of vestigingen and statussen, words of the page.
    """

    WACHT, KLAAR, MISLUKT = "wacht", "klaar", "mislukt"

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT)
    # A gebruiker in the role of this lidmaatschap, or an API client (no lidmaatschap).
    aanvrager_id = models.UUIDField()
    lidmaatschap_id = models.UUIDField(null=True)
    soort = models.CharField(max_length=24)
    overstapjaar = models.SmallIntegerField()
    parameters = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=8, default=WACHT)
    # A Dutch sentence when it failed.
    fout = models.CharField(max_length=200, blank=True, default="")
    bestand = models.CharField(max_length=120, blank=True, default="")  # below MEDIA_ROOT
    bestandsnaam = models.CharField(max_length=120, blank=True, default="")
    grootte = models.BigIntegerField(default=0)
    pogingen = models.SmallIntegerField(default=0)
    gemaakt_op = models.DateTimeField()
    klaar_op = models.DateTimeField(null=True)
    verloopt_op = models.DateTimeField()

    objects = RegioManager["Export"]()

    class Meta:
        verbose_name_plural = "exports"
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=["wacht", "klaar", "mislukt"]), name="export_status"),
            RegioBeleid(name="export_rls"),
        ]
        indexes = [models.Index(fields=["aanvrager_id", "-gemaakt_op"], name="export_aanvrager_idx")]

    @property
    def is_klaar(self) -> bool:
        return self.status == self.KLAAR

    @property
    def is_bezig(self) -> bool:
        return self.status == self.WACHT
