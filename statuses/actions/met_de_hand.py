"""What a medewerker of an mbo records without a feed: an aanmelding, and for which opleiding one is. Bron: architectuur.md, Settled 16."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts.actor import Actor
from overstap.basis import klok, slot
from overstap.basis.stapel import werk_bij
from statuses import events
from statuses.actions.daad import NIETS_NIEUWS, ONBEKEND, Daad, beoordeel_elk, noteer, open_en_gemarkeerd, schrijf
from statuses.actions.schrijven import AanmeldingVelden, Wijziging, change_statuses
from statuses.beoordelen import Context, Geweigerd, Stand, Verzoek
from statuses.models import Aanmelding, Overstap
from statuses.overgangen import Via
from statuses.status import OPEN_OF_DEFINITIEF, Spoor, Status


@dataclass(frozen=True, slots=True)
class Keuze:
    """An opleiding of the reference, and in which leerweg (bol, bbl or not known)."""

    crebo: str
    naam: str
    niveau: int
    leerweg: str = ""


def one_by_one(mbo_id: uuid.UUID) -> None:
    """Feeds and hands at one mbo come one after the other: both may bring the same aanmeldId. Until the end of the transaction."""
    slot.neem(f"aanmeldingen:{mbo_id}")


def _staat_er_al(
    overstap_id: uuid.UUID, jaar: int, mbo_id: uuid.UUID, keuze: Keuze, aanmeld_id: str
) -> Geweigerd | None:
    zelfde = (
        Aanmelding.objects.filter(overstap_id=overstap_id, mbo_id=mbo_id, crebo=keuze.crebo).order_by("-status").first()
    )
    if zelfde is not None and zelfde.status_nu in OPEN_OF_DEFINITIEF:
        return Geweigerd(
            "al_aangemeld", "Deze leerling is bij u al aangemeld voor deze opleiding.", "veld", "opleiding"
        )
    if zelfde is not None:
        return Geweigerd(
            "al_aangemeld",
            "Er is al een aanmelding voor deze opleiding, en die is gestopt. Open de leerling en kies 'Meld opnieuw aan'.",
            "veld", "opleiding",
        )  # fmt: skip
    if aanmeld_id and Aanmelding.objects.filter(mbo_id=mbo_id, overstapjaar=jaar, aanmeld_id=aanmeld_id).exists():
        return Geweigerd("aanmeld_id_bezet", "Dit nummer hoort al bij een andere aanmelding.", "veld", "aanmeld_id")
    return None


def add_aanmelding(
    overstap_id: uuid.UUID, keuze: Keuze, *, op: date | None = None, aanmeld_id: str = "", actor: Actor
) -> Daad:
    """A new aanmelding (status 7) of a marked overstapper at the actor's own mbo.

    ``aanmeld_id`` is the number in the own system, by which a feed knows it later. The caller has checked that this person
    may reach this overstap.
    """
    mbo_id = actor.eigen_organisatie
    with transaction.atomic():
        one_by_one(mbo_id)
        jaar = Overstap.objects.filter(pk=overstap_id).values_list("overstapjaar", flat=True).first()
        if jaar is None:
            return Daad(overstap_id, ONBEKEND)
        if tegen := _staat_er_al(overstap_id, jaar, mbo_id, keuze, aanmeld_id):
            return Daad(overstap_id, tegen)
        dag = op or klok.vandaag()
        verzoek = Verzoek(
            Spoor.AANMELDING, Status.AANGEMELD, actor.rol, Via.PAGINA, dag, mbo_id=mbo_id, opleiding=keuze.naam
        )
        velden = AanmeldingVelden(
            aanmeld_id, keuze.crebo, keuze.naam, keuze.niveau, keuze.leerweg, aanmeld_datum=dag
        )  # fmt: skip
        [uit] = change_statuses([Wijziging(overstap_id, verzoek, velden=velden)], actor=actor, bron="hand")
    geweigerd = uit.uitkomst if isinstance(uit.uitkomst, Geweigerd) else None
    return Daad(overstap_id, geweigerd, uit.aanmelding_id)


def change_opleiding(aanmelding_ids: Sequence[uuid.UUID], keuze: Keuze, *, actor: Actor) -> list[Daad]:
    """These aanmeldingen are for another opleiding than stands there; the status stays."""
    met = {a.pk: a for a in Aanmelding.objects.filter(pk__in=list(aanmelding_ids))}
    nieuw = {"crebo": keuze.crebo, "opleiding": keuze.naam, "niveau": keuze.niveau, "leerweg": keuze.leerweg}

    def toets(overstap: Overstap, stand: Stand, c: Context) -> Geweigerd | None:
        return open_en_gemarkeerd(overstap, stand, c)

    with transaction.atomic():
        oordelen, goed, geladen = beoordeel_elk([a.overstap_id for a in met.values()], toets)
        tegen = {d.overstap_id: d.geweigerd for d in oordelen}
        uit: list[Daad] = []
        anders: list[Aanmelding] = []
        for pk in aanmelding_ids:
            rij = geladen.aanmelding(met[pk].overstap_id, pk) if pk in met else None
            if rij is None:
                uit.append(Daad(None, ONBEKEND, pk))
                continue
            weigering = tegen[rij.overstap_id] or _zet(rij, nieuw)
            uit.append(Daad(rij.overstap_id, weigering, pk))
            if weigering is None:
                anders.append(rij)
        geraakt = [o for o in goed if o.id in {a.overstap_id for a in anders}]
        werk_bij(Aanmelding, anders, tuple(nieuw))
        schrijf(geraakt, ())
        noteer(actor, "opleiding.gewijzigd", geraakt, soort="aanmelding")
        events.publiceer([events.leerling_gewijzigd(o.regio_id, o.id) for o in geraakt])
    return uit


def _zet(rij: Aanmelding, waarden: Mapping[str, object]) -> Geweigerd | None:
    if all(getattr(rij, naam) == waarde for naam, waarde in waarden.items()):
        return NIETS_NIEUWS
    for naam, waarde in waarden.items():
        setattr(rij, naam, waarde)
    return None
