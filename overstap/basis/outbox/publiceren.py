"""Write to the outbox, in the transaction of the act: no act without its event, no event without its act."""

from __future__ import annotations

from collections.abc import Sequence

from overstap.basis.outbox.models import OutboxRegel
from overstap.basis.stapel import voeg_toe

_KOLOMMEN = ("regio_id", "sleutel", "soort", "inhoud")


def publiceer(regels: Sequence[OutboxRegel]) -> None:
    """Insert lines (regio, sleutel, soort, inhoud); one statement, whatever the number."""
    voeg_toe(OutboxRegel, regels, kolommen=_KOLOMMEN)
