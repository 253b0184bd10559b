"""/voortgang (MV1): per vestiging, decaan and klas, each number leading to exactly those leerlingen."""

from __future__ import annotations

import re
from typing import Any

import pytest

from accounts.rechten import Rol
from statuses.status import Status
from tests.wereld import Wereld

pytestmark = pytest.mark.django_db


def haal(wereld: Wereld, vraag: str = "", rol: Rol = Rol.MANAGER_VO) -> str:
    antwoord = wereld.client(rol, "99AA").get(f"/voortgang{vraag}")
    html: str = antwoord.content.decode()
    assert antwoord.status_code == 200, html[:3000]
    return html


def tabel(html: str, naam: str) -> dict[str, list[str]]:
    """First word of the head of a row -> its cells."""
    stuk = html[html.index(f"Voortgang per {naam}") :]
    uit = {}
    for rij in re.findall(r"<tr>(.*?)</tr>", stuk[: stuk.index("</table>")], re.S)[1:]:
        cellen = [
            re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", c)).strip()
            for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", rij, re.S)
        ]
        uit[cellen[0]] = cellen[1:]
    return uit


def test_per_vestiging_beside_the_ambities(wereld: Wereld) -> None:
    html = haal(wereld)
    haven = tabel(html, "vestiging")["Kompas College, Haven bb kb · 99AA00"]
    assert haven[0] == "8"
    assert haven[2].endswith("3 van 8")
    assert [c.split()[0] for c in haven[3:8]] == ["37,5", "1", "1", "2", "1"]
    assert "37,5% · 3 van 8 aangemerkt" in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    assert wereld.o("zonder").leerling.achternaam not in html


def test_per_decaan_by_the_vestigingen_of_the_account(wereld: Wereld) -> None:
    assert set(tabel(haal(wereld), "decaan")) == {"decaan 99AA hele school"}
    wereld.lid(Rol.DECAAN, "99AA").vestigingen.set([wereld.vestigingen["99AA01"]])
    wereld.overstappen_van([wereld.rij("99AA01") for _ in range(3)])
    rij = tabel(haal(wereld), "decaan")["decaan 99AA Kompas College, Plein"]
    assert (rij[0], rij[2], rij[3]) == ("3", "0,0", "3")


def test_every_number_leads_to_exactly_those(wereld: Wereld) -> None:
    client = wereld.client(Rol.MANAGER_VO, "99AA")
    html = haal(wereld)
    gevonden = re.findall(r'href="(/leerlingen\?[^"]*status=[^"]+)">(\d+)', html)
    assert len(gevonden) >= 8
    for adres, aantal in gevonden:
        assert client.get(adres.replace("&amp;", "&")).context["totaal"] == int(aantal), adres


def test_per_klas(wereld: Wereld) -> None:
    wereld.overstap("99AA01", klas="")
    klassen = tabel(haal(wereld), "klas")
    assert {kop: rij[0] for kop, rij in klassen.items()} == {
        "4A Kompas College, Haven": "1",
        "4B Kompas College, Haven": "3",
        "4C Kompas College, Haven": "4",
        "zonder klas Kompas College, Plein": "1",
    }


def test_a_decaan_sees_the_own_vestigingen(wereld: Wereld) -> None:
    wereld.lid(Rol.DECAAN, "99AA").vestigingen.set([wereld.vestigingen["99AA00"]])
    assert set(tabel(haal(wereld, rol=Rol.DECAAN), "vestiging")) == {"Kompas College, Haven bb kb · 99AA00"}
    for rol in (Rol.AANJAGER, Rol.BEHEERORGANISATIE, Rol.MBO_MANAGER):
        assert wereld.client(rol).get("/voortgang").status_code == 403


def test_strange_year_is_a_sentence(wereld: Wereld) -> None:
    antwoord = wereld.client(Rol.MANAGER_VO, "99AA").get("/voortgang?jaar=25-26")
    assert (antwoord.status_code, "twee opeenvolgende jaren" in antwoord.content.decode()) == (400, True)


def test_constant_number_of_queries(wereld: Wereld, django_assert_max_num_queries: Any) -> None:
    client = wereld.client(Rol.MANAGER_VO, "99AA")
    with django_assert_max_num_queries(28):
        client.get("/voortgang")
    for o in wereld.overstappen_van([wereld.rij("99AA01", klas=f"4{k}") for k in "ABCDEFGH" for _ in range(4)])[:5]:
        wereld.aanmelding(o, "99MA", Status.INTAKE)
    with django_assert_max_num_queries(28):
        client.get("/voortgang")
