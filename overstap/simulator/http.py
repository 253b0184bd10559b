"""One outside system on the line: its token, its calls, and the ways in which a line can fail. Standard library only."""

from __future__ import annotations

import base64
import http.client
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

TIJD = 60.0  # seconds for one call
GEDULD = 60.0  # seconds that a system keeps trying when nobody answers
_LATER = {429, 502, 503, 504}


class Verloren(Exception):
    """The call went out and its answer was never read: the sender does not know whether it arrived."""


class Onbereikbaar(Exception):
    """Overstap does not answer; the message is a Dutch sentence for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Antwoord:
    status: int
    inhoud: Any


class Lijn:
    """One API client. Safe to use from several threads: each call has a connection of its own."""

    def __init__(self, adres: str, client_id: str, geheim: str) -> None:
        self._adres = adres
        self._basic = base64.b64encode(f"{client_id}:{geheim}".encode()).decode()
        self._token = ""
        self._slot = threading.Lock()
        self.later: Counter[str] = Counter()  # codes of "not now": each was tried again

    def vraag(self, methode: str, pad: str, inhoud: Any = None, *, verlies_antwoord: bool = False) -> Antwoord:
        """One call, again when the token ran out, when it was too busy or when nobody answered. Raises Onbereikbaar, Verloren."""
        lichaam = None if inhoud is None else json.dumps(inhoud).encode()
        token = self._haal_token()
        einde = time.monotonic() + GEDULD
        while True:
            koppen = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
            if lichaam is not None:
                koppen["Content-Type"] = "application/json"
            antwoord = self._roep(methode, pad, lichaam, koppen, einde, verlies_antwoord=verlies_antwoord)
            if antwoord.status == 401:
                vers = self._haal_token(oud=token)
                if vers == token or time.monotonic() > einde:
                    return antwoord
                token = vers
            elif antwoord.status in _LATER and time.monotonic() < einde:
                code = antwoord.inhoud.get("code") if isinstance(antwoord.inhoud, dict) else None
                with self._slot:
                    self.later[str(code or antwoord.status)] += 1
                time.sleep(0.5)
            else:
                return antwoord

    def _haal_token(self, oud: str = "") -> str:
        """The token in use, or a new one when ``oud`` is the one that was refused."""
        with self._slot:
            if not self._token or self._token == oud:
                lichaam = urlencode({"grant_type": "client_credentials"}).encode()
                koppen = {
                    "Authorization": f"Basic {self._basic}",
                    "Content-Type": "application/x-www-form-urlencoded",
                }
                antwoord = self._roep("POST", "/oauth/token", lichaam, koppen, time.monotonic() + GEDULD)
                if antwoord.status != 200:
                    raise Onbereikbaar(f"{self._adres} geeft geen token (antwoord {antwoord.status}).")
                self._token = str(antwoord.inhoud["access_token"])
            return self._token

    def _roep(
        self, methode: str, pad: str, lichaam: bytes | None, koppen: dict[str, str], einde: float, *, verlies_antwoord: bool = False,
    ) -> Antwoord:  # fmt: skip
        while True:
            try:
                return _een_keer(self._adres, methode, pad, lichaam, koppen, verlies_antwoord=verlies_antwoord)
            except (OSError, http.client.HTTPException) as fout:
                if time.monotonic() > einde:
                    raise Onbereikbaar(
                        f"{self._adres} antwoordt niet. Draait Overstap daar? Start het met make start, of geef --adres."
                    ) from fout
                time.sleep(0.3)


def controleer(adres: str) -> None:
    """Raises Onbereikbaar for an address that is none."""
    delen = urlsplit(adres)
    if delen.scheme not in {"http", "https"} or not delen.hostname:
        raise Onbereikbaar(f"{adres!r} is geen adres. Schrijf het als http://127.0.0.1:8000.")


def is_hier(adres: str) -> bool:
    """Overstap runs on this machine, so that it can reach a server of ours."""
    return urlsplit(adres).hostname in {"127.0.0.1", "localhost", "::1"}


def haal_op(adres: str, pad: str) -> Antwoord:
    """A page that is open to all."""
    return _een_keer(adres, "GET", pad, None, {"Accept": "application/json"})


def _een_keer(
    adres: str, methode: str, pad: str, lichaam: bytes | None, koppen: dict[str, str], *, verlies_antwoord: bool = False
) -> Antwoord:
    delen = urlsplit(adres)
    soort = http.client.HTTPSConnection if delen.scheme == "https" else http.client.HTTPConnection
    verbinding = soort(delen.netloc, timeout=TIJD)
    try:
        verbinding.request(methode, pad, lichaam, koppen)
        if verlies_antwoord:
            raise Verloren
        antwoord = verbinding.getresponse()
        return Antwoord(antwoord.status, _json(antwoord.read()))
    finally:
        verbinding.close()


def _json(tekst: bytes) -> Any:
    try:
        return json.loads(tekst) if tekst else None
    except ValueError:
        return None
