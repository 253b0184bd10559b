"""Names as they are searched: one form for what is stored and for what somebody types."""

from __future__ import annotations

import unicodedata


def plat(tekst: str) -> str:
    """Lower case without accents, single spaces: "Yılmaz  Elif" is "yilmaz elif"."""
    los = unicodedata.normalize("NFKD", tekst).replace("ı", "i").casefold()
    return " ".join("".join(teken for teken in los if not unicodedata.combining(teken)).split())


def zoeknaam(achternaam: str, voornaam: str) -> str:
    """What Leerling.zoeknaam holds: achternaam and voornaam, for a range search (LIKE is not leakproof)."""
    return plat(f"{achternaam} {voornaam}")[:240]
