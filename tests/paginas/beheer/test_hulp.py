"""The help page says what the tables say; privacy and toegankelijkheid are open to everybody."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Regio
from accounts.rechten import Rol
from overstap.beheer.hulp import GEGEVENS, NODIG, stappen_per_spoor, wie_ziet_wat
from overstap.beheer.kalender import NAMEN
from statuses.overgangen import OVERGANGEN, Eis, Via
from statuses.status import Status
from statuses.termijnen import STANDAARD
from statuses.werklijsten import stappen_van
from statuses.zichtbaarheid import VELDEN, Veld
from tests.wereld import Wereld


def test_elke_regel_van_de_tabellen_heeft_woorden() -> None:
    assert set(NODIG) == set(Eis)
    assert set(GEGEVENS) == set(Veld)
    assert set(NAMEN) == set(STANDAARD) - {"risico_zonder_aanmelding", "leerplicht_aan_zet"}  # the day after another
    assert sum(len(regels) for _, regels in stappen_per_spoor(None)) == sum(Via.PAGINA in o.via for o in OVERGANGEN)
    telt = sum(ziet for _, rij in wie_ziet_wat() for ziet in rij)
    assert telt == sum(len(velden) for velden in VELDEN.values())


def test_wie_inlogt_ziet_de_eigen_regio_en_de_eigen_stappen(wereld: Wereld) -> None:
    tekst = "Bel <de> secretaris: 020 000 00 00"
    Regio.objects.filter(pk="21").update(
        instellingen={"hulp": {"secretaris": tekst, "subregios": {"Zuid": "Op dinsdag"}}}
    )
    pagina = wereld.client("decaan").get("/hulp").content.decode()
    for woord in ("Bel &lt;de&gt; secretaris", "Afspraken in Zuid", "Op dinsdag", "2025-2026"):
        assert woord in pagina
    for status in Status:
        assert status.label in pagina
    for stap in stappen_van(Rol.DECAAN):
        assert stap.naam in pagina
    ander = wereld.client("decaan", "22").get("/hulp").content.decode()
    assert "Op dinsdag" not in ander


@pytest.mark.parametrize(
    ("adres", "kop"), [("hulp", "Hulp"), ("privacy", "Privacy"), ("toegankelijkheid", "Toegankelijkheid")]
)
def test_zonder_inloggen_ook_te_lezen(db: None, client: Client, adres: str, kop: str) -> None:
    antwoord = client.get(f"/{adres}")
    assert antwoord.status_code == 200
    assert f"<h1>{kop}</h1>" in antwoord.content.decode()


def test_elke_pagina_wijst_ernaar(wereld: Wereld) -> None:
    pagina = wereld.client("leerplicht").get("/vandaag").content.decode()
    for adres in ("/hulp", "/privacy", "/toegankelijkheid"):
        assert f'href="{adres}"' in pagina
