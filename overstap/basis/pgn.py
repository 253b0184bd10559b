"""The own test of a pgn of nine digits, fast enough for thousands of rows in one call. The one place."""

from __future__ import annotations

from operator import mul
from typing import Final

# Elfproef: nine times the first digit, eight times the second ... the last one counts negative.
_GEWICHTEN: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_NULLEN: Final = sum(_GEWICHTEN) * ord("0")
_REST_BSN, _REST_OWN = 0, 5


def geldig(soort: str, nummer: str) -> bool:
    """Whether nine digits are a burgerservicenummer (``bsn``) or an onderwijsnummer (``own``; it begins with 10)."""
    if len(nummer) != 9 or not nummer.isascii() or not nummer.isdigit() or nummer == "000000000":
        return False
    rest = (sum(map(mul, _GEWICHTEN, nummer.encode())) - _NULLEN) % 11
    return rest == _REST_BSN if soort == "bsn" else rest == _REST_OWN and nummer.startswith("10")
