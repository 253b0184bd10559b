"""What a school delivers about a leerling, and the answer to one row of any delivery."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Actie = Literal["nieuw", "gewijzigd", "ongewijzigd", "geweigerd"]


@dataclass(frozen=True, slots=True)
class LeerlingRij:
    """One delivered leerling, checked by the reader: codes exist, the pgn passes its test, dates are dates.

    None in what may be left out says nothing: a known leerling keeps what is there (a file without the column
    geheim_adres must not open an address), a new one gets the default. ``gemeente`` None is abroad, ``leerweg`` None is
    outside the vmbo.
    """

    pgn_soort: str  # bsn or own
    pgn: str
    voornaam: str
    achternaam: str
    geboortedatum: date
    vestiging_id: uuid.UUID
    regio: str
    overstapjaar: int
    onderwijssoort: str
    tussenvoegsel: str = ""
    gemeente: str | None = None
    land: str = "NL"
    geheim_adres: bool | None = None
    klas: str | None = None
    leerweg: str | None = None
    examenkandidaat: bool | None = None
    overstapper: bool | None = None
    overstapper_sinds: date | None = None
    geinformeerd: bool | None = None
    bezwaar: bool | None = None
    uitstroomprofiel: str | None = None
    bestemming: str | None = None
    uitbesteed_aan: str | None = None


@dataclass(slots=True)
class RijUitkomst:
    """The answer to one row, in the order sent. ``codes`` as in vva.md; ``veld`` names what is wrong."""

    uitkomst: Literal["verwerkt", "alVerwerkt", "opgeslagen", "geweigerd"]
    codes: list[str] = field(default_factory=list)
    melding: str = ""
    overstap_id: uuid.UUID | None = None
    aanmeld_id: str | None = None
    actie: Actie = "ongewijzigd"
    veld: str = ""


def geweigerd(code: str, melding: str, veld: str = "", aanmeld_id: str | None = None) -> RijUitkomst:
    return RijUitkomst("geweigerd", [code], melding, None, aanmeld_id, "geweigerd", veld)
