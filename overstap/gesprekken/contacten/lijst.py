"""The list of contacten: organisaties of the regio with their people, what is not assigned, and what was not confirmed for a year.

The same querysets count the steps MB6 and BO2 on /vandaag. Bron: domein.md 3; Overstapprocedure RMC 21, hoofdstuk 4.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from accounts.actor import Actor
from accounts.models import Deelname, Organisatie
from accounts.rechten import Recht, Rol, Soort
from accounts.scope import sleutel
from overstap.gesprekken.models import GELDIG, Contactpersoon, Mail, Verantwoordelijkheid
from overstap.gesprekken.post.soorten import Soort as MailSoort
from statuses.termijnen import Kalender

PER_PAGINA = 50
SOORT_NAMEN: dict[str, str] = {
    Soort.VO.value: "Scholen",
    Soort.MBO.value: "Mbo",
    Soort.GEMEENTE.value: "Gemeenten",
    Soort.SAMENWERKINGSVERBAND.value: "Samenwerkingsverbanden",
    Soort.BEHEERORGANISATIE.value: "Beheer",
}
# Who takes part in the procedure; the beheerorganisatie keeps the list itself.
_BELEGT = (Soort.VO.value, Soort.MBO.value, Soort.GEMEENTE.value)


def organisaties(actor: Actor) -> QuerySet[Organisatie]:
    """The organisaties that take part in the regio's of this actor."""
    deelname = Deelname.objects.filter(organisatie_id=OuterRef("pk"), regio_id__in=sorted(actor.regios))
    return Organisatie.objects.filter(Exists(deelname))


def _niet_belegd(v: Verantwoordelijkheid) -> Q:
    return ~Q(Exists(Contactpersoon.objects.filter(organisatie_id=OuterRef("pk"), **{v.value: True})))


def met_hiaat(actor: Actor) -> QuerySet[Organisatie]:
    """Those that should have assigned all three responsibilities, and did not."""
    q = Q(pk__in=[])
    for v in Verantwoordelijkheid:
        q |= _niet_belegd(v)
    return organisaties(actor).filter(q, soort__in=_BELEGT)


def niet_belegd(actor: Actor, kalender: Kalender, dag: date) -> QuerySet[Organisatie]:
    """The rows of BO2."""
    return met_hiaat(actor)


def te_bevestigen(actor: Actor, kalender: Kalender, dag: date) -> QuerySet[Contactpersoon]:
    """The rows of MB6."""
    return verouderd(actor, dag)


def verouderd(actor: Actor, dag: date) -> QuerySet[Contactpersoon]:
    """Contacten of the own organisatie that nobody confirmed for a year."""
    return Contactpersoon.objects.filter(organisatie_id=actor.eigen_organisatie, bevestigd_op__lte=dag - GELDIG)


def mag_beheren(actor: Actor, organisatie_id: uuid.UUID) -> bool:
    """Whether this actor may change the contacten of an organisatie in its regio."""
    if not actor.mag(Recht.CONTACTEN_BEHEREN):
        return False
    return actor.rol == Rol.BEHEERORGANISATIE or actor.organisatie_id == organisatie_id


@dataclass(slots=True)
class Rij:
    """One organisatie of the page."""

    organisatie: Organisatie
    soort: str
    contacten: list[Contactpersoon]
    hiaten: list[str]
    mag: bool
    gevraagd_op: datetime | None = None


@dataclass(slots=True)
class Pagina:
    """What the page shows; ``volgende`` is the key of the next one, empty on the last."""

    rijen: list[Rij]
    aantal: int
    volgende: str = ""
    per_soort: dict[str, int] = field(default_factory=dict)
    aantal_hiaten: int = 0


def haal(actor: Actor, zoek: str = "", soort: str = "", hiaat: bool = False, vanaf: str = "") -> Pagina:
    """One page of organisaties by name; the same few queries for ten and for two hundred."""
    alle = organisaties(actor)
    per_soort: dict[str, int] = defaultdict(int)
    hiaten = set(met_hiaat(actor).values_list("pk", flat=True))
    for waarde in alle.values_list("soort", flat=True):
        per_soort[waarde] += 1
    keuze = alle.filter(pk__in=hiaten) if hiaat else alle
    if soort:
        keuze = keuze.filter(soort=soort)
    if zoek:
        keuze = keuze.filter(Q(naam__icontains=zoek) | Q(code__iexact=zoek))
    aantal = keuze.count()
    if plek := _lees(vanaf):
        keuze = keuze.filter(Q(naam__gt=plek[0]) | Q(naam=plek[0], pk__gt=plek[1]))
    gevonden = list(keuze.order_by("naam", "pk")[: PER_PAGINA + 1])
    deel = gevonden[:PER_PAGINA]
    meer = len(gevonden) > PER_PAGINA
    volgende = f"{deel[-1].pk}_{deel[-1].naam}" if meer else ""
    return Pagina(rijen_van(actor, deel), aantal, volgende, dict(per_soort), len(hiaten))


def _lees(vanaf: str) -> tuple[str, uuid.UUID] | None:
    pk, _, naam = vanaf.partition("_")
    gelezen = sleutel(pk)
    return (naam, gelezen) if gelezen and naam and "\0" not in naam else None


def rijen_van(actor: Actor, gekozen: Iterable[Organisatie]) -> list[Rij]:
    """The organisaties with their people, what nobody has, and when it was asked. Two queries."""
    gekozen = list(gekozen)
    ids = [o.pk for o in gekozen]
    contacten: dict[uuid.UUID, list[Contactpersoon]] = defaultdict(list)
    for contact in Contactpersoon.objects.filter(organisatie_id__in=ids).order_by(
        "-mailbox", "-monitoren", "naam", "pk"
    ):
        contacten[contact.organisatie_id].append(contact)
    gevraagd: dict[uuid.UUID, datetime] = {}
    if actor.mag(Recht.BEHEREN):
        vragen = Mail.objects.filter(organisatie_id__in=ids, soort=MailSoort.CONTACT_GEVRAAGD)
        gevraagd = dict(vragen.values_list("organisatie_id").annotate(op=Max("gemaakt_op")))
    return [
        Rij(
            o, SOORT_NAMEN.get(o.soort, o.soort), contacten[o.pk], hiaten_van(o, contacten[o.pk]),
            mag_beheren(actor, o.pk), gevraagd.get(o.pk),
        )
        for o in gekozen
    ]  # fmt: skip


def hiaten_van(organisatie: Organisatie, contacten: Iterable[Any]) -> list[str]:
    """The labels of the responsibilities that nobody has; none for who need not assign them."""
    if organisatie.soort not in _BELEGT:
        return []
    heeft = {v for v in Verantwoordelijkheid for c in contacten if getattr(c, v.value)}
    return [v.label for v in Verantwoordelijkheid if v not in heeft]
