"""What base.html shows on every page: the menu of the role, who is logged in, and the banner of a demonstration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from accounts.actor import Actor
from accounts.rechten import ROL_LABELS, Recht, Soort
from overstap.basis import klok
from overstap.gesprekken.tellers import tel

# url name, text, the rights of which it needs one. A page that is not there yet does not show.
MENU: tuple[tuple[str, str, tuple[Recht, ...]], ...] = (
    ("vandaag", "Vandaag", (Recht.VANDAAG_ZIEN,)),
    ("leerlingen", "Leerlingen", (Recht.LEERLINGEN_ZIEN,)),
    ("gedeeld", "Gedeelde leerlingen", (Recht.GEDEELDE_ZIEN,)),
    ("scholen", "Scholen", (Recht.SCHOLEN_ZIEN,)),
    ("gesprekken", "Gesprekken", (Recht.GESPREKKEN_VOEREN,)),
    ("import", "Aanleveren", (Recht.LEERLINGEN_AANLEVEREN, Recht.AANMELDINGEN_AANLEVEREN)),
    ("vva", "Berichten (VVA)", (Recht.VVA_ZIEN, Recht.VVA_SCHOLEN_ZIEN)),
    ("rapportages", "Rapportages", (Recht.RAPPORTAGES_ZIEN,)),
    ("contacten", "Contacten", (Recht.CONTACTEN_ZIEN,)),
    ("beheer-eigen", "Afspraken", (Recht.AFSPRAKEN_WIJZIGEN,)),
    ("meldingen", "Meldingen", (Recht.MELDINGEN_ZIEN,)),
    ("beheer", "Beheer", (Recht.BEHEREN,)),
    ("beheer-accounts", "Accounts", (Recht.ACCOUNTS_BEHEREN,)),
    ("beheer-systemen", "Systemen", (Recht.MANDAAT_GEVEN,)),
    ("beheer-logboek", "Logboek", (Recht.LOGBOEK_ZIEN,)),
)

# Which of them have a number (overstap/gesprekken/tellers.py).
GETELD = frozenset({"gesprekken", "meldingen"})


def _url(naam: str) -> str:
    try:
        return reverse(naam)
    except NoReverseMatch:
        return ""


def _menu(actor: Actor, hier: str, tellers: Callable[[], Mapping[str, int]]) -> list[dict[str, object]]:
    return [
        {
            "naam": tekst,
            "url": url,
            "actief": hier == url or hier.startswith(f"{url}/"),
            "teller": SimpleLazyObject(partial(_teller, tellers, naam)) if naam in GETELD else 0,
        }
        for naam, tekst, rechten in MENU
        if any(actor.mag(recht) for recht in rechten) and (url := _url(naam))
    ]


def _teller(tellers: Callable[[], Mapping[str, int]], naam: str) -> int:
    return tellers().get(naam, 0)


def _wie(actor: Actor, aantal_rollen: int) -> dict[str, str]:
    in_regio = actor.organisatie_soort != Soort.BEHEERORGANISATIE  # its name says which regio
    return {
        "naam": actor.naam,
        "rol": "RMC-functie" if actor.is_rmc else ROL_LABELS[actor.rol],
        "organisatie": actor.organisatie_naam,
        "regio": f"regio {' en '.join(sorted(actor.regios))}" if in_regio else "",
        "wissel_url": _url("rol") if aantal_rollen > 1 else "",
        "account_url": _url("mfa_index"),
    }


def overstap(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Asks the database one thing, when the menu is drawn: what is unread and what waits."""
    uit: dict[str, Any] = {}
    if settings.OVERSTAP_DEMO:
        uit["demo_banner"] = {"vandaag": klok.vandaag() if settings.OVERSTAP_VANDAAG else None}
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.soort != "mens":
        return uit
    # Asked when the menu is drawn, and not for a part of a page; a page that counts its queries brings it along.
    bekend: Mapping[str, int] | None = getattr(request, "tellers", None)
    uit["menu"] = _menu(actor, request.path, cache(lambda: tel(actor) if bekend is None else bekend))
    uit["wie"] = _wie(actor, getattr(request, "aantal_rollen", 1))
    return uit
