"""`manage.py ambities --regio 21 --overstapjaar 2025-2026 --peildatum 2026-04-01 --per school [--json]`."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.scope import systeem_bereik
from overstap.basis import klok
from overstap.management import opties
from rapportages.ambities import GROEPEN, AmbitieStand
from rapportages.indicatoren import POPULATIES
from rapportages.json import als_json
from rapportages.zicht import ambities_voor, dag_naam, procent
from statuses.termijnen import nieuwste_jaar


class Command(BaseCommand):
    help = (
        "Rekent de ambities van een regio uit, zoals het op de peildatum was: teller, noemer en percentage per groep."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--regio", required=True, help="code van de regio, zoals 21")
        parser.add_argument("--overstapjaar", type=opties.overstapjaar, help="zoals 2025-2026; standaard het nieuwste")
        parser.add_argument("--peildatum", type=opties.datum, help="zoals het die dag was; standaard vandaag")
        parser.add_argument("--bekend-op", type=opties.datum, help="zoals het die dag bekend was; standaard nu")
        parser.add_argument("--per", choices=list(GROEPEN), default="regio")
        parser.add_argument("--json", action="store_true", help="één json-document, zoals de API")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes the figures; CommandError for a regio that is not there, or a day where no overstapjaar is."""
        regio = opties.bestaande_regio(options["regio"])
        bekend_op = opties.dag_binnen_bereik("--bekend-op", options["bekend_op"])
        opties.dag_binnen_bereik("--peildatum", options["peildatum"])
        vandaag = klok.vandaag()
        jaar = nieuwste_jaar(vandaag) if options["overstapjaar"] is None else options["overstapjaar"]
        peildatum = options["peildatum"] or vandaag
        with systeem_bereik(regio) as actor:
            standen = ambities_voor(
                actor,
                regio=regio,
                overstapjaar=jaar,
                peildatum=peildatum,
                per=options["per"],
                bekend_op=bekend_op,
            )
        if options["json"]:
            document = als_json(regio, jaar, peildatum, options["per"], standen)
            self.stdout.write(json.dumps(document, ensure_ascii=False))
            return
        for stand in standen:
            self._tabel(stand)

    def _tabel(self, stand: AmbitieStand) -> None:
        ambitie = stand.ambitie
        self.stdout.write(
            f"{dag_naam(stand.datum)}: {ambitie.norm}% {ambitie.label}, van {POPULATIES[ambitie.populatie]}"
        )
        if not stand.groepen:
            self.stdout.write("  geen leerlingen")
        breed = max((len(f"{g.groep} {g.naam}") for g in stand.groepen), default=0)
        for groep in stand.groepen:
            naam = groep.groep if groep.groep == groep.naam else f"{groep.groep} {groep.naam}"
            self.stdout.write(
                f"  {naam:<{breed}} {groep.teller:>6} van {groep.noemer:>6} {procent(groep.percentage):>7}"
            )
