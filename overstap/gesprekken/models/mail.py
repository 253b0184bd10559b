"""What has to be told, to whom, and the mails that tell it. Codes and counts only: no person in any of these rows."""

from __future__ import annotations

import uuid

from django.db import models

from accounts.models import Gebruiker, Lidmaatschap, Organisatie, Regio
from overstap.basis.rls import RegioBeleid, RegioManager, SamengesteldeSleutel
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.gesprekken.models.contact import Contactpersoon


class Stand(models.TextChoices):
    """Where a mail is."""

    WACHT = "wacht", "wacht op verzending"
    VERZONDEN = "verzonden", "verzonden"
    GEWEIGERD = "geweigerd", "adres geweigerd"
    ONZEKER = "onzeker", "misschien verzonden"
    GEPARKEERD = "geparkeerd", "niet gelukt"
    VERVALLEN = "vervallen", "niet meer nodig"


class Mail(models.Model):
    """One mail to one person or contact. ``sleutel`` makes it once; ``inhoud`` holds codes and counts for its template.

    The address is looked up when it is sent. ``aangeboden_op`` is set just before the text goes to the mail server: a mail
    whose task died after that is never sent a second time (stand "onzeker").
    """

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    sleutel = models.CharField(max_length=120)
    soort = models.CharField(max_length=24)
    gebruiker = models.ForeignKey(Gebruiker, models.CASCADE, null=True, related_name="+", db_index=False)
    contact = models.ForeignKey(
        Contactpersoon, models.CASCADE, null=True, related_name="mails", db_constraint=False, db_index=False
    )
    # The organisatie that it is about.
    organisatie = models.ForeignKey(Organisatie, models.PROTECT, null=True, related_name="+", db_index=False)
    inhoud = models.JSONField(default=dict, blank=True)
    stand = models.CharField(max_length=12, default=Stand.WACHT, db_default=Stand.WACHT.value)
    pogingen = models.SmallIntegerField(default=0, db_default=0)
    gemaakt_op = models.DateTimeField()
    opnieuw_na = models.DateTimeField()  # by the wall clock
    aangeboden_op = models.DateTimeField(null=True)  # by the wall clock
    klaar_op = models.DateTimeField(null=True)
    # The code of the mail server, or the kind of the error; never its text, which can hold an address.
    fout = models.CharField(max_length=40, blank=True, default="", db_default="")

    objects = RegioManager["Mail"]()

    class Meta:
        verbose_name_plural = "mails"
        constraints = [
            models.UniqueConstraint(fields=["regio", "sleutel"], name="mail_sleutel"),
            models.UniqueConstraint(fields=["id", "regio"], name="mail_regio"),
            models.CheckConstraint(condition=models.Q(stand__in=Stand.values), name="mail_stand"),
            models.CheckConstraint(
                condition=models.Q(gebruiker__isnull=True) ^ models.Q(contact__isnull=True), name="mail_ontvanger"
            ),
            SamengesteldeSleutel(
                name="mail_contact_fk",
                kolom="contact_id",
                naar="gesprekken_contactpersoon",
                bij_verwijderen="CASCADE",
            ),
            RegioBeleid(name="mail_rls"),
        ]
        indexes = [
            models.Index(
                fields=["regio", "opnieuw_na"], name="mail_wacht_idx", condition=models.Q(stand=Stand.WACHT.value)
            ),
            models.Index(fields=["regio", "organisatie", "soort"], name="mail_organisatie_idx"),
        ]


class TeMelden(models.Model):
    """Something that one person or contact must hear about; it waits for a mail of its own or for the one of that day.

    ``bron`` names what happened, once: seeing the same event twice adds nothing.
    """

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    soort = models.CharField(max_length=16)
    bron = models.CharField(max_length=100)
    lidmaatschap = models.ForeignKey(Lidmaatschap, models.CASCADE, null=True, related_name="+")
    contact = models.ForeignKey(
        Contactpersoon, models.CASCADE, null=True, related_name="+", db_constraint=False, db_index=False
    )
    # Whom it is about, to count leerlingen and not events.
    overstap_id: models.UUIDField[uuid.UUID | None, uuid.UUID | None] = models.UUIDField(null=True)
    direct = models.BooleanField(default=False)
    op = models.DateTimeField()
    mail = models.ForeignKey(Mail, models.CASCADE, null=True, related_name="te_melden", db_constraint=False)

    objects = RegioManager["TeMelden"]()

    class Meta:
        verbose_name = "te melden"
        verbose_name_plural = "te melden"
        constraints = [
            models.UniqueConstraint(
                fields=["regio", "soort", "bron", "lidmaatschap", "contact"],
                name="te_melden_uniek",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(lidmaatschap__isnull=True) ^ models.Q(contact__isnull=True),
                name="te_melden_ontvanger",
            ),
            SamengesteldeSleutel(
                name="te_melden_contact_fk",
                kolom="contact_id",
                naar="gesprekken_contactpersoon",
                bij_verwijderen="CASCADE",
            ),
            SamengesteldeSleutel(
                name="te_melden_mail_fk", kolom="mail_id", naar="gesprekken_mail", bij_verwijderen="CASCADE"
            ),
            RegioBeleid(name="te_melden_rls"),
        ]
        indexes = [
            models.Index(fields=["regio", "direct"], name="te_melden_wacht_idx", condition=models.Q(mail__isnull=True))
        ]


class Voorkeur(models.Model):
    """How somebody wants to hear of things in one role. Without a row the defaults below hold."""

    DIRECT, DAGELIJKS, NIET = "direct", "dagelijks", "niet"
    WIJZEN = (DIRECT, DAGELIJKS, NIET)

    lidmaatschap = models.OneToOneField(Lidmaatschap, models.CASCADE, primary_key=True, related_name="voorkeur")
    terugval = models.CharField(max_length=10, default=DAGELIJKS)
    berichten = models.CharField(max_length=10, default=DIRECT)
    nieuwsbrief = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "voorkeuren"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(terugval__in=["direct", "dagelijks", "niet"])
                & models.Q(berichten__in=["direct", "dagelijks", "niet"]),
                name="voorkeur_wijze",
            )
        ]
