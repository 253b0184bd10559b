"""How often somebody may do something in a while: a fixed window in the cache. Without the cache there is no limit."""

from __future__ import annotations

from django.core.cache import cache

from overstap.basis import klok


def is_te_vaak(wat: str, wie: object, *, hoogstens: int, seconden: int) -> bool:
    """Count this time, and say whether it is one too many. ``wie`` is an id, never a name or a number of a person."""
    venster = int(klok.wandklok().timestamp()) // seconden
    sleutel = f"limiet:{wat}:{wie}:{venster}"
    cache.add(sleutel, 0, seconden)
    try:
        return int(cache.incr(sleutel)) > hoogstens
    except ValueError:  # thrown out of the cache meanwhile
        return False
