"""Parts of the leerling page that an app above or beside this one brings: a registry, filled in ``overstap/paginas.py``.

A blok is ``fn(request, o, overstap, aanmeldingen) -> (template, context) | None``; None where this role or this leerling has
none. The template finds its context under ``blok``; ``aanmeldingen`` are those that this role sees. Bron: domein.md 3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest

from overstap.schermen.omgeving import Omgeving
from statuses.models import Aanmelding, Overstap

Blok = Callable[[HttpRequest, Omgeving, Overstap, Sequence[Aanmelding]], tuple[str, dict[str, Any]] | None]

# In the order in which they stand on the page, below the sporen.
BLOKKEN: list[Blok] = []


def blokken_van(
    request: HttpRequest, o: Omgeving, overstap: Overstap, aanmeldingen: Sequence[Aanmelding]
) -> list[tuple[str, dict[str, Any]]]:
    """The blokken of this leerling for this role, each with its template."""
    gemaakt = (blok(request, o, overstap, aanmeldingen) for blok in BLOKKEN)
    return [deel for deel in gemaakt if deel is not None]
