"""Pages of the aanjager: /scholen."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.rechten import Recht
from accounts.scope import OverstapRequest
from overstap.aanjager import scholen as lijst
from overstap.aanjager.forms import ScholenForm
from rapportages.forms import WELKE
from statuses.access import vereis


@require_GET
def scholen(request: OverstapRequest) -> HttpResponse:
    """Per vestiging how far it is, worst first; from there to the leerlingen and the Excel."""
    actor = vereis(request, Recht.SCHOLEN_ZIEN)
    form = ScholenForm(request.GET, subregios=lijst.subregios_van(actor))
    context: dict[str, object] = {"form": form, "kan_exporteren": actor.mag(Recht.EXPORTEREN)}
    if not form.is_valid():
        return render(request, "aanjager/scholen.html", context, status=400)
    vraag = {naam: request.GET[naam] for naam in form.fields if request.GET.get(naam)}
    context |= lijst.pagina(actor, form.cleaned_data, vraag)
    context["welke"] = [(code, tekst) for code, (tekst, _) in WELKE.items()]
    audit.log(actor, "scholen.zien", object_soort="vestiging", aantal=len(context["rijen"]))  # type: ignore[arg-type]
    return render(request, "aanjager/scholen.html", context)
