"""Jobs of gesprekken: send mail, take up what was left, the mail of the day, the nieuwsbrief. Arguments are codes and ids."""

from __future__ import annotations

import uuid
from typing import Any

from accounts.models import Regio
from accounts.scope import systeem_bereik
from overstap.basis.taken import taak
from overstap.gesprekken.post import nieuwsbrief
from overstap.gesprekken.post.actions import PER_TAAK, delete_old, mail_daily
from overstap.gesprekken.post.verzenden import te_versturen, verstuur


@taak("overstap.gesprekken.tasks.verstuur_mails")
def verstuur_mails(regio: str, ids: list[str]) -> int:
    """Send these mails; safe to run twice."""
    return verstuur(regio, [uuid.UUID(pk) for pk in ids])


def mail_wacht(regio: str, inhouden: list[dict[str, Any]]) -> None:
    """Mails were written: hand them to a worker. Fails, and comes again, while there is no broker."""
    for inhoud in inhouden:
        verstuur_mails.delay(regio, inhoud["mails"])


def _regios() -> list[str]:
    return list(Regio.objects.order_by("code").values_list("code", flat=True))


@taak("overstap.gesprekken.tasks.hervat_mails")
def hervat_mails() -> int:
    """Hand out again what is due: a mail that must be tried again, or whose task was lost."""
    aantal = 0
    for regio in _regios():
        with systeem_bereik(regio):
            ids = [str(pk) for pk in te_versturen(regio)]
        for begin in range(0, len(ids), PER_TAAK):
            verstuur_mails.delay(regio, ids[begin : begin + PER_TAAK])
        aantal += len(ids)
    return aantal


def _per_regio(doe: Any) -> int:
    aantal = 0
    for regio in _regios():
        with systeem_bereik(regio):
            aantal += doe(regio)
    return aantal


@taak("overstap.gesprekken.tasks.mail_van_de_dag")
def mail_van_de_dag() -> int:
    """What people want to hear once a day; who had today's mail gets the rest tomorrow."""
    return _per_regio(mail_daily)


@taak("overstap.gesprekken.tasks.stuur_nieuwsbrief")
def stuur_nieuwsbrief() -> int:
    """The nieuwsbrief that is due and was not made yet: at each new phase and each month."""
    return _per_regio(nieuwsbrief.maak)


@taak("overstap.gesprekken.tasks.ruim_post_op")
def ruim_post_op() -> int:
    """Old mails and old news."""
    return _per_regio(delete_old)
