"""What came of a file: counts, and a line per row that somebody must look at. Never a pgn."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

_CIJFERREEKS = re.compile(r"(?:\d[ .\-]?){9,}|\d{7,}")


class BestandFout(Exception):
    """The file as a whole cannot be used; a Dutch sentence that says why and how to mend it. Nothing was changed."""


class VeldFout(Exception):
    """One cell is wrong: a code (vva.md, Answers) and a Dutch sentence."""

    def __init__(self, code: str, melding: str) -> None:
        super().__init__(melding)
        self.code, self.melding = code, melding


@dataclass(frozen=True, slots=True)
class Regel:
    """A line about one row. ``rij`` as a spreadsheet counts (header 1), ``kolom`` as in the file, "" for the whole row.

    ``soort``: geweigerd (not taken) or let_op (taken, but somebody should know).
    """

    rij: int
    kolom: str
    code: str
    melding: str
    soort: Literal["geweigerd", "let_op"] = "geweigerd"


@dataclass(slots=True)
class Uitslag:
    """The outcome of a trial or of an import."""

    rijen: dict[str, list[int]] = field(
        default_factory=lambda: {"nieuw": [], "gewijzigd": [], "ongewijzigd": [], "geweigerd": []}
    )
    regels: list[Regel] = field(default_factory=list)
    kolommen_onbekend: list[str] = field(default_factory=list)
    opmerkingen: list[str] = field(default_factory=list)
    # False for a trial, and when "only if all is right" met a refused row: then nothing was changed.
    toegepast: bool = False

    @property
    def nieuw(self) -> int:
        return len(self.rijen["nieuw"])

    @property
    def gewijzigd(self) -> int:
        return len(self.rijen["gewijzigd"])

    @property
    def ongewijzigd(self) -> int:
        return len(self.rijen["ongewijzigd"])

    @property
    def geweigerd(self) -> int:
        return len(self.rijen["geweigerd"])

    @property
    def totaal(self) -> int:
        return sum(len(rijen) for rijen in self.rijen.values())

    def als_json(self) -> dict[str, Any]:
        """The document of ``importeer --json`` (raakvlakken.md), with the columns that were left out beside it."""
        return {
            "nieuw": self.nieuw,
            "gewijzigd": self.gewijzigd,
            "ongewijzigd": self.ongewijzigd,
            "geweigerd": self.geweigerd,
            "regels": [{"rij": r.rij, "kolom": r.kolom, "code": r.code, "melding": r.melding} for r in self.regels],
            "kolommen_onbekend": self.kolommen_onbekend,
            "opmerkingen": self.opmerkingen,
        }

    def als_opslag(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def uit_opslag(cls, waarden: dict[str, Any]) -> Uitslag:
        return cls(**{**waarden, "regels": [Regel(**r) for r in waarden["regels"]]})


def toon(waarde: str) -> str:
    """A value of the file as it may stand in a sentence: short, and without anything that could be a pgn."""
    schoon = _CIJFERREEKS.sub("…", "".join(t for t in waarde if t.isprintable()))
    return schoon if len(schoon) <= 40 else schoon[:39] + "…"


def opsomming(namen: Iterable[str], voeg: str = "en") -> str:
    """ "a, b en c"."""
    lijst = list(namen)
    return lijst[0] if len(lijst) == 1 else f"{', '.join(lijst[:-1])} {voeg} {lijst[-1]}" if lijst else ""


def rijen_in_woorden(rijen: Sequence[int]) -> str:
    """ "2 tot en met 14, 16 en 20", for a list of row numbers."""
    groepen: dict[int, list[int]] = defaultdict(list)
    for i, rij in enumerate(sorted(rijen)):
        groepen[rij - i].append(rij)
    delen: list[str] = []
    for groep in groepen.values():
        delen += [f"{groep[0]} tot en met {groep[-1]}"] if len(groep) > 2 else [str(rij) for rij in groep]
    return opsomming(delen)
