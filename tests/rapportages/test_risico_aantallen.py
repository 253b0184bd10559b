"""/risico (LP4): per school and per mbo, each number opening exactly those leerlingen; the own gemeente alone."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from accounts.rechten import Rol
from statuses.status import Status
from tests.wereld import Wereld

pytestmark = pytest.mark.django_db
S = Status


def haal(wereld: Wereld, waar: str = "0363", vraag: str = "") -> str:
    antwoord = wereld.client(Rol.LEERPLICHT, waar).get(f"/risico{vraag}")
    html: str = antwoord.content.decode()
    assert antwoord.status_code == 200, html[:3000]
    return html


def tabel(html: str, naam: str) -> dict[str, list[int]]:
    if f"Risico per {naam}<" not in html:
        return {}
    stuk = html[html.index(f"Risico per {naam}<") :]
    uit = {}
    for rij in re.findall(r"<tr>(.*?)</tr>", stuk[: stuk.index("</table>")], re.S)[1:]:
        cellen = [
            re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", c)).strip()
            for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", rij, re.S)
        ]
        uit[cellen[0]] = [int(c.split()[0]) for c in cellen[1:4]]
    return uit


def test_per_school_and_per_mbo(wereld: Wereld) -> None:
    """Risico: who was afgewezen. The school called one in; one is in behandeling, with an aanmelding that stopped."""
    html = haal(wereld)
    assert tabel(html, "school") == {"Kompas College, Haven Amsterdam": [1, 1, 1]}
    assert tabel(html, "mbo") == {"Mbo De Poort 99MA": [1, 0, 1]}
    wereld.op(date(2026, 4, 2))  # from now on without an aanmelding is a risk
    assert tabel(haal(wereld), "school") == {"Kompas College, Haven Amsterdam": [2, 1, 1]}


@pytest.mark.parametrize("waar", ["0363", "RMC21"])
def test_every_number_opens_exactly_those(waar: str, wereld: Wereld) -> None:
    wereld.op(date(2026, 4, 2))
    o = wereld.overstap("99AB00", gemeente="0362")
    wereld.aanmelding(o, "99MB", S.AFGEWEZEN)
    client = wereld.client(Rol.LEERPLICHT, waar)
    gevonden = re.findall(r'href="(/leerlingen\?stap=[^"]+)">(\d+)', haal(wereld, waar))
    assert len(gevonden) >= 5
    for adres, aantal in gevonden:
        assert client.get(adres.replace("&amp;", "&")).context["totaal"] == int(aantal), adres


def test_own_gemeente_only(wereld: Wereld) -> None:
    o = wereld.overstap("99AB00", gemeente="0362")
    wereld.aanmelding(o, "99MB", S.AFGEWEZEN)
    assert set(tabel(haal(wereld, "0362"), "school")) == {"Lyceum De Brug Amstelveen"}
    assert len(tabel(haal(wereld, "RMC21"), "school")) == 2
    for rol in (Rol.DECAAN, Rol.AANJAGER, Rol.BEHEERORGANISATIE):
        assert wereld.client(rol).get("/risico").status_code == 403


def test_nobody(wereld: Wereld) -> None:
    assert "Geen risicoleerlingen" in haal(wereld, vraag="?jaar=2023-2024")


def test_constant_number_of_queries(wereld: Wereld, django_assert_max_num_queries: Any) -> None:
    client = wereld.client(Rol.LEERPLICHT, "0363")
    with django_assert_max_num_queries(18):
        client.get("/risico")
    for o in wereld.overstappen_van([wereld.rij(v) for v in ("99AA00", "99AB00", "99AA01") for _ in range(8)])[::4]:
        wereld.aanmelding(o, "99MB", S.AFGEWEZEN)
    with django_assert_max_num_queries(18):
        client.get("/risico")
