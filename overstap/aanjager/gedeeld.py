"""/gedeeld: the leerlingen that a school shares with its samenwerkingsverband, and what stands there. Bron: domein.md 1."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.rechten import Recht
from accounts.scope import OverstapRequest
from overstap.schermen.omgeving import maak_omgeving
from statuses.access import vereis
from statuses.models import Overstap
from statuses.weergave import aanmeldingen_bij
from statuses.zichtbaarheid import naam_voor

KOLOMMEN = ("Leerling", "School", "Klas", "Status", "Mbo")
HOOGSTENS = 500


@require_GET
def toon(request: OverstapRequest) -> HttpResponse:
    """Who, where, and how far: name, status and the mbo. Nothing else is shared."""
    o = maak_omgeving(vereis(request, Recht.GEDEELDE_ZIEN), request.GET)
    rijen = list(
        Overstap.objects.zichtbaar_voor(o.actor)
        .filter(overstapjaar=o.jaar, gesloten_op__isnull=True)
        .select_related("leerling", "vestiging")
        .order_by("vestiging__naam", "leerling__zoeknaam", "pk")[:HOOGSTENS]
    )
    mbos = aanmeldingen_bij(rijen)
    audit.log(o.actor, "lijst.zien", object_soort="gedeeld", leerlingen=[(r.regio_id, r.leerling_id) for r in rijen])
    context = {
        "o": o,
        "kolommen": [(naam, "", "", False, False) for naam in KOLOMMEN],
        "rijen": [
            {
                "naam": naam_voor(o.actor, r, lijst=True),
                "school": r.vestiging.naam,
                "klas": r.klas,
                "status": r.status,
                "mbo": ", ".join(mbos.get(r.pk, ())),
            }
            for r in rijen
        ],
    }
    return render(request, "aanjager/gedeeld.html", context)
