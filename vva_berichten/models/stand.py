"""What was reported of each leerling in the regio of the gemeente: fed by messages only."""

from __future__ import annotations

from django.db import models

from accounts.models import Gemeente, Regio
from overstap.basis.rls import RegioBeleid, RegioManager, SamengesteldeSleutel
from overstap.basis.sleutels import nieuwe_sleutel
from statuses.models import Overstap

Persoon = tuple[int, str, bytes]  # overstapjaar, pgn_soort, pgn_index


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
    # Came here with a move from another regio, where a bulk had this leerling: signals go on from here.
    in_bulk_elders = models.BooleanField(default=False, db_default=False)

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

    @property
    def persoon(self) -> Persoon:
        return self.overstapjaar, self.pgn_soort, bytes(self.pgn_index)


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

    @property
    def persoon(self) -> Persoon:
        return self.overstapjaar, self.pgn_soort, bytes(self.pgn_index)
