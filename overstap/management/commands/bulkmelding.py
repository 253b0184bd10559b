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
        dag, soort, jaar = _peildatum(options["peildatum"])
        regios = _regios(options["regio"])
        with bereik(regios):
            gemaakt = make_bulkmeldingen(regios, soort, jaar)
        if options["json"]:
            self.stdout.write(json.dumps(_document(dag, soort, gemaakt)))
            return
        for g in gemaakt:
            self.stdout.write(f"{g.gemeentecode}  {g.aantal:>6}  {'nieuw' if g.nieuw else 'was er al'}")


def _document(dag: date, soort: BulkSoort, gemaakt: list[Gemaakt]) -> dict[str, Any]:
    gemeenten = [{"gemeentecode": g.gemeentecode, "aantal": g.aantal, "nieuw": g.nieuw} for g in gemaakt]
    return {"peildatum": dag.isoformat(), "soort": soort.value, "gemeenten": gemeenten}


def _peildatum(tekst: str) -> tuple[date, BulkSoort, int]:
    try:
        dag = date.fromisoformat(tekst)
    except ValueError:
        raise CommandError(f"--peildatum {tekst!r} is geen datum. Schrijf 2026-03-01.") from None
    try:
        return (dag, *soort_op(dag))
    except GeenPeildatum as fout:
        raise CommandError(str(fout)) from None


def _regios(code: str | None) -> list[str]:
    if code is not None:
        if not Regio.objects.filter(pk=code).exists():
            raise CommandError(f"Regio {code!r} bestaat niet. Geef een code van twee cijfers, zoals 21.")
        return [code]
    with landelijk("bulkmelding"):
        return list(Regio.objects.order_by("code").values_list("code", flat=True))
