"""The ambities as data: date, norm, population and what counts. A regio can choose its own dates, norms and populations per jaar.

Bron: Overstapprocedure RMC 21, hoofdstuk 1; domein.md 4; docs/besluiten. ``VERSIE`` changes when a definition does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from accounts.instellingen import RegioInstellingen
from statuses.termijnen import Kalender

VERSIE = "1"


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


def ambities_van(instellingen: RegioInstellingen, overstapjaar: int) -> tuple[Ambitie, ...]:
    """The ambities of a regio in a jaar, by date: the five with what it chose for them, without those that it left out, and
    its own beside them. What was stored and cannot be read is as if it was not chosen."""
    eigen = instellingen.ambities_van(overstapjaar)
    vast = {ambitie.code: ambitie for ambitie in AMBITIES}
    gekozen = [_met(ambitie, eigen.get(code, {})) for code, ambitie in vast.items()]
    gekozen += [_met(_nieuw(code), velden) for code, velden in eigen.items() if code not in vast]
    actief = [a for a in gekozen if a is not None]
    # Months before September belong to the same year as those after it: all of them are in the second half of the jaar.
    return tuple(sorted(actief, key=lambda a: (a.maand, a.dag))) or AMBITIES


def _nieuw(code: str) -> Ambitie:
    return Ambitie(code, code, 10, 1, 100, Populatie.GEMARKEERD, Telt.AANGEMELD)


def _met(ambitie: Ambitie, velden: Mapping[str, object]) -> Ambitie | None:
    """The ambitie with what the regio chose; None when it left it out."""
    if velden.get("actief") is False:
        return None
    try:
        maand, dag = (int(deel) for deel in str(velden.get("datum", f"{ambitie.maand}-{ambitie.dag}")).split("-"))
        populatie = Populatie(str(velden.get("populatie", ambitie.populatie)))
        telt = Telt(str(velden.get("telt", ambitie.telt)))
        norm = int(str(velden.get("norm", ambitie.norm)))
    except ValueError:
        return ambitie
    return replace(
        ambitie,
        label=str(velden.get("label", ambitie.label)),
        maand=maand,
        dag=dag,
        norm=norm,
        populatie=populatie,
        telt=telt,
        # Who goes elsewhere is no part of "voorlopig geplaatst", and an mbo knows nothing of the beginstand.
        zonder_vervolgkeuze=telt is Telt.VOORLOPIG and populatie is Populatie.IN_AANMELDPROCEDURE,
        per_mbo=populatie is not Populatie.AANGEMERKT,
    )
