"""Rows of a feed that were kept and not applied: which of them still ask for something. Bron: domein.md 6; vva.md, W302 to W304.

A row is settled by evidence: what it said holds by now, or somebody changed the aanmelding after it came. A person can
close a row as well; not a W304, which is applied as soon as the school marks the leerling.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actor import Actor
from accounts.models import Vestiging
from accounts.rechten import Rol
from overstap.basis import geheim
from statuses.models import SPOOR_AANMELDING, Aanmelding, Gebeurtenis, NietVerwerkt, Overstap, Schoolwissel
from statuses.selecties import vestigingen_van

ONBEKEND, OUDER, REGEL = "W304", "W302", "W303"
AANMELDING, LEERLING = "aanmelding", "leerling"  # NietVerwerkt.soort
NEE, ANDERE_SCHOOL = "overstapper_nee", "andere_school"  # NietVerwerkt.regel of a question about a leerling


def _toegepast() -> QuerySet[Aanmelding]:
    return Aanmelding.objects.filter(
        mbo_id=OuterRef("mbo_id"), overstapjaar=OuterRef("overstapjaar"), aanmeld_id=OuterRef("sleutel")
    )


def _daarna_gewijzigd() -> Exists:
    later = Gebeurtenis.objects.filter(
        overstap_id=OuterRef("overstap_id"),
        spoor=OuterRef("nr") + SPOOR_AANMELDING,
        geregistreerd_op__gt=OuterRef(OuterRef("ontvangen_op")),
    )
    return Exists(_toegepast().filter(Exists(later)))


def afgehandeld_q() -> Q:
    """On NietVerwerkt: closed, or settled by what happened since."""
    rijen = Q(afgehandeld_op__isnull=False)
    aanmelding = Q(soort=AANMELDING)
    rijen |= aanmelding & Q(code=ONBEKEND) & Q(Exists(_toegepast()))
    rijen |= aanmelding & Q(code=REGEL) & Q(Exists(_toegepast().filter(volgnummer__gt=OuterRef("volgnummer"))))
    rijen |= aanmelding & ~Q(code=ONBEKEND) & Q(_daarna_gewijzigd())
    # "Overstapper nee" was a question about the vinkje; a vervolgkeuze answers it too.
    niet_meer = Q(overstap__gemarkeerd_sinds__isnull=True) | Q(overstap__spoor_vo__isnull=False)
    verhuisd = Schoolwissel.objects.filter(overstap_id=OuterRef("overstap_id"), op__gt=OuterRef("ontvangen_op"))
    weg = Q(overstap__gesloten_op__isnull=False)
    rijen |= Q(soort=LEERLING, regel=NEE) & (niet_meer | weg)
    return rijen | (Q(soort=LEERLING, regel=ANDERE_SCHOOL) & (weg | Q(Exists(verhuisd))))


def van_mbo(actor: Actor) -> QuerySet[NietVerwerkt]:
    """The open rows that this mbo delivered. One that is kept in more regio's counts once."""
    dubbel = NietVerwerkt.objects.filter(
        mbo_id=OuterRef("mbo_id"),
        overstapjaar=OuterRef("overstapjaar"),
        sleutel=OuterRef("sleutel"),
        volgnummer=OuterRef("volgnummer"),
        code=OuterRef("code"),
        regel=OuterRef("regel"),
        regio_id__lt=OuterRef("regio_id"),
    )
    eigen = NietVerwerkt.objects.filter(mbo_id=actor.organisatie_id, soort=AANMELDING)
    return eigen.exclude(afgehandeld_q()).exclude(Exists(dubbel))


def vragen_van(actor: Actor) -> QuerySet[NietVerwerkt]:
    """The open questions about leerlingen of the own school (W303)."""
    hier = Overstap.objects.zichtbaar_voor(actor).values("pk")
    return NietVerwerkt.objects.filter(soort=LEERLING, overstap_id__in=hier).exclude(afgehandeld_q())


def nieuwe_school(vragen: Iterable[NietVerwerkt]) -> dict[uuid.UUID, Vestiging]:
    """Of each question about another school: which one asked. One query."""
    van = {
        v.pk: uuid.UUID(json.loads(geheim.ontsleutel(v.inhoud, v.pk))["vestiging"])
        for v in vragen
        if v.regel == ANDERE_SCHOOL
    }
    scholen = Vestiging.objects.in_bulk(list(van.values())) if van else {}
    return {pk: scholen[vestiging] for pk, vestiging in van.items() if vestiging in scholen}


def vertrokken_van(actor: Actor, jaar: int) -> QuerySet[Schoolwissel]:
    """Leerlingen who left the own school for another one in the regio: all that it keeps of them. Newest first."""
    rijen = Schoolwissel.objects.filter(van_vestiging__in=vestigingen_van(actor), overstapjaar=jaar)
    return rijen.select_related("van_vestiging", "naar_vestiging").order_by("-op", "pk")


def aangemeld_niet_aangevinkt(actor: Actor) -> QuerySet[Overstap]:
    """Leerlingen of the own school who are not marked, and for whom an mbo delivered an aanmelding (W304)."""
    if actor.rol not in (Rol.DECAAN, Rol.MANAGER_VO):
        return Overstap.objects.none()
    wacht = NietVerwerkt.objects.filter(
        code=ONBEKEND, afgehandeld_op__isnull=True, overstapjaar=OuterRef("overstapjaar"),
        pgn_index=OuterRef("leerling__pgn_index"),
    )  # fmt: skip
    rijen: QuerySet[Overstap] = Overstap.objects.zichtbaar_voor(actor).filter(
        Exists(wacht), gemarkeerd_sinds__isnull=True, gesloten_op__isnull=True
    )
    return rijen


__all__ = [
    "ANDERE_SCHOOL", "NEE", "ONBEKEND", "OUDER", "REGEL", "aangemeld_niet_aangevinkt", "afgehandeld_q", "nieuwe_school", "van_mbo",
    "vertrokken_van", "vragen_van",
]  # fmt: skip
