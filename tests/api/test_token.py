"""/oauth/token and what a token is good for."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from oauth2_provider.models import get_access_token_model

from accounts.actions import delete_expired_tokens
from accounts.rechten import Scope
from overstap.basis import klok
from tests.api.conftest import GEHEIM, Api, Land, haal_token

TOKENS = get_access_token_model()


def test_een_client_krijgt_een_token_van_tien_minuten_met_zijn_eigen_scopes(land: Land, client: Client) -> None:
    antwoord = haal_token(client, land.clients["vo"])
    assert antwoord.status_code == 200
    inhoud = antwoord.json()
    assert (inhoud["token_type"], inhoud["expires_in"]) == ("Bearer", 600)
    assert set(inhoud["scope"].split()) == set(Scope)
    assert "refresh_token" not in inhoud
    assert haal_token(client, land.clients["vo"], "overstappen:lezen").json()["scope"] == "overstappen:lezen"


def test_basic_auth_mag_ook_en_een_fout_geheim_niet(land: Land, client: Client) -> None:
    def vraag(geheim: str) -> Any:
        code = base64.b64encode(f"{land.clients['vo'].client_id}:{geheim}".encode()).decode()
        return client.post(
            "/oauth/token", {"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {code}"}
        )

    assert vraag(GEHEIM).status_code == 200
    fout = vraag("iets anders")
    assert (fout.status_code, fout.json()["error"]) == (401, "invalid_client")


def test_een_scope_die_de_client_niet_heeft_wordt_geweigerd(land: Land, client: Client) -> None:
    client_ = land.clients["vo"]
    client_.scopes = "leerlingen:schrijven weg:scope"
    client_.save()
    assert haal_token(client, client_).json()["scope"] == "leerlingen:schrijven"
    fout = haal_token(client, client_, "overstappen:lezen")
    assert (fout.status_code, fout.json()["error"]) == (400, "invalid_scope")


def test_token_en_geheim_staan_nergens_leesbaar(land: Land, client: Client) -> None:
    token = haal_token(client, land.clients["vo"]).json()["access_token"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT a::text FROM oauth2_provider_accesstoken a")
        tokens = str(cursor.fetchall())
        cursor.execute("SELECT c::text FROM accounts_apiclient c")
        clients = str(cursor.fetchall())
    assert land.clients["vo"].client_id in clients
    assert token not in tokens
    assert GEHEIM not in clients


@pytest.mark.parametrize("grant", ["password", "authorization_code", "refresh_token", "x\x00y", ""])
def test_andere_wegen_naar_een_token_zijn_er_niet(land: Land, client: Client, grant: str) -> None:
    inhoud = {"client_id": land.clients["vo"].client_id, "client_secret": GEHEIM, "username": "a", "password": "b"}
    assert client.post("/oauth/token", inhoud | {"grant_type": "client_credentials"}).status_code == 200
    assert client.post("/oauth/token", inhoud | {"grant_type": grant, "code": "x"}).status_code in (400, 401)


@pytest.mark.parametrize("waarde", ["\x00", "é" * 300, "\ud800".encode("utf-8", "surrogatepass"), "a:b"])
def test_rommel_geeft_nooit_een_500(land: Land, client: Client, waarde: Any) -> None:
    for veld in ("client_id", "client_secret", "scope", "resource"):
        inhoud = {
            "grant_type": "client_credentials",
            "client_id": land.clients["vo"].client_id,
            "client_secret": GEHEIM,
        }
        assert client.post("/oauth/token", inhoud | {veld: waarde}).status_code in (200, 400, 401), veld
    ruw = base64.b64encode(waarde if isinstance(waarde, bytes) else waarde.encode()).decode()
    for kop in (f"Basic {ruw}", "Basic", "Basic !!!", "Bearer x"):
        antwoord = client.post("/oauth/token", {"grant_type": "client_credentials"}, headers={"Authorization": kop})
        assert antwoord.status_code in (400, 401)


def test_raden_wordt_begrensd_per_client(land: Land, client: Client, settings: Any) -> None:
    settings.OVERSTAP_TOKEN_FOUTEN = 3
    fout = {"grant_type": "client_credentials", "client_id": land.clients["mbo"].client_id, "client_secret": "x"}
    assert [client.post("/oauth/token", fout).status_code for _ in range(4)] == [401, 401, 401, 429]
    assert haal_token(client, land.clients["mbo"]).status_code == 429
    assert haal_token(client, land.clients["vo"]).status_code == 200


def test_een_token_werkt_tot_het_verloopt_of_de_client_weg_is(
    land: Land, api: Callable[[str], Api], client: Client
) -> None:
    beller = api("vo")
    assert beller.get("/api/v1/overstappen").status_code == 200
    rij = TOKENS.objects.get()
    TOKENS.objects.update(expires=klok.wandklok() - timedelta(seconds=1))
    verlopen = beller.get("/api/v1/overstappen")
    assert verlopen.status_code == 401
    assert verlopen["Content-Type"] == "application/problem+json"
    assert "invalid_token" in verlopen["WWW-Authenticate"]
    TOKENS.objects.update(expires=rij.expires)
    assert beller.get("/api/v1/overstappen").status_code == 200
    land.clients["vo"].delete()
    assert beller.get("/api/v1/overstappen").status_code == 401


def test_een_scope_die_de_client_kwijt_is_werkt_meteen_niet_meer(land: Land, api: Callable[[str], Api]) -> None:
    beller = api("vo")
    assert beller.get("/api/v1/overstappen").status_code == 200
    land.clients["vo"].scopes = "leerlingen:schrijven"
    land.clients["vo"].save()
    geweigerd = beller.get("/api/v1/overstappen")
    assert (geweigerd.status_code, geweigerd.json()["code"]) == (403, "scope")


def test_verlopen_tokens_worden_opgeruimd(land: Land, client: Client) -> None:
    for soort in ("vo", "mbo"):
        haal_token(client, land.clients[soort])
    verlopen = TOKENS.objects.get(application=land.clients["vo"])
    TOKENS.objects.filter(pk=verlopen.pk).update(expires=klok.wandklok() - timedelta(seconds=1))
    assert delete_expired_tokens() == 1
    assert TOKENS.objects.get().application == land.clients["mbo"]


def test_per_adres_telt_wat_onze_eigen_proxy_zag(land: Land, client: Client, settings: Any) -> None:
    settings.OVERSTAP_TOKEN_FOUTEN, settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1, 1

    def fout(nummer: int, keten: str) -> int:
        inhoud = {"grant_type": "client_credentials", "client_id": f"weg-{nummer}", "client_secret": "x"}
        status: int = client.post("/oauth/token", inhoud, headers={"X-Forwarded-For": keten}).status_code
        return status

    # Another invented address in front each time does not help; another real one does.
    assert [fout(i, f"10.0.0.{i}, 192.0.2.1") for i in range(11)] == [401] * 10 + [429]
    assert fout(11, "192.0.2.2") == 401
