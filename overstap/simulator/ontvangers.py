"""The receiving systems: each reads its postbus in pages, stores, confirms, and sometimes falls over before it does.

What a system knows survives a crash up to its last confirmation. Beside it a witness writes down every message in the order in
which it was first seen: whatever is read again must be the same message at the same place.
"""

from __future__ import annotations

import hashlib
import json
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

from overstap.simulator.http import Onbereikbaar, Verloren
from overstap.simulator.orakel import Sleutel, Stand, sleutel_van, stand_van
from overstap.simulator.partijen import Systeem

POSTBUS, BEVESTIGINGEN = "/api/v1/vva/postbus", "/api/v1/vva/postbus/bevestigingen"
_ROMP = {"POTENTIELE_MBO_GANGER": "potentieleMboGanger", "AANMELDSTATUS": "aanmeldstatus"}
_STIL = 0.2  # seconds between two looks at an empty postbus


@dataclass(slots=True)
class Kennis:
    """What a system holds: the stand by volgnummer, and the pages of each bulk with whom they are about."""

    standen: dict[Sleutel, Stand] = field(default_factory=dict)
    bulks: dict[tuple[str, int], dict[int, list[str]]] = field(default_factory=dict)
    bulkkop: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)
    signalen: int = 0

    def kopie(self) -> Kennis:
        return Kennis(
            dict(self.standen), {k: dict(v) for k, v in self.bulks.items()}, dict(self.bulkkop), self.signalen
        )

    def neem(self, bericht: dict[str, Any]) -> None:
        """Apply one message; seeing it twice changes nothing but the count of realtime signals."""
        soort = bericht["berichtType"]
        if soort == "SIGNAAL":
            self._signaal(bericht["signalen"])
            return
        romp = bericht[_ROMP[soort]]
        sleutel, stand = sleutel_van(soort, romp), stand_van(soort, romp)
        if sleutel not in self.standen or stand.volgnummer > self.standen[sleutel].volgnummer:
            self.standen[sleutel] = stand

    def _signaal(self, signalen: dict[str, Any]) -> None:
        kop = signalen["kop"]
        if kop["levering"] == "REALTIME":
            self.signalen += 1
            return
        bulk = (kop["levering"], kop["volgnummer"])
        self.bulks.setdefault(bulk, {})[kop["pagina"]] = [
            str(next(iter(s["pgn"].values()))) for s in signalen["signalen"]
        ]
        self.bulkkop[bulk] = (kop["aantal"], kop["paginas"])

    def halve_bulks(self) -> int:
        """Bulks of which a page is missing or the number of signals is not what the kop says."""
        return sum(
            1
            for bulk, paginas in self.bulks.items()
            if (sum(map(len, paginas.values())), len(paginas)) != self.bulkkop[bulk]
        )  # fmt: skip


@dataclass(slots=True)
class Getuige:
    """Every message in the order of first sight. Keys of this run only count as double when another message says the same."""

    rij: list[str] = field(default_factory=list)
    herlezen: int = 0
    anders: int = 0
    dubbel: int = 0
    _per_nieuws: dict[tuple[Sleutel, int], str] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)

    def zie(self, plek: int, bericht: dict[str, Any]) -> None:
        merk = hashlib.sha256(json.dumps(bericht, sort_keys=True).encode()).hexdigest()
        if plek < len(self.rij):
            self.herlezen += 1
            self.anders += self.rij[plek] != merk
            return
        while plek > len(self.rij):  # one was passed over
            self.rij.append("")
            self.anders += 1
        self.rij.append(merk)
        self.dubbel += bericht["berichtId"] in self._ids
        self._ids.add(bericht["berichtId"])
        if bericht["berichtType"] in _ROMP:
            romp = bericht[_ROMP[bericht["berichtType"]]]
            nieuws = (sleutel_van(bericht["berichtType"], romp), int(romp["volgnummer"]))
            self.dubbel += self._per_nieuws.setdefault(nieuws, bericht["berichtId"]) != bericht["berichtId"]


class Ontvanger:
    """One system with a postbus. ``lees_door`` runs in a thread of its own until ``stop``."""

    def __init__(self, systeem: Systeem, rng: Random, crash: float) -> None:
        self.systeem, self.rng, self.crash = systeem, rng, crash
        self.vast, self.getuige = Kennis(), Getuige()
        self.crashes = self.bevestigingen = 0
        self.fout = ""
        self._begin = ""  # where this run started to look
        self._bevestigd = 0  # how many of the witness' messages are confirmed
        self._stop = threading.Event()
        self._slot = threading.Lock()

    @property
    def langs(self) -> str:
        """The way by which this one gets its messages."""
        return "postbus"

    def haal_in(self) -> None:
        """Confirm what lay there before this run: it is not ours to judge."""
        cursor, meer = "", True
        while meer:
            bladzijde = self._lees(cursor, 1000)
            cursor, meer = bladzijde["cursor"], bladzijde["volgende"] is not None
        if cursor != "0":
            self._bevestig(cursor)
        self._begin = cursor

    def lees_door(self) -> None:
        """Read, crash, read again, confirm; an error that ends it stands in ``fout``."""
        try:
            while not self._stop.is_set():
                if not self._ronde():
                    self._stop.wait(_STIL)
        except Onbereikbaar as weg:
            self.fout = str(weg)

    def stop(self) -> None:
        self._stop.set()

    def stand(self) -> Kennis:
        """What this system is sure of: stored and confirmed."""
        with self._slot:
            return self.vast.kopie()

    def lees_alles_na(self) -> None:
        """Once more from the beginning of this run: confirmed or not, the postbus must say the same in the same order."""
        cursor, meer, plek = self._begin, True, 0
        while meer:
            bladzijde = self._lees(cursor, 1000)
            for bericht in bladzijde["berichten"]:
                self.getuige.zie(plek, bericht)
                plek += 1
            cursor, meer = bladzijde["cursor"], bladzijde["volgende"] is not None
        self.getuige.anders += len(self.getuige.rij) - plek

    def _ronde(self) -> bool:
        """From the last confirmation to the end, or to a crash. False when there was nothing."""
        kennis, plek, cursor = self.stand(), self._bevestigd, ""
        while True:
            bladzijde = self._lees(cursor, self.rng.randint(3, 120))
            for bericht in bladzijde["berichten"]:
                self.getuige.zie(plek, bericht)
                kennis.neem(bericht)
                plek += 1
            cursor = bladzijde["cursor"]
            if self.rng.random() < self.crash and bladzijde["berichten"]:
                self.crashes += 1  # nothing was stored; what was read is gone
                return True
            if bladzijde["volgende"] is None or self.rng.random() < 0.3:
                break
        if plek == self._bevestigd:
            return False
        # First stored, then confirmed: between the two a system may fall over without losing anything.
        with self._slot:
            self.vast = kennis
        self._bevestig(cursor)
        self._bevestigd = plek
        return True

    def _lees(self, na: str, limiet: int) -> dict[str, Any]:
        pad = f"{POSTBUS}?limiet={limiet}" + (f"&na={na}" if na else "")
        antwoord = self.systeem.lijn.vraag("GET", pad)
        if antwoord.status != 200:
            raise Onbereikbaar(f"De postbus van {self.systeem.van.sleutel} antwoordt met {antwoord.status}.")
        bladzijde: dict[str, Any] = antwoord.inhoud
        return bladzijde

    def _bevestig(self, cursor: str) -> None:
        """Sometimes its answer gets lost: then it is said again, and that changes nothing."""
        inhoud = {"tot": cursor}
        if self.rng.random() < self.crash:
            with suppress(Verloren):
                self.systeem.lijn.vraag("POST", BEVESTIGINGEN, inhoud, verlies_antwoord=True)
        antwoord = self.systeem.lijn.vraag("POST", BEVESTIGINGEN, inhoud)
        if antwoord.status != 200:
            raise Onbereikbaar(f"Bevestigen van {self.systeem.van.sleutel} gaf {antwoord.status}.")
        self.bevestigingen += 1
