"""Regional facility to gemeente: a page of a bulkmelding, or one realtime signal after it. Bron: vva.md, Bodies and Rules."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from vva_berichten.contract.basis import Brin, Envelop, Gemeentecode, LegeDatum, Pgn, School, Volgnummer

PER_PAGINA = 1000


class SignaalType(StrEnum):
    NIET_AANGEMELD = "NIET_AANGEMELD"
    NIET_INGESCHREVEN = "NIET_INGESCHREVEN"
    STATUSWIJZIGING = "STATUSWIJZIGING"
    VERVALLEN = "VERVALLEN"


class Levering(StrEnum):
    BULK_0301 = "BULK_0301"
    BULK_0615 = "BULK_0615"
    REALTIME = "REALTIME"


class Signaal(Struct, forbid_unknown_fields=True, rename="camel", kw_only=True):
    """One leerling. ``status``, ``mbo_instelling`` and ``status_datum`` are null where no aanmelding is known."""

    signaal_type: SignaalType
    levering: Levering
    peildatum: date
    pgn: Pgn
    vo_school: School
    status: str | None
    mbo_instelling: Brin | None
    status_datum: LegeDatum


class Kop(Struct, forbid_unknown_fields=True, rename="camel", kw_only=True):
    """``aantal`` is of the whole bulk; an empty bulk has one page with an empty list."""

    gemeentecode: Gemeentecode
    levering: Levering
    peildatum: date
    volgnummer: Volgnummer
    aantal: int
    pagina: int
    paginas: int


class Signalen(Struct, forbid_unknown_fields=True, rename="camel", kw_only=True):
    kop: Kop
    signalen: list[Signaal]


class SignaalBericht(Envelop, kw_only=True):
    bericht_type: Literal["SIGNAAL"]
    signalen: Signalen
