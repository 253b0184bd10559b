"""The postbus of each receiver: what lies in it, and how far it was fetched and confirmed."""

from __future__ import annotations

from django.db import models

from accounts.models import Organisatie, Regio
from overstap.basis.rls import RegioBeleid, RegioManager, SamengesteldeSleutel
from overstap.basis.sleutels import nieuwe_sleutel
from vva_berichten.models.berichten import Bericht
from vva_berichten.models.bulk import Bulk


class PostbusRegel(models.Model):
    """What lies in a receiver's postbus: a message, or a page of a bulk. ``positie`` rises without gaps per receiver.

    ``onleesbaar_op``: could not be decrypted when it was its turn, and was passed over; once mended it gets a new positie at the
    end (``actions.resend``), and leaves a gap where it lay.
    """

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT)
    ontvanger = models.ForeignKey(Organisatie, models.PROTECT, related_name="postbus", db_index=False)
    positie = models.BigIntegerField()
    bericht = models.OneToOneField(Bericht, models.CASCADE, null=True, db_constraint=False)
    bulk = models.ForeignKey(Bulk, models.CASCADE, null=True, db_constraint=False, related_name="postbusregels")
    pagina = models.IntegerField(null=True)
    geleverd_op = models.DateTimeField()
    onleesbaar_op = models.DateTimeField(null=True)

    objects = RegioManager["PostbusRegel"]()

    class Meta:
        verbose_name = "postbusregel"
        verbose_name_plural = "postbusregels"
        constraints = [
            models.UniqueConstraint(fields=["ontvanger", "positie"], name="postbusregel_positie"),
            models.UniqueConstraint(fields=["bulk", "pagina"], name="postbusregel_bulkpagina"),
            models.UniqueConstraint(fields=["id", "regio"], name="postbusregel_regio"),
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
        indexes = [
            models.Index(
                fields=["ontvanger"],
                name="postbusregel_onleesbaar_idx",
                condition=models.Q(onleesbaar_op__isnull=False),
            ),
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
