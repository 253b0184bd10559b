"""A row of a file, read cell by cell: all that is wrong with it is listed, not only the first thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from overstap.aanlevering.bestand import Blad
from overstap.aanlevering.kolommen import Koppeling
from overstap.aanlevering.uitslag import Regel, VeldFout
from overstap.aanlevering.waarden import bsn, onderwijsnummer

T = TypeVar("T")
W = TypeVar("W")


@dataclass(slots=True)
class Gelezen(Generic[T]):
    """Good rows with their row number, refused ones with every reason, and the header they came under."""

    koppeling: Koppeling
    goed: list[tuple[int, T]] = field(default_factory=list)
    regels: list[Regel] = field(default_factory=list)
    geweigerd: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Rij:
    """One row. ``veld`` reads a cell; what is wrong lands in ``fouten``."""

    nummer: int
    cellen: list[str]
    koppeling: Koppeling
    fouten: list[Regel] = field(default_factory=list)

    def rauw(self, veld: str) -> str:
        """The text of the cell; empty when the file has no such column."""
        plek = self.koppeling.plek.get(veld)
        return self.cellen[plek] if plek is not None and plek < len(self.cellen) else ""

    def kent(self, veld: str) -> bool:
        """Whether the file has this column at all: an empty cell says something, a missing column nothing."""
        return veld in self.koppeling.plek

    def veld(self, veld: str, lees: Callable[[str], W], *, verplicht: bool = False) -> W | None:
        """The value of a filled cell; None when it is empty or wrong (then that is listed)."""
        waarde = self.rauw(veld)
        if not waarde:
            if verplicht:
                self.fout(veld, "T001", "Deze cel is leeg, en moet gevuld zijn.")
            return None
        try:
            return lees(waarde)
        except VeldFout as fout:
            self.fout(veld, fout.code, fout.melding)
            return None

    def fout(self, veld: str, code: str, melding: str) -> None:
        """List what is wrong with this veld, under the name that the file gives its column."""
        self.fouten.append(Regel(self.nummer, self.koppeling.naam.get(veld, veld), code, melding))

    def pgn(self) -> tuple[str, str]:
        """(soort, number) of exactly one of burgerservicenummer and onderwijsnummer; ("", "") when that is wrong."""
        gevuld = [veld for veld in ("bsn", "onderwijsnummer", "pgn") if self.rauw(veld)]
        if len(gevuld) != 1:
            kolom = gevuld[0] if gevuld else next(v for v in ("bsn", "onderwijsnummer", "pgn") if self.kent(v))
            wat = "Er staan twee nummers." if gevuld else "Er staat geen nummer."
            self.fout(
                kolom, "F102", f"{wat} Vul een burgerservicenummer in, of een onderwijsnummer: precies één van de twee."
            )
            return "", ""
        if gevuld == ["onderwijsnummer"]:
            return "own", self.veld("onderwijsnummer", onderwijsnummer) or ""
        if gevuld == ["bsn"]:
            return "bsn", self.veld("bsn", bsn) or ""
        try:
            return "own", onderwijsnummer(self.rauw("pgn"))
        except VeldFout:
            return "bsn", self.veld("pgn", bsn) or ""


def lees_rijen(blad: Blad, koppeling: Koppeling, maak: Callable[[Rij], T | None]) -> Gelezen[T]:
    """Make a ``T`` of each row; one with something wrong is refused and leaves the others."""
    gelezen: Gelezen[T] = Gelezen(koppeling)
    for rij in _rijen(blad, koppeling):
        gemaakt = None if rij.fouten else maak(rij)
        if rij.fouten or gemaakt is None:
            gelezen.regels += rij.fouten
            gelezen.geweigerd.append(rij.nummer)
        else:
            gelezen.goed.append((rij.nummer, gemaakt))
    return gelezen


def _rijen(blad: Blad, koppeling: Koppeling) -> Iterator[Rij]:
    breed = len(blad.kop)
    for nummer, cellen in blad.rijen:
        rij = Rij(nummer, cellen, koppeling)
        if any(cellen[breed:]):
            rij.fout(
                "",
                "T001",
                "Deze rij heeft meer cellen dan de kopregel. Staat er een scheidingsteken in een cel? Zet die cel tussen aanhalingstekens.",
            )
        yield rij
