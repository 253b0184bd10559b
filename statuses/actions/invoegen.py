"""A forgotten step of the past: judged by what stood there that day, and the later ones registered again behind it."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Mapping
from datetime import date

from accounts.actor import Actor
from statuses.actions.partij import Partij, Resultaat, gebeurtenis, spoor_nummer
from statuses.beoordelen import Geweigerd, Stand, Toegestaan, Verzoek
from statuses.models import Aanmelding, Gebeurtenis, Overstap, Toelichting
from statuses.status import Spoor, Status

# What stands on one spoor, day by day, as known now: per geldig_op the last registered.
Verloop = Mapping[date, Gebeurtenis]


def verloop_van(overstap: Overstap, v: Verzoek, aanmelding: Aanmelding | None) -> Verloop:
    """The history of the spoor of this request, with its texts; one query."""
    verloop: dict[date, Gebeurtenis] = {}
    rijen = Gebeurtenis.objects.filter(overstap_id=overstap.id, spoor=spoor_nummer(v, aanmelding))
    for g in rijen.select_related("toelichting").order_by("volgnr"):
        verloop = {dag: rij for dag, rij in verloop.items() if dag < g.geldig_op} | {g.geldig_op: g}
    return dict(sorted(verloop.items()))


def _toen(verloop: Verloop, dag: date) -> Gebeurtenis | None:
    return next((g for op, g in reversed(list(verloop.items())) if op <= dag), None)


def stand_toen(stand: Stand, v: Verzoek, verloop: Verloop) -> Stand:
    """The stand with this one spoor as it was on ``v.geldig_op``; the others as they are now.

    Before the first known step of an aanmelding (a feed may begin at any) nothing is known: there it is judged by now.
    """
    g = _toen(verloop, v.geldig_op)
    status = Status(g.naar) if g is not None and g.naar else None
    sinds = g.geldig_op if g is not None else None
    if v.spoor == Spoor.MARKERING:
        return dataclasses.replace(stand, gemarkeerd_sinds=sinds if status else None, markering_sinds=sinds)
    if v.spoor == Spoor.VO:
        reden, zekerheid, naar_mbo = ("", "", None) if g is None else (g.reden_code, g.zekerheid, g.naar_mbo)
        return dataclasses.replace(
            stand, vo=status, vo_sinds=sinds, vo_reden=reden, vo_zekerheid=zekerheid, vo_naar_mbo=naar_mbo
        )
    if v.spoor == Spoor.LEERPLICHT:
        return dataclasses.replace(stand, leerplicht=status, leerplicht_sinds=sinds)
    if status is None or sinds is None or v.nr is None:
        return stand
    toen = dataclasses.replace(stand.aanmeldingen[v.nr], status=status, sinds=sinds)
    return dataclasses.replace(stand, aanmeldingen=stand.aanmeldingen | {v.nr: toen})


def stond_er_al(v: Verzoek, verloop: Verloop) -> Geweigerd | None:
    """The refusal of a step that says what that day says already."""
    g = _toen(verloop, v.geldig_op)
    if (Status(g.naar) if g is not None and g.naar else None) != v.naar:
        return None
    return Geweigerd("geen_wijziging", "Dit stond er die dag al. Er is niets gewijzigd.", "geen_wijziging")


def voeg_in(
    v: Verzoek,
    uitkomst: Toegestaan,
    overstap: Overstap,
    aanmelding: Aanmelding | None,
    verloop: Verloop,
    partij: Partij,
    actor: Actor,
    bron: str,
) -> Resultaat:
    """Register the step, and what came later again with its reden and text, so that today's stand stays."""
    toen = _toen(verloop, uitkomst.geldig_op)
    van = Status(toen.naar) if toen is not None and toen.naar else None
    eerste = gebeurtenis(overstap, v, uitkomst, aanmelding, van, partij, actor, bron)
    vorige = v.naar
    for dag, oud in verloop.items():
        if dag <= uitkomst.geldig_op:
            continue
        naar = Status(oud.naar) if oud.naar else None
        bij = oud.toelichting if hasattr(oud, "toelichting") else Toelichting()
        herhaald = Verzoek(
            v.spoor, naar, v.rol, v.via, dag, oud.reden_code, bij.tekst, oud.zekerheid, oud.naar_mbo, v.nr,
            voor_school=bij.voor_school, contact=bij.contact,
        )  # fmt: skip
        opnieuw = Toegestaan(uitkomst.overgang, dag, True)
        gebeurtenis(overstap, herhaald, opnieuw, aanmelding, vorige, partij, actor, bron)
        vorige = naar
    aanmelding_id: uuid.UUID | None = aanmelding.id if aanmelding else None
    return Resultaat(overstap.id, uitkomst, aanmelding_id, eerste.id)
