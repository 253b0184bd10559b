"""The outbox: what still has to happen because of something that was decided."""

from django.db import models
from django.db.models.functions import Now

from overstap.basis.rls import RegioBeleid, RegioManager


class OutboxRegel(models.Model):
    """One event or delivery, written in the transaction of the act itself and handled afterwards by the worker.

    ``sleutel`` orders: rows with the same one are handled in the order of their id. ``inhoud`` holds ids and codes only,
    never a person.
    """

    id = models.BigAutoField(primary_key=True)
    regio_id = models.CharField(max_length=2)
    sleutel = models.CharField(max_length=64)
    soort = models.CharField(max_length=64)
    inhoud = models.JSONField(default=dict)
    aangemaakt_op = models.DateTimeField(db_default=Now())
    pogingen = models.SmallIntegerField(default=0, db_default=0)
    opnieuw_na = models.DateTimeField(db_default=Now())
    geclaimd_tot = models.DateTimeField(null=True)
    afgehandeld_op = models.DateTimeField(null=True)
    geparkeerd_op = models.DateTimeField(null=True)
    fout = models.CharField(max_length=200, default="", db_default="", blank=True)

    objects = RegioManager["OutboxRegel"]()

    class Meta:
        verbose_name = "outboxregel"
        verbose_name_plural = "outboxregels"
        constraints = [RegioBeleid(name="outbox_regel_rls")]
        indexes = [
            models.Index(
                fields=["sleutel", "id"],
                name="outbox_open_idx",
                condition=models.Q(afgehandeld_op__isnull=True, geparkeerd_op__isnull=True),
            ),
            models.Index(fields=["afgehandeld_op"], name="outbox_klaar_idx"),
        ]
