"""Login, the demonstration accounts, and the choice of a role."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.db.models import Min, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import audit
from accounts.actor import actor_van_lidmaatschap
from accounts.models import Gebruiker, Lidmaatschap
from accounts.rechten import Rol
from accounts.scope import SESSIE_ROL, OverstapRequest, actieve_lidmaatschappen, sleutel
from overstap.basis import klok
from overstap.basis.rls import bereik

_VOLGORDE = {rol.value: nr for nr, rol in enumerate(Rol)}


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One button on the login page of a demonstration."""

    id: uuid.UUID
    label: str
    naam: str
    organisatie: str


def demo_accounts() -> list[DemoAccount]:
    """One account per role and regio, the oldest of each; nothing outside a demonstration."""
    if not settings.OVERSTAP_DEMO:
        return []
    leden = (
        _geldig(Lidmaatschap.objects.filter(gebruiker__is_demo=True, gebruiker__is_active=True))
        .select_related("gebruiker", "organisatie")
        .annotate(regio=Min("organisatie__deelnames__regio_id"))
        .order_by("gebruiker__aangemaakt_op", "id")
    )
    eerste: dict[tuple[str, str], Lidmaatschap] = {}
    for lid in leden:
        eerste.setdefault((lid.regio or "", lid.rol), lid)
    gekozen = sorted(eerste.items(), key=lambda paar: (paar[0][0], _VOLGORDE[paar[0][1]]))
    return [
        DemoAccount(lid.id, f"Inloggen als {lid.rol_label}", lid.gebruiker.naam, lid.organisatie.naam)
        for _, lid in gekozen
    ]


def _geldig(leden: Any) -> Any:
    return leden.filter(Q(beeindigd_op__isnull=True) | Q(beeindigd_op__gt=klok.vandaag()))


class Inloggen(LoginView):
    """allauth's login page, with the demonstration accounts beside the form."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"demo_accounts": demo_accounts()}


@require_POST
def demo_inloggen(request: HttpRequest) -> HttpResponse:
    """Log in as a demonstration account by the id of its lidmaatschap; not there outside a demonstration."""
    gevraagd = sleutel(request.POST.get("account", ""))
    if not settings.OVERSTAP_DEMO or gevraagd is None:
        raise Http404
    lid = (
        _geldig(Lidmaatschap.objects.filter(gebruiker__is_demo=True, gebruiker__is_active=True))
        .filter(Q(id=gevraagd) | Q(gebruiker_id=gevraagd))
        .select_related("gebruiker")
        .order_by("id")
        .first()
    )
    if lid is None:
        raise Http404
    get_adapter(request).login(request, lid.gebruiker)
    request.session[SESSIE_ROL] = str(lid.id)
    return HttpResponseRedirect(_volgende(request))


def _volgende(request: HttpRequest) -> str:
    """Where to after login: an address of our own that was asked for, else /vandaag."""
    gevraagd = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(gevraagd, {request.get_host()}, require_https=request.is_secure()):
        return gevraagd
    return resolve_url(settings.LOGIN_REDIRECT_URL)


@require_http_methods(["GET", "HEAD", "POST"])
def rol(request: OverstapRequest) -> HttpResponse:
    """Choose the active role. Every next page works with its rights and sees its leerlingen only."""
    assert isinstance(request.user, Gebruiker)
    leden = actieve_lidmaatschappen(request.user)
    if request.method == "POST":
        gekozen = next((lid for lid in leden if str(lid.id) == request.POST.get("lidmaatschap")), None)
        if gekozen is None:
            messages.error(request, "Deze rol hebt u niet (meer). Kies een andere rol.")
            return HttpResponseRedirect(reverse("rol"))
        request.session[SESSIE_ROL] = str(gekozen.id)
        actor = actor_van_lidmaatschap(gekozen)
        with bereik(actor.regios):
            audit.log(actor, "rol.gekozen", object_soort="lidmaatschap", object_id=gekozen.id)
        return HttpResponseRedirect(resolve_url(settings.LOGIN_REDIRECT_URL))
    actief = request.lidmaatschap.id if request.lidmaatschap else None
    return render(request, "accounts/rol.html", {"leden": leden, "actief": actief})


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(resolve_url(settings.LOGIN_REDIRECT_URL))
