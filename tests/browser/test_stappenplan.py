"""Every step of the stappenplan, done in a real browser from /vandaag, with the clicks and keys that it took.

The table in docs/stappenplan.md is what this test measured: it fails when the two differ. ``STAPPENPLAN_SCHRIJF=1`` writes it anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from overstap.basis.embedded.paden import PROJECT
from statuses.werklijsten import WERKLIJSTEN
from tests.browser.conftest import VLAGGEN, chromium, log_in
from tests.browser.klikken import Klikteller
from tests.browser.recepten import RECEPTEN
from tests.browser.stappen import Doe, Recept, open_stap
from tests.browser.stappentabel import Metingen, lees_tabel, maak_tabel, schrijf_tabel
from tests.databank import Databank
from tests.ketens.huis import Huis, huis

pytestmark = pytest.mark.browser

DOCUMENT = PROJECT / "docs" / "stappenplan.md"


@pytest.fixture(scope="module")
def metingen() -> Metingen:
    """(step, "een" or "klas") -> (clicks, keys), filled by the tests below."""
    return {}


@pytest.fixture(scope="module", params=sorted({r.dag for r in RECEPTEN}), ids=str)
def huis_op(
    request: pytest.FixtureRequest, bank: Databank, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Browser, Huis, date]]:
    """A demo of that day, and a browser. The browser comes last: its event loop keeps Django's connections away."""
    dag: date = request.param
    with huis(bank, tmp_path_factory.mktemp(f"huis-{dag}")) as dit:
        dit.beheer("laad_referentie", "--json", dag=dag)
        dit.beheer("demo", "--regio", "21", "--leerlingen", "2400", "--json", dag=dag)
        dit.op(dag)
        with sync_playwright() as pw:
            venster = pw.chromium.launch(executable_path=chromium(), args=VLAGGEN)
            yield venster, dit, dag
            venster.close()


def meet(venster: Browser, dit: Huis, recept: Recept, doe: Doe) -> tuple[int, int]:
    """Log in, forget that, and do the step from /vandaag."""
    with venster.new_context(base_url=dit.adres, viewport={"width": 1280, "height": 900}, locale="nl-NL") as context:
        context.set_default_timeout(8_000)
        teller = Klikteller(context)
        page = context.new_page()
        log_in(page, recept.rol)
        expect(page.locator("main")).to_contain_text(recept.naam)
        teller.begin()
        try:
            open_stap(page, recept.stap)
            doe(page, teller)
        except (AssertionError, PlaywrightError) as fout:
            zichtbaar = " ".join(page.locator("main").inner_text().split())[:300]
            raise AssertionError(f"{str(fout).splitlines()[0]} op {page.url}: {zichtbaar}") from fout
        return teller.lees(page)


def test_alle_stappen_op_hun_dag(huis_op: tuple[Browser, Huis, date], metingen: Metingen) -> None:
    venster, dit, dag = huis_op
    fouten = []
    for recept in (r for r in RECEPTEN if r.dag == dag):
        for wat, doe in (("een", recept.een), ("klas", recept.klas)):
            if doe is None:
                metingen[recept.stap, wat] = None
                continue
            try:
                metingen[recept.stap, wat] = meet(venster, dit, recept, doe)
            except AssertionError as fout:  # each step is told, and all of them are tried
                fouten.append(f"{recept.stap} {wat}: {fout}")
    if fouten:
        pytest.fail("\n".join(fouten), pytrace=False)


def test_elke_stap_heeft_een_recept() -> None:
    assert sorted(r.stap for r in RECEPTEN) == sorted(s.id for s in WERKLIJSTEN)


def test_tabel_in_docs_is_wat_er_gemeten_is(metingen: Metingen) -> None:
    tabel = maak_tabel(metingen, {r.stap: r.dag for r in RECEPTEN})
    if os.environ.get("STAPPENPLAN_SCHRIJF"):
        schrijf_tabel(DOCUMENT, tabel)
    assert lees_tabel(DOCUMENT) == tabel, (
        "docs/stappenplan.md klopt niet meer; draai deze test met STAPPENPLAN_SCHRIJF=1"
    )
