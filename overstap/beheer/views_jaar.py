"""The page of the new overstapjaar."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.models import Regio, Vestiging
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
