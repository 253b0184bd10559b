"""``private_key_jwt``: a system proves who it is with a JWT that it signed itself (RFC 7523 2.2 and 3; vva.md).

Everything is checked here: how it is signed (an allow-list, by the kind of the registered key), for whom it is meant, how long it
lasts, and that it is used once. Every refusal is RFC 6749's ``invalid_client`` with a sentence; never what was sent.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from accounts.actions import use_jti
from accounts.models import ApiClient, ClientSleutel
from accounts.sleutels import ALGORITMEN
from overstap.basis import klok

SOORT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
HOOGSTENS = timedelta(minutes=5)
# Two clocks are never quite the same.
_SPELING = timedelta(seconds=30)
_VORM = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_GROOT = 8_000
_TOEGESTAAN = sorted({alg for algs in ALGORITMEN.values() for alg in algs})


class BewijsFout(Exception):
    """Why an assertion is refused; ASCII without quotes, as RFC 6749 5.2 wants it."""


@dataclass(frozen=True, slots=True)
class _Gelezen:
    kop: dict[str, Any]
    inhoud: dict[str, Any]
    handtekening: JWS


def token_adres() -> str:
    """What ``aud`` must be: our own address from the settings, never the Host that a caller writes."""
    return f"{settings.OVERSTAP_BASIS_URL}{reverse('oauth-token')}"


def kan_bestaan(client_id: str) -> bool:
    """Whether a system can have this id at all: about other text (NUL, half a surrogate pair) no database can be asked."""
    return client_id.isascii() and "\x00" not in client_id and len(client_id) <= 100


def client_id_in(bewijs: str) -> str:
    """Whose assertion this says it is, unproven: only to count attempts by."""
    try:
        return str(_lees(bewijs).inhoud.get("sub", ""))
    except BewijsFout:
        return ""


def client_met(bewijs: str, client_id: str = "") -> ApiClient:
    """The system that signed this assertion; raises :class:`BewijsFout`. ``client_id``: what was sent beside it, if anything."""
    gelezen = _lees(bewijs)
    sub = gelezen.inhoud.get("sub")
    if not isinstance(sub, str) or gelezen.inhoud.get("iss") != sub or (client_id and client_id != sub):
        raise BewijsFout("iss en sub zijn allebei uw client_id, en gelijk aan client_id in de aanvraag.")
    if not kan_bestaan(sub):
        raise BewijsFout(_ONBEKEND)
    client: ApiClient | None = ApiClient.objects.filter(client_id=sub, organisatie__isnull=False).first()
    sleutels = list(ClientSleutel.objects.filter(client=client, ingetrokken_op=None)) if client else []
    _getekend(gelezen, sleutels)
    assert client is not None  # without a client there is no key, and _getekend refused
    _bedoeld(gelezen.inhoud)
    verloopt = _op_tijd(gelezen.inhoud)
    _eenmalig(client, gelezen.inhoud, verloopt)
    return client


# The same sentence for an unknown system, one without a key, and a wrong signature: it tells nobody which systems there are.
_ONBEKEND = "De handtekening klopt niet met een sleutel die voor dit systeem is geregistreerd."


def _lees(bewijs: str) -> _Gelezen:
    """Take apart, trust nothing yet."""
    if len(bewijs) > _GROOT or not _VORM.fullmatch(bewijs):
        raise BewijsFout("client_assertion is geen JWT van drie delen met punten ertussen.")
    try:
        jws = JWS()
        jws.deserialize(bewijs)
        kop = dict(jws.jose_header)
        inhoud = json.loads(jws.objects["payload"])
    except (JWException, ValueError, TypeError, KeyError, RecursionError):
        raise BewijsFout("client_assertion kan niet worden gelezen: kop of inhoud is geen JSON.") from None
    if not isinstance(inhoud, dict):
        raise BewijsFout("De inhoud van client_assertion is geen JSON-object.")
    if kop.get("alg") not in _TOEGESTAAN:
        raise BewijsFout(f"alg kan niet. Kies uit: {', '.join(_TOEGESTAAN)}.")
    return _Gelezen(kop, inhoud, jws)


def _getekend(gelezen: _Gelezen, sleutels: list[ClientSleutel]) -> None:
    """Signed with one of the keys that hold now, in a way that suits that kind of key.

    A kid that names one of ours chooses it; a kid of the supplier's own says nothing here.
    """
    kid, alg = gelezen.kop.get("kid"), gelezen.kop["alg"]
    for sleutel in [s for s in sleutels if s.kenmerk == kid] or sleutels:
        if alg not in ALGORITMEN[sleutel.jwk["kty"]]:
            continue
        try:
            gelezen.handtekening.allowed_algs = [alg]
            gelezen.handtekening.verify(JWK(**sleutel.jwk))
        except (JWException, ValueError, TypeError):
            continue
        return
    raise BewijsFout(_ONBEKEND)


def _bedoeld(inhoud: dict[str, Any]) -> None:
    adres = token_adres()
    if inhoud.get("aud") not in (adres, [adres]):
        raise BewijsFout(f"aud is niet ons adres. Gebruik {adres}.")


def _tijdstip(inhoud: dict[str, Any], naam: str) -> datetime | None:
    waarde = inhoud.get(naam)
    if waarde is None:
        return None
    if isinstance(waarde, bool) or not isinstance(waarde, int | float) or not 0 <= waarde < 2**33:
        raise BewijsFout(f"{naam} is geen tijdstip in seconden sinds 1970.")
    return datetime.fromtimestamp(waarde, UTC)


def _op_tijd(inhoud: dict[str, Any]) -> datetime:
    nu = klok.wandklok()
    exp, nbf, iat = (_tijdstip(inhoud, naam) for naam in ("exp", "nbf", "iat"))
    if exp is None:
        raise BewijsFout("exp ontbreekt.")
    if exp <= nu - _SPELING:
        raise BewijsFout("client_assertion is verlopen. Maak een nieuwe, en controleer uw klok.")
    if exp > nu + HOOGSTENS + _SPELING:
        raise BewijsFout("exp ligt te ver weg: hoogstens vijf minuten na nu.")
    if any(moment is not None and moment > nu + _SPELING for moment in (nbf, iat)):
        raise BewijsFout("client_assertion geldt nog niet (nbf of iat). Controleer uw klok.")
    return exp + _SPELING


def _eenmalig(client: ApiClient, inhoud: dict[str, Any], verloopt: datetime) -> None:
    jti = inhoud.get("jti")
    if not isinstance(jti, str) or not 1 <= len(jti) <= 200:
        raise BewijsFout("jti ontbreekt of is te lang: gebruik voor elke aanvraag een nieuwe waarde, zoals een uuid.")
    if not use_jti(client, jti, verloopt):
        raise BewijsFout("Deze client_assertion is al gebruikt. Maak voor elke aanvraag een nieuwe, met een eigen jti.")
