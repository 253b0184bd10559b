"""Where the messages of an organisatie are pushed to: by the beheerorganisatie, or by who keeps the accounts of the organisatie itself."""

from __future__ import annotations

import uuid
from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods

from accounts.access import get_organisatie
from accounts.actor import Actor
from accounts.models import Organisatie
from accounts.rechten import Recht
from accounts.scope import OverstapRequest
from statuses.access import vereis
from vva_berichten import actions, eindpunten
from vva_berichten.push_views import in_woorden


class EindpuntForm(forms.Form):
    """The address and whether it is used."""

    url = forms.CharField(
        label="Adres (URL)",
        max_length=400,
        help_text="Het adres waarop het systeem van de ontvanger berichten aanneemt, zoals https://berichten.gemeente.nl/vva.",
        error_messages={"required": "Vul het adres in."},
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    actief = forms.BooleanField(
        label="Stuur berichten naar dit adres",
        required=False,
        help_text="Staat dit uit, dan blijven de berichten in de postbus liggen. Later gaat het verder waar het was.",
    )

    def clean_url(self) -> str:
        return str(self.cleaned_data["url"]).strip()


@require_http_methods(["GET", "HEAD", "POST"])
def eigen(request: OverstapRequest) -> HttpResponse:
    """The own organisatie."""
    actor = vereis(request, Recht.ACCOUNTS_BEHEREN)
    organisatie = Organisatie.objects.get(pk=actor.eigen_organisatie)
    if not actions.mag_eindpunt(actor, organisatie):
        raise PermissionDenied("Uw organisatie krijgt geen berichten (VVA). Er is dus geen eindpunt.")
    kruimels = [{"naam": "Accounts", "url": reverse("beheer-accounts")}, {"naam": "Eindpunt", "url": ""}]
    return _pagina(request, actor, organisatie, kruimels)


@require_http_methods(["GET", "HEAD", "POST"])
def van_organisatie(request: OverstapRequest, pk: uuid.UUID) -> HttpResponse:
    """An organisatie of the regio."""
    actor = vereis(request, Recht.BEHEREN)
    organisatie = get_organisatie(request, pk)
    if organisatie.soort not in actions.SOORTEN:
        raise Http404("Alleen een gemeente of een school krijgt berichten (VVA).")
    kruimels = [
        {"naam": "Beheer", "url": reverse("beheer")},
        {"naam": "Organisaties", "url": reverse("beheer-organisaties")},
        {"naam": organisatie.naam, "url": reverse("beheer-organisatie", args=[pk])},
        {"naam": "Eindpunt", "url": ""},
    ]
    return _pagina(request, actor, organisatie, kruimels)


def _pagina(
    request: OverstapRequest, actor: Actor, organisatie: Organisatie, kruimels: list[dict[str, str]]
) -> HttpResponse:
    stand = eindpunten.stand_van(organisatie)
    begin = {"url": stand.eindpunt.url, "actief": stand.eindpunt.actief} if stand else {"actief": True}
    form = EindpuntForm(initial=begin)
    if request.method == "POST":
        wat = request.POST.get("actie", "opslaan")
        if wat in ("proef", "opnieuw") and stand is not None:
            _doe(request, wat, organisatie, actor)
            return HttpResponseRedirect(request.path)
        form = EindpuntForm(request.POST)
        if form.is_valid() and _bewaar(request, form, organisatie, actor):
            return HttpResponseRedirect(request.path)
    context = {
        "organisatie": organisatie,
        "stand": stand,
        "feiten": _feiten(stand),
        "form": form,
        "kruimels": kruimels,
        "sleutels": eindpunten.adres_van_sleutels(),
    }
    return render(request, "beheer/eindpunt.html", context, status=422 if form.errors else 200)


def _doe(request: OverstapRequest, wat: str, organisatie: Organisatie, actor: Actor) -> None:
    if wat == "proef":
        actions.request_test(organisatie, actor=actor)
        messages.success(request, "Het proefbericht gaat op weg.")
    else:
        messages.success(request, in_woorden(actions.resend([organisatie], actor=actor)))


def _bewaar(request: OverstapRequest, form: EindpuntForm, organisatie: Organisatie, actor: Actor) -> bool:
    v = form.cleaned_data
    try:
        actions.save_eindpunt(organisatie, v["url"], v["actief"], actor=actor)
    except actions.EindpuntFout as fout:
        form.add_error("url", str(fout))
        return False
    messages.success(request, "Het eindpunt is opgeslagen.")
    return True


def _feiten(stand: eindpunten.EindpuntStand | None) -> list[tuple[str, str]]:
    """How it goes, as a list of terms."""
    if stand is None:
        return []
    sinds = f", sinds {_moment(stand.sinds)}" if stand.sinds and stand.soort in ("wacht", "gestopt") else ""
    uit = [
        ("Stand", f"{stand.teken} {stand.label}{sinds}"),
        ("Waarom", stand.waarom),
        ("Laatst aangenomen", _moment(stand.eindpunt.gepusht_op) or "nog niets"),
        ("Nog te sturen", str(stand.achter)),
        ("Opzij gezet", "; ".join(f"{o.aantal}: {o.waarom}" for o in stand.opzij)),
        ("Proefbericht", stand.proef),
    ]
    return [(naam, tekst) for naam, tekst in uit if tekst]


def _moment(op: datetime | None) -> str:
    return date_format(timezone.localtime(op), "j F Y H:i") if op else ""
