"""Each count on /vandaag equals the rows of its page: for every role, on the demo regio, on twelve days of the year.

The pages themselves are asked, as a person would click through: the address of the step, and what stands on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings
from django.urls import resolve
from pytest_django import DjangoDbBlocker

from accounts.models import Gebruiker, Lidmaatschap
from accounts.rechten import Rol
from accounts.scope import SESSIE_ROL
from overstap.basis.rls import bereik

# The last day that the demo knows about; before it the same rows are looked at with another today.
DEMO = date(2026, 10, 5)
DAGEN = (
    date(2025, 9, 20), date(2025, 10, 10), date(2025, 11, 3), date(2026, 1, 20), date(2026, 3, 20), date(2026, 4, 2),
    date(2026, 5, 20), date(2026, 6, 20), date(2026, 7, 20), date(2026, 8, 25), date(2026, 9, 20), DEMO,
)  # fmt: skip
# How many rows each page shows, by the name of its address.
RIJEN: dict[str, Callable[[Any], int]] = {
    "leerlingen": lambda context: context["totaal"],
    "scholen": lambda context: len(context["rijen"]),
    "import": lambda context: len(context["zonder_leerlingen"]),
    "contacten": lambda context: context["pagina"].aantal if "pagina" in context else len(context["rijen"]),
    "vva": lambda context: context["totaal"],
    "meldingen": lambda context: context["pagina"].aantal,
}


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Lidmaatschap]]:
    """One account per role, in a small demo of regio 21 that is made once."""
    with (
        django_db_blocker.unblock(),
        override_settings(OVERSTAP_VANDAAG=DEMO, OVERSTAP_DEMO=True),
        transaction.atomic(),
    ):
        call_command("laad_referentie", stdout=StringIO())
        call_command("demo", "--leerlingen", "400", "--vandaag", DEMO.isoformat(), "--json", stdout=StringIO())
        with bereik(["21"]):
            leden = list(Lidmaatschap.objects.filter(gebruiker__is_demo=True).select_related("gebruiker"))
        yield leden
        transaction.set_rollback(True)


def _client(lid: Lidmaatschap) -> Client:
    client = Client()
    client.force_login(
        Gebruiker.objects.get(pk=lid.gebruiker_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    sessie = client.session
    sessie[SESSIE_ROL] = str(lid.pk)
    sessie.save()
    return client


def _rijen(client: Client, url: str) -> int:
    assert url, "deze stap heeft geen pagina"
    antwoord = client.get(url)
    assert antwoord.status_code == 200, url
    return RIJEN[resolve(url.partition("?")[0]).url_name or ""](antwoord.context)


@pytest.mark.parametrize("rol", list(Rol))
@pytest.mark.parametrize("dag", DAGEN, ids=str)
def test_elke_telling_is_het_aantal_rijen_van_haar_pagina(demo: list[Lidmaatschap], rol: Rol, dag: date) -> None:
    leden = [lid for lid in demo if lid.rol == rol.value]
    # On the last day everybody: a second school, a second mbo, the RMC-functie.
    for lid in leden if dag == DEMO else leden[:1]:
        with override_settings(OVERSTAP_VANDAAG=dag):
            client = _client(lid)
            blokken = client.get("/vandaag").context["blokken"]
            assert len(blokken) == (2 if (9, 1) <= (dag.month, dag.day) <= (10, 15) else 1)
            for stap in (s for blok in blokken for s in (*blok["stappen"], *blok["klaar"])):
                assert _rijen(client, stap["url"]) == stap["aantal"], (str(lid.gebruiker.email), stap["url"])


def test_er_valt_iets_te_tellen(demo: list[Lidmaatschap]) -> None:
    """The demo has rows for most steps: a zero that equals a zero proves little."""
    gevuld: set[str] = set()
    for lid in demo:
        for dag in (date(2026, 3, 20), DEMO):
            with override_settings(OVERSTAP_VANDAAG=dag):
                for blok in _client(lid).get("/vandaag").context["blokken"]:
                    gevuld |= {stap["id"] for stap in blok["stappen"]}
    assert len(gevuld) >= 15, sorted(gevuld)
