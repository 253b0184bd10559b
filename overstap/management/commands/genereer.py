"""`manage.py genereer --regios 40 --overstappen 150000 --jaren 5 --zaad 1`: a whole country, by COPY as the owner."""

import json
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from accounts.models import Gemeente
from overstap.basis import klok
from overstap.demo.land import maak_plannen, vul_alle
from statuses.models import Opleiding


class Command(BaseCommand):
    help = "Vult regio's met een verzonnen land, voor metingen. Een regio die al leerlingen heeft, blijft zoals die is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--regios", type=int, default=40, help="aantal regio's, 1 tot en met 40")
        parser.add_argument("--overstappen", type=int, default=150_000, help="per overstapjaar, over alle regio's")
        parser.add_argument("--jaren", type=int, default=5, help="aantal overstapjaren, tot en met dat van vandaag")
        parser.add_argument("--zaad", type=int, default=1, help="hetzelfde getal geeft dezelfde gegevens")
        parser.add_argument("--json", action="store_true", help="de aantallen als één json-document")

    def handle(self, *args: Any, **options: Any) -> None:
        self._controleer(options["regios"], options["overstappen"], options["jaren"])
        begin = time.monotonic()
        plannen = maak_plannen(
            options["regios"], options["overstappen"], options["jaren"], options["zaad"], klok.vandaag()
        )
        telling = vul_alle(plannen, self._meld) if plannen else Counter[str]()
        seconden = round(time.monotonic() - begin, 1)
        if options["json"]:
            uit = {"regios": len(plannen), "overgeslagen": options["regios"] - len(plannen), "seconden": seconden}
            self.stdout.write(json.dumps({**uit, "rijen": dict(sorted(telling.items()))}))
            return
        self.stdout.write(
            f"{len(plannen)} regio's gevuld in {seconden} s, {options['regios'] - len(plannen)} hadden al leerlingen."
        )
        for tabel, aantal in sorted(telling.items()):
            self.stdout.write(f"  {tabel:<24}{aantal:>10}")

    def _meld(self, regio: str, geteld: Counter[str]) -> None:
        if sys.stderr.isatty():
            self.stderr.write(
                f"regio {regio}: {geteld['overstap']} overstappen, {geteld['gebeurtenis']} gebeurtenissen"
            )

    def _controleer(self, regios: int, overstappen: int, jaren: int) -> None:
        if "eigenaar" not in connections.databases:
            raise CommandError("genereer schrijft als eigenaar. Zet DATABASE_URL_EIGENAAR.")
        if not Gemeente.objects.exists() or not Opleiding.objects.exists():
            raise CommandError("Er zijn nog geen gemeenten en opleidingen. Draai eerst 'manage.py laad_referentie'.")
        if not 1 <= regios <= 40:
            raise CommandError("--regios is een getal van 1 tot en met 40.")
        if not 1 <= jaren <= 10:
            raise CommandError("--jaren is een getal van 1 tot en met 10.")
        if overstappen < regios * 60:
            raise CommandError(f"--overstappen is minstens 60 per regio, hier dus {regios * 60}.")
