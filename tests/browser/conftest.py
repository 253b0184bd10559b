"""A real browser (the system's Chromium) on the real house, with a small demo of regio 21; made once for all browser tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.databank import Databank
from tests.ketens.huis import Huis, huis

VANDAAG = date(2026, 3, 20)
VLAGGEN = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync"]  # fmt: skip


def chromium() -> str:
    for naam in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if pad := shutil.which(naam):
            return pad
    pytest.fail("Er is geen Chromium voor de browsertests. Installeer chromium; `make test` doet dat zelf als root.")


@pytest.fixture(scope="package")
def huizen(bank: Databank, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Huis]]:
    """Gives the demo house that stands; builds one only when there is none (a module with houses of its own took it down)."""
    with ExitStack() as straat:
        nu: list[Huis] = []

        def geef() -> Huis:
            if not (nu and nu[-1].staat):
                straat.close()
                dit = straat.enter_context(huis(bank, tmp_path_factory.mktemp("huis")))
                dit.beheer("laad_referentie", "--json", dag=VANDAAG)
                dit.beheer("demo", "--regio", "21", "--leerlingen", "600", "--json", dag=VANDAAG)
                dit.op(VANDAAG)
                nu.append(dit)
            return nu[-1]

        yield geef


@pytest.fixture(scope="module")
def demo_huis(huizen: Callable[[], Huis]) -> Huis:
    """Shared by the modules of this map. Before `browser`: its event loop keeps Django's connections away."""
    return huizen()


@pytest.fixture(scope="module")
def browser(demo_huis: Huis) -> Iterator[Browser]:
    with sync_playwright() as pw:
        venster = pw.chromium.launch(executable_path=chromium(), args=VLAGGEN)
        yield venster
        venster.close()


@pytest.fixture
def context(browser: Browser, demo_huis: Huis) -> Iterator[BrowserContext]:
    with browser.new_context(
        base_url=demo_huis.adres, viewport={"width": 1280, "height": 900}, locale="nl-NL"
    ) as nieuw:
        yield nieuw


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def log_in(page: Page, rol: str) -> None:
    """With the one button of this role on the login page."""
    page.goto("/inloggen")
    page.get_by_role("button", name=f"Inloggen als {rol}").first.click()
    page.wait_for_url("**/vandaag*")
