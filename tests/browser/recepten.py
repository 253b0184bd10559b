"""The 35 steps as they are done: data, in the order in which one prepares the next. Bron: domein.md 3; statuses/werklijsten.py."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.klikken import Klikteller
from tests.browser.stappen import (
    LENTE,
    NAJAAR,
    SEPTEMBER,
    VOORJAAR,
    Doe,
    Recept,
    alle_rijen,
    bevestig,
    een_rij,
    enkele_rijen,
    gelukt,
    lees,
)
from tests.wereld import bsn

DECAAN, MBO, LEERPLICHT, AANJAGER = "decaan", "mbo-medewerker", "leerplicht/RMC", "aanjager vo"
MBO_MANAGER, BEHEER = "mbo-manager", "beheerorganisatie"


def knop_in_rij(naam: str, zie: str) -> Doe:
    """A button in the first row that does it at once; then the page says ``zie``."""

    def doe(page: Page, teller: Klikteller) -> None:
        page.locator("tbody tr").first.get_by_role("button", name=naam).click()
        expect(page.locator("main, .berichten").first).to_contain_text(zie, ignore_case=True)

    return doe


def bulk(waarde: str) -> Doe:
    """All of the filter, and an act of the bar that is not the act of the step."""

    def doe(page: Page, teller: Klikteller) -> None:
        alle_rijen(page, teller, waarde)

    return doe


def hele_klas(page: Page, teller: Klikteller) -> None:
    """The button of the klas above the list, and confirm."""
    page.get_by_role("button", name=re.compile(r": (vink aan|is besproken)")).first.click()
    page.wait_for_load_state("domcontentloaded")
    bevestig(page, teller)
    gelukt(page)


def drie_vragen(page: Page, teller: Klikteller) -> None:
    """The leerling, one answer; it saves itself."""
    page.locator("tbody tr th a").first.click()
    page.get_by_label("Ja", exact=True).first.click()
    expect(page.locator("main")).to_contain_text("pgeslagen")


def bekijk_leerling(page: Page, teller: Klikteller) -> None:
    """Opening the leerling is the act: seen."""
    page.locator("tbody tr th a").first.click()
    expect(page.locator("main h1")).to_be_visible()


def excel(page: Page, teller: Klikteller) -> None:
    """The Excel per school, ready to download."""
    page.get_by_role("button", name="Excel per school").click()
    expect(page.get_by_role("link", name="Download")).to_be_visible(timeout=30_000)


def lever_aan(aantal: int) -> Doe:
    """A file of the school with so many leerlingen: choose it, see what it does, apply."""

    def doe(page: Page, teller: Klikteller) -> None:
        kolommen = (
            "bsn;voornaam;achternaam;geboortedatum;gemeentecode;klas;onderwijssoort;leerweg;examenkandidaat;overstapper"
        )
        rijen = [f"{bsn(9900 + aantal + i)};Sam;Jansen;2009-05-01;0363;4A;vmbo;bb;ja;ja" for i in range(aantal)]
        bestand = page.locator("input[type=file]")
        teller.kliks += 1  # the dialog of the browser itself is not on the page
        inhoud = "\n".join([kolommen, *rijen]).encode()
        bestand.set_input_files({"name": "leerlingen.csv", "mimeType": "text/csv", "buffer": inhoud})
        page.get_by_role("button", name="Bekijk wat dit bestand doet").click()
        page.get_by_role("button", name="Toepassen").click()
        expect(page.locator("main")).to_contain_text("toegepast", ignore_case=True, timeout=30_000)

    return doe


def meld_knelpunt(page: Page, teller: Klikteller) -> None:
    """The button of the step opens the form."""
    bevestig(page, teller)
    expect(page).to_have_url(re.compile(r"/meldingen"))
    expect(page.locator("main h1")).not_to_have_text("Knelpunt melden")


def antwoord(page: Page, teller: Klikteller) -> None:
    page.locator("tbody tr th a").first.click()
    veld = page.get_by_label("Antwoord")
    veld.click()
    veld.press_sequentially("Klopt nu.")
    page.get_by_role("button", name="Antwoord versturen").click()
    expect(page.locator("main")).to_contain_text("beantwoord", ignore_case=True)


RECEPTEN: tuple[Recept, ...] = (
    Recept("AJ1", AANJAGER, NAJAAR, knop_in_rij("Besproken", "vastgelegd")),
    Recept("VO2b", DECAAN, NAJAAR, lever_aan(1), lever_aan(25)),
    Recept("VO2g", DECAAN, NAJAAR, lees),
    Recept("VO2a", DECAAN, VOORJAAR, een_rij, hele_klas),
    Recept("VO2h", DECAAN, VOORJAAR, een_rij, hele_klas),
    Recept("VO2e", DECAAN, VOORJAAR, een_rij, alle_rijen),
    Recept("MB1", MBO, VOORJAAR, een_rij, alle_rijen),
    Recept("MB2", MBO, VOORJAAR, een_rij, alle_rijen),
    Recept("MB4", MBO, VOORJAAR, een_rij, alle_rijen),
    Recept("MB6", MBO, VOORJAAR, knop_in_rij("Klopt nog", "bevestigd")),
    Recept("MB7", MBO_MANAGER, VOORJAAR, lees),
    Recept("MV1", "manager vo", VOORJAAR, lees),
    Recept("AJ2", AANJAGER, VOORJAAR, excel),
    Recept("BO1", BEHEER, VOORJAAR, antwoord),
    Recept("BO2", BEHEER, VOORJAAR, knop_in_rij("Vraag erom", "gevraagd")),
    Recept("AJ5", AANJAGER, VOORJAAR, meld_knelpunt),
    Recept("VO2f", DECAAN, LENTE, drie_vragen),
    Recept("VO2c", DECAAN, LENTE, een_rij, alle_rijen),
    Recept("MB5", MBO, LENTE, bekijk_leerling, bulk("gezien")),
    Recept("VO2d", DECAAN, LENTE, een_rij, enkele_rijen),
    # The school calls in leerplicht, leerplicht takes it up and hands back, and the school goes on.
    Recept("VO3c", DECAAN, LENTE, een_rij, enkele_rijen),
    Recept("LP2", LEERPLICHT, LENTE, een_rij, enkele_rijen),
    Recept("LP1", LEERPLICHT, LENTE, een_rij, alle_rijen),
    Recept("LP3", LEERPLICHT, LENTE, een_rij, alle_rijen),
    Recept("VO3d", DECAAN, LENTE, een_rij, alle_rijen),
    Recept("VO1b", DECAAN, LENTE, een_rij, alle_rijen),
    # Whose vervolgkeuze was recorded while an aanmelding is open.
    Recept("VO3b", DECAAN, LENTE, een_rij, alle_rijen),
    Recept("LP4", LEERPLICHT, LENTE, lees),
    Recept("AJ3", AANJAGER, LENTE, knop_in_rij("Achterstand", "vastgelegd")),
    Recept("VO3a", DECAAN, SEPTEMBER, een_rij, alle_rijen),
    Recept("VO1c", DECAAN, SEPTEMBER, een_rij, None),
    Recept("VO4a", DECAAN, SEPTEMBER, een_rij, None),
    Recept("VO1a", DECAAN, SEPTEMBER, een_rij, alle_rijen),
    Recept("MB3", MBO, SEPTEMBER, een_rij, alle_rijen),
    Recept("AJ4", AANJAGER, SEPTEMBER, excel),
)
