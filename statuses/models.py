"""What: the shared status model. Only ``statuses.actions`` writes these rows."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from accounts.models import Gemeente, Organisatie, Regio, Vestiging
from overstap.basis.rls import AlleenToevoegen, RegioBeleid, RegioManager, SamengesteldeSleutel
from overstap.basis.sleutels import nieuwe_sleutel
from statuses.querysets import AanmeldingManager, OverstapManager
from statuses.status import VAN_AANMELDING, VAN_LEERPLICHT, Spoor, Status

# No table here has an index on regio alone: it would select a whole regio, it costs every insert, and before the first ANALYZE the
# planner takes it for the composite foreign keys (1.5 ms a row instead of microseconds).
# The spoor of a gebeurtenis as one small number: the index that answers as-of questions stays narrow.
# From 10 on it is 10 + the number of the aanmelding within its overstap.
SPOOR_MARKERING, SPOOR_VO, SPOOR_LEERPLICHT, SPOOR_AANMELDING = 1, 2, 3, 10


def spoor_van_nummer(nummer: int) -> Spoor:
    """The name of the spoor behind the small number."""
    if nummer >= SPOOR_AANMELDING:
        return Spoor.AANMELDING
    return {SPOOR_MARKERING: Spoor.MARKERING, SPOOR_VO: Spoor.VO, SPOOR_LEERPLICHT: Spoor.LEERPLICHT}[nummer]


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
    startkwalificatie = models.BooleanField(null=True)
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
    """A text at a gebeurtenis, apart from it, so that inzage and anonymisation reach texts while the history stays."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    gebeurtenis = models.OneToOneField(Gebeurtenis, models.CASCADE, related_name="toelichting")
    tekst = models.CharField(max_length=2000)

    objects = RegioManager["Toelichting"]()

    class Meta:
        verbose_name_plural = "toelichtingen"
        constraints = [RegioBeleid(name="toelichting_rls")]


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

    objects = RegioManager["Levering"]()

    class Meta:
        verbose_name_plural = "leveringen"
        constraints = [
            models.UniqueConstraint(fields=["regio", "organisatie", "soort"], name="levering_uniek"),
            RegioBeleid(name="levering_rls"),
        ]


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


class RegioReden(models.Model):
    """A reason that a regio added to the coded list (statuses/referentie/redenen.py)."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_index=False)
    status = models.SmallIntegerField()
    code = models.CharField(max_length=24)
    label = models.CharField(max_length=80)
    opties = ArrayField(models.CharField(max_length=24), default=list, blank=True)

    class Meta:
        verbose_name_plural = "regioredenen"
        constraints = [
            models.UniqueConstraint(fields=["regio", "status", "code"], name="regioreden_uniek"),
            RegioBeleid(name="regioreden_rls", soort="referentie"),
        ]
