"""The path of a request as it may stand in a log or an error: with our own ids, and without whatever a visitor typed."""

from __future__ import annotations

import re
import uuid

from django.http import HttpRequest
from django.urls import Resolver404, resolve

ONBEKEND = "/(onbekend adres)"
_DEEL = re.compile(r"<(?:\w+:)?(\w+)>")


def veilig_pad(request: HttpRequest) -> str:
    """``/leerlingen/<its uuid>`` as it is; a free text in an address of ours by its name; of no address of ours nothing at all.

    Somebody may put a pgn or a name in an address; then it is in none of our addresses, or in a free part of one.
    """
    try:
        gevonden = request.resolver_match or resolve(request.path_info)
    except (Resolver404, UnicodeError):
        return ONBEKEND
    if "(?P" in gevonden.route:  # a regular expression is no address to read
        return f"/({gevonden.url_name})"

    def deel(m: re.Match[str]) -> str:
        waarde = gevonden.kwargs.get(m[1])
        return str(waarde) if isinstance(waarde, uuid.UUID | int) else f"({m[1]})"

    return "/" + _DEEL.sub(deel, gevonden.route)
