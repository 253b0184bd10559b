"""The JSON objects of raakvlakken.md, from what ``statuses.weergave`` says the caller sees. Names stay."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from statuses.status import Spoor, Status
from statuses.termijnen import jaar_naam
from statuses.weergave import (
    AanmeldingBeeld,
    BuitenRegioBeeld,
    GebeurtenisBeeld,
    LeerlingBeeld,
    OverstapBeeld,
    RedenBeeld,
)

OVERSTAPPER = "overstapper"


def _code(status: Status | None) -> str | None:
    return status.code if status else None


def tijd(moment: datetime) -> str:
    """2026-02-02T06:00:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _reden(reden: RedenBeeld | None) -> dict[str, Any] | None:
    return {"code": reden.code or None, "tekst": reden.tekst} if reden else None


def _leerling(leerling: LeerlingBeeld | None) -> dict[str, Any] | None:
    if leerling is None:
        return None
    return {
        "voornaam": leerling.voornaam,
        "tussenvoegsel": leerling.tussenvoegsel,
        "achternaam": leerling.achternaam,
        "geboortedatum": leerling.geboortedatum,
        "gemeentecode": leerling.gemeentecode,
    }


def _aanmelding(a: AanmeldingBeeld) -> dict[str, Any]:
    opleiding = a.opleiding
    return {
        "aanmeldId": a.aanmeld_id,
        "mboInstelling": a.mbo_code,
        "opleiding": {
            "crebo": opleiding.crebo or None,
            "naam": opleiding.naam,
            "niveau": opleiding.niveau,
            "leerweg": opleiding.leerweg or None,
        }
        if opleiding
        else None,
        "status": a.status.code,
        "statusDatum": a.status_datum,
        "reden": _reden(a.reden),
        "aanwezigheid": a.aanwezigheid or None,
    }


def _buiten(b: BuitenRegioBeeld) -> dict[str, Any]:
    return {"mboInstelling": b.mbo_code, "naam": b.mbo_naam, "status": b.status, "statusDatum": b.status_datum}


def _gebeurtenis(g: GebeurtenisBeeld) -> dict[str, Any]:
    def naam(status: Status | None) -> str | None:
        return OVERSTAPPER if status and g.spoor == Spoor.MARKERING else _code(status)

    return {
        "volgnr": g.volgnr,
        "spoor": g.spoor.value,
        "mboInstelling": g.mbo_code,
        "aanmeldId": g.aanmeld_id,
        "van": naam(g.van),
        "naar": naam(g.naar),
        "geldigOp": g.geldig_op,
        "geregistreerdOp": tijd(g.geregistreerd_op),
        "bron": g.bron,
        "reden": _reden(g.reden),
    }


def overstap_object(beeld: OverstapBeeld, *, verloop: bool = False) -> dict[str, Any]:
    """The object of an overstap; ``verloop`` with its gebeurtenissen."""
    uit: dict[str, Any] = {
        "id": beeld.id,
        "overstapjaar": jaar_naam(beeld.overstapjaar),
        "vestiging": beeld.vestiging_code,
        "klas": beeld.klas,
        "onderwijssoort": beeld.onderwijssoort,
        "leerweg": beeld.leerweg,
        "leerling": _leerling(beeld.leerling),
        "leidendeStatus": _code(beeld.leidend),
        "sinds": beeld.sinds,
        "actieDoor": beeld.leidend.info.actie_door.value if beeld.leidend else None,
        "aanZet": beeld.aan_zet.value if beeld.aan_zet else None,
        "risico": {"risicoleerling": beeld.risico, "signalen": [s.value for s in beeld.signalen]},
        "sporen": {"vo": _code(beeld.vo), "leerplicht": _code(beeld.leerplicht)} if beeld.ziet_sporen else None,
        "potentieleMboGanger": beeld.mbo_ganger,
        "aanmeldingen": [_aanmelding(a) for a in beeld.aanmeldingen],
        "buitenDeRegio": [_buiten(b) for b in beeld.buiten_de_regio],
    }
    if verloop:
        uit["gebeurtenissen"] = [_gebeurtenis(g) for g in beeld.gebeurtenissen]
    return uit
