"""Runs the command and reads what it prints."""

import json
from datetime import date
from io import StringIO
from typing import Any

from django.core.management import call_command

VANDAAG = date(2026, 3, 20)


def demo(*extra: str, leerlingen: int = 700) -> dict[str, Any]:
    uit = StringIO()
    call_command(
        "demo", "--leerlingen", str(leerlingen), "--vandaag", VANDAAG.isoformat(), "--json", *extra, stdout=uit
    )
    verslag: dict[str, Any] = json.loads(uit.getvalue())
    return verslag
