"""Delivery by push: the endpoint of a receiver, how far it is, and the messages that it keeps refusing."""

from __future__ import annotations

from django.db import models

from accounts.models import Organisatie, Regio
from overstap.basis.rls import RegioBeleid, RegioManager, SamengesteldeSleutel
from overstap.basis.sleutels import nieuwe_sleutel
from vva_berichten.models.postbus import PostbusRegel


class Eindpunt(models.Model):
    """Where the messages of one receiver are pushed to, beside its postbus. No persons and no regio, as ``Postbus``.

    ``claim`` and ``geclaimd_tot`` are a lease: who holds it sends, alone and in order. Times are those of the wall clock.
    """

    organisatie = models.OneToOneField(Organisatie, models.PROTECT, primary_key=True, related_name="eindpunt")
    url = models.CharField(max_length=400)
    actief = models.BooleanField(default=True)
    gepusht_tot = models.BigIntegerField(
        default=0
    )  # positie in the postbus: accepted or parked up to and with this one
    gepusht_op = models.DateTimeField(null=True)
    pogingen = models.SmallIntegerField(default=0)  # in a row without a usable answer
    weigeringen = models.SmallIntegerField(default=0)  # in a row of the message that is first
    geparkeerd_op_rij = models.SmallIntegerField(default=0)  # messages, without one accepted between them
    wacht_sinds = models.DateTimeField(null=True)
    opnieuw_na = models.DateTimeField(null=True)
    gestopt_op = models.DateTimeField(null=True)
    fout = models.CharField(max_length=20, blank=True, default="")
    claim = models.UUIDField(null=True)
    geclaimd_tot = models.DateTimeField(null=True)
    proef_op = models.DateTimeField(null=True)
    proef_fout = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        verbose_name = "eindpunt"
        verbose_name_plural = "eindpunten"


class GeparkeerdePush(models.Model):
    """A message that the receiver keeps refusing: it stays in the postbus, and blocks no other.

    Waits for a person; ``opnieuw_op`` says that one asked for it again.
    """

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    organisatie = models.ForeignKey(Organisatie, models.PROTECT, related_name="+", db_index=False)
    regel = models.ForeignKey(PostbusRegel, models.CASCADE, db_constraint=False, related_name="+")
    positie = models.BigIntegerField()
    fout = models.CharField(max_length=20)
    pogingen = models.SmallIntegerField(default=1)
    geparkeerd_op = models.DateTimeField()
    opnieuw_op = models.DateTimeField(null=True)

    objects = RegioManager["GeparkeerdePush"]()

    class Meta:
        verbose_name = "geparkeerde push"
        verbose_name_plural = "geparkeerde pushes"
        constraints = [
            models.UniqueConstraint(fields=["organisatie", "positie"], name="geparkeerdepush_uniek"),
            SamengesteldeSleutel(
                name="geparkeerdepush_regel_fk",
                kolom="regel_id",
                naar="vva_berichten_postbusregel",
                bij_verwijderen="CASCADE",
            ),
            RegioBeleid(name="geparkeerdepush_rls"),
        ]
