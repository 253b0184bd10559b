"""The addresses that the pages of a school lead to: codes only, never a person."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from statuses.status import Status


def adres(naam: str, *delen: str, **vraag: str) -> str:
    """The address of a page with its query, without what is empty; "" for a page that is not there."""
    try:
        pad = reverse(naam, args=delen)
    except NoReverseMatch:
        return ""
    rest = {k: v for k, v in vraag.items() if v}
    return f"{pad}?{urlencode(rest, safe=',')}" if rest else pad


def leerlingen(vestiging: str, jaar: str, statussen: Collection[Status] = ()) -> str:
    """Exactly these leerlingen of a vestiging."""
    codes = ",".join(s.code for s in sorted(statussen))
    return adres("leerlingen", vestiging=vestiging, status=codes, jaar=jaar)
