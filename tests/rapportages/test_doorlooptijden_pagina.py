"""/doorlooptijden: for every role its figures and no leerling, small numbers untold, and exactly those who wait too long."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.rechten import RECHTEN, Recht, Rol
from overstap.basis import klok
from rapportages.actions import pad_van
from rapportages.models import Export
from rapportages.tasks import maak_export
from statuses.models import Levering
from statuses.status import Status
from tests.rapportages.test_doorlooptijden import NORMEN, spreek_af
from tests.rapportages.test_export_scholen import lees
from tests.wereld import Wereld

pytestmark = pytest.mark.django_db
S = Status


def haal(wereld: Wereld, rol: Rol, waar: str = "21", vraag: str = "") -> str:
    antwoord = wereld.client(rol, waar).get(f"/doorlooptijden{vraag}")
    html = antwoord.content.decode()
    assert antwoord.status_code == 200, html[:3000]
    return html


def tekst(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def rij(html: str, kop: str) -> str:
    return next(tekst(r) for r in re.findall(r"<tr>(.*?)</tr>", html, re.S) if kop in r)


@pytest.mark.parametrize("rol", [rol for rol in Rol if Recht.RAPPORTAGES_ZIEN in RECHTEN[rol]])
def test_every_role_with_the_right_has_its_page(rol: Rol, wereld: Wereld) -> None:
    html = haal(wereld, rol)
    assert "Mbo De Poort" in html
    assert wereld.o("aangemeld").leerling.achternaam not in tekst(html)


def test_own_instelling_per_step(wereld: Wereld) -> None:
    """MB7: the agreement, measured, median, nine of ten, longer than agreed, running, running too long."""
    spreek_af(NORMEN)
    html = haal(wereld, Rol.MBO_MANAGER, "99MA")
    assert rij(html, "Aangemeld").split() == [
        "Aangemeld",
        "10",
        "4",
        "26",
        "(langer",
        "dan",
        "afgesproken)",
        "40",
        "4",
        "van",
        "4",
        "1",
        "1",
        "te",
        "lang",
        "bij",
        "Aangemeld",
    ]
    assert rij(html, "Voorlopig").split() == ["Voorlopig", "geen", "0", "–", "–", "–", "0", "–"]


def test_counts_per_opleiding_and_status_lead_to_those(wereld: Wereld) -> None:
    html = haal(wereld, Rol.MBO_MANAGER, "99MA")
    cijfers = [r for r in re.findall(r"<tr>(.*?)</tr>", html, re.S) if "Verzorgende IG" in r][1]
    url = re.search(r'href="([^"]*status=intake[^"]*)"', cijfers)
    assert url
    lijst = wereld.client(Rol.MBO_MANAGER, "99MA").get(url[1].replace("&amp;", "&"))
    assert "1 aanmelding" in tekst(lijst.content.decode())


@pytest.mark.parametrize(
    ("rol", "waar"), [(Rol.MBO_MANAGER, "99MA"), (Rol.DECAAN, "99AA"), (Rol.LEERPLICHT, "0363"), (Rol.AANJAGER, "21")]
)
def test_over_time_list_is_exactly_those(rol: Rol, waar: str, wereld: Wereld) -> None:
    spreek_af(NORMEN)
    html = haal(wereld, rol, waar)
    gevonden = re.search(r'href="(/leerlingen\?[^"]*over_tijd=ja)">(\d+) (leerling|aanmelding)', html)
    assert gevonden, tekst(html)
    pagina = wereld.client(rol, waar).get(gevonden[1].replace("&amp;", "&"))
    lijst = pagina.content.decode()
    assert pagina.context["totaal"] == int(gevonden[2]) == (1 if rol == Rol.LEERPLICHT else 2)
    assert str(wereld.o("aangemeld").pk) in lijst
    assert str(wereld.o("definitief").pk) not in lijst


def test_not_over_time_is_the_rest(wereld: Wereld) -> None:
    spreek_af(NORMEN)
    client = wereld.client(Rol.DECAAN, "99AA")
    totaal = [
        client.get(f"/leerlingen?gemarkeerd=ja{d}").context["totaal"] for d in ("", "&over_tijd=ja", "&over_tijd=nee")
    ]
    assert totaal == [8, 2, 6]


def test_a_school_sees_no_small_number(wereld: Wereld) -> None:
    spreek_af(NORMEN)
    html = haal(wereld, Rol.DECAAN, "99AA", "?mbo=99MA")
    assert rij(html, "Aangemeld").split() == "Aangemeld 10 <5 – – – <5 <5".replace("<", "&lt;").split()
    assert "40" not in rij(html, ">Verzorgende IG<")
    for o in wereld.overstappen_van([wereld.rij("99AA01") for _ in range(5)]):
        wereld.aanmelding(o, "99MA", S.INTAKE)
    assert rij(haal(wereld, Rol.DECAAN, "99AA", "?mbo=99MA"), "Aangemeld").split()[:4] == ["Aangemeld", "10", "9", "0"]


def test_the_manager_finds_where_the_agreement_is_set(wereld: Wereld) -> None:
    adres = re.search(r'href="([^"]+)">Wijzig de afspraken', haal(wereld, Rol.MBO_MANAGER, "99MA"))
    assert adres
    assert wereld.client(Rol.MBO_MANAGER, "99MA").get(adres[1]).status_code == 200
    assert "Wijzig de afspraken" not in haal(wereld, Rol.MBO_MEDEWERKER, "99MA")
    assert "Wijzig de afspraken" not in haal(wereld, Rol.MBO_MANAGER, "99MA", "?mbo=99MB")


def test_without_an_agreement_no_task(wereld: Wereld) -> None:
    html = haal(wereld, Rol.DECAAN, "99AA")
    assert "Wie wacht nu te lang?" not in html
    spreek_af({"aangemeld": 200, "intake": 200})
    assert "wacht niemand langer" in tekst(haal(wereld, Rol.DECAAN, "99AA"))


def test_how_fresh(wereld: Wereld) -> None:
    assert "Nog nooit. De afspraak is: drie keer per week." in tekst(haal(wereld, Rol.MBO_MANAGER, "99MA"))
    with wereld.bereik("21"):
        levering = Levering.objects.create(
            regio_id="21",
            organisatie=wereld.organisaties["99MA"],
            soort="aanmeldingen",
            ontvangen_op=klok.nu() - timedelta(days=4),
        )
    assert "4 dagen geleden afspraak: 3 keer per week" in rij(haal(wereld, Rol.DECAAN, "99AA"), "Mbo De Poort")
    assert "Nog niets bekend in dit overstapjaar: Mbo Het Anker." in tekst(haal(wereld, Rol.DECAAN, "99AA"))
    with wereld.bereik("21"):
        levering.ontvangen_op = klok.nu()
        levering.save()
    assert re.search(r"Vandaag \d\d:\d\d", tekst(haal(wereld, Rol.MBO_MANAGER, "99MA")))


def test_two_regios_of_an_mbo_are_one_list(wereld: Wereld) -> None:
    """99MB works in 21 and 22; only 21 agreed on days."""
    spreek_af(NORMEN)
    client = wereld.client(Rol.MBO_MANAGER, "99MB")
    assert client.get("/leerlingen?over_tijd=ja").context["totaal"] == 0
    assert "wacht niemand langer" in tekst(haal(wereld, Rol.MBO_MANAGER, "99MB"))


def test_excel_of_the_table(wereld: Wereld, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    spreek_af(NORMEN)
    for rol, waar, gemeten in ((Rol.MBO_MANAGER, "99MA", 4), (Rol.DECAAN, "99AA", "<5")):
        antwoord = wereld.client(rol, waar).post("/doorlooptijden?jaar=2025-2026")
        assert antwoord.status_code == 302
        with wereld.bereik("21"):
            export = Export.objects.get(pk=antwoord["Location"].rsplit("/", 1)[1])
        assert maak_export("21", str(export.pk))
        with wereld.bereik("21"):
            export.refresh_from_db()
        bladen = lees(pad_van(export))
        rij = bladen["Doorlooptijden"][1]
        assert rij[:5] == ["99MA", "Mbo De Poort", "Aangemeld", 10, gemeten]
        assert rij[5] == (26 if gemeten == 4 else None)
        assert len(bladen["Doorlooptijden"]) == 1 + 4
    assert wereld.client(Rol.SAMENWERKINGSVERBAND).post("/doorlooptijden").status_code == 403


@pytest.mark.parametrize(
    ("vraag", "zin"),
    [("?mbo=99AA", "doet in uw regio niet mee"), ("?jaar=2025", "twee opeenvolgende jaren"), ("?mbo=%00", "")],
)
def test_wrong_question_is_a_sentence(vraag: str, zin: str, wereld: Wereld) -> None:
    antwoord = wereld.client(Rol.AANJAGER).get(f"/doorlooptijden{vraag}")
    assert (antwoord.status_code, zin in antwoord.content.decode()) == (400, True)


def test_constant_number_of_queries(wereld: Wereld, django_assert_max_num_queries: Any) -> None:
    spreek_af(NORMEN)
    client = wereld.client(Rol.MBO_MANAGER, "99MA")
    with django_assert_max_num_queries(24):
        client.get("/doorlooptijden")
    for i, o in enumerate(wereld.overstappen_van([wereld.rij("99AA01") for _ in range(20)])):
        wereld.aanmelding(o, "99MA", S.INTAKE, op=date(2026, 2, 1), opleiding=f"Opleiding {i % 7}")
    with django_assert_max_num_queries(24):
        client.get("/doorlooptijden")


def test_the_filter_asks_for_the_agreements_once(wereld: Wereld) -> None:
    spreek_af(NORMEN)
    client = wereld.client(Rol.DECAAN, "99AA")
    aantal = {}
    for vraag in ("?risico=ja", "?risico=ja", "?over_tijd=ja"):
        with CaptureQueriesContext(connection) as gevraagd:
            client.get(f"/leerlingen{vraag}")
        aantal[vraag] = len(gevraagd)
    assert aantal["?over_tijd=ja"] <= aantal["?risico=ja"] + 1
