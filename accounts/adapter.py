"""What allauth asks of us: no self-made accounts, one line in the log per login and refusal, TOTP secrets encrypted."""

from __future__ import annotations

import base64
import uuid
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts import audit
from accounts.models import Gebruiker
from overstap.basis import geheim, klok

# TOTP secrets and recovery seeds have no row of their own when they are encrypted; this binds them to their kind.
_TWEEDE_FACTOR = uuid.UUID("6d666100-0000-7000-8000-000000000001")


class AccountAdapter(DefaultAccountAdapter):
    """Login by invitation only. Messages never tell whether an account exists; the log knows, by id."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "Dit e-mailadres en wachtwoord horen niet bij elkaar. Controleer ze en probeer het opnieuw.",
        "too_many_login_attempts": "U hebt te vaak geprobeerd in te loggen. Wacht een kwartier en probeer het opnieuw.",
        "incorrect_password": "Dit is niet het goede wachtwoord. Probeer het opnieuw.",
        "enter_current_password": "Dit is niet uw wachtwoord van nu. Probeer het opnieuw.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **velden: Any
    ) -> None:
        """Without "you are now logged in" and "logged out": the page shows it."""
        if message_template not in ("account/messages/logged_in.txt", "account/messages/logged_out.txt"):
            super().add_message(request, level, message_template, *args, **velden)

    def is_reauthentication_required(self, *, app: str, **velden: Any) -> bool:
        """Who logged in less than five minutes ago is not asked for the password once more."""
        request = context.request
        stappen = get_authentication_records(request, request.user)
        net = bool(stappen) and klok.wandklok().timestamp() - stappen[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
        return False if net else bool(super().is_reauthentication_required(app=app, **velden))

    def pre_login(self, request: HttpRequest, user: Gebruiker, **velden: Any) -> HttpResponse | None:
        """A demonstration account exists in a demonstration only."""
        if user.is_demo and not settings.OVERSTAP_DEMO:
            user.is_active = False
        response: HttpResponse | None = super().pre_login(request, user, **velden)
        if response is not None:
            audit.log_toegang("inloggen", user, uitkomst="geweigerd", code="staat_uit")
        return response

    def login(self, request: HttpRequest, user: Gebruiker) -> None:
        super().login(request, user)
        audit.log_toegang("inloggen", user)

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, Gebruiker):
            audit.log_toegang("uitloggen", request.user)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        email = str(credentials.get("email", "")).lower()
        gebruiker = Gebruiker.objects.filter(email=email).first()
        audit.log_toegang("inloggen", gebruiker, uitkomst="geweigerd", code="wachtwoord" if gebruiker else "onbekend")


class MfaAdapter(DefaultMFAAdapter):
    """A dump of the database holds no second factor that works."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Deze code klopt niet. Vul de code in die nu in de app staat; elke code werkt één keer.",
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(geheim.versleutel(text, _TWEEDE_FACTOR)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return geheim.ontsleutel(base64.b64decode(encrypted_text), _TWEEDE_FACTOR).decode()
