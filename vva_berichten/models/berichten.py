"""The messages themselves, and what the sender remembers of what it sent."""

from __future__ import annotations

from django.db import models

from accounts.models import Gemeente, Organisatie, Regio
from overstap.basis.rls import RegioBeleid, RegioManager, SamengesteldeSleutel
from overstap.basis.sleutels import nieuwe_sleutel
from statuses.models import Aanmelding, Overstap


class Richting(models.TextChoices):
    IN = "in", "ontvangen"
    UIT = "uit", "verzonden"


class Soort(models.TextChoices):
    """The kinds of message that are stored, by their ``berichtType``."""

    MBO_GANGER = "POTENTIELE_MBO_GANGER", "Potentiële mbo-ganger"
    AANMELDSTATUS = "AANMELDSTATUS", "Aanmeldstatus"
    SIGNAAL = "SIGNAAL", "Signaal"


class Bericht(models.Model):
    """One message, as received from a system (in) or on its way to one receiver (uit).

    ``sleutel`` names what it is about (a keyed hash: pgn, brin and jaar, or aanmeldId), ``volgnummer`` orders within it.
    ``inhoud_hash`` (keyed) tells a repeat from a contradiction.
    """

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT)
    bericht_id = models.UUIDField()
    richting = models.CharField(max_length=3, choices=Richting.choices)
    soort = models.CharField(max_length=24, choices=Soort.choices)
    overstapjaar = models.SmallIntegerField()
    sleutel = models.BinaryField(max_length=32)
    volgnummer = models.IntegerField()
    verzender = models.ForeignKey(Organisatie, models.PROTECT, null=True, related_name="+")
    # Empty only for what came in and has no receiver of its own: it is routed to one or two messages "uit".
    ontvanger = models.ForeignKey(Organisatie, models.PROTECT, null=True, related_name="vva_berichten")
    inhoud = models.BinaryField()
    inhoud_hash = models.BinaryField(max_length=32)
    uitkomst = models.CharField(max_length=12, blank=True, default="")
    codes = models.CharField(max_length=40, blank=True, default="")  # "F107 W301": sorted, with a space between
    gemaakt_op = models.DateTimeField()
    verwerkt_op = models.DateTimeField(null=True)
    geleverd_op = models.DateTimeField(null=True)
    geparkeerd_op = models.DateTimeField(null=True)

    objects = RegioManager["Bericht"]()

    class Meta:
        verbose_name_plural = "berichten"
        constraints = [
            # Two systems may choose the same berichtId; one system never does.
            models.UniqueConstraint(fields=["regio", "richting", "verzender", "bericht_id"], name="bericht_uniek"),
            models.UniqueConstraint(fields=["id", "regio"], name="bericht_regio"),
            RegioBeleid(name="bericht_rls"),
        ]
        indexes = [
            models.Index(fields=["sleutel", "volgnummer"], name="bericht_sleutel_idx"),
            models.Index(fields=["ontvanger", "-gemaakt_op"], name="bericht_ontvanger_idx"),
            models.Index(
                fields=["regio", "ontvanger"],
                name="bericht_geparkeerd_idx",
                condition=models.Q(geparkeerd_op__isnull=False, geleverd_op__isnull=True),
            ),
        ]


class GemeldAanGemeente(models.Model):
    """Sender's memory: which gemeenten were told ``true`` about this overstap, or took over the stand when the leerling moved.

    Each of them gets the ``false`` too.
    """

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT)
    overstap = models.ForeignKey(Overstap, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")

    objects = RegioManager["GemeldAanGemeente"]()

    class Meta:
        verbose_name = "gemeld aan gemeente"
        verbose_name_plural = "gemeld aan gemeenten"
        constraints = [
            models.UniqueConstraint(fields=["overstap", "gemeente"], name="gemeldaangemeente_uniek"),
            SamengesteldeSleutel(
                name="gemeldaangemeente_fk",
                kolom="overstap_id",
                naar="statuses_overstap",
                bij_verwijderen="CASCADE",
            ),
            RegioBeleid(name="gemeldaangemeente_rls"),
        ]


class VerzondenAanmeldstatus(models.Model):
    """Sender's memory: the aanmeldstatus that was sent last of an aanmelding, and up to which gebeurtenis it was read."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT)
    aanmelding = models.ForeignKey(Aanmelding, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    status = models.CharField(max_length=32)
    volgnummer = models.IntegerField()
    gelezen_tot = models.IntegerField()  # volgnr of the gebeurtenis

    objects = RegioManager["VerzondenAanmeldstatus"]()

    class Meta:
        verbose_name = "verzonden aanmeldstatus"
        verbose_name_plural = "verzonden aanmeldstatussen"
        constraints = [
            models.UniqueConstraint(fields=["aanmelding"], name="verzondenaanmeldstatus_uniek"),
            SamengesteldeSleutel(
                name="verzondenaanmeldstatus_fk",
                kolom="aanmelding_id",
                naar="statuses_aanmelding",
                bij_verwijderen="CASCADE",
            ),
            RegioBeleid(name="verzondenaanmeldstatus_rls"),
        ]
