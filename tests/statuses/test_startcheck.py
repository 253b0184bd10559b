"""A set "today" before the newest change: refused with a sentence; the day itself and later are fine."""

from datetime import date

import pytest
from pytest_django import Settings

from overstap.basis import checks
from tests.statuses.conftest import VANDAAG, Klein


def test_een_dag_voor_de_laatste_wijziging_wordt_geweigerd(klein: Klein, settings: Settings) -> None:
    klein.leerling()
    settings.PRODUCTIE = False
    checks.controleer_start()
    settings.OVERSTAP_VANDAAG = date(2026, 3, 19)
    with pytest.raises(checks.Weigering, match=f"al wijzigingen van {VANDAAG:%d-%m-%Y}"):
        checks.controleer_start()
    settings.OVERSTAP_VANDAAG = None
    checks.controleer_start()
