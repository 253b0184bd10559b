"""The table of docs/stappenplan.md: written from what the browser test measured, and read back to compare."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from accounts.rechten import ROL_LABELS
from statuses.werklijsten import WERKLIJSTEN

# (step, "een" or "klas") -> (clicks, keys), or None where it is not done that way.
Metingen = dict[tuple[str, str], tuple[int, int] | None]
BEGIN, EIND = "<!-- gemeten: begin -->", "<!-- gemeten: eind -->"
KOP = (
    "| Stap | Rol | Wat | Pagina | Eén: kliks | toetsen | Klas: kliks | toetsen | Test op |",
    "|---|---|---|---|---|---|---|---|---|",
)


def maak_tabel(metingen: Metingen, dagen: Mapping[str, date]) -> list[str]:
    """A line per step, in the order of werklijsten.py; "-" where it is not done that way. ``dagen``: on which day it was tried."""
    regels = list(KOP)
    for stap in WERKLIJSTEN:
        rollen = ", ".join(ROL_LABELS[rol] for rol in sorted(stap.rollen))
        cijfers = [*_cijfers(metingen[stap.id, "een"]), *_cijfers(metingen[stap.id, "klas"])]
        regels.append(
            f"| {' | '.join([stap.id, rollen, stap.naam, f'`{stap.pagina}`', *cijfers, str(dagen[stap.id])])} |"
        )
    return regels


def _cijfers(meting: tuple[int, int] | None) -> tuple[str, str]:
    return ("-", "-") if meting is None else (str(meting[0]), str(meting[1]))


def lees_tabel(pad: Path) -> list[str]:
    tekst = pad.read_text()
    return tekst[tekst.index(BEGIN) + len(BEGIN) : tekst.index(EIND)].strip().splitlines()


def schrijf_tabel(pad: Path, tabel: list[str]) -> None:
    tekst = pad.read_text()
    begin, eind = tekst.index(BEGIN) + len(BEGIN), tekst.index(EIND)
    pad.write_text(tekst[:begin] + "\n\n" + "\n".join(tabel) + "\n\n" + tekst[eind:])
