"""Drie vragen, warme overdracht and the last message in the envelop: what school and mbo tell each other at an aanmelding."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from django.db import transaction

from accounts.actor import Actor
from overstap.basis import klok
from overstap.basis.sleutels import nieuwe_sleutel
from statuses import events
from statuses.actions.daad import (
    GROND_ONTBREEKT,
    NIETS_NIEUWS,
    ONBEKEND,
    Daad,
    beoordeel_elk,
    noteer,
    open_en_gemarkeerd,
    schrijf,
)
from statuses.beoordelen import Context, Geweigerd, Stand
from statuses.models import Aanmelding, DrieVragen, Overstap
from statuses.status import OPEN_OF_DEFINITIEF, Partij


def choose_drie_vragen(overstap_ids: Sequence[uuid.UUID], aan: bool, *, actor: Actor) -> list[Daad]:
    """The decaan wants the drie vragen for these leerlingen, or not any more. Bron: domein.md 3, VO2f."""
    return _kies(overstap_ids, "drie_vragen_gekozen_op", aan, actor, "drie_vragen")


def choose_warme_overdracht(overstap_ids: Sequence[uuid.UUID], aan: bool = True, *, actor: Actor) -> list[Daad]:
    """The decaan wants a warme overdracht for these leerlingen, or not any more. Bron: domein.md 3, VO2c."""
    return _kies(overstap_ids, "warme_overdracht_gekozen_op", aan, actor, "warme_overdracht")


def _kies(ids: Sequence[uuid.UUID], veld: str, aan: bool, actor: Actor, naam: str) -> list[Daad]:
    waarde: date | None = klok.vandaag() if aan else None

    def toets(overstap: Overstap, stand: Stand, c: Context) -> Geweigerd | None:
        if tegen := open_en_gemarkeerd(overstap, stand, c):
            return tegen
        if aan and not stand.grondslag_mbo:
            return GROND_ONTBREEKT
        return NIETS_NIEUWS if (getattr(overstap, veld) is not None) == aan else None

    with transaction.atomic():
        uit, goed, _ = beoordeel_elk(ids, toets)
        for overstap in goed:
            setattr(overstap, veld, waarde)
        schrijf(goed, (veld,), versie=False)
        noteer(actor, f"{naam}.{'gekozen' if aan else 'weg'}", goed)
    return uit


def _geen_antwoord_hier(aanmelding: Aanmelding) -> Geweigerd | None:
    if aanmelding.status_nu in OPEN_OF_DEFINITIEF:
        return None
    return Geweigerd(
        "aanmelding_gestopt", "Deze aanmelding is gestopt. Er valt voor dit mbo niets meer te beantwoorden."
    )


def answer_drie_vragen(aanmelding_id: uuid.UUID, nummer: int, antwoord: bool | None, *, actor: Actor) -> Daad:
    """Keep the answer to question 1, 2 or 3 at this aanmelding; None takes it back. Tells the mbo. Bron: domein.md 3.

    For a leerling that the decaan chose only. A changed answer is unseen again.
    """
    if nummer not in (1, 2, 3):
        raise ValueError(f"onbekende vraag: {nummer}")
    aanmelding = Aanmelding.objects.filter(pk=aanmelding_id).first()
    if aanmelding is None:
        return Daad(None, ONBEKEND, aanmelding_id)

    def toets(overstap: Overstap, stand: Stand, c: Context) -> Geweigerd | None:
        if tegen := open_en_gemarkeerd(overstap, stand, c) or _geen_antwoord_hier(aanmelding):
            return tegen
        if not stand.grondslag_mbo:
            return GROND_ONTBREEKT
        if overstap.drie_vragen_gekozen_op is None:
            return Geweigerd("niet_gekozen", "Kies deze leerling eerst voor de drie vragen. Daarna kunt u antwoorden.")
        return None

    with transaction.atomic():
        # The lock of the overstap: two answers that save themselves at once come one after the other.
        uit, goed, _ = beoordeel_elk([aanmelding.overstap_id], toets)
        if not goed:
            return Daad(aanmelding.overstap_id, uit[0].geweigerd, aanmelding_id)
        rij = DrieVragen.objects.filter(aanmelding_id=aanmelding_id).first() or DrieVragen(
            id=nieuwe_sleutel(),
            regio_id=aanmelding.regio_id,
            overstap_id=aanmelding.overstap_id,
            aanmelding_id=aanmelding_id,
        )
        if getattr(rij, f"antwoord_{nummer}") == antwoord:
            return Daad(aanmelding.overstap_id, NIETS_NIEUWS, aanmelding_id)
        setattr(rij, f"antwoord_{nummer}", antwoord)
        if nummer == 2:
            rij.overdracht_op = klok.nu() if antwoord else None
        rij.beantwoord_op = klok.nu() if any(a is not None for a in rij.antwoorden) else None
        rij.beantwoord_door = actor.id if rij.beantwoord_op else None
        rij.gezien_op = rij.gezien_door = None
        rij.save()
        schrijf(goed, (), versie=False)
        noteer(actor, "drie_vragen.beantwoord", goed, doel=f"vraag_{nummer}")
        events.publiceer([events.drie_vragen_beantwoord(rij.regio_id, rij.overstap_id, aanmelding_id)])
    return Daad(aanmelding.overstap_id, None, aanmelding_id)


def see_drie_vragen(aanmelding_ids: Sequence[uuid.UUID], *, actor: Actor) -> int:
    """The mbo read the answers; gives how many were new to it. Idempotent."""
    with transaction.atomic():
        rijen = list(
            DrieVragen.objects.filter(
                aanmelding_id__in=list(aanmelding_ids), beantwoord_op__isnull=False, gezien_op__isnull=True
            )
            .select_related("overstap")
            .order_by("aanmelding_id")
            .select_for_update(of=("self",))
        )
        DrieVragen.objects.filter(pk__in=[r.pk for r in rijen]).update(gezien_op=klok.nu(), gezien_door=actor.id)
        noteer(actor, "drie_vragen.gezien", [r.overstap for r in rijen])
    return len(rijen)


def record_bericht(aanmelding_id: uuid.UUID, partij: Partij, *, actor: Actor) -> None:
    """A message of the school or the mbo went into the envelop of this aanmelding; the conversation itself logs and tells."""
    record_berichten([aanmelding_id], partij, actor=actor)


def record_berichten(aanmelding_ids: Sequence[uuid.UUID], partij: Partij, *, actor: Actor) -> None:
    """The same for many, in one statement."""
    veld = {Partij.VO: "bericht_vo_op", Partij.MBO: "bericht_mbo_op"}[partij]
    Aanmelding.objects.filter(pk__in=list(aanmelding_ids)).update(**{veld: klok.nu()})
