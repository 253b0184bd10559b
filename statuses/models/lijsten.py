"""Reference lists: opleidingen, postcodes, exam candidates, and the redenen that a regio added."""

from __future__ import annotations

from django.db import models

from accounts.models import Gemeente, Regio, Vestiging
from overstap.basis.rls import RegioBeleid
from overstap.basis.sleutels import nieuwe_sleutel


class Opleiding(models.Model):
    """A qualification by crebo (five digits), as published."""

    crebo = models.CharField(max_length=5, primary_key=True)
    naam = models.CharField(max_length=200)
    niveau = models.SmallIntegerField()
    leerweg = models.CharField(max_length=8, blank=True, default="")

    class Meta:
        verbose_name_plural = "opleidingen"


class Examenkandidaten(models.Model):
    """How many exam candidates a vestiging had, per leerweg; a lower bound where DUO publishes "<5"."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    vestiging = models.ForeignKey(Vestiging, models.CASCADE, related_name="examenkandidaten")
    schooljaar = models.CharField(max_length=9)
    leerweg = models.CharField(max_length=8)
    aantal = models.IntegerField()
    ondergrens = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "examenkandidaten"
        constraints = [
            models.UniqueConstraint(fields=["vestiging", "schooljaar", "leerweg"], name="examenkandidaten_uniek")
        ]


class Postcode4(models.Model):
    """The gemeente of a four-digit postcode, where it lies in one."""

    postcode4 = models.CharField(max_length=4, primary_key=True)
    gemeente = models.ForeignKey(Gemeente, models.CASCADE)


class RegioReden(models.Model):
    """A reason that a regio added to the coded list (statuses/referentie/redenen.py)."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    status = models.SmallIntegerField()
    code = models.CharField(max_length=24)
    label = models.CharField(max_length=80)
    tekst_verplicht = models.BooleanField(default=False, db_default=False)
    # Ended and not deleted: gebeurtenissen hold its code. Not chosen any more from this day on.
    beeindigd_op = models.DateField(null=True)

    class Meta:
        verbose_name_plural = "regioredenen"
        constraints = [
            models.UniqueConstraint(fields=["regio", "status", "code"], name="regioreden_uniek"),
            RegioBeleid(name="regioreden_rls", soort="referentie"),
        ]
