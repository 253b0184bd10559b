"""`simuleer_keten` against the real server, worker and relay: whatever the lines do, everybody ends with what was meant."""

import re
from datetime import date

import pytest

from tests.ketens.huis import Huis
from tests.ketens.streek import zaai

pytestmark = [pytest.mark.keten, pytest.mark.django_db(transaction=True)]

DAG = date(2026, 1, 20)


def test_heavy_weather_ends_with_what_was_meant(het_huis: Huis) -> None:
    zaai()
    het_huis.op(DAG, "beat")
    uit = het_huis.beheer(
        "simuleer_keten", "--adres", het_huis.adres, "--leerlingen", "60", "--zaad", "7", "--storing", "zwaar",
        "--bsn", "--vandaag", DAG.isoformat(), dag=DAG,
    )  # fmt: skip
    print(uit)
    assert "Verloren 0, dubbel 0, anders 0, onverwachte antwoorden 0" in uit
    for code in (
        "T001",
        "T003",
        "F101",
        "F102",
        "F103",
        "F104",
        "F105",
        "F106",
        "F107",
        "F201",
        "F202",
        "W302",
        "W304",
    ):
        assert f"  {code} " in uit, code
    gepusht = re.search(r"kreeg (\d+) berichten door push; 0 met een verkeerde handtekening", uit)
    assert gepusht, "a gemeente with an endpoint"
    assert int(gepusht[1]) > 10
