"""What each receiver must hold in the end, said by the contract alone (vva.md: rules 2, 4, 5 and 7, and the table of cases).

Written apart from the code that does it, and as short as it can be: it sees the messages that were meant, never how they went.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from overstap.simulator.berichten import MBO_GANGERS, Bericht, studiejaar
from overstap.simulator.partijen import Partij
from overstap.simulator.personen import Leerling

LEEFTIJDSGRENS = 23
# Rule 4: with one of these at any mbo a leerling is not in the bulk.
_NIET_IN = {
    "BULK_0301": {"AANMELDING_ONTVANGEN", "OOK_AANGEBODEN", "INGESCHREVEN"},
    "BULK_0615": {"INGESCHREVEN"},
}
Sleutel = tuple[str, ...]  # berichtType, then what the message is about


@dataclass(frozen=True, slots=True)
class Stand:
    """The highest volgnummer and what it says."""

    volgnummer: int
    inhoud: tuple[str, ...]


def sleutel_van(soort: str, romp: dict[str, Any]) -> Sleutel:
    """What a message is about: volgnummers rise within it."""
    if soort == "POTENTIELE_MBO_GANGER":
        return (soort, str(next(iter(romp["pgn"].values()))), romp["brin"], romp["studiejaarInstroom"])
    return (soort, romp["mboInstelling"], romp["aanmeldId"], romp["studiejaarInstroom"])


def stand_van(soort: str, romp: dict[str, Any]) -> Stand:
    """What a message says, without what the facility may add or date itself."""
    if soort == "POTENTIELE_MBO_GANGER":
        return Stand(romp["volgnummer"], (str(romp["isPotentieleMboGanger"]), romp["gemeentecode"]))
    pgn = str(next(iter(romp["pgn"].values())))
    return Stand(romp["volgnummer"], (pgn, romp["status"], romp["statusDatum"]))


def is_mbo_ganger(leerling: Leerling) -> bool:
    """vva.md, Cases: who is reported as potentiële mbo-ganger."""
    if leerling.gemeente is None or leerling.onderwijssoort in {"havo", "vwo"}:
        return False
    return leerling.bestemming != "arbeid" and leerling.uitstroomprofiel != "dagbesteding"


def wordt_gemeld_op(dag: date) -> bool:
    """Overstap reports from 1 October until the schooljaar ends (31 July)."""
    return dag.month >= 10 or dag.month <= 7


def te_laat(dag: date) -> bool:
    """W301: outside 1 October - 1 February."""
    return not (dag.month >= 10 or dag.month == 1 or (dag.month == 2 and dag.day == 1))


def mag_gemeente_weten(leerling: Leerling, dag: date) -> bool:
    """Rule 5: in a Dutch gemeente, younger than 23. Nobody in a run has a startkwalificatie."""
    if leerling.gemeente is None:
        return False
    geboren = leerling.geboortedatum
    jaren = dag.year - geboren.year - ((dag.month, dag.day) < (geboren.month, geboren.day))
    return jaren < LEEFTIJDSGRENS


class Orakel:
    """The intended end, per receiver. A gemeente that is not connected holds nothing: its messages are parked (F107)."""

    def __init__(self, dag: date) -> None:
        self.dag = dag
        self.standen: dict[str, dict[Sleutel, Stand]] = defaultdict(dict)
        self.pgns: set[str] = set()
        # For the bulk: what was reported last of each, where it lives, and the last status of each aanmelding.
        self.gemeld: dict[str, tuple[int, bool]] = {}
        self.wie: dict[str, Leerling] = {}
        self.aanmeldingen: dict[str, dict[str, tuple[int, str]]] = defaultdict(dict)
        self.bulks: dict[str, list[tuple[str, int]]] = {}  # per gemeente those that must be there

    def aangeleverd(self, leerling: Leerling) -> None:
        """Overstap itself reports a marked leerling to the woongemeente."""
        self.pgns.add(leerling.pgn[1])
        self.wie[leerling.pgn[1]] = leerling
        if leerling.gemeente is not None and is_mbo_ganger(leerling) and wordt_gemeld_op(self.dag):
            jaar = studiejaar(self.dag)
            sleutel = ("POTENTIELE_MBO_GANGER", leerling.pgn[1], leerling.school.code, jaar)
            self._zet(leerling.gemeente, sleutel, Stand(1, ("True", leerling.gemeente.code)))
            self.gemeld[leerling.pgn[1]] = (1, True)

    def verhuisd(self, leerling: Leerling) -> None:
        """No message; from now on another gemeente (rule 7)."""
        self.wie[leerling.pgn[1]] = leerling

    def bedoeld(self, bericht: Bericht, leerling: Leerling, naar: Partij) -> None:
        """A right message of an outside system, judged on what is known of the leerling when it is sent."""
        soort = bericht.inhoud["berichtType"]
        sleutel, stand = sleutel_van(soort, bericht.romp), stand_van(soort, bericht.romp)
        self.pgns.add(leerling.pgn[1])
        self._onthoud(bericht, leerling)
        if bericht.soort == MBO_GANGERS or not leerling.bekend:
            self._zet(naar, sleutel, stand)
            return
        self._zet(leerling.school, sleutel, stand)
        if leerling.gemeente is not None and mag_gemeente_weten(leerling, self.dag):
            self._zet(leerling.gemeente, sleutel, stand)

    def _onthoud(self, bericht: Bericht, leerling: Leerling) -> None:
        pgn, romp = leerling.pgn[1], bericht.romp
        self.wie[pgn] = leerling
        if bericht.soort == MBO_GANGERS:
            self.gemeld[pgn] = max(
                self.gemeld.get(pgn, (0, False)), (romp["volgnummer"], romp["isPotentieleMboGanger"])
            )
        else:
            eigen = self.aanmeldingen[pgn]
            nieuw = (romp["volgnummer"], romp["status"])
            eigen[romp["aanmeldId"]] = max(eigen.get(romp["aanmeldId"], (0, "")), nieuw)

    def in_bulk(self, gemeente: Partij, soort: str) -> set[str]:
        """Who must be in a bulk of today: rule 4, of this run alone."""
        return {
            pgn
            for pgn, (_, waar) in self.gemeld.items()
            if waar
            and self.wie[pgn].gemeente == gemeente
            and mag_gemeente_weten(self.wie[pgn], self.dag)
            and not any(status in _NIET_IN[soort] for _, status in self.aanmeldingen[pgn].values())
        }

    def _zet(self, ontvanger: Partij, sleutel: Sleutel, stand: Stand) -> None:
        if not ontvanger.aangesloten:
            return
        eigen = self.standen[ontvanger.sleutel]
        if sleutel not in eigen or stand.volgnummer > eigen[sleutel].volgnummer:
            eigen[sleutel] = stand

    def van(self, ontvanger: Partij) -> dict[Sleutel, Stand]:
        return self.standen[ontvanger.sleutel]
