"""What all messages share: the envelope, the pgn, and the patterns. Bron: vva.md, Envelope and Bodies."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from overstap.basis.pgn import geldig

CONTRACT_VERSIE = "1.0.0"
MAX_BERICHTEN = 1000

# max_length besides the pattern: its `$` also matches before a line end, and "999900018\n" is another person.
Oin = Annotated[
    str, Meta(pattern=r"^[0-9A-Z]{20}$", max_length=20, description="Organisatie-identificatienummer, 20 posities")
]
Brin = Annotated[str, Meta(pattern=r"^[0-9]{2}[A-Z]{2}$", max_length=4, description="BRIN, vier posities")]
VestigingCode = Annotated[
    str, Meta(pattern=r"^[0-9]{2}[A-Z]{2}[0-9]{2}$", max_length=6, description="BRIN en twee cijfers")
]
School = Annotated[
    str, Meta(pattern=r"^[0-9]{2}[A-Z]{2}([0-9]{2})?(?!\n)$", max_length=6, description="BRIN of vestiging")
]
Gemeentecode = Annotated[str, Meta(pattern=r"^[0-9]{4}$", max_length=4, description="CBS-code, vier cijfers")]
Studiejaar = Annotated[
    str,
    Meta(pattern=r"^20[0-9]{2}-20[0-9]{2}$", max_length=9, description="Het studiejaar van instroom, 2026-2027"),
]
NegenCijfers = Annotated[str, Meta(pattern=r"^[0-9]{9}$", max_length=9)]
Volgnummer = Annotated[int, Meta(ge=1, le=2_000_000_000)]
Versie = Annotated[
    str,
    Meta(
        pattern=r"^1\.[0-9]+\.[0-9]+(?!\n)$",
        max_length=20,
        description="Semver; deze voorziening leest 1.x.y",
    ),
]
# "format" stands beside the null, where tools look for it (NL API Design Rules, date-omit-time-portion).
LegeDatum = Annotated[date | None, Meta(extra_json_schema={"format": "date"})]
Moment = Annotated[datetime, Meta(tz=True)]


class Pgn(Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """Exactly one of both; that, and the eleven-test, is checked by :func:`pgn_fout` (F102, F101)."""

    burgerservicenummer: NegenCijfers | UnsetType = UNSET
    onderwijsnummer: NegenCijfers | UnsetType = UNSET

    @property
    def soort(self) -> str:
        return "own" if self.burgerservicenummer is UNSET else "bsn"

    @property
    def nummer(self) -> str:
        nummer = self.burgerservicenummer if self.burgerservicenummer is not UNSET else self.onderwijsnummer
        assert not isinstance(nummer, UnsetType)
        return nummer


def pgn_van(soort: str, nummer: str) -> Pgn:
    return Pgn(burgerservicenummer=nummer) if soort == "bsn" else Pgn(onderwijsnummer=nummer)


def pgn_fout(pgn: Pgn) -> str | None:
    """F102 for both or none, F101 when the number fails its own test, else None."""
    if (pgn.burgerservicenummer is UNSET) == (pgn.onderwijsnummer is UNSET):
        return "F102"
    return None if geldig(pgn.soort, pgn.nummer) else "F101"


class Envelop(Struct, forbid_unknown_fields=True, omit_defaults=True, rename="camel", kw_only=True):
    """The fields that stand around every body; a message adds its body under its own name."""

    bericht_id: uuid.UUID
    bericht_type: str
    contract_versie: Versie
    verzendende_instantie: Oin
    ontvangende_instantie: Oin
    datum_tijd: Moment
    namens: Oin | UnsetType = UNSET


class Resultaat(Struct, rename="camel", kw_only=True):
    """The answer to one message, in the order sent."""

    bericht_id: uuid.UUID | None
    uitkomst: str
    codes: list[str] = []
    melding: str = ""


class Resultaten(Struct):
    resultaten: list[Resultaat]


class Aanlevering(Struct, forbid_unknown_fields=True):
    """The body of a POST: up to a thousand messages, each decoded on its own so that a bad one blocks no other."""

    berichten: Annotated[list[msgspec.Raw], Meta(min_length=1, max_length=MAX_BERICHTEN)]


class Postbusantwoord(Struct):
    """The answer to a GET of the postbus; the messages are put in as they were stored."""

    berichten: list[msgspec.Raw]
    cursor: str
    volgende: str | None


class Bevestiging(Struct, forbid_unknown_fields=True):
    """Everything up to and with this cursor was received well."""

    tot: Annotated[str, Meta(pattern=r"^[0-9]{1,18}$")]
