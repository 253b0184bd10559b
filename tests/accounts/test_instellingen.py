"""Settings are read in one place: defaults, what a regio chose, and nothing that stops a page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from accounts.instellingen import DRIE_VRAGEN, lees, lees_organisatie
from statuses.termijnen import kalender, kalender_van


def test_zonder_keuze_geldt_de_standaard() -> None:
    i = lees({})
    assert i.drie_vragen == DRIE_VRAGEN
    assert i.doorlooptijden == {}
    assert (i.stilstand_weken_zonder, i.toestemming_vereist, i.vakanties, i.afspraken) == (6, False, (), "")
    assert kalender_van(i, 2025).data == kalender(2025).data
    assert lees_organisatie({}).show


def test_een_keuze_voor_een_jaar_gaat_voor_die_voor_alle_jaren() -> None:
    i = lees(
        {"kalender": {"beginstand": "11-05", "zomer": "07-10"}, "kalender_jaren": {"2025": {"beginstand": "11-08"}}}
    )
    assert kalender_van(i, 2025)["beginstand"] == date(2025, 11, 8)
    assert kalender_van(i, 2025)["zomer"] == date(2026, 7, 10)
    assert kalender_van(i, 2026)["beginstand"] == date(2026, 11, 5)


def test_toestemming_per_doel() -> None:
    for_mbo = lees({"toestemming_vereist": ["mbo"]})
    assert (for_mbo.toestemming_nodig("mbo"), for_mbo.toestemming_nodig("leerplicht")) == (True, False)
    assert lees({"toestemming_vereist": True}).toestemming == {"mbo", "leerplicht"}
    with pytest.raises(ValueError, match="onbekend doel"):
        for_mbo.toestemming_nodig("gemeente")


def test_de_instelling_gaat_voor_de_regio() -> None:
    regio = lees({"doorlooptijden": {"intake": 20}})
    mbo = lees_organisatie({"doorlooptijden": {"intake": 10}, "show": False, "bron": "koppelpunt"})
    assert mbo.doorlooptijd("intake", regio) == 10
    assert lees_organisatie({}).doorlooptijd("intake", regio) == 20
    assert mbo.doorlooptijd("definitief", regio) is None
    assert (mbo.show, mbo.bron) == (False, "koppelpunt")


@pytest.mark.parametrize(
    "rommel",
    [
        None,
        [],
        "x",
        {"kalender": {"beginstand": "13-45", "zomer": 3, "onbekend": "01-01"}, "kalender_jaren": {"x": {}, "2025": 3}},
        {
            "vakanties": [["2026-02-21", "2026-02-14"], ["x", "y"], 3],
            "doorlooptijden": {"intake": -1, "aangemeld": True},
        },
        {"drie_vragen": ["een"], "toestemming_vereist": "ja", "stilstand_weken_zonder": 0, "hulp": 4},
        {"ambities": {"1-april": 3}, "ambities_jaren": {"2025": []}, "leeftijdsgrens": [["x", 1]]},
    ],
)
def test_wat_niet_te_lezen_is_telt_als_niet_gekozen(rommel: Any) -> None:
    i = lees(rommel)
    assert kalender_van(i, 2025).data == kalender(2025).data
    assert (i.vakanties, i.doorlooptijden, i.drie_vragen, i.toestemming) == (
        (),
        {},
        DRIE_VRAGEN,
        frozenset(),
    )
    assert (i.ambities_van(2025), i.leeftijdsgrens, i.stilstand_weken_zonder) == ({}, (), 6)
