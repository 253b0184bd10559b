"""A leerling goes to another school: within the regio the overstap moves along, to another regio it closes here.

Bron: domein.md 1, Overstap. A pgn alone takes over nobody's leerling: the new school asks by delivering (W303), the old one or the
beheerorganisatie confirms.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence

from django.db import transaction

from accounts.actor import Actor
from accounts.models import Vestiging
from overstap.basis import geheim, klok
from overstap.basis.sleutels import nieuwe_sleutel
from statuses import events
from statuses.actions.daad import GESLOTEN, NIETS_NIEUWS, Daad, beoordeel_elk, noteer, schrijf
from statuses.actions.vragen import VAN_NIEUWE_SCHOOL
from statuses.beoordelen import Context, Geweigerd, Stand
from statuses.models import NietVerwerkt, Overstap, Schoolwissel
from statuses.niet_verwerkt import ANDERE_SCHOOL

# What the new school says about the leerling there; the rest comes along as it is.
VELDEN = VAN_NIEUWE_SCHOOL


def move_overstap(
    overstap_id: uuid.UUID, vestiging_id: uuid.UUID, *, actor: Actor, **velden: str | bool | None
) -> Daad:
    """Move the overstap with all that stands on it to another vestiging of the same regio; ``velden``: see ``VELDEN``.

    The old school keeps a Schoolwissel only. The caller has checked that the actor may decide about this leerling.
    """
    if onbekend := set(velden) - set(VELDEN):
        raise ValueError(f"onbekende velden: {sorted(onbekend)}")
    nieuw = Vestiging.objects.filter(pk=vestiging_id).first()

    def toets(overstap: Overstap, stand: Stand, c: Context) -> Geweigerd | None:
        if stand.gesloten:
            return GESLOTEN
        if nieuw is None or nieuw.regio_id != overstap.regio_id:
            return Geweigerd("school_onbekend", "Kies een school binnen de regio.", "veld", "vestiging")
        return NIETS_NIEUWS if overstap.vestiging_id == vestiging_id else None

    with transaction.atomic():
        [daad], goed, _ = beoordeel_elk([overstap_id], toets)
        for overstap in goed:
            Schoolwissel.objects.create(
                id=nieuwe_sleutel(),
                regio_id=overstap.regio_id,
                overstap_id=overstap.id,
                overstapjaar=overstap.overstapjaar,
                van_vestiging_id=overstap.vestiging_id,
                naar_vestiging_id=vestiging_id,
                door=actor.id,
                op=klok.nu(),
            )
            overstap.vestiging_id = vestiging_id
            overstap.gedeeld_swv_op = None  # the old school shared it; the new one decides by itself
            for naam, waarde in velden.items():
                setattr(overstap, naam, waarde)
            schrijf([overstap], ("vestiging_id", "gedeeld_swv_op", *velden))
            noteer(actor, "school.gewisseld", [overstap])
            events.publiceer([events.leerling_gewijzigd(overstap.regio_id, overstap.id)])
            NietVerwerkt.objects.filter(
                overstap_id=overstap.id, regel=ANDERE_SCHOOL, afgehandeld_op__isnull=True
            ).update(afgehandeld_op=klok.nu())
    return daad


def confirm_schoolwissel(vraag: NietVerwerkt, *, actor: Actor) -> Daad:
    """The old school, or beheer, says that the leerling went to the school that delivered it (W303, ``andere_school``)."""
    if vraag.regel != ANDERE_SCHOOL or vraag.overstap_id is None or vraag.afgehandeld_op is not None:
        return Daad(
            vraag.overstap_id, Geweigerd("vraag_weg", "Deze vraag is er niet meer. Iemand heeft haar al beantwoord.")
        )
    inhoud = json.loads(geheim.ontsleutel(vraag.inhoud, vraag.id))
    velden = {
        naam: inhoud[naam] for naam in VELDEN if naam in inhoud and (inhoud[naam] is not None or naam == "leerweg")
    }
    return move_overstap(vraag.overstap_id, uuid.UUID(inhoud["vestiging"]), actor=actor, **velden)


def close_overstap(overstap_ids: Sequence[uuid.UUID], *, actor: Actor) -> list[Daad]:
    """These leerlingen went to a school in another regio: nothing changes here any more, and they leave the ambities."""
    return _sluit(overstap_ids, True, actor)


def reopen_overstap(overstap_ids: Sequence[uuid.UUID], *, actor: Actor) -> list[Daad]:
    """They did not leave after all."""
    return _sluit(overstap_ids, False, actor)


def _sluit(ids: Sequence[uuid.UUID], dicht: bool, actor: Actor) -> list[Daad]:
    def toets(overstap: Overstap, stand: Stand, c: Context) -> Geweigerd | None:
        einde = c.kalender["einde"]
        if c.vandaag > einde:
            return Geweigerd(
                "jaar_gesloten",
                f"Dit overstapjaar is gesloten sinds {einde:%d-%m-%Y}. Er kan niets meer in veranderen.",
            )
        return NIETS_NIEUWS if stand.gesloten == dicht else None

    with transaction.atomic():
        uit, goed, _ = beoordeel_elk(ids, toets)
        for overstap in goed:
            overstap.gesloten_op = klok.vandaag() if dicht else None
        schrijf(goed, ("gesloten_op",))
        noteer(actor, "overstap.gesloten" if dicht else "overstap.heropend", goed)
        events.publiceer([events.leerling_gewijzigd(o.regio_id, o.id) for o in goed])
    return uit
