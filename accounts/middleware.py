"""Who gets to a view at all: sessions that end, a second factor, and no page without login unless the table says so.

Three steps around :class:`accounts.scope.ScopeMiddleware`: ``SessieMiddleware`` (before it) ends stale sessions and says whether
the second factor was given; the scope then makes an actor only if it was; ``ToegangMiddleware`` (after it) sends everybody
else to the page where they can do something about it. A new page is closed until somebody is logged in with a role.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from accounts import audit
from accounts.models import Gebruiker
from overstap.basis import klok

# Names of addresses, by what they need. Everything that is not named needs login, second factor and an active role.
OPEN = frozenset({
    "start", "inloggen", "account_login", "uitloggen", "account_logout", "demo_inloggen", "account_inactive", "account_signup",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "mfa_authenticate", "mfa_login_webauthn", "gezondheid", "gezondheid-gereed", "hulp",
    "privacy", "toegankelijkheid", "jwks",
})  # fmt: skip
ZONDER_FACTOR = frozenset({
    "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    "account_change_password",
})  # fmt: skip
ZONDER_ROL = frozenset({
    "rol", "mfa_index", "mfa_deactivate_totp", "mfa_list_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "account_set_password",
})  # fmt: skip
# No sessions there: the API answers 401 by itself.
OPEN_PADEN = ("/api/", "/oauth/")

BEGIN, LAATST, FACTOREN, INGESTELD = "sessie_begin", "sessie_laatst", "factoren", "factor_ingesteld"


class SessieMiddleware:
    """Ends a session after 30 minutes without a request, after 12 hours, and when the second factor changed elsewhere.

    A password change and a switched-off account end it by Django's own check of the session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.tweede_factor = False  # type: ignore[attr-defined]
        gebruiker = request.user
        if not isinstance(gebruiker, Gebruiker):
            return self.get_response(request)
        if self._verlopen(request, gebruiker):
            return self.get_response(request)
        factoren = None if settings.OVERSTAP_DEMO else _factoren(gebruiker)
        # In a demonstration accounts may log in without a second factor (raakvlakken.md); who set one up is asked for it.
        request.tweede_factor = factoren is None or _gegeven(request, gebruiker, factoren)  # type: ignore[attr-defined]
        if factoren and not request.tweede_factor:  # type: ignore[attr-defined]
            _beeindig(request, gebruiker, "tweede_factor", "Uw tweede stap is gewijzigd. Log opnieuw in.")
        response = self.get_response(request)
        if factoren is not None and request.method == "POST" and _naam(request).startswith("mfa_"):
            _onthoud(request, gebruiker, factoren)
        return response

    def _verlopen(self, request: HttpRequest, gebruiker: Gebruiker) -> bool:
        if gebruiker.is_demo and not settings.OVERSTAP_DEMO:
            _beeindig(request, gebruiker, "demo", "Dit account werkt alleen in een demonstratie.")
            return True
        nu, sessie = klok.wandklok().timestamp(), request.session
        begin, laatst = sessie.get(BEGIN, nu), sessie.get(LAATST, nu)
        if nu - laatst > settings.OVERSTAP_SESSIE_STIL:
            _beeindig(request, gebruiker, "stil", "U deed een half uur niets. Log opnieuw in, dan kunt u verder.")
            return True
        if nu - begin > settings.SESSION_COOKIE_AGE:
            _beeindig(request, gebruiker, "te_lang", "U was twaalf uur ingelogd. Log opnieuw in, dan kunt u verder.")
            return True
        # Written at most once a minute: a page with many requests is not many writes.
        if BEGIN not in sessie or nu - laatst > 60 or LAATST not in sessie:
            sessie[BEGIN], sessie[LAATST] = begin, nu
        return False


class ToegangMiddleware:
    """Deny by default. Sends on who is not logged in, has no second factor, or has no active role."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        naam = _naam(request)
        if naam in OPEN or request.path.startswith(OPEN_PADEN):
            return None
        if not request.user.is_authenticated:
            return _stuur(request, f"{reverse('inloggen')}{_terug(request)}")
        if naam in ZONDER_FACTOR:
            return None
        if not request.tweede_factor:  # type: ignore[attr-defined]
            messages.info(request, "Stel eerst een tweede stap in. Daarna kunt u verder.")
            return _stuur(request, reverse("mfa_activate_totp"))
        if naam in ZONDER_ROL or request.actor is not None:  # type: ignore[attr-defined]
            return None
        return _stuur(request, reverse("rol"))


def _naam(request: HttpRequest) -> str:
    return (request.resolver_match.url_name or "") if request.resolver_match else ""


def _terug(request: HttpRequest) -> str:
    """Back to the page that was asked for, after login; a POST is not repeated."""
    return f"?next={quote(request.get_full_path())}" if request.method == "GET" and request.path != "/" else ""


def _stuur(request: HttpRequest, url: str) -> HttpResponse:
    # A fragment of a page must not get the login page inside it.
    return HttpResponseClientRedirect(url) if getattr(request, "htmx", False) else HttpResponseRedirect(url)


def _beeindig(request: HttpRequest, gebruiker: Gebruiker, code: str, melding: str) -> None:
    audit.log_toegang("sessie.beeindigd", gebruiker, code=code)
    logout(request)
    messages.info(request, melding)


def _factoren(gebruiker: Gebruiker) -> list[int]:
    """The second factors that this person has now; recovery codes are none by themselves."""
    soorten = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return list(
        Authenticator.objects.filter(user=gebruiker, type__in=soorten).order_by("pk").values_list("pk", flat=True)
    )


def _gegeven(request: HttpRequest, gebruiker: Gebruiker, factoren: list[int]) -> bool:
    """Whether this session gave one of them; a session that knew other factors than there are now did not."""
    if not factoren:
        return False
    bekend = request.session.get(FACTOREN)
    gegeven = INGESTELD in request.session or any(
        stap.get("method") == "mfa" for stap in get_authentication_records(request, gebruiker)
    )
    if bekend is None and gegeven:
        request.session[FACTOREN] = bekend = factoren
    return gegeven and bekend == factoren


def _onthoud(request: HttpRequest, gebruiker: Gebruiker, vorige: list[int]) -> None:
    """After a change by this session itself, it goes on; all other sessions of this person end at their next request."""
    if request.user.is_authenticated and (nieuw := _factoren(gebruiker)) != vorige:
        request.session[FACTOREN] = nieuw
        if nieuw:
            request.session[INGESTELD] = True
        else:
            request.session.pop(INGESTELD, None)
