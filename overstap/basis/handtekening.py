"""Our signature under what we send: a detached JWS in a header, and the public keys with which anybody can check it.

After the NL GOV API Design Rules, module Signing (payload signing with JAdES): PS256, ``sigD`` over the ``Digest`` header, carried in
``nlgov-adr-payload-sig``. The first key of ``OVERSTAP_PUSH_SLEUTELS`` signs; all of them stand in the JWKS, so that a new key is
published before it signs and an old one stays until nobody needs it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from jwcrypto.common import JWSEHeaderParameter, json_encode
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from overstap.basis import klok

KOP = "nlgov-adr-payload-sig"
ALGORITME = "PS256"
MINSTE_BITS = 2048
_MECHANISME = "http://uri.etsi.org/19182/HttpHeaders"
# JAdES adds sigD to the parameters that a reader must understand.
REGISTER = {"sigD": JWSEHeaderParameter("Signed data that is detached (JAdES)", True, True, None)}
_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.+?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL)


class GeenSleutel(RuntimeError):
    """There is no key to sign with."""


@lru_cache(maxsize=4)
def _ring(pems: str) -> tuple[JWK, ...]:
    sleutels = []
    for stuk in _PEM.findall(pems):
        try:
            sleutel = JWK.from_pem(stuk.encode())
        except ValueError:
            raise ImproperlyConfigured("OVERSTAP_PUSH_SLEUTELS bevat een sleutel die niet te lezen is.") from None
        if sleutel["kty"] != "RSA" or sleutel.get_op_key("sign").key_size < MINSTE_BITS:
            raise ImproperlyConfigured(
                f"OVERSTAP_PUSH_SLEUTELS: gebruik RSA-sleutels van ten minste {MINSTE_BITS} bits."
            )
        sleutel.update({"kid": sleutel.thumbprint(), "alg": ALGORITME, "use": "sig"})
        sleutels.append(sleutel)
    if pems.strip() and not sleutels:
        raise ImproperlyConfigured("OVERSTAP_PUSH_SLEUTELS is geen PEM en geen bestand met PEM.")
    return tuple(sleutels)


def kan() -> bool:
    """Whether there is a key to sign with."""
    return bool(_ring(settings.OVERSTAP_PUSH_SLEUTELS))


def jwks() -> dict[str, Any]:
    """The public keys: the one that signs first."""
    return {"keys": [s.export_public(as_dict=True) for s in _ring(settings.OVERSTAP_PUSH_SLEUTELS)]}


def digest(lichaam: bytes) -> str:
    """The value of the ``Digest`` header (RFC 3230)."""
    return "SHA-256=" + base64.b64encode(hashlib.sha256(lichaam).digest()).decode()


def teken(lichaam: bytes) -> dict[str, str]:
    """The headers to send with these bytes; raises :class:`GeenSleutel`.

    Signed is ``digest: <value of the Digest header>``; ``iat`` is the moment of this sending.
    """
    ring = _ring(settings.OVERSTAP_PUSH_SLEUTELS)
    if not ring:
        raise GeenSleutel("Er is geen sleutel om mee te ondertekenen (OVERSTAP_PUSH_SLEUTELS).")
    waarde = digest(lichaam)
    kop = {
        "alg": ALGORITME,
        "kid": ring[0]["kid"],
        "iat": int(klok.wandklok().timestamp()),
        "b64": False,
        "sigD": {"mId": _MECHANISME, "pars": ["digest"]},
        "crit": ["b64", "sigD"],
    }
    jws = JWS(f"digest: {waarde}".encode(), header_registry=REGISTER)
    jws.add_signature(ring[0], protected=json_encode(kop))
    jws.detach_payload()
    return {"Digest": waarde, KOP: jws.serialize(compact=True)}
