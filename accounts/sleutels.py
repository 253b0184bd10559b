"""Public keys of systems: which kinds are good enough, and how a supplier hands one over (JWK or PEM). Pure; no database.

RFC 7517, RFC 7638 and RFC 7518; what a key may sign with is decided by the kind of key, never by the JWT.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK

# An allow-list: never "none", never a shared secret (HS256).
ALGORITMEN: dict[str, tuple[str, ...]] = {"EC": ("ES256",), "RSA": ("PS256", "RS256")}
_MINSTENS, _HOOGSTENS = 2048, 8192
_GROOT = 20_000
_PRIVE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


class SleutelFout(ValueError):
    """Why a key is refused, as a sentence for who hands it over."""


@dataclass(frozen=True, slots=True)
class PubliekeSleutel:
    """A good public key: as JWK with nothing but what is needed, and its thumbprint."""

    jwk: dict[str, str]
    kenmerk: str


def lees_sleutel(tekst: str) -> PubliekeSleutel:
    """A public key from the text of a JWK (or a set of one) or a PEM; raises :class:`SleutelFout`."""
    tekst = tekst.strip().lstrip("\ufeff")
    if not tekst or len(tekst) > _GROOT:
        raise SleutelFout("Plak één publieke sleutel: een JWK, of een PEM die begint met BEGIN PUBLIC KEY.")
    if "PRIVATE KEY" in tekst:
        raise SleutelFout(_NIET_PRIVE)
    return _keur(_uit_json(tekst) if tekst.startswith("{") else _uit_pem(tekst))


_NIET_PRIVE = (
    "Dit is een privésleutel. Die houdt u zelf en deelt u met niemand. Maak een nieuw sleutelpaar, want deze is nu niet meer geheim, "
    "en stuur alleen de publieke sleutel."
)


def _uit_json(tekst: str) -> dict[str, Any]:
    try:
        gelezen = json.loads(tekst)
    except (ValueError, RecursionError):
        raise SleutelFout(
            "Dit is geen geldige JWK: de JSON klopt niet. Controleer haakjes en aanhalingstekens."
        ) from None
    if isinstance(gelezen.get("keys"), list):
        if len(gelezen["keys"]) != 1 or not isinstance(gelezen["keys"][0], dict):
            raise SleutelFout("Stuur één sleutel per keer.")
        gelezen = gelezen["keys"][0]
    if _PRIVE & set(gelezen):
        raise SleutelFout(_NIET_PRIVE)
    return dict(gelezen)


def _uit_pem(tekst: str) -> dict[str, Any]:
    try:
        return dict(JWK.from_pem(tekst.encode()).export_public(as_dict=True))
    except (JWException, UnsupportedAlgorithm, ValueError, TypeError):
        raise SleutelFout(
            "Dit is geen publieke sleutel. Plak een JWK, of een PEM die begint met BEGIN PUBLIC KEY."
        ) from None


def _keur(jwk: dict[str, Any]) -> PubliekeSleutel:
    soort = jwk.get("kty")
    if not isinstance(soort, str) or soort not in ALGORITMEN:
        raise SleutelFout("Deze soort sleutel kan niet. Gebruik EC met P-256 (ES256), of RSA (PS256 of RS256).")
    if soort == "EC" and jwk.get("crv") != "P-256":
        raise SleutelFout("Deze kromme kan niet. Gebruik EC met P-256.")
    namen = ("kty", "crv", "x", "y") if soort == "EC" else ("kty", "n", "e")
    kaal = {naam: jwk.get(naam) for naam in namen}
    if not all(isinstance(waarde, str) and waarde.isascii() for waarde in kaal.values()):
        raise SleutelFout("Deze JWK is niet compleet. Stuur de publieke sleutel zoals uw systeem die maakt.")
    try:
        sleutel = JWK(**kaal)
        # The numbers are only looked at when the key is made into one that can verify.
        publiek = sleutel.get_op_key("verify")
        bits = publiek.key_size
        kenmerk = str(sleutel.thumbprint())
    except (JWException, ValueError, TypeError, OverflowError):
        raise SleutelFout("Deze sleutel klopt niet. Stuur de publieke sleutel zoals uw systeem die maakt.") from None
    if soort == "RSA" and not _MINSTENS <= bits <= _HOOGSTENS:
        raise SleutelFout(f"Een RSA-sleutel heeft {_MINSTENS} tot en met {_HOOGSTENS} bits.")
    return PubliekeSleutel({naam: str(waarde) for naam, waarde in kaal.items()}, kenmerk)
