"""/gesprekken: the conversations of the own organisatie, the last written on top, in pages by key."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.utils.dateparse import parse_datetime

from accounts.actor import Actor
from accounts.scope import sleutel
from overstap.gesprekken.beeld import BerichtBeeld, berichten_van, met_wie, waarover
from overstap.gesprekken.lezen import met_alles, namen, ongelezen_q, tel_nieuw, wacht_q, zichtbare_gesprekken
from overstap.gesprekken.models import Gesprek
from overstap.gesprekken.regels import Soort
from statuses.status import Partij
from statuses.zichtbaarheid import naam_voor

PER_BLADZIJDE = 25
FILTERS = (
    ("alle", "Alle gesprekken"),
    ("ongelezen", "Ongelezen"),
    ("mij", "Aan mij"),
    ("wacht", "Wacht op ons antwoord"),
)


@dataclass(frozen=True, slots=True)
class GesprekRij:
    """A row of the list."""

    pk: uuid.UUID
    naam: str
    met: str
    waarover: str
    nieuw: int
    laatste: BerichtBeeld | None
    aan: str


def filter_q(naam: str, actor: Actor, partij: Partij) -> Q:
    """The filter behind a chip; KeyError for an unknown name."""
    return {
        "alle": Q(),
        "ongelezen": ongelezen_q(actor, partij),
        "mij": Q(**{f"aan_{partij}": actor.id}),
        "wacht": wacht_q(partij),
    }[naam]


def tellingen(actor: Actor, partij: Partij) -> dict[str, int]:
    """How many each chip gives; one query."""
    tel: dict[str, int] = zichtbare_gesprekken(actor).aggregate(
        alle=Count("pk"),
        **{naam: Count("pk", filter=filter_q(naam, actor, partij)) for naam, _ in FILTERS if naam != "alle"},
    )
    return tel


def _plek(waarde: str) -> tuple[datetime, uuid.UUID] | None:
    """Where a page begins: the time and key of a row; None for an address that names none."""
    tijd, _, pk = waarde.partition("_")
    try:
        op, gevonden = parse_datetime(tijd), sleutel(pk)
    except ValueError:
        return None
    # Only what an earlier page wrote: in UTC, and a year that the database can count with.
    bruikbaar = op is not None and op.utcoffset() == timedelta(0) and 2000 <= op.year <= 2200
    return (op, gevonden) if bruikbaar and op is not None and gevonden is not None else None


def _van(rij: Gesprek) -> str:
    return f"{rij.laatste_op.isoformat()}_{rij.pk}"


def _blad(rijen: QuerySet[Gesprek], na: str, voor: str) -> tuple[list[Gesprek], bool, bool]:
    """One page, and whether there is something before and after it."""
    if plek := _plek(voor):
        later = Q(laatste_op__gt=plek[0]) | Q(laatste_op=plek[0], pk__gt=plek[1])
        blad = list(rijen.filter(later).order_by("laatste_op", "pk")[: PER_BLADZIJDE + 1])
        return blad[:PER_BLADZIJDE][::-1], len(blad) > PER_BLADZIJDE, True
    eerder = Q()
    if plek := _plek(na):
        eerder = Q(laatste_op__lt=plek[0]) | Q(laatste_op=plek[0], pk__lt=plek[1])
    blad = list(rijen.filter(eerder).order_by("-laatste_op", "-pk")[: PER_BLADZIJDE + 1])
    return blad[:PER_BLADZIJDE], plek is not None, len(blad) > PER_BLADZIJDE


def lijst_context(actor: Actor, partij: Partij, toon: str, na: str, voor: str, pad: str) -> dict[str, Any]:
    """All that templates/gesprekken/lijst.html shows; a constant number of queries."""
    tel = tellingen(actor, partij)
    rijen = zichtbare_gesprekken(actor).filter(filter_q(toon, actor, partij))
    blad, vorige, volgende = _blad(met_alles(rijen), na, voor)

    def url(**deel: str) -> str:
        vraag = {"toon": toon, **deel} if toon != "alle" else deel
        return f"{pad}?{urlencode(vraag)}" if vraag else pad

    return {
        "rijen": _rijen(blad, actor, partij),
        "onderwerpen": [(g.regio_id, g.overstap.leerling_id) for g in blad],  # for the log
        "toon": toon,
        "totaal": tel["alle"],
        "chips": [
            {
                "naam": naam,
                "url": f"{pad}?toon={code}" if code != "alle" else pad,
                "aantal": tel[code],
                "actief": code == toon,
            }
            for code, naam in FILTERS
        ],
        "vorige": url(voor=_van(blad[0])) if vorige and blad else "",
        "volgende": url(na=_van(blad[-1])) if volgende and blad else "",
        "begin_alle": pad,
        "kolommen": [{"naam": n} for n in ("Leerling", "Met", "Laatste bericht", "Bij")],
    }


def _rijen(blad: list[Gesprek], actor: Actor, partij: Partij) -> list[GesprekRij]:
    berichten = berichten_van(blad, partij, actor, laatste=1)
    nieuw = tel_nieuw(blad, partij)
    aan = {g.pk: getattr(g, f"aan_{partij}") for g in blad}
    mensen = namen(aan.values())
    return [
        GesprekRij(
            pk=g.pk,
            naam=naam_voor(actor, g.overstap, lijst=True),
            met=met_wie(Soort(g.soort), partij, g.overstap, g.aanmelding),
            waarover=waarover(actor, Soort(g.soort), g.aanmelding),
            nieuw=nieuw.get(g.pk, 0),
            laatste=next(iter(berichten.get(g.pk, ())), None),
            aan="u" if aan[g.pk] == actor.id and actor.id else mensen.get(aan[g.pk], ""),
        )
        for g in blad
    ]
