"""Days that count: without vakanties, and school days without weekends as well."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from statuses.looptijd import dagen, grens, schooldag_grens

HERFST = (date(2026, 10, 17), date(2026, 10, 25))  # Saturday to Sunday a week later


@pytest.mark.parametrize("vakanties", [(), (HERFST,), (HERFST, (date(2026, 10, 20), date(2026, 11, 2)))])
@pytest.mark.parametrize("norm", [0, 1, 5, 30])
def test_grens_is_de_laatste_dag_die_te_lang_geleden_is(vakanties: tuple[tuple[date, date], ...], norm: int) -> None:
    for n in range(60):
        op = date(2026, 10, 1) + timedelta(days=n)
        laatste = grens(op, norm, vakanties)
        assert dagen(laatste, op, vakanties) > norm
        assert dagen(laatste + timedelta(days=1), op, vakanties) <= norm


@pytest.mark.parametrize(
    ("op", "aantal", "verwacht"),
    [
        (date(2026, 9, 11), 5, date(2026, 9, 6)),  # a Friday: the week counts, so it began on Sunday at the latest
        (date(2026, 9, 14), 1, date(2026, 9, 13)),
        (date(2026, 9, 13), 1, date(2026, 9, 10)),  # a Sunday: the last school day was Friday
        (date(2026, 10, 26), 2, date(2026, 10, 15)),  # over the holiday
        (date(2026, 9, 11), 0, date(2026, 9, 11)),
    ],
)
def test_schooldagen_zijn_zonder_weekend_en_vakantie(op: date, aantal: int, verwacht: date) -> None:
    assert schooldag_grens(op, aantal, (HERFST,)) == verwacht
