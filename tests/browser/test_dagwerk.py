"""/vandaag as people find it, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.rechten import ROL_LABELS
from tests.browser.conftest import log_in

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("rol", list(ROL_LABELS.values()))
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
