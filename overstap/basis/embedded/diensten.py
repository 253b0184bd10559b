"""Start, share and stop the embedded services of one data folder.

`gebruik(data)` is the only entrance: a context manager that gives the environment (URLs and secrets) and holds the services up.
Its shape: {"DATABASE_URL", "DATABASE_URL_EIGENAAR", "DATABASE_URL_TAKEN", "REDIS_URL", "OVERSTAP_SECRET_KEY", ...}.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from overstap.basis import rollen
from overstap.basis.embedded import geheimen
from overstap.basis.embedded.paden import lees_json, maak_map, schrijf_json, slot
from overstap.basis.embedded.postgres import SUPERUSER, Postgres, is_vrij
from overstap.basis.embedded.valkey import Valkey

STAND = "diensten.json"
DATABASE = "overstap"


def lees_stand(data: Path) -> dict[str, str]:
    """The environment of the services that run in `data`, as written at their start; empty when none do."""
    inhoud = lees_json(data / STAND)
    return dict(inhoud["omgeving"]) if inhoud else {}


def _diensten(data: Path, *, snel: bool) -> tuple[Postgres, Valkey]:
    geheim = geheimen.zorg(data)
    return Postgres(data / "postgres", geheim["postgres"], snel=snel), Valkey(data / "valkey", geheim["valkey"])


def _omgeving(data: Path, postgres: Postgres, valkey: Valkey, database: str) -> dict[str, str]:
    geheim = geheimen.lees(data)

    def url(rol: str) -> str:
        return postgres.url(rol, geheim[rol], database)

    return {
        "DATABASE_URL": url(rollen.APP),
        "DATABASE_URL_EIGENAAR": url(rollen.EIGENAAR),
        "DATABASE_URL_TAKEN": url(rollen.TAKEN),
        "DATABASE_URL_SUPERUSER": postgres.url(SUPERUSER, geheim["postgres"], database),
        "REDIS_URL": valkey.url(),
        **{naam: waarde for naam, waarde in geheim.items() if naam.startswith("OVERSTAP_")},
    }


def _start(data: Path, *, snel: bool, database: str) -> dict[str, str]:
    postgres, valkey = _diensten(data, snel=snel)
    postgres.zorg_dat_draait()
    valkey.zorg_dat_draait()
    geheim = geheimen.lees(data)
    with postgres.verbind() as verbinding:
        klaar = verbinding.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if not klaar:
            rollen.maak_rollen(verbinding, {rol: geheim[rol] for rol in rollen.ROLLEN})
            rollen.maak_database(verbinding, database)
    # Every time: cheap, and a start that was broken off between the two is mended.
    with postgres.verbind(database) as verbinding:
        rollen.geef_rechten(verbinding)
    omgeving = _omgeving(data, postgres, valkey, database)
    schrijf_json(data / STAND, {"pid": os.getpid(), "omgeving": omgeving})
    return omgeving


def _stop(data: Path, *, snel: bool) -> None:
    postgres, valkey = _diensten(data, snel=snel)
    valkey.stop()
    postgres.stop()
    (data / STAND).unlink(missing_ok=True)


def herstel(data: Path, *, snel: bool = False) -> list[str]:
    """Start again, on the same port, what fell over while it was in use; the names of what was started."""
    diensten = _diensten(data, snel=snel)
    # Only when nobody listens: a server that is busy or halted for a moment is left alone.
    weg = [dienst for dienst in diensten if dienst.laatste_poort() and is_vrij(dienst.laatste_poort())]
    if not weg:
        return []
    with slot(data / "start.lock"):
        for dienst in weg:
            dienst.zorg_dat_draait()
    return [type(dienst).__name__ for dienst in weg]


@contextmanager
def gebruik(data: Path, *, snel: bool = False, database: str = DATABASE) -> Iterator[dict[str, str]]:
    """Hold the services of `data` up for the length of the block; start them when needed, stop them when we are the last.

    Raises DienstFout with a Dutch sentence when they will not start.
    """
    maak_map(data)
    with open(os.open(data / "gebruik.lock", os.O_RDWR | os.O_CREAT, 0o600)) as houder:
        with slot(data / "start.lock"):
            fcntl.flock(houder, fcntl.LOCK_SH)
            omgeving = _start(data, snel=snel, database=database)
        try:
            yield omgeving
        finally:
            # Starting and stopping exclude each other; a newcomer waits here and then starts them again.
            with slot(data / "start.lock"):
                try:
                    fcntl.flock(houder, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass  # somebody else still uses them
                else:
                    _stop(data, snel=snel)
