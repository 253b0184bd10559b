"""Options that several commands share, each with a Dutch sentence for a value that is no good."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date

from django.core.management.base import CommandError

from accounts.models import Regio
from statuses.termijnen import jaar_uit_naam

# No overstapjaar lies outside; further away a date has no day after it, or no time in our zone.
EERSTE_DAG, LAATSTE_DAG = date(2000, 1, 1), date(2100, 12, 31)


def datum(waarde: str) -> date:
    """An ISO date as a command option."""
    try:
        return date.fromisoformat(waarde)
    except ValueError:
        raise ArgumentTypeError(f"{waarde!r} is geen datum; schrijf jjjj-mm-dd, zoals 2026-04-01") from None


def dag_binnen_bereik(naam: str, dag: date | None) -> date | None:
    """The day of an option; CommandError when it lies where no overstapjaar is."""
    if dag is not None and not EERSTE_DAG <= dag <= LAATSTE_DAG:
        raise CommandError(
            f"{naam} {dag.isoformat()} kan niet. Kies een dag van {EERSTE_DAG} tot en met {LAATSTE_DAG}."
        )
    return dag


def overstapjaar(waarde: str) -> int:
    """2025 for "2025-2026"."""
    try:
        return jaar_uit_naam(waarde)
    except ValueError as fout:
        raise ArgumentTypeError(str(fout)) from None


def bestaande_regio(code: str) -> str:
    """The code, when this database knows it; else CommandError."""
    # A NUL is no text to PostgreSQL, so ask only for what can be a code.
    if not code.isalnum() or not Regio.objects.filter(pk=code).exists():
        raise CommandError(f"Regio {code!r} staat niet in deze database. Kies een code van twee cijfers, zoals 21.")
    return code
