"""Pages of the aanjager: /scholen, and one school with what was agreed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.rechten import Recht, Rol
from accounts.scope import OverstapRequest
from overstap.aanjager import scholen as lijst
from overstap.aanjager import school as een
from overstap.aanjager.access import get_vestiging
from overstap.aanjager.adressen import adres
from overstap.aanjager.forms import ContactForm, ScholenForm
from overstap.schermen.paginas import alleen
from rapportages.forms import WELKE
from rapportages.schoolcontacten import ANTWOORDEN
from statuses.access import vereis
from statuses.actions import record_schoolcontact
from statuses.beoordelen import Geweigerd
from statuses.termijnen import jaar_naam


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


@alleen("GET")
def school(request: OverstapRequest, code: str) -> HttpResponse:
    """One vestiging: how far it is, and what was agreed with it."""
    actor = vereis(request, Recht.RAPPORTAGES_ZIEN)
    vestiging = get_vestiging(request, code)
    jaar, stap = een.lees_jaar(request.GET), een.lees_stap(request.GET)
    form = ContactForm(actor=actor, stap=stap.id if stap else "")
    audit.log(actor, "school.zien", object_soort="vestiging", object_id=vestiging.pk)
    return render(request, "aanjager/school.html", een.pagina(actor, vestiging, jaar, stap, form))


@alleen("POST")
def school_contact(request: OverstapRequest, code: str) -> HttpResponse:
    """Keep what was agreed, and go back to where the question stood: the list of the step, or the school."""
    actor = vereis(request, Recht.RAPPORTAGES_ZIEN)
    vestiging = get_vestiging(request, code)
    jaar, stap = een.lees_jaar(request.GET), een.lees_stap(request.GET)
    form = ContactForm(request.POST, actor=actor, stap=stap.id if stap else "")
    if form.is_valid():
        velden = form.cleaned_data
        uit = record_schoolcontact(
            vestiging.pk, jaar, velden["stap"], velden["antwoord"], velden["notitie"], actor=actor
        )
        if not isinstance(uit, Geweigerd):
            messages.success(request, f"Vastgelegd bij {vestiging.naam}: {ANTWOORDEN[uit.antwoord].lower()}.")
            if stap is not None and actor.rol == Rol.AANJAGER:
                return HttpResponseRedirect(adres("scholen", stap=stap.id, jaar=jaar_naam(jaar)))
            return HttpResponseRedirect(f"{reverse('school', args=[code])}?jaar={jaar_naam(jaar)}")
        form.add_error(uit.veld if uit.veld in form.fields else None, uit.detail)
    return render(request, "aanjager/school.html", een.pagina(actor, vestiging, jaar, stap, form), status=422)
