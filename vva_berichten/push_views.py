"""The public keys of what we push, open to all; and for the operator: send again."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import get_organisatie
from accounts.rechten import Recht
from accounts.scope import OverstapRequest
from overstap.basis import handtekening
from statuses.access import vereis
from vva_berichten.actions import Opnieuw, mag_eindpunt, resend

BEWAAR = 300  # seconds


@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """JSON Web Key Set: with these anybody can check a signature."""
    antwoord = JsonResponse(handtekening.jwks(), content_type="application/jwk-set+json")
    antwoord["Cache-Control"] = f"public, max-age={BEWAAR}"
    return antwoord


@require_http_methods(["GET", "HEAD", "POST"])
def opnieuw(request: OverstapRequest, pk: uuid.UUID) -> HttpResponse:
    """Send again what waits, was put aside or was parked for one receiver: first what that means, then the act."""
    actor = vereis(request, Recht.BEHEREN)
    organisatie = get_organisatie(request, pk)
    if not mag_eindpunt(actor, organisatie):
        raise Http404("Alleen een gemeente of een school krijgt berichten (VVA).")
    if request.method == "POST":
        messages.success(request, in_woorden(resend([organisatie], actor=actor)))
        return HttpResponseRedirect(reverse("vva"))
    context = {
        "titel": "Opnieuw sturen",
        "uitleg": f"{organisatie.naam} krijgt opnieuw aangeboden wat nog niet is aangenomen.",
        "punten": [
            "Wat wacht of gestopt is, gaat meteen weer lopen.",
            "Berichten die opzij zijn gezet, gaan nog één keer. Weigert de ontvanger weer, dan staan ze hier opnieuw.",
            "Wat niet te ontcijferen was en hersteld is, komt achteraan in de postbus.",
            "Een bericht dat de ontvanger al had, herkent zijn systeem aan het nummer van het bericht.",
        ],
        "knop": "Stuur opnieuw",
        "terug_url": reverse("vva"),
    }
    return render(request, "componenten/bevestigen.html", context)


def in_woorden(uit: Opnieuw) -> str:
    """What goes out again, as a sentence."""
    delen = []
    if uit.eindpunten:
        delen.append("het eindpunt wordt opnieuw geprobeerd")
    if uit.berichten:
        delen.append(f"{uit.berichten} bericht{'en' if uit.berichten != 1 else ''} opnieuw aangeboden")
    if uit.geleverd:
        delen.append(f"{uit.geleverd} alsnog in de postbus bezorgd")
    if uit.hersteld:
        delen.append(f"{uit.hersteld} weer leesbaar en achteraan in de postbus gelegd")
    if uit.onleesbaar:
        delen.append(f"{uit.onleesbaar} nog niet te ontcijferen")
    tekst = ", ".join(delen) or "er was niets om opnieuw te sturen"
    return f"{tekst[0].upper()}{tekst[1:]}."
