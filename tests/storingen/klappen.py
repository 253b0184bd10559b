"""The faults: who is struck, and that it stands up again as systemd, Kubernetes or a database server would let it."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from random import Random

import psycopg
import redis
import requests

from tests.storingen.stad import Stad

# Each with how often it is chosen. The whole process with its children, or one child of it.
PROCESSEN = {"worker": 3, "kind van worker": 3, "relay": 2, "web": 2, "kind van web": 2}
VERWERKT = "SELECT count(*) FROM outbox_outboxregel WHERE afgehandeld_op IS NOT NULL"
BINNEN = "SELECT count(*) FROM vva_berichten_bericht WHERE richting = 'in'"
GEMAAKT = "SELECT (SELECT count(*) FROM vva_berichten_bulk) + (SELECT count(*) FROM vva_berichten_postbusregel)"


class Storm:
    """Strikes at random moments of the work. ``geteld``: how often each was struck."""

    def __init__(self, stad: Stad, rng: Random, dag: date) -> None:
        self.stad, self.rng, self.dag = stad, rng, dag
        self.geteld: Counter[str] = Counter()
        self.weg: list[float] = []  # seconds until "temporarily away" while there was no database
        self.wakker: Callable[[], None] = lambda: None  # called after each blow

    def klap(self, soort: str, meter: str) -> None:
        """Wait until the work is really going on (or nothing is left of it), then a random moment, then strike."""
        self._wacht_op(meter)
        time.sleep(self.rng.uniform(0, 0.8))
        self._sla(soort)
        self.geteld[soort] += 1
        self.wakker()

    def _wacht_op(self, meter: str) -> None:
        begin, einde = self.stad.getal(meter), time.monotonic() + 30
        while self.stad.getal(meter) == begin and time.monotonic() < einde:
            time.sleep(0.1)

    def _sla(self, soort: str) -> None:
        daden: dict[str, Callable[[], None]] = {
            "database": self._database,
            "broker": self._broker,
            "broker leeg": self._leeg,
        }
        if soort in daden:
            daden[soort]()
        elif soort.startswith("kind van "):
            self._kind(soort.rpartition(" ")[2])
        else:
            naam = self.rng.choice([n for n in self.stad.huis.processen if n.rstrip("0123456789") == soort])
            self.stad.huis.stop(naam, signal.SIGKILL)
            self.stad.huis.start(naam, self.dag)

    def _kind(self, naam: str) -> None:
        """One child: its parent makes another. While it has none yet, it just lost one: nothing to strike."""
        pid = self.stad.huis.processen[naam].pid
        kinderen = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        with suppress(ProcessLookupError):
            for kind in kinderen:
                os.kill(int(kind), signal.SIGKILL)

    def _database(self) -> None:
        self.stad.postgres.stop("immediate")
        einde = time.monotonic() + self.rng.uniform(0.5, 3)
        try:
            while not self.weg or time.monotonic() < einde:
                self._vraag_zonder_database()
        finally:
            self.stad.postgres.zorg_dat_draait()

    def _vraag_zonder_database(self) -> None:
        """A call meanwhile: a clear "temporarily away", and soon."""
        begin = time.monotonic()
        antwoord = requests.post(
            f"{self.stad.huis.adres}/api/v1/vva/aanmeldstatussen",
            json={"berichten": []},
            headers={"Authorization": "Bearer x"},
            timeout=20,
        )
        self.weg.append(time.monotonic() - begin)
        assert antwoord.status_code == 503, antwoord.text
        assert antwoord.headers["Content-Type"] == "application/problem+json"
        assert (antwoord.json()["code"], antwoord.headers["Retry-After"]) == ("T004", "5")
        time.sleep(0.2)

    def _lijn(self) -> redis.Redis:
        return redis.Redis.from_url(self.stad.huis.omgeving["REDIS_URL"])

    def _broker(self) -> None:
        with self._lijn() as lijn:
            pid = int(lijn.info("server")["process_id"])
        os.kill(pid, signal.SIGKILL)
        time.sleep(self.rng.uniform(0.5, 3))
        self.stad.valkey.zorg_dat_draait()

    def _leeg(self) -> None:
        with self._lijn() as lijn:
            lijn.flushall()


def kies(rng: Random, aantal: int) -> list[str]:
    """Which processes are struck, in which order."""
    return rng.choices(list(PROCESSEN), list(PROCESSEN.values()), k=aantal)


def rustig(stad: Stad, seconden: float) -> None:
    """Wait until the outbox is empty; a row that was given up is a fault."""
    einde = time.monotonic() + seconden
    while True:
        with suppress(psycopg.OperationalError):
            open_, geparkeerd = stad.rijen(
                "SELECT count(*) FILTER (WHERE geparkeerd_op IS NULL), count(geparkeerd_op) "
                "FROM outbox_outboxregel WHERE afgehandeld_op IS NULL"
            )[0]
            assert geparkeerd == 0, stad.rijen(
                "SELECT soort, fout FROM outbox_outboxregel WHERE geparkeerd_op IS NOT NULL"
            )
            if open_ == 0:
                return
        assert time.monotonic() < einde, f"na {seconden:.0f} s nog {open_} regels in de outbox"
        time.sleep(0.3)
