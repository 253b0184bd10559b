"""Out: what happened in this regio becomes messages. Called by overstap/subscriptions.py, set-based, safe to repeat."""

from __future__ import annotations

import uuid
from typing import Any

from vva_berichten import stand
from vva_berichten.uitgaand import aanmeldstatussen, inhalen, mbo_gangers, verhuizen
from vva_berichten.uitgaand.leveren import (
    LEVER_BERICHTEN,
    LEVER_BULK,
    gemeente_aangesloten,
    lever_berichten,
    lever_bulk,
)


def _ids(inhouden: list[dict[str, Any]]) -> list[uuid.UUID]:
    return sorted({uuid.UUID(inhoud["overstap"]) for inhoud in inhouden})


def status_gewijzigd(regio: str, inhouden: list[dict[str, Any]]) -> None:
    """A status changed: report the mbo-ganger where markering or vervolgkeuze did, the aanmeldstatus where that did."""
    vo = [i for i in inhouden if {"markering", "vo"} & set(i["sporen"])]
    mbo = [i for i in inhouden if "aanmelding" in i["sporen"]]
    if any("markering" in i["sporen"] for i in vo):
        stand.bewaarde_van_buiten(regio, _ids(vo))
    if vo:
        inhalen.haal_in(regio, _ids(vo))
        mbo_gangers.meld(regio, _ids(vo))
    if mbo:
        aanmeldstatussen.meld(regio, _ids(mbo))


def leerling_gewijzigd(regio: str, inhouden: list[dict[str, Any]]) -> None:
    """A leerling is new, moved, or changed school or kind of education."""
    stand.koppel(regio, _ids(inhouden))
    inhalen.haal_in(regio, _ids(inhouden))
    verhuizen.follow(regio, _ids(inhouden))
    mbo_gangers.meld(regio, _ids(inhouden))


__all__ = [
    "LEVER_BERICHTEN",
    "LEVER_BULK",
    "gemeente_aangesloten",
    "leerling_gewijzigd",
    "lever_berichten",
    "lever_bulk",
    "status_gewijzigd",
]
