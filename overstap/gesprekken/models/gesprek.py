"""The envelop: a conversation of two parties about one aanmelding or one overstap, its messages, and who read them."""

from __future__ import annotations

import uuid

from django.db import models

from accounts.models import Organisatie, Regio
from overstap.basis.rls import AlleenToevoegen, RegioBeleid, RegioManager, SamengesteldeSleutel
from overstap.basis.sleutels import nieuwe_sleutel
from statuses.models import Aanmelding, Overstap

TEKST_HOOGSTENS = 2000


def _een_van(veld: str, waarden: list[str], naam: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(**{f"{veld}__in": waarden}), name=naam)


class Gesprek(models.Model):
    """One conversation. Its messages are numbered from 1; per party stands the last one it wrote and the last one it read.

    vo_mbo and mbo_lp are about one aanmelding, vo_lp about the overstap (overstap.gesprekken.regels). ``aan_*`` is the colleague
    of that party whose it is now, by id only; then it counts as read by that party once that person read it.
    """

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False, related_name="+")
    overstap = models.ForeignKey(Overstap, models.CASCADE, db_constraint=False, related_name="gesprekken")
    aanmelding = models.ForeignKey(
        Aanmelding, models.CASCADE, null=True, db_constraint=False, db_index=False, related_name="gesprekken"
    )
    soort = models.CharField(max_length=8)
    laatste_nr = models.IntegerField(default=0)
    laatste_op = models.DateTimeField()
    laatste_vo = models.IntegerField(default=0)
    laatste_mbo = models.IntegerField(default=0)
    laatste_leerplicht = models.IntegerField(default=0)
    gelezen_vo = models.IntegerField(default=0)
    gelezen_mbo = models.IntegerField(default=0)
    gelezen_leerplicht = models.IntegerField(default=0)
    aan_vo: models.UUIDField[uuid.UUID | None, uuid.UUID | None] = models.UUIDField(null=True)
    aan_mbo: models.UUIDField[uuid.UUID | None, uuid.UUID | None] = models.UUIDField(null=True)
    aan_leerplicht: models.UUIDField[uuid.UUID | None, uuid.UUID | None] = models.UUIDField(null=True)

    objects = RegioManager["Gesprek"]()

    class Meta:
        verbose_name_plural = "gesprekken"
        constraints = [
            models.UniqueConstraint(fields=["aanmelding", "soort"], name="gesprek_per_aanmelding"),
            models.UniqueConstraint(
                fields=["overstap", "soort"], name="gesprek_per_overstap", condition=models.Q(aanmelding__isnull=True)
            ),
            models.UniqueConstraint(fields=["id", "regio"], name="gesprek_regio"),
            models.CheckConstraint(
                condition=models.Q(soort="vo_lp", aanmelding__isnull=True)
                | models.Q(soort__in=["vo_mbo", "mbo_lp"], aanmelding__isnull=False),
                name="gesprek_waarover",
            ),
            SamengesteldeSleutel(
                name="gesprek_overstap_fk", kolom="overstap_id", naar="statuses_overstap", bij_verwijderen="CASCADE"
            ),
            SamengesteldeSleutel(
                name="gesprek_aanmelding_fk",
                kolom="aanmelding_id",
                naar="statuses_aanmelding",
                bij_verwijderen="CASCADE",
            ),
            RegioBeleid(name="gesprek_rls"),
        ]


class Bericht(models.Model):
    """The outside of one message: who of which organisatie, for which party, when. The words stand apart."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False, related_name="+")
    gesprek = models.ForeignKey(Gesprek, models.CASCADE, db_constraint=False, db_index=False, related_name="berichten")
    nr = models.IntegerField()
    partij = models.CharField(max_length=10)
    organisatie = models.ForeignKey(Organisatie, models.PROTECT, related_name="+")
    door: models.UUIDField[uuid.UUID | None, uuid.UUID | None] = models.UUIDField(null=True)
    op = models.DateTimeField()

    objects = RegioManager["Bericht"]()

    class Meta:
        verbose_name_plural = "berichten"
        constraints = [
            models.UniqueConstraint(fields=["gesprek", "nr"], name="gesprek_bericht_nr"),
            models.UniqueConstraint(fields=["id", "regio"], name="gesprek_bericht_regio"),
            _een_van("partij", ["vo", "mbo", "leerplicht"], "gesprek_bericht_partij"),
            SamengesteldeSleutel(
                name="gesprek_bericht_fk", kolom="gesprek_id", naar="gesprekken_gesprek", bij_verwijderen="CASCADE"
            ),
            RegioBeleid(name="gesprek_bericht_rls"),
            AlleenToevoegen(name="gesprek_bericht_vast"),
        ]


class BerichtTekst(models.Model):
    """The words of a message, apart from it, so that content can go first while who wrote when stays. Bron: domein.md 7."""

    bericht = models.OneToOneField(
        Bericht, models.CASCADE, primary_key=True, db_constraint=False, related_name="inhoud"
    )
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False, related_name="+")
    tekst = models.CharField(max_length=TEKST_HOOGSTENS)

    objects = RegioManager["BerichtTekst"]()

    class Meta:
        verbose_name = "tekst van een bericht"
        verbose_name_plural = "teksten van berichten"
        constraints = [
            SamengesteldeSleutel(
                name="berichttekst_bericht_fk",
                kolom="bericht_id",
                naar="gesprekken_bericht",
                bij_verwijderen="CASCADE",
            ),
            RegioBeleid(name="berichttekst_rls"),
        ]


class Gelezen(models.Model):
    """A person of a party read the messages up to ``tot``; a row each time that there was something new to read."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False, related_name="+")
    gesprek = models.ForeignKey(Gesprek, models.CASCADE, db_constraint=False, db_index=False, related_name="gelezen")
    gebruiker_id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField()
    partij = models.CharField(max_length=10)
    tot = models.IntegerField()
    op = models.DateTimeField()

    objects = RegioManager["Gelezen"]()

    class Meta:
        verbose_name = "gelezen"
        verbose_name_plural = "gelezen"
        constraints = [
            models.UniqueConstraint(fields=["gesprek", "gebruiker_id", "partij", "tot"], name="gelezen_uniek"),
            _een_van("partij", ["vo", "mbo", "leerplicht"], "gelezen_partij"),
            SamengesteldeSleutel(
                name="gelezen_gesprek_fk", kolom="gesprek_id", naar="gesprekken_gesprek", bij_verwijderen="CASCADE"
            ),
            RegioBeleid(name="gelezen_rls"),
            AlleenToevoegen(name="gelezen_vast"),
        ]
