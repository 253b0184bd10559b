"""Cursor pages by keyset: `{"resultaten": [...], "volgende": url or null}`; no offset, so a page costs the same everywhere."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from overstap.api.problemen import veldprobleem

M = TypeVar("M", bound=Model)
STANDAARD, HOOGSTENS = 100, 1000


def _pak_in(waarden: Sequence[Any]) -> str:
    tekst = "\x1f".join(w.isoformat() if isinstance(w, datetime) else str(w) for w in waarden)
    return base64.urlsafe_b64encode(tekst.encode()).decode().rstrip("=")


def _pak_uit(cursor: str, vormen: Sequence[Callable[[str], Any]]) -> list[Any]:
    """The values in a cursor of ours; 400 for anything else."""
    try:
        delen = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split("\x1f")
        if len(delen) != len(vormen) or "\x00" in "".join(delen):
            raise ValueError
        return [vorm(deel) for vorm, deel in zip(vormen, delen, strict=True)]
    except (ValueError, binascii.Error, UnicodeError):
        raise veldprobleem(
            "cursor", "T001", "Deze cursor bestaat niet. Begin opnieuw zonder cursor, of volg 'volgende'."
        ) from None


def limiet(request: HttpRequest) -> int:
    """How many rows a page holds: ``limiet``, 100 unless told, at most 1,000."""
    waarde = request.GET.get("limiet", "")
    if waarde == "":
        return STANDAARD
    if not (waarde.isascii() and waarde.isdigit() and 1 <= int(waarde[:9]) <= HOOGSTENS and len(waarde) <= 9):
        raise veldprobleem("limiet", "T001", f"limiet is een getal van 1 tot en met {HOOGSTENS}.")
    return int(waarde)


def _voorbij(velden: Sequence[str], waarden: Sequence[Any]) -> Q:
    """Rows after these values in the order of ``velden``."""
    q = Q()
    for i, veld in enumerate(velden):
        gelijk = {naam: waarden[j] for j, naam in enumerate(velden[:i])}
        q |= Q(**gelijk, **{f"{veld}__gt": waarden[i]})
    return q


def pagina(
    request: HttpRequest, rijen: QuerySet[M], velden: Sequence[str], vormen: Sequence[Callable[[str], Any]]
) -> tuple[list[M], str | None]:
    """One page in the order of ``velden`` (unique together), and the address of the next one."""
    aantal = limiet(request)
    if cursor := request.GET.get("cursor", ""):
        rijen = rijen.filter(_voorbij(velden, _pak_uit(cursor, vormen)))
    gelezen = list(rijen.order_by(*velden)[: aantal + 1])
    if len(gelezen) <= aantal:
        return gelezen, None
    laatste = gelezen[aantal - 1]
    vraag = request.GET.copy()
    vraag["cursor"] = _pak_in([getattr(laatste, veld) for veld in velden])
    return gelezen[:aantal], request.build_absolute_uri(f"{request.path}?{vraag.urlencode()}")
