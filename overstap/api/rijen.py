"""A delivery of many rows: each row is read and judged on its own, so that one bad row never blocks the others.

The answer names row, field and rule, and never a pgn. Bron: raakvlakken.md; vva.md, Outcomes.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from typing import Annotated, Generic, Literal, TypeVar

import msgspec
from msgspec import Meta

from overstap.api.invoer import decoder, vertaal
from overstap.basis.pgn import geldig
from statuses.actions.rijen import RijUitkomst, geweigerd

R = TypeVar("R")
HOOGSTENS = 5000
Nummer = Annotated[str, Meta(pattern=r"^[0-9]{9}$", max_length=9)]
Oin = Annotated[str, Meta(pattern=r"^[0-9]{8}[0-9A-Z]{12}$", max_length=20)]
_NUL = b"\\u0000"
_HOOFD = re.compile(r"_([a-z])")


class PgnInvoer(msgspec.Struct, forbid_unknown_fields=True):
    """Exactly one of the two."""

    burgerservicenummer: Nummer | None = None
    onderwijsnummer: Nummer | None = None


class RijFout(Exception):
    """This row is refused: code, field as sent, and a sentence without its value."""

    def __init__(self, code: str, veld: str, melding: str) -> None:
        super().__init__(melding)
        self.code, self.veld, self.melding = code, veld, melding


class Goed(Generic[R]):
    """The rows that could be read, each with its place in the delivery; and the answers to all, in the order sent."""

    def __init__(self, aantal: int) -> None:
        self.rijen: list[tuple[int, R]] = []
        self.uitkomsten: list[RijUitkomst | None] = [None] * aantal

    def weiger(self, plek: int, fout: RijFout, aanmeld_id: str | None = None) -> None:
        self.uitkomsten[plek] = geweigerd(fout.code, fout.melding, fout.veld, aanmeld_id)

    def vul(self, plekken: Sequence[int], uitkomsten: Sequence[RijUitkomst]) -> None:
        for plek, uitkomst in zip(plekken, uitkomsten, strict=True):
            self.uitkomsten[plek] = uitkomst


class _AanmeldId(msgspec.Struct, rename="camel"):
    aanmeld_id: str | None = None


def lees_rijen(rauw: Sequence[msgspec.Raw], soort: type[R]) -> Goed[R]:
    """Decode each row; one that does not fit the schema is refused with T001 and leaves the others."""
    gelezen: Goed[R] = Goed(len(rauw))
    lezer = decoder(soort)  # type: ignore[arg-type]
    for plek, rij in enumerate(rauw):
        try:
            if _NUL in bytes(rij):
                raise RijFout("T001", "", "De tekst bevat een nul-teken (\\u0000). Haal dat weg.")
            gelezen.rijen.append((plek, lezer.decode(rij)))
        except msgspec.ValidationError as fout:
            veld = vertaal(fout)
            gelezen.weiger(plek, RijFout("T001", veld.name, veld.reason), _lees_aanmeld_id(rij))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
            gelezen.weiger(plek, RijFout("T001", "", "Deze rij is geen geldige tekst in UTF-8."))
        except RijFout as fout:
            gelezen.weiger(plek, fout)
    return gelezen


def _lees_aanmeld_id(rij: msgspec.Raw) -> str | None:
    """To name the row in its answer, also when the rest of it is wrong."""
    try:
        waarde = decoder(_AanmeldId).decode(rij).aanmeld_id
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    # A pgn in the wrong field must not come back.
    return waarde if waarde and len(waarde) <= 36 and not re.fullmatch(r"\D*\d{8,9}\D*", waarde) else None


def pgn(waarde: PgnInvoer) -> tuple[str, str]:
    """("bsn" or "own", number); F102 for both or none, F101 when it fails its eleven-test."""
    if (waarde.burgerservicenummer is None) == (waarde.onderwijsnummer is None):
        raise RijFout("F102", "pgn", "Stuur precies één van burgerservicenummer en onderwijsnummer.")
    if waarde.burgerservicenummer is not None:
        if not geldig("bsn", waarde.burgerservicenummer):
            raise RijFout("F101", "pgn.burgerservicenummer", "Dit nummer klopt niet met de elfproef. Controleer het.")
        return "bsn", waarde.burgerservicenummer
    assert waarde.onderwijsnummer is not None
    if not geldig("own", waarde.onderwijsnummer):
        raise RijFout(
            "F101",
            "pgn.onderwijsnummer",
            "Dit is geen geldig onderwijsnummer (begint met 10, eigen proef). Controleer het.",
        )
    return "own", waarde.onderwijsnummer


def tekst(veld: str, waarde: str, *, verplicht: bool = False) -> str:
    """Spaces folded; readable characters only; not empty where it is needed."""
    gevouwen = " ".join(waarde.split())
    if verplicht and not gevouwen:
        raise RijFout("T001", veld, "Dit veld is leeg en is verplicht.")
    if not gevouwen.isprintable():
        raise RijFout("T001", veld, "Hier staat een teken dat niet te lezen is. Haal het weg.")
    return gevouwen


def camel(veld: str) -> str:
    """status_datum -> statusDatum: the name as it was sent."""
    return _HOOFD.sub(lambda m: m[1].upper(), veld)


class RijResultaat(msgspec.Struct, rename="camel"):
    """The answer to one row."""

    uitkomst: Literal["verwerkt", "alVerwerkt", "opgeslagen", "geweigerd"]
    codes: list[str]
    melding: str
    overstap_id: uuid.UUID | None
    aanmeld_id: str | None


class RijResultaten(msgspec.Struct):
    """One answer per row, in the order sent."""

    resultaten: list[RijResultaat]


def antwoord(uitkomsten: Sequence[RijUitkomst | None]) -> RijResultaten:
    """The answer in the order sent. ``melding`` names row, field and rule."""
    return RijResultaten([_resultaat(nr, u) for nr, u in enumerate(uitkomsten, start=1) if u is not None])


def _resultaat(nummer: int, u: RijUitkomst) -> RijResultaat:
    waar = f"Rij {nummer}" + (f", {camel(u.veld)}" if u.veld else "")
    return RijResultaat(u.uitkomst, u.codes, f"{waar}: {u.melding}" if u.melding else "", u.overstap_id, u.aanmeld_id)
