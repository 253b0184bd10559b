"""The outbox relay: hands what is due to the worker, all regio's in turn. Runs until it is told to stop."""

from __future__ import annotations

import signal
import threading
import time
from typing import Any

import structlog
from celery import current_app
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from accounts.models import Regio
from accounts.scope import landelijk
from overstap.basis.fouten import TIJDELIJK
from overstap.basis.outbox.relay import LEASE, PER_KEER, claim, handel_af
from overstap.basis.rls import bereik
from overstap.subscriptions import ABONNEMENTEN
from overstap.taken import handel_outbox_af

log = structlog.get_logger(__name__)

VOL = 50  # tasks that wait for a worker; then nothing is claimed, or what comes back would only make the queue longer
EERST, HOOGSTENS = 10.0, 600.0  # seconds between two lines about the same outage: ten, then twice as long each time


class Uitval:
    """The database or the broker is away: said at once, then at growing distances, and once more when it is back."""

    def __init__(self) -> None:
        self.begin: float | None = None
        self._volgende = self._afstand = 0.0

    def meld(self, fout: Exception, nu: float) -> None:
        """It failed at this moment of the monotonic clock."""
        if self.begin is None:
            self.begin, self._afstand = nu, EERST
        elif nu < self._volgende:
            return
        else:
            self._afstand = min(2 * self._afstand, HOOGSTENS)
        self._volgende = nu + self._afstand
        log.warning("relay.wacht", fout=type(fout).__name__, seconden=round(nu - self.begin))

    def voorbij(self, nu: float) -> None:
        """It worked at this moment."""
        if self.begin is not None:
            log.warning("relay.weer_verder", seconden=round(nu - self.begin))
            self.begin = None


class Command(BaseCommand):
    help = "Geef door wat in de outbox klaarstaat; blijft lopen tot hij wordt gestopt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--eenmaal", action="store_true", help="handel af wat er nu staat, zonder worker, en stop")
        parser.add_argument("--wacht", type=float, default=0.5, help="seconden tussen twee keer kijken")
        parser.add_argument("--lease", type=int, default=LEASE, help="na zoveel seconden is een taak zoek geraakt")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["eenmaal"]:
            self.stdout.write(f"{leeg_outbox()} regels afgehandeld")
            return
        stop = threading.Event()
        for signaal in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signaal, lambda *_: stop.set())
        gemeld, uitval = False, Uitval()
        while not stop.is_set():
            try:
                if not gemeld:
                    with landelijk("relay gestart"):
                        gemeld = True
                aantal = geef_door(options["lease"])
                uitval.voorbij(time.monotonic())
            except TIJDELIJK as fout:
                # What is claimed comes again when its lease is over.
                uitval.meld(fout, time.monotonic())
                close_old_connections()
                aantal = 0
            if aantal < PER_KEER:
                stop.wait(options["wacht"])


def _regios() -> list[str]:
    return list(Regio.objects.values_list("code", flat=True))


def _wachtrij() -> int:
    """How many tasks wait for a worker; raises when the broker is away, so that nothing is claimed in vain."""
    with current_app.connection_or_acquire() as lijn:
        return int(lijn.default_channel.queue_declare(queue=current_app.conf.task_default_queue).message_count)


def geef_door(lease: int = LEASE) -> int:
    """Claim once and hand over to the worker; returns how many rows. None while there is more than enough to do."""
    if _wachtrij() >= VOL:
        return 0
    with bereik(_regios()):
        per_regio = claim(lease=lease)
    for regio, ids in per_regio.items():
        handel_outbox_af.delay(regio, ids)
    return sum(len(ids) for ids in per_regio.values())


def leeg_outbox() -> int:
    """Handle all that is due here and now, without broker or worker: for commands and tests."""
    totaal = 0
    while True:
        with bereik(_regios()):
            per_regio = claim()
        if not per_regio:
            return totaal
        for regio, ids in per_regio.items():
            with bereik([regio]):
                totaal += handel_af(regio, ids, ABONNEMENTEN)
