"""Days that count: how long something takes without the holidays of the regio, and since when it takes too long.

One arithmetic for the signaal stilstand, the agreed doorlooptijden and their list. Dates only: no models.
Bron: domein.md 2 ("longer than the mbo's agreed doorlooptijd, holidays left out").
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

Periode = tuple[date, date]  # first and last day, both inclusive
_DAG = timedelta(days=1)
_ZATERDAG = 5


def samengevoegd(vakanties: Iterable[Periode]) -> tuple[Periode, ...]:
    """The same days as periods that do not overlap, in their order; one that ends before it begins is no period."""
    uit: list[Periode] = []
    for van, tot in sorted(p for p in vakanties if p[0] <= p[1]):
        if uit and van <= uit[-1][1] + _DAG:
            uit[-1] = (uit[-1][0], max(uit[-1][1], tot))
        else:
            uit.append((van, tot))
    return tuple(uit)


def dagen(van: date, tot: date, vakanties: Iterable[Periode] = ()) -> int:
    """How many days after ``van`` up to and including ``tot`` count; 0 when both are one day."""
    vrij = sum(max(0, (min(tot, eind) - max(van, begin - _DAG)).days) for begin, eind in samengevoegd(vakanties))
    return (tot - van).days - vrij


def grens(op: date, norm: int, vakanties: Iterable[Periode] = ()) -> date:
    """The last day that lies more than ``norm`` counting days before ``op``: what began then or earlier takes too long."""
    dag, over = op, norm + 1
    for begin, eind in reversed(samengevoegd(vakanties)):
        telt = (dag - eind).days  # counting days between this holiday and where we are
        if telt >= over or begin > dag:
            continue
        over -= max(0, telt)
        dag = begin - _DAG
    return dag - timedelta(days=over)


def schooldag_grens(op: date, aantal: int, vakanties: Iterable[Periode] = ()) -> date:
    """The last day after which ``aantal`` school days or more have passed on ``op``: no weekends, no vakanties."""
    periodes = samengevoegd(vakanties)
    dag, over = op, aantal
    while over:
        if dag.weekday() < _ZATERDAG and not any(van <= dag <= tot for van, tot in periodes):
            over -= 1
        dag -= _DAG
    return dag


__all__ = ["Periode", "dagen", "grens", "samengevoegd", "schooldag_grens"]
