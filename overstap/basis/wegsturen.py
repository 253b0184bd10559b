"""Send a body to an address that somebody outside chose: HTTPS, public addresses, no redirects, bounded in time and size.

Server-side request forgery is stopped at the connection itself: the name is looked up once, every address it has must be
public, and the connection goes to the address that was checked (so a name that changes its mind changes nothing).
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError
from urllib3.util import Timeout

VERBINDEN = 5.0  # seconds to connect
ANTWOORDEN = 10.0  # seconds without a byte
TOTAAL = 30.0  # seconds for one request, however the bytes come
MAX_ANTWOORD = 64 * 1024
# All of IPv6 that is given out today; what lies outside it (::127.0.0.1, fec0::) can mean a machine of our own.
_IPV6 = ipaddress.ip_network("2000::/3")
# Of these the real destination may be a private one.
_TUNNELS = tuple(ipaddress.ip_network(n) for n in ("2002::/16", "2001::/32"))


class OnveiligAdres(ValueError):
    """An address that nothing is sent to; its text is for the person who typed it."""


class NietBereikt(Exception):
    """No usable answer; ``code`` says why: adres_onbekend, adres_onveilig, verbinding, tls, tijd or antwoord."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Adres:
    """An address in parts."""

    veilig: bool  # https
    host: str
    poort: int
    pad: str

    @property
    def kop(self) -> str:
        """As the Host header says it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.poort == (443 if self.veilig else 80) else f"{host}:{self.poort}"


@dataclass(frozen=True, slots=True)
class Antwoord:
    """What came back; ``wacht`` is Retry-After in seconds, when that was a number."""

    status: int
    wacht: int = 0


def lees(url: str) -> Adres:
    """The parts of an address; raises :class:`OnveiligAdres` for one that is not https or carries more than a path."""
    try:
        delen = urlsplit(url)
        poort = delen.port
    except ValueError:
        raise OnveiligAdres("Dit is geen webadres. Schrijf het zoals https://berichten.gemeente.nl/vva.") from None
    if delen.scheme not in (("https", "http") if settings.OVERSTAP_PUSH_INTERN else ("https",)):
        raise OnveiligAdres("Gebruik een adres dat begint met https://.")
    if not delen.hostname or not url.isascii() or any(teken.isspace() for teken in url):
        raise OnveiligAdres("Dit is geen webadres. Schrijf het zoals https://berichten.gemeente.nl/vva.")
    if delen.username is not None or delen.password is not None:
        raise OnveiligAdres("Zet geen naam of wachtwoord in het adres: wij ondertekenen wat wij sturen.")
    if delen.query or delen.fragment:
        raise OnveiligAdres("Laat weg wat in het adres achter een vraagteken of # staat.")
    veilig = delen.scheme == "https"
    return Adres(veilig, delen.hostname, poort or (443 if veilig else 80), delen.path or "/")


def _openbaar(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return _openbaar(ip.ipv4_mapped)
        if ip not in _IPV6 or any(ip in net for net in _TUNNELS):
            return False
    return ip.is_global and not ip.is_multicast


def zoek_op(adres: Adres) -> list[str]:
    """The ip addresses of this host. Raises OSError when there are none, OnveiligAdres when one is not public."""
    try:
        gevonden = socket.getaddrinfo(adres.host, adres.poort, type=socket.SOCK_STREAM)
    except UnicodeError:  # "a..b", or a part of more than 63 characters: no name at all
        raise socket.gaierror(socket.EAI_NONAME, "geen hostnaam") from None
    ips = list(dict.fromkeys(str(info[4][0]) for info in gevonden))
    if not settings.OVERSTAP_PUSH_INTERN:
        for ip in ips:
            if not _openbaar(ipaddress.ip_address(ip.partition("%")[0])):
                raise OnveiligAdres(
                    "Dit adres ligt in een intern netwerk. Gebruik een adres dat op internet te bereiken is."
                )
    return ips


def controleer(url: str) -> None:
    """For a form: raises :class:`OnveiligAdres` with a sentence for an address that would be refused when connecting."""
    adres = lees(url)
    try:
        zoek_op(adres)
    except OSError:
        raise OnveiligAdres(f"{adres.host} is niet te vinden. Controleer het adres.") from None


class Lijn:
    """A connection to one address, opened at the first ``post`` and kept for those that follow."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._verbinding: HTTPConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, soort: type[BaseException] | None, fout: BaseException | None, tb: TracebackType | None) -> None:
        self._sluit()

    def post(self, lichaam: bytes, koppen: Mapping[str, str]) -> Antwoord:
        """POST and the status that came back. Raises :class:`NietBereikt`.

        A connection that the other side closed meanwhile is opened again, once: the body may then arrive twice.
        """
        try:
            adres = lees(self._url)
            hergebruikt = self._verbinding is not None
            try:
                return self._stuur(adres, lichaam, koppen)
            except (ConnectionError, http.client.RemoteDisconnected):
                self._sluit()
                if not hergebruikt:
                    raise
                return self._stuur(adres, lichaam, koppen)
        except Exception as fout:
            self._sluit()
            code = _code(fout)
            if code is None:
                raise
            raise NietBereikt(code) from None

    def _stuur(self, adres: Adres, lichaam: bytes, koppen: Mapping[str, str]) -> Antwoord:
        if self._verbinding is None:
            self._verbinding = _open(adres)
        verbinding = self._verbinding
        with _grens(verbinding) as lijnen:
            verbinding.request(
                "POST",
                adres.pad,
                body=lichaam,
                headers={**koppen, "Host": adres.kop},
                preload_content=False,
                decode_content=False,
            )
            # After "Connection: close" the answer keeps the socket and the connection forgets it.
            lijnen.append(verbinding.sock)
            antwoord = verbinding.getresponse()
            # Nothing is done with the text of an answer; it is read so that the connection can be used again.
            if len(antwoord.read(MAX_ANTWOORD + 1)) > MAX_ANTWOORD:
                self._sluit()
        wacht = antwoord.headers.get("Retry-After", "")
        return Antwoord(antwoord.status, int(wacht) if wacht.isascii() and wacht.isdigit() and len(wacht) < 9 else 0)

    def _sluit(self) -> None:
        if self._verbinding is not None:
            self._verbinding.close()
            self._verbinding = None


def _open(adres: Adres) -> HTTPConnection:
    """Connect to the first address that answers; the certificate must be of the host's name."""
    laatste: Exception | None = None
    for ip in zoek_op(adres):
        tijd = Timeout.resolve_default_timeout(VERBINDEN)
        if adres.veilig:
            verbinding: HTTPConnection = HTTPSConnection(
                ip, adres.poort, timeout=tijd, server_hostname=adres.host, ssl_context=ssl.create_default_context()
            )
        else:
            verbinding = HTTPConnection(ip, adres.poort, timeout=tijd)
        try:
            verbinding.connect()
        except (OSError, HTTPError) as fout:
            verbinding.close()
            laatste = fout
            continue
        assert verbinding.sock is not None
        verbinding.sock.settimeout(ANTWOORDEN)
        verbinding.timeout = ANTWOORDEN
        return verbinding
    raise laatste or OSError("geen adres")


@contextmanager
def _grens(verbinding: HTTPConnection) -> Iterator[list[socket.socket | None]]:
    """Who sends a byte now and then does not hold the line: after ``TOTAAL`` it is cut. Yields a list for other sockets to cut."""
    afgekapt = threading.Event()
    lijnen: list[socket.socket | None] = []

    def kap() -> None:
        afgekapt.set()
        for lijn in (verbinding.sock, *lijnen):
            if lijn is not None:
                with suppress(OSError):
                    lijn.shutdown(socket.SHUT_RDWR)

    wekker = threading.Timer(TOTAAL, kap)
    wekker.daemon = True
    wekker.start()
    try:
        yield lijnen
    except Exception:
        if afgekapt.is_set():
            raise TimeoutError from None
        raise
    finally:
        wekker.cancel()
    if afgekapt.is_set():
        raise TimeoutError


def _code(fout: Exception) -> str | None:
    """What went wrong, as a code; None for a mistake of our own."""
    if isinstance(fout, OnveiligAdres):
        return "adres_onveilig"
    if isinstance(fout, socket.gaierror | NameResolutionError):
        return "adres_onbekend"
    if isinstance(fout, ssl.SSLError):
        return "tls"
    if isinstance(fout, TimeoutError):
        return "tijd"
    if isinstance(fout, NewConnectionError | ConnectionError) and not isinstance(fout, http.client.RemoteDisconnected):
        return "verbinding"
    if isinstance(fout, http.client.HTTPException | HTTPError):
        return "tijd" if "timed out" in str(fout).lower() else "antwoord"
    return "verbinding" if isinstance(fout, OSError) else None
