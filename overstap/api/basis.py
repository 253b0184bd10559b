"""The base of every API view: by token, with one scope and one right, limited per client, JSON in and out."""

from __future__ import annotations

import hashlib
from typing import ClassVar, TypeVar

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from accounts import audit
from accounts.actor import Actor
from accounts.rechten import Recht, Scope
from accounts.scope import OverstapRequest
from overstap.api.adres import adres_van
from overstap.api.invoer import lees
from overstap.api.problemen import Probleem

S = TypeVar("S")


class ViaToken(BaseAuthentication):
    """Who asks is known before the view (TokenMiddleware: the bereik must be open around it); nothing else counts."""

    def authenticate(self, request: Request) -> None:
        return None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="overstap"'


def niet_aangemeld(request: HttpRequest) -> Probleem:
    """401: no token, or one that is not good any more."""
    fout = getattr(request, "token_fout", "") or "Er is geen token meegestuurd. Haal er een op bij /oauth/token."
    extra = ', error="invalid_token"' if request.headers.get("Authorization") else ""
    return Probleem(401, fout, code="token", koppen={"WWW-Authenticate": f'Bearer realm="overstap"{extra}'})


class MetScope(BasePermission):
    """The call's scope is in the token, and the kind of organisatie has the call's right. Refusals are logged."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        assert isinstance(view, ApiView)
        actor = getattr(request._request, "actor", None)
        if actor is None:
            raise niet_aangemeld(request._request)
        if view.scope not in actor.scopes:
            _weiger(request, view.scope.value, "scope")
            raise Probleem(403, f"Uw token heeft de scope '{view.scope.value}' niet.", code="scope")
        if view.recht is not None and not actor.mag(view.recht):
            _weiger(request, view.recht.value, "recht")
            raise Probleem(403, "Deze soort organisatie mag dit niet.", code="recht")
        return True


class Openbaar(BasePermission):
    """Reference data and documentation: for everybody. A token that is sent must be good all the same."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if getattr(request._request, "actor", None) is None and request.headers.get("Authorization"):
            raise niet_aangemeld(request._request)
        return True


def _weiger(request: Request, handeling: str, code: str) -> None:
    scoped: OverstapRequest = request._request  # type: ignore[assignment]
    scoped.weigering = audit.Weigering(handeling=handeling, object_soort="api", code=code)


class PerClient(SimpleRateThrottle):
    """So many calls a minute per client, or per address without a token. ``OVERSTAP_API_PER_MINUUT``; 0 is no limit."""

    scope = "api"

    def get_rate(self) -> str | None:
        aantal = settings.OVERSTAP_API_PER_MINUUT
        return f"{aantal}/min" if aantal else None

    def get_cache_key(self, request: Request, view: APIView) -> str:
        actor: Actor | None = getattr(request._request, "actor", None)
        wie = str(actor.id) if actor else adres_van(request._request)
        return f"api-limiet:{hashlib.sha256(wie.encode('utf-8', 'replace')).hexdigest()[:32]}"


class ApiView(APIView):
    """One address. A subclass names its ``scope`` (and ``recht``) and has short methods ``get`` or ``post``."""

    scope: ClassVar[Scope]
    recht: ClassVar[Recht | None] = None
    authentication_classes = [ViaToken]
    permission_classes = [MetScope]
    throttle_classes = [PerClient]
    metadata_class = None
    http_method_names = ["get", "head", "post"]

    @property
    def actor(self) -> Actor:
        """Who calls; never None behind MetScope."""
        actor = self.scoped.actor
        assert actor is not None
        return actor

    @property
    def scoped(self) -> OverstapRequest:
        """Django's request, as statuses.access wants it."""
        return self.request._request  # type: ignore[return-value]

    def lees(self, soort: type[S], *, nul_ok: bool = False) -> S:
        """The body as ``soort`` (a msgspec Struct), or a Probleem that names the field."""
        return lees(self.scoped, soort, nul_ok=nul_ok)


class OpenbareView(ApiView):
    """Reference data: no token needed."""

    permission_classes = [Openbaar]


def json(inhoud: object, status: int = 200, **koppen: str) -> HttpResponse:
    """An answer; ``koppen`` with underscores for dashes (``ETag``, ``Retry_After``)."""
    response = HttpResponse(msgspec.json.encode(inhoud), status=status, content_type="application/json")
    for naam, waarde in koppen.items():
        response[naam.replace("_", "-")] = waarde
    return response
