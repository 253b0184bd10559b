"""`manage.py maak_gebruiker --email --rol --organisatie [--regio] [--wachtwoord] [--naam] [--json]`: one account with one role."""

import json
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts import audit
from accounts.actions import AccountFout, create_account, password_link
from accounts.actor import interne_actor_voor
from accounts.models import Organisatie, Vestiging
from accounts.rechten import SOORTEN_VAN_ROL, Rol


class Command(BaseCommand):
    help = "Maakt een account met één rol. Mag vaker: wie er al is, krijgt de rol erbij en het wachtwoord als dat is gegeven."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--rol", required=True, choices=[rol.value for rol in Rol])
        parser.add_argument("--organisatie", required=True, help="BRIN, vestiging, gemeentecode of RMC21")
        parser.add_argument("--regio", help="de organisatie moet in deze regio meedoen")
        parser.add_argument("--wachtwoord", help="zonder: een link om er zelf een te kiezen")
        parser.add_argument("--naam", default="")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        rol = Rol(options["rol"])
        organisatie, vestigingen = _organisatie(options["organisatie"].strip().upper(), rol, options["regio"])
        if options["wachtwoord"]:
            try:
                validate_password(options["wachtwoord"])
            except ValidationError as fout:
                raise CommandError(" ".join(fout.messages)) from None
        try:
            account = create_account(
                options["email"],
                rol,
                organisatie,
                naam=options["naam"],
                wachtwoord=options["wachtwoord"] or None,
                vestigingen=vestigingen,
            )
        except AccountFout as fout:
            raise CommandError(str(fout)) from None
        lid = account.lidmaatschap
        audit.log(interne_actor_voor(organisatie), "account.maken", object_soort="lidmaatschap", object_id=lid.id)
        uit = {
            "id": str(lid.gebruiker_id),
            "email": lid.gebruiker.email,
            "rol": rol.value,
            "organisatie": organisatie.code,
        }
        if not lid.gebruiker.has_usable_password():
            uit["link"] = password_link(lid.gebruiker)
        if options["json"]:
            self.stdout.write(json.dumps(uit, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(f"{naam}: {waarde}" for naam, waarde in uit.items()))


def _organisatie(code: str, rol: Rol, regio: str | None) -> tuple[Organisatie, list[Vestiging]]:
    """The organisatie by its code and the kind that fits the role; with a vestiging's code only that vestiging."""
    vestigingen = list(Vestiging.objects.filter(code=code))
    soorten = [soort.value for soort in SOORTEN_VAN_ROL[rol]]
    gevonden = (
        Organisatie.objects.filter(code=code) if not vestigingen else Organisatie.objects.filter(vestigingen__code=code)
    )
    if not gevonden.exists():
        raise CommandError(
            f"Organisatie {code} is niet bekend. Draai eerst laad_referentie of demo, of controleer de code."
        )
    passend = gevonden.filter(soort__in=soorten).order_by("soort").first()
    if passend is None:
        soort = gevonden.values_list("soort", flat=True)[0]
        raise CommandError(
            f"De rol {rol.value} hoort bij een organisatie van soort {' of '.join(sorted(soorten))}; {code} is {soort}."
        )
    if regio and not passend.deelnames.filter(regio_id=regio).exists():
        raise CommandError(f"{code} doet niet mee in regio {regio}.")
    return passend, vestigingen
