"""Days without holidays: against counting day by day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from statuses.looptijd import Periode, dagen, grens, samengevoegd

BEGIN = date(2025, 12, 1)
dag = st.integers(0, 90).map(lambda n: BEGIN + timedelta(n))
periode = st.tuples(dag, st.integers(-2, 20)).map(lambda p: (p[0], p[0] + timedelta(p[1])))
vakanties = st.lists(periode, max_size=4)


def een_voor_een(van: date, tot: date, vrij: list[Periode]) -> int:
    alle = (van + timedelta(n) for n in range(1, (tot - van).days + 1))
    return sum(not any(b <= d <= e for b, e in vrij) for d in alle)


def test_over_christmas() -> None:
    kerst = [(date(2025, 12, 20), date(2026, 1, 4))]
    assert dagen(date(2025, 12, 15), date(2026, 1, 10), kerst) == 10
    assert dagen(date(2025, 12, 22), date(2026, 1, 4), kerst) == 0
    # From 10 December to 10 January are fifteen days outside the holiday: one more than agreed.
    assert grens(date(2026, 1, 10), 14, kerst) == date(2025, 12, 10)


@given(dag, st.integers(0, 60), vakanties)
def test_dagen_as_one_by_one(van: date, duur: int, vrij: list[Periode]) -> None:
    tot = van + timedelta(duur)
    assert dagen(van, tot, vrij) == een_voor_een(van, tot, vrij)


@given(dag, st.integers(0, 60), vakanties)
def test_grens_is_the_last_day_over_the_norm(op: date, norm: int, vrij: list[Periode]) -> None:
    uit = grens(op, norm, vrij)
    assert een_voor_een(uit, op, vrij) > norm
    assert een_voor_een(uit + timedelta(1), op, vrij) <= norm


@given(vakanties)
def test_samengevoegd_holds_the_same_days(vrij: list[Periode]) -> None:
    een = samengevoegd(vrij)
    for n in range(130):
        d = BEGIN + timedelta(n)
        assert any(b <= d <= e for b, e in een) == any(b <= d <= e for b, e in vrij)
    assert all(a[1] < b[0] for a, b in pairwise(een))
