"""The page of the new overstapjaar, and the list of systems that may act here."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts import actions
from accounts.models import ApiClient, Mandaat, Organisatie, Regio, Vestiging
from accounts.rechten import Recht
from accounts.scope import OverstapRequest
from overstap.basis import klok
from overstap.beheer.jaarwissel import plan, voorgesteld_jaar, zet_klaar
from overstap.beheer.views_organisaties import organisaties_in
from statuses.access import vereis
from statuses.models import NietVerwerkt, Overstap
from statuses.termijnen import jaar_naam


@require_http_methods(["GET", "HEAD", "POST"])
def overstapjaar(request: OverstapRequest) -> HttpResponse:
    """What the new jaar gets and what goes of the old one; POST makes it ready."""
    actor = vereis(request, Recht.BEHEREN)
    jaar = voorgesteld_jaar(klok.vandaag())
    if request.method == "POST":
        try:
            gemaakt = zet_klaar(actor.regio, jaar, actor=actor)
        except actions.Gewijzigd as fout:
            messages.warning(request, f"{fout} Kijk hieronder of het nog klopt, en probeer het opnieuw.")
        else:
            zin = "stond al klaar" if gemaakt.klaar else "staat klaar"
            messages.success(request, f"Overstapjaar {gemaakt.naam} {zin}.")
        return HttpResponseRedirect(reverse("beheer-jaar"))
    oud = Overstap.objects.filter(regio_id=actor.regio, overstapjaar=jaar - 1)
    context = {
        "plan": plan(Regio.objects.get(pk=actor.regio), jaar),
        "oud": jaar_naam(jaar - 1),
        "vestigingen": Vestiging.objects.filter(regio_id=actor.regio).count(),
        "zonder_beheerder": organisaties_in(actor).filter(aantal_beheerders=0).count(),
        "ongemarkeerd": oud.filter(gemarkeerd_sinds__isnull=True).count(),
        "niet_verwerkt": NietVerwerkt.objects.filter(regio_id=actor.regio, overstapjaar=jaar - 1).count(),
        "kruimels": [{"naam": "Beheer", "url": reverse("beheer")}, {"naam": "Nieuw overstapjaar", "url": ""}],
    }
    return render(request, "beheer/overstapjaar.html", context)


@require_GET
def systemen(request: OverstapRequest) -> HttpResponse:
    """Which systems of organisaties in the regio are connected, what they may do, and for whom they act today."""
    actor = vereis(request, Recht.BEHEREN)
    hier = Organisatie.objects.filter(deelnames__regio_id=actor.regio).values("pk")
    vandaag = klok.vandaag()
    loopt = Q(vanaf__lte=vandaag) & (Q(tot__isnull=True) | Q(tot__gte=vandaag))
    mandaten = Mandaat.objects.filter(loopt, organisatie__in=hier).select_related("organisatie")
    clienten = (
        ApiClient.objects.filter(Q(organisatie__in=hier) | Q(mandaten__in=mandaten))
        .select_related("organisatie")
        .prefetch_related(Prefetch("mandaten", queryset=mandaten.order_by("organisatie__naam"), to_attr="geldig"))
        .distinct()
        .order_by("organisatie__naam", "soort")
    )
    context = {
        "clienten": clienten,
        "kolommen": [{"naam": n} for n in ("Organisatie", "Soort", "Mag", "Handelt ook namens")],
        "kruimels": [{"naam": "Beheer", "url": reverse("beheer")}, {"naam": "Systemen", "url": ""}],
    }
    return render(request, "beheer/systemen.html", context)
