"""/scholen: the figures of each vestiging, chips, order, links, a day before, and who may look."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from accounts.rechten import Rol
from statuses.regiokalender import kalenders
from statuses.status import Status
from statuses.tellingen import rijen as stap_rijen
from statuses.termijnen import open_jaren
from statuses.werklijsten import stappen_van
from tests.wereld import Wereld

pytestmark = pytest.mark.django_db


def rijen(html: str) -> dict[str, list[str]]:
    """Code of the vestiging -> the texts of its cells."""
    uit = {}
    for rij in re.findall(r"<tr>(.*?)</tr>", html, re.S)[1:]:
        cellen = [
            re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", c)).strip()
            for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", rij, re.S)
        ]
        uit[cellen[0].rsplit(" ", 1)[1]] = cellen
    return uit


def lees(wereld: Wereld, vraag: str = "", rol: Rol = Rol.AANJAGER, waar: str = "21") -> str:
    antwoord = wereld.client(rol, waar).get(f"/scholen{vraag}")
    assert antwoord.status_code == 200, antwoord.content.decode()[:3000]
    return antwoord.content.decode()


def test_figures_of_today(wereld: Wereld) -> None:
    html = lees(wereld, "?toon=alle")
    assert "<h1>Scholen vóór 1 april</h1>" in html
    assert "3 vestigingen · 9 overstappers" in html
    haven = rijen(html)["99AA00"]
    # 37.5%: aangemeld, intake and definitief of the eight; one came a week ago or later: nobody.
    assert haven[1:3] == ["8 van 9", "–"]
    assert haven[3].endswith("3 van 8")
    assert haven[4:6] == ["37,5", "0"]
    assert [cel.split()[0] for cel in haven[6:9]] == ["1", "1", "2"]
    assert haven[9] in ("gisteren actief", "vandaag actief")
    assert "nog geen overstappers aangevinkt" in " ".join(rijen(html)["99AA01"])


def test_chips_and_steps(wereld: Wereld) -> None:
    assert set(rijen(lees(wereld))) == {"99AA00", "99AB00"}
    assert set(rijen(lees(wereld, "?toon=geen"))) == {"99AA01"}
    assert set(rijen(lees(wereld, "?stap=AJ1"))) == {"99AA01"}
    assert set(rijen(lees(wereld, "?stap=AJ2"))) == {"99AA00", "99AB00"}
    assert set(rijen(lees(wereld, "?toon=alle&subregio=Subregio+Amsterdam"))) == {"99AA00"}


def test_order(wereld: Wereld) -> None:
    assert list(rijen(lees(wereld, "?toon=alle"))) == ["99AB00", "99AA00", "99AA01"]
    assert list(rijen(lees(wereld, "?toon=alle&sorteer=-percentage"))) == ["99AA00", "99AB00", "99AA01"]
    assert next(iter(rijen(lees(wereld, "?toon=alle&sorteer=overstappers")))) == "99AA00"


def test_a_day_before_and_the_week(wereld: Wereld) -> None:
    toen = rijen(lees(wereld, "?toon=alle&peildatum=2026-01-15"))["99AA00"]
    # The five applied on 15 January, nobody before.
    assert toen[3].endswith("5 van 8")
    assert toen[4:6] == ["62,5", "+5"]


def test_against_last_year(wereld: Wereld) -> None:
    wereld.op(date(2025, 3, 20))
    wereld.overstappen_van(
        [wereld.rij("99AA01", overstapjaar=2024, overstapper_sinds=date(2024, 10, 1)) for _ in range(3)]
    )
    wereld.op(date(2026, 3, 20))
    uit = rijen(lees(wereld, "?toon=alle"))
    assert (uit["99AA00"][2], uit["99AA01"][2]) == ("+8", "−3")


def test_links_to_exactly_those_leerlingen(wereld: Wereld) -> None:
    html = lees(wereld, "?toon=alle")
    adres = re.search(r'href="(/leerlingen\?vestiging=99AA00&amp;status=zonder_aanmelding[^"]*)"', html)
    assert adres
    lijst = wereld.client(Rol.AANJAGER).get(adres[1].replace("&amp;", "&"))
    assert lijst.status_code == 200
    assert str(wereld.o("zonder").pk) in lijst.content.decode()
    assert str(wereld.o("aangemeld").pk) not in lijst.content.decode()


def test_excel_of_what_is_shown(wereld: Wereld) -> None:
    html = lees(wereld, "?toon=geen")
    form = html[html.index('action="/exports"') :]
    assert re.findall(r'name="vestiging" value="(\w+)"', form) == ["99AA01"]
    assert 'name="per_school" value="on"' in form


def test_who_sees_what(wereld: Wereld) -> None:
    assert set(rijen(lees(wereld, "?toon=alle", Rol.MANAGER_VO, "99AA"))) == {"99AA00", "99AA01"}
    lid = wereld.lid(Rol.AANJAGER)
    lid.subregios.set([wereld.subregios["0362"]])
    assert set(rijen(lees(wereld, "?toon=alle"))) == {"99AA01", "99AB00"}
    assert wereld.client(Rol.DECAAN).get("/scholen").status_code == 403


@pytest.mark.parametrize(
    ("vraag", "zin"),
    [
        ("?peildatum=morgen", "Dit is geen datum"),
        ("?peildatum=2026-03-21", "ligt in de toekomst"),
        ("?peildatum=2024-03-21", "voor het begin van overstapjaar 2025-2026"),
        ("?sorteer=naam", "kan de lijst niet sorteren"),
        ("?stap=VO1a", "bestaat hier niet"),
        ("?jaar=2025", "twee opeenvolgende jaren"),
        ("?subregio=Elders", "hoort niet bij uw rol"),
    ],
)
def test_wrong_question_is_a_sentence(vraag: str, zin: str, wereld: Wereld) -> None:
    antwoord = wereld.client(Rol.AANJAGER).get(f"/scholen{vraag}")
    assert antwoord.status_code == 400
    assert zin in antwoord.content.decode()


def test_next_ambitie_after_1_april(wereld: Wereld) -> None:
    wereld.op(date(2026, 4, 2))
    html = lees(wereld, "?toon=alle")
    assert "Scholen vóór 15 juli" in html
    assert rijen(html)["99AA00"][4] == "16,7"
    assert rijen(html)["99AA00"][9] == "1"  # placed, from here on worth a column


def test_constant_number_of_queries(wereld: Wereld, django_assert_max_num_queries: Any) -> None:
    client = wereld.client(Rol.AANJAGER)
    with django_assert_max_num_queries(26):
        client.get("/scholen?toon=alle")
    for o in wereld.overstappen_van([wereld.rij("99AA01") for _ in range(30)])[:3]:
        wereld.aanmelding(o, "99MA", Status.INTAKE)
    with django_assert_max_num_queries(26):
        client.get("/scholen?toon=alle")


DAGEN = [
    date(2025, 9, 20), date(2025, 10, 20), date(2025, 11, 3), date(2026, 1, 15), date(2026, 2, 20), date(2026, 3, 20),
    date(2026, 4, 3), date(2026, 5, 20), date(2026, 6, 20), date(2026, 7, 20), date(2026, 9, 20), date(2026, 10, 5),
]  # fmt: skip


@pytest.mark.parametrize("dag", DAGEN)
def test_rows_of_a_step_are_its_count(dag: date, wereld: Wereld) -> None:
    """Of both jaren that are open on that day: what /vandaag counts is what /scholen lists."""
    wereld.op(dag)
    actor, client = wereld.actor(Rol.AANJAGER), wereld.client(Rol.AANJAGER)
    for jaar in open_jaren(dag):
        with wereld.bereik("21"):
            k = kalenders(["21"], [jaar])["21", jaar]
            telt = {
                s.id: stap_rijen(s, actor, k, dag).count() for s in stappen_van(Rol.AANJAGER) if s.pagina == "scholen"
            }
        assert set(telt) == {"AJ1", "AJ2", "AJ3", "AJ4"}
        for stap, aantal in telt.items():
            antwoord = client.get(f"/scholen?stap={stap}&jaar={jaar}-{jaar + 1}")
            assert (antwoord.status_code, len(antwoord.context["rijen"])) == (200, aantal), (stap, jaar)
