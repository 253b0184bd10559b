"""The doorlooptijden once more, slow: each aanmelding replayed, every day counted one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass
class Gebeurd:
    volgnr: int
    naar: int
    geldig_op: date
    correctie: bool = False


@dataclass
class Gang:
    """One aanmelding."""

    groep: str
    norm: dict[int, int]
    verloop: list[Gebeurd] = field(default_factory=list)
    gemarkeerd: bool = True
    gesloten: bool = False


@dataclass
class Cijfers:
    dagen: list[int] = field(default_factory=list)
    over: int = 0
    loopt: int = 0
    nu_over: int = 0

    def percentiel(self, deel: float) -> float | None:
        """The value at that part of the way from the smallest to the largest, between two values in proportion."""
        if not self.dagen:
            return None
        rij = sorted(self.dagen)
        plek = deel * (len(rij) - 1)
        onder = int(plek)
        boven = min(onder + 1, len(rij) - 1)
        return rij[onder] + (rij[boven] - rij[onder]) * (plek - onder)


def duur(van: date, tot: date, vrij: Iterable[tuple[date, date]]) -> int:
    vrije = list(vrij)
    alle = (van + timedelta(n) for n in range(1, (tot - van).days + 1))
    return sum(not any(b <= d <= e for b, e in vrije) for d in alle)


def stukken(verloop: Sequence[Gebeurd]) -> list[tuple[int, date]]:
    """What stood when, at last: a correctie wipes out what began on its day or later; the same again is no step."""
    staat: list[Gebeurd] = []
    for g in sorted(verloop, key=lambda g: g.volgnr):
        while staat and (staat[-1].geldig_op > g.geldig_op or (g.correctie and staat[-1].geldig_op == g.geldig_op)):
            staat.pop()
        staat.append(g)
    uit: list[tuple[int, date]] = []
    for g in staat:
        if not uit or uit[-1][0] != g.naar:
            uit.append((g.naar, g.geldig_op))
    return uit


def meet(
    gangen: Sequence[Gang], vandaag: date, vrij: Sequence[tuple[date, date]] = ()
) -> dict[tuple[str, int], Cijfers]:
    """(group or "", status) -> figures."""
    uit: dict[tuple[str, int], Cijfers] = defaultdict(Cijfers)
    for gang in gangen:
        rij = stukken(gang.verloop)
        if not gang.gemarkeerd:
            continue
        for i, (status, begin) in enumerate(rij):
            if status not in (7, 8, 9, 10):
                continue
            norm = gang.norm.get(status)
            for sleutel in ((gang.groep, status), ("", status)):
                if i + 1 < len(rij):
                    volgende, eind = rij[i + 1]
                    if volgende in (3, 4, 5) or volgende > status:
                        n = duur(begin, eind, vrij)
                        uit[sleutel].dagen.append(n)
                        uit[sleutel].over += norm is not None and n > norm
                elif not gang.gesloten:
                    uit[sleutel].loopt += 1
                    uit[sleutel].nu_over += norm is not None and duur(begin, vandaag, vrij) > norm
    return dict(uit)
