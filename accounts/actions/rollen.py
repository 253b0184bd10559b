"""Keep the accounts of an organisatie: for which part a role is, another address, a new invitation, a lost second step."""

from __future__ import annotations

import uuid

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction

from accounts import audit
from accounts.actions.personen import (
    AccountFout,
    Deel,
    eindig_sessies,
    haal_lid,
    mail_uitnodiging,
    zet_deel,
)
from accounts.actor import Actor
from accounts.models import Deelname, Gebruiker, Lidmaatschap
from accounts.rechten import Recht
from overstap.basis import klok

HOOGSTENS_EMAIL = 254


@transaction.atomic
def change_deel(lidmaatschap_id: uuid.UUID, deel: Deel, *, actor: Actor) -> Lidmaatschap:
    """For which vestigingen or subregio's a role is from the next click on; empty is all of the organisatie."""
    lid = haal_lid(lidmaatschap_id, actor)
    zet_deel(lid, deel)
    audit.log(
        actor,
        "account.deel",
        object_soort="lidmaatschap",
        object_id=lid.id,
        details={"vestigingen": len(deel.vestigingen), "subregios": len(deel.subregios)},
    )
    return lid


@transaction.atomic
def invite_again(lidmaatschap_id: uuid.UUID, *, actor: Actor) -> Lidmaatschap:
    """Send the invitation once more, with a new link; the older link stops as soon as a password is chosen."""
    lid = haal_lid(lidmaatschap_id, actor)
    if not lid.gebruiker.is_active or (lid.beeindigd_op and lid.beeindigd_op <= klok.vandaag()):
        raise AccountFout("Deze rol is beëindigd. Nodig deze persoon opnieuw uit.")
    audit.log(actor, "account.opnieuw_uitnodigen", object_soort="lidmaatschap", object_id=lid.id)
    mail_uitnodiging(lid)
    return lid


def mag_persoon_beheren(actor: Actor, gebruiker: Gebruiker) -> bool:
    """Whether what belongs to the whole person (address, second factor) is for this actor: only when every role that the person
    has is in its own organisatie, or for the beheerorganisatie in its regio. Else one organisatie could enter another by it."""
    vandaag = klok.vandaag()
    rollen = [r for r in gebruiker.lidmaatschappen.all() if r.beeindigd_op is None or r.beeindigd_op > vandaag]
    if all(rol.organisatie_id == actor.organisatie_id for rol in rollen):
        return True
    if not actor.mag(Recht.BEHEREN):
        return False
    elders = Deelname.objects.filter(organisatie_id__in=[r.organisatie_id for r in rollen])
    return not elders.exclude(regio_id__in=sorted(actor.regios)).exists()


def _persoon(lidmaatschap_id: uuid.UUID, actor: Actor) -> Lidmaatschap:
    lid = haal_lid(lidmaatschap_id, actor)
    if not mag_persoon_beheren(actor, lid.gebruiker):
        raise AccountFout(
            "Deze persoon heeft ook een rol bij een andere organisatie. Vraag de beheerorganisatie van de regio om dit te doen."
        )
    return lid


@transaction.atomic
def change_email(lidmaatschap_id: uuid.UUID, email: str, *, actor: Actor) -> Lidmaatschap:
    """Another address: what is open ends, both addresses get a mail, and the new one a link to choose a password."""
    lid = _persoon(lidmaatschap_id, actor)
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise AccountFout("Dit is geen e-mailadres. Schrijf het zoals naam@school.nl.", "email") from None
    if len(email) > HOOGSTENS_EMAIL:
        raise AccountFout(f"Dit adres is te lang. Gebruik hoogstens {HOOGSTENS_EMAIL} tekens.", "email")
    oud = lid.gebruiker.email
    if email == oud:
        raise AccountFout("Dit is het adres dat er al staat.", "email")
    if Gebruiker.objects.filter(email=email).exists():
        raise AccountFout("Dit adres is al van een ander account. Kies een ander adres.", "email")
    lid.gebruiker.email = email
    lid.gebruiker.save(update_fields=["email"])
    EmailAddress.objects.filter(user=lid.gebruiker).delete()  # allauth would still know the old address
    eindig_sessies(lid.gebruiker)
    audit.log(actor, "account.email_wijzigen", object_soort="account", object_id=lid.gebruiker_id)
    _mail(oud, "Uw e-mailadres in Overstap is gewijzigd", "account_email_gewijzigd")
    mail_uitnodiging(lid)
    return lid


@transaction.atomic
def reset_second_factor(lidmaatschap_id: uuid.UUID, *, actor: Actor) -> Lidmaatschap:
    """For who lost the phone: the second step and its recovery codes go, and must be set up again at the next login."""
    lid = _persoon(lidmaatschap_id, actor)
    Authenticator.objects.filter(user=lid.gebruiker).delete()
    eindig_sessies(lid.gebruiker)
    audit.log(actor, "account.tweede_stap_wissen", object_soort="account", object_id=lid.gebruiker_id)
    _mail(lid.gebruiker.email, "Uw tweede stap in Overstap is gewist", "account_tweede_stap_gewist")
    return lid


_TEKSTEN = {
    "account_email_gewijzigd": (
        "Wie de accounts van uw organisatie beheert, heeft uw e-mailadres in Overstap gewijzigd. Op dit adres krijgt u geen mail "
        "van Overstap meer.\n\nWist u hier niet van? Bel dan uw functioneel beheerder.\n"
    ),
    "account_tweede_stap_gewist": (
        "Wie de accounts van uw organisatie beheert, heeft uw tweede stap in Overstap gewist. De volgende keer dat u inlogt, stelt "
        "u een nieuwe in.\n\nHebt u hier niet om gevraagd? Bel dan uw functioneel beheerder.\n"
    ),
}


def _mail(adres: str, onderwerp: str, tekst: str) -> None:
    transaction.on_commit(lambda: send_mail(onderwerp, _TEKSTEN[tekst], None, [adres]) and None, robust=True)
