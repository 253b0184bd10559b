"""Bericht 1, vo to woongemeente: this leerling is expected at an mbo, or not any more. Bron: vva.md; domein.md 5."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from vva_berichten.contract.basis import Brin, Envelop, Gemeentecode, Pgn, Studiejaar, VestigingCode, Volgnummer


class PotentieleMboGanger(Struct, forbid_unknown_fields=True, omit_defaults=True, rename="camel", kw_only=True):
    """Never a name, address, birth date or opleiding. ``volgnummer`` rises per pgn, brin and studiejaar."""

    pgn: Pgn
    brin: Brin
    vestiging: VestigingCode | UnsetType = UNSET
    is_potentiele_mbo_ganger: bool
    studiejaar_instroom: Studiejaar
    gemeentecode: Gemeentecode
    wijzigingsdatum: date
    volgnummer: Volgnummer


class MboGangerBericht(Envelop, kw_only=True):
    bericht_type: Literal["POTENTIELE_MBO_GANGER"]
    potentiele_mbo_ganger: PotentieleMboGanger
