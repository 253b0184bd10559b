"""What this app tells the rest of the house, through the outbox. Ids only."""

from __future__ import annotations

import uuid

from overstap.basis.outbox.models import OutboxRegel
from overstap.basis.outbox.publiceren import publiceer

# inhoud: {"organisatie": uuid}; a gemeente takes its messages from now on
GEMEENTE_AANGESLOTEN = "accounts.gemeente_aangesloten"


def sleutel_postbus(organisatie: uuid.UUID) -> str:
    """What goes to one receiver is handled in its order: what waited for it before what comes after."""
    return f"postbus:{organisatie}"


def gemeente_aangesloten(regio: str, organisatie: uuid.UUID) -> None:
    inhoud = {"organisatie": str(organisatie)}
    publiceer(
        [OutboxRegel(regio_id=regio, sleutel=sleutel_postbus(organisatie), soort=GEMEENTE_AANGESLOTEN, inhoud=inhoud)]
    )
