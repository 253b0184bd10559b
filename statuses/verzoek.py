"""What the rules judge and what they answer: the stand of an overstap, a request, its surroundings, allowed or refused. Plain values."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import msgspec

from accounts.rechten import Rol
from statuses.overgangen import Overgang, Via
from statuses.referentie.redenen import Reden
from statuses.status import Spoor, Status, leidende_status
from statuses.termijnen import Kalender

Soort = Literal["regel", "veld", "rol", "geen_wijziging"]


@dataclass(slots=True)
class AanmeldStand:
    """The stand of one aanmelding within its overstap."""

    nr: int
    mbo_id: uuid.UUID
    status: Status
    sinds: date
    aanwezigheid: str = ""
    crebo: str = ""
    reden: str = ""


@dataclass(slots=True)
class Stand:
    """What holds for one overstap now. Mutable: a batch folds its requests over it one by one."""

    gemarkeerd_sinds: date | None = None
    onderwijssoort: str = "vmbo"
    vo: Status | None = None
    vo_sinds: date | None = None
    vo_reden: str = ""
    vo_zekerheid: str = ""
    vo_naar_mbo: bool | None = None
    leerplicht: Status | None = None
    leerplicht_sinds: date | None = None
    markering_sinds: date | None = None  # of the last markering gebeurtenis, off included
    aanmeldingen: dict[int, AanmeldStand] = field(default_factory=dict)
    gesloten: bool = False
    grondslag: bool = True  # texts may go to leerplicht: no bezwaar, and consent where the regio wants it
    grondslag_mbo: bool = True  # and to the mbo
    aanleiding: bool = False  # risico, no-show or in a bulk: leerplicht may start without a toelichting

    @property
    def leidend(self) -> Status | None:
        return leidende_status(
            self.gemarkeerd_sinds is not None,
            self.vo,
            self.leerplicht,
            [a.status for a in self.aanmeldingen.values()],
        )

    def van(self, spoor: Spoor, nr: int | None) -> Status | None:
        """What stands on a spoor now."""
        if spoor == Spoor.MARKERING:
            return Status.ZONDER_AANMELDING if self.gemarkeerd_sinds else None
        if spoor == Spoor.VO:
            return self.vo
        if spoor == Spoor.LEERPLICHT:
            return self.leerplicht
        return self.aanmeldingen[nr].status if nr in self.aanmeldingen else None

    def sinds(self, spoor: Spoor, nr: int | None) -> date | None:
        """Since when; also for a spoor that was taken back."""
        if spoor == Spoor.MARKERING:
            return self.markering_sinds
        if spoor == Spoor.VO:
            return self.vo_sinds
        if spoor == Spoor.LEERPLICHT:
            return self.leerplicht_sinds
        return self.aanmeldingen[nr].sinds if nr in self.aanmeldingen else None


class Verzoek(msgspec.Struct, frozen=True):
    """One wish: on this spoor to this status (None: take it back), by this role and way, as of ``geldig_op``."""

    spoor: Spoor
    naar: Status | None
    rol: Rol
    via: Via
    geldig_op: date
    reden_code: str = ""
    tekst: str = ""
    zekerheid: str = ""
    naar_mbo: bool | None = None  # at a vervolgkeuze that asks it; None: not answered
    nr: int | None = None  # of the aanmelding; None for a new one
    mbo_id: uuid.UUID | None = None
    opleiding: str = ""
    kans_bevestigd: bool = False
    advies: str = ""  # at 4 and 5: which other opleiding the mbo advises
    correctie: bool = False
    invoegen: bool = False
    # Beside ``tekst``: what leerplicht tells the school, and whom it can reach there.
    voor_school: str = ""
    contact: str = ""
    # In a feed, of a new aanmelding: when the leerling applied; a 7 on that day comes first.
    begon_op: date | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What the rules need beside the stand: today, the calendar, and the redenen that the regio added per status code."""

    vandaag: date
    kalender: Kalender
    extra_redenen: Mapping[str, tuple[Reden, ...]] = field(default_factory=dict)


class Toegestaan(msgspec.Struct, frozen=True):
    """Allowed, by which row of the table, and from which day it holds."""

    overgang: Overgang
    geldig_op: date
    correctie: bool = False


@dataclass(frozen=True, slots=True)
class Geweigerd:
    """Refused: the name of the rule, and a sentence that says what to do. ``veld`` when one field is wrong."""

    code: str
    detail: str
    soort: Soort = "regel"
    veld: str = ""


Uitkomst = Toegestaan | Geweigerd
