"""The main task of each role, in words of the page. Bron: issue 3, "it is done when"; domein.md 3."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from playwright.sync_api import expect

from accounts.rechten import Rol
from tests.browser.handen import Hand, vul_en_bevestig

Taak = Callable[[Hand], None]


def stap(hand: Hand, code: str) -> None:
    """From /vandaag to the work of a step."""
    hand.page.goto("/vandaag")
    hand.druk(hand.page.locator(f"ul.werk a[href*='stap={code}']").first)


def rij(hand: Hand) -> None:
    """The button of the first row, what it asks, and done."""
    hand.druk(hand.page.locator("tbody tr td:last-child a.utrecht-button[href*='terug=lijst']").first)
    vul_en_bevestig(hand)
    expect(hand.page.locator("main")).to_contain_text("gelukt", ignore_case=True)


def lijst(hand: Hand, adres: str, daad: str, aantal: int = 1) -> None:
    """Choose the first rows, the act below the list, what it asks, and done."""
    hand.page.goto(adres)
    for nr in range(aantal):
        hand.vink(hand.page.locator("tbody input[type=checkbox]").nth(nr))
    hand.druk(hand.page.locator(f".balk button[value='{daad}']"))
    vul_en_bevestig(hand)
    expect(hand.page.locator("main")).to_contain_text(re.compile(r"[1-9] gelukt"))


def decaan(hand: Hand) -> None:
    """Mark, vervolgkeuze, leerplicht inschakelen."""
    stap(hand, "VO2a")
    rij(hand)
    lijst(hand, "/leerlingen?status=zonder_aanmelding", "vervolgkeuze")
    lijst(hand, "/leerlingen?status=zonder_aanmelding", "leerplicht")


def manager_vo(hand: Hand) -> None:
    stap(hand, "MV1")
    expect(hand.page.locator("main h1")).to_contain_text("Voortgang")
    expect(hand.page.locator("main table").first).to_be_visible()


def mbo(hand: Hand) -> None:
    """A step further, and afwijzen with its reden. Who left for another school is in the list too, and is told apart."""
    stap(hand, "MB1")
    rij(hand)
    lijst(hand, "/leerlingen?status=aangemeld", "afwijzen", aantal=3)


def mbo_manager(hand: Hand) -> None:
    stap(hand, "MB7")
    expect(hand.page.locator("main h1")).to_contain_text("Doorlooptijden")
    expect(hand.page.locator("main table").first).to_be_visible()


def leerplicht(hand: Hand) -> None:
    lijst(hand, "/leerlingen?status=lp_ingeschakeld", "in_behandeling")
    lijst(hand, "/leerlingen?status=lp_in_behandeling", "afhandelen")


def aanjager(hand: Hand) -> None:
    """A school is spoken to; and something gets stuck, which the beheerorganisatie answers below."""
    stap(hand, "AJ2")
    hand.druk(hand.page.locator("tbody tr").first.get_by_role("button", name="Besproken"))
    expect(hand.page.locator("main")).to_contain_text("vastgelegd", ignore_case=True)
    hand.druk(hand.page.locator(".kop__menu a[href^='/meldingen']"))
    hand.druk(hand.page.locator("main a[href^='/meldingen/nieuw']").first)
    vul_en_bevestig(hand)
    expect(hand.page.locator("main")).to_contain_text("Gelukt")


def samenwerkingsverband(hand: Hand) -> None:
    hand.druk(hand.page.locator(".kop__menu a[href^='/gedeeld']"))
    expect(hand.page.locator("main h1")).to_be_visible()
    hand.druk(hand.page.locator(".kop__menu a[href^='/rapportages']"))
    expect(hand.page.locator("main table").first).to_be_visible()


def functioneel(hand: Hand) -> None:
    """Invite a colleague."""
    hand.druk(hand.page.locator(".kop__menu a[href='/beheer/accounts']"))
    hand.druk(hand.page.locator("main a[href^='/beheer/accounts/uitnodigen']").first)
    hand.typ(hand.page.get_by_label("E-mailadres"), f"{type(hand).__name__.lower()}@voorbeeld.example")
    hand.typ(hand.page.get_by_label("Naam"), "Robin de Wit")
    hand.kies(hand.page.get_by_label("Rol"))
    hand.druk(hand.page.locator("main button.utrecht-button--primary-action"))
    expect(hand.page.locator("main")).to_contain_text("uitnodiging is verstuurd", ignore_case=True)


def beheer(hand: Hand) -> None:
    """Answer a melding, and change a setting of the regio."""
    stap(hand, "BO1")
    hand.druk(hand.page.locator("tbody tr th a").first)
    hand.typ(hand.page.get_by_label("Antwoord"), "Klopt nu.")
    hand.druk(hand.page.get_by_role("button", name="Antwoord versturen"))
    expect(hand.page.locator("main")).to_contain_text("beantwoord", ignore_case=True)
    hand.druk(hand.page.locator(".kop__menu a[href='/beheer']"))
    hand.druk(hand.page.locator("main a[href='/beheer/regio/rust']"))
    veld = hand.page.locator("main input[type=number], main input[inputmode=numeric]").first
    hand.typ(veld, "8" if veld.input_value() != "8" else "7")
    hand.druk(hand.page.locator("main button.utrecht-button--primary-action"))
    expect(hand.page.locator("main")).to_contain_text("opgeslagen", ignore_case=True)


TAKEN: Mapping[Rol, Taak] = {
    Rol.DECAAN: decaan,
    Rol.MANAGER_VO: manager_vo,
    Rol.MBO_MEDEWERKER: mbo,
    Rol.MBO_MANAGER: mbo_manager,
    Rol.LEERPLICHT: leerplicht,
    Rol.AANJAGER: aanjager,
    Rol.SAMENWERKINGSVERBAND: samenwerkingsverband,
    Rol.FUNCTIONEEL_BEHEERDER: functioneel,
    Rol.BEHEERORGANISATIE: beheer,
}
