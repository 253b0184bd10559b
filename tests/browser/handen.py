"""Two ways to work a page: with keys alone, and with a pointer where JavaScript is off. The tasks in hoofdtaken.py do not know which."""

from __future__ import annotations

from typing import Protocol

from playwright.sync_api import Locator, Page

STAPPEN = 600  # stops on a page; a list of fifty rows has about two hundred
TEKST = "Niet bereikt."

# What has the focus, and whether one sees it: an outline or a shadow, and inside the window.
_ZICHTBAAR = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return '';
  if (e.type === 'date' && !e.matches(':focus')) return '';  // its calendar button, with the ring of the browser
  const s = getComputedStyle(e), r = e.getBoundingClientRect();
  const rand = (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none';
  const in_beeld = r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth && r.width > 0 && r.height > 0;
  return rand && in_beeld ? '' : (rand ? 'buiten beeld: ' : 'geen rand: ') + e.outerHTML.slice(0, 120);
}"""
_HEEFT_FOCUS = "e => e === document.activeElement"
_IN_GROEP = (
    "e => { const a = document.activeElement; return a.type === 'radio' && a.name === e.name && a.form === e.form; }"
)


class Hand(Protocol):
    """What a person can do."""

    page: Page

    def druk(self, wat: Locator) -> None:
        """A button or a link."""

    def vink(self, wat: Locator) -> None:
        """A checkbox or a radio button."""

    def typ(self, wat: Locator, tekst: str) -> None: ...

    def kies(self, wat: Locator) -> None:
        """The first real choice of a select."""


class Toetsen:
    """Tab, Shift-Tab, Enter, Space, arrows and letters. Each stop has to be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def naar(self, doel: Locator, waar: str = _HEEFT_FOCUS) -> None:
        """Tab until it has the focus; past the skip link and the menu when it is in the content."""
        doel.wait_for(state="visible")
        if self.page.evaluate("document.activeElement === document.body") and doel.evaluate("e => !!e.closest('main')"):
            self._tab()
            assert self.page.evaluate("document.activeElement.hash") == "#inhoud", (
                "de eerste stop is de sprong naar de inhoud"
            )
            self.page.keyboard.press("Enter")
        for _ in range(STAPPEN):
            if doel.evaluate(waar):
                return
            self._tab()
        raise AssertionError(f"met Tab niet te bereiken op {self.page.url}: {doel}")

    def _tab(self) -> None:
        self.page.keyboard.press("Tab")
        if mis := self.page.evaluate(_ZICHTBAAR):
            raise AssertionError(f"focus niet te zien op {self.page.url}: {mis}")

    def druk(self, wat: Locator) -> None:
        self.naar(wat)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def vink(self, wat: Locator) -> None:
        if wat.get_attribute("type") != "radio":
            self.naar(wat)
            self.page.keyboard.press("Space")
            return
        self.naar(wat, _IN_GROEP)
        if wat.evaluate(_HEEFT_FOCUS):
            self.page.keyboard.press("Space")
        for _ in range(40):
            if wat.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"met de pijlen niet te kiezen: {wat}")

    def typ(self, wat: Locator, tekst: str) -> None:
        self.naar(wat)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(tekst)

    def kies(self, wat: Locator) -> None:
        self.naar(wat)
        for _ in range(5):
            if wat.input_value():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"met de pijlen niet te kiezen: {wat}")


class ZonderJavascript:
    """A pointer, on a page without scripts."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def druk(self, wat: Locator) -> None:
        with self.page.expect_navigation():
            wat.click()

    def vink(self, wat: Locator) -> None:
        wat.check()

    def typ(self, wat: Locator, tekst: str) -> None:
        wat.fill(tekst)

    def kies(self, wat: Locator) -> None:
        waarden = [str(o.get_attribute("value") or "") for o in wat.locator("option").all()]
        wat.select_option(value=next(w for w in waarden if w))


def vul_en_bevestig(hand: Hand) -> None:
    """The form of an act: what it needs and does not have yet, and its first button."""
    form = hand.page.locator("main form:has(button.utrecht-button--primary-action)").first
    for groep in sorted({str(r.get_attribute("name")) for r in form.locator("input[type=radio]").all()}):
        knoppen = form.locator(f"input[type=radio][name='{groep}']")
        if not any(k.is_checked() for k in knoppen.all()):
            hand.vink(knoppen.first)
    nodig = form.locator(".utrecht-form-field:not(:has(.niet-verplicht))")
    for keuze in nodig.locator("select").all():
        if keuze.is_visible() and not keuze.input_value():
            hand.kies(keuze)
    for veld in [*form.locator("textarea[name$='_allen']").all(), *nodig.locator("textarea, input[type=text]").all()]:
        if veld.is_visible() and not veld.input_value():
            hand.typ(veld, TEKST)
    hand.druk(form.locator("button.utrecht-button--primary-action").first)
