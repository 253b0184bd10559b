"""A walk over the site as one role: every address of the table of rights, with the ids that its links bring along.

What there is to visit comes from tests/toegang/matrix.py, so a new page is walked without one word here.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from accounts.rechten import ROL_LABELS, Rol
from tests.toegang.matrix import MATRIX, Rij

# Sorting, paging and going from one leerling to the next are the same page again.
TOESTANDEN = ("stap",)
GEEN_PAGINA = {"exports/<uuid:pk>/bestand", ".well-known/jwks.json", "uitloggen", "inloggen"}
# A page without end is tried on a part of it: axe reads every row.
KORTER = {"leerlingen/afdruk": "?risico=ja"}


def rijen(route: str, rol: Rol, methode: str = "GET") -> list[Rij]:
    """What this role may do at this address."""
    return [
        r
        for r in MATRIX.get(route, ())
        if r.methode == methode and (r.soort in ("account", "open") or (r.soort == "pagina" and rol in r.wie))
    ]


def mag(route: str, rol: Rol) -> bool:
    """It is a page for this role, and not an address that only takes what is sent."""
    return any(200 in r.goed and 405 not in r.goed for r in rijen(route, rol))


def begin(rol: Rol) -> list[str]:
    """The addresses without an id, and those whose id stands in the table."""
    uit = []
    for route in MATRIX:
        # The API and the probes are no pages; what matters of logging in is walked by who is not logged in.
        if route.startswith(("api/", "oauth/", "^", "gezondheid", "inloggen", "account/wachtwoord/nieuw")):
            continue
        if "<" not in route and route not in GEEN_PAGINA and mag(route, rol):
            uit.append(f"/{route}{KORTER.get(route, '')}")
    return uit


def soort(adres: str) -> tuple[str, ...] | None:
    """What makes this address another page than the one before: its route, its codes (an act, a part), its step. None: no page of ours."""
    deel = urlsplit(adres)
    try:
        gevonden = resolve(deel.path)
    except Resolver404:
        return None
    codes = [f"{k}={v}" for k, v in gevonden.kwargs.items() if isinstance(v, str) and k in ("code", "soort")]
    if gevonden.route.startswith(("scholen/", "beheer/organisaties/")):
        codes = []  # a code of a school or a vestiging: one is all
    vraag = parse_qs(deel.query)
    return (gevonden.route, *codes, *(f"{t}={vraag[t][0]}" for t in TOESTANDEN if t in vraag))


def links(page: Page) -> list[str]:
    """Where this page leads to on the own site, as path and query."""
    alle: list[str] = page.evaluate(
        "[...document.querySelectorAll('a[href]:not([download])')].filter(a => a.origin === location.origin)"
        ".map(a => a.pathname + a.search)"
    )
    return alle


def loop(page: Page, rol: Rol) -> Iterator[tuple[str, int]]:
    """Open every kind of page once, breadth first; gives (address, status code) with the page open."""
    wacht, gezien = begin(rol), set()
    while wacht:
        adres = wacht.pop(0)
        wat = soort(adres)
        if wat is None or wat in gezien or wat[0] in GEEN_PAGINA or not mag(wat[0], rol):
            continue
        gezien.add(wat)
        antwoord = page.goto(adres)
        assert antwoord is not None
        wacht += links(page)  # first: who walks may do something on the page
        yield adres, antwoord.status


def label(rol: Rol) -> str:
    """As it stands on the login page."""
    return ROL_LABELS[rol]
