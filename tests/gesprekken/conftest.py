"""A mail server inside the test, the outbox handled here and now, and events in words."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from overstap.basis import klok
from overstap.basis.outbox.models import OutboxRegel
from overstap.basis.outbox.relay import handel_af
from overstap.gesprekken import events as gesprekken_events
from overstap.gesprekken.models import Mail
from overstap.gesprekken.post.actions import MAIL_WACHT
from overstap.gesprekken.tasks import verstuur_mails
from overstap.subscriptions import ABONNEMENTEN
from statuses import events
from tests.wereld import Wereld

# The events that lead to mail.
GEVOLGD = (
    events.STATUS_GEWIJZIGD,
    events.DRIE_VRAGEN_BEANTWOORD,
    gesprekken_events.BERICHT_GESCHREVEN,
    gesprekken_events.GESPREK_DOORGEGEVEN,
)


class Postkantoor:
    """What the mail server does: keep what it takes, refuse the addresses in ``weigert`` with their code."""

    def __init__(self) -> None:
        self.ontvangen: list[EmailMessage] = []
        self.weigert: dict[str, str] = {}
        self.bij_tekst: list[str] = []  # answers to DATA, one per mail; then it takes all

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        if address in self.weigert:
            return self.weigert[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.bij_tekst:
            return self.bij_tekst.pop(0)
        assert isinstance(envelope.content, bytes)
        bericht = message_from_bytes(envelope.content, policy=policy.default)
        self.ontvangen.append(bericht)  # type: ignore[arg-type]
        return "250 OK"

    @property
    def aan(self) -> list[str]:
        return sorted(str(b["To"]) for b in self.ontvangen)

    def tekst(self, nummer: int = 0) -> str:
        return str(self.ontvangen[nummer].get_content())


@pytest.fixture
def postkantoor(settings: Any) -> Iterator[Postkantoor]:
    kantoor = Postkantoor()
    with socket.create_server(("127.0.0.1", 0)) as vrij:
        poort = vrij.getsockname()[1]
    server = Controller(kantoor, hostname="127.0.0.1", port=poort)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = poort
    settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER, settings.EMAIL_TIMEOUT = False, "", 5
    yield kantoor
    server.stop()


@pytest.fixture
def verstuur(wereld: Wereld) -> Any:
    """Do what the worker does with the mails that wait now; how many went."""

    def nu(regio: str = "21") -> int:
        with wereld.bereik(regio):
            ids = [str(pk) for pk in Mail.objects.filter(stand="wacht").values_list("pk", flat=True)]
        return int(str(verstuur_mails(regio, ids)))

    return nu


@pytest.fixture
def gebeur(wereld: Wereld) -> Any:
    """Do what the relay does with the events since now; the mails that come of it stay waiting."""
    with wereld.bereik():
        OutboxRegel.objects.update(afgehandeld_op=klok.wandklok())

    def nu(regio: str = "21") -> None:
        with wereld.bereik(regio):
            regels = OutboxRegel.objects.filter(afgehandeld_op__isnull=True).exclude(soort=MAIL_WACHT)
            ids = list(regels.values_list("pk", flat=True))
            handel_af(regio, ids, {soort: ABONNEMENTEN[soort] for soort in GEVOLGD})
            assert not regels.filter(pk__in=ids, soort__in=list(GEVOLGD)).exists(), "an event was not handled"

    return nu


HUISHOUDING = ("SAVEPOINT", "RELEASE", "SELECT set_config")


def tel_queries(doe: Callable[[], object]) -> int:
    """How many queries this takes, without those that keep the transaction."""
    with CaptureQueriesContext(connection) as gevangen:
        doe()
    return len([q for q in gevangen.captured_queries if not q["sql"].startswith(HUISHOUDING)])
