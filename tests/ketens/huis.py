"""The real house for a test: gunicorn, Celery worker and relay as processes of their own, on a database of their own.

``Huis.op(dag)`` (re)starts them on another day. Everything is stopped when the fixture ends; output goes to files that a
failing test shows.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from celery import Celery

from overstap.basis.embedded.paden import PROJECT
from tests.databank import Databank

WACHT = 60.0  # seconds; a loaded machine is slow, a working one answers at once


def vrije_poort() -> int:
    with socket.socket() as plek:
        plek.bind(("127.0.0.1", 0))
        poort: int = plek.getsockname()[1]
        return poort


def wacht_tot(waar: Callable[[], object], wat: str, seconden: float = WACHT) -> None:
    """Poll until it holds; fails with what was waited for."""
    einde = time.monotonic() + seconden
    while not waar():
        if time.monotonic() > einde:
            raise AssertionError(f"na {seconden:.0f} s nog niet: {wat}")
        time.sleep(0.1)


class Huis:
    """The processes of one test."""

    def __init__(self, bank: Databank, map_: Path) -> None:
        self.map, self.poort = map_, vrije_poort()
        self.adres = f"http://127.0.0.1:{self.poort}"
        self.processen: dict[str, subprocess.Popen[bytes]] = {}
        # Another command line for a kind of process.
        self.anders: dict[str, str] = {}
        self.omgeving = {
            **os.environ,
            **bank.omgeving,
            **{rol: bank.url(rol) for rol in ("DATABASE_URL", "DATABASE_URL_EIGENAAR", "DATABASE_URL_TAKEN")},
            "DJANGO_SETTINGS_MODULE": "overstap.settings",
            "OVERSTAP_DEMO": "1",
            "OVERSTAP_DATA": str(map_),
            "OVERSTAP_STATIC": str(map_ / "static"),
            "OVERSTAP_BASIS_URL": self.adres,
            "OVERSTAP_LOGNIVEAU": "INFO",
            "PYTHONUNBUFFERED": "1",
        }
        # A broker database of its own: what another test left in the queue is not ours.
        self.omgeving["REDIS_URL"] = self.omgeving["REDIS_URL"].rpartition("/")[0] + "/7"
        self.beheer("collectstatic", "--no-input", "--verbosity", "0")

    def beheer(self, *argumenten: str, rol: str = "taken", dag: date | None = None) -> str:
        """A manage.py command on this database; fails with its output."""
        extra = {"OVERSTAP_DBROL": rol} | ({"OVERSTAP_VANDAAG": dag.isoformat()} if dag else {})
        klaar = subprocess.run(
            [sys.executable, "manage.py", *argumenten],
            env=self.omgeving | extra,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert klaar.returncode == 0, f"manage.py {argumenten[0]}: {klaar.stdout}\n{klaar.stderr}"
        return klaar.stdout

    def stuur_taak(self, naam: str) -> None:
        """Put a task on the broker as beat does at its hour."""
        app = Celery("huis", broker=self.omgeving["REDIS_URL"], set_as_current=False)
        app.conf.task_default_queue = "overstap"
        app.send_task(naam, ignore_result=True)
        app.close()

    def start(self, naam: str, dag: date | None = None) -> None:
        """Start a process; a second one of a kind has a digit behind its name (``relay2``)."""
        assert naam not in self.processen, f"{naam} draait al"
        soort = naam.rstrip("0123456789")
        opdrachten = {
            "web": f"-m gunicorn overstap.wsgi:application --bind 127.0.0.1:{self.poort} --worker-class gthread --threads 4 --no-control-socket",
            "worker": "-m celery --quiet --app overstap worker --concurrency 1 --loglevel INFO --without-gossip --without-mingle --without-heartbeat",
            "relay": "manage.py relay --wacht 0.1",
            "beat": f"-m celery --quiet --app overstap beat --loglevel INFO --schedule {self.map / naam}.rooster",
        } | self.anders
        extra = {"OVERSTAP_VANDAAG": dag.isoformat()} if dag else {}
        if soort == "relay":
            extra["OVERSTAP_DBROL"] = "taken"
        with (self.map / f"{naam}.log").open("ab") as uit:
            self.processen[naam] = subprocess.Popen(
                [sys.executable, *opdrachten[soort].split()],
                env=self.omgeving | extra,
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=uit,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def stop(self, naam: str, teken: int = signal.SIGTERM) -> None:
        """Stop a process and its children; SIGKILL is the way of the storingen."""
        proces = self.processen.pop(naam, None)
        if proces is None:
            return
        if teken == signal.SIGKILL:
            os.killpg(proces.pid, signal.SIGKILL)
        elif proces.poll() is None:
            proces.send_signal(teken)
        try:
            proces.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(proces.pid, signal.SIGKILL)
            proces.wait(timeout=5)

    @property
    def staat(self) -> bool:
        return bool(self.processen)

    def stop_alles(self) -> None:
        for naam in list(self.processen):
            self.stop(naam)

    def op(self, dag: date, *ook: str) -> None:
        """The whole house on this day; ``ook``: "beat" for a test that waits for its hours."""
        self.stop_alles()
        for naam in ("web", "worker", "relay", *ook):
            self.start(naam, dag)
        wacht_tot(self._leeft, "de site antwoordt")

    def _leeft(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.adres}/gezondheid", timeout=2) as antwoord:
                return bool(antwoord.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def logs(self) -> str:
        """All output so far: shown on failure, and searched for what may not be in it."""
        return "\n".join(pad.read_text(errors="replace") for pad in sorted(self.map.glob("*.log")))


_staan: list[Huis] = []


@contextmanager
def huis(bank: Databank, map_: Path) -> Iterator[Huis]:
    """One house. Another one that still stands is stopped: they would share the database and the queue."""
    for ander in _staan:
        ander.stop_alles()
    bank.vernieuw()
    dit = Huis(bank, map_)
    _staan.append(dit)
    try:
        yield dit
    except AssertionError:
        print(dit.logs()[-8000:])
        raise
    finally:
        _staan.remove(dit)
        dit.stop_alles()
        bank.vernieuw()
