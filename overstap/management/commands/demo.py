"""`manage.py demo --regio 21 [--leerlingen 7000] [--vandaag 2026-03-20] [--zaad 1] [--json]`: one believable regio."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Gemeente, Regio
from overstap.basis import klok
from overstap.demo.bouwen import AlGevuld, Verslag, bouw
from statuses.models import Opleiding


def _datum(waarde: str) -> date:
    try:
        return date.fromisoformat(waarde)
    except ValueError:
        raise ArgumentTypeError(f"{waarde!r} is geen datum. Schrijf die als 2026-03-20.") from None


class Command(BaseCommand):
    help = "Vult een lege regio met verzonnen scholen, leerlingen en accounts. Staat er al iets in, dan verandert er niets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--regio", default="21", help="code van de regio, twee cijfers")
        parser.add_argument("--leerlingen", type=int, default=7000, help="aantal leerlingen van dit overstapjaar")
        parser.add_argument("--vandaag", type=_datum, help="tot en met welke dag er iets gebeurd is; anders vandaag")
        parser.add_argument("--zaad", type=int, default=1, help="hetzelfde getal geeft dezelfde gegevens")
        parser.add_argument("--json", action="store_true", help="het verslag als één json-document")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 as well when the regio has leerlingen already: `make start` asks every time."""
        regio, vandaag = options["regio"], options["vandaag"] or klok.vandaag()
        self._controleer(regio, options["leerlingen"])
        try:
            verslag = bouw(regio, options["leerlingen"], vandaag, options["zaad"])
        except AlGevuld:
            melding = f"Regio {regio} heeft al leerlingen. Er is niets veranderd."
            self.stdout.write(
                json.dumps({"regio": regio, "nieuw": False, "melding": melding}) if options["json"] else melding
            )
            return
        if options["json"]:
            self.stdout.write(json.dumps({"nieuw": True, **verslag.als_json()}, ensure_ascii=False))
        else:
            self._vertel(verslag)

    def _controleer(self, regio: str, leerlingen: int) -> None:
        if not Regio.objects.filter(pk=regio).exists() or not Gemeente.objects.filter(regio=regio).exists():
            raise CommandError(
                f"Regio {regio} is er niet. Draai eerst 'manage.py laad_referentie', of kies 01 tot en met 40."
            )
        if not Opleiding.objects.exists():
            raise CommandError("Er zijn nog geen opleidingen. Draai eerst 'manage.py laad_referentie'.")
        if not 150 <= leerlingen <= 50000:
            raise CommandError("--leerlingen is een getal van 150 tot en met 50000.")

    def _vertel(self, verslag: Verslag) -> None:
        self.stdout.write(
            f"Regio {verslag.regio} op {verslag.vandaag}: {verslag.vestigingen} vestigingen, {verslag.mbo_instellingen} "
            f"mbo-instellingen, {verslag.rijen['overstap']} overstappen, {verslag.rijen['gebeurtenis']} gebeurtenissen. "
            "Alle scholen en personen zijn verzonnen."
        )
        for account in verslag.accounts:
            self.stdout.write(f"  {account['rolnaam']:<24} {account['email']:<44} {account['organisatie']}")
        if verslag.accounts:
            self.stdout.write(f"  wachtwoord van allemaal: {verslag.accounts[0]['wachtwoord']}")
