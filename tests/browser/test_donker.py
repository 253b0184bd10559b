"""In the dark and with the colours of the system itself everything stays readable, and a status stays a box."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from accounts.rechten import ROL_LABELS, Rol
from tests.browser.axe import axe
from tests.browser.conftest import log_in
from tests.ketens.huis import Huis

pytestmark = pytest.mark.browser

# All kinds of blocks: phase line, meters, lists with statuses, a leerling, forms, errors, tables, conversations.
ADRESSEN: dict[Rol, tuple[str, ...]] = {
    Rol.DECAAN: (
        "/vandaag",
        "/leerlingen",
        "LEERLING",
        "/leerlingen?status=onzin",
        "/gesprekken",
        "/import",
        "/rapportages",
    ),
    Rol.LEERPLICHT: ("/vandaag", "/leerlingen", "LEERLING", "/risico"),
    Rol.MBO_MEDEWERKER: ("/vandaag", "/leerlingen", "LEERLING", "/aanmeldingen/nieuw", "/opleidingen"),
    Rol.AANJAGER: ("/vandaag", "/scholen", "/doorlooptijden"),
    Rol.BEHEERORGANISATIE: ("/beheer", "/beheer/regio/kalender", "/meldingen", "/contacten", "/vva"),
}
KLEUREN = [{"color_scheme": "dark"}, {"forced_colors": "active"}]


def open_pagina(page: Page, adres: str) -> str:
    if adres == "LEERLING":
        page.goto("/leerlingen")
        adres = page.locator("tbody th a").first.get_attribute("href") or ""
    page.goto(adres)
    return adres


@pytest.mark.parametrize("kleuren", KLEUREN, ids=lambda k: "-".join(k))
def test_contrast(browser: Browser, demo_huis: Huis, kleuren: dict[str, Any]) -> None:
    bevindingen: list[str] = []
    for rol, adressen in ADRESSEN.items():
        with browser.new_context(base_url=demo_huis.adres, **kleuren) as context:
            page = context.new_page()
            log_in(page, ROL_LABELS[rol])
            for adres in adressen:
                nu = open_pagina(page, adres)
                bevindingen += [f"{nu}: {b}" for b in axe(page, ["color-contrast", "link-in-text-block"])]
                bevindingen += [
                    f"{nu}: status zonder rand: {s}" for s in _zonder_rand(page) if "forced_colors" in kleuren
                ]
    if bevindingen:
        pytest.fail("\n".join(bevindingen), pytrace=False)


def _zonder_rand(page: Page) -> list[str]:
    """Where a fill said it, and fills are gone, a border has to say it."""
    uit: list[str] = page.evaluate(
        "[...document.querySelectorAll('.status')].filter(e => getComputedStyle(e).borderStyle === 'none').map(e => e.outerHTML)"
    )
    return uit


def test_het_thema_is_echt_donker(browser: Browser, demo_huis: Huis) -> None:
    """The contrast above is that of the dark theme, not of a page that stayed light."""
    grond = {}
    for schema in ("light", "dark"):
        with browser.new_context(base_url=demo_huis.adres, color_scheme=schema) as context:
            page = context.new_page()
            page.goto("/inloggen")
            grond[schema] = page.evaluate(
                "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0)"
            )
    assert grond["light"] > 600
    assert grond["dark"] < 200
