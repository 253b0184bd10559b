"""The clock: a set day holds for the domain, never for the wall clock."""

from datetime import date, datetime, timedelta

import pytest
from pytest_django import Settings

from overstap.basis import klok

# 22:30 in UTC is 23:30 in Amsterdam, and 23:30 in UTC the next day: the day is the Dutch one.
LAAT = datetime.fromisoformat("2026-01-10T22:30:00+00:00")


def test_the_day_is_the_dutch_one() -> None:
    assert klok.op_dag(LAAT, None).date() == date(2026, 1, 10)
    assert klok.op_dag(LAAT + timedelta(hours=1), None).date() == date(2026, 1, 11)


def test_a_set_day_keeps_the_time_of_day() -> None:
    assert klok.op_dag(LAAT, date(2026, 3, 20)).isoformat() == "2026-03-20T23:30:00+01:00"


def test_the_offset_is_that_of_the_set_day() -> None:
    assert klok.op_dag(LAAT, date(2026, 7, 1)).isoformat() == "2026-07-01T23:30:00+02:00"


@pytest.mark.parametrize("dag", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_hour_that_summer_time_skips_or_doubles_is_no_error(dag: date) -> None:
    assert klok.op_dag(datetime.fromisoformat("2026-01-10T02:30:00+01:00"), dag).date() == dag


def test_the_setting_moves_the_domain_and_not_the_wall_clock(settings: Settings) -> None:
    settings.OVERSTAP_VANDAAG = date(2001, 2, 3)
    assert klok.vandaag() == klok.nu().date() == date(2001, 2, 3)
    assert klok.wandklok().year > 2020
    settings.OVERSTAP_VANDAAG = None
    assert abs(klok.nu() - klok.wandklok()) < timedelta(minutes=1)
