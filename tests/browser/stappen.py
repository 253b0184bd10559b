"""How a person does each step of the stappenplan in the browser, from /vandaag to done: one row per step, and one way that fits most.

Used to measure (clicks and keys, docs/stappenplan.md) and to prove that every step can be done. Bron: domein.md 3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Locator, Page, expect

from statuses.werklijsten import PER_ID
from tests.browser.klikken import Klikteller

NAJAAR, VOORJAAR, LENTE, SEPTEMBER = date(2025, 10, 20), date(2026, 3, 20), date(2026, 4, 16), date(2026, 9, 20)
TEKST = "Niet bereikt."
Doe = Callable[[Page, Klikteller], None]


@dataclass(frozen=True)
class Recept:
    """One step: who, on which day, and what is done after the first click on /vandaag.

    ``een`` and ``klas``: None where it can not be done for one or for many; the usual way is by the act of the step.
    """

    stap: str
    rol: str
    dag: date
    een: Doe | None
    klas: Doe | None = None

    @property
    def naam(self) -> str:
        return PER_ID[self.stap].naam


def open_stap(page: Page, stap: str) -> None:
    """The first click: the button of the step. A step that is done stands folded: one click more."""
    knop = page.locator(f"ul.werk a[href*='stap={stap}&'], ul.werk a[href$='stap={stap}']").first
    knop.wait_for(state="attached")
    if not knop.is_visible():
        page.locator(f"details:has(a[href*='stap={stap}']) summary").first.click()
    knop.click()
    page.wait_for_load_state("domcontentloaded")


def vul_in(page: Page, teller: Klikteller, form: Locator) -> None:
    """What a form needs and does not have yet: the first choice of each group, a short text in each required field."""
    for groep in sorted({str(r.get_attribute("name")) for r in form.locator("input[type=radio]").all()}):
        knoppen = form.locator(f"input[type=radio][name='{groep}']")
        if not any(k.is_checked() for k in knoppen.all()):
            knoppen.first.click()
    nodig = form.locator(".utrecht-form-field:not(:has(.niet-verplicht))")
    for vakje in nodig.locator("input[type=checkbox]").all():
        if vakje.is_visible() and not vakje.is_checked():
            vakje.click()
    for keuze in nodig.locator("select").all():
        if keuze.is_visible() and not keuze.input_value():
            teller.kies_eerste(keuze)
    # One text for all leerlingen instead of one each.
    allen = form.locator("textarea[name$='_allen']").all()
    for veld in allen[-1:] or nodig.locator("textarea, input[type=text]").all():
        if veld.is_visible() and not veld.input_value():
            veld.click()
            veld.press_sequentially(TEKST)


def bevestig(page: Page, teller: Klikteller) -> None:
    form = page.locator("main form:has(button.utrecht-button--primary-action)").first
    vul_in(page, teller, form)
    form.locator("button.utrecht-button--primary-action").first.click()
    page.wait_for_load_state("domcontentloaded")


def gelukt(page: Page) -> None:
    """Back with a message, or on the page with the result per leerling; nothing was refused."""
    expect(page.locator("main")).to_contain_text("gelukt", ignore_case=True)


def een_rij(page: Page, teller: Klikteller) -> None:
    """The button at the end of a row, and confirm. A row whose button goes to the leerling (to choose there) is passed over."""
    rijknop = page.locator("tbody tr td:last-child a.utrecht-button[href*='terug=lijst']").first
    rijknop.click()
    page.wait_for_load_state("domcontentloaded")
    bevestig(page, teller)
    gelukt(page)


def alle_rijen(page: Page, teller: Klikteller, daad: str = "") -> None:
    """All of the filter, the act below the list, and confirm."""
    alles = page.locator("input[name=alles]")
    _kies_en_doe(page, teller, [alles if alles.count() else page.locator("input[data-kies]").first], daad)


def enkele_rijen(page: Page, teller: Klikteller) -> None:
    """The first two rows: where the others are needed by a later step."""
    _kies_en_doe(page, teller, page.locator("input[data-kies]").all()[:2])


def _kies_en_doe(page: Page, teller: Klikteller, keuzes: Sequence[Locator], daad: str = "") -> None:
    stap = page.url.split("stap=")[1].split("&")[0]
    for keuze in keuzes:
        keuze.click()
    page.locator(f".balk button[value='{daad or PER_ID[stap].daad}']").click()
    page.wait_for_load_state("domcontentloaded")
    bevestig(page, teller)
    gelukt(page)


def lees(page: Page, teller: Klikteller) -> None:
    """A step to read: done when its page is there."""
    expect(page.locator("main h1")).to_be_visible()
