"""An application at an mbo, and what its system delivered: applied, or kept and not applied."""

from __future__ import annotations

from django.db import models

from accounts.models import Organisatie, Regio
from overstap.basis.rls import RegioBeleid, RegioManager, SamengesteldeSleutel
from overstap.basis.sleutels import nieuwe_sleutel
from statuses.models.overstap import Overstap
from statuses.querysets import AanmeldingManager
from statuses.status import VAN_AANMELDING, Status


class Aanmelding(models.Model):
    """One application of an overstap to one opleiding at one mbo-instelling."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    overstap = models.ForeignKey(
        Overstap, models.CASCADE, db_constraint=False, db_index=False, related_name="aanmeldingen"
    )
    mbo = models.ForeignKey(Organisatie, models.PROTECT, db_index=False, related_name="aanmeldingen")
    overstapjaar = models.SmallIntegerField()
    aanmeld_id = models.CharField(max_length=36)
    nr = models.SmallIntegerField()  # within the overstap; 10 + nr is its spoor
    crebo = models.CharField(max_length=5, blank=True, default="")
    opleiding = models.CharField(max_length=200)
    niveau = models.SmallIntegerField(null=True)
    leerweg = models.CharField(max_length=8, blank=True, default="")
    status = models.SmallIntegerField()
    status_datum = models.DateField()
    aanmeld_datum = models.DateField(null=True)
    volgnummer = models.IntegerField(default=1)
    reden_code = models.CharField(max_length=24, blank=True, default="")
    aanwezigheid = models.CharField(max_length=8, blank=True, default="")
    aanwezigheid_op = models.DateField(null=True)  # when show or no-show was registered
    startkwalificatie = models.BooleanField(null=True)
    # At 4 and 5: which other opleiding the mbo advises.
    advies = models.CharField(max_length=200, blank=True, default="", db_default="")
    # When we learned that it went to 4, 5 or back a step, and from which status; empty again once it goes forward.
    teruggevallen_op = models.DateTimeField(null=True)
    teruggevallen_van = models.SmallIntegerField(null=True)
    verzuimloket_op = models.DateField(null=True)
    # The last message of either side in the envelop at this aanmelding.
    bericht_vo_op = models.DateTimeField(null=True)
    bericht_mbo_op = models.DateTimeField(null=True)
    bron = models.CharField(max_length=12)
    # Of the last row of a feed as it was sent: the same volgnummer with another content is refused (F202).
    inhoud_hash = models.BinaryField(max_length=32, null=True)

    objects = AanmeldingManager()

    class Meta:
        verbose_name_plural = "aanmeldingen"
        constraints = [
            models.UniqueConstraint(fields=["mbo", "overstapjaar", "aanmeld_id"], name="aanmelding_uniek"),
            models.UniqueConstraint(fields=["overstap", "nr"], name="aanmelding_nr"),
            models.UniqueConstraint(fields=["id", "regio"], name="aanmelding_regio"),
            models.CheckConstraint(
                condition=models.Q(status__in=sorted(s.value for s in VAN_AANMELDING)), name="aanmelding_status"
            ),
            models.CheckConstraint(
                condition=models.Q(aanwezigheid__in=["", "show", "no_show"]), name="aanmelding_aanwezigheid"
            ),
            SamengesteldeSleutel(
                name="aanmelding_overstap_fk", kolom="overstap_id", naar="statuses_overstap", bij_verwijderen="CASCADE"
            ),
            RegioBeleid(name="aanmelding_rls"),
        ]
        indexes = [models.Index(fields=["mbo", "overstapjaar", "status"], name="aanmelding_mbo_idx")]

    @property
    def status_nu(self) -> Status:
        return Status(self.status)


class NietVerwerkt(models.Model):
    """A row of a feed that was kept and not applied: an unknown leerling (W304), an older volgnummer, a broken rule.

    Nothing accepted is lost. The body is encrypted as a whole: it names a person.
    """

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    mbo = models.ForeignKey(Organisatie, models.PROTECT, null=True)
    overstap = models.ForeignKey(Overstap, models.CASCADE, null=True, db_constraint=False, related_name="niet_verwerkt")
    overstapjaar = models.SmallIntegerField()
    soort = models.CharField(max_length=12)  # aanmelding or leerling
    sleutel = models.CharField(max_length=64)  # aanmeld_id
    volgnummer = models.IntegerField(default=0)
    pgn_index = models.BinaryField(max_length=32)
    code = models.CharField(max_length=4)
    regel = models.CharField(max_length=40, blank=True, default="")
    inhoud = models.BinaryField()
    ontvangen_op = models.DateTimeField()
    afgehandeld_op = models.DateTimeField(null=True)

    objects = RegioManager["NietVerwerkt"]()

    class Meta:
        verbose_name_plural = "niet verwerkt"
        constraints = [
            models.UniqueConstraint(
                fields=["regio", "mbo", "overstapjaar", "sleutel", "volgnummer", "code", "regel"],
                name="niet_verwerkt_uniek",
                nulls_distinct=False,  # a question about a leerling has no mbo, and is asked once
            ),
            SamengesteldeSleutel(
                name="niet_verwerkt_overstap_fk",
                kolom="overstap_id",
                naar="statuses_overstap",
                bij_verwijderen="CASCADE",
            ),
            RegioBeleid(name="niet_verwerkt_rls"),
        ]
        indexes = [
            models.Index(
                fields=["pgn_index"], name="niet_verwerkt_pgn_idx", condition=models.Q(afgehandeld_op__isnull=True)
            )
        ]


class Levering(models.Model):
    """The last delivery of an organisatie's system or file, for "laatst bijgewerkt"."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    organisatie = models.ForeignKey(Organisatie, models.PROTECT)
    soort = models.CharField(max_length=12)  # leerlingen or aanmeldingen
    ontvangen_op = models.DateTimeField()
    aantal = models.IntegerField(default=0)
    # Of those: refused and not kept, and kept because they could not be applied (yet).
    geweigerd = models.IntegerField(default=0, db_default=0)
    bewaard = models.IntegerField(default=0, db_default=0)

    objects = RegioManager["Levering"]()

    class Meta:
        verbose_name_plural = "leveringen"
        constraints = [
            models.UniqueConstraint(fields=["regio", "organisatie", "soort"], name="levering_uniek"),
            RegioBeleid(name="levering_rls"),
        ]
