"""`manage.py controleer_statussen [--regio 21] [--json]`: recompute every status from the gebeurtenissen and compare."""

import dataclasses
import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Regio
from accounts.scope import systeem_bereik
from statuses.controle import Verschil, aantal_overstappen, verschillen

OP_SCHERM = 50
"""Differences shown as text; `--json` gives all."""


class Command(BaseCommand):
    help = "Rekent de leidende status, de sporen en de aanmeldingen na uit de gebeurtenissen. Verandert niets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--regio", help="één regio; anders alle")
        parser.add_argument("--json", action="store_true", help="de uitkomst als één json-document")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 on any difference."""
        regios = list(Regio.objects.order_by("code").values_list("code", flat=True))
        if options["regio"]:
            if options["regio"] not in regios:
                raise CommandError(f"Regio {options['regio']} is er niet. Kies een code van twee cijfers, zoals 21.")
            regios = [options["regio"]]
        gecontroleerd, gevonden = 0, list[Verschil]()
        for regio in regios:
            with systeem_bereik(regio):
                gecontroleerd += aantal_overstappen(regio)
                gevonden += verschillen(regio)
            if sys.stderr.isatty():
                self.stderr.write(f"\rregio {regio}: {gecontroleerd} overstappen", ending="")
        self._vertel(gecontroleerd, gevonden, options["json"])
        if gevonden:
            raise CommandError(f"{len(gevonden)} verschillen: de opgeslagen stand klopt niet met de gebeurtenissen.")

    def _vertel(self, gecontroleerd: int, gevonden: list[Verschil], als_json: bool) -> None:
        if als_json:
            lijst = [dataclasses.asdict(verschil) for verschil in gevonden]
            self.stdout.write(json.dumps({"gecontroleerd": gecontroleerd, "verschillen": lijst}))
            return
        self.stdout.write(f"{gecontroleerd} overstappen gecontroleerd, {len(gevonden)} verschillen.")
        for v in gevonden[:OP_SCHERM]:
            self.stdout.write(
                f"  regio {v.regio} {v.overstapjaar} {v.soort} {v.id} {v.veld}: {v.opgeslagen}, hoort {v.herrekend}"
            )
        if len(gevonden) > OP_SCHERM:
            self.stdout.write(f"  en nog {len(gevonden) - OP_SCHERM}; --json geeft ze allemaal.")
