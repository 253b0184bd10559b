"""GET /api/v1/ambities: how far a regio is on a peildatum, as the caller may see it."""

from __future__ import annotations

from datetime import date

import msgspec
from django.http import Http404, HttpRequest, HttpResponse

from accounts import audit
from accounts.rechten import Recht, Scope
from overstap.api import vraag
from overstap.api.basis import ApiView, json
from overstap.api.problemen import veldprobleem
from overstap.api.schema import beschrijf, vraagveld
from overstap.basis import klok
from rapportages.ambities import GROEPEN
from rapportages.json import als_json
from rapportages.zicht import ambities_voor
from statuses.termijnen import nieuwste_jaar


class GroepObject(msgspec.Struct, omit_defaults=True):
    groep: str
    naam: str
    teller: int | None
    noemer: int | None
    percentage: float | None
    onderdrukt: bool = False


class AmbitieObject(msgspec.Struct):
    code: str
    datum: date
    norm: int
    populatie: str
    groepen: list[GroepObject]


class AmbitiesObject(msgspec.Struct):
    regio: str
    overstapjaar: str
    peildatum: date
    per: str
    ambities: list[AmbitieObject]


def regio_van(view: ApiView, regio: str | None) -> str:
    """A regio of the caller; without one its own. 404 for another regio, there or not."""
    gevraagd = regio or (view.actor.regio if view.actor.regios else "")
    if gevraagd not in view.actor.regios:
        view.scoped.weigering = audit.Weigering("rapportages.zien", "regio", gevraagd[:2], "404")
        raise Http404("Deze regio bestaat niet of is voor u niet zichtbaar.")
    return gevraagd


class Ambities(ApiView):
    scope = Scope.RAPPORTAGES_LEZEN
    recht = Recht.RAPPORTAGES_ZIEN

    @beschrijf(
        "ambities",
        "De ambities: teller, noemer en percentage per groep",
        AmbitiesObject,
        label="Rapportages",
        vraag=[
            vraagveld("regio", "Code van een eigen regio, zoals 21."),
            vraagveld("overstapjaar", "Zoals 2025-2026; standaard het nieuwste."),
            vraagveld("peildatum", "Stand aan het eind van deze dag; standaard vandaag.", vorm="date"),
            vraagveld("bekendOp", "Zoals het aan het eind van deze dag bekend was; standaard nu.", vorm="date"),
            vraagveld("per", "Waarnaar gegroepeerd wordt; standaard regio.", keuzes=list(GROEPEN)),
        ],
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        vraag.controleer(self.scoped, {"regio", "overstapjaar", "peildatum", "bekendOp", "per"})
        vandaag = klok.vandaag()
        gekozen = vraag.jaar(self.scoped)
        jaar = nieuwste_jaar(vandaag) if gekozen is None else gekozen
        peildatum = vraag.dag(self.scoped, "peildatum") or vandaag
        bekend_op = vraag.dag(self.scoped, "bekendOp")
        per = vraag.tekst(self.scoped, "per") or "regio"
        if per not in GROEPEN:
            raise veldprobleem("per", "T001", f"Dit bestaat niet. Kies uit: {', '.join(GROEPEN)}.")
        regio = regio_van(self, vraag.tekst(self.scoped, "regio"))
        standen = ambities_voor(
            self.actor, regio=regio, overstapjaar=jaar, peildatum=peildatum, per=per, bekend_op=bekend_op
        )
        audit.log(self.actor, "rapportages.ambities", regio=regio, doel="api")
        return json(als_json(regio, jaar, peildatum, per, standen))
