"""`manage.py mandaat geef|beeindig|toon`: which system may act for which school or instelling, in which service, in which days."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from accounts.actions import MandaatFout, end_mandaat, give_mandaat
from accounts.actor import interne_actor_voor
from accounts.mandaten import gever_met, loopt, soort_van
from accounts.models import ApiClient, Mandaat
from accounts.rechten import DIENSTEN, Scope
from accounts.scope import sleutel
from overstap.basis import klok

_DIENSTEN = sorted({dienst.value for diensten in DIENSTEN.values() for dienst in diensten})


def _dag(tekst: str) -> date:
    try:
        return date.fromisoformat(tekst)
    except ValueError:
        raise CommandError(f"{tekst} is geen datum. Schrijf hem als 2026-08-01.") from None


class Command(BaseCommand):
    help = "Geeft of beëindigt een mandaat, of toont de mandaten. Een mandaat wordt nooit gewist."

    def add_arguments(self, parser: ArgumentParser) -> None:
        wat = parser.add_subparsers(dest="wat", required=True)
        geef = wat.add_parser("geef", help="een systeem mag voor deze organisatie aanleveren")
        geef.add_argument("--systeem", required=True, metavar="CLIENT_ID")
        geef.add_argument(
            "--organisatie", required=True, metavar="CODE", help="wie het mandaat geeft: BRIN of vestiging"
        )
        geef.add_argument("--dienst", action="append", default=[], choices=_DIENSTEN, help="anders: alles wat het mag")
        geef.add_argument("--vanaf", metavar="DATUM", help="eerste dag; anders vandaag")
        geef.add_argument("--tot", metavar="DATUM", help="laatste dag; anders geen")
        beeindig = wat.add_parser("beeindig", help="het mandaat stopt, nu of na een dag")
        beeindig.add_argument("mandaat", help="het id, van: mandaat toon")
        beeindig.add_argument("--laatste-dag", metavar="DATUM", help="tot en met deze dag; anders stopt het nu")
        toon = wat.add_parser("toon", help="alle mandaten, of die van een organisatie of systeem")
        toon.add_argument("--organisatie", default="", metavar="CODE")
        toon.add_argument("--systeem", default="", metavar="CLIENT_ID")
        for deel in (geef, beeindig, toon):
            deel.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        doe = {"geef": _geef, "beeindig": _beeindig, "toon": _toon}[options["wat"]]
        try:
            mandaten = doe(options)
        except MandaatFout as fout:
            raise CommandError(str(fout)) from None
        rijen = [_rij(m) for m in mandaten]
        if options["json"]:
            self.stdout.write(json.dumps({"mandaten": rijen}, ensure_ascii=False))
            return
        for rij in rijen:
            self.stdout.write("  ".join(str(waarde) for waarde in rij.values()))
        if not rijen:
            self.stdout.write("Er zijn geen mandaten.")


def _geef(options: dict[str, Any]) -> list[Mandaat]:
    client = ApiClient.objects.select_related("organisatie").filter(client_id=options["systeem"]).first()
    if client is None:
        raise CommandError(f"Er is geen systeem met client_id {options['systeem']}.")
    code = options["organisatie"].strip().upper()
    gever = gever_met(code, soort_van(client))
    if gever is None:
        raise CommandError(f"Er is geen organisatie van soort {soort_van(client)} met code {code}.")
    return give_mandaat(
        client, gever, actor=interne_actor_voor(gever), diensten=[Scope(d) for d in options["dienst"]],
        vanaf=_dag(options["vanaf"]) if options["vanaf"] else None, tot=_dag(options["tot"]) if options["tot"] else None,
    )  # fmt: skip


def _beeindig(options: dict[str, Any]) -> list[Mandaat]:
    pk = sleutel(options["mandaat"])
    mandaat = Mandaat.objects.select_related("organisatie").filter(pk=pk).first() if pk else None
    if mandaat is None:
        raise CommandError("Er is geen mandaat met dit id. Zoek het op met: mandaat toon.")
    laatste = _dag(options["laatste_dag"]) if options["laatste_dag"] else None
    return [end_mandaat(mandaat.pk, actor=interne_actor_voor(mandaat.organisatie), laatste_dag=laatste)]


def _toon(options: dict[str, Any]) -> list[Mandaat]:
    keuze = Q()
    if options["organisatie"]:
        keuze &= Q(organisatie__code=options["organisatie"].strip().upper())
    if options["systeem"]:
        keuze &= Q(client__client_id=options["systeem"])
    return list(
        Mandaat.objects.filter(keuze).select_related("client", "organisatie").order_by("organisatie__code", "vanaf")
    )


def _rij(mandaat: Mandaat) -> dict[str, Any]:
    return {
        "id": str(mandaat.pk),
        "systeem": mandaat.client.client_id,
        "organisatie": mandaat.organisatie.code,
        "dienst": mandaat.dienst or "alle",
        "vanaf": mandaat.vanaf.isoformat(),
        "tot": mandaat.tot.isoformat() if mandaat.tot else None,
        "loopt": loopt(mandaat, klok.vandaag()),
    }
