"""Counts what a person does: clicks (pointer presses, a choice in a select included) and keys pressed."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Locator, Page

# Capture phase, so that nothing on the page can hide an act. `pointerdown` and not `click`: a click on a label is one press.
_LUISTER = """
addEventListener('pointerdown', (e) => { if (e.isTrusted) telDaad('klik'); }, true);
addEventListener('keydown', (e) => { if (e.isTrusted) telDaad('toets'); }, true);
"""


class Klikteller:
    """Counts on every page of a context, over navigations; ``begin`` sets it back to nothing."""

    def __init__(self, context: BrowserContext) -> None:
        self.kliks = self.toetsen = 0
        context.expose_binding("telDaad", self._tel)
        context.add_init_script(_LUISTER)

    def _tel(self, _bron: object, soort: str) -> None:
        if soort == "klik":
            self.kliks += 1
        else:
            self.toetsen += 1

    def begin(self) -> None:
        self.kliks = self.toetsen = 0

    def kies_eerste(self, veld: Locator) -> None:
        """The first real choice of a select: Playwright sets it without a pointer, a person presses twice."""
        waarden = [str(o.get_attribute("value") or "") for o in veld.locator("option").all()]
        veld.select_option(value=next(w for w in waarden if w))
        self.kliks += 2

    def lees(self, page: Page) -> tuple[int, int]:
        """(clicks, keys) so far; waits until the page has told all of them."""
        page.wait_for_load_state("domcontentloaded")
        page.evaluate("0")
        return self.kliks, self.toetsen
