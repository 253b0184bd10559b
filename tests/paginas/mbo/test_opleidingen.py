"""/opleidingen: who waits longest first, and every figure leads to exactly its rows."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisatie
from accounts.rechten import Rol
from statuses.status import Status
from tests.wereld import Wereld

S = Status


@pytest.fixture
def mbo(wereld: Wereld) -> Client:
    return wereld.client(Rol.MBO_MEDEWERKER, "99MA")


def tekst(antwoord: Any) -> str:
    return unescape(str(antwoord.content.decode()))


def rijen(pagina: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="(/leerlingen[^"]*)">([^<]*)', pagina)


def test_de_opleiding_met_de_langste_wachter_staat_bovenaan(wereld: Wereld, mbo: Client) -> None:
    wereld.aanmelding(wereld.overstap(), "99MA", op=date(2025, 11, 3), opleiding="Kok", crebo="25180", niveau=2)
    wereld.aanmelding(wereld.overstap(), "99MA", S.DEFINITIEF, op=date(2025, 10, 8), opleiding="Bakker", crebo="25170")
    wereld.aanmelding(wereld.overstap(), "99MB", op=date(2025, 10, 8), opleiding="Elders", crebo="25171")
    pagina = tekst(mbo.get("/opleidingen"))
    assert [naam for _, naam in rijen(pagina)] == ["Kok", "Verzorgende IG", "Bakker"]
    assert "137 dagen" in pagina
    assert "Elders" not in pagina


def test_elk_getal_geeft_precies_zijn_rijen(wereld: Wereld, mbo: Client) -> None:
    """Two with the same name and another level are two rows."""
    wereld.aanmelding(wereld.overstap(), "99MA", opleiding="Kok", crebo="25180", niveau=2)
    wereld.aanmelding(wereld.overstap(), "99MA", opleiding="Kok", crebo="25181", niveau=3)
    wereld.aanmelding(wereld.overstap(), "99MA", S.INTAKE, opleiding="Kok", crebo="25181", niveau=3)
    pagina = tekst(mbo.get("/opleidingen"))
    koks = [url for url, naam in rijen(pagina) if naam == "Kok"]
    assert len(koks) == 2
    alle = re.findall(r'<td class="g"><a href="(/leerlingen[^"]*)">(\d+)<span', pagina)
    assert len(alle) > 5
    for url, aantal in alle:
        assert len(re.findall(r'<th scope="row" hx-boost', tekst(mbo.get(url)))) == int(aantal), url


def test_te_lang_telt_tegen_de_afspraak(wereld: Wereld, mbo: Client) -> None:
    wereld.aanmelding(
        wereld.overstap(achternaam="Langwacht"), "99MA", op=date(2025, 11, 3), opleiding="Kok", crebo="25180"
    )
    zonder = tekst(mbo.get("/opleidingen"))
    assert "langer dan afgesproken</a>" not in zonder
    Organisatie.objects.filter(code="99MA", soort="mbo").update(instellingen={"doorlooptijden": {"aangemeld": 90}})
    pagina = tekst(mbo.get("/opleidingen"))
    assert "1 langer dan afgesproken</a>" in pagina
    [url] = re.findall(r'href="(/leerlingen\?opleiding=Kok[^"]*over_tijd=ja)"', pagina)
    lijst = tekst(mbo.get(url))
    assert "Langwacht" in lijst
    assert lijst.count('<th scope="row" hx-boost') == 1


def test_de_manager_ziet_de_cijfers_en_geen_knop(wereld: Wereld, mbo: Client) -> None:
    assert "Nieuwe aanmelding" in tekst(mbo.get("/leerlingen"))
    manager = wereld.client(Rol.MBO_MANAGER, "99MA")
    assert "Verzorgende IG" in tekst(manager.get("/opleidingen"))
    assert "Nieuwe aanmelding" not in tekst(manager.get("/leerlingen"))
    assert manager.get("/aanmeldingen/nieuw").status_code == 403


def test_evenveel_queries_bij_veel_opleidingen(wereld: Wereld, mbo: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as gevangen:
            assert mbo.get("/opleidingen").status_code == 200
        return len(gevangen)

    queries()
    eerst = queries()
    for i, overstap in enumerate(wereld.overstappen_van([wereld.rij() for _ in range(30)])):
        wereld.aanmelding(overstap, "99MA", opleiding=f"Opleiding {i}", crebo=f"25{i:03d}")
    assert queries() == eerst


@pytest.mark.parametrize("vraag", ["sorteer=naam", "jaar=vroeger"])
def test_een_fout_in_het_adres_is_een_zin(mbo: Client, vraag: str) -> None:
    antwoord = mbo.get(f"/opleidingen?{vraag}")
    assert antwoord.status_code == 400
    assert "Sorteren kan op" in tekst(antwoord) or "overstapjaar" in tekst(antwoord).lower()
