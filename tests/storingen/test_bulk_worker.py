"""kill -9 of the worker (and its children) in the middle of the country's bulk, then a restart: every gemeente exactly once.

The real worker and relay on a real broker; 342 gemeenten. Where in the work the blow falls differs per round.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import Regio
from overstap.basis.embedded.paden import PROJECT
from overstap.basis.rls import bereik
from tests.databank import Databank
from tests.ketens.huis import Huis, huis, wacht_tot

pytestmark = [pytest.mark.storing, pytest.mark.django_db(transaction=True)]

MAART = date(2026, 3, 1)
PER_GEMEENTE = 40
RONDES = int(os.environ.get("OVERSTAP_RONDES", "2"))

_GANGERS = """
INSERT INTO vva_berichten_mboganger (id, regio_id, overstapjaar, pgn_soort, pgn_index, pgn_versleuteld, brin, vestiging,
    gemeente_id, is_mbo_ganger, volgnummer, wijzigingsdatum)
SELECT gen_random_uuid(), %s, 2025, 'bsn', sha256(convert_to(g.code || ':' || n, 'UTF8')), '\\x00', '99AA', '',
       g.code, n %% 4 <> 0, 1, '2025-10-06'
FROM accounts_gemeente g, generate_series(1, %s) n WHERE g.regio_id = %s
"""
_STAND = """
SELECT (SELECT count(*) FROM accounts_gemeente),
       (SELECT count(*) FROM vva_berichten_bulk),
       (SELECT count(DISTINCT gemeente_id) FROM vva_berichten_bulk),
       (SELECT count(*) FROM vva_berichten_postbusregel),
       (SELECT count(DISTINCT bulk_id) FROM vva_berichten_postbusregel),
       (SELECT count(*) FROM vva_berichten_bulkregel),
       (SELECT count(*) FROM vva_berichten_bulk b WHERE aantal <>
           (SELECT count(*) FROM vva_berichten_bulkregel r WHERE r.bulk_id = b.id)),
       (SELECT count(*) FROM outbox_outboxregel WHERE afgehandeld_op IS NULL)
"""


@pytest.fixture
def het_huis(bank: Databank, tmp_path: Path) -> Iterator[Huis]:
    with huis(bank, tmp_path) as dit:
        yield dit


class Meter:
    """Looks past the walls, as the owner, from outside the house."""

    def __init__(self, bank: Databank) -> None:
        self.verbinding = psycopg.connect(bank.url("DATABASE_URL_EIGENAAR"), autocommit=True)

    def getal(self, tabel: str) -> int:
        rij = self.verbinding.execute(f"SELECT count(*) FROM {tabel}").fetchone()  # type: ignore[arg-type]
        assert rij is not None
        return int(rij[0])

    def stand(self) -> tuple[int, ...]:
        rij = self.verbinding.execute(_STAND).fetchone()
        assert rij is not None
        return tuple(int(waarde) for waarde in rij)


def _zaai() -> None:
    call_command("laad_referentie", verbosity=0, json=True)
    for regio in Regio.objects.values_list("code", flat=True):
        with bereik([regio]), connection.cursor() as cursor:
            cursor.execute(_GANGERS, [regio, PER_GEMEENTE, regio])


@pytest.mark.parametrize("ronde", range(RONDES))
def test_every_gemeente_exactly_once(bank: Databank, het_huis: Huis, ronde: int) -> None:
    _zaai()
    meter = Meter(bank)
    gemeenten = meter.getal("accounts_gemeente")
    assert gemeenten > 300
    # Even rounds while the bulks are made, odd ones while they are delivered.
    tabel = "vva_berichten_bulk" if ronde % 2 == 0 else "vva_berichten_postbusregel"
    grens = random.Random(ronde).randrange(1, gemeenten // 2)
    het_huis.start("relay", MAART)
    het_huis.start("worker", MAART)
    het_huis.stuur_taak("vva_berichten.tasks.dagelijks")
    einde = time.monotonic() + 120
    while meter.getal(tabel) < grens:
        assert time.monotonic() < einde, "er gebeurde niets"
    het_huis.stop("worker", signal.SIGKILL)
    halverwege = meter.getal(tabel)
    assert grens <= halverwege < gemeenten, "de klap kwam te laat om iets te zeggen"
    het_huis.start("worker", MAART)
    wacht_tot(lambda: meter.getal("vva_berichten_bulk") >= gemeenten, "alle bulkmeldingen gemaakt", 150)
    wacht_tot(lambda: meter.stand()[-1] == 0, "alles bezorgd", 150)
    # Asked again, and again: nothing new.
    het_huis.stuur_taak("vva_berichten.tasks.dagelijks")
    time.sleep(3)
    rijen = gemeenten * sum(n % 4 != 0 for n in range(1, PER_GEMEENTE + 1))
    assert meter.stand() == (gemeenten, gemeenten, gemeenten, gemeenten, gemeenten, rijen, 0, 0)


def test_dark_at_five_made_at_the_start(bank: Databank, het_huis: Huis) -> None:
    """Beat was not there at its hour: what is due on 3 March is made when it starts, and before 1 March nothing is."""
    _zaai()
    meter = Meter(bank)
    gemeenten = meter.getal("accounts_gemeente")
    for dag, verwacht in ((date(2026, 2, 27), 0), (date(2026, 3, 3), gemeenten)):
        het_huis.stop_alles()
        het_huis.start("worker", dag)
        het_huis.processen["beat"] = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app", "overstap", "beat", "--schedule", str(het_huis.map / "rooster")],
            env=het_huis.omgeving | {"OVERSTAP_VANDAAG": dag.isoformat()},
            cwd=PROJECT,
            start_new_session=True,
        )
        if verwacht:
            wacht_tot(lambda: meter.getal("vva_berichten_bulk") >= gemeenten, "alle bulkmeldingen gemaakt", 120)
        else:
            wacht_tot(lambda: "bijwerken_regio" in het_huis.logs(), "de dagelijkse taak liep", 60)
            assert meter.getal("vva_berichten_bulk") == 0
    assert meter.stand()[1:3] == (gemeenten, gemeenten)
