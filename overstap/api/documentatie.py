"""The OpenAPI document and a page of our own that lists the calls: no scripts from elsewhere, none inline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.utils import extend_schema

from overstap.api.basis import OpenbareView
from overstap.api.problemen import VERSIE
from overstap.api.schema import TokenScheme, document, document_json
from vva_berichten.contract import BERICHTEN


@dataclass(frozen=True, slots=True)
class Aanroep:
    """One call, as the page shows it."""

    methode: str
    pad: str
    samenvatting: str
    uitleg: str
    scopes: list[str]
    parameters: list[dict[str, Any]]
    invoer: str
    antwoorden: list[tuple[str, str]]


@extend_schema(exclude=True)
class OpenApi(OpenbareView):
    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(document_json(), content_type="application/json")


def docs(request: HttpRequest) -> HttpResponse:
    """/api/v1/docs."""
    return render(
        request,
        "api/docs.html",
        {"groepen": _groepen(), "api_versie": VERSIE, "berichten": list(BERICHTEN), "aanmelden": TokenScheme.uitleg},
    )


def _groepen() -> dict[str, list[Aanroep]]:
    uit: dict[str, list[Aanroep]] = {}
    for pad, methoden in document()["paths"].items():
        for methode, op in methoden.items():
            groep = (op.get("tags") or ["Overig"])[0]
            uit.setdefault(groep, []).append(_aanroep(methode, pad, op))
    return uit


def _aanroep(methode: str, pad: str, op: dict[str, Any]) -> Aanroep:
    lichaam = op.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return Aanroep(
        methode=methode.upper(),
        pad=f"/api/v1{pad}",
        samenvatting=op.get("summary", ""),
        uitleg=op.get("description", ""),
        scopes=[scope for eis in op.get("security", []) for scopes in eis.values() for scope in scopes],
        parameters=[p for p in op.get("parameters", []) if p["in"] != "header" or p.get("required")],
        invoer=lichaam.get("$ref", "").rpartition("/")[2],
        antwoorden=[(code, antwoord.get("description", "")) for code, antwoord in op["responses"].items()],
    )
