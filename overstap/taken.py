"""The Celery tasks of the house itself: arguments are codes and ids only."""

from __future__ import annotations

from accounts.actions import delete_expired_tokens
from accounts.scope import systeem_bereik
from overstap.basis.outbox.relay import handel_af
from overstap.basis.taken import taak
from overstap.subscriptions import ABONNEMENTEN


@taak("overstap.outbox.handel_af")
def handel_outbox_af(regio: str, ids: list[int]) -> int:
    """Handle claimed outbox rows of one regio; safe to run twice."""
    with systeem_bereik(regio):
        return handel_af(regio, ids, ABONNEMENTEN)


@taak("overstap.tokens.ruim_op")
def ruim_tokens_op() -> int:
    """Tokens that ran out."""
    return delete_expired_tokens()
