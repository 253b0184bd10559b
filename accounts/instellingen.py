"""What a regio and an organisatie chose, read from their JSON in one place: typed, frozen, with every default.

Nobody else reads ``Regio.instellingen`` or ``Organisatie.instellingen``; only ``accounts.actions`` writes them. The names of
dates, statussen and ambities are those of the tables above (statuses/termijnen.py, statuses/status.py, rapportages/indicatoren.py).
What cannot be read is as if it was not chosen: a page or a bulkmelding never stops for a broken setting. No models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Protocol


class MetInstellingen(Protocol):
    """A regio or an organisatie, as far as this module knows them."""

    instellingen: Any


DOELEN: Final = ("mbo", "leerplicht")
"""For which purposes a regio may require toestemming. Bron: domein.md 7."""

BRONNEN: Final = ("sis", "koppelpunt")
"""Where the statussen of an instelling come from: its own feed, or the national facility. Bron: domein.md 5."""

DRIE_VRAGEN: Final = (
    "Is er extra ondersteuning nodig op het mbo?",
    "Is een warme overdracht gewenst?",
    "Is er twijfel of de opleiding bij deze leerling past?",
)

_GEEN: Final[Mapping[Any, Any]] = MappingProxyType({})


class Vakantie(NamedTuple):
    """A holiday, both days included; it does not count in a doorlooptijd."""

    van: date
    tot: date


class Afbeelding(NamedTuple):
    """From this day on this status of ours is that aanmeldstatus of the VVA; an empty code is the one of the table again."""

    vanaf: date
    status: str
    code: str


@dataclass(frozen=True, slots=True)
class Hulpteksten:
    """What the help page of a regio says beside the general text; empty is not shown."""

    functioneel_beheerder: str = ""
    beheerorganisatie: str = ""
    secretaris: str = ""
    afspraken: str = ""
    # Name of the subregio -> what was agreed there.
    subregios: Mapping[str, str] = field(default_factory=lambda: _GEEN)


@dataclass(frozen=True, slots=True)
class RegioInstellingen:
    """The choices of one regio. The plain ``kalender`` and ``ambities`` hold for every jaar, those per jaar go before them."""

    kalender: Mapping[str, str] = field(default_factory=lambda: _GEEN)
    kalender_jaren: Mapping[int, Mapping[str, str]] = field(default_factory=lambda: _GEEN)
    ambities: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: _GEEN)
    ambities_jaren: Mapping[int, Mapping[str, Mapping[str, Any]]] = field(default_factory=lambda: _GEEN)
    toestemming: frozenset[str] = frozenset()
    drie_vragen: tuple[str, str, str] = DRIE_VRAGEN
    # Status code -> agreed days without a change; empty: nothing was agreed.
    doorlooptijden: Mapping[str, int] = field(default_factory=lambda: _GEEN)
    vakanties: tuple[Vakantie, ...] = ()
    stilstand_weken_zonder: int = 6
    hulp: Hulpteksten = field(default_factory=Hulpteksten)
    leeftijdsgrens: tuple[tuple[date, int], ...] = ()
    # The jaren that were made ready: what the regio chose the year before was copied.
    klaargezet: tuple[int, ...] = ()

    @property
    def toestemming_vereist(self) -> bool:
        """Whether any purpose needs toestemming; for one purpose ask :meth:`toestemming_nodig`."""
        return bool(self.toestemming)

    def toestemming_nodig(self, doel: str) -> bool:
        """Whether texts for "mbo" or "leerplicht" need toestemming here; another name raises ValueError."""
        if doel not in DOELEN:
            raise ValueError(f"onbekend doel: {doel}")
        return doel in self.toestemming

    def kalender_van(self, overstapjaar: int) -> Mapping[str, str]:
        """The dates that differ from the default in this jaar: name -> "MM-DD" (for ``termijnen.kalender``)."""
        return {**self.kalender, **self.kalender_jaren.get(overstapjaar, _GEEN)}

    def ambities_van(self, overstapjaar: int) -> Mapping[str, Mapping[str, Any]]:
        """What differs from the default ambities in this jaar: code -> fields (for ``indicatoren.ambities_van``)."""
        eigen = self.ambities_jaren.get(overstapjaar, _GEEN)
        return {
            code: {**self.ambities.get(code, _GEEN), **eigen.get(code, _GEEN)} for code in {**self.ambities, **eigen}
        }

    @property
    def afspraken(self) -> str:
        return self.hulp.afspraken


@dataclass(frozen=True, slots=True)
class OrganisatieInstellingen:
    """The choices of one organisatie; most are about an mbo-instelling."""

    doorlooptijden: Mapping[str, int] = field(default_factory=lambda: _GEEN)
    # Whether it registers show and no-show; in PROC two of the instellingen do.
    show: bool = True
    bron: str = "sis"
    # Where its statussen differ from the table of the VVA (vva_berichten/routering.py), each line from a day on.
    aanmeldstatus: tuple[Afbeelding, ...] = ()
    # Of a samenwerkingsverband: the schools (BRIN) whose figures it sees; none until the beheerorganisatie says so.
    scholen: tuple[str, ...] = ()
    # Of a gemeente: a national facility delivers here, so we do not. Bron: domein.md 5.
    levering_uit: bool = False
    # Of a school: the vestigingen (codes) where a person confirms before a potentiële mbo-ganger is reported; else it goes by itself.
    vva_bevestigen: frozenset[str] = frozenset()

    def doorlooptijd(self, status: str, regio: RegioInstellingen) -> int | None:
        """Days agreed for this status: of the instelling, else of the regio; None when nothing was agreed."""
        return self.doorlooptijden.get(status, regio.doorlooptijden.get(status))


def van(regio: MetInstellingen) -> RegioInstellingen:
    """The choices of a regio."""
    return lees(regio.instellingen)


def lees(waarden: object) -> RegioInstellingen:
    """The choices in the JSON of a regio, where a query brought only that."""
    w = _dict(waarden)
    return RegioInstellingen(
        kalender=_dagen(w.get("kalender")),
        kalender_jaren={jaar: _dagen(rij) for jaar, rij in _per_jaar(w.get("kalender_jaren"))},
        ambities=_rijen(w.get("ambities")),
        ambities_jaren={jaar: _rijen(rij) for jaar, rij in _per_jaar(w.get("ambities_jaren"))},
        toestemming=_toestemming(w.get("toestemming_vereist")),
        drie_vragen=_drie_vragen(w.get("drie_vragen")),
        doorlooptijden=_getallen(w.get("doorlooptijden")),
        vakanties=_vakanties(w.get("vakanties")),
        stilstand_weken_zonder=_getal(w.get("stilstand_weken_zonder")) or 6,
        hulp=_hulp(w.get("hulp")),
        leeftijdsgrens=_leeftijdsgrens(w.get("leeftijdsgrens")),
        klaargezet=_jaren(w.get("klaargezet")),
    )


def van_organisatie(organisatie: MetInstellingen) -> OrganisatieInstellingen:
    """The choices of an organisatie."""
    return lees_organisatie(organisatie.instellingen)


def lees_organisatie(waarden: object) -> OrganisatieInstellingen:
    """The choices in the JSON of an organisatie, where a query brought only that."""
    w = _dict(waarden)
    bron = w.get("bron")
    return OrganisatieInstellingen(
        doorlooptijden=_getallen(w.get("doorlooptijden")),
        show=w.get("show") is not False,
        bron=bron if bron in BRONNEN else "sis",
        aanmeldstatus=_afbeeldingen(w.get("aanmeldstatus")),
        scholen=_codes(w.get("scholen")),
        levering_uit=w.get("levering_uit") is True,
        vva_bevestigen=frozenset(_codes(w.get("vva_bevestigen"))),
    )


def _dict(waarde: object) -> Mapping[str, Any]:
    return waarde if isinstance(waarde, Mapping) else _GEEN


def _tekst(waarde: object) -> str:
    return waarde if isinstance(waarde, str) else ""


def _getal(waarde: object) -> int | None:
    return waarde if isinstance(waarde, int) and not isinstance(waarde, bool) and waarde > 0 else None


def _dag(waarde: object) -> date | None:
    try:
        return date.fromisoformat(_tekst(waarde))
    except ValueError:
        return None


def is_maand_dag(waarde: str) -> bool:
    """Whether this ends in a day of any year, as "MM-DD" or an ISO date; 29 February is not in every year."""
    return _dag(f"2025-{waarde[-5:]}") is not None


def _dagen(waarde: object) -> dict[str, str]:
    return {naam: dag for naam, dag in _teksten(waarde).items() if is_maand_dag(dag)}


def _teksten(waarde: object) -> dict[str, str]:
    return {str(naam): tekst for naam, tekst in _dict(waarde).items() if isinstance(tekst, str)}


def _getallen(waarde: object) -> dict[str, int]:
    return {str(naam): getal for naam, rauw in _dict(waarde).items() if (getal := _getal(rauw))}


def _codes(waarde: object) -> tuple[str, ...]:
    return tuple(sorted({code for code in waarde if isinstance(code, str)})) if isinstance(waarde, list) else ()


def _afbeeldingen(waarde: object) -> tuple[Afbeelding, ...]:
    """Lines of [day, status, code]; a plain status -> code holds always."""
    if isinstance(waarde, Mapping):
        return tuple(Afbeelding(date.min, status, code) for status, code in sorted(_teksten(waarde).items()))
    uit = []
    for rij in waarde if isinstance(waarde, list) else ():
        if (
            isinstance(rij, list)
            and len(rij) == 3
            and all(isinstance(deel, str) for deel in rij)
            and (dag := _dag(rij[0]))
        ):
            uit.append(Afbeelding(dag, rij[1], rij[2]))
    return tuple(sorted(uit))


def _rijen(waarde: object) -> dict[str, Mapping[str, Any]]:
    return {str(code): rij for code, rij in _dict(waarde).items() if isinstance(rij, Mapping)}


def _per_jaar(waarde: object) -> list[tuple[int, object]]:
    return [(int(jaar), rij) for jaar, rij in _dict(waarde).items() if str(jaar).isdecimal()]


def _toestemming(waarde: object) -> frozenset[str]:
    """True was for every purpose, a list names them."""
    if waarde is True:
        return frozenset(DOELEN)
    return frozenset(doel for doel in waarde if doel in DOELEN) if isinstance(waarde, list) else frozenset()


def _drie_vragen(waarde: object) -> tuple[str, str, str]:
    eigen = waarde if isinstance(waarde, list) and len(waarde) == 3 else ("", "", "")
    een, twee, drie = (_tekst(vraag).strip() or vast for vraag, vast in zip(eigen, DRIE_VRAGEN, strict=True))
    return een, twee, drie


def _vakanties(waarde: object) -> tuple[Vakantie, ...]:
    uit = []
    for rij in waarde if isinstance(waarde, list) else ():
        dagen = [_dag(deel) for deel in rij] if isinstance(rij, list) else []
        if len(dagen) == 2 and dagen[0] and dagen[1] and dagen[0] <= dagen[1]:
            uit.append(Vakantie(dagen[0], dagen[1]))
    return tuple(sorted(uit))


def _jaren(waarde: object) -> tuple[int, ...]:
    return tuple(sorted(jaar for rauw in waarde if (jaar := _getal(rauw)))) if isinstance(waarde, list) else ()


def _hulp(waarde: object) -> Hulpteksten:
    w = _dict(waarde)
    namen = ("functioneel_beheerder", "beheerorganisatie", "secretaris", "afspraken")
    return Hulpteksten(**{naam: _tekst(w.get(naam)) for naam in namen}, subregios=_teksten(w.get("subregios")))


def _leeftijdsgrens(waarde: object) -> tuple[tuple[date, int], ...]:
    uit = []
    for rij in waarde if isinstance(waarde, list) else ():
        if isinstance(rij, list) and len(rij) == 2 and (dag := _dag(rij[0])) and (jaren := _getal(rij[1])):
            uit.append((dag, jaren))
    return tuple(sorted(uit))
