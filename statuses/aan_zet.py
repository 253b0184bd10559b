"""Who is to act for a leerling on a day: one party, always. Bron: domein.md 2, "Aan zet"; domein.md 8 (summer)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from statuses.status import OPEN, Partij, Status
from statuses.termijnen import Kalender

S = Status


@dataclass(frozen=True, slots=True)
class AanZet:
    """The one party, why in words, and whether the school is answerable for the whole beside it (until 1 October)."""

    partij: Partij
    waarom: str
    eindverantwoordelijk_vo: bool


# What holds on every day; the rest moves to leerplicht in October.
_ALTIJD: dict[Status, tuple[Partij, str]] = {
    S.LP_INGESCHAKELD: (Partij.LEERPLICHT, "De school heeft leerplicht ingeschakeld."),
    S.LP_IN_BEHANDELING: (Partij.LEERPLICHT, "Leerplicht begeleidt deze leerling."),
    S.LP_DEFINITIEF: (Partij.LEERPLICHT, "Leerplicht heeft een afspraak met deze leerling."),
    S.DEFINITIEF: (Partij.MBO, "De leerling is geplaatst bij het mbo."),
    S.VERVOLGKEUZE_VO: (Partij.VO, "De leerling gaat iets anders doen dan mbo in deze regio."),
}
_TOT_OKTOBER: dict[Status, tuple[Partij, str]] = {
    **dict.fromkeys(OPEN, (Partij.MBO, "Het mbo behandelt de aanmelding.")),
    S.BEEINDIGD: (Partij.MBO, "Het mbo heeft deze aanmelding beëindigd voor een andere opleiding daar."),
    S.ZONDER_AANMELDING: (Partij.VO, "Er is nog geen aanmelding bekend."),
    S.LP_AFGEHANDELD: (Partij.VO, "Leerplicht is klaar en gaf de leerling terug aan de school."),
    S.AFGEMELD: (Partij.VO, "De aanmelding is gestopt en er loopt geen andere."),
    S.AFGEWEZEN: (Partij.VO, "Het mbo heeft de aanmelding afgewezen en er loopt geen andere."),
}


def aan_zet(leidend: Status, dag: date, kalender: Kalender) -> AanZet:
    """The one party to act for this leidende status on this day of this overstapjaar."""
    eind = dag <= kalender["verantwoordelijk_vo_tot"]
    if leidend in _ALTIJD:
        return AanZet(*_ALTIJD[leidend], eind)
    if dag >= kalender["leerplicht_aan_zet"]:
        return AanZet(Partij.LEERPLICHT, "Het is oktober en de leerling is nog niet geplaatst.", eind)
    return AanZet(*_TOT_OKTOBER[leidend], eind)
