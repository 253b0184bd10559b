"""Reading what was sent: JSON into typed structs, and msgspec's words as Dutch sentences that never hold the value."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, TypeVar

import msgspec
from django.http import HttpRequest

from overstap.api.problemen import Probleem, Veldfout

S = TypeVar("S")

_PAD = re.compile(r" - at `([^`]*)`$")
_SOORTEN = {
    "str": "tekst",
    "int": "een geheel getal",
    "float": "een getal",
    "bool": "true of false",
    "null": "null",
    "object": "een object",
    "array": "een lijst",
    "date": "een datum als 2026-03-01",
    "datetime": "een tijdstip als 2026-03-01T09:00:00+01:00",
    "uuid": "een uuid",
}
# msgspec's sentence -> ours. Nothing of the value that was sent: it could be a pgn.
_ZINNEN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"Object missing required field `(?P<veld>[^`]*)`"), "Dit veld ontbreekt en is verplicht"),
    (re.compile(r"Object contains unknown field `(?P<veld>[^`]*)`"), "Dit veld bestaat niet"),
    (re.compile(r"Expected `str` of length <= (?P<n>\d+)"), "Dit is te lang: hoogstens {n} tekens"),
    (re.compile(r"Expected `str` of length >= (?P<n>\d+)"), "Dit is te kort: minstens {n} teken(s)"),
    (re.compile(r"Expected `array` of length <= (?P<n>\d+)"), "Dit zijn er te veel: hoogstens {n} per keer"),
    (re.compile(r"Expected `array` of length >= (?P<n>\d+)"), "Dit zijn er te weinig: minstens {n}"),
    (re.compile(r"Expected `str` matching regex '(?P<n>.*)'"), "Dit heeft niet de goede vorm ({n})"),
    (re.compile(r"Expected `(?:int|float)` >= (?P<n>-?\d+)"), "Dit getal is te klein: minstens {n}"),
    (re.compile(r"Expected `(?:int|float)` <= (?P<n>-?\d+)"), "Dit getal is te groot: hoogstens {n}"),
    (re.compile(r"Expected `(?P<soort>[^`]*)`, got `[^`]*`"), "Hier hoort {soort}"),
    (re.compile(r"Invalid enum value"), "Deze waarde staat niet in de lijst van toegestane waarden"),
    (re.compile(r"Invalid RFC3339 encoded date(time)?|Invalid (date|datetime|UUID|uuid)"), "Deze datum of sleutel bestaat niet"),
    (re.compile(r"out of range|Integer value"), "Dit getal is te groot"),
)  # fmt: skip


def _soort(naam: str) -> str:
    return " of ".join(_SOORTEN.get(deel.strip(), deel.strip()) for deel in naam.split("|"))


def vertaal(fout: msgspec.ValidationError, begin: str = "") -> Veldfout:
    """The field (``leerlingen[3].klas``) and the rule behind a msgspec error."""
    tekst = str(fout)
    pad = gevonden[1].removeprefix("$") if (gevonden := _PAD.search(tekst)) else ""
    zin, veld = "Dit past niet bij het schema", ""
    for patroon, vorm in _ZINNEN:
        if (treffer := patroon.search(tekst)) is not None:
            delen = treffer.groupdict()
            veld = delen.get("veld") or ""
            zin = vorm.format(n=delen.get("n"), soort=_soort(delen.get("soort") or ""))
            break
    if len(veld) > 60 or not veld.isprintable() or any(c.isdigit() for c in veld):
        veld = "(onbekend)" if veld else ""
    naam = ".".join(deel for deel in (begin + pad, veld) if deel).lstrip(".")
    return Veldfout(naam or "(hele bericht)", "T001", zin + ".")


@lru_cache(maxsize=64)
def decoder(soort: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(soort)


def decodeer(inhoud: bytes | msgspec.Raw, soort: type[S]) -> S:
    """JSON as ``soort``; raises :class:`Veldfout` in a Probleem (400)."""
    try:
        gelezen: S = decoder(soort).decode(inhoud)  # type: ignore[arg-type]
    except msgspec.ValidationError as fout:
        veld = vertaal(fout)
        raise Probleem(400, f"{veld.name}: {veld.reason}", code="T001", velden=[veld]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
        raise Probleem(
            400, "Dit is geen geldige JSON in UTF-8. Controleer haakjes, aanhalingstekens en tekenset.", code="T001"
        ) from None
    return gelezen


def lichaam(request: HttpRequest, *, nul_ok: bool = False) -> bytes:
    """The raw body of a JSON call; 415 for another type, 400 for a NUL character (no database text can hold it).

    ``nul_ok``: the caller looks for it row by row.
    """
    if request.content_type != "application/json":
        raise Probleem(415, "Stuur de aanvraag als application/json.", code="T001")
    inhoud = request.body  # raises RequestDataTooBig, which becomes 413
    if not nul_ok and b"\\u0000" in inhoud:
        raise Probleem(400, "De tekst bevat een nul-teken (\\u0000). Haal dat weg.", code="T001")
    return inhoud


def lees(request: HttpRequest, soort: type[S], *, nul_ok: bool = False) -> S:
    """The body as ``soort``."""
    return decodeer(lichaam(request, nul_ok=nul_ok), soort)
