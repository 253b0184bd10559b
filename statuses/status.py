"""The fourteen statussen: data only, readable without a database. Bron: Overstapprocedure RMC 21, tabel 3.1.

The numbers say which status leads when several hold (the highest); they are no order of progress.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum


class Spoor(StrEnum):
    """The independent tracks of an overstap, and the markering that opens it."""

    MARKERING = "markering"
    VO = "vo"
    LEERPLICHT = "leerplicht"
    AANMELDING = "aanmelding"


class Partij(StrEnum):
    """Who owns a status, and who is to act."""

    VO = "vo"
    MBO = "mbo"
    LEERPLICHT = "leerplicht"


class Status(IntEnum):
    """Number as in tabel 3.1."""

    ZONDER_AANMELDING = 1
    LP_AFGEHANDELD = 2
    BEEINDIGD = 3
    AFGEMELD = 4
    AFGEWEZEN = 5
    VERVOLGKEUZE_VO = 6
    AANGEMELD = 7
    INTAKE = 8
    VOORLOPIG = 9
    OOK_AFGEDRUKT = 10
    LP_DEFINITIEF = 11
    DEFINITIEF = 12
    LP_INGESCHAKELD = 13
    LP_IN_BEHANDELING = 14

    @property
    def info(self) -> StatusInfo:
        return STATUSSEN[self]

    @property
    def code(self) -> str:
        return self.name.lower()

    @property
    def label(self) -> str:
        """The label of today's procedure; ``label_op`` for a status of another day."""
        return STATUSSEN[self].label

    @property
    def teken(self) -> str:
        return STATUSSEN[self].teken

    @property
    def soort(self) -> str:
        return STATUSSEN[self].soort

    def label_op(self, dag: date) -> str:
        """The label that held on a day. Bron: the onderwijsovereenkomst was abolished on 1 August 2023."""
        for tot, label in OUDE_LABELS.get(self, ()):
            if dag < tot:
                return label
        return self.label


@dataclass(frozen=True, slots=True)
class StatusInfo:
    """One row of tabel 3.1, with what the pages need: a sign and a colour group beside the text."""

    label: str
    spoor: Spoor | None
    eigenaar: Partij
    actie_door: Partij
    uitleg: str
    teken: str
    soort: str  # geen, onderweg, geplaatst, anders, terug, leerplicht


_A, _L = Spoor.AANMELDING, Spoor.LEERPLICHT
_VO, _MBO, _LP = Partij.VO, Partij.MBO, Partij.LEERPLICHT

STATUSSEN: dict[Status, StatusInfo] = {
    Status.ZONDER_AANMELDING: StatusInfo(
        "Zonder aanmelding",
        None,
        _VO,
        _VO,
        "De school verwacht een overstap naar het mbo. Er is nog geen aanmelding.",
        "○",
        "geen",
    ),
    Status.LP_AFGEHANDELD: StatusInfo(
        "LP afgehandeld",
        _L,
        _LP,
        _VO,
        "Leerplicht is klaar en heeft de leerling teruggegeven aan de school.",
        "◇",
        "leerplicht",
    ),
    Status.BEEINDIGD: StatusInfo(
        "Beëindigd",
        _A,
        _MBO,
        _MBO,
        "De leerling koos een andere opleiding bij dezelfde mbo-instelling. Deze aanmelding is daarmee gestopt.",
        "—",
        "geen",
    ),
    Status.AFGEMELD: StatusInfo(
        "Afgemeld", _A, _MBO, _VO, "De leerling heeft zich bij het mbo afgemeld.", "↩", "terug"
    ),
    Status.AFGEWEZEN: StatusInfo(
        "Afgewezen", _A, _MBO, _VO, "Het mbo kan de leerling niet toelaten, of de leerling kwam niet.", "✕", "terug"
    ),
    Status.VERVOLGKEUZE_VO: StatusInfo(
        "Vervolgkeuze VO",
        Spoor.VO,
        _VO,
        _VO,
        "De leerling gaat niet naar een mbo in deze regio: havo, blijven in het vo, mbo buiten de regio, vavo of iets anders.",
        "→",
        "anders",
    ),
    Status.AANGEMELD: StatusInfo(
        "Aangemeld", _A, _MBO, _MBO, "De leerling heeft zich aangemeld voor een opleiding.", "◔", "onderweg"
    ),
    Status.INTAKE: StatusInfo(
        "Intake", _A, _MBO, _MBO, "De leerling is uitgenodigd voor een kennismaking.", "◑", "onderweg"
    ),
    Status.VOORLOPIG: StatusInfo(
        "Voorlopig", _A, _MBO, _MBO, "De leerling is aangenomen, als het diploma wordt behaald.", "◕", "onderweg"
    ),
    Status.OOK_AFGEDRUKT: StatusInfo(
        "Plaatsing aangeboden", _A, _MBO, _MBO, "Het mbo heeft de leerling een plaats aangeboden.", "◕", "onderweg"
    ),
    Status.LP_DEFINITIEF: StatusInfo(
        "LP definitief",
        _L,
        _LP,
        _LP,
        "Leerplicht begeleidt de leerling; onderwijs start niet op korte termijn.",
        "◆",
        "leerplicht",
    ),
    Status.DEFINITIEF: StatusInfo(
        "Definitief", _A, _MBO, _MBO, "De leerling is geplaatst bij het mbo.", "●", "geplaatst"
    ),
    Status.LP_INGESCHAKELD: StatusInfo(
        "LP ingeschakeld",
        _L,
        _VO,
        _LP,
        "De school heeft leerplicht gevraagd om naar deze leerling te kijken.",
        "◆",
        "leerplicht",
    ),
    Status.LP_IN_BEHANDELING: StatusInfo(
        "LP in behandeling", _L, _LP, _LP, "Leerplicht begeleidt de leerling.", "◆", "leerplicht"
    ),
}

# Until which day another label held.
OUDE_LABELS: dict[Status, tuple[tuple[date, str], ...]] = {
    Status.OOK_AFGEDRUKT: ((date(2023, 8, 1), "OOK afgedrukt"),),
}

S = Status
OPEN = frozenset({S.AANGEMELD, S.INTAKE, S.VOORLOPIG, S.OOK_AFGEDRUKT})
OPEN_OF_DEFINITIEF = OPEN | {S.DEFINITIEF}
GESTOPT = frozenset({S.AFGEMELD, S.AFGEWEZEN, S.BEEINDIGD})
TERUG = frozenset({S.AFGEMELD, S.AFGEWEZEN})
VAN_AANMELDING = OPEN_OF_DEFINITIEF | GESTOPT
VAN_LEERPLICHT = frozenset({S.LP_INGESCHAKELD, S.LP_IN_BEHANDELING, S.LP_DEFINITIEF, S.LP_AFGEHANDELD})
LEERPLICHT_AAN_HET_WERK = frozenset({S.LP_INGESCHAKELD, S.LP_IN_BEHANDELING})

CODES: dict[str, Status] = {s.code: s for s in Status}


def leidende_status(
    gemarkeerd: bool, vo: int | None, leerplicht: int | None, aanmeldingen: Collection[int]
) -> Status | None:
    """The status that leads: the highest number of all that hold; 1 when nothing holds; None for an unmarked leerling.

    Bron: domein.md 2, "Three sporen, one leidende status"; docs/besluiten/0003.
    """
    if not gemarkeerd:
        return None
    return Status(max([1, vo or 1, leerplicht or 1, *aanmeldingen]))
