"""A list as data, and the question that an address asks of it: filters, order, page size, where the page begins.

A room makes a :class:`Lijst` and hands it to the views in ``lijst_views``; ``blad`` cuts the page that one request shows.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from overstap.schermen.acties import Knop
from overstap.schermen.cellen import Kolom
from overstap.schermen.filters import Filter
from overstap.schermen.omgeving import Omgeving, OnjuisteVraag
from statuses.models import Overstap
from statuses.werklijsten import PER_ID

GROOTTES = (50, 100, 250)


@dataclass(frozen=True)
class Chip:
    """A ready-made filter with its count: the preset parameters that it stands for."""

    naam: str
    params: Mapping[str, str]


@dataclass(frozen=True)
class Lijst:
    """What a list is, for one role. ``rijen`` are all rows that may be in it; filters narrow them."""

    pagina: str
    titel: str
    eenheid: tuple[str, str]
    rijen: Callable[[Omgeving], QuerySet[Any]]
    filters: tuple[Filter, ...]
    kolommen: tuple[Kolom, ...]
    chips: tuple[Chip, ...]
    acties: tuple[Knop, ...] = ()
    sorteer: str = "naam"
    # Ends every order, so that rows with the same value keep one place.
    naam_orde: tuple[Any, ...] = ("leerling__zoeknaam",)
    standaard: Mapping[str, str] = field(
        default_factory=dict
    )  # preset parameters that hold when the address says nothing
    annotaties: Callable[[Omgeving], dict[str, Any]] = lambda o: {}
    verrijk: Callable[[Sequence[Any], Omgeving], None] = lambda rijen, o: None
    cijfers: Mapping[str, str] = field(default_factory=dict)  # name -> field, distinct values for the choices
    # More of them, from the rows within the filters; one query.
    keuzecijfers: Callable[[QuerySet[Any], Omgeving], dict[str, Any]] = lambda rijen, o: {}
    overstap: Callable[[Any], Overstap] = lambda rij: rij
    naam: Callable[[Any, Omgeving], str] = lambda rij, o: rij.leerling.lijstnaam
    leeg: str = "Er zijn geen leerlingen die bij dit filter passen."
    # What stands above the filters: a template and, as ``kop`` in it, what it shows.
    kop: Callable[[Omgeving, Vraag], tuple[str, dict[str, Any]] | None] = lambda o, vraag: None

    def zichtbare_filters(self, o: Omgeving) -> tuple[Filter, ...]:
        return tuple(f for f in self.filters if f.veld is None or o.ziet(f.veld))

    def in_woorden(self, vraag: Vraag) -> str:
        """The filters as people would say them; a name that was searched for is not repeated."""
        stap = PER_ID.get(vraag.tekst.get("stap", ""))
        delen = [f"Stap: {stap.naam}"] if stap else []
        tekst = {**vraag.tekst, **preset_params(self, vraag.tekst)}
        for filter_ in self.filters:
            waarde = tekst.get(filter_.naam)
            if waarde and filter_.naam != "stap":
                delen.append(f"{filter_.label}: {filter_.woord(waarde)}")
        return "; ".join(delen)

    def zichtbare_kolommen(self, o: Omgeving) -> tuple[Kolom, ...]:
        return tuple(k for k in self.kolommen if k.veld is None or o.ziet(k.veld))


@dataclass(frozen=True)
class Vraag:
    """The question that an address asks of a list, read and checked."""

    tekst: dict[str, str]  # filter name -> as written
    waarden: dict[str, Any]  # filter name -> as read
    sorteer: str
    af: bool
    per: int
    na: uuid.UUID | None = None
    voor: uuid.UUID | None = None

    def url_deel(self, **anders: str | None) -> str:
        """The query string with some parameters changed (None: left out); a changed filter starts at the first page."""
        delen = {**self.tekst, **self.vorm(), **anders}
        return urlencode({n: w for n, w in delen.items() if w}, safe=",:")

    def plaats(self) -> dict[str, str]:
        """Where the page begins, to come back to the same one: the id of the row before or behind it."""
        return {n: str(w) for n, w in (("na", self.na), ("voor", self.voor)) if w}

    def vorm(self) -> dict[str, str]:
        """How it is shown: order and size, where they are not the usual."""
        return {n: w for n, w in (("sorteer", self.tekst.get("sorteer", "")), ("per", self.tekst.get("per", ""))) if w}


def lees_vraag(lijst: Lijst, o: Omgeving, vraag: QueryDict, zoekterm: str = "") -> Vraag:
    """Read the parameters; raises :class:`OnjuisteVraag` with a sentence. ``zoekterm`` stands behind ``?zoek=ja``."""
    tekst: dict[str, str] = {}
    waarden: dict[str, Any] = {}
    if vraag.get("jaar"):
        tekst["jaar"] = o.jaar_naam
    for filter_ in lijst.zichtbare_filters(o):
        geschreven = ",".join(w for w in vraag.getlist(filter_.naam) if w).replace("\x00", "")
        if not geschreven:
            continue
        tekst[filter_.naam] = geschreven
        echt = zoekterm if filter_.naam == "zoek" and geschreven == "ja" else geschreven
        if not echt:
            del tekst[filter_.naam]
            continue
        try:
            waarden[filter_.naam] = filter_.lees(echt)
            filter_.q(waarden[filter_.naam], o)
        except ValueError as fout:
            raise OnjuisteVraag(f"Het filter '{filter_.label.lower()}' klopt niet. {fout}") from fout
    sorteer, af = _lees_sorteer(lijst, o, vraag, tekst)
    per = _lees_per(vraag, tekst)
    return Vraag(tekst, waarden, sorteer, af, per, _lees_sleutel(vraag, "na"), _lees_sleutel(vraag, "voor"))


def _lees_sorteer(lijst: Lijst, o: Omgeving, vraag: QueryDict, tekst: dict[str, str]) -> tuple[str, bool]:
    stap = PER_ID.get(tekst.get("stap", ""))
    gevraagd = vraag.get("sorteer") or ""
    mogelijk = {k.sleutel for k in lijst.zichtbare_kolommen(o) if k.orde}
    if gevraagd:
        if gevraagd.lstrip("-") not in mogelijk:
            raise OnjuisteVraag(f"Sorteren kan op: {', '.join(sorted(mogelijk))}. Zet er een - voor om om te draaien.")
        tekst["sorteer"] = gevraagd
    keuze = gevraagd or (stap.sorteer if stap and stap.sorteer in mogelijk else lijst.sorteer)
    return keuze.lstrip("-"), keuze.startswith("-")


def _lees_per(vraag: QueryDict, tekst: dict[str, str]) -> int:
    per = vraag.get("per") or ""
    if not per:
        return GROOTTES[0]
    if per not in {str(g) for g in GROOTTES}:
        raise OnjuisteVraag(f"Per bladzijde kan {', '.join(map(str, GROOTTES))}.")
    tekst["per"] = per
    return int(per)


def _lees_sleutel(vraag: QueryDict, naam: str) -> uuid.UUID | None:
    if not vraag.get(naam):
        return None
    try:
        return uuid.UUID(vraag.get(naam))
    except ValueError as fout:
        raise OnjuisteVraag("Deze bladzijde bestaat niet meer. Begin weer op de eerste bladzijde.") from fout


def preset_params(lijst: Lijst, params: Mapping[str, str]) -> dict[str, str]:
    """The preset parameters that hold: those given, or with none the list's own. A step says itself who is in it."""
    presets = {f.naam for f in lijst.filters if f.preset}
    gegeven = {n: w for n, w in params.items() if n in presets}
    return gegeven if "stap" in gegeven else {**lijst.standaard, **gegeven}


def rij_url(lijst: Lijst, rij: Any, deel: str) -> str:
    """The leerling behind a row, with the filters of the list, and the row itself where that is an aanmelding."""
    overstap = lijst.overstap(rij)
    delen = [deel, f"rij={rij.pk}" if rij.pk != overstap.pk else ""]
    vraag = "&".join(d for d in delen if d)
    url = reverse("leerling", args=[overstap.pk])
    return f"{url}?{vraag}" if vraag else url
