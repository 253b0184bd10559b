"""`manage.py bulkmelding --peildatum 2026-03-01 [--regio 21] [--json]`: make what is due on that date and not made yet."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Regio
from accounts.scope import landelijk
from overstap.basis.rls import bereik
from vva_berichten.bulkmelding import BulkSoort, GeenPeildatum, Gemaakt, make_bulkmeldingen, soort_op


class Command(BaseCommand):
    help = (
        "Maakt de bulkmeldingen die op de peildatum horen en er nog niet zijn, en zegt per gemeente hoeveel leerlingen."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--peildatum", required=True, metavar="DATUM", help="1 maart of 15 juni, als 2026-03-01")
        parser.add_argument("--regio", metavar="CODE", help="twee cijfers; zonder: elke gemeente van elke regio")
        parser.add_argument("--json", action="store_true", help="één json-document")

    def handle(self, *args: Any, **options: Any) -> None:
        """All of it in one transaction, or nothing. Again it gives the same, nothing new."""
        dag = _dag(options["peildatum"])
        regios = _regios(options["regio"])
        soort, jaar, aan_de_beurt = _soort(dag, regios)
        with bereik(aan_de_beurt):
            gemaakt = make_bulkmeldingen(aan_de_beurt, soort, jaar)
        if options["json"]:
            self.stdout.write(json.dumps(_document(dag, soort, gemaakt)))
            return
        for g in gemaakt:
            self.stdout.write(f"{g.gemeentecode}  {g.aantal:>6}  {'nieuw' if g.nieuw else 'was er al'}")


def _document(dag: date, soort: BulkSoort, gemaakt: list[Gemaakt]) -> dict[str, Any]:
    gemeenten = [{"gemeentecode": g.gemeentecode, "aantal": g.aantal, "nieuw": g.nieuw} for g in gemaakt]
    return {"peildatum": dag.isoformat(), "soort": soort.value, "gemeenten": gemeenten}


def _dag(tekst: str) -> date:
    try:
        return date.fromisoformat(tekst)
    except ValueError:
        raise CommandError(f"--peildatum {tekst!r} is geen datum. Schrijf 2026-03-01.") from None


def _soort(dag: date, regios: list[str]) -> tuple[BulkSoort, int, list[str]]:
    """Which bulk this is, and for which of these regio's: each has its own calendar."""
    soorten: dict[tuple[BulkSoort, int], list[str]] = {}
    reden: GeenPeildatum | None = None
    for regio in regios:
        try:
            soorten.setdefault(soort_op(dag, regio), []).append(regio)
        except GeenPeildatum as fout:
            reden = reden or fout
    if not soorten:
        raise CommandError(str(reden or "Er zijn nog geen regio's. Draai eerst laad_referentie."))
    (soort, jaar), aan_de_beurt = max(soorten.items(), key=lambda paar: len(paar[1]))
    return soort, jaar, aan_de_beurt


def _regios(code: str | None) -> list[str]:
    if code is not None:
        if not Regio.objects.filter(pk=code).exists():
            raise CommandError(f"Regio {code!r} bestaat niet. Geef een code van twee cijfers, zoals 21.")
        return [code]
    with landelijk("bulkmelding"):
        return list(Regio.objects.order_by("code").values_list("code", flat=True))
