"""`simuleer_keten` against the real server, worker and relay: whatever the lines do, everybody ends with what was meant."""

import re
from datetime import date

import psycopg
import pytest

from tests.databank import Databank
from tests.ketens.huis import Huis
from tests.ketens.streek import zaai

pytestmark = [pytest.mark.keten, pytest.mark.django_db(transaction=True)]

DAG, MAART = date(2026, 1, 20), date(2026, 3, 1)


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
        "T004",
        "W302",
        "W303",
        "W304",
    ):
        assert f"  {code} " in uit, code
    gepusht = re.search(r"kreeg (\d+) berichten door push; 0 met een verkeerde handtekening", uit)
    assert gepusht, "a gemeente with an endpoint"
    assert int(gepusht[1]) > 10


# What a mistake in the making of a bulk would do: every second leerling of a gemeente is left out, and the kop agrees with what is there.
_LAAT_WEG = """
CREATE FUNCTION laat_weg() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.nr % 2 = 0 THEN RETURN NULL; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER laat_weg BEFORE INSERT ON vva_berichten_bulkregel FOR EACH ROW EXECUTE FUNCTION laat_weg()
"""


def test_the_bulk_of_each_gemeente_is_what_the_oracle_says(het_huis: Huis, bank: Databank) -> None:
    zaai()
    het_huis.op(MAART)
    opdracht = (
        "simuleer_keten", "--adres", het_huis.adres, "--leerlingen", "36", "--storing", "geen", "--vandaag", MAART.isoformat(),
        "--geen-push", "--wacht", "8",
    )  # fmt: skip
    uit = het_huis.beheer(*opdracht, dag=MAART)
    print(uit)
    geteld = re.search(r"Bulkmelding BULK_0301: (\d+) leerlingen van deze loop bij 4 gemeenten", uit)
    assert geteld, "the bulk of today"
    assert int(geteld[1]) > 3
    assert "Goed: iedere ontvanger heeft wat de zenders bedoelden." in uit
    # Now rows are dropped on their way into the bulk: only who knows who must be in it can see that.
    with psycopg.connect(bank.url("DATABASE_URL_EIGENAAR"), autocommit=True) as eigenaar:
        eigenaar.execute(_LAAT_WEG)
    with pytest.raises(
        AssertionError, match=r"bulkmelding BULK_0301 nummer 2 klopt niet: .* [1-9]\d* ontbreken, 0 staan"
    ) as fout:
        het_huis.beheer(*opdracht, "--zaad", "2", dag=MAART)
    assert "Niet goed: zie hierboven." in str(fout.value)
