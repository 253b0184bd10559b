"""Tokens: client credentials at ``/oauth/token``, ten minutes, within the client's own scopes, unreadable in the database.

A system proves who it is with its secret (``client_secret_basic`` or ``client_secret_post``) or with a JWT that it signed
(``private_key_jwt``, clientbewijs.py). The secret is hashed (django-oauth-toolkit), of a token only the checksum is kept
(``COMPLIANT_BCP_RFC9700_TOKEN_STORAGE``).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import DataError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.models import get_access_token_model
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes
from oauth2_provider.views import TokenView
from oauthlib.oauth2.rfc6749.errors import InvalidClientError, InvalidRequestError

from accounts.actions import note_use
from accounts.actor import Actor, actor_van_client
from accounts.mandaten import gegeven_aan
from accounts.models import ApiClient, LogRegel
from accounts.rechten import SCOPE_LABELS, Scope
from overstap.api import clientbewijs
from overstap.api.adres import adres_van
from overstap.basis import klok
from overstap.basis.stapel import voeg_toe


def scopes_van(client: ApiClient) -> frozenset[Scope]:
    """The scopes that a client has today; one that no longer exists is left out."""
    return frozenset(Scope) & frozenset(client.scopes.split())


class EigenScopes(BaseScopes):
    """A client can ask for its own scopes and gets them all when it asks for none."""

    def get_all_scopes(self) -> dict[str, str]:
        return {scope.value: label for scope, label in SCOPE_LABELS.items()}

    def get_available_scopes(self, application: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        return sorted(scopes_van(application)) if isinstance(application, ApiClient) else []

    def get_default_scopes(self, application: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        return self.get_available_scopes(application)


def actor_van_request(request: HttpRequest) -> tuple[Actor | None, str]:
    """(actor, "") for a good Bearer token; (None, why) otherwise. Three queries.

    Scopes and mandaten are those of this moment: what is taken away stops the tokens that there are.
    """
    soort, _, token = request.headers.get("Authorization", "").partition(" ")
    if not soort:
        return None, "Er is geen token meegestuurd. Haal er een op bij /oauth/token."
    token = token.strip()
    if soort.lower() != "bearer" or not token:
        return None, "Stuur het token als 'Authorization: Bearer <token>'."
    som = hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
    gevonden = (
        get_access_token_model().objects.select_related("application__organisatie").filter(token_checksum=som).first()
    )
    client: ApiClient | None = gevonden.application if gevonden else None
    if gevonden is None or gevonden.is_expired() or client is None or client.organisatie is None:
        return None, "Het token is niet geldig of verlopen. Haal een nieuw op bij /oauth/token."
    scopes = scopes_van(client) & frozenset(gevonden.scope.split())
    return actor_van_client(client, scopes, gegeven_aan(client, klok.vandaag())), ""


class ClientValidator(OAuth2Validator):
    """django-oauth-toolkit's own, with ``private_key_jwt`` beside the secret."""

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        bewijs, soort = (getattr(request, naam, None) for naam in ("client_assertion", "client_assertion_type"))
        if bewijs is None and soort is None:
            return bool(super().authenticate_client(request, *args, **kwargs))
        # RFC 6749 2.3: never two ways in one request.
        if getattr(request, "client_secret", None) is not None or self._extract_basic_auth(request):
            raise InvalidRequestError("Stuur een geheim of een client_assertion, niet allebei.", request=request)
        if soort != clientbewijs.SOORT or bewijs is None:
            raise InvalidRequestError(f"client_assertion_type is {clientbewijs.SOORT}.", request=request)
        try:
            request.client = clientbewijs.client_met(bewijs, getattr(request, "client_id", None) or "")
        except clientbewijs.BewijsFout as fout:
            raise InvalidClientError(str(fout), request=request) from None
        request.client_id = request.client.client_id
        return True


def _client_id(request: HttpRequest) -> str:
    """The client_id that was sent, from the header or the body; only to count attempts by."""
    soort, _, waarde = request.headers.get("Authorization", "").partition(" ")
    if soort.lower() == "basic":
        try:
            return base64.b64decode(waarde, validate=True).decode("utf-8", "replace").partition(":")[0]
        except (binascii.Error, ValueError):
            return ""
    return str(request.POST.get("client_id", "")) or clientbewijs.client_id_in(
        str(request.POST.get("client_assertion", ""))
    )


def _log_mislukt(request: HttpRequest, client_id: str, status: int) -> None:
    """One line per refused token: by id of the client when it exists, never what was sent."""
    client = ApiClient.objects.filter(client_id=client_id).first() if clientbewijs.kan_bestaan(client_id) else None
    regel = LogRegel(
        tijdstip=klok.wandklok(),
        actor_soort="systeem",
        actor_id=client.id if client else None,
        organisatie_id=client.organisatie_id if client else None,
        handeling="api.token",
        uitkomst="geweigerd",
        details={"code": str(status)},
    )
    voeg_toe(LogRegel, [regel])


def _gebruikt(response: HttpResponse) -> None:
    som = hashlib.sha256(str(json.loads(response.content)["access_token"]).encode()).hexdigest()
    note_use(get_access_token_model().objects.values_list("application_id", flat=True).get(token_checksum=som))


def _fout(fout: str, uitleg: str, status: int, **koppen: str) -> HttpResponse:
    response = JsonResponse({"error": fout, "error_description": uitleg}, status=status)
    for naam, waarde in koppen.items():
        response[naam.replace("_", "-")] = waarde
    return response


@method_decorator(csrf_exempt, name="dispatch")
class OverstapTokenView(TokenView):
    """``POST /oauth/token``. Errors as RFC 6749 wants them; guessing is limited per client and per address."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        client_id = _client_id(request)
        tellers = [
            f"oauth:{hashlib.sha256(client_id.encode('utf-8', 'replace')).hexdigest()[:32]}",
            f"oauth-adres:{hashlib.sha256(adres_van(request).encode('utf-8', 'replace')).hexdigest()[:32]}",
        ]
        grenzen = [settings.OVERSTAP_TOKEN_FOUTEN, settings.OVERSTAP_TOKEN_FOUTEN * 10]
        stand = cache.get_many(tellers)
        if any(stand.get(teller, 0) >= grens for teller, grens in zip(tellers, grenzen, strict=True)):
            return _fout("slow_down", "Te veel mislukte pogingen. Wacht een minuut.", 429, Retry_After="60")
        try:
            with transaction.atomic():
                response: HttpResponse = super().post(request, *args, **kwargs)
        except (ValueError, DataError):
            response = _fout("invalid_request", "De aanvraag bevat een waarde die niet kan.", 400)
        if response.status_code == 200:
            _gebruikt(response)
        if response.status_code >= 400:
            cache.set_many({teller: stand.get(teller, 0) + 1 for teller in tellers}, 60)
            _log_mislukt(request, client_id, response.status_code)
        return response
