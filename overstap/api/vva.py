"""VVA over HTTP: both messages in, the postbus out. What a message means is in vva_berichten; here only the call as a whole."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.urls import reverse as adres
from rest_framework.request import Request

from accounts import audit
from accounts.rechten import Recht, Scope
from overstap.api.basis import ApiView, OpenbareView, json
from overstap.api.problemen import Probleem, veldprobleem
from overstap.api.schema import beschrijf, vraagveld
from overstap.api.vraag import controleer
from vva_berichten import inkomend, postbus
from vva_berichten.contract import BERICHTEN, AanmeldstatusBericht, MboGangerBericht, Resultaten, SignaalBericht, schema
from vva_berichten.contract.basis import MAX_BERICHTEN, Aanlevering, Bevestiging, Postbusantwoord
from vva_berichten.inkomend import ontvang_aanmeldstatussen, ontvang_mbo_gangers


class MboGangers(ApiView):
    """POST of bericht 1 by a LAS: up to 1,000 messages, an answer to each in the order sent."""

    scope = Scope.VVA_MBO_GANGERS

    @beschrijf(
        "vvaMboGangers",
        "Bericht 1: potentiële mbo-gangers melden, tot 1.000 per keer",
        Resultaten,
        label="VVA",
        uitleg="Elk bericht krijgt een eigen uitkomst, in de volgorde van de aanvraag. Berichten: MboGangerBericht.",
        invoer=Aanlevering,
        ook=[MboGangerBericht],
        fouten=(413, 415),
    )
    def post(self, request: Request) -> HttpResponse:
        berichten = _berichten(self)
        return json(Resultaten(ontvang_mbo_gangers(berichten, actor=self.actor)))


class Aanmeldstatussen(ApiView):
    """POST of bericht 2 by a SIS or the koppelpunt: up to 1,000 messages."""

    scope = Scope.VVA_AANMELDSTATUSSEN

    @beschrijf(
        "vvaAanmeldstatussen",
        "Bericht 2: aanmeldstatussen melden, tot 1.000 per keer",
        Resultaten,
        label="VVA",
        uitleg="Elk bericht krijgt een eigen uitkomst, in de volgorde van de aanvraag. Berichten: AanmeldstatusBericht.",
        invoer=Aanlevering,
        ook=[AanmeldstatusBericht],
        fouten=(413, 415),
    )
    def post(self, request: Request) -> HttpResponse:
        berichten = _berichten(self)
        return json(Resultaten(ontvang_aanmeldstatussen(berichten, actor=self.actor)))


class Postbus(ApiView):
    """GET of the own postbus: the same messages in the same order until they are confirmed."""

    scope = Scope.VVA_POSTBUS
    recht = Recht.VVA_OPHALEN

    @beschrijf(
        "vvaPostbus",
        "De eigen postbus lezen",
        Postbusantwoord,
        label="VVA",
        uitleg="Zonder bevestiging komen dezelfde berichten in dezelfde volgorde terug.",
        ook=[MboGangerBericht, AanmeldstatusBericht, SignaalBericht],
        vraag=[
            vraagveld("na", "De cursor van een vorig antwoord; standaard wat u het laatst bevestigde."),
            vraagveld("limiet", "Hoeveel berichten, hoogstens 1000.", vorm="getal"),
        ],
    )
    def get(self, request: Request) -> HttpResponse:
        ontvanger = self.actor.organisatie_id
        assert ontvanger is not None
        controleer(self.scoped, {"na", "limiet"})
        stand = postbus.stand_van(ontvanger)
        na = _getal(request, "na", stand.bevestigd)
        limiet = _getal(request, "limiet", postbus.MAX_REGELS)
        if not 1 <= limiet <= postbus.MAX_REGELS:
            raise veldprobleem("limiet", "limiet", f"limiet is een getal van 1 tot en met {postbus.MAX_REGELS}.")
        if na > stand.opgehaald:
            raise veldprobleem("na", "cursor", _NOOIT)
        bladzijde = postbus.lees(ontvanger, na=na, limiet=limiet)
        if request.method == "GET":  # HEAD sees no message
            postbus.opgehaald(ontvanger, bladzijde.cursor)
        audit.log(self.actor, "vva.postbus_gelezen", object_soort="postbus", aantal=len(bladzijde.berichten))
        volgende = None
        if bladzijde.meer:
            pad = f"{adres('api-vva-postbus')}?na={bladzijde.cursor}&limiet={limiet}"
            volgende = self.scoped.build_absolute_uri(pad)
        berichten = [msgspec.Raw(bericht) for bericht in bladzijde.berichten]
        return json(Postbusantwoord(berichten, str(bladzijde.cursor), volgende))


class Bevestigingen(ApiView):
    """POST: everything up to and with this cursor was received well."""

    scope = Scope.VVA_POSTBUS
    recht = Recht.VVA_OPHALEN

    @beschrijf(
        "vvaBevestigen",
        "Ontvangst bevestigen tot en met een cursor",
        Bevestiging,
        label="VVA",
        invoer=Bevestiging,
        fouten=(413, 415),
    )
    def post(self, request: Request) -> HttpResponse:
        ontvanger = self.actor.organisatie_id
        assert ontvanger is not None
        tot = postbus.bevestig(ontvanger, int(self.lees(Bevestiging).tot))
        if tot is None:
            raise veldprobleem("tot", "cursor", _NOOIT)
        audit.log(self.actor, "vva.postbus_bevestigd", object_soort="postbus", object_id=tot)
        return json({"tot": str(tot)})


class Schema(OpenbareView):
    """The JSON Schema of a message, made from the contract's types."""

    @beschrijf(
        "vvaSchema",
        "Het JSON Schema van een bericht",
        {"type": "object"},
        label="VVA",
        soort="application/schema+json",
    )
    def get(self, request: Request, naam: str) -> HttpResponse:
        if naam not in BERICHTEN:
            raise Probleem(404, f"Dit schema bestaat niet. Kies uit: {', '.join(BERICHTEN)}.", code="404")
        return HttpResponse(msgspec.json.encode(schema(naam)), content_type="application/schema+json")


def _berichten(view: ApiView) -> Sequence[msgspec.Raw]:
    """The messages of a POST, each still as it was sent: what is wrong in one is said to that one."""
    try:
        return view.lees(Aanlevering, nul_ok=True).berichten
    except Probleem as fout:
        los = inkomend.los(view.scoped.body) if fout.status_code == 400 and not fout.velden else None
        if los is None or not 1 <= len(los) <= MAX_BERICHTEN:
            raise
        return los


# Whoever skips messages that were never fetched would lose them: bevestigen is only for what was given out.
_NOOIT = (
    "Deze cursor is nooit aan u gegeven. Bevestig en lees alleen tot en met wat u hebt opgehaald: gebruik de cursor van uw "
    "laatste antwoord."
)
_GETAL = {
    "na": "na is geen cursor. Gebruik de cursor van een vorig antwoord, of laat na weg.",
    "limiet": f"limiet is geen getal. Kies een getal van 1 tot en met {postbus.MAX_REGELS}.",
}


def _getal(request: Request | HttpRequest, naam: str, standaard: int) -> int:
    waarde = request.GET.get(naam)
    if waarde is None or (waarde == "" and naam == "na"):  # before the first message there is no cursor
        return standaard
    if not waarde.isascii() or not waarde.isdigit() or len(waarde) > 18:
        raise veldprobleem(naam, "T001", _GETAL[naam])
    return int(waarde)


urlpatterns: list[URLPattern | URLResolver] = [
    path("potentiele-mbo-gangers", MboGangers.as_view(), name="api-vva-mbo-gangers"),
    path("aanmeldstatussen", Aanmeldstatussen.as_view(), name="api-vva-aanmeldstatussen"),
    path("postbus", Postbus.as_view(), name="api-vva-postbus"),
    path("postbus/bevestigingen", Bevestigingen.as_view(), name="api-vva-bevestigingen"),
    path("schema/<str:naam>", Schema.as_view(), name="api-vva-schema"),
]
