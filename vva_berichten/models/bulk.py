"""The bulkmeldingen: who stands in them, and why, fixed in rows."""

from __future__ import annotations

from django.db import models

from accounts.models import Gemeente, Regio
from overstap.basis.rls import RegioBeleid, RegioManager, SamengesteldeSleutel
from overstap.basis.sleutels import nieuwe_sleutel
from vva_berichten.models.stand import MboGanger


class Bulk(models.Model):
    """One bulkmelding to one gemeente, also an empty one. Never changed; a correction is a new volgnummer."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+", db_index=False)
    overstapjaar = models.SmallIntegerField()
    soort = models.CharField(max_length=12)  # BULK_0301 or BULK_0615
    volgnummer = models.SmallIntegerField(default=1)
    peildatum = models.DateField()
    aantal = models.IntegerField(default=0)
    gemaakt_op = models.DateTimeField()
    geleverd_op = models.DateTimeField(null=True)
    geparkeerd_op = models.DateTimeField(null=True)

    objects = RegioManager["Bulk"]()

    class Meta:
        verbose_name = "bulkmelding"
        verbose_name_plural = "bulkmeldingen"
        constraints = [
            models.UniqueConstraint(fields=["gemeente", "overstapjaar", "soort", "volgnummer"], name="bulk_uniek"),
            models.UniqueConstraint(fields=["id", "regio"], name="bulk_regio"),
            models.CheckConstraint(condition=models.Q(soort__in=["BULK_0301", "BULK_0615"]), name="bulk_soort"),
            RegioBeleid(name="bulk_rls"),
        ]


class BulkRegel(models.Model):
    """Who is in a bulk, and why, fixed when it was made: nr 1 to 1,000 is the first page, and so on."""

    pk = models.CompositePrimaryKey("bulk_id", "nr")
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    bulk = models.ForeignKey(Bulk, models.CASCADE, db_constraint=False, db_index=False, related_name="regels")
    nr = models.IntegerField()
    mbo_ganger = models.ForeignKey(MboGanger, models.CASCADE, db_constraint=False, related_name="bulkregels")
    signaal_type = models.CharField(max_length=20)
    # The last aanmeldstatus as of the peildatum; empty when there was none.
    status = models.CharField(max_length=32, blank=True, default="")
    mbo_code = models.CharField(max_length=6, blank=True, default="")
    status_datum = models.DateField(null=True)

    objects = RegioManager["BulkRegel"]()

    class Meta:
        verbose_name = "bulkregel"
        verbose_name_plural = "bulkregels"
        constraints = [
            SamengesteldeSleutel(
                name="bulkregel_bulk_fk", kolom="bulk_id", naar="vva_berichten_bulk", bij_verwijderen="CASCADE"
            ),
            SamengesteldeSleutel(
                name="bulkregel_mboganger_fk",
                kolom="mbo_ganger_id",
                naar="vva_berichten_mboganger",
                bij_verwijderen="CASCADE",
            ),
            RegioBeleid(name="bulkregel_rls"),
        ]
