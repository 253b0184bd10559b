"""The public keys of what we push, open to all."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from overstap.basis import handtekening

BEWAAR = 300  # seconds


@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """JSON Web Key Set: with these anybody can check a signature."""
    antwoord = JsonResponse(handtekening.jwks(), content_type="application/jwk-set+json")
    antwoord["Cache-Control"] = f"public, max-age={BEWAAR}"
    return antwoord
