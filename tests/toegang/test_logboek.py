"""/beheer/logboek: who did, saw or was refused what, by ids and codes, page by page."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import audit
from accounts.rechten import Rol
from tests.wereld import Wereld


@pytest.fixture
def beheer(wereld: Wereld) -> Client:
    return wereld.client(Rol.BEHEERORGANISATIE)


def regels(antwoord: Any) -> list[str]:
    return [str(regel.id) for regel, _ in antwoord.context["rijen"]]


def schrijf(wereld: Wereld, aantal: int, handeling: str = "proef.doen", regio: str = "21") -> None:
    actor = wereld.actor(Rol.DECAAN, regio)
    with wereld.bereik(regio):
        audit.log_regels([audit.regel(actor, handeling, object_soort="proef", object_id=n) for n in range(aantal)])


def test_bladeren_toont_elke_regel_een_keer_nieuwste_eerst(wereld: Wereld, beheer: Client) -> None:
    schrijf(wereld, 120)
    gezien: list[str] = []
    adres = "/beheer/logboek?handeling=proef"
    aantallen = []
    while adres:
        antwoord = beheer.get(adres)
        aantallen.append(len(regels(antwoord)))
        gezien += regels(antwoord)
        adres = antwoord.context["volgende"] and f"/beheer/logboek{antwoord.context['volgende']}"
    assert aantallen == [50, 50, 20]
    assert len(set(gezien)) == 120
    tijden = [regel.tijdstip for regel, _ in antwoord.context["rijen"]]
    assert tijden == sorted(tijden, reverse=True)


def test_filteren_op_handeling_rol_organisatie_uitkomst_en_object(wereld: Wereld, beheer: Client) -> None:
    ander = wereld.o("andere_school")
    assert wereld.client(Rol.DECAAN).get(f"/leerlingen/{ander.id}").status_code == 404
    schrijf(wereld, 3)
    for vraag, aantal in (
        ("uitkomst=geweigerd", 1),
        (f"object_id={ander.id}&uitkomst=geweigerd", 1),
        ("handeling=proef&rol=decaan&organisatie=99aa", 3),
        ("handeling=proef&rol=aanjager", 0),
        ("handeling=proef&organisatie=99AB", 0),
        ("handeling=proef&van=2000-01-01&tot=2000-12-31", 0),
    ):
        assert len(regels(beheer.get(f"/beheer/logboek?{vraag}"))) == aantal, vraag


def test_er_staan_geen_namen_in_en_niets_van_een_andere_regio(wereld: Wereld, beheer: Client) -> None:
    leerling = wereld.overstap("99AA00", achternaam="Muurbloem")
    decaan = wereld.client(Rol.DECAAN)
    assert decaan.get(f"/leerlingen/{leerling.id}").status_code == 200
    schrijf(wereld, 1, "proef.buren", "22")
    inhoud = beheer.get("/beheer/logboek").content.decode()
    assert str(leerling.id) in inhoud
    for woord in ("Muurbloem", wereld.gebruiker(Rol.DECAAN).naam, wereld.gebruiker(Rol.DECAAN).email, "proef.buren"):
        assert woord not in inhoud
    assert "proef.buren" in wereld.client(Rol.BEHEERORGANISATIE, "22").get("/beheer/logboek").content.decode()


def test_kijken_is_zelf_een_regel(wereld: Wereld, beheer: Client) -> None:
    beheer.get("/beheer/logboek")
    [regel] = beheer.get("/beheer/logboek?handeling=logboek").context["rijen"]
    assert (regel[0].actor_id, regel[1]) == (wereld.gebruiker(Rol.BEHEERORGANISATIE).id, "RMC21")


@pytest.mark.parametrize(
    ("vraag", "status"),
    [
        ("van=gisteren", 400),
        ("van=2026-03-02&tot=2026-03-01", 400),
        ("rol=koning", 400),
        ("handeling=a%00b", 400),
        ("vanaf=onzin", 200),
        ("vanaf=0001-01-01T00:00:00%2B14:00_01900000-0000-7000-8000-000000000000", 200),
        ("vanaf=2026-01-01T00:00:00_01900000-0000-7000-8000-000000000000", 200),
    ],
)
def test_een_onmogelijke_vraag_is_nooit_een_500(beheer: Client, vraag: str, status: int) -> None:
    antwoord = beheer.get(f"/beheer/logboek?{vraag}")
    assert antwoord.status_code == status
    assert (status == 400) == (regels(antwoord) == [])


def test_evenveel_vragen_aan_de_database_bij_weinig_en_veel_regels(wereld: Wereld, beheer: Client) -> None:
    aantallen = []
    for aantal in (2, 45):
        schrijf(wereld, aantal)
        beheer.get("/beheer/logboek")
        with CaptureQueriesContext(connection) as teller:
            beheer.get("/beheer/logboek?handeling=proef")
        aantallen.append(len(teller))
    assert aantallen[0] == aantallen[1]
