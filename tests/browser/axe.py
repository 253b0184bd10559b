"""What a page must be in a browser: no axe finding (WCAG 2.2 A and AA), nothing wider than the window, no CSP violation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text()
REGELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What can only go wrong by another width; the rest says the same twice.
BIJ_BREEDTE = ["target-size", "scrollable-region-focusable", "color-contrast"]
BREED, SMAL = 1280, 320


def axe(page: Page, regels: list[str] | None = None) -> list[str]:
    """The findings, a line each; ``regels``: only these rules."""
    # Through the protocol and not as a script element: our CSP refuses inline scripts, also to a test.
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    keus = {"runOnly": {"type": "rule", "values": regels} if regels else REGELS, "resultTypes": ["violations"]}
    uit: dict[str, Any] = page.evaluate("(keus) => axe.run(document, keus)", keus)
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]} ({len(v['nodes'])}x)" for v in uit["violations"]]


def te_breed(page: Page) -> list[str]:
    """By how much, when the page has to be scrolled sideways."""
    meer: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{meer} px te breed"] if meer > 0 else []


def keur(page: Page) -> list[str]:
    """One page as it stands: axe on the wide window, what a narrow one can spoil, and nothing sticks out."""
    page.set_viewport_size({"width": BREED, "height": 900})
    uit = [*axe(page), *te_breed(page)]
    page.set_viewport_size({"width": SMAL, "height": 900})
    uit += [f"{SMAL} px: {b}" for b in (*axe(page, BIJ_BREEDTE), *te_breed(page)) if b not in uit]
    page.set_viewport_size({"width": BREED, "height": 900})
    return uit


def luister(page: Page) -> list[str]:
    """Fills itself with the CSP violations and script errors of this page."""
    fout: list[str] = []
    page.on("console", lambda m: fout.append(m.text) if "Content Security Policy" in m.text else None)
    page.on("pageerror", lambda e: fout.append(str(e)))
    return fout
