"""`make beelden`: the screenshots of docs/handleiding, of the demo as a new user opens it on three days of the overstapjaar.

Invented people only. Everything is started and stopped here; a few minutes for each day. `--naar` and `--breedte 320` are for
whoever wants to look at the pages themselves, `--alles` takes every page in its full length.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from overstap.basis.embedded.paden import PROJECT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MAART, JUNI, SEPTEMBER = date(2026, 3, 20), date(2026, 6, 20), date(2026, 9, 20)
BREEDTE = 1280
MAP = PROJECT / "docs" / "handleiding" / "beelden"


@dataclass(frozen=True, slots=True)
class Beeld:
    """One picture: its file, who looks, at which address, and what is clicked before it is taken."""

    naam: str
    rol: str  # the text of its button on the login page
    adres: str = "/vandaag"
    dagen: Sequence[date] = (MAART,)
    klik: str = ""  # a CSS selector; the first one is followed
    hoogte: int = 900


_DRIE = (MAART, JUNI, SEPTEMBER)
_RIJ = "table tbody th a, table tbody td a"

# No page with a field for a date or a file: the browser writes those in its own language.
BEELDEN: tuple[Beeld, ...] = (
    Beeld("decaan-vandaag", "decaan", dagen=_DRIE),
    Beeld("manager-vandaag", "manager vo", dagen=_DRIE),
    Beeld("mbo-vandaag", "mbo-medewerker", dagen=_DRIE),
    Beeld("mbo-manager-vandaag", "mbo-manager", dagen=_DRIE),
    Beeld("leerplicht-vandaag", "leerplicht/RMC", dagen=_DRIE),
    Beeld("aanjager-vandaag", "aanjager vo", dagen=_DRIE),
    Beeld("beheer-vandaag", "beheerorganisatie", dagen=_DRIE),
    Beeld("samenwerkingsverband-vandaag", "samenwerkingsverband"),
    Beeld("functioneel-vandaag", "functioneel beheerder"),
    Beeld("decaan-lijst", "decaan", "/leerlingen?stap=VO2d"),
    Beeld("decaan-leerling", "decaan", "/leerlingen?stap=VO2d", klik=_RIJ, hoogte=1100),
    Beeld("decaan-gesprekken", "decaan", "/gesprekken"),
    Beeld("decaan-contacten", "decaan", "/contacten"),
    Beeld("decaan-niet-verwerkt", "decaan", "/niet-verwerkt"),
    Beeld("manager-voortgang", "manager vo", "/voortgang"),
    Beeld("mbo-lijst", "mbo-medewerker", "/leerlingen?stap=MB1"),
    Beeld("mbo-opleidingen", "mbo-medewerker", "/opleidingen"),
    Beeld("mbo-doorlooptijden", "mbo-manager", "/doorlooptijden"),
    Beeld("mbo-afspraken", "mbo-manager", "/beheer/eigen"),
    Beeld("leerplicht-lijst", "leerplicht/RMC", "/leerlingen"),
    Beeld("leerplicht-leerling", "leerplicht/RMC", "/leerlingen?stap=LP3", klik=_RIJ, hoogte=1100),
    Beeld("leerplicht-risico", "leerplicht/RMC", "/risico"),
    Beeld("leerplicht-vva", "leerplicht/RMC", "/vva"),
    Beeld("aanjager-scholen", "aanjager vo", "/scholen"),
    Beeld("aanjager-school", "aanjager vo", "/scholen?stap=AJ2", klik=_RIJ),
    Beeld("samenwerkingsverband-gedeeld", "samenwerkingsverband", "/gedeeld"),
    Beeld("functioneel-accounts", "functioneel beheerder", "/beheer/accounts"),
    Beeld("beheer-regio", "beheerorganisatie", "/beheer"),
    Beeld("beheer-organisaties", "beheerorganisatie", "/beheer/organisaties"),
    Beeld("beheer-meldingen", "beheerorganisatie", "/meldingen"),
)


def _maak(browser: Browser, adres: str, dag: date, naar: Path, breedte: int, alles: bool) -> None:
    from tests.browser.conftest import log_in

    paginas: dict[str, Page] = {}
    for beeld in (b for b in BEELDEN if dag in b.dagen):
        if beeld.rol not in paginas:
            context = browser.new_context(base_url=adres, locale="nl-NL", reduced_motion="reduce")
            log_in(context.new_page(), beeld.rol)
            paginas[beeld.rol] = context.pages[0]
        pagina = paginas[beeld.rol]
        pagina.set_viewport_size({"width": breedte, "height": beeld.hoogte})
        pagina.goto(beeld.adres)
        if beeld.klik and pagina.locator(beeld.klik).count():
            pagina.locator(beeld.klik).first.click()
        pagina.wait_for_load_state("networkidle")
        deel = (f"-{dag:%m}" if len(beeld.dagen) > 1 else "") + ("" if breedte == BREEDTE else f"-{breedte}")
        pagina.screenshot(path=naar / f"{beeld.naam}{deel}.png", full_page=alles)
        print(f"beelden: {beeld.naam}{deel}", flush=True)
    for pagina in paginas.values():
        pagina.context.close()


def main() -> None:
    keuzes = argparse.ArgumentParser(description=__doc__)
    keuzes.add_argument("--naar", type=Path, default=MAP)
    keuzes.add_argument("--breedte", type=int, action="append", help="1280; mag vaker, dan staat zij in de naam")
    keuzes.add_argument("--leerlingen", type=int, default=7000)
    keuzes.add_argument("--dag", type=date.fromisoformat, action="append", help="alleen deze dag; mag vaker")
    keuzes.add_argument("--alles", action="store_true", help="elke pagina in haar hele lengte")
    gekozen = keuzes.parse_args()

    os.environ["DJANGO_SETTINGS_MODULE"] = "overstap.settings_test"
    import django

    django.setup()
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import VLAGGEN, chromium
    from tests.databank import databank
    from tests.ketens.huis import huis, wacht_tot

    gekozen.naar.mkdir(parents=True, exist_ok=True)
    with databank("beelden") as bank:
        for dag in gekozen.dag or _DRIE:
            with tempfile.TemporaryDirectory() as map_, huis(bank, Path(map_)) as dit:
                dit.beheer("laad_referentie", "--json", dag=dag)
                dit.beheer("demo", "--regio", "21", "--leerlingen", str(gekozen.leerlingen), "--json", dag=dag)
                dit.start("web", dag)
                wacht_tot(dit._leeft, "de site antwoordt")
                with sync_playwright() as pw:
                    browser = pw.chromium.launch(executable_path=chromium(), args=VLAGGEN)
                    for breedte in gekozen.breedte or (BREEDTE,):
                        _maak(browser, dit.adres, dag, gekozen.naar, breedte, gekozen.alles)
                    browser.close()


if __name__ == "__main__":
    main()
