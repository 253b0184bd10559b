"""Everything is struck, again and again, while messages come in and while a country's bulk is made. At the end nothing is lost and nothing double.

One house for a whole storm: its parts are killed at random moments and stand up again until the work is done. ``make test``: one short
storm with some of each. ``make storingen``: a hundred killed processes with 20,000 messages, and storms of database and broker alone.
"""

from __future__ import annotations

import itertools
import os
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from tests.ketens.huis import wacht_tot
from tests.storingen import controle
from tests.storingen.grillig import grillig
from tests.storingen.klappen import BINNEN, GEMAAKT, VERWERKT, Storm, kies, rustig
from tests.storingen.las import Baan, Bericht
from tests.storingen.stad import (
    DAG,
    EINDPUNT,
    KOPPELPUNT,
    LEZERS,
    MAART,
    MBO,
    PORTIE,
    SCHOLEN,
    Stad,
    lever_leerlingen,
    maak_werk,
)

pytestmark = pytest.mark.storing

RONDES = int(os.environ.get("OVERSTAP_RONDES", "2"))
VEEL = RONDES >= 20
GEDULD = 600 if VEEL else 240  # seconds until everything is quiet again; a machine full of work is slow


@dataclass(frozen=True)
class Plan:
    """What one storm strikes during the messages, and during the bulk."""

    naam: str
    berichten: int
    tijdens_berichten: tuple[str, ...]
    tijdens_bulk: tuple[str, ...]
    zaad: int = 1


def _plannen() -> list[Plan]:
    if not VEEL:
        samen = ("worker", "web", "database", "kind van worker", "broker leeg", "relay", "kind van web", "broker")
        return [Plan("alles", 600, samen, ("kind van worker", "broker leeg", "worker", "database", "relay"))]
    rng = Random(RONDES)
    eerst = RONDES * 6 // 10
    keer = max(3, RONDES // 10)
    return [
        Plan("processen", 20_000, tuple(kies(rng, eerst)), tuple(kies(rng, RONDES - eerst))),
        Plan("database", 6_000, ("database",) * keer, ("database",) * keer, 2),
        Plan("broker", 6_000, ("broker", "broker leeg") * keer, ("broker leeg", "broker") * keer, 3),
    ]


class Lezers(threading.Thread):
    """Gemeenten that fetch and confirm all through the bulk."""

    def __init__(self, stad: Stad) -> None:
        super().__init__(daemon=True)
        self.stad, self.klaar = stad, threading.Event()
        self.codes = [stad.gemeenten[n] for n in LEZERS]
        self.gelezen: dict[str, list[Bericht]] = {code: [] for code in self.codes}
        self._eerder = dict.fromkeys(self.codes, 0)
        self.fout: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.klaar.wait(0.3):
                for code in self.codes:
                    self.stad.systemen[code].postbus(self.gelezen[code])
        except BaseException as fout:
            self.fout = fout

    def tot_hier(self) -> dict[str, list[Bericht]]:
        """What came since the last time, once nothing more lies there."""
        vraag = "SELECT count(*) FROM vva_berichten_postbus WHERE bevestigd_tot < positie AND ontvanger_id IN "
        wie = "(SELECT id FROM accounts_organisatie WHERE soort = 'gemeente' AND code = ANY(ARRAY['{}']))"
        wacht_tot(
            lambda: self.fout or not self.stad.getal(vraag + wie.format("','".join(self.codes))), "gelezen", GEDULD
        )
        assert self.fout is None, self.fout
        uit = {code: self.gelezen[code][self._eerder[code] :] for code in self.codes}
        self._eerder = {code: len(self.gelezen[code]) for code in self.codes}
        return uit


def _porties(berichten: list[Bericht]) -> list[list[Bericht]]:
    return [berichten[i : i + PORTIE] for i in range(0, len(berichten), PORTIE)]


def _tegelijk(stad: Stad, keer: int) -> None:
    """One message so often at once, each in a call of its own: it is new to one of them."""
    bericht = stad.werk.las[0][0]
    inhoud = {"berichten": [bericht]}

    def stuur(_: int) -> str:
        antwoord = stad.systemen[SCHOLEN[0]].vraag("POST", "/api/v1/vva/potentiele-mbo-gangers", inhoud)
        return str(antwoord["resultaten"][0]["uitkomst"])

    with ThreadPoolExecutor(100) as draden:
        uitkomsten = Counter(draden.map(stuur, range(keer)))
    assert uitkomsten == {"verwerkt": 1, "alVerwerkt": keer - 1}


def _berichten(stad: Stad, plan: Plan, storm: Storm) -> None:
    """All messages in, from four systems at once, with a blow after each part of them."""
    werk = stad.werk
    systemen = stad.systemen
    banen = [
        Baan(systemen[SCHOLEN[0]], "potentiele-mbo-gangers", _porties(werk.las[0])),
        Baan(systemen[SCHOLEN[1]], "potentiele-mbo-gangers", _porties(werk.las[1])),
        Baan(systemen[MBO], "aanmeldstatussen", _porties(werk.mbo)),
        Baan(systemen[KOPPELPUNT], "aanmeldstatussen", _porties(werk.koppelpunt)),
    ]
    for baan in banen:
        baan.start()
    for nummer, soort in enumerate(plan.tijdens_berichten):
        for baan in banen:
            # As many calls as belong to this part of the storm; the last blow falls while there is still something to do.
            deel = (nummer + 1) * len(baan.porties) // (len(plan.tijdens_berichten) + 1)
            baan.mag.release(max(1, deel - nummer * len(baan.porties) // (len(plan.tijdens_berichten) + 1)))
        storm.klap(soort, BINNEN if "web" in soort else VERWERKT)
    for baan in banen:
        baan.mag.release(len(baan.porties))
    for baan in banen:
        baan.join(GEDULD)
        assert baan.fout is None, baan.fout
        assert not baan.is_alive(), "de berichten kwamen niet binnen"
    rustig(stad, GEDULD)


def _bulk(stad: Stad, plan: Plan, storm: Storm) -> None:
    """The bulk of 1 March, from scratch until every blow has fallen; two relays, and two beats that both ask for it."""
    for naam in ("relay", "relay2", "beat", "beat2"):
        stad.huis.start(naam, MAART)
    lezers = Lezers(stad)
    lezers.start()
    lezers.tot_hier()
    klappen = list(plan.tijdens_bulk)
    for ronde in itertools.count():
        if ronde:
            _wis_bulk(stad)
            stad.huis.stuur_taak("vva_berichten.tasks.dagelijks")
        einde = time.monotonic() + GEDULD
        while stad.getal("SELECT count(*) FROM vva_berichten_bulk") < len(stad.gemeenten):
            assert time.monotonic() < einde, "de bulkmeldingen kwamen er niet"
            if klappen:
                storm.klap(klappen.pop(0), GEMAAKT)
            else:
                time.sleep(5)
            # As beat does every five minutes.
            stad.huis.stuur_taak("vva_berichten.tasks.hervat_bulkmeldingen")
        while klappen and stad.getal("SELECT count(*) FROM vva_berichten_bulk WHERE geleverd_op IS NULL"):
            storm.klap(klappen.pop(0), GEMAAKT)
        rustig(stad, GEDULD)
        controle.bulk(stad, stad.werk, _bladzijden(lezers.tot_hier()))
        if not klappen:
            break
    lezers.klaar.set()
    lezers.join(60)


def _bladzijden(gelezen: dict[str, list[Bericht]]) -> dict[str, list[int]]:
    """Per gemeente the number of signalen on each page of the bulk that was fetched."""
    uit: dict[str, list[int]] = {}
    for code, berichten in gelezen.items():
        paginas: list[dict[str, Any]] = [b["signalen"] for b in berichten if b["berichtType"] == "SIGNAAL"]
        uit[code] = [len(p["signalen"]) for p in paginas if p["kop"]["levering"] == "BULK_0301"]
    return uit


def _wis_bulk(stad: Stad) -> None:
    """As if the day of the bulk is still to come; the postbus as it was before it."""
    stad.rijen("WITH weg AS (DELETE FROM vva_berichten_bulk RETURNING 1) SELECT count(*) FROM weg")
    stad.rijen(
        "WITH oud AS (SELECT p.ontvanger_id, COALESCE(max(r.positie), 0) AS tot FROM vva_berichten_postbus p "
        "LEFT JOIN vva_berichten_postbusregel r USING (ontvanger_id) GROUP BY 1), terug AS (UPDATE vva_berichten_postbus p SET "
        "positie = tot, bevestigd_tot = LEAST(bevestigd_tot, tot), opgehaald_tot = LEAST(opgehaald_tot, tot) "
        "FROM oud WHERE oud.ontvanger_id = p.ontvanger_id RETURNING 1) SELECT count(*) FROM terug"
    )


@pytest.mark.parametrize("plan", _plannen(), ids=lambda plan: plan.naam)
def test_nothing_lost_and_nothing_double(stad: Stad, plan: Plan, capsys: pytest.CaptureFixture[str]) -> None:
    begin = time.monotonic()
    storm = Storm(stad, Random(plan.zaad), DAG)
    stad.werk = maak_werk(stad, plan.berichten)
    stad.huis.op(DAG)
    lever_leerlingen(stad, stad.werk)
    _tegelijk(stad, 1000 if VEEL else 100)
    with grillig(stad, stad.gemeenten[EINDPUNT], storm.rng) as peer:
        storm.wakker = peer.verder
        _berichten(stad, plan, storm)
        controle.berichten(stad, stad.werk)
        na_berichten = time.monotonic()
        storm.dag, storm.wakker = MAART, lambda: None
        stad.huis.stop_alles()
        peer.houder_is_dood()
        for naam in ("web", "worker"):
            stad.huis.start(naam, MAART)
        peer.controleer(GEDULD)
    _bulk(stad, plan, storm)
    antwoorden = stad.antwoorden
    assert not antwoorden.fouten, antwoorden.fouten[:3]
    assert all(proces.poll() is None for proces in stad.huis.processen.values()), "iets kwam niet vanzelf terug"
    wachten = sorted(storm.weg)
    assert not wachten or wachten[len(wachten) // 2] < 2
    with capsys.disabled():
        print(
            f"\n{plan.naam}: {sum(storm.geteld.values())} klappen {dict(storm.geteld)}; {len(stad.werk.alle)} berichten in "
            f"{na_berichten - begin:.0f} s, bulk van {len(stad.gemeenten)} gemeenten in {time.monotonic() - na_berichten:.0f} s; "
            f"{antwoorden.geen_antwoord} aanvragen zonder antwoord, {len(antwoorden.weg)} met 503; "
            f"zonder database een antwoord binnen {max(wachten, default=0):.2f} s"
        )
