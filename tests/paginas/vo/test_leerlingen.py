"""/leerlingen of a school: what stands in it, its filters and pages, and who may not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

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


@pytest.mark.parametrize("sorteer", ["naam", "-naam", "klas", "status", "-status", "sinds", "-sinds"])
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
