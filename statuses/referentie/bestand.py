"""Reading a table from a CSV file as others publish it: `;` or `,`, UTF-8 with or without BOM, or Windows-1252.

Nothing here knows what the columns mean. A file that cannot be read as a table raises `BestandFout` with one Dutch
sentence; a row that cannot be read is a `Weigering` and the others go on.
"""

import csv
import io
import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")

MAX_BYTES = 50 * 1024 * 1024
"""No published reference file comes near this; a larger one is a wrong file."""


class BestandFout(Exception):
    """The file as a whole cannot be used; the message is a Dutch sentence for the person who started the command."""


class VeldFout(Exception):
    """One field of one row is wrong: which column, a code for programs, a sentence for people."""

    def __init__(self, kolom: str, code: str, melding: str) -> None:
        super().__init__(melding)
        self.kolom = kolom
        self.code = code
        self.melding = melding


@dataclass(frozen=True, slots=True)
class Weigering:
    """A row that is not loaded. `rij` counts as a spreadsheet does: the header is row 1."""

    bestand: str
    rij: int
    kolom: str
    code: str
    melding: str


@dataclass(frozen=True, slots=True)
class Rij:
    """One row: its number and its fields by column name."""

    nummer: int
    waarden: Mapping[str, str]

    def tekst(self, kolom: str, *, verplicht: bool = True, hoogstens: int = 200) -> str:
        """The field with its spaces at the ends removed; an empty one is an error unless `verplicht` is off."""
        waarde = self.waarden.get(kolom, "").strip()
        if verplicht and not waarde:
            raise VeldFout(kolom, "leeg", f"Het veld {kolom} is leeg.")
        if len(waarde) > hoogstens:
            raise VeldFout(kolom, "te_lang", f"Het veld {kolom} is langer dan {hoogstens} tekens.")
        return waarde

    def volgens(self, kolom: str, patroon: str, uitleg: str, *, verplicht: bool = True) -> str:
        """A field that must have a certain form; `uitleg` says which, in words."""
        waarde = self.tekst(kolom, verplicht=verplicht)
        if waarde and not re.fullmatch(patroon, waarde, flags=re.ASCII):
            raise VeldFout(kolom, "vorm", f"Het veld {kolom} bevat '{waarde}', maar verwacht wordt {uitleg}.")
        return waarde


@dataclass(frozen=True, slots=True)
class Tabel:
    """A file read whole: its name, its columns (normalised, see `kolomnaam`), its rows, and the rows it refused."""

    naam: str
    kolommen: tuple[str, ...]
    rijen: tuple[Rij, ...]
    geweigerd: tuple[Weigering, ...]


@dataclass(slots=True)
class Gelezen(Generic[T]):
    """What a reader made of a file: good rows with their row number, and the refused ones."""

    bestand: str
    rijen: list[tuple[int, T]] = field(default_factory=list)
    geweigerd: list[Weigering] = field(default_factory=list)

    def weiger(self, rij: int, fout: VeldFout) -> None:
        """List row `rij` with the reason for which it is not loaded."""
        self.geweigerd.append(Weigering(self.bestand, rij, fout.kolom, fout.code, fout.melding))


def kolomnaam(kop: str) -> str:
    """A header as a name: 'EXAMENKANDIDATEN SCHOOLJAAR 2023-2024 - TOTAAL' -> examenkandidaten_schooljaar_2023_2024_totaal."""
    return re.sub(r"[^0-9a-z]+", "_", kop.strip().lower()).strip("_")


def lees_tabel(pad: Path, verplicht: tuple[str, ...]) -> Tabel:
    """Read `pad`; the columns in `verplicht` (names as `kolomnaam` makes them) must be there, others may be."""
    tekst = _inhoud(pad)
    if not tekst.strip():
        raise BestandFout(f"{pad.name} is leeg. Haal het bestand opnieuw op.")
    scheiding = _scheiding(tekst)
    try:
        alle = list(csv.reader(io.StringIO(tekst, newline=""), delimiter=scheiding))
    except csv.Error as fout:
        raise BestandFout(f"{pad.name} is niet te lezen als csv-bestand ({fout}).") from fout
    kolommen = tuple(kolomnaam(kop) for kop in alle[0])
    _controleer_kop(pad.name, kolommen, verplicht)
    rijen: list[Rij] = []
    geweigerd: list[Weigering] = []
    for nummer, cellen in enumerate(alle[1:], start=2):
        if not any(cel.strip() for cel in cellen):
            continue
        if len(cellen) != len(kolommen):
            melding = f"De rij heeft {len(cellen)} velden, de kopregel {len(kolommen)}."
            geweigerd.append(Weigering(pad.name, nummer, "", "aantal_velden", melding))
            continue
        rijen.append(Rij(nummer, dict(zip(kolommen, cellen, strict=True))))
    return Tabel(pad.name, kolommen, tuple(rijen), tuple(geweigerd))


def lees_rijen(tabel: Tabel, maak: Callable[[Rij], T], sleutel: Callable[[T], Hashable] | None = None) -> Gelezen[T]:
    """Make one `T` of every row; a row whose `sleutel` came before is refused (the first one counts)."""
    gelezen: Gelezen[T] = Gelezen(tabel.naam, geweigerd=list(tabel.geweigerd))
    eerder: dict[Hashable, int] = {}
    for rij in tabel.rijen:
        try:
            gemaakt = maak(rij)
            if sleutel is not None:
                eerste = eerder.setdefault(sleutel(gemaakt), rij.nummer)
                if eerste != rij.nummer:
                    raise VeldFout("", "dubbel", f"Deze rij staat er al: zie rij {eerste}.")
        except VeldFout as fout:
            gelezen.weiger(rij.nummer, fout)
        else:
            gelezen.rijen.append((rij.nummer, gemaakt))
    return gelezen


def _inhoud(pad: Path) -> str:
    try:
        if pad.stat().st_size > MAX_BYTES:
            raise BestandFout(
                f"{pad.name} is groter dan {MAX_BYTES // 1024 // 1024} MB; dit is niet het goede bestand."
            )
        ruw = pad.read_bytes()
    except OSError as fout:
        raise BestandFout(f"{pad.name} is niet te openen: {fout.strerror}.") from fout
    if b"\x00" in ruw:
        raise BestandFout(f"{pad.name} is geen csv-bestand. Sla het op als csv (UTF-8 of Windows-1252).")
    for codering in ("utf-8-sig", "cp1252"):
        try:
            return ruw.decode(codering)
        except UnicodeDecodeError:
            continue
    raise BestandFout(f"{pad.name} heeft een onbekende tekenset. Sla het op als UTF-8 of Windows-1252.")


def _scheiding(tekst: str) -> str:
    """The separator of the header row: whichever of `;` and `,` makes more columns."""
    kop = tekst.lstrip("\r\n").splitlines()[0]
    return max((";", ","), key=lambda teken: len(next(csv.reader([kop], delimiter=teken))))


def _controleer_kop(naam: str, kolommen: tuple[str, ...], verplicht: tuple[str, ...]) -> None:
    ontbreekt = [kolom for kolom in verplicht if kolom not in kolommen]
    if ontbreekt:
        raise BestandFout(
            f"In {naam} ontbreekt de kolom {', '.join(ontbreekt)}. Gevonden in de kopregel: {', '.join(kolommen)[:300]}."
        )
    dubbel = sorted({kolom for kolom in verplicht if kolommen.count(kolom) > 1})
    if dubbel:
        raise BestandFout(f"In {naam} staat de kolom {', '.join(dubbel)} meer dan één keer in de kopregel.")
