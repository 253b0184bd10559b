"""From which address a call comes, behind so many proxies of our own (``OVERSTAP_PROXIES``); only to limit by."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def adres_van(request: HttpRequest) -> str:
    """The address that our outermost proxy saw; what a caller writes in the header itself does not count."""
    aantal = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    keten = [deel.strip() for deel in request.headers.get("X-Forwarded-For", "").split(",") if deel.strip()]
    gezien = keten[-aantal] if aantal and len(keten) >= aantal else request.META.get("REMOTE_ADDR", "")
    return str(gezien)[:64]
