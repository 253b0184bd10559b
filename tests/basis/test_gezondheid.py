"""Health pages and broken services: a clear answer, never the cause."""

import json

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import DjangoAssertNumQueries, Settings

# This module is a urlconf: the real one, with its handler, and pages that break (open ones, by their name).
from overstap.urls import handler500  # noqa: F401
from overstap.urls import urlpatterns as echte_adressen


def _weg(request: HttpRequest) -> HttpResponse:
    raise OperationalError("connection refused: achternaam=Jansen")


def _stuk(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("achternaam=Jansen")


urlpatterns = [
    path("weg", _weg, name="gezondheid"),
    path("stuk", _stuk, name="gezondheid"),
    path("api/v1/weg", _weg),
    path("api/v1/stuk", _stuk),
    *echte_adressen,
]


@pytest.mark.django_db
def test_alive_asks_nothing(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        response = client.get("/gezondheid")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_names_what_is_missing_and_not_why(client: Client) -> None:
    response = client.get("/gezondheid/gereed")
    assert response.status_code == 503
    assert response.json() == {
        "status": "weg",
        "database": "ok",
        "migraties": "ok",
        "broker": "weg",
        "worker": "weg",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("adres", "status"), [("/weg", 503), ("/stuk", 500)])
def test_a_broken_page_says_so_with_a_number(adres: str, status: int, settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    response = Client(raise_request_exception=False).get(adres)
    tekst = response.content.decode()
    assert response.status_code == status
    assert response.has_header("Retry-After") == (status == 503)
    assert "Jansen" not in tekst
    assert "Noem daarbij dit nummer: <strong>" in tekst


@pytest.mark.django_db
@pytest.mark.parametrize(("adres", "status"), [("/api/v1/weg", 503), ("/api/v1/stuk", 500)])
def test_a_broken_call_is_a_problem(adres: str, status: int, settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    response = Client(raise_request_exception=False).get(adres)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    inhoud = json.loads(response.content)
    assert inhoud["status"] == status
    assert "Jansen" not in inhoud["detail"]


@pytest.mark.django_db
def test_headers_on_every_answer(client: Client) -> None:
    response = client.get("/gezondheid")
    assert response["Cache-Control"] == "no-store"
    assert response["X-Frame-Options"] == "DENY"
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert "camera=()" in response["Permissions-Policy"]
