"""What came in and went no further: kept for people to look at, without a number or a text of its own."""

from __future__ import annotations

from django.db import models

from accounts.models import Regio
from overstap.basis.rls import RegioBeleid, RegioManager, SamengesteldeSleutel
from overstap.basis.sleutels import nieuwe_sleutel
from statuses.models import Overstap


class GeweigerdeMelding(models.Model):
    """The last refusal of a message about a potentiële mbo-ganger that a system sent for a school; gone once one is accepted.

    Without ``overstap`` the leerling is not known here. ``sleutel`` as in Bericht: it compares and can not be read back.
    """

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    overstapjaar = models.SmallIntegerField()
    brin = models.CharField(max_length=4)
    vestiging = models.CharField(max_length=6, blank=True, default="")
    overstap = models.ForeignKey(Overstap, models.CASCADE, null=True, db_constraint=False, db_index=False)
    sleutel = models.BinaryField(max_length=32)
    code = models.CharField(max_length=4)
    ontvangen_op = models.DateTimeField()

    objects = RegioManager["GeweigerdeMelding"]()

    class Meta:
        verbose_name = "geweigerde melding"
        verbose_name_plural = "geweigerde meldingen"
        constraints = [
            models.UniqueConstraint(fields=["regio", "sleutel"], name="geweigerdemelding_uniek"),
            SamengesteldeSleutel(
                name="geweigerdemelding_overstap_fk",
                kolom="overstap_id",
                naar="statuses_overstap",
                bij_verwijderen="CASCADE",
            ),
            RegioBeleid(name="geweigerdemelding_rls"),
        ]
        indexes = [
            models.Index(fields=["overstap"], name="geweigerdemelding_overstap_idx"),
            models.Index(fields=["regio", "overstapjaar", "brin"], name="geweigerdemelding_school_idx"),
        ]


class GelijkVolgnummer(models.Model):
    """An aanmeldstatus of an mbo under a volgnummer that we used ourselves for this aanmelding, and that says something else.

    Nobody gets it; afstemming puts it in front of the mbo. One per aanmelding: the last.
    """

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    overstapjaar = models.SmallIntegerField()
    pgn_soort = models.CharField(max_length=3)
    pgn_index = models.BinaryField(max_length=32)
    mbo_code = models.CharField(max_length=6)
    aanmeld_id = models.CharField(max_length=36)
    volgnummer = models.IntegerField()
    status = models.CharField(max_length=32)
    status_datum = models.DateField()

    objects = RegioManager["GelijkVolgnummer"]()

    class Meta:
        verbose_name = "gelijk volgnummer"
        verbose_name_plural = "gelijke volgnummers"
        constraints = [
            models.UniqueConstraint(
                fields=["regio", "overstapjaar", "mbo_code", "aanmeld_id"], name="gelijkvolgnummer_uniek"
            ),
            RegioBeleid(name="gelijkvolgnummer_rls"),
        ]
