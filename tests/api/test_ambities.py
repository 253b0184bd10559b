"""GET /ambities: the shape of raakvlakken.md, and whose figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from statuses.status import Status
from tests.api.conftest import Api, Land
from tests.api.test_problemen import is_probleem

PAD = "/api/v1/ambities"
VRAAG = {"regio": "21", "overstapjaar": "2025-2026", "peildatum": "2026-03-20", "per": "school"}
Maak = Callable[..., Api]


def test_de_cijfers_van_een_school(land: Land, api: Maak) -> None:
    for _ in range(3):
        land.leerling()
    land.aanmelding(land.leerling(), Status.INTAKE)
    antwoord = api("vo").get(PAD, VRAAG)
    assert antwoord.status_code == 200, antwoord.content
    inhoud = antwoord.json()
    assert {k: v for k, v in inhoud.items() if k != "ambities"} == VRAAG
    assert [a["code"] for a in inhoud["ambities"]] == ["1-april", "15-juli", "1-september", "15-september", "1-oktober"]
    eerste = inhoud["ambities"][0]
    assert (eerste["datum"], eerste["norm"], eerste["populatie"]) == ("2026-04-01", 100, "aangemerkt")
    assert eerste["groepen"] == [{"groep": "90AA", "naam": "vo 90AA", "teller": 1, "noemer": 4, "percentage": 25.0}]


def test_een_kleine_groep_van_een_ander_wordt_niet_verteld(land: Land, api: Maak) -> None:
    land.leerling()
    (groep,) = api("beheerorganisatie").get(PAD, VRAAG).json()["ambities"][0]["groepen"]
    assert (groep["teller"], groep["noemer"], groep["percentage"], groep["onderdrukt"]) == (None, None, None, True)
    assert "onderdrukt" not in api("vo").get(PAD, VRAAG).json()["ambities"][0]["groepen"][0]


@pytest.mark.parametrize("soort", ["vo", "mbo", "gemeente", "rmc", "samenwerkingsverband", "beheerorganisatie"])
def test_iedere_soort_ziet_de_eigen_regio_en_geen_andere(land: Land, api: Maak, soort: str) -> None:
    beller = api(soort)
    assert beller.get(PAD, VRAAG).status_code == 200
    assert beller.get(PAD).status_code == 200
    vreemd = "22" if soort != "mbo" else "23"
    antwoorden: list[Any] = [is_probleem(beller.get(PAD, VRAAG | {"regio": r}), 404) for r in (vreemd, "99", "\u0663")]
    assert antwoorden[0] == antwoorden[1] == antwoorden[2]


@pytest.mark.parametrize(
    ("naam", "waarde"),
    [
        ("overstapjaar", "2025"),
        ("peildatum", "1 april"),
        ("peildatum", ""),
        ("peildatum", "2026-02-30"),
        ("bekendOp", "x"),
        ("per", "kleur"),
        ("x", "1"),
    ],
)
def test_een_foute_parameter_noemt_de_naam(land: Land, api: Maak, naam: str, waarde: str) -> None:
    fout = is_probleem(api("vo").get(PAD, VRAAG | {naam: waarde}), 400)
    assert [v["name"] for v in fout["invalidParams"]] == [naam]
    assert api("vo").get(PAD, VRAAG).status_code == 200
