"""The leerling and the overstap: the row that everybody looks at."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from accounts.models import Gemeente, Regio, Vestiging
from overstap.basis.rls import RegioBeleid, RegioManager, SamengesteldeSleutel
from overstap.basis.sleutels import nieuwe_sleutel
from statuses.querysets import OverstapManager
from statuses.status import VAN_LEERPLICHT, Status


class Leerling(models.Model):
    """A person in one regio, kept across jaren. No more than this: AVG."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    pgn_soort = models.CharField(max_length=3)  # bsn or own (onderwijsnummer)
    # HMAC with one national key (messages route across regio's); the second one while a key rotates.
    pgn_index = models.BinaryField(max_length=32)
    pgn_index_nieuw = models.BinaryField(max_length=32, null=True)
    pgn_versleuteld = models.BinaryField()
    voornaam = models.CharField(max_length=80)
    tussenvoegsel = models.CharField(max_length=20, blank=True, default="")
    achternaam = models.CharField(max_length=120)
    # achternaam and voornaam in lower case without accents: range search, since LIKE is not leakproof.
    zoeknaam = models.CharField(max_length=240)
    geboortedatum = models.DateField()
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, null=True, related_name="+")
    land = models.CharField(max_length=2, default="NL", db_default="NL")
    geheim_adres = models.BooleanField(default=False, db_default=False)

    objects = RegioManager["Leerling"]()

    class Meta:
        verbose_name_plural = "leerlingen"
        constraints = [
            models.UniqueConstraint(fields=["regio", "pgn_soort", "pgn_index"], name="leerling_pgn"),
            models.UniqueConstraint(fields=["id", "regio"], name="leerling_regio"),
            models.CheckConstraint(condition=models.Q(pgn_soort__in=["bsn", "own"]), name="leerling_pgn_soort"),
            RegioBeleid(name="leerling_rls"),
        ]
        indexes = [
            models.Index(fields=["pgn_index"], name="leerling_pgn_idx"),
            models.Index(fields=["regio", "zoeknaam"], name="leerling_naam_idx"),
        ]

    @property
    def volledige_naam(self) -> str:
        return " ".join(deel for deel in (self.voornaam, self.tussenvoegsel, self.achternaam) if deel)

    @property
    def lijstnaam(self) -> str:
        """As in a list: "Wit, Noor de"."""
        return f"{self.achternaam}, {' '.join(d for d in (self.voornaam, self.tussenvoegsel) if d)}"


class Overstap(models.Model):
    """One leerling in one overstapjaar in one regio: the row that everybody looks at.

    The sporen and the leidende status are the stand of now, kept by the transaction that writes the gebeurtenis.
    """

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    leerling = models.ForeignKey(
        Leerling, models.CASCADE, db_constraint=False, db_index=False, related_name="overstappen"
    )
    overstapjaar = models.SmallIntegerField()
    vestiging = models.ForeignKey(
        Vestiging, models.PROTECT, db_constraint=False, db_index=False, related_name="overstappen"
    )
    klas = models.CharField(max_length=20, blank=True, default="")
    onderwijssoort = models.CharField(max_length=8)
    leerweg = models.CharField(max_length=8, null=True)  # noqa: DJ001 - null outside vmbo, as in the API
    examenkandidaat = models.BooleanField(default=True)
    uitstroomprofiel = models.CharField(max_length=24, blank=True, default="")
    bestemming = models.CharField(max_length=24, blank=True, default="")
    uitbesteed_aan = models.CharField(max_length=6, blank=True, default="")
    geinformeerd = models.BooleanField(null=True)
    bezwaar = models.BooleanField(default=False)
    toestemming = models.BooleanField(null=True)  # counts only where the regio wants consent

    gemarkeerd_sinds = models.DateField(null=True)
    # Since when each spoor is what it is, also one that was taken back: an earlier date is a correctie.
    markering_sinds = models.DateField(null=True)
    spoor_vo = models.SmallIntegerField(null=True)
    vo_sinds = models.DateField(null=True)
    vo_reden = models.CharField(max_length=24, blank=True, default="")
    vo_zekerheid = models.CharField(max_length=8, blank=True, default="")
    # At a vervolgkeuze that does not tell it by itself: does the leerling go to an mbo? Empty: not answered yet.
    vo_naar_mbo = models.BooleanField(null=True)
    spoor_leerplicht = models.SmallIntegerField(null=True)
    leerplicht_sinds = models.DateField(null=True)
    # Who of leerplicht took it up; a gebruiker, by id only.
    leerplicht_eigenaar_id = models.UUIDField(null=True)
    leidende_status = models.SmallIntegerField(null=True)
    leidend_sinds = models.DateField(null=True)
    aantal_aanmeldingen = models.SmallIntegerField(default=0)
    volgnr = models.IntegerField(default=0)
    versie = models.IntegerField(default=1)
    gewijzigd_op = models.DateTimeField(db_default=Now())
    # Handed over to another gemeente of the regio: that one sees the leerling too, beside the woongemeente.
    leerplicht_gemeente = models.ForeignKey(Gemeente, models.PROTECT, null=True, related_name="+")
    # The decaan chose this leerling for the drie vragen, or for a warme overdracht.
    drie_vragen_gekozen_op = models.DateField(null=True)
    warme_overdracht_gekozen_op = models.DateField(null=True)
    # The school shares this one leerling with the samenwerkingsverband of its regio.
    gedeeld_swv_op = models.DateField(null=True)
    # What vva_berichten knows and lists need: reported as potentiële mbo-ganger, and in which bulk.
    mbo_ganger = models.BooleanField(null=True)
    mbo_ganger_gemeld_op = models.DateField(null=True)
    mbo_ganger_volgnummer = models.IntegerField(default=0)
    in_bulk_op = models.DateField(null=True)
    # Left for a school in another regio, or for another school: nothing changes here any more.
    gesloten_op = models.DateField(null=True)

    objects = OverstapManager()

    class Meta:
        verbose_name_plural = "overstappen"
        constraints = [
            models.UniqueConstraint(fields=["leerling", "overstapjaar"], name="overstap_uniek"),
            models.UniqueConstraint(fields=["id", "regio"], name="overstap_regio"),
            models.CheckConstraint(
                condition=models.Q(spoor_vo__isnull=True) | models.Q(spoor_vo=Status.VERVOLGKEUZE_VO.value),
                name="overstap_spoor_vo",
            ),
            models.CheckConstraint(
                condition=models.Q(spoor_leerplicht__isnull=True)
                | models.Q(spoor_leerplicht__in=sorted(s.value for s in VAN_LEERPLICHT)),
                name="overstap_spoor_leerplicht",
            ),
            models.CheckConstraint(
                condition=models.Q(gemarkeerd_sinds__isnull=True, leidende_status__isnull=True)
                | models.Q(gemarkeerd_sinds__isnull=False, leidende_status__range=(1, 14)),
                name="overstap_leidende_status",
            ),
            SamengesteldeSleutel(
                name="overstap_leerling_fk", kolom="leerling_id", naar="statuses_leerling", bij_verwijderen="CASCADE"
            ),
            SamengesteldeSleutel(name="overstap_vestiging_fk", kolom="vestiging_id", naar="accounts_vestiging"),
            RegioBeleid(name="overstap_rls"),
        ]
        indexes = [
            models.Index(fields=["regio", "overstapjaar", "vestiging", "leidende_status"], name="overstap_lijst_idx"),
            models.Index(fields=["vestiging", "overstapjaar"], name="overstap_vestiging_idx"),
            models.Index(fields=["regio", "gewijzigd_op"], name="overstap_gewijzigd_idx"),
        ]

    @property
    def status(self) -> Status | None:
        return None if self.leidende_status is None else Status(self.leidende_status)

    @property
    def gemarkeerd(self) -> bool:
        return self.gemarkeerd_sinds is not None


class BuitenRegio(models.Model):
    """The fourth line: what an mbo outside the regio reported about a leerling; never one of the statussen 7 to 12."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    overstap = models.ForeignKey(Overstap, models.CASCADE, db_constraint=False, related_name="buiten_de_regio")
    mbo_code = models.CharField(max_length=6)
    mbo_naam = models.CharField(max_length=160, blank=True, default="")
    aanmeld_id = models.CharField(max_length=36)
    status = models.CharField(max_length=32)  # one of the five of vva.md
    status_datum = models.DateField()
    volgnummer = models.IntegerField()

    objects = RegioManager["BuitenRegio"]()

    class Meta:
        verbose_name = "buiten de regio"
        verbose_name_plural = "buiten de regio"
        constraints = [
            models.UniqueConstraint(fields=["overstap", "mbo_code", "aanmeld_id"], name="buiten_regio_uniek"),
            SamengesteldeSleutel(
                name="buiten_regio_overstap_fk",
                kolom="overstap_id",
                naar="statuses_overstap",
                bij_verwijderen="CASCADE",
            ),
            RegioBeleid(name="buiten_regio_rls"),
        ]
