"""What people tell each other about a leerling or a school beside the statussen: drie vragen, overdracht, schoolcontact."""

from __future__ import annotations

import uuid

from django.db import models

from accounts.models import Gemeente, Regio, Vestiging
from overstap.basis.rls import AlleenToevoegen, RegioBeleid, RegioManager, SamengesteldeSleutel
from overstap.basis.sleutels import nieuwe_sleutel
from statuses.models.aanmelding import Aanmelding
from statuses.models.overstap import Overstap


class DrieVragen(models.Model):
    """The answers of the school at one aanmelding, for the mbo. None is unanswered, never "nee". Question 2 is warme overdracht."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    overstap = models.ForeignKey(Overstap, models.CASCADE, db_constraint=False, related_name="drie_vragen")
    aanmelding = models.OneToOneField(Aanmelding, models.CASCADE, db_constraint=False, related_name="drie_vragen")
    antwoord_1 = models.BooleanField(null=True)
    antwoord_2 = models.BooleanField(null=True)
    antwoord_3 = models.BooleanField(null=True)
    # Since when question 2 says yes: a warme overdracht is asked for.
    overdracht_op = models.DateTimeField(null=True)
    beantwoord_op = models.DateTimeField(null=True)
    beantwoord_door: models.UUIDField[uuid.UUID | None, uuid.UUID | None] = models.UUIDField(null=True)
    # Empty again as soon as an answer changes: the mbo has not seen that one.
    gezien_op = models.DateTimeField(null=True)
    gezien_door: models.UUIDField[uuid.UUID | None, uuid.UUID | None] = models.UUIDField(null=True)

    objects = RegioManager["DrieVragen"]()

    class Meta:
        verbose_name = "drie vragen"
        verbose_name_plural = "drie vragen"
        constraints = [
            SamengesteldeSleutel(
                name="drie_vragen_overstap_fk",
                kolom="overstap_id",
                naar="statuses_overstap",
                bij_verwijderen="CASCADE",
            ),
            SamengesteldeSleutel(
                name="drie_vragen_aanmelding_fk",
                kolom="aanmelding_id",
                naar="statuses_aanmelding",
                bij_verwijderen="CASCADE",
            ),
            RegioBeleid(name="drie_vragen_rls"),
        ]

    @property
    def antwoorden(self) -> tuple[bool | None, bool | None, bool | None]:
        return self.antwoord_1, self.antwoord_2, self.antwoord_3


class Overdracht(models.Model):
    """Leerplicht handed a leerling over to another gemeente of the regio, with a text for that one. The last one holds."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    overstap = models.ForeignKey(Overstap, models.CASCADE, db_constraint=False, related_name="overdrachten")
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    tekst = models.CharField(max_length=2000, blank=True, default="")
    door: models.UUIDField[uuid.UUID | None, uuid.UUID | None] = models.UUIDField(null=True)
    op = models.DateTimeField()

    objects = RegioManager["Overdracht"]()

    class Meta:
        verbose_name_plural = "overdrachten"
        constraints = [
            SamengesteldeSleutel(
                name="overdracht_overstap_fk",
                kolom="overstap_id",
                naar="statuses_overstap",
                bij_verwijderen="CASCADE",
            ),
            RegioBeleid(name="overdracht_rls"),
        ]


class Schoolwissel(models.Model):
    """A leerling went from one vestiging to another of the regio; the overstap moved along. The old school keeps only this."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    overstap = models.ForeignKey(Overstap, models.CASCADE, db_constraint=False, related_name="schoolwissels")
    overstapjaar = models.SmallIntegerField()
    van_vestiging = models.ForeignKey(Vestiging, models.PROTECT, db_constraint=False, related_name="vertrokken")
    naar_vestiging = models.ForeignKey(Vestiging, models.PROTECT, db_constraint=False, related_name="gekomen")
    door: models.UUIDField[uuid.UUID | None, uuid.UUID | None] = models.UUIDField(null=True)
    op = models.DateTimeField()

    objects = RegioManager["Schoolwissel"]()

    class Meta:
        verbose_name_plural = "schoolwissels"
        constraints = [
            SamengesteldeSleutel(
                name="schoolwissel_overstap_fk",
                kolom="overstap_id",
                naar="statuses_overstap",
                bij_verwijderen="CASCADE",
            ),
            SamengesteldeSleutel(name="schoolwissel_van_fk", kolom="van_vestiging_id", naar="accounts_vestiging"),
            SamengesteldeSleutel(name="schoolwissel_naar_fk", kolom="naar_vestiging_id", naar="accounts_vestiging"),
            RegioBeleid(name="schoolwissel_rls"),
        ]


class SchoolContact(models.Model):
    """What aanjager and school agreed at one of the steps AJ1 to AJ4. Append-only: the last one of a step holds."""

    STAPPEN = ("AJ1", "AJ2", "AJ3", "AJ4")
    ANTWOORDEN = ("besproken", "klopt", "achterstand", "steun_nodig")

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    vestiging = models.ForeignKey(Vestiging, models.PROTECT, db_constraint=False, related_name="contacten")
    overstapjaar = models.SmallIntegerField()
    stap = models.CharField(max_length=4)
    antwoord = models.CharField(max_length=12)
    notitie = models.CharField(max_length=1000, blank=True, default="")
    door: models.UUIDField[uuid.UUID | None, uuid.UUID | None] = models.UUIDField(null=True)
    op = models.DateTimeField()

    objects = RegioManager["SchoolContact"]()

    class Meta:
        verbose_name = "schoolcontact"
        verbose_name_plural = "schoolcontacten"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stap__in=["AJ1", "AJ2", "AJ3", "AJ4"]), name="schoolcontact_stap"
            ),
            models.CheckConstraint(
                condition=models.Q(antwoord__in=["besproken", "klopt", "achterstand", "steun_nodig"]),
                name="schoolcontact_antwoord",
            ),
            SamengesteldeSleutel(name="schoolcontact_vestiging_fk", kolom="vestiging_id", naar="accounts_vestiging"),
            RegioBeleid(name="schoolcontact_rls"),
            AlleenToevoegen(name="schoolcontact_vast"),
        ]
