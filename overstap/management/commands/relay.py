"""The outbox relay: hands what is due to the worker, all regio's in turn. Runs until it is told to stop."""

from __future__ import annotations

import signal
import threading
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, close_old_connections
from kombu.exceptions import OperationalError as BrokerWeg

from accounts.models import Regio
from accounts.scope import landelijk
from overstap.basis.outbox.relay import PER_KEER, claim, handel_af
from overstap.basis.rls import bereik
from overstap.subscriptions import ABONNEMENTEN
from overstap.taken import handel_outbox_af

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Geef door wat in de outbox klaarstaat; blijft lopen tot hij wordt gestopt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--eenmaal", action="store_true", help="handel af wat er nu staat, zonder worker, en stop")
        parser.add_argument("--wacht", type=float, default=0.5, help="seconden tussen twee keer kijken")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["eenmaal"]:
            self.stdout.write(f"{leeg_outbox()} regels afgehandeld")
            return
        stop = threading.Event()
        for signaal in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signaal, lambda *_: stop.set())
        gemeld = False
        while not stop.is_set():
            try:
                if not gemeld:
                    with landelijk("relay gestart"):
                        gemeld = True
                aantal = geef_door()
            except (OperationalError, BrokerWeg) as fout:
                # The database or the broker is away: what is claimed comes again when its lease is over.
                log.warning("relay.wacht", fout=type(fout).__name__)
                close_old_connections()
                aantal = 0
            if aantal < PER_KEER:
                stop.wait(options["wacht"])


def _regios() -> list[str]:
    return list(Regio.objects.values_list("code", flat=True))


def geef_door() -> int:
    """Claim once and hand over to the worker; returns how many rows."""
    with bereik(_regios()):
        per_regio = claim()
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
