"""The steps of the mbo: the list of a step, the button at the end of its row, and back in the list; and what a list costs."""

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
from statuses.models import Aanmelding
from statuses.status import Status
from tests.wereld import Wereld

S = Status


@pytest.fixture
def mbo(wereld: Wereld) -> Client:
    return wereld.client(Rol.MBO_MEDEWERKER, "99MA")


def tekst(antwoord: Any) -> str:
    return unescape(str(antwoord.content.decode()))


def stappen(mbo: Client, jaar: str = "") -> list[str]:
    return re.findall(r"stap=(MB\d)", tekst(mbo.get(f"/vandaag{jaar}")))


def knoppen(pagina: str, code: str) -> list[str]:
    return re.findall(rf'href="(/leerlingen/[0-9a-f-]+/{code}\?[^"]*)"', pagina)


@pytest.mark.parametrize(("stap", "nu", "naar"), [("MB1", S.INTAKE, "voorlopig"), ("MB2", S.VOORLOPIG, "definitief")])
def test_een_stap_in_drie_klikken_en_terug_in_de_lijst(
    wereld: Wereld, mbo: Client, stap: str, nu: Status, naar: str
) -> None:
    """The step, the button in the row, the confirmation."""
    a = wereld.aanmelding(wereld.overstap(), "99MA", nu)
    assert stap in stappen(mbo)
    [url] = [u for u in knoppen(tekst(mbo.get(f"/leerlingen?stap={stap}")), "verder") if str(a.overstap_id) in u]
    gezien = re.findall(r'name="gezien"\s+value="([^"]*)"', tekst(mbo.get(url)))[0]
    klaar = mbo.post(url, {"gezien": gezien, "naar": naar})
    assert klaar.status_code == 302
    assert re.match(rf"/leerlingen\?.*stap={stap}", klaar.url)
    with wereld.bereik():
        assert Aanmelding.objects.get(pk=a.pk).status_nu.code == naar


def test_mb4_telt_wie_geen_reden_heeft(wereld: Wereld, mbo: Client) -> None:
    with wereld.bereik():
        Aanmelding.objects.filter(pk=wereld.a("afgewezen").pk).update(reden_code="")  # as a feed leaves it
    lijst = tekst(mbo.get("/leerlingen?stap=MB4"))
    assert len(knoppen(lijst, "reden")) == 1
    assert wereld.o("afgewezen").leerling.achternaam in lijst


def test_mb3_staat_er_na_de_start_en_alleen_waar_de_instelling_het_bijhoudt(wereld: Wereld, mbo: Client) -> None:
    assert "MB3" not in stappen(mbo)
    wereld.op(date(2026, 9, 7))
    assert "MB3" in stappen(mbo, "?jaar=2025-2026")
    assert len(knoppen(tekst(mbo.get("/leerlingen?stap=MB3&jaar=2025-2026")), "gestart")) == 1
    Organisatie.objects.filter(code="99MA", soort="mbo").update(instellingen={"show": False})
    assert "MB3" not in stappen(mbo, "?jaar=2025-2026")
    assert knoppen(tekst(mbo.get("/leerlingen?stap=MB3&jaar=2025-2026")), "gestart") == []


def test_onder_een_lijst_staat_geen_knop_die_elke_rij_zou_weigeren(wereld: Wereld, mbo: Client) -> None:
    def balk(vraag: str) -> set[str]:
        pagina = tekst(mbo.get(f"/leerlingen?{vraag}"))
        return set(re.findall(r'name="actie"\s+value="(\w+)"', pagina)) & {
            "verder",
            "afmelden",
            "reden",
            "gestart",
            "verzuimloket",
        }

    wereld.op(date(2026, 9, 7))
    jaar = "jaar=2025-2026"
    assert balk(jaar) == {"verder", "afmelden", "reden", "gestart", "verzuimloket"}
    assert balk(f"stap=MB1&{jaar}") == {"verder", "afmelden"}
    assert balk(f"stap=MB3&{jaar}") == {"afmelden", "gestart", "verzuimloket"}
    assert balk(f"status=afgewezen&{jaar}") == {"reden"}
    assert balk(f"status=afgewezen,intake&{jaar}") == {"verder", "afmelden", "reden"}


def test_wie_het_langst_wacht_staat_boven_wie_klaar_is(wereld: Wereld, mbo: Client) -> None:
    wereld.aanmelding(wereld.overstap(achternaam="Alklaar"), "99MA", S.DEFINITIEF, op=date(2025, 10, 7))
    wereld.aanmelding(wereld.overstap(achternaam="Wachtlang"), "99MA", op=date(2025, 11, 7))
    lijst = tekst(mbo.get("/leerlingen"))
    namen = ["Wachtlang", wereld.o("intake").leerling.achternaam, "Alklaar"]
    plekken = [lijst.index(naam) for naam in namen]
    assert plekken == sorted(plekken)


@pytest.mark.parametrize("vraag", ["", "?stap=MB1", "?over_tijd=ja", "?opleiding=Verzorgende IG&niveau=3&vorm=bol"])
def test_een_lijst_kost_evenveel_bij_veel_rijen(wereld: Wereld, mbo: Client, vraag: str) -> None:
    Organisatie.objects.filter(code="99MA", soort="mbo").update(instellingen={"doorlooptijden": {"aangemeld": 20}})

    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as gevangen:
            assert mbo.get(f"/leerlingen{vraag}").status_code == 200
        return [q["sql"] for q in gevangen]

    queries()
    eerst = queries()
    for overstap in wereld.overstappen_van([wereld.rij() for _ in range(40)]):
        wereld.aanmelding(overstap, "99MA")
    assert len(queries()) == len(eerst)
    # Of the page itself: what every page asks (session, person, roles, bereik, log) apart.
    assert sum("statuses_" in q or "accounts_regio" in q or "accounts_organisatie" in q for q in eerst) <= 12


@pytest.mark.parametrize(
    "vraag", ["niveau=9", "niveau=x", "crebo=" + "1" * 30, "vorm=" + "x" * 30, "over_tijd=misschien"]
)
def test_een_filter_dat_niet_klopt_is_een_zin(mbo: Client, vraag: str) -> None:
    antwoord = mbo.get(f"/leerlingen?{vraag}")
    assert antwoord.status_code == 400
    assert "klopt niet" in tekst(antwoord)
