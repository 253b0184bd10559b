"""`make start`: everything on one machine. Services, database, reference data, a demo regio, then web, worker, beat and relay.

What costs time (migrations, reference data, static files) is skipped when nothing of it changed since the last start that went
well, so that the second start takes seconds. Knows commands by name only: this is plumbing.
"""

import fcntl
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from honcho.printer import Printer

from overstap.basis.embedded.diensten import gebruik, herstel
from overstap.basis.embedded.opdracht import eigen_database
from overstap.basis.embedded.paden import PROJECT, datamap, lees_json, maak_map, schrijf_json
from overstap.basis.embedded.postgres import DienstFout
from overstap.basis.embedded.processen import MERK, Beheerder, doe_weg

WACHT = 90  # seconds for web and worker to answer
KLAAR = "klaar.json"
DEMO = "demo.json"


def zeg(tekst: str) -> None:
    """A line for the person at the terminal."""
    print(tekst, flush=True)


class Starter:
    """One run of `make start`; `omgeving` is what every process gets."""

    def __init__(self) -> None:
        self.data = maak_map(datamap())
        self.poort = self._getal("PORT", 8000)
        self.host = os.environ.get("HOST_ADRES") or os.environ.get("HOST") or "127.0.0.1"
        self.adres = f"http://{'127.0.0.1' if self.host in {'0.0.0.0', '::'} else self.host}:{self.poort}"  # noqa: S104
        self.omgeving = dict(os.environ)

    @staticmethod
    def _getal(naam: str, standaard: int) -> int:
        ruw = os.environ.get(naam, "").strip() or str(standaard)
        if not ruw.isdigit() or not 0 < int(ruw) < 65536:
            raise DienstFout(
                f"{naam}={ruw!r} is geen poortnummer. Gebruik een getal van 1 tot 65535, bijvoorbeeld PORT=8001."
            )
        return int(ruw)

    @contextmanager
    def alleen(self) -> Iterator[None]:
        """One `make start` per data folder; what a killed one left behind is cleared away first."""
        with open(os.open(self.data / "starter.lock", os.O_RDWR | os.O_CREAT, 0o600)) as bestand:
            try:
                fcntl.flock(bestand, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise DienstFout(f"Er draait al een make start met de gegevens in {self.data}.") from None
            for naam in ("web", "worker", "relay"):
                doe_weg(f"{self.data}:{naam}")
            yield

    def controleer(self) -> None:
        """What must be true before anything starts."""
        if os.environ.get("OVERSTAP_PRODUCTIE", "").lower() in {"1", "ja", "true", "yes", "on"}:
            raise DienstFout(
                "make start is de demo (OVERSTAP_DEMO=1) en gaat niet samen met OVERSTAP_PRODUCTIE=1. "
                "Voor productie is er docker-compose.yml."
            )
        einde = time.monotonic() + 3
        while fout := self._poort_bezet():
            # What a killed starter left was cleared a moment ago; the kernel may still be closing its socket.
            if time.monotonic() > einde:
                raise DienstFout(
                    f"Op {self.host}:{self.poort} kan de site niet luisteren ({fout}). Draait er al iets? "
                    f"Kies een andere poort: make start PORT={self.poort + 1 if self.poort < 65535 else 8000}"
                )
            time.sleep(0.2)

    def _poort_bezet(self) -> str:
        with socket.socket(socket.AF_INET6 if ":" in self.host else socket.AF_INET) as proef:
            proef.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                proef.bind((self.host, self.poort))
            except OSError as fout:
                return fout.strerror or str(fout)
            return ""

    @contextmanager
    def diensten(self) -> Iterator[None]:
        """The databases, ours or those of DATABASE_URL and REDIS_URL, and the environment that leads to them."""
        hosts = {"localhost", "127.0.0.1", "[::1]", "testserver", self.host}
        vast = {
            "DJANGO_SETTINGS_MODULE": "overstap.settings",
            "OVERSTAP_DEMO": "1",
            "OVERSTAP_DATA": str(self.data),
            "OVERSTAP_BASIS_URL": os.environ.get("OVERSTAP_BASIS_URL") or self.adres,
            "OVERSTAP_HOSTS": os.environ.get("OVERSTAP_HOSTS")
            or ("*" if self.host in {"0.0.0.0", "::"} else ",".join(sorted(hosts))),  # noqa: S104
            "OVERSTAP_LOGNIVEAU": os.environ.get("OVERSTAP_LOGNIVEAU") or "WARNING",
            "PYTHONUNBUFFERED": "1",
        }
        if os.environ.get("DATABASE_URL"):
            self.omgeving |= vast | eigen_database()
            if not self.omgeving.get("REDIS_URL"):
                raise DienstFout("Met DATABASE_URL is ook REDIS_URL nodig; dan wordt er niets ingebouwds gestart.")
            yield
            return
        zeg("Overstap: PostgreSQL en Valkey starten ...")
        with gebruik(self.data) as gevonden:
            self.omgeving |= vast | gevonden
            klaar = threading.Event()
            wacht = threading.Thread(target=self._bewaak, args=(klaar,), daemon=True)
            if os.environ.get("OVERSTAP_HERSTEL", "1") != "0":
                wacht.start()
            try:
                yield
            finally:
                klaar.set()
                if wacht.is_alive():
                    wacht.join(timeout=30)

    def _bewaak(self, klaar: threading.Event) -> None:
        """PostgreSQL or Valkey that fell over comes back, as the other processes do (OVERSTAP_HERSTEL=0: not)."""
        while not klaar.wait(1):
            try:
                for naam in herstel(self.data):
                    zeg(f"Overstap: {naam} was weg en is opnieuw gestart.")
            except DienstFout as fout:
                zeg(f"Overstap: {fout}")

    def bereid_voor(self) -> None:
        """Migrations, reference data, static files and a demo, as far as needed."""
        afdruk = vingerafdruk()
        ingebouwd = not os.environ.get("DATABASE_URL")
        if ingebouwd and lees_json(self.data / KLAAR) == {"afdruk": afdruk}:
            return
        zeg("Overstap: database bijwerken ...")
        self.beheer("migrate", "--database", "eigenaar", "--verbosity", "0", "--no-input")
        bestaat = self.opdrachten()
        if "laad_referentie" in bestaat:
            zeg("Overstap: referentiegegevens laden ...")
            self.beheer("laad_referentie", stil=True)
        self.beheer("collectstatic", "--no-input", "--verbosity", "0")
        if "demo" in bestaat and self.leeg():
            zeg("Overstap: demo van regio 21 maken, dat duurt even ...")
            aantal = os.environ.get("OVERSTAP_DEMO_LEERLINGEN", "").strip()
            kleiner = ["--leerlingen", aantal] if aantal else []
            uitvoer = self.beheer("demo", "--regio", "21", "--json", *kleiner, stil=True)
            schrijf_json(self.data / DEMO, json.loads(uitvoer))
        schrijf_json(self.data / KLAAR, {"afdruk": afdruk})

    def beheer(self, *argumenten: str, stil: bool = False) -> str:
        """Run a manage.py command; its standard output when `stil`. A failure stops the start."""
        resultaat = subprocess.run(  # noqa: S603 - our own commands
            [sys.executable, str(PROJECT / "manage.py"), *argumenten],
            env=self.omgeving,
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if stil else None,
            text=True,
            check=False,
        )
        if resultaat.returncode:
            raise DienstFout(
                f"`manage.py {argumenten[0]}` mislukte (code {resultaat.returncode}); de reden staat hierboven."
            )
        return resultaat.stdout or ""

    def opdrachten(self) -> set[str]:
        """The commands that this project has of its own."""
        map_ = PROJECT / "overstap" / "management" / "commands"
        return {pad.stem for pad in map_.glob("*.py")}

    def leeg(self) -> bool:
        """True when there is no account yet: then nobody has worked in this database."""
        vraag = (
            "from django.contrib.auth import get_user_model as g;"
            "print('leeg' if not g()._base_manager.using('eigenaar').exists() else 'gevuld')"
        )
        return self.beheer("shell", "--no-imports", "--command", vraag, stil=True).strip().endswith("leeg")

    def draai(self) -> int:
        """Web, worker with beat and relay, until Ctrl-C, SIGTERM or a process that will not live."""
        beheerder = Beheerder(self._wacht_en_meld, printer=Printer(sys.stdout))
        for naam, opdracht, extra in self.processen():
            beheerder.voeg_toe(naam, opdracht, self.omgeving | extra | {MERK: f"{self.data}:{naam}"}, str(PROJECT))
        beheerder.loop()
        code: int = beheerder.returncode or 0
        return 0 if code in {128 + signal.SIGINT, 128 + signal.SIGTERM} else code

    def processen(self) -> list[tuple[str, list[str], dict[str, str]]]:
        """Name, command, extra environment."""
        python = sys.executable
        draden = "4"
        bind = f"[{self.host}]:{self.poort}" if ":" in self.host else f"{self.host}:{self.poort}"
        web = (
            f"-m gunicorn overstap.wsgi:application --bind {bind} --worker-class gthread --workers 2 --threads {draden}"
        )
        web += " --timeout 60 --graceful-timeout 4 --preload --no-control-socket --log-level warning"
        worker = "-m celery --quiet --app overstap worker --beat --concurrency 2 --loglevel WARNING"
        worker += " --without-gossip --without-mingle --without-heartbeat --schedule"
        # As root Celery warns at length; here that is meant (a container, a CI machine).
        zonder_waarschuwing = ["-W", "ignore:You're running the worker"]
        lijst: list[tuple[str, list[str], dict[str, str]]] = [
            ("web", [python, *web.split()], {"OVERSTAP_POOL": draden}),
            ("worker", [python, *zonder_waarschuwing, *worker.split(), str(self.data / "celerybeat")], {}),
        ]
        if "relay" in self.opdrachten():
            lijst.append(("relay", [python, "manage.py", "relay"], {"OVERSTAP_DBROL": "taken"}))
        return lijst

    def _wacht_en_meld(self, beheerder: Beheerder) -> None:
        threading.Thread(target=self._meld_als_gereed, args=(beheerder,), daemon=True).start()

    def _meld_als_gereed(self, beheerder: Beheerder) -> None:
        einde = time.monotonic() + WACHT
        while not beheerder.stopt.is_set():
            # Asking more before the site answers would take the processor from what is starting.
            stand = _vraag(f"{self.adres}/gezondheid") and _vraag(f"{self.adres}/gezondheid/gereed")
            if stand.get("status") == "ok":
                self._meld()
                return
            if time.monotonic() > einde:
                zeg(
                    f"Overstap: nog niet gereed na {WACHT} seconden: {stand or 'de site antwoordt niet'}. Het wachten gaat door."
                )
                einde = time.monotonic() + WACHT
            time.sleep(0.2)

    def _meld(self) -> None:
        zeg(f"\nOverstap draait: {self.adres}\n")
        demo: dict[str, Any] = lees_json(self.data / DEMO) or {}
        accounts = demo.get("accounts", [])
        if accounts:
            zeg("Inloggen kan op /inloggen met één knop per rol, of met een van deze demo-accounts:")
        rijen = [[str(account.get(veld, "")) for veld in ("rol", "email", "wachtwoord")] for account in accounts]
        breedtes = [max(map(len, kolom)) for kolom in zip(*rijen, strict=True)]
        for rij in rijen:
            zeg("  " + "  ".join(deel.ljust(breedte) for deel, breedte in zip(rij, breedtes, strict=True)).rstrip())
        zeg("\nStoppen: Ctrl-C. De gegevens blijven in " + str(self.data) + "\n")


def _vraag(adres: str) -> dict[str, str]:
    """The answer of a health page, or nothing."""
    try:
        with urllib.request.urlopen(adres, timeout=5) as antwoord:  # noqa: S310 - our own address
            return dict(json.load(antwoord))
    except urllib.error.HTTPError as fout:
        try:
            return dict(json.load(fout))
        except ValueError:
            return {"http": str(fout.code)}
    except (OSError, ValueError):
        return {}


def vingerafdruk() -> str:
    """Changes when the lock, a migration, reference data, a static file or the demo does."""
    som = hashlib.sha256()
    patronen = ["requirements.lock", "*/migrations/*.py", "overstap/**/migrations/*.py", "statuses/referentie/**/*"]
    patronen += ["overstap/**/static/**/*"]
    for pad in (pad for patroon in patronen for pad in sorted(PROJECT.glob(patroon))):
        if pad.is_file() and "__pycache__" not in pad.parts:
            som.update(str(pad.relative_to(PROJECT)).encode() + b"\0" + hashlib.sha256(pad.read_bytes()).digest())
    return som.hexdigest()


def _stop(signum: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + signum)


def main() -> int:
    """Run it all; 0 after Ctrl-C or SIGTERM, else what went wrong."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        starter = Starter()
        with starter.alleen():
            starter.controleer()
            with starter.diensten():
                starter.bereid_voor()
                return starter.draai()
    except DienstFout as fout:
        zeg(f"Overstap start niet. {fout}")
        return 1
    except (KeyboardInterrupt, SystemExit):
        return 0
    finally:
        zeg("Overstap is gestopt.")


if __name__ == "__main__":
    # The path as `-m` found it: the project, from wherever it was called.
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
    sys.exit(main())
