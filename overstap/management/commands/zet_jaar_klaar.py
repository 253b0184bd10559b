"""Make a new overstapjaar ready: ``zet_jaar_klaar [--regio 21] [--overstapjaar 2026-2027] [--proef] [--json]``. Safe to run twice."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Regio
from accounts.scope import systeem_bereik
from overstap.basis import klok
from overstap.beheer.jaarwissel import plan, voorgesteld_jaar, zet_klaar
from statuses.termijnen import jaar_naam, jaar_uit_naam


class Command(BaseCommand):
    """Per regio whether the jaar was made ready now; ``--proef`` tells and changes nothing."""

    help = "Zet een nieuw overstapjaar klaar: kalender en ambities, overgenomen van het vorige jaar."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--regio", help="code van een regio; zonder: alle regio's")
        parser.add_argument("--overstapjaar", help="bijvoorbeeld 2026-2027; zonder: het jaar dat nu aan de beurt is")
        parser.add_argument("--proef", action="store_true", help="laat zien wat er gebeurt en verander niets")
        parser.add_argument("--json", action="store_true", help="een JSON-document")

    def handle(self, *args: Any, **opties: Any) -> None:
        try:
            jaar = jaar_uit_naam(opties["overstapjaar"]) if opties["overstapjaar"] else voorgesteld_jaar(klok.vandaag())
        except ValueError as fout:
            raise CommandError(str(fout)) from fout
        regios = Regio.objects.filter(pk=opties["regio"]) if opties["regio"] else Regio.objects.order_by("pk")
        if not regios:
            raise CommandError(f"Regio {opties['regio']} is niet bekend.")
        uit = []
        for regio in regios:
            with systeem_bereik(regio.pk) as actor:
                gemaakt = plan(regio, jaar) if opties["proef"] else zet_klaar(regio.pk, jaar, actor=actor)
            uit.append({"regio": regio.pk, "overstapjaar": jaar_naam(jaar), "nieuw": not gemaakt.klaar})
        if opties["json"]:
            self.stdout.write(json.dumps({"proef": opties["proef"], "regios": uit}))
            return
        woord = "zou klaargezet worden" if opties["proef"] else "klaargezet"
        for rij in uit:
            self.stdout.write(
                f"Regio {rij['regio']}: {rij['overstapjaar']} {woord if rij['nieuw'] else 'stond al klaar'}."
            )
