"""Small numbers, for who does not see the rows behind them: which are not told, and which others then can not be told either.

Below five is "<5". A number that would tell such a one by taking it from a total is "verborgen" (second suppression). This is the
only place that knows; pages, Excel and API ask here. Bron: domein.md 4, last sentences.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
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
C = TypeVar("C", bound=Hashable)
Getal = int | str  # a number, or the mark that stands in its place


def is_klein(aantal: int) -> bool:
    """Not told to who does not see the rows. Zero tells nothing about anybody."""
    return 0 < aantal < ONDERDRUK_ONDER


def verhul(aantal: int) -> Getal:
    """The number, or the mark."""
    return KLEIN if is_klein(aantal) else aantal


def tel_op(getallen: Iterable[Getal]) -> Getal:
    """A total; where one of them is not told, no more than what the told ones add up to."""
    alle = list(getallen)
    verteld = sum(n for n in alle if isinstance(n, int))
    return f"{verteld} of meer" if any(isinstance(n, str) for n in alle) else verteld


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


def _vol(delen: Iterable[int]) -> bool:
    """As many parts with somebody in them as a small total can have."""
    return sum(n > 0 for n in delen) == ONDERDRUK_ONDER - 1


def _uit_te_rekenen(
    rijen: Mapping[R, Mapping[K, int]],
    weg: Collection[tuple[R, K]],
    klein: Collection[tuple[R, K]],
    delen: Sequence[K],
    totaal: K,
) -> set[tuple[R, K]]:
    """The small cells for which the totals of rows and columns together leave one value: by narrowing what each cell can be."""
    som = {k: sum(rij[k] for rij in rijen.values()) for k in (*delen, totaal)}

    def merk(n: int, is_weg: bool) -> tuple[int, int]:
        """The least and the most that it can be, to who reads the mark."""
        if not is_weg:
            return n, n
        return (1, ONDERDRUK_ONDER - 1) if is_klein(n) else (ONDERDRUK_ONDER, sum(som.values()))

    kan = {(r, k): merk(rij[k], (r, k) in weg) for r, rij in rijen.items() for k in (*delen, totaal)}
    for r, rij in rijen.items():
        if (r, totaal) in klein and _vol(rij[k] for k in delen):
            kan |= {(r, k): (0, ONDERDRUK_ONDER - 1) for k in delen}
    heel = {k: merk(n, is_klein(n)) for k, n in som.items()}
    lijnen = [([(r, k) for k in delen], (r, totaal)) for r in rijen]
    kolommen = [([(r, k) for r in rijen], k) for k in som]
    eerder: dict[tuple[R, K], tuple[int, int]] = {}
    while eerder != kan:
        eerder = dict(kan)
        for cellen, som_cel in lijnen:
            kan[som_cel] = _vernauw(kan, cellen, kan[som_cel])
        for cellen, k in kolommen:
            heel[k] = _vernauw(kan, cellen, heel[k])
    return {cel for cel in klein if cel in kan and kan[cel][0] == kan[cel][1]}


def _vernauw(kan: dict[C, tuple[int, int]], cellen: Sequence[C], som: tuple[int, int]) -> tuple[int, int]:
    """Narrow the parts by what their sum can be; returns what the sum can be."""
    laag, hoog = sum(kan[c][0] for c in cellen), sum(kan[c][1] for c in cellen)
    som = max(som[0], laag), min(som[1], hoog)
    for c in cellen:
        min_, max_ = kan[c]
        kan[c] = max(min_, som[0] - (hoog - max_)), min(max_, som[1] - (laag - min_))
    return som


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
    # Four marks that add up to a mark are four ones. Of such a row it is not told either where there is somebody.
    stil = {(r, k) for r, rij in rijen.items() if (r, totaal) in weg and _vol(rij[k] for k in delen) for k in delen}
    weg |= stil
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
        # Each row and each column hides enough by now; all of them together may still tell.
        if eerder == len(weg) and totaal is not None and kolommen:
            for cel in sorted(_uit_te_rekenen(rijen, weg, klein - stil, delen, totaal), key=str):
                open_ = [
                    (rijen[r][k], str((r, k)), (r, k))
                    for r, k in [*((cel[0], k) for k in (*delen, totaal)), *((r, cel[1]) for r in rijen)]
                    if rijen[r][k] and (r, k) not in weg and r not in vast
                ]
                if open_:
                    weg.add(min(open_)[2])
                    break
    return {cel: KLEIN if cel in klein - stil else VERBORGEN for cel in weg}


__all__ = ["KLEIN", "UITLEG", "VERBORGEN", "Getal", "is_klein", "tel_op", "verberg", "verhul", "vul_aan"]
