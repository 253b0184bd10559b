"""Columns of a list and what stands in their cells. A column shows only for a role that sees its field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from overstap.schermen.omgeving import Omgeving
from statuses.status import Status
from statuses.zichtbaarheid import Veld


@dataclass(frozen=True)
class Cel:
    """One cell: a text, or a status, with something small behind it."""

    tekst: str = ""
    klein: str = ""
    status: Status | None = None
    zacht: bool = False
    getal: bool = False
    regels: tuple[str, ...] = ()  # more lines, each on its own


# What a column sorts on: field paths or expressions that are never null, for some only known with the day and the role.
Orde = tuple[Any, ...] | Callable[[Omgeving], tuple[Any, ...]]


@dataclass(frozen=True)
class Kolom:
    """Without an ``orde`` the column cannot be sorted; say beside it why not."""

    sleutel: str
    naam: str
    cel: Callable[[Any, Omgeving], Cel]
    orde: Orde = ()
    veld: Veld | None = None
    getal: bool = False
    eerst_af: bool = False  # the first click sorts downwards

    def orde_voor(self, o: Omgeving) -> tuple[Any, ...]:
        return self.orde(o) if callable(self.orde) else self.orde


@dataclass(frozen=True)
class Daad:
    """The button at the end of a row."""

    naam: str
    url: str


@dataclass(frozen=True)
class Rij:
    """A row as the template shows it: the first cell is its heading with the link."""

    pk: Any
    naam: str
    url: str
    cellen: tuple[Cel, ...]
    daad: Daad | None = None  # the act of the step that the list was opened for
