"""POST /api/v1/exports, GET /api/v1/exports/<uuid>: ask for a file, see whether it is there, fetch it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Literal

import msgspec
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from rest_framework.request import Request

from accounts import audit
from accounts.rechten import Recht, Scope
from overstap.api import vraag
from overstap.api.ambities import regio_van
from overstap.api.basis import ApiView, json
from overstap.api.problemen import Probleem, veldprobleem
from overstap.api.schema import beschrijf
from rapportages import actions
from rapportages.access import NIET_GEVONDEN, get_export
from rapportages.exports import op_naam
from rapportages.models import Export
from statuses.termijnen import jaar_uit_naam


class ExportInvoer(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """Which export; without regio the own one, without overstapjaar the newest. ``perSchool``: a zip with a file per vestiging."""

    export: str
    regio: str | None = None
    overstapjaar: str | None = None
    per_school: bool = False


class ExportObject(msgspec.Struct, rename="camel"):
    """``link`` is there once the file is; it is fetched with a token, as every call. ``melding`` says why it failed."""

    id: uuid.UUID
    export: str
    status: Literal["bezig", "klaar", "mislukt"]
    link: str | None
    bestandsnaam: str | None
    verloopt_op: datetime
    melding: str


def _object(request: HttpRequest, export: Export) -> ExportObject:
    link = request.build_absolute_uri(reverse("api-export-bestand", args=[export.pk])) if export.is_klaar else None
    return ExportObject(
        id=export.pk,
        export=export.soort,
        status="bezig" if export.is_bezig else "klaar" if export.is_klaar else "mislukt",
        link=link,
        bestandsnaam=export.bestandsnaam or None,
        verloopt_op=export.verloopt_op,
        melding=export.fout,
    )


class ExportView(ApiView):
    """What the three calls share: own exports only, the same 404 for foreign, absent and expired."""

    scope = Scope.RAPPORTAGES_LEZEN
    recht = Recht.EXPORTEREN

    def eigen(self, pk: uuid.UUID) -> Export:
        vraag.controleer(self.scoped, ())
        try:
            return get_export(self.actor, pk)
        except Http404:
            self.scoped.weigering = audit.Weigering("export.downloaden", "export", str(pk), "404")
            raise


class Exports(ExportView):
    @beschrijf(
        "exportAanvragen",
        "Een export aanvragen",
        ExportObject,
        label="Rapportages",
        uitleg="Het bestand wordt daarna gemaakt; Location is het adres waar u ziet of het er is.",
        invoer=ExportInvoer,
        status=202,
        fouten=(413, 415),
    )
    def post(self, request: HttpRequest) -> HttpResponse:
        invoer = self.lees(ExportInvoer)
        if invoer.export not in op_naam():
            raise veldprobleem("export", "T001", f"Deze export bestaat niet. Kies uit: {', '.join(op_naam())}.")
        if not self.actor.mag(op_naam()[invoer.export].recht):
            raise Probleem(403, "Deze soort organisatie mag deze export niet maken.", code="recht")
        regio = regio_van(self, invoer.regio)
        export = actions.vraag_aan(
            self.actor,
            invoer.export,
            regio=regio,
            overstapjaar=_jaar(invoer.overstapjaar),
            parameters={"per_school": True} if invoer.per_school else {},
        )
        waar = self.scoped.build_absolute_uri(reverse("api-export", args=[export.pk]))
        return json(_object(self.scoped, export), 202, Location=waar)


def _jaar(naam: str | None) -> int | None:
    if naam is None:
        return None
    try:
        jaar = jaar_uit_naam(naam)
    except ValueError:
        jaar = 0
    if not 2000 <= jaar <= 2100:
        raise veldprobleem(
            "overstapjaar", "T001", "Schrijf het overstapjaar als twee jaren na elkaar, zoals 2025-2026."
        )
    return jaar


class ExportDetail(ExportView):
    @beschrijf(
        "export",
        "Of een export klaar is",
        ExportObject,
        label="Rapportages",
        uitleg="202 zolang het bestand wordt gemaakt, daarna 200 met een link (of met de reden waarom het niet lukte).",
    )
    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        export = self.eigen(pk)
        if export.is_bezig:
            return json(_object(self.scoped, export), 202, Retry_After="2")
        return json(_object(self.scoped, export))


class ExportBestand(ExportView):
    """The file itself; each time a line in the log."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        return super().perform_content_negotiation(request, force=True)

    @beschrijf(
        "exportBestand",
        "Het bestand van een export ophalen",
        {"type": "string", "format": "binary"},
        label="Rapportages",
        soort="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
        export = self.eigen(pk)
        if not export.is_klaar:
            raise Http404(NIET_GEVONDEN)
        try:
            bestand = actions.pad_van(export).open("rb")
        except FileNotFoundError:
            raise Http404(NIET_GEVONDEN) from None
        actions.log_download(self.actor, export)
        return FileResponse(bestand, as_attachment=True, filename=export.bestandsnaam)
