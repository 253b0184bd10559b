"""`manage.py simuleer_keten [--adres http://...] [--leerlingen N] [--zaad N] [--storing licht|zwaar]`: the outside world, played."""

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import fields, replace
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from overstap.basis import klok
from overstap.management.opties import datum
from overstap.simulator.http import Onbereikbaar
from overstap.simulator.partijen import Onvoldoende
from overstap.simulator.personen import volgende
from overstap.simulator.storing import STORINGEN
from overstap.simulator.verloop import VREEMDE_NUMMERS, Opdracht, speel

_KANSEN = ("dubbel", "laat", "omgekeerd", "verloren", "crash")
_UITLEG = {
    "dubbel": "een bericht gaat twee keer",
    "laat": "een bericht gaat pas aan het eind",
    "omgekeerd": "een rijtje berichten gaat in omgekeerde volgorde",
    "verloren": "een aanroep of het antwoord erop raakt kwijt en gaat opnieuw",
    "crash": "een ontvanger valt om voordat hij bevestigt",
}


def _kans(waarde: str) -> float:
    try:
        kans = float(waarde.replace(",", "."))
    except ValueError:
        kans = -1
    if not 0 <= kans <= 1:
        raise ArgumentTypeError(f"{waarde!r} is geen kans. Geef een getal van 0 tot en met 1, zoals 0.3.")
    return kans


class Command(BaseCommand):
    help = (
        "Speelt LAS, SIS, koppelpunt en gemeentesystemen tegen een draaiende Overstap, met verzonnen leerlingen, en vergelijkt "
        "aan het eind wat iedere ontvanger heeft met wat de zenders bedoelden. Alleen voor een proefomgeving."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        poort = os.environ.get("PORT", "").strip() or "8000"
        parser.add_argument("--adres", default=f"http://127.0.0.1:{poort}", help="waar Overstap draait")
        parser.add_argument("--regio", default="21", help="code van de regio, twee cijfers")
        parser.add_argument(
            "--leerlingen", type=int, default=60, help="aantal verzonnen leerlingen, 12 tot en met 2000"
        )
        parser.add_argument("--zaad", type=int, default=1, help="hetzelfde getal speelt hetzelfde verloop")
        parser.add_argument("--storing", choices=list(STORINGEN), default="licht", help="hoe slecht de lijnen zijn")
        for naam in _KANSEN:
            parser.add_argument(
                f"--kans-{naam}", type=_kans, metavar="0..1", help=f"in plaats van die van --storing: {_UITLEG[naam]}"
            )
        parser.add_argument(
            "--vandaag",
            type=datum,
            help="de dag waarop Overstap daar leeft (OVERSTAP_VANDAAG); anders vandaag. Op 1 maart en 15 juni hoort de bulkmelding erbij",
        )
        parser.add_argument(
            "--bsn",
            action="store_true",
            help="ook test-bsn's (9999...); niet op een gevulde demo, die gebruikt ze zelf",
        )
        parser.add_argument(
            "--geen-push", action="store_true", help="ook de ene gemeente die push krijgt, leest dan haar postbus"
        )
        parser.add_argument(
            "--wacht", type=float, default=150.0, help="seconden zonder vooruitgang voordat het ophoudt"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 1 when a receiver has something else than was meant, or an answer was not what the contract allows."""
        if settings.PRODUCTIE:
            raise CommandError(
                "simuleer_keten verzint leerlingen en hoort niet in productie. Gebruik een proefomgeving."
            )
        if not 12 <= options["leerlingen"] <= 2000:
            raise CommandError("--leerlingen is een getal van 12 tot en met 2000.")
        if options["vandaag"]:
            # The mandaten that are given here must hold on the day on which Overstap lives there.
            settings.OVERSTAP_VANDAAG = options["vandaag"]
        try:
            verslag = speel(self._opdracht(options))
        except (Onbereikbaar, Onvoldoende) as fout:
            raise CommandError(str(fout)) from None
        for regel in verslag.regels():
            self.stdout.write(regel)
        if not verslag.goed:
            sys.exit(1)

    def _opdracht(self, options: dict[str, Any]) -> Opdracht:
        eigen = {naam: options[f"kans_{naam}"] for naam in _KANSEN if options[f"kans_{naam}"] is not None}
        assert set(_KANSEN) < {veld.name for veld in fields(STORINGEN["geen"])}
        return Opdracht(
            adres=options["adres"].rstrip("/"),
            regio=options["regio"],
            dag=klok.vandaag(),
            aantal=options["leerlingen"],
            zaad=options["zaad"],
            storing=options["storing"] + (" met eigen kansen" if eigen else ""),
            kansen=replace(STORINGEN[options["storing"]], **eigen),
            begin=volgende(settings.OVERSTAP_DATA, options["leerlingen"] + VREEMDE_NUMMERS),
            met_bsn=options["bsn"],
            push=not options["geen_push"],
            wacht=options["wacht"],
            meld=lambda regel: self.stderr.write(f"  {regel} ..."),
        )
