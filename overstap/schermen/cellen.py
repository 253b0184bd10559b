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
    """One cell: a text, or a status, with something small behind it. ``url`` makes the text a link."""

    tekst: str = ""
    klein: str = ""
    status: Status | None = None
    zacht: bool = False
    getal: bool = False
    regels: tuple[str, ...] = ()  # more lines, each on its own


@dataclass(frozen=True)
class Kolom:
    """``orde`` are field paths or expressions that are never null; without them the column cannot be sorted."""

    sleutel: str
    naam: str
    cel: Callable[[Any, Omgeving], Cel]
    orde: tuple[Any, ...] = ()
    veld: Veld | None = None
    getal: bool = False
    eerst_af: bool = False  # the first click sorts downwards


@dataclass(frozen=True)
class Rij:
    """A row as the template shows it: the first cell is its heading with the link."""

    pk: Any
    naam: str
    url: str
    cellen: tuple[Cel, ...]
