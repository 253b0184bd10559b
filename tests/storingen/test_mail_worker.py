"""kill -9 of the worker while a mail server has a mail in its hands: nobody gets a mail twice, and everybody else gets theirs.

The real worker, relay and broker, and an SMTP server in this process that strikes at the moment that it accepts a text.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from accounts.models import Organisatie, Regio
from overstap.basis.rls import bereik
from overstap.gesprekken.models import Contactpersoon
from overstap.gesprekken.post import Post, stuur
from overstap.gesprekken.post.soorten import Soort
from tests.databank import Databank
from tests.ketens.huis import Huis, huis, vrije_poort, wacht_tot

pytestmark = [pytest.mark.storing, pytest.mark.django_db(transaction=True)]

DAG = date(2026, 3, 20)
AANTAL = 30
# Each round is a house of its own, for one blow: ten of them say enough.
RONDES = min(10, int(os.environ.get("OVERSTAP_RONDES", "2")))


class Slager:
    """Takes every mail; at the ``bij``-th text it kills the process group before it says so, or just after."""

    def __init__(self, bij: int) -> None:
        self.bij, self.groep = bij, 0
        self.gekregen: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.gekregen += envelope.rcpt_tos
        if len(self.gekregen) == self.bij:
            os.killpg(self.groep, signal.SIGKILL)
        return "250 OK"


@pytest.fixture
def het_huis(bank: Databank, tmp_path: Path) -> Iterator[Huis]:
    with huis(bank, tmp_path) as dit:
        yield dit


def _zaai() -> None:
    Regio.objects.create(code="21", naam="Agglomeratie Amsterdam")
    mbo = Organisatie.objects.create(code="99MA", soort="mbo", naam="Mbo De Poort")
    with bereik(["21"]):
        contacten = [
            Contactpersoon(regio_id="21", organisatie=mbo, naam=f"C{i}", email=f"c{i}@poort.example", bevestigd_op=DAG)
            for i in range(AANTAL)
        ]
        Contactpersoon.objects.bulk_create(contacten)
        stuur([Post(Soort.BERICHT, "21", f"m{i}", contact=c.pk, organisatie=mbo.pk) for i, c in enumerate(contacten)])


@pytest.mark.parametrize("ronde", range(RONDES))
def test_nobody_gets_it_twice_and_all_others_get_it(bank: Databank, het_huis: Huis, ronde: int) -> None:
    _zaai()
    slager = Slager(bij=1 + (7 * ronde + 5) % (AANTAL - 2))
    poort = vrije_poort()
    server = Controller(slager, hostname="127.0.0.1", port=poort)
    server.start()
    het_huis.omgeving |= {"OVERSTAP_MAIL_HOST": "127.0.0.1", "OVERSTAP_MAIL_POORT": str(poort)}
    meter = psycopg.connect(bank.url("DATABASE_URL_EIGENAAR"), autocommit=True)

    def stand() -> Counter[str]:
        return Counter(dict(meter.execute("SELECT stand, count(*) FROM gesprekken_mail GROUP BY 1").fetchall()))

    try:
        het_huis.start("worker", DAG)
        slager.groep = het_huis.processen["worker"].pid
        het_huis.start("relay", DAG)
        wacht_tot(lambda: len(slager.gekregen) >= slager.bij, "de klap viel", 90)
        het_huis.stop("worker", signal.SIGKILL)
        assert stand()["wacht"] >= 2, "de klap kwam te laat om iets te zeggen"
        het_huis.start("worker", DAG)
        # As beat does every five minutes; the broker itself gives a lost task back only after its visibility timeout.
        het_huis.stuur_taak("overstap.gesprekken.tasks.hervat_mails")
        wacht_tot(lambda: stand()["wacht"] <= 1, "de andere mails zijn weg", 120)
        # The one that was in the server's hands: asked again it is not sent again, but given up once its task must be dead.
        meter.execute("UPDATE gesprekken_mail SET aangeboden_op = now() - interval '1 hour' WHERE stand = 'wacht'")
        het_huis.stuur_taak("overstap.gesprekken.tasks.hervat_mails")
        wacht_tot(lambda: not stand()["wacht"], "wat onzeker is, is opgegeven", 60)
        einde = stand()
    finally:
        server.stop()
        meter.close()
    assert einde == {"verzonden": AANTAL - 1, "onzeker": 1}
    assert Counter(slager.gekregen) == dict.fromkeys((f"c{i}@poort.example" for i in range(AANTAL)), 1)
    assert "@poort.example" not in het_huis.logs()
