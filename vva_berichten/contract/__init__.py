"""The message contract, versioned: one module per message. The JSON Schema is made from these types."""

from __future__ import annotations

from typing import Any

import msgspec

from vva_berichten.contract.aanmeldstatus import Aanmeldstatus, AanmeldstatusBericht, AanmeldstatusCode
from vva_berichten.contract.basis import CONTRACT_VERSIE, Aanlevering, Envelop, Pgn, Resultaat, Resultaten
from vva_berichten.contract.potentiele_mbo_ganger import MboGangerBericht, PotentieleMboGanger
from vva_berichten.contract.signalen import SignaalBericht

BERICHTEN: dict[str, type[Envelop]] = {
    "potentiele-mbo-ganger": MboGangerBericht,
    "aanmeldstatus": AanmeldstatusBericht,
    "signalen": SignaalBericht,
}


def schema(naam: str) -> dict[str, Any]:
    """The JSON Schema of one message (a key of ``BERICHTEN``); raises KeyError for another name."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{naam} {CONTRACT_VERSIE}",
        **msgspec.json.schema(BERICHTEN[naam]),
    }


__all__ = [
    "BERICHTEN",
    "CONTRACT_VERSIE",
    "Aanlevering",
    "Aanmeldstatus",
    "AanmeldstatusBericht",
    "AanmeldstatusCode",
    "MboGangerBericht",
    "Pgn",
    "PotentieleMboGanger",
    "Resultaat",
    "Resultaten",
    "SignaalBericht",
    "schema",
]
