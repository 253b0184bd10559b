"""What a visitor makes up in an address comes back in no log and no error."""

from __future__ import annotations

import json
import logging

import pytest
from django.test import Client, RequestFactory

from overstap.basis.pad import ONBEKEND, veilig_pad

UUID = "0199aa00-1234-7000-8000-123456789012"


@pytest.mark.parametrize(
    ("pad", "veilig"),
    [
        (f"/leerlingen/{UUID}", f"/leerlingen/{UUID}"),
        ("/vandaag", "/vandaag"),
        ("/leerlingen/999900018", ONBEKEND),
        ("/leerlingen/Jansen", ONBEKEND),
        ("/api/v1/vva/schema/Jansen", "/api/v1/vva/schema/(naam)"),
        ("/\udcff", ONBEKEND),
    ],
)
def test_veilig_pad(pad: str, veilig: str) -> None:
    verzoek = RequestFactory().get("/")
    verzoek.path = verzoek.path_info = pad
    assert veilig_pad(verzoek) == veilig


@pytest.mark.django_db
def test_an_address_that_is_none_is_logged_and_answered_without_what_was_typed(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    scherm = next(h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler)
    oude, scherm.stream = scherm.stream, __import__("sys").stderr
    try:
        antwoord = client.get("/api/v1/overstappen/999900018-Jansen")
    finally:
        scherm.stream = oude
    assert antwoord.json()["instance"] == ONBEKEND
    regels = [json.loads(regel) for regel in capsys.readouterr().err.strip().splitlines()]
    assert "Not Found: /(onbekend adres)" in [r["event"] for r in regels]
    assert f"GET {ONBEKEND}" in [r.get("request") for r in regels]
    assert not [r for r in regels if "Jansen" in json.dumps(r) or "999900018" in json.dumps(r)]
