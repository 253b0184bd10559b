"""The JSON objects of raakvlakken.md, from what ``statuses.weergave`` says the caller sees. Names stay.

Typed structs, so that the OpenAPI document is made from what is sent.
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import msgspec

from statuses.status import Spoor, Status
from statuses.termijnen import jaar_naam
from statuses.weergave import (
    AanmeldingBeeld,
    BuitenRegioBeeld,
    GebeurtenisBeeld,
    LeerlingBeeld,
    OpleidingBeeld,
    OverstapBeeld,
    RedenBeeld,
)

OVERSTAPPER = "overstapper"


class RedenObject(msgspec.Struct):
    code: str | None
    tekst: str


class LeerlingObject(msgspec.Struct):
    voornaam: str
    tussenvoegsel: str
    achternaam: str
    geboortedatum: date
    gemeentecode: str | None


class OpleidingObject(msgspec.Struct):
    crebo: str | None
    naam: str
    niveau: int | None
    leerweg: str | None


class AanmeldingObject(msgspec.Struct, rename="camel"):
    aanmeld_id: str
    mbo_instelling: str
    opleiding: OpleidingObject | None
    status: str
    status_datum: date
    reden: RedenObject | None
    aanwezigheid: str | None


class BuitenDeRegioObject(msgspec.Struct, rename="camel"):
    mbo_instelling: str
    naam: str
    status: str
    status_datum: date


class GebeurtenisObject(msgspec.Struct, rename="camel"):
    volgnr: int
    spoor: Spoor
    mbo_instelling: str | None
    aanmeld_id: str | None
    van: str | None
    naar: str | None
    geldig_op: date
    geregistreerd_op: str
    bron: str
    reden: RedenObject | None


class RisicoObject(msgspec.Struct):
    risicoleerling: bool
    signalen: list[str]


class SporenObject(msgspec.Struct):
    vo: str | None
    leerplicht: str | None


class OverstapRij(msgspec.Struct, rename="camel"):
    """A row of the list."""

    id: uuid.UUID
    overstapjaar: str
    vestiging: str
    klas: str
    onderwijssoort: str
    leerweg: str | None
    leerling: LeerlingObject | None
    leidende_status: str | None
    sinds: date | None
    actie_door: str | None
    aan_zet: str | None
    risico: RisicoObject
    sporen: SporenObject | None
    potentiele_mbo_ganger: bool | None
    aanmeldingen: list[AanmeldingObject]
    buiten_de_regio: list[BuitenDeRegioObject]


class OverstapObject(OverstapRij, rename="camel"):
    """One overstap: the row and its gebeurtenissen."""

    gebeurtenissen: list[GebeurtenisObject]


class OverstapLijst(msgspec.Struct):
    resultaten: list[OverstapRij]
    volgende: str | None


def _code(status: Status | None) -> str | None:
    return status.code if status else None


def tijd(moment: datetime) -> str:
    """2026-02-02T06:00:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _reden(reden: RedenBeeld | None) -> RedenObject | None:
    return RedenObject(reden.code or None, reden.tekst) if reden else None


def _leerling(leerling: LeerlingBeeld | None) -> LeerlingObject | None:
    if leerling is None:
        return None
    return LeerlingObject(
        leerling.voornaam, leerling.tussenvoegsel, leerling.achternaam, leerling.geboortedatum, leerling.gemeentecode
    )


def _opleiding(opleiding: OpleidingBeeld | None) -> OpleidingObject | None:
    if opleiding is None:
        return None
    return OpleidingObject(opleiding.crebo or None, opleiding.naam, opleiding.niveau, opleiding.leerweg or None)


def _aanmelding(a: AanmeldingBeeld) -> AanmeldingObject:
    return AanmeldingObject(
        aanmeld_id=a.aanmeld_id,
        mbo_instelling=a.mbo_code,
        opleiding=_opleiding(a.opleiding),
        status=a.status.code,
        status_datum=a.status_datum,
        reden=_reden(a.reden),
        aanwezigheid=a.aanwezigheid or None,
    )


def _buiten(b: BuitenRegioBeeld) -> BuitenDeRegioObject:
    return BuitenDeRegioObject(b.mbo_code, b.mbo_naam, b.status, b.status_datum)


def _gebeurtenis(g: GebeurtenisBeeld) -> GebeurtenisObject:
    def naam(status: Status | None) -> str | None:
        return OVERSTAPPER if status and g.spoor == Spoor.MARKERING else _code(status)

    return GebeurtenisObject(
        volgnr=g.volgnr,
        spoor=g.spoor,
        mbo_instelling=g.mbo_code,
        aanmeld_id=g.aanmeld_id,
        van=naam(g.van),
        naar=naam(g.naar),
        geldig_op=g.geldig_op,
        geregistreerd_op=tijd(g.geregistreerd_op),
        bron=g.bron,
        reden=_reden(g.reden),
    )


def overstap_rij(beeld: OverstapBeeld) -> OverstapRij:
    """The row of an overstap in a list."""
    return OverstapRij(
        id=beeld.id,
        overstapjaar=jaar_naam(beeld.overstapjaar),
        vestiging=beeld.vestiging_code,
        klas=beeld.klas,
        onderwijssoort=beeld.onderwijssoort,
        leerweg=beeld.leerweg,
        leerling=_leerling(beeld.leerling),
        leidende_status=_code(beeld.leidend),
        sinds=beeld.sinds,
        actie_door=beeld.leidend.info.actie_door.value if beeld.leidend else None,
        aan_zet=beeld.aan_zet.value if beeld.aan_zet else None,
        risico=RisicoObject(beeld.risico, [s.value for s in beeld.signalen]),
        sporen=SporenObject(_code(beeld.vo), _code(beeld.leerplicht)) if beeld.ziet_sporen else None,
        potentiele_mbo_ganger=beeld.mbo_ganger,
        aanmeldingen=[_aanmelding(a) for a in beeld.aanmeldingen],
        buiten_de_regio=[_buiten(b) for b in beeld.buiten_de_regio],
    )


def overstap_object(beeld: OverstapBeeld) -> OverstapObject:
    """The whole object of an overstap."""
    rij = msgspec.structs.asdict(overstap_rij(beeld))
    return OverstapObject(**rij, gebeurtenissen=[_gebeurtenis(g) for g in beeld.gebeurtenissen])
