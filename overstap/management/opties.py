"""Options that several commands share, each with a Dutch sentence for a value that is no good."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date

from django.core.management.base import CommandError

from accounts.models import Regio
from statuses.termijnen import jaar_uit_naam


def datum(waarde: str) -> date:
    """An ISO date as a command option."""
    try:
        return date.fromisoformat(waarde)
    except ValueError:
        raise ArgumentTypeError(f"{waarde!r} is geen datum; schrijf jjjj-mm-dd, zoals 2026-04-01") from None


def overstapjaar(waarde: str) -> int:
    """2025 for "2025-2026"."""
    try:
        return jaar_uit_naam(waarde)
    except ValueError as fout:
        raise ArgumentTypeError(str(fout)) from None


def bestaande_regio(code: str) -> str:
    """The code, when this database knows it; else CommandError."""
    if not Regio.objects.filter(pk=code).exists():
        raise CommandError(f"Regio {code!r} staat niet in deze database. Kies een code van twee cijfers, zoals 21.")
    return code
