"""The ambities as the API and the command give them (raakvlakken.md)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from rapportages.ambities import AmbitieStand, Groep
from statuses.termijnen import jaar_naam


def _groep(groep: Groep) -> dict[str, Any]:
    uit: dict[str, Any] = {
        "groep": groep.groep,
        "naam": groep.naam,
        "teller": groep.teller,
        "noemer": groep.noemer,
        "percentage": None if groep.percentage is None else float(groep.percentage),
    }
    return uit | {"onderdrukt": True} if groep.onderdrukt else uit


def als_json(
    regio: str, overstapjaar: int, peildatum: date, per: str, standen: Sequence[AmbitieStand]
) -> dict[str, Any]:
    """One document; ``peildatum`` as it was asked for."""
    return {
        "regio": regio,
        "overstapjaar": jaar_naam(overstapjaar),
        "peildatum": peildatum.isoformat(),
        "per": per,
        "ambities": [
            {
                "code": stand.ambitie.code,
                "datum": stand.datum.isoformat(),
                "norm": stand.ambitie.norm,
                "populatie": stand.ambitie.populatie.value,
                "groepen": [_groep(groep) for groep in stand.groepen],
            }
            for stand in standen
        ],
    }
