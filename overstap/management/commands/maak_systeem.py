"""`manage.py maak_systeem --organisatie CODE [--soort mbo] --scope "a b" [--mandaat CODE]`: an API client, as JSON."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import create_client
from accounts.models import Organisatie
from accounts.rechten import ROL_VAN_SYSTEEM, Scope, Soort

# The RMC-functie is the beheerorganisatie in another role.
_ORGANISATIE_VAN = {soort: Soort.BEHEERORGANISATIE if soort == "rmc" else Soort(soort) for soort in ROL_VAN_SYSTEEM}


class Command(BaseCommand):
    help = "Maakt een systeem (API-client) van een organisatie en toont client_id en client_secret, één keer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisatie", required=True, help="BRIN, gemeentecode of RMC21")
        parser.add_argument(
            "--soort", choices=list(ROL_VAN_SYSTEEM), help="nodig als een code meer soorten heeft, of rmc"
        )
        parser.add_argument("--scope", required=True, help=f"uit: {' '.join(Scope)}")
        parser.add_argument(
            "--mandaat",
            action="append",
            default=[],
            metavar="CODE",
            help="organisatie waarvoor het systeem mag aanleveren",
        )
        parser.add_argument("--json", action="store_true", help="altijd zo: dit commando schrijft json")

    def handle(self, *args: Any, **options: Any) -> None:
        organisatie, soort = _organisatie(options["organisatie"].strip().upper(), options["soort"])
        mandaten = [_mandaatgever(code.strip().upper(), soort) for code in options["mandaat"]]
        nieuw = create_client(organisatie, soort, _scopes(options["scope"]), mandaten)
        uit = {
            "client_id": nieuw.client.client_id,
            "client_secret": nieuw.geheim,
            "organisatie": organisatie.code,
            "scopes": nieuw.client.scopes.split(),
        }
        self.stdout.write(json.dumps(uit, ensure_ascii=False))


def _scopes(tekst: str) -> list[Scope]:
    namen = tekst.replace(",", " ").split()
    onbekend = sorted(set(namen) - set(Scope))
    if onbekend or not namen:
        raise CommandError(f"Onbekende scope: {' '.join(onbekend) or '(leeg)'}. Kies uit: {' '.join(Scope)}.")
    return [Scope(naam) for naam in namen]


def _organisatie(code: str, soort: str | None) -> tuple[Organisatie, str]:
    """The organisatie and the kind of client; without --soort the only kind that the code has."""
    alle = {rij.soort: rij for rij in Organisatie.objects.filter(code=code)}
    if not alle:
        raise CommandError(
            f"Organisatie {code} is niet bekend. Draai eerst laad_referentie of demo, of controleer de code."
        )
    if soort is None:
        if len(alle) > 1:
            raise CommandError(f"{code} heeft meer soorten ({', '.join(sorted(alle))}). Kies er een met --soort.")
        soort = next(iter(alle))
    organisatie = alle.get(_ORGANISATIE_VAN[soort].value)
    if organisatie is None:
        raise CommandError(
            f"{code} is van soort {', '.join(sorted(alle))}; een systeem van soort {soort} kan daar niet."
        )
    return organisatie, soort


def _mandaatgever(code: str, soort: str) -> Organisatie:
    """Who gives the mandaat: of the same kind as the client, by its own code or by that of a vestiging."""
    passend = Organisatie.objects.filter(soort=_ORGANISATIE_VAN[soort].value)
    gever = passend.filter(code=code).first() or passend.filter(vestigingen__code=code).first()
    if gever is None:
        raise CommandError(f"Mandaat {code}: er is geen organisatie van soort {soort} met deze code.")
    return gever
