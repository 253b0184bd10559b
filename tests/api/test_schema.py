"""The OpenAPI document is whole, and what the API sends is what it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from statuses.status import Status
from tests.api.conftest import Api, Land

Maak = Callable[..., Api]


@pytest.fixture
def document(land: Land, api: Maak) -> dict[str, Any]:
    antwoord = api("").get("/api/v1/openapi.json")
    assert antwoord.status_code == 200
    assert antwoord["API-Version"] == "1.0.0"
    inhoud: dict[str, Any] = antwoord.json()
    return inhoud


def operaties(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(pad, m, op) for pad, methoden in document["paths"].items() for m, op in methoden.items()]


def test_elke_aanroep_staat_erin_met_scope_uitleg_en_fouten(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.")
    assert document["servers"][0]["url"] == "/api/v1"
    assert {"name", "url", "email"} <= set(document["info"]["contact"])
    paden = {pad for pad, _, _ in operaties(document)}
    assert {
        "/leerlingen", "/aanmeldingen", "/overstappen", "/overstappen/{id}", "/overstappen/{id}/gebeurtenissen", "/ambities",
        "/statussen", "/opleidingen", "/organisaties", "/gemeenten", "/exports", "/exports/{id}", "/vva/potentiele-mbo-gangers",
        "/vva/aanmeldstatussen", "/vva/postbus", "/vva/postbus/bevestigingen",
    } <= {pad.replace("{pk}", "{id}") for pad in paden}  # fmt: skip
    openbaar = {"/statussen", "/opleidingen", "/organisaties", "/gemeenten", "/vva/schema/{naam}"}
    for pad, methode, op in operaties(document):
        assert not pad.endswith("/")
        assert op["summary"], (pad, methode)
        assert {"400", "401", "429"} <= set(op["responses"]), (pad, methode)
        scopes = [s for eis in op.get("security", []) for lijst in eis.values() for s in lijst]
        assert bool(scopes) == (pad not in openbaar), (pad, methode)
        goed = [a for code, a in op["responses"].items() if code.startswith("2")]
        assert all("API-Version" in a["headers"] for a in goed), (pad, methode)


def test_wat_de_linter_van_de_nl_api_design_rules_vraagt(document: dict[str, Any]) -> None:
    """The rules that this document once broke, so that they hold on a machine without node."""
    assert re.fullmatch(r"\d+\.\d+\.\d+", document["info"]["version"])
    datums = {
        (naam, veld): vorm
        for naam, schema in document["components"]["schemas"].items()
        for veld, vorm in schema.get("properties", {}).items()
        if veld.lower().endswith("datum")
    }
    assert ("Aanmeldstatus", "statusDatum") in datums
    assert {sleutel for sleutel, vorm in datums.items() if vorm.get("format") != "date"} == set()
    probleem = document["components"]["schemas"]["ProbleemObject"]["properties"]
    assert {"status", "title", "detail"} <= set(probleem)


def test_elke_verwijzing_bestaat(document: dict[str, Any]) -> None:
    gezien: set[str] = set()

    def loop(deel: Any) -> None:
        if isinstance(deel, dict):
            if isinstance(ref := deel.get("$ref"), str):
                gezien.add(ref)
            for kind in deel.values():
                loop(kind)
        elif isinstance(deel, list):
            for kind in deel:
                loop(kind)

    loop(document)
    assert gezien
    schemas = document["components"]["schemas"]
    assert {ref.removeprefix("#/components/schemas/") for ref in gezien} <= set(schemas)


def klopt(document: dict[str, Any], naam: str, inhoud: Any) -> None:
    schema = {"$ref": f"#/components/schemas/{naam}", "components": document["components"]}
    jsonschema.Draft202012Validator(schema).validate(inhoud)


def test_wat_de_api_stuurt_is_wat_het_document_zegt(document: dict[str, Any], land: Land, api: Maak) -> None:
    pk = land.leerling()
    land.aanmelding(pk, Status.AFGEWEZEN, reden_code="anders", reden_tekst="x")
    for soort in ("vo", "mbo", "gemeente"):
        klopt(document, "OverstapObject", api(soort).get(f"/api/v1/overstappen/{pk}").json())
        klopt(document, "OverstapLijst", api(soort).get("/api/v1/overstappen").json())
        klopt(document, "AmbitiesObject", api(soort).get("/api/v1/ambities", {"per": "school"}).json())
    klopt(document, "ProbleemObject", api("").get("/api/v1/overstappen").json())
    for pad, naam in (
        ("statussen", "StatusLijst"),
        ("organisaties", "OrganisatieLijst"),
        ("gemeenten", "GemeenteLijst"),
    ):
        klopt(document, naam, api("").get(f"/api/v1/{pad}").json())
    with pytest.raises(jsonschema.ValidationError):
        klopt(document, "OverstapObject", {})


def test_de_pagina_noemt_elke_aanroep_zonder_eigen_script(document: dict[str, Any], api: Maak) -> None:
    antwoord = api("").get("/api/v1/docs")
    assert antwoord.status_code == 200
    html = antwoord.content.decode()
    for pad, methode, _ in operaties(document):
        assert f"{methode.upper()} /api/v1{pad}" in html
    assert "style=" not in html
    assert "<script>" not in html
