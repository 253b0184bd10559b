"""Files as schools and mbo's send them, made in memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from functools import cache
from typing import Any

import openpyxl

from tests.wereld import bsn

BOM_MB = 101
"""Just over what a workbook may unpack to; every process makes one while it collects, so no bigger than that."""

LEERLING: dict[str, Any] = {
    "bsn": bsn(1),
    "voornaam": "Zoë",
    "tussenvoegsel": "de",
    "achternaam": "Wit",
    "geboortedatum": "2009-05-01",
    "gemeentecode": "0363",
    "klas": "4B",
    "onderwijssoort": "vmbo",
    "leerweg": "bb",
    "examenkandidaat": "ja",
    "overstapper": "ja",
    "vestiging": "99AA00",
}
AANMELDING: dict[str, Any] = {
    "aanmeld_id": "A-1",
    "bsn": "",
    "crebo": "25491",
    "opleiding": "Verzorgende IG",
    "niveau": "3",
    "leerweg": "bol",
    "status": "intake",
    "status_datum": "2026-02-02",
    "volgnummer": "1",
    "reden_code": "",
}


def leerling(nummer: int = 1, **anders: Any) -> dict[str, Any]:
    """A row of a file of leerlingen, right unless ``anders`` says otherwise."""
    return LEERLING | {"bsn": bsn(nummer)} | anders


def aanmelding(**anders: Any) -> dict[str, Any]:
    return AANMELDING | anders


def _tabel(rijen: Sequence[dict[str, Any]]) -> list[list[Any]]:
    kop = list(dict.fromkeys(kolom for rij in rijen for kolom in rij))
    return [kop, *([rij.get(kolom, "") for kolom in kop] for rij in rijen)]


def csv(*rijen: dict[str, Any], scheiding: str = ";", codering: str = "utf-8") -> bytes:
    return "\r\n".join(scheiding.join(str(cel) for cel in rij) for rij in _tabel(rijen)).encode(codering)


def xlsx(*rijen: dict[str, Any], bladen: Sequence[str] = ("Leerlingen",), leeg_ervoor: int = 0) -> bytes:
    boek = openpyxl.Workbook()
    blad = boek.active
    assert blad is not None
    blad.title = bladen[0]
    for i, rij in enumerate(_tabel(rijen), start=1 + leeg_ervoor):
        for j, cel in enumerate(rij, start=1):
            blad.cell(i, j, cel if cel != "" else None)
    for naam in bladen[1:]:
        boek.create_sheet(naam)["A1"] = "iets anders"
    uit = io.BytesIO()
    boek.save(uit)
    return uit.getvalue()


def ver_weg() -> bytes:
    """A few kilobytes with one cell in the last row and column: half a terabyte in memory for who believes it."""
    boek = openpyxl.Workbook()
    blad = boek.active
    assert blad is not None
    blad["A1"], blad["XFD1048576"] = "bsn", "x"
    uit = io.BytesIO()
    boek.save(uit)
    return uit.getvalue()


@cache
def _bom() -> bytes:
    uit = io.BytesIO()
    with zipfile.ZipFile(uit, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archief:
        archief.writestr("xl/workbook.xml", "<workbook/>")
        with archief.open("xl/worksheets/sheet1.xml", "w") as deel:
            for _ in range(BOM_MB):
                deel.write(b" " * (1 << 20))
    return uit.getvalue()


def bom(*, eerlijk: bool = True) -> bytes:
    """A zip bomb in the shape of a workbook; ``eerlijk`` False: its directory says that it is small."""
    inhoud = _bom()
    return inhoud if eerlijk else inhoud.replace((BOM_MB << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little"))


def met_wachtwoord() -> bytes:
    """The beginning of what Excel writes for a workbook with a password."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 512


def oude_xls() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "Workbook".encode("utf-16-le") + b"\0" * 512
