"""The pages when something is empty, wrong or asks: no axe finding, nothing too wide, in a real browser. Per role, all findings at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from accounts.rechten import Rol
from tests.browser.axe import keur, luister
from tests.browser.conftest import log_in
from tests.browser.rondgang import begin, label, mag, rijen
from tests.toegang.matrix import MATRIX

pytestmark = pytest.mark.browser

ONZIN = "jaar=abc&status=bestaat-niet&stap=XX&peildatum=gisteren&cursor=%00"
NIEMAND = "/leerlingen?klas=bestaat-niet"


def naar(page: Page, adres: str) -> int:
    antwoord = page.goto(adres)
    assert antwoord is not None
    return antwoord.status


def leeg(page: Page, rol: Rol) -> Iterator[tuple[str, int, tuple[int, ...]]]:
    if mag("leerlingen", rol):
        yield NIEMAND, naar(page, NIEMAND), (200,)


def fout(page: Page, rol: Rol) -> Iterator[tuple[str, int, tuple[int, ...]]]:
    """A wrong question on every page, a page that is not there, and one of another role."""
    for adres in begin(rol):
        code = naar(page, f"{adres}?{ONZIN}")
        if code != 200:
            yield f"{adres}?<onzin>", code, (400,)
    yield "/bestaat-niet", naar(page, "/bestaat-niet"), (404,)
    if mag("leerlingen", rol):
        yield "/leerlingen/<van niemand>", naar(page, f"/leerlingen/{uuid.uuid4()}"), (404,)
    dicht = next(r for r, rij in MATRIX.items() if "<" not in r and rij[0].soort == "pagina" and not rijen(r, rol))
    yield f"/{dicht}", naar(page, f"/{dicht}"), (403,)


def vraag(page: Page, rol: Rol) -> Iterator[tuple[str, int, tuple[int, ...]]]:
    """What each button below the list asks for two rows, and for none."""
    if not mag("leerlingen", rol):
        return
    naar(page, "/leerlingen")
    daden = [str(k.get_attribute("value")) for k in page.locator(".balk button[name=actie]").all()]
    for daad in daden:
        for aantal in (0, 2):
            if aantal == 0 and daad != daden[0]:
                continue
            naar(page, "/leerlingen")
            for vakje in page.locator("input[data-kies]").all()[:aantal]:
                vakje.check()
            with page.expect_response(lambda r: r.request.method == "POST") as antwoord:
                page.locator(f".balk button[value='{daad}']").click()
            page.wait_for_load_state("load")
            yield f"{daad} voor {aantal}", antwoord.value.status, (200, 302, 400)


Toestand = Callable[[Page, Rol], Iterator[tuple[str, int, tuple[int, ...]]]]


@pytest.mark.parametrize("toestand", [leeg, fout, vraag], ids=lambda t: t.__name__)
@pytest.mark.parametrize("rol", list(Rol))
def test_toestand(page: Page, rol: Rol, toestand: Toestand) -> None:
    gevallen = luister(page)
    log_in(page, label(rol))
    bevindingen = []
    for wat, code, goed in toestand(page, rol):
        if code not in goed:
            bevindingen.append(f"{wat}: antwoord {code}")
        bevindingen += [f"{wat}: {b}" for b in keur(page)]
    if bevindingen or gevallen:
        pytest.fail("\n".join([*bevindingen, *gevallen]), pytrace=False)


def test_intussen_gewijzigd(page: Page) -> None:
    """The same act in two windows: the second one hears what changed, on a page that is as good as the others."""
    log_in(page, label(Rol.DECAAN))
    naar(page, "/leerlingen?status=aangemeld,intake,voorlopig")
    naar(page, page.locator("tbody th a").first.get_attribute("href") or "")
    naar(page, page.locator("a[href*='/vervolgkeuze']").first.get_attribute("href") or "")
    ander = page.context.new_page()
    naar(ander, page.url)
    for venster in (ander, page):
        for groep in ("reden", "zekerheid"):
            venster.locator(f"input[name='{groep}'], input[name$='-{groep}']").first.check()
        venster.locator("main button.utrecht-button--primary-action").first.click()
        venster.wait_for_load_state("load")
    assert "Intussen gewijzigd" in page.locator("main").inner_text()
    assert keur(page) == []
