"""The history: append-only, codes only; texts stand apart."""

from __future__ import annotations

from django.db import models

from accounts.models import Regio
from overstap.basis.rls import AlleenToevoegen, RegioBeleid, RegioManager, SamengesteldeSleutel
from overstap.basis.sleutels import nieuwe_sleutel
from statuses.models.overstap import Overstap
from statuses.status import Spoor

# The spoor of a gebeurtenis as one small number: the index that answers as-of questions stays narrow.
# From 10 on it is 10 + the number of the aanmelding within its overstap.
SPOOR_MARKERING, SPOOR_VO, SPOOR_LEERPLICHT, SPOOR_AANMELDING = 1, 2, 3, 10


def spoor_van_nummer(nummer: int) -> Spoor:
    """The name of the spoor behind the small number."""
    if nummer >= SPOOR_AANMELDING:
        return Spoor.AANMELDING
    return {SPOOR_MARKERING: Spoor.MARKERING, SPOOR_VO: Spoor.VO, SPOOR_LEERPLICHT: Spoor.LEERPLICHT}[nummer]


class Gebeurtenis(models.Model):
    """One status change: append-only, with who, from which source, when it holds and when we learned it.

    The stand of a spoor on day D as known on K is the row with the highest volgnr with geldig_op <= D and
    geregistreerd_op <= K. It holds codes only; texts are in :class:`Toelichting`.
    """

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    overstap = models.ForeignKey(
        Overstap, models.CASCADE, db_constraint=False, db_index=False, related_name="gebeurtenissen"
    )
    overstapjaar = models.SmallIntegerField()
    volgnr = models.IntegerField()
    spoor = models.SmallIntegerField()
    van = models.SmallIntegerField(null=True)
    naar = models.SmallIntegerField(null=True)
    geldig_op = models.DateField()
    geregistreerd_op = models.DateTimeField()
    bron = models.CharField(max_length=12)
    actor_soort = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True)
    organisatie_id = models.UUIDField(null=True)
    reden_code = models.CharField(max_length=24, blank=True, default="")
    zekerheid = models.CharField(max_length=8, blank=True, default="")
    naar_mbo = models.BooleanField(null=True)
    correctie = models.BooleanField(default=False)
    gemeld_op = models.DateField(null=True)  # the date that was sent, where another one holds

    objects = RegioManager["Gebeurtenis"]()

    class Meta:
        verbose_name_plural = "gebeurtenissen"
        constraints = [
            models.UniqueConstraint(fields=["overstap", "volgnr"], name="gebeurtenis_volgnr"),
            SamengesteldeSleutel(
                name="gebeurtenis_overstap_fk", kolom="overstap_id", naar="statuses_overstap", bij_verwijderen="CASCADE"
            ),
            RegioBeleid(name="gebeurtenis_rls"),
            AlleenToevoegen(name="gebeurtenis_vast"),
        ]
        indexes = [
            models.Index(
                "regio",
                "overstapjaar",
                "overstap",
                "spoor",
                models.F("volgnr").desc(),
                name="gebeurtenis_stand_idx",
                include=["geldig_op", "geregistreerd_op", "naar"],
            )
        ]

    @property
    def spoor_naam(self) -> Spoor:
        return spoor_van_nummer(self.spoor)


class Toelichting(models.Model):
    """The texts at a gebeurtenis, apart from it, so that inzage and anonymisation reach texts while the history stays.

    Who reads which: ``statuses.weergave.tekst_voor``. ``voor_school`` is what leerplicht tells the school when it is done;
    ``contact`` is whom leerplicht can reach at the school that called it in, of an adult and not of the leerling.
    """

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    gebeurtenis = models.OneToOneField(Gebeurtenis, models.CASCADE, related_name="toelichting")
    tekst = models.CharField(max_length=2000, blank=True, default="", db_default="")
    voor_school = models.CharField(max_length=2000, blank=True, default="", db_default="")
    contact = models.CharField(max_length=300, blank=True, default="", db_default="")

    objects = RegioManager["Toelichting"]()

    class Meta:
        verbose_name_plural = "toelichtingen"
        constraints = [RegioBeleid(name="toelichting_rls")]
