"""Small numbers, for who does not see the rows behind them: which are not told, and which others then can not be told either.

Below five is "<5". A number that would tell such a one by taking it from a total is "verborgen" (second suppression). This is the
only place that knows; pages, Excel and API ask here. Bron: domein.md 4, last sentences.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

ONDERDRUK_ONDER = 5
KLEIN = f"<{ONDERDRUK_ONDER}"
VERBORGEN = "verborgen"
# What the marks mean, for a page or the sheet Verantwoording.
UITLEG: tuple[tuple[str, str], ...] = (
    (KLEIN, "Een aantal van 1 tot en met 4 dat niet wordt genoemd, omdat u deze leerlingen niet zelf ziet."),
    (VERBORGEN, "Een aantal waaruit u zo'n klein aantal zou kunnen uitrekenen. Daarom staat het er ook niet."),
)
# Between the hidden numbers so much must be free above what their marks say, that a small one can be any of 1 to 4.
_RUIMTE = ONDERDRUK_ONDER - 2

K = TypeVar("K", bound=Hashable)
R = TypeVar("R", bound=Hashable)
Getal = int | str  # a number, or the mark that stands in its place


def is_klein(aantal: int) -> bool:
    """Not told to who does not see the rows. Zero tells nothing about anybody."""
    return 0 < aantal < ONDERDRUK_ONDER


def verhul(aantal: int) -> Getal:
    """The number, or the mark."""
    return KLEIN if is_klein(aantal) else aantal


def _veilig(weg: Sequence[int]) -> bool:
    """Whether the hidden parts of a total that is told can not be calculated from their sum."""
    klein = [n for n in weg if is_klein(n)]
    groot = [n for n in weg if not is_klein(n)]
    if len(weg) < 2:
        return not weg
    if not klein:
        return True
    if groot:
        return sum(weg) - len(klein) - ONDERDRUK_ONDER * len(groot) >= _RUIMTE
    # All ones, or all fours: then the sum tells each of them.
    return len(klein) < sum(klein) < (ONDERDRUK_ONDER - 1) * len(klein)


def vul_aan(delen: Mapping[K, int], weg: Collection[K], vast: Collection[K] = ()) -> tuple[set[K], bool]:
    """Which other parts of one total are hidden too: the smallest that do. And whether that is enough.

    ``vast``: parts that this viewer knows all the same.
    """
    verborgen = {k for k in delen if k in weg and delen[k]}
    extra: set[K] = set()
    while not _veilig([delen[k] for k in verborgen]):
        over = sorted((n, str(k), k) for k, n in delen.items() if n and k not in verborgen and k not in vast)
        if not over:
            return extra, False
        nieuw = next((k for n, _, k in over if _veilig([n, *(delen[v] for v in verborgen)])), over[-1][2])
        verborgen.add(nieuw)
        extra.add(nieuw)
    return extra, True


def verberg(
    rijen: Mapping[R, Mapping[K, int]],
    *,
    delen: Sequence[K] = (),
    totaal: K | None = None,
    kolommen: bool = True,
    vast: Collection[R] = (),
) -> dict[tuple[R, K], str]:
    """Per cell of a table that is not told its mark.

    ``delen`` add up to ``totaal`` within each row. ``kolommen``: the total of each column is known somewhere, in the table or
    beside it. ``vast``: rows that this viewer sees whole.
    """
    weg = {(r, k) for r, rij in rijen.items() if r not in vast for k, n in rij.items() if is_klein(n)}
    klein, eerder = set(weg), -1
    namen = list(dict.fromkeys(k for rij in rijen.values() for k in rij))
    while eerder != len(weg):
        eerder = len(weg)
        for r, rij in rijen.items():
            if totaal is None or r in vast or (r, totaal) in weg:
                continue
            extra, genoeg = vul_aan({k: rij[k] for k in delen}, [k for k in delen if (r, k) in weg])
            weg |= {(r, k) for k in extra} | (set() if genoeg else {(r, totaal)})
        for k in namen if kolommen else ():
            kolom = {r: rij[k] for r, rij in rijen.items() if k in rij}
            weg |= {(r, k) for r in vul_aan(kolom, [r for r in kolom if (r, k) in weg], vast)[0]}
    return {cel: KLEIN if cel in klein else VERBORGEN for cel in weg}


__all__ = ["KLEIN", "UITLEG", "VERBORGEN", "Getal", "is_klein", "verberg", "verhul", "vul_aan"]
