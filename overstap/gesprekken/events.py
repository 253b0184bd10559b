"""What this app tells the rest of the house, through the outbox. Ids and codes only, never a word of a message."""

from __future__ import annotations

import uuid

from overstap.basis.outbox.models import OutboxRegel
from overstap.basis.outbox.publiceren import publiceer
from overstap.gesprekken.models import Bericht, Gesprek

# inhoud: {"gesprek": uuid, "bericht": uuid, "naar": the party that gets it (vo, mbo, leerplicht)}
BERICHT_GESCHREVEN = "gesprekken.bericht_geschreven"
# inhoud: {"gesprek": uuid, "partij": of whom, "aan": gebruiker uuid}; handed on to this colleague
GESPREK_DOORGEGEVEN = "gesprekken.doorgegeven"


def bericht_geschreven(gesprek: Gesprek, bericht: Bericht, naar: str) -> OutboxRegel:
    inhoud = {"gesprek": str(gesprek.pk), "bericht": str(bericht.pk), "naar": naar}
    return OutboxRegel(
        regio_id=gesprek.regio_id, sleutel=str(gesprek.overstap_id), soort=BERICHT_GESCHREVEN, inhoud=inhoud
    )


def gesprek_doorgegeven(gesprek: Gesprek, partij: str, aan: uuid.UUID) -> OutboxRegel:
    inhoud = {"gesprek": str(gesprek.pk), "partij": partij, "aan": str(aan)}
    return OutboxRegel(
        regio_id=gesprek.regio_id, sleutel=str(gesprek.overstap_id), soort=GESPREK_DOORGEGEVEN, inhoud=inhoud
    )


__all__ = ["BERICHT_GESCHREVEN", "GESPREK_DOORGEGEVEN", "bericht_geschreven", "gesprek_doorgegeven", "publiceer"]
