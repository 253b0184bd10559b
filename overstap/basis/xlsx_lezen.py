"""Read a workbook that somebody sends us: check it before it is opened, and open it in a process that may die.

A workbook is a zip. Its directory can lie about sizes, so everything is unpacked once, a piece at a time and thrown away,
before the reader sees it. Nothing here knows what the columns mean.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_UITGEPAKT = 100 * 1024 * 1024
MAX_ONDERDELEN = 2000
WACHT = 60  # seconds; the child has its own limit of processor time

_KIND = Path(__file__).with_name("xlsx_kind.py")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_VERSLEUTELD = "EncryptedPackage".encode("utf-16-le")
_STUK = 256 * 1024


class WerkmapFout(Exception):
    """The workbook cannot be used; the message is a Dutch sentence that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Werkblad:
    """The first visible sheet that holds something: its rows with their number, and which sheets were not read."""

    naam: str
    rijen: list[tuple[int, list[str]]]
    andere: list[str]


def is_werkmap(inhoud: bytes) -> bool:
    """Whether this is meant as a workbook (a zip, or the older Office format), by its first bytes."""
    return inhoud.startswith((b"PK", _OLE))


def lees_werkmap(inhoud: bytes, *, max_rijen: int, max_kolommen: int) -> Werkblad:
    """The rows of an xlsx as text; raises :class:`WerkmapFout`. One row more than ``max_rijen`` may come back, never two."""
    _controleer(inhoud)
    gelezen = _in_een_kind(inhoud, max_rijen, max_kolommen)
    if gelezen["te_breed"]:
        raise WerkmapFout(
            f"Rij {gelezen['te_breed']} heeft meer dan {max_kolommen} kolommen. Haal weg wat niet bij de tabel hoort."
        )
    return Werkblad(gelezen["blad"], [(nummer, cellen) for nummer, cellen in gelezen["rijen"]], gelezen["andere"])


def _in_een_kind(inhoud: bytes, max_rijen: int, max_kolommen: int) -> dict[str, Any]:
    opdracht = [sys.executable, "-I", str(_KIND), str(max_rijen), str(max_kolommen)]
    try:
        klaar = subprocess.run(opdracht, input=inhoud, capture_output=True, timeout=WACHT, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise WerkmapFout(
            "Het lezen van dit Excel-bestand duurt te lang. Lever het in delen aan, of als .csv."
        ) from None
    try:
        gelezen: dict[str, Any] = json.loads(klaar.stdout)
    except ValueError:
        gelezen = {"fout": "MemoryError"}
    fout = gelezen.get("fout")
    if fout == "PasswordError":
        raise WerkmapFout("Dit Excel-bestand heeft een wachtwoord. Haal het wachtwoord eraf en lever het opnieuw aan.")
    if fout == "MemoryError":
        raise WerkmapFout(
            "Dit Excel-bestand vraagt te veel geheugen. Vaak staat er iets in een cel ver buiten de tabel. "
            "Kopieer alleen de tabel naar een nieuw bestand."
        )
    if fout:
        raise WerkmapFout(
            "Dit Excel-bestand is niet te lezen. Sla het opnieuw op als .xlsx, of als .csv, en lever het nog een keer aan."
        )
    return gelezen


def _controleer(inhoud: bytes) -> None:
    """Refuse what is no xlsx, and what grows beyond reason when it is unpacked."""
    if inhoud.startswith(_OLE):
        if _VERSLEUTELD in inhoud:
            raise WerkmapFout(
                "Dit Excel-bestand heeft een wachtwoord. Haal het wachtwoord eraf en lever het opnieuw aan."
            )
        raise WerkmapFout(
            "Dit is een bestand van een oude Excel-versie (.xls). Open het in Excel en sla het op als .xlsx of .csv."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(inhoud)) as archief:
            onderdelen = archief.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError, EOFError):
        raise WerkmapFout(
            "Dit Excel-bestand is beschadigd of niet compleet. Sla het opnieuw op als .xlsx en lever het nog een keer aan."
        ) from None
    if "xl/workbook.xml" not in {o.filename for o in onderdelen}:
        raise WerkmapFout("Dit is geen Excel-bestand (.xlsx). Lever een .xlsx of .csv aan.")
    if len(onderdelen) > MAX_ONDERDELEN:
        raise WerkmapFout(
            f"Dit Excel-bestand heeft meer dan {MAX_ONDERDELEN} onderdelen. Zet alleen de tabel in een nieuw bestand."
        )
    ruimte = MAX_UITGEPAKT
    for onderdeel in onderdelen:
        ruimte -= _uitgepakt(inhoud, onderdeel, ruimte)


def _uitgepakt(inhoud: bytes, onderdeel: zipfile.ZipInfo, ruimte: int) -> int:
    """How many bytes a part really is; raises when it is more than ``ruimte``, whatever the directory says."""
    te_groot = WerkmapFout(
        f"Dit Excel-bestand is uitgepakt groter dan {MAX_UITGEPAKT // 1024 // 1024} MB. "
        "Zet alleen de tabel in een nieuw bestand, zonder afbeeldingen en opmaak."
    )
    kapot = WerkmapFout("Dit Excel-bestand is beschadigd. Sla het opnieuw op als .xlsx en lever het nog een keer aan.")
    if onderdeel.flag_bits & 1:
        raise WerkmapFout("Dit Excel-bestand heeft een wachtwoord. Haal het wachtwoord eraf en lever het opnieuw aan.")
    if onderdeel.file_size > ruimte:
        raise te_groot
    kop = inhoud[onderdeel.header_offset : onderdeel.header_offset + 30]
    if len(kop) < 30 or kop[:4] != b"PK\x03\x04" or onderdeel.compress_type not in (0, 8):
        raise kapot
    begin = onderdeel.header_offset + 30 + int.from_bytes(kop[26:28], "little") + int.from_bytes(kop[28:30], "little")
    if onderdeel.compress_type == 0:
        return onderdeel.file_size
    # On from the begin and not up to the stated end: a reader follows the stream, not the directory.
    uitpakker, rest, totaal = zlib.decompressobj(-15), memoryview(inhoud)[begin:], 0
    plek = 0
    while not uitpakker.eof:
        stuk = uitpakker.unconsumed_tail or rest[plek : plek + _STUK]
        if not uitpakker.unconsumed_tail:
            plek += _STUK
        if not len(stuk):
            raise kapot
        try:
            totaal += len(uitpakker.decompress(stuk, _STUK))
        except zlib.error:
            raise kapot from None
        if totaal > ruimte:
            raise te_groot
    return totaal
