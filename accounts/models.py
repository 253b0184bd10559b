"""Who: regio's, organisaties, people and systems, and the log of what they did."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from oauth2_provider.models import AbstractApplication

from accounts.rechten import ROL_LABELS, Rol, Soort
from overstap.basis.rls import AlleenToevoegen, RegioBeleid, RegioManager
from overstap.basis.sleutels import nieuwe_sleutel


def _code_check(naam: str, veld: str, waarden: type[Rol] | type[Soort]) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(**{f"{veld}__in": [w.value for w in waarden]}), name=naam)


class Regio(models.Model):
    """An RMC-regio (since 2023: Doorstroompunt-regio), the tenant. Key: its two-digit code."""

    code = models.CharField(max_length=2, primary_key=True)
    naam = models.CharField(max_length=100)
    # Dates and switches that differ from the default, by name (statuses/termijnen.py says which exist).
    instellingen = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name_plural = "regio's"
        # Row level security looks for the code in a list of codes (overstap/basis/rls.py).
        constraints = [models.CheckConstraint(condition=models.Q(code__regex=r"^[0-9]{2}$"), name="regio_code")]


class Subregio(models.Model):
    """A part of a regio with agreements of its own."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regio = models.ForeignKey(Regio, models.PROTECT)
    naam = models.CharField(max_length=100)

    class Meta:
        verbose_name_plural = "subregio's"
        constraints = [
            models.UniqueConstraint(fields=["regio", "naam"], name="subregio_uniek"),
            RegioBeleid(name="subregio_rls", soort="referentie"),
        ]


class Gemeente(models.Model):
    """A Dutch gemeente by CBS code (four digits); belongs to exactly one regio."""

    code = models.CharField(max_length=4, primary_key=True)
    naam = models.CharField(max_length=100)
    provincie = models.CharField(max_length=40, blank=True, default="")
    regio = models.ForeignKey(Regio, models.PROTECT)
    subregio = models.ForeignKey(Subregio, models.SET_NULL, null=True)

    class Meta:
        verbose_name_plural = "gemeenten"
        constraints = [RegioBeleid(name="gemeente_rls", soort="referentie")]


class Organisatie(models.Model):  # type: ignore[django-manager-missing] # ApiClient's base is untyped
    """A school (BRIN), mbo-instelling (BRIN), gemeente (CBS code), samenwerkingsverband or beheerorganisatie (RMC21)."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    code = models.CharField(max_length=12)
    soort = models.CharField(max_length=24)
    naam = models.CharField(max_length=160)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, null=True, related_name="+")
    oin = models.CharField(max_length=20, blank=True, default="")
    # Connected to the postbus or an endpoint; a gemeente that is not gets its messages parked (vva.md, F107).
    aangesloten = models.BooleanField(default=True, db_default=True)
    instellingen = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "soort"], name="organisatie_uniek"),
            _code_check("organisatie_soort", "soort", Soort),
        ]


class Vestiging(models.Model):
    """A location of a vo-school, by six-character code; it belongs to one regio, and so do its overstappen."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    organisatie = models.ForeignKey(Organisatie, models.PROTECT, related_name="vestigingen")
    regio = models.ForeignKey(Regio, models.PROTECT)
    code = models.CharField(max_length=6, unique=True)
    naam = models.CharField(max_length=160)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    postcode = models.CharField(max_length=7, blank=True, default="")
    onderwijssoorten = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    leerwegen = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    # The school agreed that the aanjager sees names; otherwise a short reference that the school knows.
    deelt_namen = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name_plural = "vestigingen"
        constraints = [
            models.UniqueConstraint(fields=["id", "regio"], name="vestiging_regio"),
            RegioBeleid(name="vestiging_rls", soort="referentie"),
        ]


class Deelname(models.Model):
    """An organisatie takes part in a regio; an mbo-instelling can take part in several. The scope of who works there."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    organisatie = models.ForeignKey(Organisatie, models.PROTECT, related_name="deelnames")
    regio = models.ForeignKey(Regio, models.PROTECT)

    class Meta:
        verbose_name_plural = "deelnames"
        constraints = [
            models.UniqueConstraint(fields=["organisatie", "regio"], name="deelname_uniek"),
            RegioBeleid(name="deelname_rls", soort="referentie"),
        ]


class GebruikerManager(BaseUserManager["Gebruiker"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> Gebruiker:
        gebruiker = self.model(email=self.normalize_email(email).lower(), **extra)
        gebruiker.set_password(password)
        gebruiker.save(using=self._db)
        return gebruiker


class Gebruiker(AbstractBaseUser):  # type: ignore[django-manager-missing] # ApiClient's base is untyped
    """A person who logs in. What they may do is in their lidmaatschappen, nowhere else: there is no superuser."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    email = models.EmailField(unique=True)
    naam = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False, db_default=False)
    aangemaakt_op = models.DateTimeField(db_default=Now())

    objects: ClassVar[GebruikerManager] = GebruikerManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["naam"]

    class Meta:
        verbose_name_plural = "gebruikers"

    def get_full_name(self) -> str:
        return self.naam

    def get_short_name(self) -> str:
        return self.naam


class Lidmaatschap(models.Model):
    """One role of one person in one organisatie; a person can have several and chooses which one is active."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    gebruiker = models.ForeignKey(Gebruiker, models.CASCADE, related_name="lidmaatschappen")
    rol = models.CharField(max_length=24)
    organisatie = models.ForeignKey(Organisatie, models.PROTECT, related_name="lidmaatschappen")
    # Empty means all of the organisatie.
    vestigingen = models.ManyToManyField(Vestiging, blank=True)
    subregios = models.ManyToManyField(Subregio, blank=True)
    beeindigd_op = models.DateField(null=True, blank=True)
    # When this person last opened /vandaag in this role: "since your last visit".
    laatst_gezien_op = models.DateTimeField(null=True, blank=True)
    vorig_bezoek_op = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "lidmaatschappen"
        constraints = [
            models.UniqueConstraint(fields=["gebruiker", "rol", "organisatie"], name="lidmaatschap_uniek"),
            _code_check("lidmaatschap_rol", "rol", Rol),
        ]

    @property
    def rol_label(self) -> str:
        return ROL_LABELS[Rol(self.rol)]


class ApiClient(AbstractApplication):
    """A system of one organisatie. It acts with the rights of its kind, within its own scopes, for whom gave it a mandaat."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    organisatie = models.ForeignKey(Organisatie, models.PROTECT, related_name="api_clients", null=True)
    soort = models.CharField(max_length=24, default="vo")
    scopes = models.TextField(default="", blank=True)
    # When it last got a token; tokens work ten minutes, so this is when it was last used, near enough.
    laatst_gebruikt_op = models.DateTimeField(null=True, blank=True)

    class Meta(AbstractApplication.Meta):
        verbose_name = "API-client"
        verbose_name_plural = "API-clients"


class Mandaat(models.Model):
    """A school or instelling lets a supplier's system act for it in one service, from one day up to and with another.

    Never deleted: ending sets ``tot``, the last day. One day before ``vanaf`` means that it never held.
    """

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="mandaten")
    organisatie = models.ForeignKey(Organisatie, models.PROTECT, related_name="gegeven_mandaten")
    # A Scope that is in DIENSTEN; empty: every service in which this system may act at all.
    dienst = models.CharField(max_length=40, blank=True, default="", db_default="")
    vanaf = models.DateField()
    tot = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "mandaten"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tot=None) | models.Q(tot__gte=models.F("vanaf") - timedelta(days=1)),
                name="mandaat_volgorde",
            )
        ]


class ClientSleutel(models.Model):
    """A public key with which a system proves who it is (private_key_jwt). Two can hold at once, so that one can be replaced."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="sleutels")
    # RFC 7638: the same key always has the same one; a JWT may name it as its kid.
    kenmerk = models.CharField(max_length=43)
    jwk = models.JSONField()
    toegevoegd_op = models.DateTimeField(db_default=Now())
    ingetrokken_op = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "clientsleutels"
        constraints = [
            models.UniqueConstraint(
                fields=["client", "kenmerk"], condition=models.Q(ingetrokken_op=None), name="clientsleutel_uniek"
            )
        ]


class GebruikteJwt(models.Model):
    """A client assertion that was used: its jti never works again. Gone once the assertion would have run out anyway."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="+")
    jti_som = models.BinaryField(max_length=32)
    verloopt_op = models.DateTimeField()

    class Meta:
        verbose_name_plural = "gebruikte jwt's"
        constraints = [models.UniqueConstraint(fields=["client", "jti_som"], name="gebruiktejwt_uniek")]
        indexes = [models.Index(fields=["verloopt_op"], name="gebruiktejwt_verloopt_idx")]


class LogRegel(models.Model):
    """One act, look or refusal: who, in which role, what, for what purpose. Ids and codes only, never a person's data."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    tijdstip = models.DateTimeField(db_default=Now())
    # Empty for what happens before a role is active: logging in, a refused token.
    regio = models.ForeignKey(Regio, models.PROTECT, null=True, db_constraint=False, db_index=False)
    actor_soort = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True)
    rol = models.CharField(max_length=24, blank=True, default="")
    organisatie_id = models.UUIDField(null=True)
    handeling = models.CharField(max_length=60)
    object_soort = models.CharField(max_length=40, blank=True, default="")
    object_id = models.CharField(max_length=64, blank=True, default="")
    doel = models.CharField(max_length=60, blank=True, default="")
    uitkomst = models.CharField(max_length=20, default="gedaan", db_default="gedaan")
    aantal = models.IntegerField(default=1, db_default=1)
    details = models.JSONField(default=dict)

    objects = RegioManager["LogRegel"]()

    class Meta:
        verbose_name_plural = "logregels"
        constraints = [RegioBeleid(name="logregel_rls", soort="logboek"), AlleenToevoegen(name="logregel_vast")]
        indexes = [models.Index(fields=["regio", "-tijdstip"], name="logregel_regio_idx")]


class LogOnderwerp(models.Model):
    """The leerling that a logregel is about, so that every look can be told to that leerling."""

    id = models.UUIDField(primary_key=True, default=nieuwe_sleutel, editable=False)
    regel = models.ForeignKey(LogRegel, models.PROTECT, related_name="onderwerpen", db_constraint=False)
    regio = models.ForeignKey(Regio, models.PROTECT, db_constraint=False, db_index=False)
    leerling_id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(db_index=True)

    objects = RegioManager["LogOnderwerp"]()

    class Meta:
        verbose_name_plural = "logonderwerpen"
        constraints = [RegioBeleid(name="logonderwerp_rls", soort="logboek"), AlleenToevoegen(name="logonderwerp_vast")]
