"""The nieuwsbrief: when it goes, to whom, with whose counts; and the page of the own mail."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from accounts.rechten import Rol
from overstap.gesprekken.models import Mail, Voorkeur
from overstap.gesprekken.post import nieuwsbrief
from statuses.tellingen import tel_stappen
from statuses.termijnen import kalender, open_jaren
from statuses.werklijsten import stappen_van
from tests.gesprekken.conftest import Postkantoor
from tests.wereld import JAAR, Wereld

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("dag", "due"),
    [
        (date(2026, 3, 1), date(2026, 3, 1)),
        (date(2026, 3, 7), date(2026, 3, 1)),
        (date(2026, 3, 8), None),
        (date(2026, 4, 1), None),  # the phase of 2 April takes its place
        (date(2026, 4, 2), date(2026, 4, 2)),
        (date(2026, 4, 8), date(2026, 4, 2)),
        (date(2026, 7, 15), date(2026, 7, 15)),
        (date(2026, 7, 14), None),
        (date(2026, 9, 1), date(2026, 9, 1)),
        (date(2026, 2, 28), None),
    ],
)
def test_when_it_is_due(dag: date, due: date | None) -> None:
    assert nieuwsbrief.moment([kalender(jaar) for jaar in open_jaren(dag)], dag) == due


def test_the_next_one_is_named() -> None:
    kalenders = [kalender(2025)]
    assert nieuwsbrief.volgend_moment(kalenders, date(2026, 3, 20)) == date(2026, 4, 2)
    assert nieuwsbrief.volgend_moment(kalenders, date(2026, 4, 2)) == date(2026, 5, 1)


def maak(wereld: Wereld, regio: str = "21") -> int:
    with wereld.bereik(regio):
        return nieuwsbrief.maak(regio)


def brieven(wereld: Wereld, regio: str = "21") -> dict[str, dict[str, Any]]:
    with wereld.bereik(regio):
        return {m.gebruiker.email: m.inhoud for m in Mail.objects.select_related("gebruiker")}  # type: ignore[union-attr]


def test_everybody_gets_one_with_the_counts_of_the_own_scope(wereld: Wereld) -> None:
    wereld.op(date(2026, 4, 3))
    assert maak(wereld) == len({lid.pk for (_, code), lid in wereld.leden.items() if code in WERKT_IN_21})
    assert maak(wereld) == 0
    wereld.op(date(2026, 4, 5))
    assert maak(wereld) == 0
    gemaakt = brieven(wereld)
    for rol, waar in (
        (Rol.DECAAN, "99AA"),
        (Rol.DECAAN, "99AB"),
        (Rol.MBO_MEDEWERKER, "99MA"),
        (Rol.LEERPLICHT, "0363"),
    ):
        inhoud = gemaakt[wereld.gebruiker(rol, waar).email]
        k = kalender(JAAR)
        stappen = [s for s in stappen_van(rol) if s.toont(date(2026, 4, 3), k)]
        with wereld.bereik("21"):
            tel = tel_stappen(stappen, wereld.actor(rol, waar), k, date(2026, 4, 3))
        verwacht = {s.naam: tel.get(s.id) for s in stappen if tel.get(s.id) or not s.telt}
        assert {s["naam"]: s["aantal"] for s in inhoud["stappen"]} == verwacht, (rol, waar)
    assert gemaakt["decaan.99aa@overstap.example"]["stappen"] != gemaakt["decaan.99ab@overstap.example"]["stappen"]
    wereld.op(date(2026, 5, 1))
    assert maak(wereld) == len(gemaakt)


WERKT_IN_21 = {"99AA", "99AB", "99MA", "99MB", "0363", "0362", "RMC21", "SWV21"}


def test_an_mbo_in_two_regios_gets_one_in_all(wereld: Wereld) -> None:
    wereld.op(date(2026, 4, 3))
    maak(wereld, "21")
    maak(wereld, "22")
    adres = wereld.gebruiker(Rol.MBO_MEDEWERKER, "99MB").email
    assert adres in brieven(wereld, "21")
    assert adres not in brieven(wereld, "22")
    assert "decaan.99ba@overstap.example" in brieven(wereld, "22")


def test_who_unsubscribed_gets_none_and_can_come_back(wereld: Wereld) -> None:
    client = wereld.client(Rol.DECAAN)
    assert client.post("/voorkeuren", {"terugval": "direct", "berichten": "niet"}).status_code == 302
    rij = Voorkeur.objects.get()
    assert (rij.terugval, rij.berichten, rij.nieuwsbrief) == ("direct", "niet", False)
    wereld.op(date(2026, 4, 3))
    maak(wereld)
    assert "decaan.99aa@overstap.example" not in brieven(wereld)
    assert "decaan.99ab@overstap.example" in brieven(wereld)
    client.post("/voorkeuren", {"terugval": "direct", "berichten": "niet", "nieuwsbrief": "on"})
    assert maak(wereld) == 1


def test_a_role_chooses_only_what_it_can_be_told(wereld: Wereld) -> None:
    html = wereld.client(Rol.MANAGER_VO).get("/voorkeuren").content.decode()
    assert "Als een leerling terugvalt" not in html
    assert "Als er een bericht" not in html
    assert "Stuur mij de nieuwsbrief" in html
    client = wereld.client(Rol.DECAAN)
    assert client.post("/voorkeuren", {"terugval": "soms", "berichten": "niet"}).status_code == 422
    assert not Voorkeur.objects.exists()
    # What a role can not choose stays as it was.
    wereld.client(Rol.MANAGER_VO).post("/voorkeuren", {"terugval": "niet"})
    assert Voorkeur.objects.get().terugval == "dagelijks"


def test_the_letter_as_it_arrives(wereld: Wereld, postkantoor: Postkantoor, verstuur: Any) -> None:
    wereld.op(date(2026, 4, 3))
    maak(wereld)
    verstuur()
    (brief,) = [b for b in postkantoor.ontvangen if b["To"] == "decaan.99aa@overstap.example"]
    tekst = "\n".join(str(brief.get_content()).splitlines())
    assert brief["Subject"] == "Overstap: wat er nu voor u telt"
    assert 'Dit telt nu voor u als decaan, in de periode "afronden aanmeldproces":' in tekst
    assert "- Afgewezen of afgemeld, met reden: 1\n" in tekst
    assert "http://127.0.0.1:8000/vandaag" in tekst
    assert brief["List-Unsubscribe"] == "<http://127.0.0.1:8000/voorkeuren>"


def test_the_beheerorganisatie_sees_it_beforehand_for_every_role(wereld: Wereld) -> None:
    client = wereld.client(Rol.BEHEERORGANISATIE)
    for rol in Rol:
        html = client.get(f"/nieuwsbrief?rol={rol.value}").content.decode()
        stappen = [s for s in stappen_van(rol) if s.toont(wereld.vandaag, kalender(JAAR))]
        assert all(s.naam.replace("'", "&#x27;") in html for s in stappen), rol
    html = client.get("/nieuwsbrief?rol=onzin").content.decode()
    assert "De volgende gaat op 2 april 2026" in html
    assert "als decaan" in html
