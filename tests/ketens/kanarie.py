"""Where a person could leak to: each place by name, how to read all of it, and how to put a word in it to prove that it is read."""

from __future__ import annotations

import base64
import binascii
import json
import re
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import redis

from overstap.basis.embedded.paden import PROJECT
from tests.databank import Databank, testmap
from tests.ketens.huis import Huis

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
# table -> the column that the proof writes to
_TABELLEN = {
    "outbox_outboxregel": "inhoud",
    "accounts_logregel": "details",
    "gesprekken_mail": "inhoud",
    "rapportages_export": "parameters",
    "django_session": "session_data",
    "vva_berichten_eindpunt": "url",
}


@dataclass
class Afvoer:
    """One place. ``leg`` puts a word there, by the way that everything else takes."""

    naam: str
    lees: Callable[[], str]
    leg: Callable[[str], None]


@dataclass
class Gezegd:
    """What the house answered to those who did something wrong, and every address that was asked for or pointed at."""

    fouten: list[str] = field(default_factory=list)
    adressen: list[str] = field(default_factory=list)


def leesbaar(tekst: str) -> str:
    """The text, and beside it whatever in it is base64 (Celery's bodies, signed sessions), unpacked when it was packed."""
    uit = [tekst]
    for stuk in set(_BASE64.findall(tekst)):
        gevuld = stuk + "=" * (-len(stuk) % 4)
        try:
            ruw = base64.urlsafe_b64decode(gevuld.replace("+", "-").replace("/", "_"))
        except (binascii.Error, ValueError):
            continue
        with suppress(zlib.error):
            ruw = zlib.decompress(ruw)
        uit.append(ruw.decode("utf-8", "replace"))
    return "\n".join(uit)


def zoek(woorden: Iterable[str], tekst: str) -> list[str]:
    """Which of these words stand in it, in any case."""
    klein = leesbaar(tekst).casefold()
    return sorted({woord for woord in woorden if woord.casefold() in klein})


class Luisteraar:
    """Hears every command that is given to Valkey: task bodies, queue keys, cache keys and their values."""

    def __init__(self, url: str) -> None:
        self.url, self.gehoord = url, list[str]()
        self._lijn = redis.Redis.from_url(url, socket_timeout=None)
        self._stop = threading.Event()
        self._klaar = threading.Event()
        self._draad = threading.Thread(target=self._luister, daemon=True)

    def _luister(self) -> None:
        with self._lijn.monitor() as monitor:
            self._klaar.set()
            for bevel in monitor.listen():
                self.gehoord.append(str(bevel["command"]))
                if self._stop.is_set():
                    return

    @contextmanager
    def aan(self) -> Iterator[Luisteraar]:
        self._draad.start()
        assert self._klaar.wait(20)
        try:
            yield self
        finally:
            self._stop.set()
            redis.Redis.from_url(self.url).ping()  # one more to hear, so that it sees the stop
            self._draad.join(timeout=20)

    def tot_nu(self) -> str:
        """All so far, with the sign that what was given before this call was heard."""
        merk = f"merk-{time.monotonic_ns()}"
        redis.Redis.from_url(self.url).exists(merk)
        einde = time.monotonic() + 20
        while not any(merk in bevel for bevel in self.gehoord[-200:]):
            assert time.monotonic() < einde, "de luisteraar hoort niets"
            time.sleep(0.05)
        return "\n".join(self.gehoord)


class Afvoeren:
    """All places of one house."""

    def __init__(self, huis: Huis, bank: Databank, luisteraar: Luisteraar, gezegd: Gezegd) -> None:
        self.huis, self.bank, self.luisteraar, self.gezegd = huis, bank, luisteraar, gezegd
        self.pglog = testmap() / "postgres" / "log"
        self.pgbegin = self.pglog.stat().st_size
        self.valkeylog = testmap() / "valkey" / "log"
        self.valkeybegin = self.valkeylog.stat().st_size

    def alle(self) -> list[Afvoer]:
        return [
            Afvoer("logs van web, worker, relay, beat en commando's", self.huis.logs, self._in_het_log),
            Afvoer("log van PostgreSQL", lambda: self._vanaf(self.pglog, self.pgbegin), self._in_pglog),
            Afvoer("log van Valkey", lambda: self._vanaf(self.valkeylog, self.valkeybegin), self._in_valkeylog),
            Afvoer("taken, wachtrijen en cache", self.luisteraar.tot_nu, self._als_taak),
            Afvoer("mails", self._mails, self._als_mail),
            Afvoer("gezondheid", lambda: "\n".join(self._gezondheid()), lambda w: None),
            Afvoer("antwoorden op fouten", lambda: "\n".join(self.gezegd.fouten), self.gezegd.fouten.append),
            Afvoer("adressen", lambda: "\n".join(self.gezegd.adressen), self.gezegd.adressen.append),
            *(Afvoer(naam, lambda n=naam: self._tabel(n), lambda w, n=naam: self._in_tabel(n, w)) for naam in _TABELLEN),
        ]  # fmt: skip

    @staticmethod
    def _vanaf(pad: Path, begin: int) -> str:
        return pad.read_bytes()[begin:].decode("utf-8", "replace")

    def _in_het_log(self, woord: str) -> None:
        """As any line of the house: through structlog, by a process of its own."""
        opdracht = f"import structlog; structlog.get_logger('kanarie').error('kanarie.proef', waarde={woord!r})"
        with (self.huis.map / "commando.log").open("ab") as uit:
            subprocess.run(
                [sys.executable, "-c", f"import django; django.setup(); {opdracht}"],
                env=self.huis.omgeving, cwd=PROJECT, stdout=uit, stderr=uit, check=True,
            )  # fmt: skip

    def _in_pglog(self, woord: str) -> None:
        with self.bank.beheer() as verbinding:
            verbinding.execute(f"DO $$ BEGIN RAISE LOG '{woord}'; END $$")  # type: ignore[arg-type]

    def _in_valkeylog(self, woord: str) -> None:
        with self.valkeylog.open("a") as log:
            log.write(f"{woord}\n")

    def _als_taak(self, woord: str) -> None:
        opdracht = f"from overstap.celery import app; app.send_task('kanarie.proef', args=[{woord!r}], queue='kanarie')"
        subprocess.run(
            [sys.executable, "-c", f"import django; django.setup(); {opdracht}"],
            env=self.huis.omgeving, cwd=PROJECT, check=True,
        )  # fmt: skip

    def _mails(self) -> str:
        return "\n".join(pad.read_text() for pad in sorted((self.huis.map / "mail").glob("*")))

    def _als_mail(self, woord: str) -> None:
        opdracht = f"from django.core.mail import send_mail; send_mail('kanarie', {woord!r}, None, ['a@b.example'])"
        subprocess.run(
            [sys.executable, "-c", f"import django; django.setup(); {opdracht}"],
            env=self.huis.omgeving, cwd=PROJECT, check=True,
        )  # fmt: skip

    def _gezondheid(self) -> list[str]:
        import requests

        return [
            requests.get(f"{self.huis.adres}{pad}", timeout=20).text for pad in ("/gezondheid", "/gezondheid/gereed")
        ]

    def _tabel(self, naam: str) -> str:
        with self.bank.beheer(self.bank.naam) as verbinding:
            return "\n".join(json.dumps(rij, default=str) for rij in _rijen(verbinding, naam))

    def _in_tabel(self, naam: str, woord: str) -> None:
        """In the column that could hold it; a session as Django packs it."""
        kolom = _TABELLEN[naam]
        waarde: Any = woord
        if naam == "django_session":
            waarde = (
                "." + base64.urlsafe_b64encode(zlib.compress(json.dumps({"x": woord * 9}).encode())).decode() + ":1:z"
            )
        elif kolom != "url":
            waarde = json.dumps({"x": woord})
        with self.bank.beheer(self.bank.naam) as verbinding:
            gezet = verbinding.execute(f"UPDATE {naam} SET {kolom} = %s", [waarde])  # type: ignore[arg-type]
            assert gezet.rowcount, f"{naam} is leeg: daar valt niets te bewijzen"


def _rijen(verbinding: psycopg.Connection[Any], naam: str) -> list[Any]:
    return [rij[0] for rij in verbinding.execute(f"SELECT to_jsonb(t) FROM {naam} t")]  # type: ignore[arg-type]
