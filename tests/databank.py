"""The databases of a test run: one cluster, one migrated template per version of the migrations, one clone per process.

The owner makes and migrates (`eigenaar`); tests log in as `overstap_app` (`default`), so row level security holds in every test.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from overstap.basis import rollen
from overstap.basis.embedded import geheimen
from overstap.basis.embedded.diensten import gebruik
from overstap.basis.embedded.paden import PROJECT, datamap, slot

EIGEN_MAPPEN = ("overstap", "accounts", "statuses", "vva_berichten", "rapportages")


def testmap() -> Path:
    """The data folder of the test cluster, beside that of the demo."""
    return datamap() / "test"


def _vingerafdruk() -> str:
    """Changes when a migration, what a migration leans on, or a library does."""
    som = hashlib.sha256()
    bestanden = [PROJECT / "requirements.lock", Path(rollen.__file__)]
    for map_ in EIGEN_MAPPEN:
        bestanden += sorted((PROJECT / map_).rglob("migrations/*.py"))
    bestanden += sorted((PROJECT / "overstap" / "basis").glob("rls*.py"))
    for bestand in bestanden:
        som.update(str(bestand.relative_to(PROJECT)).encode() + b"\0" + bestand.read_bytes())
    # Settings decide which apps are there.
    som.update(repr(settings.INSTALLED_APPS).encode())
    return som.hexdigest()[:12]


def _wijs(omgeving: dict[str, str], database: str) -> None:
    """Point both aliases at the database; the dictionaries are shared with the connections of every thread."""
    from overstap.basis.omgeving import database as lees

    for alias, variabele in (("default", "DATABASE_URL"), ("eigenaar", "DATABASE_URL_EIGENAAR")):
        gelezen = lees(variabele, omgeving[variabele])
        connections[alias].close()
        connections.settings[alias].update({naam: gelezen[naam] for naam in ("HOST", "PORT", "USER", "PASSWORD")})
        connections.settings[alias]["NAME"] = database
        connections[alias].settings_dict.update(connections.settings[alias])


class Databank:
    """This process's own test database; `vernieuw` throws it away and clones it again."""

    def __init__(self, omgeving: dict[str, str], wie: str) -> None:
        self.omgeving = omgeving
        self.naam = f"test_{wie}_{os.getpid()}"
        self.sjabloon = f"sjabloon_{_vingerafdruk()}"

    def url(self, rol: str = "DATABASE_URL") -> str:
        """The URL of this test database for a role's variable, for a test that starts its own processes."""
        basis, _streep, _naam = self.omgeving[rol].rpartition("/")
        return f"{basis}/{self.naam}"

    def wachtwoord(self, rol: str) -> str:
        """The password that this cluster gave a role."""
        return geheimen.lees(testmap())[rol]

    def beheer(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        basis, _streep, _naam = self.omgeving["DATABASE_URL_SUPERUSER"].rpartition("/")
        return psycopg.connect(f"{basis}/{database}", autocommit=True)

    def maak(self) -> None:
        with slot(testmap() / "sjabloon.lock"):
            self._zorg_sjabloon()
        self.vernieuw()

    def _zorg_sjabloon(self) -> None:
        with self.beheer() as verbinding:
            if verbinding.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.sjabloon]).fetchone():
                return
            self._ruim_op(verbinding)
            # Under another name until it is whole: a migration that fails leaves no template.
            half = "sjabloon_half"
            verbinding.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(half)))
            rollen.maak_database(verbinding, half)
            with self.beheer(half) as daarin:
                rollen.geef_rechten(daarin)
            _wijs(self.omgeving, half)
            call_command("migrate", database="eigenaar", verbosity=0, interactive=False)
            for alias in ("default", "eigenaar"):
                connections[alias].close()
            verbinding.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(half), sql.Identifier(self.sjabloon))
            )

    def _ruim_op(self, verbinding: psycopg.Connection[tuple[object, ...]]) -> None:
        """Old templates, and databases whose process is gone."""
        for (naam,) in verbinding.execute("SELECT datname FROM pg_database").fetchall():
            if str(naam).startswith("sjabloon_") or (
                str(naam).startswith("test_") and not Path(f"/proc/{str(naam).rpartition('_')[2]}").exists()
            ):
                verbinding.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(str(naam))))

    def vernieuw(self) -> None:
        """A fresh clone of the template; whoever is connected to the old one loses it."""
        for alias in ("default", "eigenaar"):
            connections[alias].close()
        with self.beheer() as verbinding:
            verbinding.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.naam)))
            rollen.maak_database(verbinding, self.naam, sjabloon=self.sjabloon)
        _wijs(self.omgeving, self.naam)

    def veeg(self) -> None:
        """Take away what rolled back transactions left: nobody reads those rows, but every scan walks through their pages."""
        with self.beheer(self.naam) as verbinding:
            verbinding.execute("VACUUM")

    def weg(self) -> None:
        for alias in ("default", "eigenaar"):
            connections[alias].close()
        with self.beheer() as verbinding:
            verbinding.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.naam)))


@contextmanager
def databank(wie: str) -> Iterator[Databank]:
    """The services up and a migrated database of this process's own, for the length of the block."""
    with gebruik(testmap(), snel=True) as omgeving:
        bank = Databank(omgeving, wie)
        bank.maak()
        try:
            yield bank
        finally:
            bank.weg()
