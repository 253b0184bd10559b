"""/rapportages: for every role that has it, its own part, the regio, a year before, and small numbers untold."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from accounts.models import Organisatie
from accounts.rechten import RECHTEN, Recht, Rol
from tests.wereld import Wereld

pytestmark = pytest.mark.django_db


def lees(wereld: Wereld, rol: Rol, waar: str = "21", vraag: str = "") -> str:
    antwoord = wereld.client(rol, waar).get(f"/rapportages{vraag}")
    html = antwoord.content.decode()
    assert antwoord.status_code == 200, html[:3000]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.mark.parametrize("rol", [rol for rol in Rol if Recht.RAPPORTAGES_ZIEN in RECHTEN[rol]])
def test_every_role_with_the_right_has_its_page(rol: Rol, wereld: Wereld) -> None:
    assert "1 oktober: 100% definitief geplaatst" in lees(wereld, rol)


def test_without_the_right(wereld: Wereld) -> None:
    assert wereld.client(Rol.FUNCTIONEEL_BEHEERDER).get("/rapportages").status_code == 403


def test_own_school_beside_the_regio(wereld: Wereld) -> None:
    tekst = lees(wereld, Rol.DECAAN, "99AA")
    assert "Uw school 37,5% · 3 van 8 aangemerkt · ambitie 100%" in tekst
    # Of the regio it is three of nine: below five.
    assert "Hele regio &lt;5" in tekst


def test_beheer_sees_no_small_number(wereld: Wereld) -> None:
    tekst = lees(wereld, Rol.BEHEERORGANISATIE, vraag="?per=vestiging")
    assert "Aantallen onder de vijf" in tekst
    assert "3 van 8" not in tekst
    assert "3 van 8" in lees(wereld, Rol.AANJAGER, vraag="?per=vestiging")


def test_a_samenwerkingsverband_sees_its_schools(wereld: Wereld) -> None:
    assert "Nog geen scholen" in lees(wereld, Rol.SAMENWERKINGSVERBAND)
    wereld.overstappen_van([wereld.rij("99AB00") for _ in range(5)])
    Organisatie.objects.filter(code="SWV21").update(instellingen={"scholen": ["99AB"]})
    tekst = lees(wereld, Rol.SAMENWERKINGSVERBAND, vraag="?per=vestiging")
    assert "Uw scholen 0% · 0 van 6 aangemerkt" in tekst
    assert "Lyceum De Brug" in tekst
    assert "Kompas College" not in tekst
    assert "Nog geen scholen" not in tekst


def test_of_a_day_and_as_known_on_a_day(wereld: Wereld) -> None:
    vraag = "?per=vestiging&peildatum=2026-01-15"
    assert "5 van 8" in lees(wereld, Rol.AANJAGER, vraag=vraag)
    # All of it was registered today; the day before nothing was known.
    assert "niemand aangevinkt" in lees(wereld, Rol.AANJAGER, vraag=f"{vraag}&bekend=2026-03-19")


def test_same_day_last_year_and_havisten_apart(wereld: Wereld) -> None:
    wereld.op(date(2025, 3, 20))
    wereld.overstappen_van(
        [wereld.rij("99AA00", overstapjaar=2024, overstapper_sinds=date(2024, 10, 1)) for _ in range(3)]
    )
    wereld.op(date(2026, 3, 20))
    wereld.overstap("99AA00", onderwijssoort="havo", leerweg=None)
    tekst = lees(wereld, Rol.DECAAN, "99AA")
    assert "Vorig jaar 0,0% (0 van 3) op dezelfde dag, uw school" in tekst
    assert "havo en vwo: 0,0% (0 van 1) · pro en vso: geen leerlingen" in tekst


def test_mbo_has_no_1_april_of_its_own(wereld: Wereld) -> None:
    tekst = lees(wereld, Rol.MBO_MANAGER, "99MA")
    assert "geldt niet voor een instelling" in tekst
    assert "Uw instelling 20,0% · 1 van 5 in de aanmeldprocedure" in tekst


@pytest.mark.parametrize(
    ("vraag", "zin"),
    [
        ("?peildatum=gisteren", "Dit is geen datum"),
        ("?bekend=2030-01-01", "ligt in de toekomst"),
        ("?per=klas", "niet worden uitgesplitst"),
        ("?jaar=1999-2000", "bestaat hier niet"),
        ("?regio=22", "hoort niet bij uw rol"),
    ],
)
def test_wrong_question_is_a_sentence(vraag: str, zin: str, wereld: Wereld) -> None:
    antwoord = wereld.client(Rol.AANJAGER).get(f"/rapportages{vraag}")
    assert antwoord.status_code == 400
    assert zin in antwoord.content.decode()


def test_constant_number_of_queries(wereld: Wereld, django_assert_max_num_queries: Any) -> None:
    client = wereld.client(Rol.DECAAN, "99AA")
    with django_assert_max_num_queries(24):
        client.get("/rapportages?per=leerweg")
    wereld.overstappen_van([wereld.rij("99AA01", leerweg=w) for w in ("kb", "gl", "tl") for _ in range(20)])
    with django_assert_max_num_queries(24):
        client.get("/rapportages?per=leerweg")
