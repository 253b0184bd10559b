"""Row 4: one page in two databases. The small one holds the same school and nothing else; each is measured in its own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import psycopg
from django.db import connections

from accounts.models import Vestiging

KLEIN = "bench_klein"
_OVERSTAP = "SELECT o.id FROM statuses_overstap o WHERE o.vestiging_id = %(v)s"
# In the order in which they refer to each other.
_TABELLEN = {
    "accounts_regio": "true",
    "accounts_subregio": "true",
    "accounts_gemeente": "true",
    "accounts_organisatie": "id IN (SELECT organisatie_id FROM accounts_vestiging WHERE id = %(v)s) OR id IN (SELECT mbo_id FROM statuses_aanmelding "
    f"WHERE overstap_id IN ({_OVERSTAP}))",
    "accounts_vestiging": "id = %(v)s",
    "accounts_deelname": "organisatie_id IN (SELECT organisatie_id FROM accounts_vestiging WHERE id = %(v)s)",
    "statuses_leerling": "id IN (SELECT leerling_id FROM statuses_overstap WHERE vestiging_id = %(v)s)",
    "statuses_overstap": "vestiging_id = %(v)s",
    "statuses_aanmelding": f"overstap_id IN ({_OVERSTAP})",
    "statuses_gebeurtenis": f"overstap_id IN ({_OVERSTAP})",
}


def _parameters(database: str | None = None) -> dict[str, Any]:
    p = connections["eigenaar"].get_connection_params()
    p.pop("cursor_factory", None)
    p.pop("context", None)
    return {**p, **({"dbname": database} if database else {})}


def kleine_database(plek: Vestiging) -> str:
    """A database of its own with this school alone, made anew."""
    super_url, _, _ = os.environ["DATABASE_URL_SUPERUSER"].rpartition("/")
    from overstap.basis import rollen

    with psycopg.connect(f"{super_url}/postgres", autocommit=True) as beheer:
        beheer.execute(f"DROP DATABASE IF EXISTS {KLEIN} WITH (FORCE)")
        rollen.maak_database(beheer, KLEIN)
    with psycopg.connect(f"{super_url}/{KLEIN}", autocommit=True) as daarin:
        rollen.geef_rechten(daarin)
    omgeving = os.environ | {
        n: f"{os.environ[n].rpartition('/')[0]}/{KLEIN}"
        for n in ("DATABASE_URL", "DATABASE_URL_EIGENAAR", "DATABASE_URL_TAKEN")
    }
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--database", "eigenaar", "--verbosity", "0"], env=omgeving, check=True
    )
    with psycopg.connect(**_parameters()) as bron, psycopg.connect(**_parameters(KLEIN)) as doel:
        for tabel, waar in _TABELLEN.items():
            with (
                bron.cursor().copy(f"COPY (SELECT * FROM {tabel} WHERE {waar}) TO STDOUT", {"v": plek.id}) as lees,
                doel.cursor().copy(f"COPY {tabel} FROM STDIN") as schrijf,
            ):  # fmt: skip
                for stuk in lees:
                    schrijf.write(stuk)
    with psycopg.connect(**_parameters(KLEIN), autocommit=True) as doel:
        doel.execute("ANALYZE")
    return KLEIN


def meet_pagina(database: str, keren: int) -> tuple[float, int]:
    """Median seconds and number of queries of /leerlingen for a decaan of this school, in a process of its own."""
    omgeving = os.environ | {
        n: f"{os.environ[n].rpartition('/')[0]}/{database}" for n in ("DATABASE_URL", "DATABASE_URL_EIGENAAR")
    }
    uit = subprocess.run(
        [sys.executable, "-m", "tests.bench.een_pagina", str(max(20, keren))],
        env=omgeving | {"OVERSTAP_DBROL": "app"}, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    gemeten = json.loads(uit.stdout.strip().splitlines()[-1])
    return float(gemeten["mediaan"]), int(gemeten["queries"])
