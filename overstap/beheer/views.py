"""The log, and the accounts of the own organisatie."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, audit
from accounts.models import Lidmaatschap, Organisatie
from accounts.rechten import Recht
from accounts.scope import OverstapRequest
from overstap.basis import klok
from overstap.beheer import logboek as lijst
from overstap.beheer.forms import UitnodigingForm
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


@require_GET
def accounts(request: OverstapRequest) -> HttpResponse:
    """Everybody with a role in the own organisatie."""
    actor = vereis(request, Recht.ACCOUNTS_BEHEREN)
    leden = (
        Lidmaatschap.objects.filter(organisatie_id=actor.eigen_organisatie)
        .select_related("gebruiker")
        .order_by("gebruiker__naam", "rol")
    )
    vandaag = klok.vandaag()
    rijen = [(lid, lid.beeindigd_op is None or lid.beeindigd_op > vandaag) for lid in leden]
    audit.log(actor, "accounts.zien", object_soort="account", aantal=len(rijen))
    kolommen = [{"naam": naam} for naam in ("Naam", "E-mailadres", "Rol", "Stand", "Actie")]
    return render(request, "beheer/accounts.html", {"rijen": rijen, "kolommen": kolommen, "ik": actor.id})


@require_http_methods(["GET", "HEAD", "POST"])
def uitnodigen(request: OverstapRequest) -> HttpResponse:
    """Invite a colleague: they get a mail with a link to choose a password."""
    actor = vereis(request, Recht.ACCOUNTS_BEHEREN)
    form = UitnodigingForm(request.POST if request.method == "POST" else None, soort=actor.organisatie_soort)
    if request.method == "POST" and form.is_valid():
        organisatie = Organisatie.objects.get(id=actor.eigen_organisatie)
        velden = form.cleaned_data
        try:
            actions.invite(velden["email"], velden["naam"], form.rol_gekozen, organisatie, actor=actor)
        except actions.AccountFout as fout:
            form.add_error(fout.veld if fout.veld in form.fields else None, str(fout))
        else:
            messages.success(request, "De uitnodiging is verstuurd.")
            return HttpResponseRedirect(reverse("beheer-accounts"))
    return render(request, "beheer/uitnodigen.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def beeindigen(request: OverstapRequest, pk: uuid.UUID) -> HttpResponse:
    """End somebody's role in the own organisatie."""
    actor = vereis(request, Recht.ACCOUNTS_BEHEREN)
    if not Lidmaatschap.objects.filter(pk=pk, organisatie_id=actor.eigen_organisatie).exists():
        request.weigering = audit.Weigering("account.rol_beeindigen", "lidmaatschap", str(pk), "404")
        raise Http404("Dit account bestaat niet of hoort niet bij uw organisatie.")
    try:
        actions.end_lidmaatschap(pk, actor=actor)
    except actions.AccountFout as fout:
        messages.error(request, str(fout))
    else:
        messages.success(request, "De rol is beëindigd.")
    return HttpResponseRedirect(reverse("beheer-accounts"))
