"""`manage.py laad_referentie [--map DIR] [--json]`: reference data from our own small files, or from DUO/CBS files in DIR."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from statuses.referentie.bestand import BestandFout
from statuses.referentie.laden import laad


class Command(BaseCommand):
    help = "Laadt regio's, gemeenten, vo-vestigingen, mbo-instellingen, opleidingen en postcodes. Mag vaker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--map",
            type=Path,
            metavar="DIR",
            help="map met bestanden zoals DUO, KiesMBO en CBS ze publiceren; wat er niet in staat, komt uit de eigen bestanden",
        )
        parser.add_argument("--json", action="store_true", help="het verslag als één json-document")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rows that cannot be loaded are listed and the rest counts; a file that cannot be used stops all, exit 1."""
        try:
            verslag = laad(options["map"])
        except BestandFout as fout:
            raise CommandError(f"{fout} Er is niets geladen.") from fout
        if options["json"]:
            self.stdout.write(json.dumps(verslag.als_json(), ensure_ascii=False))
        else:
            self.stdout.write(verslag.als_tekst())
