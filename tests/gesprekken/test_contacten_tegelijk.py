"""Two people who save the same new contact at the same moment: one is kept, the other hears that it is there."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction

from accounts.rechten import Rol
from overstap.gesprekken.contacten.actions import save_contact
from overstap.gesprekken.models import Contactpersoon
from tests.gesprekken.test_contacten import VOL
from tests.wereld import Wereld

ZELFDE: dict[str, Any] = VOL | {"monitoren": True, "aanjagen": False, "signaleren": False, "mailbox": False}


def _wacht_op_slot() -> None:
    """Until the other connection stands behind the row that this one has not committed."""
    for _ in range(300):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid"
            )
            if (cursor.fetchone() or (0,))[0]:
                return
        time.sleep(0.1)
    pytest.fail("de ander kwam niet zo ver dat hij wacht")


@pytest.mark.django_db(transaction=True)
def test_het_tweede_hoort_dat_het_er_al_is(wereld: Wereld) -> None:
    client, actor = wereld.client(Rol.DECAAN), wereld.actor(Rol.DECAAN)

    def stuur() -> Any:
        try:
            return client.post("/contacten/nieuw", VOL)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as ander:
        with wereld.bereik("21"), transaction.atomic():
            eerste = save_contact(ZELFDE, actor=actor, organisatie=wereld.organisaties["99AA"], regio="21")
            tweede = ander.submit(stuur)
            _wacht_op_slot()
        antwoord = tweede.result(timeout=60)

    assert antwoord.status_code == 422
    assert "Kompas College heeft al een contact met dit e-mailadres." in antwoord.content.decode()
    with wereld.bereik("21"):
        assert [c.pk for c in Contactpersoon.objects.filter(email__iexact=VOL["email"])] == [eerste.pk]
