"""Two systems of two organisaties at one moment, on two connections: one key and volgnummer says one thing. Bron: vva.md, F202."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from django.db import connection, transaction

from tests.vva_berichten.conftest import Systeem
from tests.vva_berichten.hulp import NOVEMBER
from tests.wereld import Wereld, bsn
from vva_berichten.inkomend.op_een_rij import op_een_rij
from vva_berichten.models import Bericht

NUMMER = bsn(3001)
WACHT = """
SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
WHERE l.locktype = 'advisory' AND NOT l.granted
"""


def mbo_ganger(van: Systeem, *, anders: bool) -> dict[str, Any]:
    """Of school 99AA, by its own LAS or by the supplier with its mandaat."""
    return van.mbo_ganger(NUMMER, gemeentecode="0362" if anders else "0363")


def aanmeldstatus(van: Systeem, *, anders: bool) -> dict[str, Any]:
    """Of mbo 99MA."""
    status = "INGESCHREVEN" if anders else "AANMELDING_ONTVANGEN"
    return van.aanmeldstatus(NUMMER, mboInstelling="99MA", aanmeldId="T-1", gemeentecode="0363", status=status)


def tot_wacht_of_klaar(ander: Future[Any]) -> None:
    """Until the other call waits for a lock, or was answered without waiting."""
    for _ in range(600):
        with connection.cursor() as cursor:
            cursor.execute(WACHT)
            if cursor.fetchone() != (0,) or ander.done():
                return
        time.sleep(0.05)
    raise AssertionError("the other call neither waits nor ends")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("soort", "maak", "eigen", "leverancier"),
    [
        ("potentiele-mbo-gangers", mbo_ganger, "99AA", "99AB"),
        ("aanmeldstatussen", aanmeldstatus, "99MA", "99MB"),
    ],
)
@pytest.mark.parametrize("anders", [True, False], ids=["a contradiction", "the same"])
def test_the_second_sees_what_the_first_stored(
    wereld: Wereld,
    systeem: Callable[..., Systeem],
    soort: str,
    maak: Callable[..., dict[str, Any]],
    eigen: str,
    leverancier: str,
    anders: bool,
) -> None:
    wereld.op(NOVEMBER)
    eerste, tweede = systeem(eigen), systeem(leverancier, mandaat=(eigen,))

    def stuur_tweede() -> list[dict[str, Any]]:
        with closing(connection):
            return tweede.stuur(soort, maak(tweede, anders=anders))

    with ThreadPoolExecutor(1) as draad:
        with transaction.atomic():
            [uit] = eerste.stuur(soort, maak(eerste, anders=False))
            ander = draad.submit(stuur_tweede)
            tot_wacht_of_klaar(ander)
        [uit_ander] = ander.result(timeout=60)
    assert uit["uitkomst"] != "geweigerd", uit
    verwacht = ("geweigerd", ["F202"]) if anders else ("alVerwerkt", [])
    assert (uit_ander["uitkomst"], uit_ander["codes"]) == verwacht
    with wereld.bereik():
        assert Bericht.objects.filter(richting="in").count() == 1


@pytest.mark.django_db
def test_who_speaks_for_hundreds_holds_a_few_dozen_locks() -> None:
    """PostgreSQL keeps a fixed number for all calls together."""
    with transaction.atomic(), connection.cursor() as cursor:
        op_een_rij([uuid.uuid4() for _ in range(1000)])
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone()[0] == 64
