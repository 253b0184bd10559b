"""`manage.py vva_opnieuw [--organisatie CODE] [--regio 21]`: send again what could not be pushed or waited for a connection."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Organisatie, Regio
from accounts.scope import systeem_bereik
from vva_berichten.actions import SOORTEN, resend


class Command(BaseCommand):
    help = "Stuurt opnieuw wat niet gepusht kon worden, en bezorgt wat wachtte op aansluiting van een gemeente."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--organisatie", metavar="CODE", help="alleen deze gemeente (CBS-code) of school (BRIN); zonder: alle"
        )
        parser.add_argument("--regio", metavar="CODE", help="twee cijfers; zonder: elke regio")

    def handle(self, *args: Any, **options: Any) -> None:
        """Each regio in a transaction of its own; again is harmless."""
        organisaties = Organisatie.objects.filter(soort__in=SOORTEN)
        if options["organisatie"]:
            organisaties = organisaties.filter(code=options["organisatie"])
            if not organisaties.exists():
                raise CommandError(
                    f"--organisatie {options['organisatie']!r}: er is geen gemeente of school met deze code."
                )
        regios = Regio.objects.order_by("code").values_list("code", flat=True)
        if options["regio"]:
            regios = regios.filter(code=options["regio"])
            if not regios.exists():
                raise CommandError(f"--regio {options['regio']!r} bestaat niet. Gebruik twee cijfers, zoals 21.")
        eindpunten = berichten = geleverd = hersteld = onleesbaar = 0
        for regio in list(regios):
            with systeem_bereik(regio) as actor:
                uit = resend(organisaties.filter(deelnames__regio_id=regio).distinct(), actor=actor)
            eindpunten += uit.eindpunten
            berichten += uit.berichten
            geleverd += uit.geleverd
            hersteld += uit.hersteld
            onleesbaar += uit.onleesbaar
        self.stdout.write(
            f"Eindpunten opnieuw geprobeerd: {eindpunten}. Geparkeerde berichten opnieuw aangeboden: {berichten}. "
            f"Alsnog in een postbus bezorgd: {geleverd}. Weer leesbaar: {hersteld}. Nog niet te ontcijferen: {onleesbaar}."
        )
