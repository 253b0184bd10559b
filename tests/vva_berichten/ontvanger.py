"""A receiver of pushed messages: a real HTTP server in a thread that does what its ``gedrag`` says, and checks every signature."""

from __future__ import annotations

import base64
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from jwcrypto.jwk import JWKSet
from jwcrypto.jws import JWS

from overstap.basis.handtekening import KOP, REGISTER, digest

Gedrag = Callable[["Ontvanger", dict[str, Any]], int | str]


def goed(ontvanger: Ontvanger, event: dict[str, Any]) -> int | str:
    return 204


@dataclass
class Ontvanger:
    """``gedrag`` gets an event and answers a status, or a word for something odder; ``gekregen`` is what was accepted."""

    jwks: Callable[[], dict[str, Any]]
    gedrag: Gedrag = goed
    gekregen: list[dict[str, Any]] = field(default_factory=list)
    gezien: list[dict[str, Any]] = field(default_factory=list)
    paden: list[str] = field(default_factory=list)
    koppen: list[dict[str, str]] = field(default_factory=list)
    fouten: list[str] = field(default_factory=list)
    url: str = ""
    _bekend: dict[str, Any] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        return [e["id"] for e in self.gekregen]

    @property
    def posities(self) -> list[int]:
        return [int(e["sequence"]) for e in self.gekregen]

    def controleer(self, koppen: Any, lichaam: bytes) -> None:
        """As a supplier would: the digest is of these bytes, and the signature over it is by a key that is published."""
        assert len(koppen.get_all(KOP)) == 1
        assert koppen["Digest"] == digest(lichaam)
        compact = koppen[KOP]
        kop_deel, leeg, _ = compact.split(".")
        assert leeg == ""
        kop = json.loads(base64.urlsafe_b64decode(kop_deel + "=" * (-len(kop_deel) % 4)))
        sleutel = self._sleutel(kop["kid"])
        jws = JWS(header_registry=REGISTER)
        jws.allowed_algs = ["PS256"]
        jws.deserialize(compact)
        jws.verify(sleutel, detached_payload=f"digest: {koppen['Digest']}".encode())
        assert kop["sigD"] == {"mId": "http://uri.etsi.org/19182/HttpHeaders", "pars": ["digest"]}
        assert abs(kop["iat"] - time.time()) < 60
        assert koppen["Content-Type"].startswith("application/cloudevents+json")

    def _sleutel(self, kid: str) -> Any:
        """Fetched once, and again for a key that is not known yet."""
        if kid not in self._bekend:
            for deel in JWKSet.from_json(json.dumps(self.jwks())):
                self._bekend[deel["kid"]] = deel
        return self._bekend[kid]

    def ontvang(self, pad: str, koppen: Any, lichaam: bytes) -> int | str:
        self.paden.append(pad)
        self.koppen.append(dict(koppen))
        event: dict[str, Any] = json.loads(lichaam)
        self.gezien.append(event)
        try:
            self.controleer(koppen, lichaam)
        except Exception as fout:
            self.fouten.append(repr(fout))
        antwoord = self.gedrag(self, event)
        if isinstance(antwoord, int) and 200 <= antwoord < 300:
            self.gekregen.append(event)
        return antwoord


class _Afhandelaar(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    ontvanger: Ontvanger

    def do_POST(self) -> None:
        lichaam = self.rfile.read(int(self.headers["Content-Length"]))
        antwoord = self.ontvanger.ontvang(self.path, self.headers, lichaam)
        if isinstance(antwoord, int):
            self._status(antwoord)
        elif antwoord == "rommel":
            self.wfile.write(b"dit is geen http\r\n\r\n")
            self.close_connection = True
        elif antwoord == "hangt":
            time.sleep(2)
            self.close_connection = True
        elif antwoord == "drupt":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for _ in range(40):
                try:
                    self.wfile.write(b"X-Traag: 1\r\n")
                except OSError:
                    break
                time.sleep(0.1)
            self.close_connection = True
        elif antwoord == "drupt na afscheid":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
            for _ in range(40):
                try:
                    self.wfile.write(b"x")
                except OSError:
                    break
                time.sleep(0.1)
            else:
                self.ontvanger.fouten.append("niet afgekapt")
            self.close_connection = True
        elif antwoord == "weg":
            self.close_connection = True
        elif antwoord == "veel":
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(200):
                    self.wfile.write(b"x" * 65536)
            except OSError:
                self.close_connection = True

    def _status(self, status: int) -> None:
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "/elders")
        if status == 429:
            self.send_header("Retry-After", "120")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *args: Any) -> None:
        """Silent."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *args: Any) -> None:
        """A connection that the other side cut is what these tests are about."""


@contextmanager
def luister(
    ontvanger: Ontvanger, *, certificaat: tuple[Path, Path] | None = None, host: str = "127.0.0.1"
) -> Iterator[Ontvanger]:
    """Serve until the end of the block; ``ontvanger.url`` says where. With a certificate and its key: over TLS."""
    afhandelaar = type("Afhandelaar", (_Afhandelaar,), {"ontvanger": ontvanger})
    server = _Server(("127.0.0.1", 0), afhandelaar)
    if certificaat:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificaat)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    ontvanger.url = f"{'https' if certificaat else 'http'}://{host}:{server.server_address[1]}/vva"
    draad = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    draad.start()
    try:
        yield ontvanger
    finally:
        server.shutdown()
        server.server_close()


def dichte_poort() -> int:
    """A port on which nobody listens."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        poort: int = s.getsockname()[1]
        return poort
