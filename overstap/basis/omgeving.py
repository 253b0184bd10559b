"""Reads the environment for settings.py; a wrong or missing value stops the start with one clear sentence.

The sentences are Dutch, for the person who installs. Reads only; writes nothing.
"""

import base64
import binascii
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

JA = {"1", "ja", "true", "yes", "on"}
NEE = {"", "0", "nee", "false", "no", "off"}


def tekst(naam: str, standaard: str | None = None) -> str:
    """The value of a variable; without `standaard` it must be there."""
    waarde = os.environ.get(naam, "").strip()
    if waarde:
        return waarde
    if standaard is None:
        raise ImproperlyConfigured(f"De omgevingsvariabele {naam} ontbreekt. Zet haar en start opnieuw.")
    return standaard


def ja_nee(naam: str, standaard: bool = False) -> bool:
    """A switch: 1/ja/true or 0/nee/false."""
    ruw = os.environ.get(naam)
    if ruw is None:
        return standaard
    waarde = ruw.strip().lower()
    if waarde in JA:
        return True
    if waarde in NEE:
        return False
    raise ImproperlyConfigured(f"{naam}={ruw!r} is geen ja of nee. Gebruik 1 of 0.")


def getal(naam: str, standaard: int, minimaal: int = 0) -> int:
    """A whole number, at least `minimaal`."""
    ruw = tekst(naam, str(standaard))
    try:
        waarde = int(ruw)
    except ValueError:
        raise ImproperlyConfigured(f"{naam}={ruw!r} is geen heel getal.") from None
    if waarde < minimaal:
        raise ImproperlyConfigured(f"{naam}={waarde} is te klein; gebruik {minimaal} of meer.")
    return waarde


def lijst(naam: str, standaard: str | None = "") -> list[str]:
    """Values between commas."""
    return [deel.strip() for deel in tekst(naam, standaard).split(",") if deel.strip()]


def datum(naam: str) -> date | None:
    """A date as 2026-03-20, or None when the variable is not set."""
    ruw = tekst(naam, "")
    if not ruw:
        return None
    try:
        return date.fromisoformat(ruw)
    except ValueError:
        raise ImproperlyConfigured(f"{naam}={ruw!r} is geen datum. Schrijf haar als 2026-03-20.") from None


def sleutel(naam: str, ruw: str) -> bytes:
    """32 bytes from base64 (plain or url-safe)."""
    try:
        waarde = base64.b64decode(ruw.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        raise ImproperlyConfigured(f"{naam} is geen base64.") from None
    if len(waarde) != 32:
        raise ImproperlyConfigured(f"{naam} moet 32 bytes zijn (in base64) en is {len(waarde)} bytes.")
    return waarde


def pem(naam: str, ruw: str) -> str:
    """PEM itself (a line end may be written as \\n), or the path of a file with PEM; empty stays empty."""
    if "-----BEGIN" in ruw:
        return ruw.replace("\\n", "\n")
    if not ruw:
        return ""
    try:
        return Path(ruw).read_text(encoding="ascii")
    except (OSError, ValueError):
        raise ImproperlyConfigured(f"{naam} is geen PEM, en het bestand dat erin staat is niet te lezen.") from None


def sleutelring(naam: str, ruw: str) -> dict[str, bytes]:
    """A key ring `versie:base64,versie:base64`; the first one encrypts, all of them decrypt."""
    ring: dict[str, bytes] = {}
    for deel in filter(None, (stuk.strip() for stuk in ruw.split(","))):
        versie, scheiding, waarde = deel.partition(":")
        if not scheiding or not versie or versie in ring:
            raise ImproperlyConfigured(f"{naam} moet lijken op 2:base64,1:base64, elke versie één keer.")
        ring[versie] = sleutel(naam, waarde)
    if not ring:
        raise ImproperlyConfigured(f"{naam} is leeg. Geef ten minste één sleutel, als 1:base64.")
    return ring


def database(naam: str, url: str) -> dict[str, Any]:
    """A Django DATABASES entry from `postgresql://user:password@host:port/name?option=value`."""
    delen = urlsplit(url)
    if delen.scheme not in {"postgres", "postgresql"} or not delen.path.strip("/"):
        raise ImproperlyConfigured(f"{naam} moet lijken op postgresql://gebruiker:wachtwoord@host:5432/overstap.")
    opties: Mapping[str, str] = dict(parse_qsl(delen.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(delen.path.strip("/")),
        "USER": unquote(delen.username or ""),
        "PASSWORD": unquote(delen.password or ""),
        "HOST": unquote(delen.hostname or opties.get("host", "")),
        "PORT": str(delen.port or opties.get("port", "")),
        "OPTIONS": {optie: waarde for optie, waarde in opties.items() if optie not in {"host", "port"}},
    }
