"""What aanjager and school agreed at a step of the aanjager: one row more, never a row changed."""

from __future__ import annotations

import uuid

from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from accounts.models import Vestiging
from overstap.basis import klok
from overstap.basis.sleutels import nieuwe_sleutel
from statuses.beoordelen import Geweigerd
from statuses.models import SchoolContact

_MAX_NOTITIE = 1000


def record_schoolcontact(
    vestiging_id: uuid.UUID, overstapjaar: int, stap: str, antwoord: str, notitie: str = "", *, actor: Actor
) -> SchoolContact | Geweigerd:
    """Keep the answer of a school at AJ1 to AJ4: besproken, klopt, achterstand or steun_nodig. Bron: domein.md 3, AJ1-AJ4.

    The caller has checked that the vestiging is in the scope of the actor. An unknown stap raises.
    """
    if stap not in SchoolContact.STAPPEN:
        raise ValueError(f"onbekende stap: {stap}")
    if antwoord not in SchoolContact.ANTWOORDEN:
        return Geweigerd("antwoord_onbekend", "Kies wat de school antwoordt.", "veld", "antwoord")
    if antwoord == "steun_nodig" and not notitie.strip():
        return Geweigerd("notitie_ontbreekt", "Schrijf kort welke steun de school nodig heeft.", "veld", "notitie")
    vestiging = Vestiging.objects.filter(pk=vestiging_id, regio_id__in=sorted(actor.regios)).first()
    if vestiging is None:
        return Geweigerd("onbekend", "Deze school bestaat niet of is voor u niet zichtbaar.")
    with transaction.atomic():
        rij = SchoolContact.objects.create(
            id=nieuwe_sleutel(),
            regio_id=vestiging.regio_id,
            vestiging=vestiging,
            overstapjaar=overstapjaar,
            stap=stap,
            antwoord=antwoord,
            notitie=notitie.strip()[:_MAX_NOTITIE],
            door=actor.id,
            op=klok.nu(),
        )
        audit.log(
            actor,
            "schoolcontact.gezet",
            regio=vestiging.regio_id,
            object_soort="vestiging",
            object_id=vestiging.id,
            doel=stap,
        )
    return rij
