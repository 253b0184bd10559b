"""Calls that could contradict each other go one after the other, so that each sees what the other stored.

Of one organisatie, since a berichtId is the sender's; and of all that speak for one school or mbo, since a key and its volgnummers are
the school's or mbo's.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection

from overstap.basis import slot

# A national supplier speaks for hundreds at once, and PostgreSQL holds a few thousand locks for all calls together. Who
# shares a line with another waits a moment longer.
_RIJEN = 64


def rij_van(organisatie: uuid.UUID) -> str:
    """The name of the line in which calls about this organisatie stand."""
    return f"vva-in:{organisatie.int % _RIJEN}"


def op_een_rij(organisaties: Collection[uuid.UUID]) -> None:
    """Wait until no other call is about one of these, and hold the line until this transaction ends."""
    slot.neem(*map(rij_van, organisaties))
