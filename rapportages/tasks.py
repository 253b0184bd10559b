"""Jobs of rapportages: make an export, take up what was lost, take away what is old. Arguments are codes and ids."""

from __future__ import annotations

import uuid
from typing import Any

from accounts.models import Regio
from accounts.scope import systeem_bereik
from overstap.basis.taken import taak
from rapportages import actions


@taak("rapportages.tasks.maak_export")
def maak_export(regio: str, export_id: str) -> bool:
    """Make the file of one export; safe to run twice."""
    pk = uuid.UUID(export_id)
    with systeem_bereik(regio):
        actions.begin_export(regio, pk)
    with systeem_bereik(regio):
        return actions.make_export(regio, pk)


def stuur_exports(regio: str, inhouden: list[dict[str, Any]]) -> None:
    """Somebody asked for exports: hand them to a worker. Fails, and comes again, while there is no broker."""
    for inhoud in inhouden:
        maak_export.delay(regio, inhoud["export"])


@taak("rapportages.tasks.hervat_exports")
def hervat_exports() -> int:
    """Hand out again what waits too long: nothing that was asked for is lost."""
    aantal = 0
    for regio in Regio.objects.values_list("code", flat=True):
        with systeem_bereik(regio):
            for export_id in actions.onafgemaakt(regio):
                maak_export.delay(regio, str(export_id))
                aantal += 1
    return aantal


@taak("rapportages.tasks.ruim_exports_op")
def ruim_exports_op() -> int:
    """Files and rows of exports older than a week."""
    aantal = 0
    for regio in Regio.objects.values_list("code", flat=True):
        with systeem_bereik(regio):
            aantal += actions.ruim_op(regio)
    return aantal
