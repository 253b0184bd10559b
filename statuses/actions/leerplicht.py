"""Who of leerplicht has a leerling: a colleague, or another gemeente of the regio. Statussen go through change_status."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction

from accounts.actor import Actor
from accounts.models import Gemeente, Lidmaatschap
from accounts.rechten import Rol
from overstap.basis import klok
from overstap.basis.sleutels import nieuwe_sleutel
from statuses import events
from statuses.actions.daad import GESLOTEN, NIETS_NIEUWS, Daad, beoordeel_elk, noteer, schrijf
from statuses.beoordelen import Context, Geweigerd, Stand
from statuses.models import Leerling, Overdracht, Overstap
from statuses.status import LEERPLICHT_AAN_HET_WERK, Status

_MAX_TEKST = 2000


def bij_leerplicht(overstap: Overstap, stand: Stand, c: Context) -> Geweigerd | None:
    if stand.gesloten:
        return GESLOTEN
    einde = c.kalender["einde_leerplichtspoor"]
    if c.vandaag > einde:
        return Geweigerd(
            "jaar_gesloten", f"Dit overstapjaar is gesloten sinds {einde:%d-%m-%Y}. Er kan niets meer in veranderen."
        )
    if stand.leerplicht not in LEERPLICHT_AAN_HET_WERK:
        return Geweigerd(
            "niet_bij_leerplicht", "Deze leerling is niet bij leerplicht. Neem de leerling eerst in behandeling."
        )
    return None


def assign_leerplicht(overstap_ids: Sequence[uuid.UUID], eigenaar_id: uuid.UUID, *, actor: Actor) -> list[Daad]:
    """Give leerlingen in behandeling to a colleague of the own organisatie. A stranger there is refused for all."""
    collega = Lidmaatschap.objects.filter(
        gebruiker_id=eigenaar_id,
        gebruiker__is_active=True,
        organisatie_id=actor.eigen_organisatie,
        rol=Rol.LEERPLICHT.value,
        beeindigd_op__isnull=True,
    ).exists()

    def toets(overstap: Overstap, stand: Stand, c: Context) -> Geweigerd | None:
        if tegen := bij_leerplicht(overstap, stand, c):
            return tegen
        if not collega:
            return Geweigerd(
                "geen_collega", "Kies een collega van leerplicht binnen uw eigen organisatie.", "veld", "eigenaar"
            )
        if stand.leerplicht != Status.LP_IN_BEHANDELING:
            return Geweigerd(
                "niet_in_behandeling", "Neem deze leerling eerst in behandeling. Daarna kunt u de leerling overdragen."
            )
        return NIETS_NIEUWS if overstap.leerplicht_eigenaar_id == eigenaar_id else None

    with transaction.atomic():
        uit, goed, _ = beoordeel_elk(overstap_ids, toets)
        for overstap in goed:
            overstap.leerplicht_eigenaar_id = eigenaar_id
        schrijf(goed, ("leerplicht_eigenaar_id",))
        noteer(actor, "leerplicht.toegewezen", goed)
        events.publiceer([events.leerplicht_overgedragen(o.regio_id, o.id, "collega") for o in goed])
    return uit


def hand_over_leerplicht(overstap_id: uuid.UUID, gemeente_code: str, tekst: str, *, actor: Actor) -> Daad:
    """Hand a leerling over to another gemeente of the regio, which sees the leerling from now on beside the woongemeente.

    ``tekst`` says why; without ground (domein.md 7) it goes without. To the woongemeente it goes back.
    """
    gemeente = Gemeente.objects.filter(pk=gemeente_code).first()

    def toets(overstap: Overstap, stand: Stand, c: Context) -> Geweigerd | None:
        if tegen := bij_leerplicht(overstap, stand, c):
            return tegen
        if gemeente is None or gemeente.regio_id != overstap.regio_id:
            return Geweigerd(
                "gemeente_onbekend", "Kies een gemeente binnen de regio van de school.", "veld", "gemeente"
            )
        if tekst.strip() and not stand.grondslag:
            return Geweigerd(
                "toelichting_mag_niet",
                "Er is bezwaar of geen toestemming: bij deze leerling mag geen toelichting mee. Draag over zonder tekst.",
                "veld",
                "tekst",
            )
        if not tekst.strip() and stand.grondslag:
            return Geweigerd("toelichting_ontbreekt", "Schrijf kort waarom u de leerling overdraagt.", "veld", "tekst")
        nu = overstap.leerplicht_gemeente_id or woont.get(overstap.leerling_id)
        return NIETS_NIEUWS if nu == gemeente_code else None

    with transaction.atomic():
        woont = dict(Leerling.objects.filter(overstappen=overstap_id).values_list("id", "gemeente_id"))
        [daad], goed, _ = beoordeel_elk([overstap_id], toets)
        for overstap in goed:
            naar_huis = woont.get(overstap.leerling_id) == gemeente_code
            overstap.leerplicht_gemeente_id = None if naar_huis else gemeente_code
            overstap.leerplicht_eigenaar_id = None
            Overdracht.objects.create(
                id=nieuwe_sleutel(),
                regio_id=overstap.regio_id,
                overstap_id=overstap.id,
                gemeente_id=gemeente_code,
                tekst=tekst.strip()[:_MAX_TEKST],
                door=actor.id,
                op=klok.nu(),
            )
            schrijf([overstap], ("leerplicht_gemeente_id", "leerplicht_eigenaar_id"))
            noteer(actor, "leerplicht.overgedragen", [overstap], doel=gemeente_code)
            events.publiceer([events.leerplicht_overgedragen(overstap.regio_id, overstap.id, "gemeente")])
    return daad
