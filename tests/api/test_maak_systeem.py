"""`manage.py maak_systeem`: what it prints opens the API, and what is wrong is said."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import ApiClient, Mandaat
from tests.api.conftest import Land


def maak(*opties: str) -> dict[str, Any]:
    uit = StringIO()
    call_command("maak_systeem", *opties, stdout=uit)
    gelezen: dict[str, Any] = json.loads(uit.getvalue())
    return gelezen


def test_wat_het_toont_opent_de_api(land: Land, client: Client) -> None:
    systeem = maak("--organisatie", "90AA", "--scope", "overstappen:lezen leerlingen:schrijven", "--mandaat", "90BB")
    assert (systeem["organisatie"], systeem["scopes"]) == ("90AA", ["leerlingen:schrijven", "overstappen:lezen"])
    token = client.post(
        "/oauth/token",
        {
            "grant_type": "client_credentials",
            "client_id": systeem["client_id"],
            "client_secret": systeem["client_secret"],
        },
    ).json()["access_token"]
    lijst = client.get("/api/v1/overstappen", headers={"Authorization": f"Bearer {token}"})
    assert lijst.status_code == 200
    assert Mandaat.objects.get().organisatie == land.andere_school
    assert ApiClient.objects.get(client_id=systeem["client_id"]).client_secret != systeem["client_secret"]


@pytest.mark.parametrize(
    ("opties", "zegt"),
    [
        (["--organisatie", "00ZZ", "--scope", "overstappen:lezen"], "niet bekend"),
        (["--organisatie", "90AA", "--scope", "alles"], "Onbekende scope"),
        (["--organisatie", "90AA", "--scope", ""], "Onbekende scope"),
        (["--organisatie", "90AA", "--soort", "mbo", "--scope", "overstappen:lezen"], "soort mbo kan daar niet"),
        (["--organisatie", "90AA", "--scope", "overstappen:lezen", "--mandaat", "95LX"], "Mandaat 95LX"),
    ],
)
def test_een_fout_wordt_gezegd_en_maakt_niets(land: Land, opties: list[str], zegt: str) -> None:
    voor = ApiClient.objects.count()
    with pytest.raises(CommandError, match=zegt):
        maak(*opties)
    assert ApiClient.objects.count() == voor
    assert maak("--organisatie", "TEST21", "--soort", "rmc", "--scope", "overstappen:lezen")["organisatie"] == "TEST21"
