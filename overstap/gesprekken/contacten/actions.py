"""The only writer of contactpersonen: keep, take away, confirm, and ask an organisatie who does what."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts import audit
from accounts.actor import Actor
from accounts.models import Organisatie
from accounts.rechten import Recht, Rol
from overstap.basis import klok
from overstap.gesprekken.contacten.lijst import mag_beheren, met_hiaat
from overstap.gesprekken.models import Contactpersoon
from overstap.gesprekken.post import Post, stuur
from overstap.gesprekken.post.ontvangers import actieve_leden
from overstap.gesprekken.post.soorten import Soort

VELDEN = ("naam", "functie", "email", "telefoon", "monitoren", "aanjagen", "signaleren", "mailbox")


class ContactFout(ValueError):
    """Why a contact cannot be kept, as a Dutch sentence; ``veld`` names what is wrong."""

    def __init__(self, melding: str, veld: str = "") -> None:
        super().__init__(melding)
        self.veld = veld


def _vereis(actor: Actor, organisatie_id: uuid.UUID) -> None:
    if not mag_beheren(actor, organisatie_id):
        raise PermissionDenied("U kunt alleen de contacten van uw eigen organisatie wijzigen.")


@transaction.atomic
def save_contact(
    velden: Mapping[str, Any],
    *,
    actor: Actor,
    organisatie: Organisatie,
    regio: str,
    contact: Contactpersoon | None = None,
) -> Contactpersoon:
    """Write a new contact, or change one; it counts as confirmed today. Raises ContactFout for an address that is there."""
    _vereis(actor, organisatie.pk)
    adres = str(velden["email"]).strip().lower()
    staat_er_al = f"{organisatie.naam} heeft al een contact met dit e-mailadres. Pas dat contact aan."
    zelfde = Contactpersoon.objects.filter(regio_id=regio, organisatie=organisatie, email=adres)
    if (zelfde.exclude(pk=contact.pk) if contact else zelfde).exists():
        raise ContactFout(staat_er_al, "email")
    if velden["mailbox"] and any(velden[v] for v in ("monitoren", "aanjagen", "signaleren")):
        raise ContactFout("Een mailbox kan niets op zich nemen. Leg dit bij een persoon.", "mailbox")
    nieuw = contact is None
    rij = contact or Contactpersoon(regio_id=regio, organisatie=organisatie)
    if rij.email != adres:
        rij.gestuiterd_op = None
    for naam in VELDEN:
        setattr(rij, naam, velden[naam])
    rij.email, rij.bevestigd_op, rij.bevestigd_door = adres, klok.vandaag(), actor.id
    try:
        with transaction.atomic():  # a savepoint: after the refusal the request still writes
            rij.save()
    except IntegrityError as fout:
        # Somebody else saved the same address after the look above.
        if "contactpersoon_uniek" not in str(fout):
            raise
        raise ContactFout(staat_er_al, "email") from fout
    handeling = "contact.maken" if nieuw else "contact.wijzigen"
    audit.log(actor, handeling, regio=regio, object_soort="contactpersoon", object_id=rij.pk)
    return rij


@transaction.atomic
def delete_contact(contact: Contactpersoon, *, actor: Actor) -> None:
    """Take a contact away; what was told to it goes too."""
    _vereis(actor, contact.organisatie_id)
    audit.log(actor, "contact.verwijderen", regio=contact.regio_id, object_soort="contactpersoon", object_id=contact.pk)
    contact.delete()


@transaction.atomic
def confirm_contacten(ids: Iterable[uuid.UUID], *, actor: Actor) -> int:
    """ "Klopt nog": these contacten of the own organisatie are right today; a bounce is forgotten. How many."""
    if not actor.mag(Recht.CONTACTEN_BEHEREN):
        raise PermissionDenied("Uw rol mag dit niet.")
    rijen = Contactpersoon.objects.filter(pk__in=list(ids))
    if actor.rol != Rol.BEHEERORGANISATIE:
        rijen = rijen.filter(organisatie_id=actor.eigen_organisatie)
    per_regio: dict[str, list[uuid.UUID]] = defaultdict(list)
    for pk, regio in rijen.select_for_update().values_list("pk", "regio_id"):
        per_regio[regio].append(pk)
    gekozen = [pk for deel in per_regio.values() for pk in deel]
    Contactpersoon.objects.filter(pk__in=gekozen).update(
        bevestigd_op=klok.vandaag(), bevestigd_door=actor.id, gestuiterd_op=None
    )
    audit.log_regels(
        audit.regel(actor, "contact.bevestigen", regio=regio, object_soort="contactpersoon", object_id=pk)
        for regio, deel in per_regio.items()
        for pk in deel
    )
    return len(gekozen)


@dataclass(frozen=True, slots=True)
class Gevraagd:
    """What came of asking: organisaties that get a mail, were asked today already, and have nobody to ask."""

    gemaild: list[Organisatie]
    al_gevraagd: list[Organisatie]
    niemand: list[Organisatie]


@transaction.atomic
def ask_responsibilities(ids: Iterable[uuid.UUID], *, actor: Actor) -> Gevraagd:
    """Ask each organisatie with a gap who monitors, spurs on and signals; once a day.

    Its functioneel beheerders are asked, and where there are none, the contacts that it has.
    """
    if not actor.mag(Recht.BEHEREN):
        raise PermissionDenied("Alleen de beheerorganisatie vraagt dit aan organisaties.")
    regio, dag = actor.regio, klok.vandaag()
    gekozen = list(met_hiaat(actor).filter(pk__in=list(ids)).order_by("naam"))
    aan: dict[uuid.UUID, list[tuple[str, uuid.UUID]]] = defaultdict(list)
    leden = actieve_leden([Rol.FUNCTIONEEL_BEHEERDER]).filter(organisatie_id__in=[o.pk for o in gekozen])
    for organisatie_id, gebruiker_id in leden.values_list("organisatie_id", "gebruiker_id"):
        aan[organisatie_id].append(("gebruiker", gebruiker_id))
    zonder = [o.pk for o in gekozen if o.pk not in aan]
    contacten = Contactpersoon.objects.filter(organisatie_id__in=zonder, gestuiterd_op__isnull=True)
    for organisatie_id, contact_id in contacten.values_list("organisatie_id", "pk"):
        aan[organisatie_id].append(("contact", contact_id))
    posten = [
        Post(
            Soort.CONTACT_GEVRAAGD, regio, f"contact_gevraagd:{o.pk}:{pk}:{dag}", organisatie=o.pk,
            inhoud={"vraag": f"zoek={o.code}"}, **{wie: pk},
        )
        for o in gekozen
        for wie, pk in aan.get(o.pk, ())
    ]  # fmt: skip
    nieuw = {sleutel.split(":")[1] for sleutel in stuur(posten)}
    gemaild = [o for o in gekozen if str(o.pk) in nieuw]
    audit.log_regels(
        audit.regel(actor, "contact.vragen", regio=regio, object_soort="organisatie", object_id=o.pk) for o in gemaild
    )
    return Gevraagd(
        gemaild,
        [o for o in gekozen if o.pk in aan and o not in gemaild],
        [o for o in gekozen if o.pk not in aan],
    )
