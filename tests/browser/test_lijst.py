"""The list in a real browser: choosing by keyboard and with Shift, the part that htmx swaps, and the back button."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import log_in

pytestmark = pytest.mark.browser


def test_kiezen_met_toetsen_bladeren_met_htmx_en_terug(page: Page) -> None:
    log_in(page, "decaan")
    page.goto("/leerlingen")
    gekozen, vakjes = page.locator("[data-kies-aantal]"), page.locator("input[data-kies]")
    expect(gekozen).to_have_text("Niets gekozen")

    # Space chooses, Shift with an arrow goes on to the next one, an arrow alone only moves.
    vakjes.first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    expect(gekozen).to_have_text("3 gekozen")
    page.keyboard.press("ArrowDown")
    expect(vakjes.nth(3)).to_be_focused()
    expect(gekozen).to_have_text("3 gekozen")

    # With the mouse: from one to another with Shift.
    vakjes.nth(5).click()
    vakjes.nth(8).click(modifiers=["Shift"])
    expect(gekozen).to_have_text("7 gekozen")

    # All of this page, and all of the filter.
    aantal = vakjes.count()
    page.get_by_label("Alles op deze bladzijde kiezen").check()
    expect(gekozen).to_have_text(f"{aantal} gekozen")
    page.get_by_label("Kies alle").check()
    expect(gekozen).to_contain_text("van dit filter gekozen")
    vakjes.first.uncheck()
    expect(gekozen).to_have_text(f"{aantal - 1} gekozen")
    expect(page.get_by_label("Kies alle")).not_to_be_checked()

    # A chip swaps the list alone and changes the address; the back button gives the page as it was.
    with page.expect_response(lambda r: "risico=ja" in r.url) as antwoord:
        page.get_by_role("link", name="Risico").first.click()
    assert "<html" not in antwoord.value.text()
    page.wait_for_url("**/leerlingen?risico=ja")
    expect(page.locator("#lijst")).to_have_count(1)
    page.go_back()
    page.wait_for_url("**/leerlingen")
    expect(page.locator("h1")).to_have_text("Leerlingen")
    expect(vakjes).to_have_count(aantal)
