"""Exports over the API: asked for, busy, there, and only for who asked."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from overstap.basis.rls import bereik
from rapportages.actions import make_export
from rapportages.models import Export
from tests.api.conftest import Api, Land
from tests.api.test_problemen import is_probleem

PAD = "/api/v1/exports"
VRAAG = {"export": "scholen", "regio": "21", "overstapjaar": "2025-2026"}
Maak = Callable[..., Api]


@pytest.fixture(autouse=True)
def _map(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def maak(pk: str) -> None:
    """What the worker does."""
    with bereik(["21"]):
        assert make_export("21", uuid.UUID(pk))


def test_aanvragen_wachten_en_ophalen(land: Land, api: Maak) -> None:
    land.leerling()
    school = api("vo")
    gevraagd = school.post(PAD, VRAAG)
    assert gevraagd.status_code == 202, gevraagd.content
    pk = gevraagd.json()["id"]
    assert gevraagd["Location"] == f"http://testserver{PAD}/{pk}"
    assert (gevraagd.json()["status"], gevraagd.json()["link"]) == ("bezig", None)
    bezig = school.get(f"{PAD}/{pk}")
    assert (bezig.status_code, bezig.json()["status"]) == (202, "bezig")
    is_probleem(school.get(f"{PAD}/{pk}/bestand"), 404)
    maak(pk)
    klaar = school.get(f"{PAD}/{pk}")
    assert (klaar.status_code, klaar.json()["status"]) == (200, "klaar")
    bestand = school.get(klaar.json()["link"].removeprefix("http://testserver"), Accept="text/html")
    assert bestand.status_code == 200
    assert bestand["API-Version"] == "1.0.0"
    werkmap = load_workbook(io.BytesIO(b"".join(bestand.streaming_content)), read_only=True)
    assert werkmap.sheetnames == ["Scholen", "Leerlingen", "Verantwoording"]


def test_een_ander_krijgt_dezelfde_404_als_voor_wat_niet_bestaat(land: Land, api: Maak) -> None:
    pk = api("vo").post(PAD, VRAAG).json()["id"]
    maak(pk)
    assert api("vo").get(f"{PAD}/{pk}").status_code == 200
    for soort in ("mbo", "gemeente", "rmc", "beheerorganisatie"):
        antwoorden = [
            is_probleem(api(soort).get(f"{PAD}/{x}{y}"), 404) for x in (pk, uuid.uuid4()) for y in ("", "/bestand")
        ]
        assert all(a | {"instance": ""} == antwoorden[0] | {"instance": ""} for a in antwoorden)
    is_probleem(api("samenwerkingsverband").get(f"{PAD}/{pk}"), 403)


@pytest.mark.parametrize(
    ("anders", "status", "veld"),
    [
        ({"export": "weg"}, 400, "export"),
        ({"export": None}, 400, "export"),
        ({"overstapjaar": "2025"}, 400, "overstapjaar"),
        ({"regio": 21}, 400, "regio"),
        ({"regio": "22"}, 404, None),
        ({"regio": "99"}, 404, None),
        ({"x": 1}, 400, "x"),
    ],
)
def test_een_foute_aanvraag_maakt_niets(land: Land, api: Maak, anders: Any, status: int, veld: str | None) -> None:
    fout = is_probleem(api("vo").post(PAD, VRAAG | anders), status)
    assert [v["name"] for v in fout["invalidParams"]] == ([veld] if veld else [])
    with bereik(["21", "22"]):
        assert not Export.objects.exists()
    assert api("vo").post(PAD, {"export": "scholen"}).status_code == 202
