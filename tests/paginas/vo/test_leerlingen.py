"""/leerlingen of a school: what stands in it, its filters and pages, and who may not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import LogOnderwerp, LogRegel
from accounts.rechten import Rol
from tests.wereld import Wereld

if TYPE_CHECKING:
    from django.test import Client

URL = "/leerlingen"


@pytest.fixture
def decaan(wereld: Wereld) -> Client:
    return wereld.client(Rol.DECAAN)


def namen(antwoord) -> list[str]:  # type: ignore[no-untyped-def]
    return [r.naam for r in antwoord.context["rijen"]]


def test_toont_de_overstappers_van_de_eigen_school(wereld: Wereld, decaan: Client) -> None:
    antwoord = decaan.get(URL)
    assert antwoord.status_code == 200
    assert len(namen(antwoord)) == 8
    assert wereld.o("zonder").leerling.lijstnaam in namen(antwoord)
    for elders in (wereld.o("andere_school"), wereld.o("zonder", "22"), wereld.o("ongemarkeerd")):
        assert elders.leerling.lijstnaam not in namen(antwoord)


@pytest.mark.parametrize(
    "vraag",
    ["status=afgewezen", "status=afgewezen,afgemeld", "klas=4B", "risico=ja", "risico=nee", "jaar=2025-2026", "leerweg=bb",
     "onderwijssoort=vmbo", "mbo=99MA", "stap=VO2e", "gemarkeerd=nee", "signaal=stilstand", "zoek=Za", "per=100", "vestiging=99AA00"],
)  # fmt: skip
def test_ieder_filter_werkt(decaan: Client, vraag: str) -> None:
    antwoord = decaan.get(f"{URL}?{vraag}")
    assert antwoord.status_code == 200
    assert antwoord.context["totaal"] == len(namen(antwoord))


@pytest.mark.parametrize(
    "sorteer", ["naam", "-naam", "klas", "status", "-status", "sinds", "-sinds", "aanmelding", "aanzet", "-waarom"]
)
def test_ieder_sorteerbaar(decaan: Client, sorteer: str) -> None:
    assert decaan.get(f"{URL}?sorteer={sorteer}").status_code == 200


@pytest.mark.parametrize(
    ("vraag", "zin"),
    [("status=kwijt", "bestaat niet"), ("risico=misschien", "Kies ja of nee"), ("stap=XX9", "Kies een stap"),
     ("jaar=2025", "zoals 2025-2026"), ("sorteer=bsn", "Sorteren kan op"), ("per=7", "Per bladzijde kan"),
     ("na=xyz", "eerste bladzijde"), ("zoek=a", "twee letters"), ("stap=LP1", "hoort niet bij uw rol"), ("klas=" + "x" * 99, "te lang"),
     ("leerweg=xx%00", "bestaat niet")],
)  # fmt: skip
def test_een_fout_in_het_adres_krijgt_een_zin(decaan: Client, vraag: str, zin: str) -> None:
    antwoord = decaan.get(f"{URL}?{vraag}")
    assert antwoord.status_code == 400
    assert zin in re.sub(r"\s+", " ", antwoord.content.decode().replace("&#x27;", "'"))


def _vragen(client: Client, vraag: str) -> int:
    """The queries of a page, without the statements that open and close its transaction."""
    with CaptureQueriesContext(connection) as vangst:
        assert client.get(f"{URL}?{vraag}").status_code == 200
    huishouding = ("SAVEPOINT", "RELEASE", "SELECT set_config")
    return len([q for q in vangst if not q["sql"].startswith(huishouding)])


def test_even_veel_vragen_bij_10_en_bij_400_rijen(wereld: Wereld, decaan: Client) -> None:
    decaan.get(URL)
    weinig = _vragen(decaan, "per=250")
    wereld.overstappen_van([wereld.rij("99AA00") for _ in range(400)])
    veel = _vragen(decaan, "per=250")
    assert len(namen(decaan.get(f"{URL}?per=250"))) == 250
    assert weinig == veel <= 12


@pytest.mark.parametrize("sorteer", ["naam", "-naam", "status", "-sinds", "-aanmelding", "aanzet", "-waarom"])
def test_bladeren_toont_iedereen_precies_een_keer_en_terug(wereld: Wereld, decaan: Client, sorteer: str) -> None:
    wereld.overstappen_van([wereld.rij("99AA00") for _ in range(112)])
    alles, bladen, url = [], [], f"{URL}?sorteer={sorteer}"
    while url:
        antwoord = decaan.get(url)
        bladen.append([r.pk for r in antwoord.context["rijen"]])
        alles += bladen[-1]
        assert antwoord.context["paginatekst"] == f"{len(alles) - len(bladen[-1]) + 1} tot {len(alles)} van 120"
        url = antwoord.context["volgende"]
    assert len(alles) == len(set(alles)) == 120
    terug = decaan.get(antwoord.context["vorige"])
    assert [r.pk for r in terug.context["rijen"]] == bladen[-2]
    assert decaan.get(terug.context["vorige"]).context["vorige"] is None


def test_chips_tellen_wat_een_klik_toont(wereld: Wereld, decaan: Client) -> None:
    for chip in decaan.get(f"{URL}?klas=4B").context["chips"]:
        antwoord = decaan.get(chip["url"])
        assert antwoord.context["totaal"] == chip["aantal"], chip
        assert [c["naam"] for c in antwoord.context["chips"] if c["actief"]] == [chip["naam"]]


def test_kijken_is_een_logregel_met_zijn_leerlingen(wereld: Wereld, decaan: Client) -> None:
    decaan.get(f"{URL}?klas=4A&zoek=za")
    with wereld.bereik("21"):
        regel = LogRegel.objects.get(handeling="lijst.zien")
        assert regel.details == {"klas": "4A", "zoek": "ja"}
        assert regel.aantal == LogOnderwerp.objects.filter(regel=regel).count()


def test_een_gezochte_naam_staat_in_geen_adres(wereld: Wereld, decaan: Client) -> None:
    wie = wereld.o("zonder").leerling
    antwoord = decaan.post("/leerlingen/zoek?klas=4A", {"term": wie.achternaam[:4]})
    assert antwoord["Location"] == "/leerlingen?klas=4A&zoek=ja"
    lijst = decaan.get(antwoord["Location"])
    assert wie.lijstnaam in namen(lijst)
    assert all(wie.achternaam.lower() not in r.url.lower() for r in lijst.context["rijen"])


@pytest.mark.parametrize(
    ("schrijf", "zoek"), [("Yılmaz", "yil"), ("Çelik", "cel"), ("Zoë", "zoe"), ("van Dalen", "dal")]
)
def test_zoeken_kent_geen_accenten(wereld: Wereld, decaan: Client, schrijf: str, zoek: str) -> None:
    tussen, _, achter = schrijf.rpartition(" ")
    overstap = wereld.overstap(achternaam=achter, tussenvoegsel=tussen)
    assert overstap.leerling.lijstnaam in namen(decaan.get(f"{URL}?zoek={zoek}"))


def test_naast_een_leeg_filter_staat_wat_te_doen(decaan: Client) -> None:
    tekst = decaan.get(f"{URL}?klas=9Z").content.decode()
    assert "Niemand gevonden" in tekst
    assert "Wis de filters" in tekst


def test_knoppen_horen_bij_wie_er_staat(wereld: Wereld, decaan: Client) -> None:
    assert [a["waarde"] for a in decaan.get(URL).context["acties"]][:2] == ["vervolgkeuze", "leerplicht"]
    assert [a["waarde"] for a in decaan.get(f"{URL}?gemarkeerd=nee").context["acties"]] == ["aanvinken"]
    assert wereld.client(Rol.MANAGER_VO).get(f"{URL}?gemarkeerd=nee").context["acties"] == []


@pytest.mark.parametrize("rol", [Rol.SAMENWERKINGSVERBAND, Rol.FUNCTIONEEL_BEHEERDER, Rol.BEHEERORGANISATIE])
def test_wie_geen_leerlingen_ziet_heeft_deze_pagina_niet(wereld: Wereld, rol: Rol) -> None:
    assert wereld.client(rol).get(URL).status_code == 403


def test_sturen_naar_de_lijst_kan_niet(decaan: Client) -> None:
    assert decaan.post(URL).status_code == 405


def test_manager_ziet_dezelfde_rijen_en_een_andere_school_niet(wereld: Wereld, decaan: Client) -> None:
    assert namen(wereld.client(Rol.MANAGER_VO).get(URL)) == namen(decaan.get(URL))
    assert set(namen(wereld.client(Rol.DECAAN, "99AB").get(URL))) == {wereld.o("andere_school").leerling.lijstnaam}
