"""A short reference to an overstap, for who may not see the name: it stands on the school's own page of that leerling too.

Bron: domein.md 1 (aanjager vo: "else a short reference that the school knows").
"""

from __future__ import annotations

import uuid

# Crockford's alphabet: nobody reads an O for a 0 or an I for a 1.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def verwijzing(overstap_id: uuid.UUID) -> str:
    """ "K7QF-2M9D": always the same for an overstap, from the random end of its key; it says nothing about the leerling."""
    getal = overstap_id.int
    tekens = [_LETTERS[(getal >> 5 * i) & 31] for i in reversed(range(8))]
    return f"{''.join(tekens[:4])}-{''.join(tekens[4:])}"
