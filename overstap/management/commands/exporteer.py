"""`manage.py exporteer scholen --regio 21 --overstapjaar 2025-2026 --uit FILE.xlsx [--per-school]`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actor import interne_actor
from accounts.rechten import Rol
from overstap.basis import klok
from overstap.basis.rls import bereik
from overstap.management import opties
from rapportages.actions import opdracht_van, schrijf_bestand
from rapportages.exports import op_naam
from statuses.termijnen import jaar_naam, nieuwste_jaar


class Command(BaseCommand):
    help = "Schrijft een export zoals de aanjager hem ziet; met --per-school een zip met een bestand per vestiging."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("export", choices=list(op_naam()))
        parser.add_argument("--regio", required=True, help="code van de regio, zoals 21")
        parser.add_argument("--overstapjaar", type=opties.overstapjaar, help="zoals 2025-2026; standaard het nieuwste")
        parser.add_argument("--uit", type=Path, required=True, metavar="FILE", help="het bestand dat wordt geschreven")
        parser.add_argument("--per-school", action="store_true", help="een zip met een bestand per vestiging")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """The whole file or none; CommandError says why."""
        regio = opties.bestaande_regio(options["regio"])
        jaar = nieuwste_jaar(klok.vandaag()) if options["overstapjaar"] is None else options["overstapjaar"]
        doel: Path = options["uit"].absolute()
        if doel.is_dir() or not doel.parent.is_dir():
            raise CommandError(f"{options['uit']} kan niet: geef een bestand in een map die bestaat.")
        actor = interne_actor(frozenset([regio]), Rol.AANJAGER)
        try:
            with bereik([regio]):
                opdracht = opdracht_van(actor, regio, jaar, {"per_school": options["per_school"]})
                grootte = schrijf_bestand(options["export"], opdracht, doel)
        except OSError as fout:
            raise CommandError(f"{options['uit']} is niet geschreven: {fout.strerror or fout}.") from fout
        uit = {
            "export": options["export"],
            "regio": regio,
            "overstapjaar": jaar_naam(jaar),
            "leerlingen": len(opdracht.gezien),
            "bytes": grootte,
        }
        if options["json"]:
            self.stdout.write(json.dumps(uit))
        else:
            self.stdout.write(f"{options['uit']}: {uit['leerlingen']} leerlingen, {grootte / 1024:.0f} kB")
