"""The ambities as data: date, norm, population and what counts. A regio can choose another population from the list.

Bron: Overstapprocedure RMC 21, hoofdstuk 1; domein.md 4; docs/besluiten. ``VERSIE`` changes when a definition does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from statuses.termijnen import Kalender

VERSIE = "1"
ONDERDRUK_ONDER = 5


class Populatie(StrEnum):
    """Whom a percentage is about; a percentage never stands without its name."""

    AANGEMERKT = "aangemerkt"
    IN_AANMELDPROCEDURE = "in_aanmeldprocedure"
    GEMARKEERD = "gemarkeerd"


POPULATIES: dict[Populatie, str] = {
    Populatie.AANGEMERKT: "alle leerlingen die op de datum van de beginstand overstapper waren en dat nog zijn",
    Populatie.IN_AANMELDPROCEDURE: "alle overstappers van wie meer bekend is dan 'zonder aanmelding'",
    Populatie.GEMARKEERD: "alle overstappers op de peildatum",
}

# Behind "180 van 200": the same, in a few words.
POPULATIE_KORT: dict[Populatie, str] = {
    Populatie.AANGEMERKT: "aangemerkt",
    Populatie.IN_AANMELDPROCEDURE: "in de aanmeldprocedure",
    Populatie.GEMARKEERD: "overstappers",
}


class Telt(StrEnum):
    """What makes a leerling count; each is a column of the stand in ambities.py."""

    AANGEMELD = "aangemeld"  # any aanmelding at 7, 8, 9, 10 or 12
    VOORLOPIG = "voorlopig"  # any at 9, 10 or 12
    DEFINITIEF = "definitief"  # any at 12; 14 always; 6 when no aanmelding is open
    DEFINITIEF_OF_AFGEHANDELD = "definitief_of_afgehandeld"  # and 2 when no aanmelding is open


@dataclass(frozen=True, slots=True)
class Ambitie:
    """One ambitie of the regio. ``kalender``: the name of its date in termijnen.py, or month and day."""

    code: str
    label: str
    maand: int
    dag: int
    norm: int
    populatie: Populatie
    telt: Telt
    zonder_vervolgkeuze: bool = False
    per_mbo: bool = True

    def datum(self, kalender: Kalender) -> date:
        return date(kalender.overstapjaar + 1, self.maand, self.dag)


AMBITIES: tuple[Ambitie, ...] = (
    Ambitie("1-april", "aangemeld", 4, 1, 100, Populatie.AANGEMERKT, Telt.AANGEMELD, per_mbo=False),
    Ambitie(
        "15-juli",
        "voorlopig geplaatst",
        7,
        15,
        75,
        Populatie.IN_AANMELDPROCEDURE,
        Telt.VOORLOPIG,
        zonder_vervolgkeuze=True,
    ),
    Ambitie("1-september", "definitief geplaatst", 9, 1, 75, Populatie.IN_AANMELDPROCEDURE, Telt.DEFINITIEF),
    Ambitie("15-september", "definitief geplaatst", 9, 15, 85, Populatie.IN_AANMELDPROCEDURE, Telt.DEFINITIEF),
    Ambitie("1-oktober", "definitief geplaatst", 10, 1, 100, Populatie.GEMARKEERD, Telt.DEFINITIEF_OF_AFGEHANDELD),
)


def ambities_van(instellingen: Mapping[str, object]) -> tuple[Ambitie, ...]:
    """The ambities of a regio: the five, with the norm and population that it chose (``instellingen["ambities"]``)."""
    eigen = instellingen.get("ambities")
    if not isinstance(eigen, Mapping):
        return AMBITIES
    uit = []
    for ambitie in AMBITIES:
        keuze = eigen.get(ambitie.code)
        if isinstance(keuze, Mapping):
            ambitie = replace(
                ambitie,
                norm=int(keuze.get("norm", ambitie.norm)),
                populatie=Populatie(keuze.get("populatie", ambitie.populatie)),
            )
        uit.append(ambitie)
    return tuple(uit)
