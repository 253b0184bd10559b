"""Accounts: invited, never self-made and never self-granted. The only writer of Gebruiker and Lidmaatschap."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from accounts import audit
from accounts.actor import Actor
from accounts.models import Deelname, Gebruiker, Lidmaatschap, Organisatie, Subregio, Vestiging
from accounts.rechten import ROL_LABELS, SOORTEN_VAN_ROL, Recht, Rol, Soort
from overstap.basis import klok


class AccountFout(ValueError):
    """Why an account cannot be made or changed, as a Dutch sentence; ``veld`` names what is wrong."""

    def __init__(self, melding: str, veld: str = "") -> None:
        super().__init__(melding)
        self.veld = veld


@dataclass(frozen=True, slots=True)
class Account:
    """What came of it: the lidmaatschap, and whether the person was new here."""

    lidmaatschap: Lidmaatschap
    nieuw: bool


@transaction.atomic
def create_account(
    email: str,
    rol: Rol,
    organisatie: Organisatie,
    *,
    naam: str = "",
    wachtwoord: str | None = None,
    is_demo: bool = False,
    vestigingen: Iterable[Vestiging] = (),
    subregios: Iterable[Subregio] = (),
) -> Account:
    """A person with one role; idempotent. Who exists gets the role beside the ones there are, and the new password if given."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise AccountFout(f"{email!r} is geen e-mailadres. Schrijf het zoals naam@school.nl.", "email") from None
    if Soort(organisatie.soort) not in SOORTEN_VAN_ROL[rol]:
        soorten = " of ".join(sorted(s.value for s in SOORTEN_VAN_ROL[rol]))
        raise AccountFout(
            f"De rol {ROL_LABELS[rol]} hoort bij een organisatie van soort {soorten}; "
            f"{organisatie.code} is van soort {organisatie.soort}.",
            "rol",
        )
    gebruiker = Gebruiker.objects.filter(email=email).first()
    nieuw = gebruiker is None
    if gebruiker is None:
        gebruiker = Gebruiker.objects.create_user(
            email, wachtwoord, naam=naam or email.partition("@")[0], is_demo=is_demo
        )
    elif wachtwoord:
        gebruiker.set_password(wachtwoord)
        gebruiker.save(update_fields=["password"])
    lid, _ = Lidmaatschap.objects.update_or_create(
        gebruiker=gebruiker, rol=rol.value, organisatie=organisatie, defaults={"beeindigd_op": None}
    )
    lid.vestigingen.set(vestigingen)
    lid.subregios.set(subregios)
    return Account(lid, nieuw)


def password_link(gebruiker: Gebruiker) -> str:
    """The address where a person chooses a password; works once, for as long as settings.PASSWORD_RESET_TIMEOUT says."""
    token = default_token_generator.make_token(gebruiker)
    pad = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(gebruiker), token])
    return f"{settings.OVERSTAP_BASIS_URL}{pad}"


@dataclass(frozen=True, slots=True)
class Deel:
    """For which part of the organisatie a role is; empty is all of it."""

    vestigingen: frozenset[uuid.UUID] = frozenset()
    subregios: frozenset[uuid.UUID] = frozenset()


def mag_beheren(actor: Actor, rol: Rol, organisatie_id: uuid.UUID) -> bool:
    """Whether this actor keeps accounts of this role there: in the own organisatie, and the beheerorganisatie the functioneel
    beheerders of every organisatie in its regio."""
    if not actor.mag(Recht.ACCOUNTS_BEHEREN) or actor.organisatie_id is None:
        return False
    if organisatie_id == actor.organisatie_id:
        return True
    in_regio = Deelname.objects.filter(organisatie_id=organisatie_id, regio_id__in=sorted(actor.regios))
    return rol == Rol.FUNCTIONEEL_BEHEERDER and actor.mag(Recht.BEHEREN) and in_regio.exists()


@transaction.atomic
def invite(
    email: str, naam: str, rol: Rol, organisatie: Organisatie, *, actor: Actor, deel: Deel | None = None
) -> Account:
    """Invite a person to the own organisatie; a mail with a link goes out after commit. Raises AccountFout.

    ``deel``: the part of the organisatie; None keeps what a returning person had, and is all of it for a new one.
    """
    if not mag_beheren(actor, rol, organisatie.id):
        raise AccountFout("U kunt alleen mensen uitnodigen voor uw eigen organisatie.", "organisatie")
    bestaand = Gebruiker.objects.filter(email=email.strip().lower()).first()
    if bestaand is not None and bestaand.id == actor.id:
        raise AccountFout("U kunt uzelf geen rol geven. Vraag een collega die accounts beheert.", "email")
    # Invited again: the same part of the organisatie as before, never suddenly all of it.
    lid = Lidmaatschap.objects.filter(gebruiker=bestaand, rol=rol.value, organisatie=organisatie).first()
    account = create_account(
        email,
        rol,
        organisatie,
        naam=naam,
        vestigingen=list(lid.vestigingen.all()) if lid else (),
        subregios=list(lid.subregios.all()) if lid else (),
    )
    lid = account.lidmaatschap
    if deel is not None:
        zet_deel(lid, deel)
    if not lid.gebruiker.is_active:
        # Closed when the last role ended; who is invited again may come in again.
        lid.gebruiker.is_active = True
        lid.gebruiker.save(update_fields=["is_active"])
    audit.log(actor, "account.uitnodigen", object_soort="lidmaatschap", object_id=lid.id, details={"rol": rol.value})
    mail_uitnodiging(lid)
    return account


def mail_uitnodiging(lid: Lidmaatschap) -> None:
    """Mail the link to choose a password, after commit."""
    link = password_link(lid.gebruiker)
    tekst = (
        f"U hebt een account gekregen in Overstap, als {lid.rol_label} bij {lid.organisatie.naam}.\n\n"
        f"Kies een wachtwoord en stel een tweede stap in:\n{link}\n\n"
        "De link werkt drie dagen en één keer. Is hij verlopen? Vraag dan op de inlogpagina een nieuw wachtwoord aan.\n"
    )
    adres = lid.gebruiker.email
    # Robust: the account is there, also when the mail server is away; the invitation can be sent again.
    transaction.on_commit(lambda: send_mail("Uw account in Overstap", tekst, None, [adres]) and None, robust=True)


def haal_lid(
    lidmaatschap_id: uuid.UUID,
    actor: Actor,
    eigen: str = "Dit is uw eigen account. Vraag een collega die accounts beheert.",
) -> Lidmaatschap:
    """The locked lidmaatschap that this actor may change; raises AccountFout for one of elsewhere, and with ``eigen`` for the own one."""
    lid = (
        Lidmaatschap.objects.select_for_update(of=("self",))
        .select_related("gebruiker", "organisatie")
        .filter(id=lidmaatschap_id)
        .first()
    )
    if lid is None or not mag_beheren(actor, Rol(lid.rol), lid.organisatie_id):
        raise AccountFout("Dit account bestaat niet of hoort niet bij uw organisatie.")
    if lid.gebruiker_id == actor.id:
        raise AccountFout(eigen)
    return lid


@transaction.atomic
def end_lidmaatschap(lidmaatschap_id: uuid.UUID, *, actor: Actor) -> Lidmaatschap:
    """End a role in the own organisatie from today; without another role the account goes off and its sessions end."""
    lid = haal_lid(
        lidmaatschap_id, actor, "U kunt uw eigen rol niet beëindigen. Vraag een collega die accounts beheert."
    )
    vandaag = klok.vandaag()
    lid.beeindigd_op = vandaag
    lid.save(update_fields=["beeindigd_op"])
    audit.log(actor, "account.rol_beeindigen", object_soort="lidmaatschap", object_id=lid.id, details={"rol": lid.rol})
    over = [
        rij for rij in lid.gebruiker.lidmaatschappen.all() if rij.beeindigd_op is None or rij.beeindigd_op > vandaag
    ]
    if not over:
        deactivate(lid.gebruiker, actor=actor)
    return lid


@transaction.atomic
def deactivate(gebruiker: Gebruiker, *, actor: Actor) -> None:
    """Switch an account off; what it has open stops at the next click."""
    gebruiker.is_active = False
    gebruiker.save(update_fields=["is_active"])
    eindig_sessies(gebruiker)
    audit.log(actor, "account.uitzetten", object_soort="account", object_id=gebruiker.id)


def zet_deel(lid: Lidmaatschap, deel: Deel) -> None:
    """Set the part of a role; raises AccountFout for what is not of its organisatie."""
    vestigingen = Vestiging.objects.filter(organisatie_id=lid.organisatie_id, pk__in=deel.vestigingen)
    regios = Deelname.objects.filter(organisatie_id=lid.organisatie_id).values("regio_id")
    subregios = Subregio.objects.filter(regio_id__in=regios, pk__in=deel.subregios)
    if len(vestigingen) != len(deel.vestigingen) or len(subregios) != len(deel.subregios):
        raise AccountFout("Kies alleen vestigingen en subregio's van deze organisatie.", "deel")
    lid.vestigingen.set(vestigingen)
    lid.subregios.set(subregios)


def eindig_sessies(gebruiker: Gebruiker) -> None:
    """What this person has open stops at the next click."""
    for sessie in UserSession.objects.filter(user=gebruiker):
        sessie.end()
