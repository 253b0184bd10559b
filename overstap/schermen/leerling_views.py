"""The page of a leerling, and its burgerservicenummer."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import audit
from accounts.rechten import Recht
from accounts.scope import sleutel
from overstap.basis import geheim
from overstap.schermen.leerling import leerling_context
from overstap.schermen.lijst import Lijst, Vraag, lees_vraag
from overstap.schermen.omgeving import Omgeving, maak_omgeving
from overstap.schermen.paginas import View, alleen
from overstap.schermen.zoekterm import zoekterm
from statuses.access import get_overstap
from statuses.models import Overstap
from statuses.termijnen import jaar_naam


def haal(request: HttpRequest, lijst: Lijst, pk: uuid.UUID, recht: Recht) -> tuple[Overstap, Omgeving, Vraag]:
    """The overstap, the omgeving of its own jaar, and the list that the viewer came from."""
    overstap = get_overstap(request, pk, recht)  # type: ignore[arg-type]
    vraag = request.GET.copy()
    kwam_van_lijst = "jaar" in vraag or any(f.naam in vraag for f in lijst.filters)
    vraag["jaar"] = jaar_naam(overstap.overstapjaar)
    o = maak_omgeving(request.actor, vraag)  # type: ignore[attr-defined]
    gelezen = lees_vraag(lijst, o, vraag if kwam_van_lijst else request.GET, zoekterm(request, o.actor))
    return overstap, o, gelezen


def leerling_van(lijst: Lijst) -> View:
    """The view of the leerling page for a role."""

    @alleen("GET")
    def toon(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        overstap, o, vraag = haal(request, lijst, pk, Recht.LEERLINGEN_ZIEN)
        audit.log(
            o.actor, "leerling.zien", leerlingen=[(overstap.regio_id, overstap.leerling_id)], regio=overstap.regio_id,
            object_soort="overstap", object_id=overstap.pk, doel=vraag.tekst.get("stap", ""),
        )  # fmt: skip
        context = leerling_context(request, lijst, o, overstap, vraag, sleutel(request.GET.get("rij", "")))
        return render(request, "schermen/leerling.html", context)

    return toon


def pgn_van(lijst: Lijst) -> View:
    """A separate, logged act: the number is in the answer to a POST and never in an address or a list."""

    @alleen("POST")
    def toon(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        overstap, o, vraag = haal(request, lijst, pk, Recht.PGN_ZIEN)
        audit.log(
            o.actor, "pgn.zien", leerlingen=[(overstap.regio_id, overstap.leerling_id)], regio=overstap.regio_id,
            object_soort="overstap", object_id=overstap.pk,
        )  # fmt: skip
        leerling = overstap.leerling
        context = leerling_context(request, lijst, o, overstap, vraag)
        context["pgn"] = geheim.ontsleutel(leerling.pgn_versleuteld, leerling.pk).decode()
        context["pgn_naam"] = "Burgerservicenummer" if leerling.pgn_soort == "bsn" else "Onderwijsnummer"
        antwoord = render(request, "schermen/leerling.html", context)
        antwoord["Cache-Control"] = "no-store"
        return antwoord

    return toon
