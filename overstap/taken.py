"""The Celery tasks of the house itself: arguments are codes and ids only."""

from __future__ import annotations

from accounts.actions import delete_expired_tokens
from accounts.models import Regio
from accounts.scope import systeem_bereik
from overstap.basis.outbox.relay import handel_af
from overstap.basis.taken import taak
from overstap.beheer import jaarwissel
from overstap.subscriptions import ABONNEMENTEN


@taak("overstap.outbox.handel_af")
def handel_outbox_af(regio: str, ids: list[int]) -> int:
    """Handle claimed outbox rows of one regio; safe to run twice."""
    with systeem_bereik(regio):
        return handel_af(regio, ids, ABONNEMENTEN)


@taak("overstap.jaar.dagelijks")
def jaar_dagelijks() -> int:
    """A task per regio for the new overstapjaar and for what has to go; how many."""
    codes = list(Regio.objects.order_by("code").values_list("code", flat=True))
    for code in codes:
        jaar_regio.delay(code)
    return len(codes)


@taak("overstap.jaar.regio")
def jaar_regio(regio: str) -> None:
    """Make the new jaar ready when it began, and erase what has to go, in one regio."""
    with systeem_bereik(regio) as actor:
        jaarwissel.dagelijks(regio, actor=actor)


@taak("overstap.tokens.ruim_op")
def ruim_tokens_op() -> int:
    """Tokens that ran out."""
    return delete_expired_tokens()
