"""Query parameters: known names only, each read by its own function, 400 with the name of the wrong one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone

from overstap.api.problemen import Probleem, Veldfout, veldprobleem
from statuses.status import CODES, Status
from statuses.termijnen import jaar_uit_naam

PAGINA = frozenset({"cursor", "limiet"})


def controleer(request: HttpRequest, bekend: Collection[str]) -> None:
    """Refuse a parameter that nothing reads (a typing error would silently give everything), and NUL characters."""
    velden = [
        Veldfout(
            naam if naam.isidentifier() else "(onbekend)",
            "T001",
            f"Dit kan niet. Kies uit: {', '.join(sorted(bekend))}.",
        )
        for naam in request.GET
        if naam not in bekend
    ]
    velden += [
        Veldfout(naam, "T001", "De waarde bevat een nul-teken. Haal dat weg.")
        for naam in request.GET
        if naam in bekend and "\x00" in "".join(request.GET.getlist(naam))
    ]
    if velden:
        raise Probleem(400, f"Parameter {velden[0].name}: {velden[0].reason}", code="T001", velden=velden)


def tekst(request: HttpRequest, naam: str, hoogstens: int = 100) -> str | None:
    """The value, or None when it is not there or empty."""
    waarde = request.GET.get(naam, "").strip()
    if len(waarde) > hoogstens:
        raise veldprobleem(naam, "T001", f"{naam} is te lang: hoogstens {hoogstens} tekens.")
    return waarde or None


def jaar(request: HttpRequest, *, verplicht: bool = False) -> int | None:
    waarde = tekst(request, "overstapjaar")
    if waarde is None:
        if verplicht:
            raise veldprobleem("overstapjaar", "T001", "overstapjaar ontbreekt. Schrijf het als 2025-2026.")
        return None
    try:
        uit = jaar_uit_naam(waarde)
    except ValueError:
        uit = 0
    if not 2000 <= uit <= 2100:
        raise veldprobleem(
            "overstapjaar", "T001", "Schrijf het overstapjaar als twee jaren na elkaar, zoals 2025-2026."
        )
    return uit


def statussen(request: HttpRequest) -> list[Status]:
    """One or more codes, apart by commas."""
    waarde = tekst(request, "status", 400)
    codes = [deel.strip() for deel in waarde.split(",")] if waarde else []
    if any(code not in CODES for code in codes):
        raise veldprobleem("status", "F201", f"Deze status bestaat niet. Kies uit: {', '.join(CODES)}.")
    return [CODES[code] for code in codes]


def ja_nee(request: HttpRequest, naam: str) -> bool | None:
    waarde = tekst(request, naam)
    if waarde not in (None, "ja", "nee"):
        raise veldprobleem(naam, "T001", f"{naam} is 'ja' of 'nee'.")
    return None if waarde is None else waarde == "ja"


def dag(request: HttpRequest, naam: str, *, verplicht: bool = False) -> date | None:
    waarde = tekst(request, naam)
    if waarde is None and naam not in request.GET:
        if verplicht:
            raise veldprobleem(naam, "T001", f"{naam} ontbreekt. Schrijf een datum als 2026-04-01.")
        return None
    waarde = waarde or ""
    try:
        uit = date.fromisoformat(waarde) if len(waarde) == 10 else None
    except ValueError:
        uit = None
    if uit is None or not 1900 <= uit.year <= 2200:
        raise veldprobleem(naam, "T001", f"{naam} is geen datum. Schrijf hem als 2026-04-01.")
    return uit


def tijdstip(request: HttpRequest, naam: str) -> datetime | None:
    """An ISO 8601 time or day; without an offset it is Dutch time. A ``+`` that a URL made a space is put back."""
    waarde = tekst(request, naam)
    if waarde is None and naam not in request.GET:
        return None
    waarde = waarde or ""
    try:
        uit = datetime.fromisoformat(waarde.replace(" ", "+") if "T" in waarde else waarde)
        if not 1900 <= uit.year <= 2200:
            raise ValueError
        return uit if uit.tzinfo else timezone.make_aware(uit)
    except (ValueError, OverflowError):
        raise veldprobleem(
            naam, "T001", f"{naam} is geen tijdstip. Schrijf het als 2026-03-01T09:00:00Z (een + als %2B)."
        ) from None
