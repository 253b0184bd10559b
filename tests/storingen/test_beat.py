"""Beat that was not there at its hour: the country's bulk is made when it starts. (What is struck meanwhile: test_klappen.)"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command

from tests.databank import Databank
from tests.ketens.huis import Huis, huis, wacht_tot

pytestmark = [pytest.mark.storing, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def het_huis(bank: Databank, tmp_path: Path) -> Iterator[Huis]:
    with huis(bank, tmp_path) as dit:
        yield dit


def test_dark_at_five_made_at_the_start(bank: Databank, het_huis: Huis) -> None:
    """What is due on 3 March is made when it starts, once for each gemeente; and before 1 March nothing is."""
    call_command("laad_referentie", verbosity=0, json=True)
    with psycopg.connect(bank.url("DATABASE_URL_EIGENAAR"), autocommit=True) as meter:

        def getal(wat: str, tabel: str) -> int:
            rij = meter.execute(f"SELECT count({wat}) FROM {tabel}").fetchone()
            assert rij is not None
            return int(rij[0])

        gemeenten = getal("*", "accounts_gemeente")
        assert gemeenten > 300
        for dag in (date(2026, 2, 27), date(2026, 3, 3)):
            het_huis.stop_alles()
            for naam in ("worker", "beat"):
                het_huis.start(naam, dag)
            if dag.month == 3:
                wacht_tot(lambda: getal("*", "vva_berichten_bulk") >= gemeenten, "alle bulkmeldingen gemaakt", 120)
            else:
                wacht_tot(lambda: "bijwerken_regio" in het_huis.logs(), "de dagelijkse taak liep", 60)
                assert getal("*", "vva_berichten_bulk") == 0
        assert getal("DISTINCT gemeente_id", "vva_berichten_bulk") == getal("*", "vva_berichten_bulk") == gemeenten
