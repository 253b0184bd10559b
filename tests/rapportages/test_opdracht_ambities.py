"""`manage.py ambities`: the JSON of raakvlakken.md, and a table for people."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.wereld import Wereld

pytestmark = pytest.mark.django_db


def roep(*woorden: str) -> str:
    uit = StringIO()
    call_command("ambities", *woorden, stdout=uit)
    return uit.getvalue()


def test_json(wereld: Wereld) -> None:
    document: dict[str, Any] = json.loads(
        roep("--regio", "21", "--overstapjaar", "2025-2026", "--peildatum", "2026-04-01", "--per", "school", "--json")
    )
    assert {k: document[k] for k in ("regio", "overstapjaar", "peildatum", "per")} == {
        "regio": "21",
        "overstapjaar": "2025-2026",
        "peildatum": "2026-04-01",
        "per": "school",
    }
    assert [a["code"] for a in document["ambities"]] == [
        "1-april",
        "15-juli",
        "1-september",
        "15-september",
        "1-oktober",
    ]
    # The command sees the rows: nothing is held back.
    assert document["ambities"][0] == {
        "code": "1-april",
        "datum": "2026-04-01",
        "norm": 100,
        "populatie": "aangemerkt",
        "groepen": [
            {"groep": "99AA", "naam": "Kompas College", "teller": 3, "noemer": 8, "percentage": 37.5},
            {"groep": "99AB", "naam": "Lyceum De Brug", "teller": 0, "noemer": 1, "percentage": 0.0},
        ],
    }


def test_table(wereld: Wereld) -> None:
    uit = roep("--regio", "21")
    assert "1 april: 100% aangemeld" in uit
    assert "3 van      9   33,3%" in uit


def test_nobody_there(wereld: Wereld) -> None:
    assert "geen leerlingen" in roep("--regio", "22", "--overstapjaar", "2023-2024")


@pytest.mark.parametrize(
    ("woorden", "zin"),
    [
        (["--regio", "99"], "Regio '99' staat niet in deze database"),
        (["--regio", "2\x001"], "staat niet in deze database"),
        (["--regio", "21", "--bekend-op", "9999-12-31"], "--bekend-op 9999-12-31 kan niet. Kies een dag"),
        (["--regio", "21", "--peildatum", "0001-01-01"], "--peildatum 0001-01-01 kan niet. Kies een dag"),
        (["--regio", "21", "--overstapjaar", "2025"], "twee opeenvolgende jaren"),
        (["--regio", "21", "--peildatum", "1 april"], "jjjj-mm-dd"),
        (["--regio", "21", "--per", "klas"], "vestiging"),
    ],
)
def test_wrong_input_is_a_sentence(wereld: Wereld, woorden: list[str], zin: str) -> None:
    with pytest.raises(CommandError, match=zin):
        roep(*woorden)
