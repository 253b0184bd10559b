"""Bericht 2, mbo to vo-school and woongemeente: where an aanmelding stands. Bron: vva.md; domein.md 5."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from vva_berichten.contract.basis import Brin, Envelop, Gemeentecode, Pgn, School, Studiejaar, Volgnummer


class AanmeldstatusCode(StrEnum):
    """The five statuses of the law's message."""

    AANMELDING_ONTVANGEN = "AANMELDING_ONTVANGEN"
    OOK_AANGEBODEN = "OOK_AANGEBODEN"
    LEIDT_NIET_TOT_INSCHRIJVING = "LEIDT_NIET_TOT_INSCHRIJVING"
    INGETROKKEN = "INGETROKKEN"
    INGESCHREVEN = "INGESCHREVEN"


_CODES = [str(code) for code in AanmeldstatusCode]


class Aanmeldstatus(Struct, forbid_unknown_fields=True, omit_defaults=True, rename="camel", kw_only=True):
    """``vo_school`` only towards vo, ``gemeentecode`` only towards a gemeente. ``volgnummer`` rises per aanmeldId.

    ``status`` is free text here, so that an unknown one is F201 and not T001. ``opleidingscode`` is dropped before storage
    while the profile ``overstapsysteem`` is off.
    """

    pgn: Pgn
    mbo_instelling: Brin
    vo_school: School | UnsetType = UNSET
    aanmeld_id: Annotated[str, Meta(min_length=1, max_length=36)]
    status: Annotated[str, Meta(max_length=40, extra_json_schema={"enum": _CODES})]
    status_datum: date
    aanmeld_datum: date | UnsetType = UNSET
    volgnummer: Volgnummer
    studiejaar_instroom: Studiejaar
    gemeentecode: Gemeentecode | UnsetType = UNSET
    opleidingscode: Annotated[str, Meta(max_length=10)] | UnsetType = UNSET


class AanmeldstatusBericht(Envelop, kw_only=True):
    bericht_type: Literal["AANMELDSTATUS"]
    aanmeldstatus: Aanmeldstatus
