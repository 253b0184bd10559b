"""A file as people send it -> a header and rows of text. Nothing here knows what the columns mean.

csv: ``;``, ``,`` or tab, UTF-8 (with or without BOM), UTF-16 as Excel writes it, or Windows-1252. Excel: see basis/xlsx_lezen.py.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from overstap.aanlevering.uitslag import BestandFout
from overstap.basis.xlsx_lezen import WerkmapFout, is_werkmap, lees_werkmap

MB = 1024 * 1024
MAX_BYTES = 10 * MB
MAX_RIJEN = 20_000
MAX_KOLOMMEN = 200

TE_GROOT = f"Dit bestand is groter dan {MAX_BYTES // MB} MB en is niet gelezen. Lever alleen de tabel aan, of verdeel haar over meer bestanden."
_ANDERE_SOORTEN = {
    b"%PDF": "een pdf-bestand",
    b"\x89PNG": "een afbeelding",
    b"\xff\xd8\xff": "een afbeelding",
    b"GIF8": "een afbeelding",
    b"{\\rtf": "een tekstdocument",
    b"<htm": "een webpagina",
    b"<!DO": "een webpagina",
}


@dataclass(slots=True)
class Blad:
    """A table: the header as in the file, each filled row with its number (header row included in the count)."""

    kop: list[str]
    rijen: list[tuple[int, list[str]]]
    opmerkingen: list[str] = field(default_factory=list)


def lees_blad(inhoud: bytes) -> Blad:
    """The table in a file, told by its content and not by its name; raises :class:`BestandFout`."""
    if len(inhoud) > MAX_BYTES:
        raise BestandFout(TE_GROOT)
    if not inhoud.strip():
        raise BestandFout("Dit bestand is leeg. Maak de export opnieuw en lever die aan.")
    for begin, soort in _ANDERE_SOORTEN.items():
        if inhoud.startswith(begin):
            raise BestandFout(f"Dit is {soort}. Lever een Excel-bestand (.xlsx) of een csv-bestand aan.")
    return _lees_xlsx(inhoud) if is_werkmap(inhoud) else _lees_csv(inhoud)


def _lees_xlsx(inhoud: bytes) -> Blad:
    try:
        gelezen = lees_werkmap(inhoud, max_rijen=MAX_RIJEN + 1, max_kolommen=MAX_KOLOMMEN)
    except WerkmapFout as fout:
        raise BestandFout(str(fout)) from fout
    blad = _maak(iter(gelezen.rijen))
    if gelezen.andere:
        blad.opmerkingen.append(
            f"Alleen het eerste blad met gegevens is gelezen ('{gelezen.naam[:40]}'); de andere bladen niet."
        )
    return blad


def _lees_csv(inhoud: bytes) -> Blad:
    tekst = _decodeer(inhoud)
    if "\x00" in tekst:
        raise BestandFout("Dit is geen csv-bestand en geen Excel-bestand. Lever een .xlsx of .csv aan.")
    eerste = next((regel for regel in tekst.splitlines() if regel.strip()), "")
    scheiding = max(";,\t", key=eerste.count)
    lezer = csv.reader(io.StringIO(tekst, newline=""), delimiter=scheiding, strict=True)
    return _maak(_csv_rijen(lezer))


def _csv_rijen(lezer: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    nummer = 0
    try:
        for nummer, cellen in enumerate(lezer, start=1):
            yield nummer, [cel.strip() for cel in cellen]
    except csv.Error:
        # Unclosed, a quote takes the rest of the file into one cell: better no import than half of one.
        raise BestandFout(
            f"Rij {nummer + 1} van dit csv-bestand is niet te lezen. Meestal staat er een aanhalingsteken te veel of te weinig. "
            "Verbeter die rij, of sla het bestand op als .xlsx."
        ) from None


def _decodeer(inhoud: bytes) -> str:
    coderingen = (
        ("utf-16",) if inhoud.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ("utf-8-sig", "cp1252")
    )
    for codering in coderingen:
        try:
            return inhoud.decode(codering)
        except UnicodeDecodeError:
            continue
    raise BestandFout("De tekens in dit bestand zijn niet te lezen. Sla het op als csv (UTF-8) of als .xlsx.")


def _maak(rijen: Iterator[tuple[int, list[str]]]) -> Blad:
    gevuld = ((nummer, cellen) for nummer, cellen in rijen if any(cellen))
    kop = next(gevuld, None)
    if kop is None:
        raise BestandFout("Dit bestand is leeg. Maak de export opnieuw en lever die aan.")
    if len(kop[1]) > MAX_KOLOMMEN:
        raise BestandFout(f"Rij {kop[0]} heeft meer dan {MAX_KOLOMMEN} kolommen. Haal weg wat niet bij de tabel hoort.")
    alle: list[tuple[int, list[str]]] = []
    for nummer, cellen in gevuld:
        if len(alle) == MAX_RIJEN:
            raise BestandFout(
                f"Dit bestand heeft meer dan {MAX_RIJEN:,} rijen. Verdeel het over meer bestanden.".replace(",", ".")
            )
        alle.append((nummer, cellen))
    if not alle:
        raise BestandFout("Onder de kopregel staan geen rijen. Maak de export opnieuw en lever die aan.")
    return Blad(kop[1], alle)
