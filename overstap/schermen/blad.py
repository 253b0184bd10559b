"""One page of a list: its order, the rows that an address asks for, what is counted over them, and the place of one row.

Queries, whatever the number of rows: counts and choices (one aggregate), the rows, what the list adds to them, and the row
behind the cursor and what stands before it when there is one.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Aggregate, BigIntegerField, Count, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from overstap.schermen.lijst import Lijst, Vraag, preset_params
from overstap.schermen.omgeving import Omgeving


class Rangschikking:
    """The order of a list as comparable keys: the chosen column, then the name, then the primary key."""

    def __init__(self, lijst: Lijst, o: Omgeving, vraag: Vraag) -> None:
        gekozen = next(k for k in lijst.zichtbare_kolommen(o) if k.sleutel == vraag.sorteer).orde_voor(o)
        delen = [(d, vraag.af) for d in gekozen] + [(d, False) for d in lijst.naam_orde if d not in gekozen]
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

    def afdruk(self) -> str:
        return str(self.rijen().order_by().aggregate(afdruk=afdruk())["afdruk"] or 0)

    def ids(self, hoogstens: int) -> list[uuid.UUID]:
        return list(self.rijen().order_by("pk").values_list("pk", flat=True)[:hoogstens])


def afdruk(waar: Q | None = None) -> BitXor:
    """One number for which rows these are, whatever their order: another row in or out gives another number."""
    return BitXor(Func(Cast("pk", TextField()), Value(0), function="hashtextextended"), filter=waar)


class BitXor(Aggregate):
    function = "BIT_XOR"
    output_field = BigIntegerField()


@dataclass
class Blad:
    """One page of a list."""

    rijen: list[Any]
    totaal: int
    begin: int  # how many stand before it
    afdruk: str  # of the rows of all pages together
    cijfers: dict[str, Any]
    chips: list[int]
    is_eerste: bool
    is_laatste: bool


def maak_blad(lijst: Lijst, o: Omgeving, vraag: Vraag) -> Blad:
    """Count, choose, cut. A cursor whose row is gone begins at the first page."""
    s, rang = Selectie(lijst, o, vraag), Rangschikking(lijst, o, vraag)
    achteruit = vraag.voor is not None and vraag.na is None
    anker = vraag.na or vraag.voor
    sleutel = rang.sleutel(lijst.rijen(o), anker) if anker else None
    cijfers = _tel(s) | lijst.keuzecijfers(lijst.rijen(o), o)
    rijen = s.rijen().annotate(**rang.annotaties, **lijst.annotaties(o))
    if sleutel is not None:
        rijen = rijen.filter(rang.na(sleutel, omgekeerd=achteruit))
    stuk = list(rijen.order_by(*rang.orde(omgekeerd=achteruit))[: vraag.per + 1])
    meer = len(stuk) > vraag.per
    stuk = stuk[: vraag.per]
    if achteruit and sleutel is not None:
        stuk.reverse()
        begin = max(_tel_rang(s, rang, rang.na(sleutel, omgekeerd=True)) - len(stuk), 0)
        eerste, laatste = not meer, False
    else:
        begin = cijfers["toon"] - _tel_rang(s, rang, rang.na(sleutel)) if sleutel is not None else 0
        eerste, laatste = begin == 0, not meer
    lijst.verrijk(stuk, o)
    chips = [cijfers[f"chip{i}"] for i in range(len(lijst.chips))]
    return Blad(stuk, cijfers["toon"], begin, str(cijfers["afdruk"] or 0), cijfers, chips, eerste, laatste)


def _tel(s: Selectie) -> dict[str, Any]:
    """Counts of the page and of every chip, and the choices of the filters: one query."""
    toon = s.preset()
    tel: dict[str, Any] = {"toon": Count("pk", filter=toon), "afdruk": afdruk(toon)}
    for i, chip in enumerate(s.lijst.chips):
        tel[f"chip{i}"] = Count("pk", filter=_preset_q(s.lijst, s.o, preset_params(s.lijst, chip.params)))
    for naam, veld in s.lijst.cijfers.items():
        tel[naam] = ArrayAgg(veld, distinct=True, filter=Q(**{f"{veld}__isnull": False}) & ~Q(**{veld: ""}))
    # Not aggregate(): that compares every part of each of these with all the ones before it, a third of the page's time.
    rijen = (
        s.breed().order_by().annotate(alle=Value(1)).values("alle").annotate(**{f"n_{n}": a for n, a in tel.items()})
    )
    geteld = next(iter(rijen.values(*(f"n_{n}" for n in tel))), None)
    if geteld is None:  # a filter that nothing can meet is not asked at all
        return {n: 0 if isinstance(a, Count) else None for n, a in tel.items()}
    return {n: geteld[f"n_{n}"] for n in tel}


def _tel_rang(s: Selectie, rang: Rangschikking, waar: Q) -> int:
    """How many rows stand on one side of the cursor. Not in the one query of the counts: a column may sort on a subquery."""
    aantal: int = s.rijen().order_by().annotate(**rang.annotaties).filter(waar).count()
    return aantal


@dataclass(frozen=True)
class Plek:
    """Where one row stands in the list that the viewer came from: "3 van 31"; without a nummer it left the list."""

    nummer: int | None
    totaal: int
    vorige: Any
    volgende: Any


def zoek_plek(lijst: Lijst, o: Omgeving, vraag: Vraag, pk: uuid.UUID) -> Plek | None:
    """The place of a row and its neighbours. A row that an act moved out of the filter keeps the neighbours of where it
    stood, so that the next leerling is one click away. None when this role does not see the row.
    """
    s, rang = Selectie(lijst, o, vraag), Rangschikking(lijst, o, vraag)
    sleutel = rang.sleutel(lijst.rijen(o), pk)
    if sleutel is None:
        return None
    rijen = s.rijen().annotate(**rang.annotaties)
    tel = rijen.order_by().aggregate(
        totaal=Count("pk"),
        voor=Count("pk", filter=rang.na(sleutel, omgekeerd=True)),
        zelf=Count("pk", filter=Q(pk=pk)),
    )
    volgende = rijen.filter(rang.na(sleutel)).order_by(*rang.orde()).first()
    vorige = rijen.filter(rang.na(sleutel, omgekeerd=True)).order_by(*rang.orde(omgekeerd=True)).first()
    return Plek(tel["voor"] + 1 if tel["zelf"] else None, tel["totaal"], vorige, volgende)
