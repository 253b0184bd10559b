"""Fold an allowed request over the rows, in memory: the next request of the batch sees it."""

from __future__ import annotations

import uuid

from accounts.actor import Actor
from overstap.basis import klok
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import nieuwe_rij
from statuses.actions.laden import Geladen
from statuses.actions.partij import AanmeldingVelden, Partij, Wijziging
from statuses.beoordelen import AanmeldStand, Toegestaan, Verzoek
from statuses.models import Aanmelding, Overstap
from statuses.status import OPEN_OF_DEFINITIEF, TERUG, Spoor, Status


def nieuwe_aanmelding(
    w: Wijziging, v: Verzoek, uitkomst: Toegestaan, overstap: Overstap, geladen: Geladen, partij: Partij, bron: str
) -> Aanmelding:
    velden = w.velden or AanmeldingVelden()
    overstap.aantal_aanmeldingen += 1
    pk = nieuwe_sleutel()
    aanmelding = nieuwe_rij(
        Aanmelding,
        id=pk,
        regio_id=overstap.regio_id,
        overstap_id=overstap.id,
        overstapjaar=overstap.overstapjaar,
        mbo_id=_bekend(v.mbo_id),
        aanmeld_id=velden.aanmeld_id or str(pk),
        nr=overstap.aantal_aanmeldingen,
        opleiding=v.opleiding,
        bron=bron or v.via.value,
        aanmeld_datum=velden.aanmeld_datum or uitkomst.geldig_op,
    )
    geladen.voeg_toe(aanmelding)
    partij.nieuw.append(aanmelding)
    return aanmelding


def _bekend(mbo_id: uuid.UUID | None) -> uuid.UUID:
    if mbo_id is None:
        raise ValueError("Een nieuwe aanmelding hoort bij een mbo-instelling.")
    return mbo_id


def zet_velden(aanmelding: Aanmelding, velden: AanmeldingVelden, partij: Partij) -> None:
    for naam in (
        "crebo",
        "opleiding",
        "niveau",
        "leerweg",
        "volgnummer",
        "aanmeld_datum",
        "aanwezigheid",
        "startkwalificatie",
        "inhoud_hash",
    ):
        waarde = getattr(velden, naam)
        if naam == "aanwezigheid" and waarde is not None and waarde != aanmelding.aanwezigheid:
            aanmelding.aanwezigheid_op = klok.vandaag() if waarde else None
        leeg = waarde is None or (waarde == "" and naam != "aanwezigheid") or (naam == "volgnummer" and waarde == 0)
        if not leeg:
            setattr(aanmelding, naam, waarde)
    if not aanmelding._state.adding:
        partij.gewijzigd[aanmelding.id] = aanmelding


def zet_stand(
    geladen: Geladen,
    overstap: Overstap,
    v: Verzoek,
    uitkomst: Toegestaan,
    aanmelding: Aanmelding | None,
    velden: AanmeldingVelden | None,
    partij: Partij,
    actor: Actor,
) -> None:
    """Fold the request over the stand, in memory: the next request of the batch sees it."""
    stand = geladen.standen[overstap.id]
    if v.spoor == Spoor.MARKERING:
        stand.gemarkeerd_sinds = overstap.gemarkeerd_sinds = uitkomst.geldig_op if v.naar else None
        stand.markering_sinds = overstap.markering_sinds = uitkomst.geldig_op
    elif v.spoor == Spoor.VO:
        stand.vo = overstap.spoor_vo = v.naar
        stand.vo_sinds = overstap.vo_sinds = uitkomst.geldig_op
        stand.vo_reden = overstap.vo_reden = v.reden_code if v.naar else ""
        stand.vo_zekerheid = overstap.vo_zekerheid = v.zekerheid if v.naar else ""
        stand.vo_naar_mbo = overstap.vo_naar_mbo = v.naar_mbo if v.naar else None
    elif v.spoor == Spoor.LEERPLICHT:
        stand.leerplicht = overstap.spoor_leerplicht = v.naar
        stand.leerplicht_sinds = overstap.leerplicht_sinds = uitkomst.geldig_op
        if v.naar == Status.LP_IN_BEHANDELING:
            overstap.leerplicht_eigenaar_id = actor.id
        elif v.naar in (None, Status.LP_INGESCHAKELD):  # a new start, at the woongemeente
            overstap.leerplicht_eigenaar_id = overstap.leerplicht_gemeente_id = None
    else:
        assert aanmelding is not None
        assert v.naar is not None
        _val_terug(aanmelding, v.naar, partij)
        aanmelding.status, aanmelding.status_datum, aanmelding.reden_code = v.naar, uitkomst.geldig_op, v.reden_code
        aanmelding.advies = v.advies.strip()[:200] if v.naar in TERUG else ""
        if v.naar != Status.DEFINITIEF:  # show and no-show belong to this placement
            aanmelding.aanwezigheid, aanmelding.aanwezigheid_op, aanmelding.verzuimloket_op = "", None, None
        stand.aanmeldingen[aanmelding.nr] = AanmeldStand(
            aanmelding.nr,
            aanmelding.mbo_id,
            v.naar,
            uitkomst.geldig_op,
            aanmelding.aanwezigheid,
            aanmelding.crebo,
            v.reden_code,
        )
        zet_velden(aanmelding, velden or AanmeldingVelden(), partij)
    nieuw = stand.leidend
    if nieuw != overstap.leidende_status:
        overstap.leidende_status = nieuw
        overstap.leidend_sinds = uitkomst.geldig_op if nieuw else None


def _val_terug(aanmelding: Aanmelding, naar: Status, partij: Partij) -> None:
    """Keep when it went to 4, 5 or back a step, and from where; until it stands there again. Bron: domein.md 2, terugval."""
    van = aanmelding.status
    if van is None:  # a new one
        return
    hoogste = max(van if van in OPEN_OF_DEFINITIEF else 0, aanmelding.teruggevallen_van or 0)
    terug = naar in TERUG or (naar in OPEN_OF_DEFINITIEF and naar < van)
    if terug and van in OPEN_OF_DEFINITIEF:
        aanmelding.teruggevallen_op, aanmelding.teruggevallen_van = partij.nu, hoogste
    elif naar >= hoogste or naar == Status.BEEINDIGD:
        aanmelding.teruggevallen_op = aanmelding.teruggevallen_van = None
