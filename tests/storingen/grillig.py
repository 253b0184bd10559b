"""A gemeente with an endpoint that is away, answers 500 or garbage, or takes a message and says nothing; all through the storm."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import requests

from tests.storingen.stad import Stad
from tests.vva_berichten.ontvanger import Ontvanger, goed, luister


class Grillig:
    """The endpoint of one gemeente. Time passes faster for it: its pauses are over when ``verder`` is called."""

    def __init__(self, stad: Stad, code: str, ontvanger: Ontvanger) -> None:
        self.stad, self.ontvanger = stad, ontvanger
        self.wie = f"(SELECT id FROM accounts_organisatie WHERE soort = 'gemeente' AND code = '{code}')"
        stad.rijen(
            "INSERT INTO vva_berichten_eindpunt (organisatie_id, url, actief, gepusht_tot, pogingen, weigeringen, geparkeerd_op_rij, "
            f"fout, proef_fout) VALUES ({self.wie}, '{ontvanger.url}', true, 0, 0, 0, 0, '', '') RETURNING 1"
        )

    def verder(self) -> None:
        """As beat does every minute, when the wait is over."""
        self._zet("opnieuw_na = NULL")
        self.stad.huis.stuur_taak("vva_berichten.tasks.push_wat_wacht")

    def houder_is_dood(self) -> None:
        """Whoever had it in hand was killed: its lease of a minute and a half is over. Only while no worker runs."""
        self._zet("geclaimd_tot = NULL, claim = NULL")

    def _zet(self, wat: str) -> None:
        self.stad.rijen(f"UPDATE vva_berichten_eindpunt SET {wat} WHERE organisatie_id = {self.wie} RETURNING 1")

    def controleer(self, seconden: float) -> None:
        """It is well again: everything arrived, in the order of the postbus; what came twice is the same message."""
        self.ontvanger.gedrag = goed
        vraag = (
            "SELECT p.positie - e.gepusht_tot FROM vva_berichten_postbus p "
            "JOIN vva_berichten_eindpunt e ON e.organisatie_id = p.ontvanger_id"
        )
        einde = time.monotonic() + seconden
        while self.stad.getal(vraag):
            assert time.monotonic() < einde, self.stad.rijen(
                "SELECT fout, pogingen, gepusht_tot FROM vva_berichten_eindpunt"
            )
            self.verder()
            time.sleep(1)
        self._zet("actief = false")
        assert not self.ontvanger.fouten, self.ontvanger.fouten[:3]
        assert not self.stad.getal("SELECT count(*) FROM vva_berichten_geparkeerdepush")
        in_postbus = [
            (int(positie), str(bericht))
            for positie, bericht in self.stad.rijen(
                "SELECT r.positie, b.bericht_id FROM vva_berichten_postbusregel r JOIN vva_berichten_bericht b ON b.id = r.bericht_id "
                f"WHERE r.ontvanger_id = {self.wie} ORDER BY 1"
            )
        ]
        assert in_postbus, "deze gemeente kreeg niets"
        gekregen = [(int(event["sequence"]), str(event["id"])) for event in self.ontvanger.gekregen]
        assert list(dict.fromkeys(gekregen)) == in_postbus


@contextmanager
def grillig(stad: Stad, code: str, rng: Random) -> Iterator[Grillig]:
    """Listen for this gemeente."""

    def gedrag(ontvanger: Ontvanger, event: dict[str, Any]) -> int | str:
        mogelijk: list[int | str] = [204, 204, 204, 500, "rommel", "weg", "aangenomen en stil"]
        keuze = rng.choice(mogelijk)
        if keuze == "aangenomen en stil":
            ontvanger.gekregen.append(event)
            return "weg"
        return keuze

    def sleutels() -> dict[str, Any]:
        antwoord: dict[str, Any] = requests.get(f"{stad.huis.adres}/.well-known/jwks.json", timeout=30).json()
        return antwoord

    vooraf = sleutels()
    with luister(Ontvanger(jwks=lambda: vooraf, gedrag=gedrag)) as ontvanger:
        yield Grillig(stad, code, ontvanger)
