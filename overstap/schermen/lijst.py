"""A list as data, and the sheet of it that one request shows: filters in the address, chips with counts, keyset pages.

A room makes a :class:`Lijst` and hands it to the views in ``lijst_views``. Queries, whatever the number of rows: the calendar,
counts and choices (one aggregate), the rows, what the list adds to them, and the row behind the cursor when there is one.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Q, QuerySet
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
    kop: Callable[[Omgeving], tuple[str, dict[str, Any]] | None] = lambda o: None

    def zichtbare_filters(self, o: Omgeving) -> tuple[Filter, ...]:
        return tuple(f for f in self.filters if f.veld is None or o.ziet(f.veld))

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


class Rangschikking:
    """The order of a list as comparable keys: the chosen column, then the name, then the primary key."""

    def __init__(self, lijst: Lijst, vraag: Vraag) -> None:
        gekozen = next(k for k in lijst.kolommen if k.sleutel == vraag.sorteer)
        delen = [(d, vraag.af) for d in gekozen.orde] + [(d, False) for d in lijst.naam_orde if d not in gekozen.orde]
        self.namen = [(f"_s{i}", af) for i, (_, af) in enumerate(delen)] + [("pk", False)]
        self.annotaties = {f"_s{i}": F(d) if isinstance(d, str) else d for i, (d, _) in enumerate(delen)}

    def orde(self, *, omgekeerd: bool = False) -> list[str]:
        return [f"-{n}" if af != omgekeerd else n for n, af in self.namen]

    def sleutel(self, rijen: QuerySet[Any], pk: uuid.UUID) -> tuple[Any, ...] | None:
        """The keys of one row, from its id: a name never stands in an address."""
        gevonden: tuple[Any, ...] | None = (
            rijen.annotate(**self.annotaties).filter(pk=pk).values_list(*(n for n, _ in self.namen)).first()
        )
        return gevonden

    def na(self, sleutel: tuple[Any, ...], *, omgekeerd: bool = False) -> Q:
        """The rows behind these keys (or before them)."""
        uit, gelijk = Q(pk__in=[]), Q()
        for (naam, af), waarde in zip(self.namen, sleutel, strict=True):
            uit |= gelijk & Q(**{f"{naam}__{'lt' if af != omgekeerd else 'gt'}": waarde})
            gelijk &= Q(**{naam: waarde})
        return uit


def _preset_q(lijst: Lijst, o: Omgeving, params: Mapping[str, str]) -> Q:
    q = Q()
    for filter_ in lijst.zichtbare_filters(o):
        waarde = params.get(filter_.naam)
        if filter_.preset and waarde:
            q &= filter_.q(filter_.lees(waarde), o)
    return q


def preset_params(lijst: Lijst, params: Mapping[str, str]) -> dict[str, str]:
    """The preset parameters that hold: those given, or with none the list's own. A step says itself who is in it."""
    presets = {f.naam for f in lijst.filters if f.preset}
    gegeven = {n: w for n, w in params.items() if n in presets}
    return gegeven if "stap" in gegeven else {**lijst.standaard, **gegeven}


@dataclass
class Selectie:
    """The rows of a list that a vraag asks for, before paging."""

    lijst: Lijst
    o: Omgeving
    vraag: Vraag

    def breed(self) -> QuerySet[Any]:
        """All rows within the filters that are no preset: what chips count over."""
        rijen = self.lijst.rijen(self.o)
        for filter_ in self.lijst.zichtbare_filters(self.o):
            if not filter_.preset and filter_.naam in self.vraag.waarden:
                rijen = rijen.filter(filter_.q(self.vraag.waarden[filter_.naam], self.o))
        return rijen

    def preset(self) -> Q:
        return _preset_q(self.lijst, self.o, preset_params(self.lijst, self.vraag.tekst))

    def rijen(self) -> QuerySet[Any]:
        return self.breed().filter(self.preset())

    def ids(self, hoogstens: int) -> list[uuid.UUID]:
        return list(self.rijen().order_by("pk").values_list("pk", flat=True)[:hoogstens])


@dataclass
class Blad:
    """One page of a list."""

    rijen: list[Any]
    totaal: int
    begin: int  # how many stand before it
    cijfers: dict[str, Any]
    chips: list[int]
    is_eerste: bool
    is_laatste: bool


def maak_blad(lijst: Lijst, o: Omgeving, vraag: Vraag) -> Blad:
    """Count, choose, cut. A cursor whose row is gone begins at the first page."""
    s, rang = Selectie(lijst, o, vraag), Rangschikking(lijst, vraag)
    achteruit = vraag.voor is not None and vraag.na is None
    anker = vraag.na or vraag.voor
    sleutel = rang.sleutel(lijst.rijen(o), anker) if anker else None
    cijfers = _tel(s, rang, sleutel) | lijst.keuzecijfers(lijst.rijen(o), o)
    rijen = s.rijen().annotate(**rang.annotaties, **lijst.annotaties(o))
    if sleutel is not None:
        rijen = rijen.filter(rang.na(sleutel, omgekeerd=achteruit))
    stuk = list(rijen.order_by(*rang.orde(omgekeerd=achteruit))[: vraag.per + 1])
    meer = len(stuk) > vraag.per
    stuk = stuk[: vraag.per]
    if achteruit and sleutel is not None:
        stuk.reverse()
        begin = max(cijfers["voor"] - len(stuk), 0)
        eerste, laatste = not meer, False
    else:
        begin = cijfers["tot_en_met"] if sleutel is not None else 0
        eerste, laatste = begin == 0, not meer
    lijst.verrijk(stuk, o)
    chips = [cijfers[f"chip{i}"] for i in range(len(lijst.chips))]
    return Blad(stuk, cijfers["toon"], begin, cijfers, chips, eerste, laatste)


def _tel(s: Selectie, rang: Rangschikking, sleutel: tuple[Any, ...] | None) -> dict[str, Any]:
    """Counts of the page, of every chip and of what stands before, and the choices of the filters: one query."""
    toon = s.preset()
    tel: dict[str, Any] = {"toon": Count("pk", filter=toon)}
    for i, chip in enumerate(s.lijst.chips):
        tel[f"chip{i}"] = Count("pk", filter=_preset_q(s.lijst, s.o, preset_params(s.lijst, chip.params)))
    if sleutel is not None:
        tel["voor"] = Count("pk", filter=toon & rang.na(sleutel, omgekeerd=True))
        tel["tot_en_met"] = Count("pk", filter=toon & ~rang.na(sleutel))
    rijen = s.breed().order_by()
    if sleutel is not None:
        rijen = rijen.annotate(**rang.annotaties)
    for naam, veld in s.lijst.cijfers.items():
        tel[naam] = ArrayAgg(veld, distinct=True, filter=Q(**{f"{veld}__isnull": False}) & ~Q(**{veld: ""}))
    return rijen.aggregate(**tel)


@dataclass(frozen=True)
class Plek:
    """Where one row stands in the list that the viewer came from: "3 van 31"."""

    nummer: int
    totaal: int
    vorige: Any
    volgende: Any


def zoek_plek(lijst: Lijst, o: Omgeving, vraag: Vraag, pk: uuid.UUID) -> Plek | None:
    """The place of a row and its neighbours; None when it is not in the list any more (an act moved it out)."""
    s, rang = Selectie(lijst, o, vraag), Rangschikking(lijst, vraag)
    sleutel = rang.sleutel(s.rijen(), pk)
    if sleutel is None:
        return None
    rijen = s.rijen().annotate(**rang.annotaties)
    tel = rijen.order_by().aggregate(totaal=Count("pk"), voor=Count("pk", filter=rang.na(sleutel, omgekeerd=True)))
    volgende = rijen.filter(rang.na(sleutel)).order_by(*rang.orde()).first()
    vorige = rijen.filter(rang.na(sleutel, omgekeerd=True)).order_by(*rang.orde(omgekeerd=True)).first()
    return Plek(tel["voor"] + 1, tel["totaal"], vorige, volgende)


def rij_url(lijst: Lijst, rij: Any, deel: str) -> str:
    """The leerling behind a row, with the filters of the list, and the row itself where that is an aanmelding."""
    overstap = lijst.overstap(rij)
    delen = [deel, f"rij={rij.pk}" if rij.pk != overstap.pk else ""]
    vraag = "&".join(d for d in delen if d)
    url = reverse("leerling", args=[overstap.pk])
    return f"{url}?{vraag}" if vraag else url
