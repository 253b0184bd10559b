"""Extra redenen of the regio: add one, end one, take it back. A reden that was chosen is never deleted."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rechten import Recht
from accounts.scope import OverstapRequest
from statuses.access import vereis
from statuses.actions import add_reden, end_reden, reopen_reden
from statuses.beoordelen import Geweigerd
from statuses.eigen_redenen import MET_REDEN
from statuses.models import RegioReden
from statuses.referentie.redenen import redenen as vaste_redenen
from statuses.status import Status

KOLOMMEN = ("Reden", "Bij status", "Tekst verplicht", "Stand", "Actie")


class RedenForm(forms.Form):
    """A new reden: at which status, in which words, and whether people must write something with it."""

    status = forms.TypedChoiceField(label="Bij status", choices=[(int(s), s.label) for s in MET_REDEN], coerce=int)
    label = forms.CharField(
        label="Reden", max_length=80, help_text="Kort, zoals mensen het lezen. De woorden zijn later niet te wijzigen."
    )
    tekst_verplicht = forms.BooleanField(
        label="Wie deze reden kiest, moet er een toelichting bij schrijven", required=False
    )


@require_http_methods(["GET", "HEAD", "POST"])
def redenen(request: OverstapRequest) -> HttpResponse:
    """The redenen of the regio beside the fixed ones, and a form for one more."""
    actor = vereis(request, Recht.BEHEREN)
    form = RedenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        velden = form.cleaned_data
        uit = add_reden(actor.regio, Status(velden["status"]), velden["label"], velden["tekst_verplicht"], actor=actor)
        if not isinstance(uit, Geweigerd):
            messages.success(request, f"De reden '{uit.label}' is toegevoegd. Zij staat vanaf nu in de lijst.")
            return HttpResponseRedirect(reverse("beheer-redenen"))
        form.add_error(uit.veld or None, uit.detail)
    rijen = RegioReden.objects.filter(regio_id=actor.regio).order_by("status", "label")
    context = {
        "form": form,
        "rijen": [(rij, Status(rij.status).label) for rij in rijen],
        "vast": [(s.label, [r.label for r in vaste_redenen(s.code)]) for s in MET_REDEN],
        "kolommen": [{"naam": naam} for naam in KOLOMMEN],
        "kruimels": [{"naam": "Beheer", "url": reverse("beheer")}, {"naam": "Redenen", "url": ""}],
    }
    return render(request, "beheer/redenen.html", context, status=422 if form.errors else 200)


@require_POST
def zet_einde(request: OverstapRequest, pk: uuid.UUID) -> HttpResponse:
    """End a reden, or with ``terug`` make it one to choose again."""
    actor = vereis(request, Recht.BEHEREN)
    if not RegioReden.objects.filter(pk=pk, regio_id__in=sorted(actor.regios)).exists():
        raise Http404("Deze reden bestaat niet of hoort niet bij uw regio.")
    uit = reopen_reden(pk, actor=actor) if "terug" in request.POST else end_reden(pk, actor=actor)
    if isinstance(uit, Geweigerd):
        messages.info(request, uit.detail)
    elif uit.beeindigd_op:
        messages.success(request, f"'{uit.label}' is niet meer te kiezen. Waar de reden al stond, blijft zij staan.")
    else:
        messages.success(request, f"'{uit.label}' is weer te kiezen.")
    return HttpResponseRedirect(reverse("beheer-redenen"))
