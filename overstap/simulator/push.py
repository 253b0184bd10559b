"""A gemeente that gets its messages by push: a small HTTP server that checks every signature, and is away for a while.

Checked as the koppelvlak tells a supplier to: the digest is of these bytes, the signature over it is by a published key, and it
is fresh. The postbus is read at the end all the same: both must have said the same, in the same order.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any

from jwcrypto.common import JWException, JWSEHeaderParameter
from jwcrypto.jwk import JWKSet
from jwcrypto.jws import JWS

from overstap.simulator.http import haal_op
from overstap.simulator.ontvangers import Ontvanger
from overstap.simulator.partijen import Systeem

HANDTEKENING = "nlgov-adr-payload-sig"
VERS = 300  # seconds that a signature is good
WEG = 6.0  # seconds that this gemeente is away
_SIGD = {"sigD": JWSEHeaderParameter("Detached, JAdES", True, True, None)}


class PushOntvanger(Ontvanger):
    """Like a reader of a postbus to the rest of the simulator; ``url`` is where it listens."""

    def __init__(self, systeem: Systeem, rng: Random, crash: float, adres: str) -> None:
        super().__init__(systeem, rng, crash)
        self.adres, self.slecht = adres, 0
        self._sleutels = JWKSet()
        self._valt_om_na = {rng.randint(2, 8)} if crash else set()
        self._weg_tot = 0.0
        self._server = _Server(("127.0.0.1", 0), type("Bezorging", (_Bezorging,), {"ontvanger": self}))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/vva"

    @property
    def langs(self) -> str:
        return "push"

    def lees_door(self) -> None:
        self._server.serve_forever(poll_interval=0.1)

    def stop(self) -> None:
        # shutdown() waits for serve_forever, so never from the thread that serves.
        self._server.shutdown()
        self._server.server_close()

    def bezorg(self, koppen: Message, lichaam: bytes) -> int:
        """What to answer; 0 is no answer at all. Stored first, and then falling over loses nothing."""
        with self._slot:
            if time.monotonic() < self._weg_tot:
                return 503
            if not self.ondertekend(koppen, lichaam):
                self.slecht += 1
                return 401
            event = json.loads(lichaam)
            if int(event["sequence"]) <= int(self._begin):
                return 204  # of before this run
            self.getuige.zie(int(event["sequence"]) - int(self._begin) - 1, event["data"])
            self.vast.neem(event["data"])
            self.bevestigingen += 1
            if self.bevestigingen in self._valt_om_na:
                self.crashes += 1
                self._weg_tot = time.monotonic() + WEG
                return 0
            return 204

    def ondertekend(self, koppen: Message, lichaam: bytes) -> bool:
        """Whether these bytes come from Overstap, unchanged and now."""
        digest = "SHA-256=" + base64.b64encode(hashlib.sha256(lichaam).digest()).decode()
        if koppen.get("Digest") != digest:
            return False
        jws = JWS(header_registry=_SIGD)
        jws.allowed_algs = ["PS256"]
        try:
            jws.deserialize(koppen.get(HANDTEKENING, ""))
            kop = jws.jose_header
            jws.verify(self._sleutel(kop["kid"]), detached_payload=f"digest: {digest}".encode())
            return bool(kop["sigD"]["pars"] == ["digest"] and abs(time.time() - kop["iat"]) < VERS)
        except (JWException, KeyError, TypeError):
            return False

    def _sleutel(self, kid: str) -> Any:
        """Fetched once, and again for a key that is not known yet."""
        if self._sleutels.get_key(kid) is None:
            self._sleutels = JWKSet.from_json(json.dumps(haal_op(self.adres, "/.well-known/jwks.json").inhoud))
        return self._sleutels.get_key(kid)


class _Bezorging(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    ontvanger: PushOntvanger

    def do_POST(self) -> None:
        lichaam = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status = self.ontvanger.bezorg(self.headers, lichaam)
        if not status:
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Silent: the report says what matters."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *args: Any) -> None:
        """A connection that the other side cut."""
