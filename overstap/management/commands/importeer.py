"""`manage.py importeer FILE --soort leerlingen|aanmeldingen --organisatie CODE [--proef] [--json]`: the import of the page.

Exit 1 when the file as a whole cannot be used (then nothing was changed) and for a wrong argument; 0 otherwise. Refused
rows are no failure of the command: they are listed, and `geweigerd` says how many.
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from overstap.aanlevering.bestand import MAX_BYTES, TE_GROOT, lees_blad
from overstap.aanlevering.importeren import importeer_aanmeldingen, importeer_leerlingen
from overstap.aanlevering.organisaties import actor_voor, organisatie_van, school_van
from overstap.aanlevering.uitslag import BestandFout, Uitslag
from overstap.basis.rls import bereik


class Command(BaseCommand):
    help = "Leest leerlingen (van een school) of aanmeldingen (van een mbo) uit een csv- of Excel-bestand. Mag vaker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("bestand", type=Path, metavar="FILE", help="csv of xlsx, met één kopregel")
        parser.add_argument("--soort", choices=["leerlingen", "aanmeldingen"], required=True)
        parser.add_argument(
            "--organisatie", metavar="CODE", required=True, help="BRIN (00AA), of bij leerlingen een vestiging (00AA00)"
        )
        parser.add_argument("--proef", action="store_true", help="laat zien wat er gebeurt en verandert niets")
        parser.add_argument("--json", action="store_true", help="de uitslag als één json-document")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            uitslag = self._importeer(options["bestand"], options["soort"], options["organisatie"], options["proef"])
        except BestandFout as fout:
            raise CommandError(f"{fout} Er is niets veranderd.") from fout
        if options["json"]:
            self.stdout.write(json.dumps(uitslag.als_json(), ensure_ascii=False))
        else:
            self.stdout.write(_in_woorden(uitslag, options["proef"]))

    def _importeer(self, pad: Path, soort: str, organisatie: str, proef: bool) -> Uitslag:
        blad = lees_blad(_lees(pad))
        actor, vestiging = actor_voor(organisatie, soort)
        with transaction.atomic(), bereik(actor.regios):
            if soort == "leerlingen":
                return importeer_leerlingen(blad, school_van(actor, vestiging), actor=actor, proef=proef)
            return importeer_aanmeldingen(blad, organisatie_van(actor), actor=actor, proef=proef)


def _lees(pad: Path) -> bytes:
    try:
        if pad.stat().st_size > MAX_BYTES:
            raise BestandFout(TE_GROOT)
        return pad.read_bytes()
    except OSError as fout:
        raise BestandFout(f"{pad.name} is niet te openen: {fout.strerror}.") from fout


def _in_woorden(uitslag: Uitslag, proef: bool) -> str:
    regels = ["Proef: er is niets veranderd." if proef else "Verwerkt."]
    regels.append(
        f"Nieuw {uitslag.nieuw}, gewijzigd {uitslag.gewijzigd}, ongewijzigd {uitslag.ongewijzigd}, geweigerd {uitslag.geweigerd}."
    )
    if uitslag.kolommen_onbekend:
        regels.append(f"Niet gebruikte kolommen: {', '.join(uitslag.kolommen_onbekend)}.")
    regels += uitslag.opmerkingen
    for regel in uitslag.regels:
        kolom = f", kolom {regel.kolom}" if regel.kolom else ""
        regels.append(f"Rij {regel.rij}{kolom} ({regel.code}): {regel.melding}")
    return "\n".join(regels)
