"""OIN's: the address of an organisatie in a message. Bron: vva.md, Bodies."""

from __future__ import annotations

from accounts.rechten import Soort

SCHOOL, TEST = "00000007", "00000099"


def oin_van(soort: str, code: str, eigen: str = "") -> str:
    """The OIN of an organisatie: its own where known, else made from its BRIN or gemeentecode."""
    if eigen:
        return eigen
    if soort in (Soort.VO, Soort.MBO):
        return f"{SCHOOL}{code[:4].rjust(7, '0')}00000"
    return f"{TEST}{code.rjust(9, '0')}000"


def oin_van_regio(regio: str) -> str:
    """The OIN of the regional facility itself: sender of bulkmeldingen and signals."""
    return f"{TEST}{regio.rjust(9, '0')}900"
