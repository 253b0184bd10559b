"""The main task of each role with the keyboard alone, and with JavaScript off; on every page the keyboard goes all around."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PlaywrightError

from accounts.rechten import ROL_LABELS, Rol
from tests.browser.conftest import log_in
from tests.browser.handen import STAPPEN, Hand, Toetsen, ZonderJavascript
from tests.browser.hoofdtaken import TAKEN
from tests.ketens.huis import Huis

pytestmark = pytest.mark.browser


def doe(hand: Hand, rol: Rol) -> None:
    hand.page.set_default_timeout(10_000)
    log_in(hand.page, ROL_LABELS[rol])
    try:
        TAKEN[rol](hand)
    except (AssertionError, PlaywrightError) as fout:
        zichtbaar = " ".join(hand.page.locator("main").inner_text().split())[:400]
        pytest.fail(f"{str(fout)[:600]}\nop {hand.page.url}: {zichtbaar}", pytrace=False)


@pytest.mark.parametrize("rol", list(TAKEN))
def test_met_het_toetsenbord_alleen(page: Page, rol: Rol) -> None:
    doe(Toetsen(page), rol)


@pytest.mark.parametrize("rol", list(TAKEN))
def test_zonder_javascript(browser: Browser, demo_huis: Huis, rol: Rol) -> None:
    with browser.new_context(base_url=demo_huis.adres, java_script_enabled=False, locale="nl-NL") as kaal:
        doe(ZonderJavascript(kaal.new_page()), rol)


def test_elke_rol_heeft_een_taak() -> None:
    assert set(TAKEN) == set(Rol)


@pytest.mark.parametrize("rol", list(Rol))
def test_tab_gaat_de_pagina_rond_en_terug(page: Page, rol: Rol) -> None:
    """No trap: Tab comes by every stop and out at the end, Shift-Tab the same way back; the first stop is the skip link."""
    log_in(page, ROL_LABELS[rol])
    hand = Toetsen(page)
    rond: list[int] = []
    for toets in ("Tab", "Shift+Tab"):
        page.goto("/vandaag")
        stops: list[str] = []
        for _ in range(STAPPEN):
            page.keyboard.press(toets)
            nu = page.evaluate(
                "(() => { const e = document.activeElement; return e === document.body ? '' : e.outerHTML; })()"
            )
            if not nu or (stops and nu == stops[0]):
                break
            stops.append(nu)
        else:
            pytest.fail(f"{toets} komt niet rond")
        rond.append(len(stops))
    assert rond[0] == rond[1] > 5
    page.goto("/vandaag")
    hand.page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == "#inhoud"
