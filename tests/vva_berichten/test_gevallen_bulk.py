"""Cases of the bulkmeldingen and the signals after them, read in the postbus of the gemeente. See gevallen.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.vva_berichten.conftest import Systeem
from tests.vva_berichten.gevallen import geval
from tests.vva_berichten.hulp import NOVEMBER, bulk, draai, signalen_in
from tests.wereld import Wereld, bsn

Maak = Callable[..., Systeem]
NUMMER, ANDER = bsn(3001), bsn(3002)
MAART, JUNI = date(2026, 3, 1), date(2026, 6, 15)


@pytest.fixture
def las(wereld: Wereld, systeem: Maak) -> Systeem:
    wereld.op(NOVEMBER)
    return systeem("99AA")


@pytest.fixture
def sis(systeem: Maak) -> Systeem:
    return systeem("99MA")


@pytest.fixture
def amsterdam(systeem: Maak) -> Systeem:
    return systeem("0363")


def maak_bulk(wereld: Wereld, dag: date) -> None:
    draai()
    wereld.op(dag)
    bulk(dag.isoformat())


@geval("rejected at one mbo, open at another, 1 March")
def test_open_elsewhere(wereld: Wereld, las: Systeem, sis: Systeem, amsterdam: Systeem, systeem: Maak) -> None:
    for nummer in (NUMMER, ANDER):
        las.lever(nummer)
        sis.meld_aan(nummer, "afgewezen", reden={"code": "opleiding_vol", "tekst": ""})
    systeem("99MB").meld_aan(NUMMER, "intake")
    maak_bulk(wereld, MAART)
    berichten = amsterdam.postbus()
    assert signalen_in(berichten, NUMMER, "BULK_0301") == []
    # Who was rejected everywhere is in it, with what stands there.
    [signaal] = signalen_in(berichten, ANDER, "BULK_0301")
    assert signaal == {
        "signaalType": "NIET_AANGEMELD",
        "levering": "BULK_0301",
        "peildatum": "2026-03-01",
        "pgn": {"burgerservicenummer": ANDER},
        "voSchool": "99AA00",
        "status": "LEIDT_NIET_TOT_INSCHRIJVING",
        "mboInstelling": "99MA",
        "statusDatum": "2025-11-15",
    }


@geval("15 June, open but not enrolled")
def test_open_in_june(wereld: Wereld, las: Systeem, sis: Systeem, amsterdam: Systeem) -> None:
    las.lever(NUMMER)
    las.lever(ANDER)
    sis.meld_aan(NUMMER, "voorlopig")
    sis.meld_aan(ANDER, "definitief")
    maak_bulk(wereld, JUNI)
    berichten = amsterdam.postbus()
    [signaal] = signalen_in(berichten, NUMMER, "BULK_0615")
    assert (signaal["signaalType"], signaal["status"]) == ("NIET_INGESCHREVEN", "AANMELDING_ONTVANGEN")
    assert signalen_in(berichten, ANDER, "BULK_0615") == []


@geval("15 June, enrolled outside the regio")
def test_enrolled_outside(wereld: Wereld, sis: Systeem, systeem: Maak) -> None:
    """99MA takes no part in regio 22, where the school is."""
    wereld.op(NOVEMBER)
    school, hoorn = systeem("99BA"), systeem("0405")
    for nummer in (NUMMER, ANDER):
        school.lever(nummer, "99BA00", gemeentecode="0405")
    draai()
    ingeschreven = {"status": "INGESCHREVEN", "statusDatum": "2025-11-15", "gemeentecode": "0405"}
    [uit] = sis.stuur("aanmeldstatussen", sis.aanmeldstatus(NUMMER, **ingeschreven))
    assert uit["uitkomst"] == "verwerkt"
    maak_bulk(wereld, JUNI)
    berichten = hoorn.postbus()
    assert signalen_in(berichten, NUMMER, "BULK_0615") == []
    assert len(signalen_in(berichten, ANDER, "BULK_0615")) == 1


@geval("signalled 1 March, applies 9 March")
def test_applies_after_the_bulk(wereld: Wereld, las: Systeem, sis: Systeem, amsterdam: Systeem) -> None:
    las.lever(NUMMER)
    maak_bulk(wereld, MAART)
    assert len(signalen_in(amsterdam.postbus(), NUMMER, "BULK_0301")) == 1
    wereld.op(date(2026, 3, 9))
    sis.meld_aan(NUMMER)
    assert signalen_in(amsterdam.postbus(), NUMMER, "REALTIME") == [
        {
            "signaalType": "STATUSWIJZIGING",
            "levering": "REALTIME",
            "peildatum": "2026-03-09",
            "pgn": {"burgerservicenummer": NUMMER},
            "voSchool": "99AA00",
            "status": "AANMELDING_ONTVANGEN",
            "mboInstelling": "99MA",
            "statusDatum": "2026-03-09",
        }
    ]


@geval("gemeente without anyone")
def test_empty(wereld: Wereld, zaanstad: str, las: Systeem, systeem: Maak) -> None:
    las.lever(NUMMER)
    maak_bulk(wereld, MAART)
    [bericht] = systeem(zaanstad).postbus()
    assert bericht["verzendendeInstantie"] == "00000099000000021900"
    assert bericht["signalen"] == {
        "kop": {
            "gemeentecode": "0479",
            "levering": "BULK_0301",
            "peildatum": "2026-03-01",
            "volgnummer": 1,
            "aantal": 0,
            "pagina": 1,
            "paginas": 1,
        },
        "signalen": [],
    }
