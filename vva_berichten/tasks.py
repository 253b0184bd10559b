"""The jobs of VVA. Each asks what is due and not done yet, so a missed night or a second worker harms nothing."""

from __future__ import annotations

import uuid
from typing import Any

from accounts.models import Regio
from accounts.scope import systeem_bereik
from overstap.basis.rls import bereik
from overstap.basis.taken import taak
from vva_berichten.bulkmelding import BulkSoort, aan_de_beurt, make_bulkmelding, nog_te_maken
from vva_berichten.uitgaand import mbo_gangers, push, push_stand
from vva_berichten.uitgaand.leveren import lever_geparkeerd


@taak("vva_berichten.tasks.dagelijks")
def dagelijks() -> int:
    """A task per regio for what is due there: bulkmeldingen, mbo-gangers on 1 October, and what was parked."""
    aantal = 0
    for regio in Regio.objects.order_by("code").values_list("code", flat=True):
        for soort, jaar in aan_de_beurt(regio):
            bulkmelding_regio.delay(regio, soort.value, jaar)
            aantal += 1
        bijwerken_regio.delay(regio)
    return aantal


@taak("vva_berichten.tasks.hervat_bulkmeldingen")
def hervat_bulkmeldingen() -> int:
    """A task for each bulk that is due and was not made: its task was lost with the broker, or found no database."""
    aantal = 0
    for regio in Regio.objects.order_by("code").values_list("code", flat=True):
        with systeem_bereik(regio):
            open_ = [(soort, jaar) for soort, jaar in aan_de_beurt(regio) if nog_te_maken(regio, soort, jaar)]
        for soort, jaar in open_:
            bulkmelding_regio.delay(regio, soort.value, jaar)
        aantal += len(open_)
    return aantal


@taak("vva_berichten.tasks.bulkmelding_regio")
def bulkmelding_regio(regio: str, soort: str, overstapjaar: int) -> int:
    """Make the bulkmeldingen of one kind for all gemeenten of a regio; returns how many were made now."""
    with systeem_bereik(regio):
        return sum(g.nieuw for g in make_bulkmelding(regio, BulkSoort(soort), overstapjaar))


@taak("vva_berichten.tasks.bijwerken_regio")
def bijwerken_regio(regio: str) -> int:
    """Report what is due today, then deliver what waited for a connection; returns how many messages went out."""
    with systeem_bereik(regio):
        gemeld = mbo_gangers.meld_openstaande(regio)
    with systeem_bereik(regio):
        return gemeld + lever_geparkeerd(regio)


@taak("vva_berichten.tasks.push_naar")
def push_naar(organisatie: str) -> int:
    """Push what waits for one receiver; safe to run twice. When its turn is over the next task goes on."""
    aantal, meer = push.push(uuid.UUID(organisatie))
    if meer:
        push_naar.delay(organisatie)
    return aantal


@taak("vva_berichten.tasks.push_wat_wacht")
def push_wat_wacht() -> int:
    """Every endpoint with something to send now: after a wait, or whose task was lost."""
    with bereik(Regio.objects.values_list("code", flat=True)):
        ids = push_stand.aan_de_beurt()
    for pk in ids:
        push_naar.delay(str(pk))
    return len(ids)


@taak("vva_berichten.tasks.push_proef")
def push_proef(organisatie: str) -> str:
    """Try an endpoint with a body without a message."""
    return push.proef(uuid.UUID(organisatie))


def push_wacht(regio: str, inhouden: list[dict[str, Any]]) -> None:
    """Something came in a postbus with an endpoint: hand it to a worker. Fails, and comes again, while there is no broker."""
    for pk in sorted({inhoud["organisatie"] for inhoud in inhouden}):
        push_naar.delay(pk)


def proef_wacht(regio: str, inhouden: list[dict[str, Any]]) -> None:
    """Somebody wants to try an endpoint."""
    for pk in sorted({inhoud["organisatie"] for inhoud in inhouden}):
        push_proef.delay(pk)
