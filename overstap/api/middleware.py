"""What holds for every address under /api: who asks, by token only; and every refusal in one form."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.scope import OverstapRequest
from overstap.api import problemen, tokens

Volgende = Callable[[HttpRequest], HttpResponse]


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or request.path == "/api"


class ApiAntwoordMiddleware:
    """Outermost for the API: what Django itself answers (unknown path, too large, 500) becomes a problem document too."""

    def __init__(self, get_response: Volgende) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not is_api(request):
            return response
        if response.status_code >= 400 and response.headers.get("Content-Type", "") != problemen.SOORT:
            response = self._als_probleem(request, response)
        response["API-Version"] = problemen.VERSIE
        return response

    @staticmethod
    def _als_probleem(request: HttpRequest, oud: HttpResponse) -> HttpResponse:
        teksten = {404: "Dit adres bestaat niet.", 413: "De aanvraag is te groot. Stuur hem in delen."}
        detail = teksten.get(oud.status_code, problemen.TITELS.get(oud.status_code, "Dit lukt niet.") + ".")
        nieuw = problemen.antwoord(request, oud.status_code, detail)
        for naam in ("Allow", "Retry-After", "WWW-Authenticate"):
            if oud.has_header(naam):
                nieuw[naam] = oud[naam]
        return nieuw


class TokenMiddleware:
    """Before :class:`accounts.scope.ScopeMiddleware`: sets ``request.actor`` from a Bearer token, so that the bereik is
    open around the view. A session never authenticates a call: for /api it is not looked at."""

    def __init__(self, get_response: Volgende) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_api(request):
            scoped: OverstapRequest = request  # type: ignore[assignment]
            scoped.lidmaatschap = None
            try:
                scoped.actor, fout = tokens.actor_van_request(request)
            except Exception as uitzondering:
                probleem = problemen.vertaal(uitzondering)
                if probleem is None:
                    raise
                return problemen.antwoord(
                    request, probleem.status_code, str(probleem.detail), code=probleem.code, koppen=probleem.koppen
                )
            request.token_fout = fout  # type: ignore[attr-defined]
        return self.get_response(request)
