"""Secrets for embedded use: made once, kept in the data folder, readable by the owner only.

In production they come from the environment and this module is not used.
"""

import base64
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from overstap.basis.embedded.paden import lees_json, maak_map, schrijf_json, slot

BESTAND = "geheimen.json"
PUSH = "OVERSTAP_PUSH_SLEUTELS"


def _sleutel() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def nieuwe_pem() -> str:
    """A private key to sign with, as PEM."""
    sleutel = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    vorm = serialization.PrivateFormat.PKCS8
    return sleutel.private_bytes(serialization.Encoding.PEM, vorm, serialization.NoEncryption()).decode()


def lees(data: Path) -> dict[str, str]:
    """The secrets that are there; empty when nothing was started yet."""
    inhoud = lees_json(data / BESTAND)
    return dict(inhoud) if inhoud else {}


def zorg(data: Path) -> dict[str, str]:
    """The secrets, made when they were missing. Never changes one that exists."""
    with slot(maak_map(data) / "geheimen.lock"):
        aanwezig = lees(data)
        nodig = {
            "OVERSTAP_SECRET_KEY": secrets.token_urlsafe(50),
            "OVERSTAP_PGN_SLEUTELS": f"1:{_sleutel()}",
            "OVERSTAP_PGN_INDEX_SLEUTEL": _sleutel(),
            "postgres": secrets.token_urlsafe(24),
            "overstap_eigenaar": secrets.token_urlsafe(24),
            "overstap_app": secrets.token_urlsafe(24),
            "overstap_taken": secrets.token_urlsafe(24),
            "valkey": secrets.token_urlsafe(24),
        }
        if PUSH not in aanwezig:  # takes a while to make
            nodig[PUSH] = nieuwe_pem()
        alles = nodig | aanwezig
        if alles != aanwezig:
            schrijf_json(data / BESTAND, alles)
        return alles
