"""Systems outside: they send their messages over HTTP and send again, the same, whatever got no answer. As a real LAS does."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests

Bericht = dict[str, Any]
ONGELUK = 100  # times a call may be repeated; a machine that is this long away is broken


@dataclass
class Antwoorden:
    """What the callers saw, of all of them together."""

    goed: dict[str, str] = field(default_factory=dict)  # berichtId -> uitkomst
    geen_antwoord: int = 0  # calls cut off in the middle, or nobody there
    weg: list[float] = field(default_factory=list)  # seconds until each 503
    fouten: list[str] = field(default_factory=list)
    slot: threading.Lock = field(default_factory=threading.Lock)


class Systeem:
    """One API client; keeps its token and gets another when that is refused."""

    def __init__(self, adres: str, client_id: str, geheim: str, antwoorden: Antwoorden) -> None:
        self.adres, self.wie, self.antwoorden = adres, (client_id, geheim), antwoorden
        self._token = ""

    def vraag(self, methode: str, pad: str, inhoud: Any = None) -> Any:
        """A call until it is answered with 200: its JSON. Anything but "temporarily away" is a fault that ends the test."""
        for _ in range(ONGELUK):
            try:
                if not self._token and not self._haal_token():
                    time.sleep(0.2)
                    continue
                begin = time.monotonic()
                antwoord = requests.request(
                    methode,
                    f"{self.adres}{pad}",
                    json=inhoud,
                    headers={"Authorization": f"Bearer {self._token}"},
                    timeout=(3, 60),
                )
            except requests.RequestException:
                with self.antwoorden.slot:
                    self.antwoorden.geen_antwoord += 1
                time.sleep(0.2)
                continue
            if antwoord.status_code == 200:
                return antwoord.json()
            if antwoord.status_code == 401:
                self._token = ""
            self._noteer(antwoord, time.monotonic() - begin)
            time.sleep(0.2)
        raise AssertionError(f"{ONGELUK} keer geen antwoord op {methode} {pad}")

    def _haal_token(self) -> bool:
        antwoord = requests.post(
            f"{self.adres}/oauth/token", {"grant_type": "client_credentials"}, auth=self.wie, timeout=(3, 30)
        )
        if antwoord.status_code != 200:
            self._noteer(antwoord, antwoord.elapsed.total_seconds())
            return False
        self._token = antwoord.json()["access_token"]
        return True

    def _noteer(self, antwoord: requests.Response, seconden: float) -> None:
        soort = antwoord.headers.get("Content-Type", "")
        with self.antwoorden.slot:
            if antwoord.status_code == 503 and soort.startswith("application/problem+json"):
                self.antwoorden.weg.append(seconden)
            elif antwoord.status_code != 401:
                self.antwoorden.fouten.append(f"{antwoord.status_code} {soort} {antwoord.text[:300]}")

    def stuur(self, soort: str, berichten: Sequence[Bericht]) -> None:
        """POST until answered, and keep what was answered to each."""
        resultaten = self.vraag("POST", f"/api/v1/vva/{soort}", {"berichten": list(berichten)})["resultaten"]
        with self.antwoorden.slot:
            for bericht, resultaat in zip(berichten, resultaten, strict=True):
                self.antwoorden.goed[bericht["berichtId"]] = resultaat["uitkomst"]

    def postbus(self, bewaar: list[Bericht]) -> None:
        """Fetch what was not confirmed yet, page by page: kept first, then confirmed. As a gemeente does."""
        while True:
            blad = self.vraag("GET", "/api/v1/vva/postbus?limiet=200")
            if not blad["berichten"]:
                return
            bewaar += blad["berichten"]
            self.vraag("POST", "/api/v1/vva/postbus/bevestigingen", {"tot": blad["cursor"]})


class Baan(threading.Thread):
    """A system that sends its calls one after the other; ``mag`` says how many may go now, so that the work lasts."""

    def __init__(self, systeem: Systeem, soort: str, porties: Iterable[Sequence[Bericht]]) -> None:
        super().__init__(daemon=True)
        self.systeem, self.soort, self.porties = systeem, soort, list(porties)
        self.mag = threading.Semaphore(0)
        self.fout: BaseException | None = None

    def run(self) -> None:
        try:
            for portie in self.porties:
                self.mag.acquire()
                self.systeem.stuur(self.soort, portie)
        except BaseException as fout:
            self.fout = fout


def envelop(soort: str, van: str, naar: str, *, dag: str) -> Bericht:
    """The envelope of a message, with an id of its own."""
    return {
        "berichtId": str(uuid.uuid4()),
        "berichtType": soort,
        "contractVersie": "1.0.0",
        "verzendendeInstantie": van,
        "ontvangendeInstantie": naar,
        "datumTijd": f"{dag}T09:00:00+01:00",
    }
