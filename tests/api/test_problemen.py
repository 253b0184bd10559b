"""Every refusal under /api in one form, whatever is sent; and only a token opens anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.api.conftest import Api, Land

LIJST = "/api/v1/overstappen"


def is_probleem(antwoord: Any, status: int) -> dict[str, Any]:
    assert antwoord.status_code == status, antwoord.content
    assert antwoord["Content-Type"] == "application/problem+json"
    assert antwoord["API-Version"] == "1.0.0"
    inhoud: dict[str, Any] = antwoord.json()
    assert set(inhoud) == {"type", "title", "status", "detail", "instance", "code", "invalidParams"}
    assert inhoud["status"] == status
    assert inhoud["detail"].endswith((".", ")"))
    return inhoud


def test_met_token_een_antwoord_en_zonder_een_401(land: Land, api: Callable[[str], Api]) -> None:
    goed = api("vo").get(LIJST)
    assert (goed.status_code, goed["API-Version"], goed["Content-Type"]) == (200, "1.0.0", "application/json")
    assert goed["Cache-Control"] == "no-store"
    zonder = api("").get(LIJST)
    assert is_probleem(zonder, 401)["code"] == "token"
    assert zonder["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "kop", ["Bearer", "Bearer ", "Bearer é\xff", "Basic abc", "x", "Bearer " + "a" * 5000, "Bearer a\x00b"]
)
def test_een_kapot_token_is_een_401(land: Land, api: Callable[[str], Api], client: Client, kop: str) -> None:
    assert api("vo").get(LIJST).status_code == 200
    is_probleem(client.get(LIJST, headers={"Authorization": kop}), 401)


def test_een_scope_te_weinig_is_een_403(land: Land, api: Callable[..., Api]) -> None:
    assert api("vo", "overstappen:lezen").get(LIJST).status_code == 200
    assert is_probleem(api("vo", "leerlingen:schrijven").get(LIJST), 403)["code"] == "scope"


@pytest.mark.parametrize(
    "pad",
    [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v1/overstappen/",
        "/api/v2/x",
        "/api/v1/%00",
        "/api/v1/%ff%fe",
        "/api/v1/overstappen/1",
    ],
)
def test_een_onbekend_adres_is_een_404(land: Land, api: Callable[[str], Api], pad: str) -> None:
    assert is_probleem(api("vo").get(pad), 404)["detail"]


def test_een_andere_methode_is_een_405_met_allow(land: Land, api: Callable[[str], Api], client: Client) -> None:
    beller = api("vo")
    for methode in ("put", "patch", "delete", "options", "trace"):
        antwoord = getattr(client, methode)(LIJST, headers={"Authorization": f"Bearer {beller.token}"})
        is_probleem(antwoord, 405)
        assert "GET" in antwoord["Allow"]
    assert client.head(LIJST, headers={"Authorization": f"Bearer {beller.token}"}).status_code == 200


def test_een_ander_formaat_is_een_406(land: Land, api: Callable[[str], Api]) -> None:
    assert api("vo").get(LIJST, Accept="application/json").status_code == 200
    is_probleem(api("vo").get(LIJST, Accept="text/html"), 406)


def test_te_vaak_is_een_429(land: Land, api: Callable[[str], Api], settings: Any) -> None:
    settings.OVERSTAP_API_PER_MINUUT = 3
    beller, ander = api("vo"), api("mbo")
    assert [beller.get(LIJST).status_code for _ in range(3)] == [200] * 3
    te_vaak = beller.get(LIJST)
    is_probleem(te_vaak, 429)
    assert int(te_vaak["Retry-After"]) > 0
    assert ander.get(LIJST).status_code == 200


def test_een_sessie_opent_de_api_niet(land: Land, client: Client, api: Callable[[str], Api]) -> None:
    from accounts.models import Gebruiker, Lidmaatschap

    decaan = Gebruiker.objects.create_user("decaan@example.org", "geheim", naam="D. Ecaan")
    Lidmaatschap.objects.create(gebruiker=decaan, rol="decaan", organisatie=land.school)
    client.force_login(decaan)
    is_probleem(client.get(LIJST), 401)
    assert api("vo").get(LIJST).status_code == 200
