"""The log."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.rechten import Recht
from accounts.scope import OverstapRequest
from overstap.beheer import logboek as lijst
from statuses.access import vereis


@require_GET
def logboek(request: OverstapRequest) -> HttpResponse:
    """Who did, saw or was refused what, in the own regio. Looking is itself a line."""
    actor = vereis(request, Recht.LOGBOEK_ZIEN)
    form = lijst.Filter(request.GET or None)
    geldig = form.is_valid() if form.is_bound else True
    regels = lijst.selecteer(form.cleaned_data if form.is_bound and geldig else {})
    pagina = lijst.blader(regels if geldig else regels.none(), request.GET.get("vanaf", ""))
    audit.log(actor, "logboek.zien", object_soort="logboek", aantal=len(pagina.regels))
    context = {
        "form": form,
        "rijen": [(regel, pagina.code(regel)) for regel in pagina.regels],
        "volgende": lijst.adres(request.GET, pagina.volgende) if pagina.volgende else "",
        "begin": reverse("beheer-logboek") if "vanaf" in request.GET else "",
        "kolommen": [{"naam": naam} for naam in KOLOMMEN],
    }
    return render(request, "beheer/logboek.html", context, status=200 if geldig else 400)


KOLOMMEN = ("Tijdstip", "Wie", "Rol", "Organisatie", "Handeling", "Object", "Doel", "Uitkomst", "Aantal")
