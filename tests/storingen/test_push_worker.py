"""kill -9 of the worker while an endpoint has a message in its hands: it comes once more, in order, and none is lost.

The real worker and relay, the wake-up from delivery to push, and keys fetched from the running site.
"""

from __future__ import annotations

import json
import os
import signal
import urllib.request
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from overstap.basis.embedded.geheimen import nieuwe_pem
from tests.databank import Databank
from tests.ketens.huis import Huis, huis, wacht_tot
from tests.vva_berichten.ontvanger import Ontvanger, luister
from tests.wereld import VANDAAG, Wereld
from vva_berichten import actions

pytestmark = [pytest.mark.storing, pytest.mark.django_db(transaction=True)]

AANTAL = 12
GEMEENTE = "0362"


@pytest.fixture
def het_huis(bank: Databank, tmp_path: Path) -> Iterator[Huis]:
    with huis(bank, tmp_path) as dit:
        yield dit


def test_killed_with_a_message_on_its_way(bank: Databank, het_huis: Huis, settings: Any) -> None:
    settings.OVERSTAP_PUSH_SLEUTELS = het_huis.omgeving["OVERSTAP_PUSH_SLEUTELS"] = nieuwe_pem()
    # What this process writes, the house must be able to read.
    (versie, sleutel), *_ = settings.OVERSTAP_PGN_SLEUTELS.items()
    het_huis.omgeving["OVERSTAP_PGN_SLEUTELS"] = f"{versie}:{b64encode(sleutel).decode()}"
    het_huis.omgeving["OVERSTAP_PGN_INDEX_SLEUTEL"] = b64encode(settings.OVERSTAP_PGN_INDEX_SLEUTEL).decode()
    het_huis.omgeving["OVERSTAP_PUSH_INTERN"] = "1"
    settings.OVERSTAP_PUSH_INTERN = True
    wereld = Wereld(settings)
    meter = psycopg.connect(bank.url("DATABASE_URL_EIGENAAR"), autocommit=True)
    gevallen: list[str] = []

    def klap(o: Ontvanger, event: dict[str, Any]) -> int | str:
        if len(o.gekregen) == AANTAL // 2 and not gevallen:
            gevallen.append(event["id"])
            os.killpg(het_huis.processen["worker"].pid, signal.SIGKILL)
        return 204

    def jwks() -> dict[str, Any]:
        with urllib.request.urlopen(f"{het_huis.adres}/.well-known/jwks.json", timeout=10) as antwoord:
            sleutels: dict[str, Any] = json.load(antwoord)
        return sleutels

    def achter() -> int:
        rij = meter.execute(
            "SELECT p.positie - e.gepusht_tot FROM vva_berichten_postbus p "
            "JOIN vva_berichten_eindpunt e ON e.organisatie_id = p.ontvanger_id"
        ).fetchone()
        return int(rij[0]) if rij else -1

    try:
        with luister(Ontvanger(jwks=jwks, gedrag=klap)) as ontvanger:
            with wereld.bereik("21"):
                organisatie = wereld.organisaties[GEMEENTE]
                actions.save_eindpunt(organisatie, ontvanger.url, True, actor=wereld.actor("beheerorganisatie"))
            wereld.overstappen_van([wereld.rij("99AA01", overstapper_sinds=date(2025, 10, 3)) for _ in range(AANTAL)])
            het_huis.op(VANDAAG)
            wacht_tot(lambda: gevallen, "de klap viel", 120)
            het_huis.stop("worker", signal.SIGKILL)
            assert achter() > 0, "de klap kwam te laat om iets te zeggen"
            het_huis.start("worker", VANDAAG)
            # A minute and a half later the lease of the dead one is over, and beat asks what is due.
            meter.execute("UPDATE vva_berichten_eindpunt SET geclaimd_tot = now() - interval '1 second'")
            het_huis.stuur_taak("vva_berichten.tasks.push_wat_wacht")
            # The delivery was cut off as well; the outbox gives it out again after its own lease.
            wacht_tot(lambda: len(set(ontvanger.ids)) >= AANTAL and achter() == 0, "alles is gepusht", 180)
    finally:
        meter.close()
    keren = Counter(ontvanger.ids)
    assert {pk for pk, keer in keren.items() if keer > 1} <= set(gevallen)
    assert max(keren.values()) <= 2
    eerste_keer = list(dict.fromkeys(ontvanger.posities))
    assert eerste_keer == list(range(1, max(eerste_keer) + 1))
    assert max(eerste_keer) >= AANTAL
    assert ontvanger.fouten == []
    assert "9999" not in "".join(regel for regel in het_huis.logs().splitlines() if "push" in regel)
