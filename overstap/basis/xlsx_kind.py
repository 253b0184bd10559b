"""Run as a program by xlsx_lezen.py: one workbook on standard input, its first filled sheet as JSON on standard output.

A process of its own, because a workbook of a few kilobytes can make the reader claim half a terabyte (one cell in the last
row and column) and then the process is gone; and with a limit, because another one could take all memory before that.
Imports nothing of Overstap, so that it starts in 30 ms. Prints cells as text, as a spreadsheet shows them.
"""

import io
import json
import resource
import sys
from datetime import date, datetime, time
from typing import Any

GEHEUGEN = 1024 * 1024 * 1024
SECONDEN = 30


def tekst(cel: Any) -> str:
    """A cell as text: 363 and not 363.0, dates as 2009-05-01, true as ja."""
    if isinstance(cel, str):
        return cel.strip()
    if isinstance(cel, bool):
        return "ja" if cel else "nee"
    if isinstance(cel, float):
        return str(int(cel)) if cel.is_integer() else repr(cel)
    if isinstance(cel, datetime):
        return cel.date().isoformat() if cel.time() == time() else cel.isoformat(sep=" ")
    if isinstance(cel, date):
        return cel.isoformat()
    return str(cel)


def lees(inhoud: bytes, hoogstens: int, breed: int) -> dict[str, Any]:
    """{"rijen": [[row number, [cell, ...]], ...], "blad", "andere": [names], "te_breed": row or 0}; empty rows left out."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    boek = CalamineWorkbook.from_filelike(io.BytesIO(inhoud))
    zichtbaar = [
        blad.name
        for blad in boek.sheets_metadata
        if blad.visible == SheetVisibleEnum.Visible and blad.typ == SheetTypeEnum.WorkSheet
    ]
    gelezen: dict[str, Any] = {"rijen": [], "blad": "", "andere": [], "te_breed": 0}
    for naam in zichtbaar:
        if gelezen["rijen"]:
            gelezen["andere"].append(naam)
            continue
        blad = boek.get_sheet_by_name(naam)
        for nummer, rij in enumerate(blad.to_python(skip_empty_area=False), start=1):
            cellen = [tekst(cel) for cel in rij]
            while cellen and not cellen[-1]:
                cellen.pop()
            if not cellen:
                continue
            if len(cellen) > breed:
                gelezen["te_breed"] = nummer
                return gelezen
            gelezen["rijen"].append([nummer, cellen])
            if len(gelezen["rijen"]) > hoogstens:
                return gelezen
        gelezen["blad"] = naam
    return gelezen


def begrens() -> None:
    """Limits of this process, set before a byte is read."""
    resource.setrlimit(resource.RLIMIT_AS, (GEHEUGEN, GEHEUGEN))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDEN, SECONDEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    begrens()
    try:
        uit = lees(sys.stdin.buffer.read(), int(sys.argv[1]), int(sys.argv[2]))
    except Exception as fout:
        uit = {"fout": type(fout).__name__}
    sys.stdout.write(json.dumps(uit))
