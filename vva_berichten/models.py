"""VVA: the messages, the postbus of each receiver, the stand per mbo-ganger, and the bulkmeldingen.

Every row lives in the regio of its receiver. Across regio's only messages travel; a bulk is made from the stand alone.
Bodies are encrypted as a whole and bound to their row; a bulk refers to the stand and is rendered when it is fetched.
"""

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


class MboGanger(models.Model):
    """The stand of one potentiële mbo-ganger as reported by one school, in the regio of the gemeente.

    Fed by messages only. ``overstap`` where the leerling's school is in this same regio.
    """

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    overstapjaar = models.SmallIntegerField()
    pgn_soort = models.CharField(max_length=3)
    pgn_index = models.BinaryField(max_length=32)
    pgn_versleuteld = models.BinaryField()
    brin = models.CharField(max_length=4)
    vestiging = models.CharField(max_length=6, blank=True, default="")
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    is_mbo_ganger = models.BooleanField()
    volgnummer = models.IntegerField()
    wijzigingsdatum = models.DateField()
    overstap = models.ForeignKey(
        Overstap, models.SET_NULL, null=True, db_constraint=False, db_index=False, related_name="mbo_gangers"
    )

    objects = RegioManager["MboGanger"]()

    class Meta:
        verbose_name = "mbo-ganger"
        verbose_name_plural = "mbo-gangers"
        constraints = [
            models.UniqueConstraint(
                fields=["regio", "overstapjaar", "pgn_index", "pgn_soort", "brin"], name="mboganger_uniek"
            ),
            models.UniqueConstraint(fields=["id", "regio"], name="mboganger_regio"),
            SamengesteldeSleutel(
                name="mboganger_overstap_fk",
                kolom="overstap_id",
                naar="statuses_overstap",
                bij_verwijderen="SET NULL (overstap_id)",
            ),
            RegioBeleid(name="mboganger_rls"),
        ]
        indexes = [
            models.Index(fields=["gemeente", "overstapjaar"], name="mboganger_gemeente_idx"),
            models.Index(
                fields=["overstap"], name="mboganger_overstap_idx", condition=models.Q(overstap__isnull=False)
            ),
        ]


class MboGangerMelding(models.Model):
    """What was reported of a mbo-ganger, one row per volgnummer: the stand on any day can be read back."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    mbo_ganger = models.ForeignKey(
        MboGanger, models.CASCADE, db_constraint=False, db_index=False, related_name="meldingen"
    )
    volgnummer = models.IntegerField()
    is_mbo_ganger = models.BooleanField()
    wijzigingsdatum = models.DateField()

    objects = RegioManager["MboGangerMelding"]()

    class Meta:
        verbose_name = "melding van een mbo-ganger"
        verbose_name_plural = "meldingen van mbo-gangers"
        constraints = [
            models.UniqueConstraint(fields=["mbo_ganger", "volgnummer"], name="mbogangermelding_uniek"),
            SamengesteldeSleutel(
                name="mbogangermelding_fk",
                kolom="mbo_ganger_id",
                naar="vva_berichten_mboganger",
                bij_verwijderen="CASCADE",
            ),
            RegioBeleid(name="mbogangermelding_rls"),
        ]


class GemeldeAanmelding(models.Model):
    """An aanmeldstatus that reached this regio, one row per volgnummer; the highest one that holds on a day is the stand.

    By pgn and not by mbo-ganger: an aanmeldstatus may come before the school reports the leerling.
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

    objects = RegioManager["GemeldeAanmelding"]()

    class Meta:
        verbose_name = "gemelde aanmelding"
        verbose_name_plural = "gemelde aanmeldingen"
        constraints = [
            models.UniqueConstraint(
                fields=["regio", "overstapjaar", "pgn_index", "pgn_soort", "mbo_code", "aanmeld_id", "volgnummer"],
                name="gemeldeaanmelding_uniek",
            ),
            RegioBeleid(name="gemeldeaanmelding_rls"),
        ]


class GemeldAanGemeente(models.Model):
    """Sender's memory: which gemeenten were told ``true`` about this overstap; each of them gets the ``false`` too."""

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


class PostbusRegel(models.Model):
    """What lies in a receiver's postbus: a message, or a page of a bulk. ``positie`` rises without gaps per receiver."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT)
    ontvanger = models.ForeignKey(Organisatie, models.PROTECT, related_name="postbus", db_index=False)
    positie = models.BigIntegerField()
    bericht = models.OneToOneField(Bericht, models.CASCADE, null=True, db_constraint=False)
    bulk = models.ForeignKey(Bulk, models.CASCADE, null=True, db_constraint=False, related_name="postbusregels")
    pagina = models.IntegerField(null=True)
    geleverd_op = models.DateTimeField()

    objects = RegioManager["PostbusRegel"]()

    class Meta:
        verbose_name = "postbusregel"
        verbose_name_plural = "postbusregels"
        constraints = [
            models.UniqueConstraint(fields=["ontvanger", "positie"], name="postbusregel_positie"),
            models.UniqueConstraint(fields=["bulk", "pagina"], name="postbusregel_bulkpagina"),
            models.CheckConstraint(
                condition=models.Q(bericht__isnull=False, bulk__isnull=True, pagina__isnull=True)
                | models.Q(bericht__isnull=True, bulk__isnull=False, pagina__isnull=False),
                name="postbusregel_inhoud",
            ),
            SamengesteldeSleutel(
                name="postbusregel_bericht_fk",
                kolom="bericht_id",
                naar="vva_berichten_bericht",
                bij_verwijderen="CASCADE",
            ),
            SamengesteldeSleutel(
                name="postbusregel_bulk_fk", kolom="bulk_id", naar="vva_berichten_bulk", bij_verwijderen="CASCADE"
            ),
            RegioBeleid(name="postbusregel_rls"),
        ]


class Postbus(models.Model):
    """The counter of one receiver, and how far it fetched and confirmed. No persons and no regio: an mbo or school may
    get messages in several, and its positie is one row of numbers over all of them."""

    ontvanger = models.OneToOneField(Organisatie, models.PROTECT, primary_key=True, related_name="postbusstand")
    positie = models.BigIntegerField(default=0, db_default=0)
    opgehaald_tot = models.BigIntegerField(default=0, db_default=0)
    opgehaald_op = models.DateTimeField(null=True)
    bevestigd_tot = models.BigIntegerField(default=0, db_default=0)
    bevestigd_op = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "postbus"
        verbose_name_plural = "postbussen"
