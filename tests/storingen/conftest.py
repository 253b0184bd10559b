"""A cluster and a broker of this folder's own: they are stopped, killed and emptied, and nobody else may be in them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
from psycopg import sql
from pytest_django import DjangoDbBlocker

from overstap.basis import rollen
from overstap.basis.embedded import geheimen
from overstap.basis.embedded.diensten import gebruik
from overstap.basis.embedded.paden import maak_map
from overstap.basis.embedded.postgres import Postgres, binaries
from overstap.basis.embedded.valkey import Valkey
from tests.databank import Databank, testmap
from tests.ketens.huis import huis
from tests.storingen.stad import Stad, bouw


class EigenBank(Databank):
    """A Databank whose template is a copy of the one that the other tests already migrated."""

    def __init__(self, omgeving: dict[str, str], bron: Databank) -> None:
        super().__init__(omgeving, "storing")
        self.bron = bron

    def _zorg_sjabloon(self) -> None:
        with self.beheer() as verbinding:
            if verbinding.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.sjabloon]).fetchone():
                return
            self._ruim_op(verbinding)
            half = "sjabloon_half"
            verbinding.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(half)))
            rollen.maak_database(verbinding, half)
            self._kopieer(half)
            verbinding.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(half), sql.Identifier(self.sjabloon))
            )

    def _kopieer(self, naar: str) -> None:
        def url(omgeving: dict[str, str], naam: str) -> str:
            return f"{omgeving['DATABASE_URL_SUPERUSER'].rpartition('/')[0]}/{naam}"

        uit = subprocess.run(
            [binaries() / "pg_dump", url(self.bron.omgeving, self.bron.sjabloon)], capture_output=True, check=True
        )
        subprocess.run(
            [binaries() / "psql", "-q", "-v", "ON_ERROR_STOP=1", url(self.omgeving, naar)],
            input=uit.stdout,
            capture_output=True,
            check=True,
        )

    def vernieuw(self) -> None:
        super().vernieuw()
        # The test cluster is fast, not safe; here what was committed must be there after a crash, as in production.
        with self.beheer() as verbinding:
            verbinding.execute(
                sql.SQL("ALTER DATABASE {} SET synchronous_commit = on").format(sql.Identifier(self.naam))
            )


@pytest.fixture
def stad(
    bank: Databank, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stad]:
    """A country in a house: reference data, schools, mbo's and their systems, leerlingen that are known."""
    data = maak_map(testmap() / "storingen")
    with django_db_blocker.unblock(), gebruik(data, snel=True) as omgeving:
        geheim = geheimen.lees(data)
        postgres = Postgres(data / "postgres", geheim["postgres"], snel=True)
        valkey = Valkey(data / "valkey", geheim["valkey"])
        assert postgres.draait()
        assert valkey.draait()
        eigen = EigenBank(omgeving, bank)
        try:
            eigen.maak()
            with huis(eigen, tmp_path_factory.mktemp("huis")) as dit:
                yield bouw(dit, eigen, postgres, valkey)
        finally:
            # A test that failed with a service away leaves it running for the next one.
            postgres.zorg_dat_draait()
            valkey.zorg_dat_draait()
            eigen.weg()
            bank.vernieuw()
