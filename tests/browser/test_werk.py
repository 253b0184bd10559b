"""What people do all day, in a real browser: with the keyboard, with and without JavaScript, and without one axe finding."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import log_in
from tests.ketens.huis import Huis

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
ROLLEN = ("decaan", "manager vo", "mbo-medewerker", "mbo-manager", "leerplicht/RMC", "aanjager vo", "beheerorganisatie")
PAGINAS = {
    "decaan": (
        "/vandaag",
        "/leerlingen",
        "/leerlingen?risico=ja",
        "/leerlingen?klas=bestaat-niet",
        "/import",
        "/vva",
        "/rapportages",
        "/contacten",
    ),
    "mbo-medewerker": ("/vandaag", "/leerlingen", "/import"),
    "leerplicht/RMC": ("/vandaag", "/leerlingen", "/vva"),
    "aanjager vo": ("/vandaag", "/scholen", "/rapportages", "/leerlingen"),
    "beheerorganisatie": ("/vandaag", "/vva", "/beheer/logboek"),
}


def axe(page: Page) -> list[str]:
    """The findings of WCAG 2.2 A and AA, a line each."""
    # Through the protocol and not as a script element: our CSP refuses inline scripts, also to a test.
    page.evaluate(AXE.read_text())
    uit: dict[str, Any] = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
    )
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in uit["violations"]]


@pytest.mark.parametrize("breedte", [1280, 320])
@pytest.mark.parametrize("rol", list(PAGINAS))
def test_paginas_zijn_toegankelijk_en_passen(page: Page, rol: str, breedte: int) -> None:
    overtredingen: list[str] = []
    page.on("console", lambda m: overtredingen.append(m.text) if "Content Security Policy" in m.text else None)
    page.set_viewport_size({"width": breedte, "height": 900})
    log_in(page, rol)
    bevindingen = []
    for adres in PAGINAS[rol]:
        antwoord = page.goto(adres)
        assert antwoord is not None
        if antwoord.status == 404 and adres in ("/contacten",):
            continue  # a room of a later issue
        assert antwoord.status == 200, (adres, antwoord.status)
        bevindingen += [f"{adres}: {b}" for b in axe(page)]
        te_breed = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert te_breed <= 0, f"{adres} is {te_breed} px te breed bij {breedte}"
    assert bevindingen == []
    assert overtredingen == []


@pytest.mark.parametrize("rol", ROLLEN)
def test_een_knop_per_rol_leidt_naar_vandaag(page: Page, rol: str) -> None:
    log_in(page, rol)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_elk_getal_op_vandaag_is_het_aantal_op_zijn_pagina(page: Page) -> None:
    log_in(page, "decaan")
    regels = page.locator("ul.werk li:has(.werk__aantal):has(a[href*='stap='])")
    werk = [
        (li.locator(".werk__aantal").inner_text(), li.locator("a[href*='stap=']").first.get_attribute("href"))
        for li in regels.all()
        if li.locator(".werk__aantal").is_visible()  # done steps are folded
    ]
    assert werk
    for aantal, adres in werk:
        assert adres is not None
        page.goto(adres)
        assert re.search(rf"\b{int(aantal.replace('.', ''))}\b", page.locator("main").inner_text()[:600]), (
            aantal,
            adres,
        )


def test_leerling_vervolgkeuze_met_het_toetsenbord(page: Page) -> None:
    log_in(page, "decaan")
    page.goto("/leerlingen?status=zonder_aanmelding")
    page.locator("tbody input[type=checkbox]").first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Vervolgkeuze VO").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Wat gaat de leerling doen?")).to_be_visible()
    page.get_by_label("Gaat naar de havo").focus()
    page.keyboard.press("Space")
    page.get_by_label("Zeker", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Vastleggen").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 gelukt")).to_be_visible()


def test_zonder_javascript_gaat_het_ook(browser: Browser, demo_huis: Huis) -> None:
    with browser.new_context(base_url=demo_huis.adres, java_script_enabled=False) as kaal:
        page = kaal.new_page()
        log_in(page, "leerplicht/RMC")
        page.goto("/leerlingen?status=lp_ingeschakeld")
        page.locator("tbody input[type=checkbox]").first.check()
        page.get_by_role("button", name="Neem in behandeling").click()
        page.get_by_role("button", name="Neem in behandeling").click()
        expect(page.get_by_text("1 gelukt")).to_be_visible()
