"""What must not be readable at rest: AES-256-GCM bound to its row, and a keyed index to find it by.

An unkeyed hash of every bsn takes minutes on one core, so the index is an HMAC with its own key. The ciphertext starts
with the version of its key, so that keys rotate without downtime: the first of the ring encrypts, all decrypt.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import uuid
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12


class Onleesbaar(ValueError):
    """The ciphertext does not belong to this row, or its key is gone."""


class SleutelWeg(Onleesbaar):
    """Nothing of many rows can be read: that is the key of the installation, which its operator mends. Nothing is lost."""


@lru_cache(maxsize=8)
def _sleutel(sleutel: bytes) -> AESGCM:
    return AESGCM(sleutel)


def versleutel(tekst: str | bytes, rij: uuid.UUID) -> bytes:
    """Encrypt a text for the row with this key; moved to another row it cannot be read."""
    ring = settings.OVERSTAP_PGN_SLEUTELS
    versie = next(iter(ring))
    nonce = os.urandom(_NONCE)
    inhoud = tekst.encode() if isinstance(tekst, str) else tekst
    return bytes([int(versie)]) + nonce + _sleutel(ring[versie]).encrypt(nonce, inhoud, rij.bytes)


def ontsleutel(geheim: bytes | memoryview, rij: uuid.UUID) -> bytes:
    """The bytes that were encrypted for this row; raises :class:`Onleesbaar`."""
    ruw = bytes(geheim)
    sleutel = settings.OVERSTAP_PGN_SLEUTELS.get(str(ruw[0])) if ruw else None
    if sleutel is None:
        raise Onleesbaar("De sleutel van dit gegeven is er niet meer.")
    try:
        return _sleutel(sleutel).decrypt(ruw[1 : 1 + _NONCE], ruw[1 + _NONCE :], rij.bytes)
    except (InvalidTag, ValueError):  # the second: cut off before its nonce
        raise Onleesbaar("Dit gegeven hoort niet bij deze rij.") from None


def blinde_index(soort: str, nummer: str) -> bytes:
    """32 bytes by which a number is found without being readable; the same in every regio."""
    return hmac.digest(settings.OVERSTAP_PGN_INDEX_SLEUTEL, f"{soort}:{nummer}".encode(), hashlib.sha256)
