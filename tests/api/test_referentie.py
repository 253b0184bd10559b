"""Reference data: for everybody, in pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from overstap.basis.rls import bereik
from statuses.models import Opleiding, RegioReden
from statuses.status import Status
from tests.api.conftest import Api, Land
from tests.api.test_problemen import is_probleem

Maak = Callable[..., Api]


def alles(beller: Api, pad: str, **vraag: Any) -> list[dict[str, Any]]:
    """All rows of all pages."""
    antwoord = beller.get(pad, vraag)
    rijen: list[dict[str, Any]] = []
    while True:
        assert antwoord.status_code == 200, antwoord.content
        rijen += antwoord.json()["resultaten"]
        if (volgende := antwoord.json()["volgende"]) is None:
            return rijen
        antwoord = beller.get(volgende.removeprefix("http://testserver"))


def test_statussen_met_redenen(land: Land, api: Maak) -> None:
    with bereik(["21"]):
        RegioReden.objects.create(
            regio=land.regio, status=Status.AFGEMELD, code="topsport", label="Kiest voor topsport"
        )
    inhoud = api("").get("/api/v1/statussen").json()
    assert [s["nummer"] for s in inhoud["resultaten"]] == list(range(1, 15))
    per_code = {s["code"]: s for s in inhoud["resultaten"]}
    assert per_code["vervolgkeuze_vo"] | {"uitleg": "", "redenen": []} == {
        "nummer": 6, "code": "vervolgkeuze_vo", "label": "Vervolgkeuze VO", "spoor": "vo", "eigenaar": "vo", "actieDoor": "vo",
        "uitleg": "", "redenen": [], "tekst": None, "eerdereLabels": [],
    }  # fmt: skip
    assert [r["code"] for r in per_code["vervolgkeuze_vo"]["redenen"]] == [
        "havo", "blijft_in_vo", "mbo_buiten_regio", "vavo", "particulier", "arbeid", "buitenland", "anders",
    ]  # fmt: skip
    assert per_code["afgemeld"]["redenen"][-1] == {
        "code": "anders",
        "label": "Iets anders, namelijk",
        "tekstVerplicht": True,
    }
    assert (per_code["lp_definitief"]["redenen"], per_code["lp_definitief"]["tekst"]) == ([], "Afspraak")
    assert [r["code"] for r in inhoud["markering"]] == ["vergissing", "dubbel"]
    assert "topsport" not in str(inhoud)
    assert "topsport" in str(api("").get("/api/v1/statussen", {"regio": "21"}).json())


def test_een_organisatie_zoals_raakvlakken_haar_schrijft(land: Land, api: Maak) -> None:
    rijen = {(o["code"], o["soort"]): o for o in alles(api(""), "/api/v1/organisaties", limiet=2)}
    assert rijen[("90AA", "vo")] == {
        "code": "90AA",
        "naam": "vo 90AA",
        "soort": "vo",
        "regios": ["21"],
        "gemeentecode": None,
        "vestigingen": [{"code": "90AA00", "naam": "90AA00", "gemeentecode": "0363"}],
    }
    assert rijen[("95LX", "mbo")]["regios"] == ["21", "22"]
    assert rijen[("0363", "gemeente")]["gemeentecode"] == "0363"
    assert {o["code"] for o in alles(api(""), "/api/v1/organisaties", soort="vo", regio="22")} == {"90BB"}
    assert {o["soort"] for o in alles(api(""), "/api/v1/organisaties", code="95MX")} == {"mbo"}
    assert is_probleem(api("").get("/api/v1/organisaties", {"soort": "x"}), 400)["invalidParams"][0]["name"] == "soort"


def test_opleidingen_en_gemeenten_in_bladzijden(land: Land, api: Maak) -> None:
    Opleiding.objects.bulk_create(
        [Opleiding(crebo=f"9999{i}", naam=f"Proef {i}", niveau=2, leerweg="bol" if i else "") for i in range(5)]
    )
    gezien = [o for o in alles(api(""), "/api/v1/opleidingen", limiet=2) if o["naam"].startswith("Proef")]
    assert [o["crebo"] for o in gezien] == [f"9999{i}" for i in range(5)]
    assert gezien[0] == {"crebo": "99990", "naam": "Proef 0", "niveau": 2, "leerweg": None}
    assert alles(api(""), "/api/v1/opleidingen", crebo="99993")[0]["naam"] == "Proef 3"
    assert {g["code"]: g["regio"] for g in alles(api(""), "/api/v1/gemeenten", limiet=1)}["0479"] == "22"
    assert "0479" not in {g["code"] for g in alles(api(""), "/api/v1/gemeenten", regio="21")}


@pytest.mark.parametrize("pad", ["statussen", "organisaties", "opleidingen", "gemeenten"])
def test_openbaar_maar_een_token_dat_is_meegestuurd_moet_goed_zijn(land: Land, api: Maak, pad: str) -> None:
    assert api("").get(f"/api/v1/{pad}").status_code == 200
    assert api("vo").get(f"/api/v1/{pad}").status_code == 200
    kapot = api("")
    kapot.token = "weg"
    is_probleem(kapot.get(f"/api/v1/{pad}"), 401)
    assert is_probleem(api("").get(f"/api/v1/{pad}", {"anders": "1"}), 400)["invalidParams"][0]["name"] == "anders"


def test_evenveel_vragen_bij_10_als_bij_200_organisaties(land: Land, api: Maak) -> None:
    from accounts.models import Deelname, Organisatie

    def tel() -> int:
        with CaptureQueriesContext(connection) as vragen:
            aantallen.append(len(api("").get("/api/v1/organisaties", {"limiet": 1000}).json()["resultaten"]))
        return len(vragen)

    aantallen: list[int] = []
    eerst = tel()
    with bereik(["21"]):
        erbij = Organisatie.objects.bulk_create([Organisatie(code=f"Z{i}", soort="vo", naam="x") for i in range(200)])
        Deelname.objects.bulk_create([Deelname(organisatie=o, regio=land.regio) for o in erbij])
    assert tel() == eerst
    assert aantallen[1] == aantallen[0] + 200
