"""One school for its aanjager and for itself: figures, what was agreed, recording it, and what each step asks."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from accounts.models import LogRegel
from accounts.rechten import Rol
from statuses.models import Examenkandidaten, SchoolContact
from tests.paginas.aanjager.test_scholen import lees, rijen
from tests.wereld import Wereld

pytestmark = pytest.mark.django_db


def tekst(antwoord: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", antwoord.content.decode()))


def leg_vast(wereld: Wereld, code: str = "99AA00", rol: Rol = Rol.AANJAGER, vraag: str = "", **velden: str) -> Any:
    return wereld.client(rol, "99AA" if rol != Rol.AANJAGER else "21").post(f"/scholen/{code}/contact{vraag}", velden)


def contacten(wereld: Wereld) -> list[tuple[str, str, str]]:
    with wereld.bereik("21"):
        return list(SchoolContact.objects.order_by("op").values_list("vestiging__code", "stap", "antwoord"))


def test_page_of_a_school(wereld: Wereld) -> None:
    Examenkandidaten.objects.create(
        vestiging=wereld.vestigingen["99AA00"], schooljaar="2023-2024", leerweg="bb", aantal=20
    )
    for leerweg, aantal in (("bb", 30), ("kb", 0), ("havo", 70)):
        Examenkandidaten.objects.create(
            vestiging=wereld.vestigingen["99AA00"],
            schooljaar="2024-2025",
            leerweg=leerweg,
            aantal=aantal,
            ondergrens=not aantal,
        )
    zien = tekst(wereld.client(Rol.AANJAGER).get("/scholen/99AA00"))
    assert "8 van 9 in de examenklassen · minstens 30 examenkandidaten vmbo in 2024-2025 (DUO)" in zien
    assert "37,5% · 3 van 8 aangemerkt · ambitie 100%" in zien
    assert "nog niets vastgelegd" in zien
    assert wereld.o("zonder").leerling.achternaam not in zien
    assert rijen(lees(wereld, "?toon=alle"))["99AA00"][1] == "8 van 9"


def test_the_numbers_lead_to_exactly_those(wereld: Wereld) -> None:
    client = wereld.client(Rol.AANJAGER)
    html = client.get("/scholen/99AA00").content.decode()
    gevonden = re.findall(r'href="(/leerlingen\?vestiging=99AA00&amp;status=[^"]+)">(\d+)', html)
    assert len(gevonden) == 5
    for adres, aantal in gevonden:
        assert client.get(adres.replace("&amp;", "&")).context["totaal"] == int(aantal), adres


def test_mark_as_discussed_from_the_list(wereld: Wereld) -> None:
    """AJ1: two clicks from /vandaag: the step, and the button in the row."""
    html = lees(wereld, "?stap=AJ1")
    formulier = re.search(r'action="(/scholen/99AA01/contact[^"]*)"', html)
    assert formulier
    antwoord = wereld.client(Rol.AANJAGER).post(
        formulier[1].replace("&amp;", "&"), {"stap": "AJ1", "antwoord": "besproken"}, follow=True
    )
    assert antwoord.redirect_chain == [("/scholen?stap=AJ1&jaar=2025-2026", 302)]
    assert "Vastgelegd bij Kompas College, Plein: besproken." in tekst(antwoord)
    assert contacten(wereld) == [("99AA01", "AJ1", "besproken")]
    with wereld.bereik("21"):
        assert LogRegel.objects.filter(handeling="schoolcontact.gezet", doel="AJ1").count() == 1


def test_answer_of_the_school_from_the_list(wereld: Wereld) -> None:
    """AJ3: what the school says, in two clicks from /vandaag; only "steun nodig" asks for words."""
    wereld.op(date(2026, 4, 20))
    html = lees(wereld, "?stap=AJ3")
    formulier = re.search(r'action="(/scholen/99AA00/contact[^"]*)"', html)
    assert formulier
    assert 'href="/scholen/99AA00?jaar=2025-2026&amp;stap=AJ3#vastleggen"' in html
    antwoord = wereld.client(Rol.AANJAGER).post(
        formulier[1].replace("&amp;", "&"), {"stap": "AJ3", "antwoord": "klopt"}, follow=True
    )
    assert "Vastgelegd bij Kompas College, Haven: het klopt." in tekst(antwoord)
    assert set(rijen(antwoord.content.decode())) == {"99AB00"}


def test_who_agreed_what_and_when_stands_at_the_school_and_in_the_list(wereld: Wereld) -> None:
    leg_vast(wereld, stap="AJ2", antwoord="besproken", notitie="Decaan belt de ouders.")
    wereld.op(date(2026, 3, 24))
    leg_vast(wereld, stap="AJ3", antwoord="steun_nodig", notitie="Graag hulp bij de aanmelding.")
    zien = tekst(wereld.client(Rol.AANJAGER).get("/scholen/99AA00"))
    assert "Leerlingen zonder aanmelding: de school heeft steun nodig 24 maart 2026 · aanjager RMC21 Graag hulp" in zien
    assert "Op weg naar 1 april: besproken 20 maart 2026 · aanjager RMC21 Decaan belt de ouders." in zien
    assert rijen(lees(wereld, "?toon=alle"))["99AA00"][9].startswith(
        "De school heeft steun nodig 24 maart · aanjager RMC21"
    )
    # In a step only what was agreed about that step.
    assert rijen(lees(wereld, "?stap=AJ2"))["99AA00"][9].startswith("Besproken 20 maart · aanjager RMC21")


def test_the_school_answers_itself(wereld: Wereld) -> None:
    antwoord = leg_vast(wereld, rol=Rol.DECAAN, stap="AJ3", antwoord="achterstand")
    assert antwoord.status_code == 302
    assert "decaan 99AA" in rijen(lees(wereld, "?toon=alle"))["99AA00"][9]
    # Not for the aanjager's own steps, and not "besproken".
    assert leg_vast(wereld, rol=Rol.DECAAN, stap="AJ1", antwoord="klopt").status_code == 422
    assert leg_vast(wereld, rol=Rol.DECAAN, stap="AJ3", antwoord="besproken").status_code == 422
    assert len(contacten(wereld)) == 1


def test_the_question_stands_on_the_day_of_the_school(wereld: Wereld) -> None:
    kop = "De aanjager vraagt"
    assert kop not in tekst(wereld.client(Rol.DECAAN, "99AA").get("/vandaag"))  # not yet: it is before 1 April
    wereld.op(date(2026, 4, 20))
    pagina = wereld.client(Rol.DECAAN, "99AA").get("/vandaag").content.decode()
    assert kop in pagina
    gevonden = re.search(r'href="(/scholen/99AA00[^"#]*)#vastleggen"', pagina)
    assert gevonden
    assert "Klopt het dat deze leerlingen" in tekst(
        wereld.client(Rol.DECAAN, "99AA").get(gevonden[1].replace("&amp;", "&"))
    )
    leg_vast(wereld, rol=Rol.DECAAN, stap="AJ3", antwoord="klopt")
    assert kop not in tekst(wereld.client(Rol.DECAAN, "99AA").get("/vandaag"))


@pytest.mark.parametrize(
    ("velden", "zin"),
    [
        ({"stap": "AJ3"}, "Kies wat de uitkomst is."),
        ({"stap": "AJ9", "antwoord": "klopt"}, "Kies een stap uit de lijst."),
        ({"stap": "AJ3", "antwoord": "misschien"}, "Kies een uitkomst uit de lijst."),
        ({"stap": "AJ3", "antwoord": "steun_nodig"}, "Schrijf kort welke steun de school nodig heeft."),
    ],
)
def test_wrong_answer_is_a_sentence(velden: dict[str, str], zin: str, wereld: Wereld) -> None:
    antwoord = leg_vast(wereld, **velden)
    assert (antwoord.status_code, zin in antwoord.content.decode()) == (422, True)
    assert contacten(wereld) == []


def test_own_subregio_and_own_vestigingen_only(wereld: Wereld) -> None:
    wereld.lid(Rol.AANJAGER).subregios.set([wereld.subregios["0362"]])
    assert leg_vast(wereld, "99AA00", stap="AJ1", antwoord="besproken").status_code == 404
    assert leg_vast(wereld, "99AA01", stap="AJ1", antwoord="besproken").status_code == 302
    wereld.lid(Rol.DECAAN, "99AA").vestigingen.set([wereld.vestigingen["99AA01"]])
    assert wereld.client(Rol.DECAAN, "99AA").get("/scholen/99AA00").status_code == 404
    assert wereld.client(Rol.DECAAN, "99AA").get("/scholen/99AA01").status_code == 200


def test_excel_of_a_step_holds_its_leerlingen(wereld: Wereld) -> None:
    gekozen = {stap: re.search(r'value="([\w-]+)" selected', lees(wereld, f"?stap={stap}")) for stap in ("AJ3", "AJ4")}
    assert {stap: m[1] if m else "" for stap, m in gekozen.items()} == {"AJ3": "zonder", "AJ4": "niet-geplaatst"}


def test_to_the_contacts_and_to_a_knelpunt(wereld: Wereld) -> None:
    """AJ5, and "contact" of AJ1 to AJ4: the links open what they promise."""
    client = wereld.client(Rol.AANJAGER)
    html = client.get("/scholen/99AA00").content.decode()
    contact = re.search(r'href="(/contacten\?[^"]+)"', html)
    melding = re.search(r'href="(/meldingen/nieuw[^"]*)"', html)
    assert contact
    assert melding
    assert "Kompas College" in client.get(contact[1]).content.decode()
    assert client.get(melding[1]).status_code == 200
    assert "/meldingen/nieuw" in lees(wereld, "?toon=alle")


def test_strange_year_is_a_sentence(wereld: Wereld) -> None:
    antwoord = wereld.client(Rol.AANJAGER).get("/scholen/99AA00?jaar=2025")
    assert (antwoord.status_code, "twee opeenvolgende jaren" in tekst(antwoord)) == (400, True)


def test_last_year_on_the_same_day(wereld: Wereld) -> None:
    wereld.op(date(2025, 3, 20))
    toen = [wereld.rij("99AA01", overstapjaar=2024, overstapper_sinds=date(2024, 10, 1)) for _ in range(6)]
    for o in wereld.overstappen_van(toen)[:3]:
        wereld.aanmelding(o, "99MA", op=date(2025, 3, 1))
    wereld.op(date(2026, 3, 20))
    zien = tekst(wereld.client(Rol.AANJAGER).get("/scholen/99AA01"))
    assert "6 overstappers meer dan nu · 50,0% aangemeld (3 van 6 aangemerkt)" in zien
