"""Accounts: who has a role in the own organisatie, invite, and what can be done with one role or one person."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, audit
from accounts.access import get_lidmaatschap, get_organisatie
from accounts.actor import Actor
from accounts.models import Lidmaatschap, Organisatie
from accounts.rechten import Recht, Rol, Soort
from accounts.scope import OverstapRequest, sleutel
from overstap.basis import klok
from overstap.beheer.forms import DeelForm, EmailForm, UitnodigingForm
from statuses.access import vereis
from vva_berichten.actions import SOORTEN as MET_POSTBUS

# Longer than this without a login: does this person still work here?
LANG = timedelta(days=90)
KOLOMMEN = ("Naam", "E-mailadres", "Rol", "Voor", "Laatst ingelogd", "Stand")


@require_GET
def accounts(request: OverstapRequest) -> HttpResponse:
    """Everybody with a role in the own organisatie; ``?niet=lang`` those that did not log in for long."""
    actor = vereis(request, Recht.ACCOUNTS_BEHEREN)
    vandaag, grens = klok.vandaag(), klok.wandklok() - LANG
    loopt = Q(beeindigd_op__isnull=True) | Q(beeindigd_op__gt=vandaag)
    weg = Q(gebruiker__last_login__lt=grens) | Q(gebruiker__last_login=None, gebruiker__aangemaakt_op__lt=grens)
    alle = Lidmaatschap.objects.filter(organisatie_id=actor.eigen_organisatie)
    lang = alle.filter(loopt & weg)
    gekozen = lang if request.GET.get("niet") == "lang" else alle
    leden = gekozen.select_related("gebruiker").prefetch_related("vestigingen", "subregios")
    rijen = [(lid, _loopt(lid)) for lid in leden.order_by("gebruiker__naam", "rol")]
    audit.log(actor, "accounts.zien", object_soort="account", aantal=len(rijen))
    hier = reverse("beheer-accounts")
    context = {
        "rijen": rijen,
        "eigen_school": actor.rol == Rol.FUNCTIONEEL_BEHEERDER and actor.organisatie_soort == Soort.VO,
        "eigen_postbus": actor.rol == Rol.FUNCTIONEEL_BEHEERDER and actor.organisatie_soort in MET_POSTBUS,
        "kolommen": [{"naam": naam} for naam in KOLOMMEN],
        "filters": [
            {"naam": "Alle", "url": hier, "actief": gekozen is alle, "aantal": alle.count()},
            {"naam": "90 dagen niet ingelogd", "url": f"{hier}?niet=lang", "actief": gekozen is lang, "aantal": lang.count()},
        ],
    }  # fmt: skip
    return render(request, "beheer/accounts.html", context)


def _loopt(lid: Lidmaatschap) -> bool:
    return lid.gebruiker.is_active and (lid.beeindigd_op is None or lid.beeindigd_op > klok.vandaag())


@require_http_methods(["GET", "HEAD", "POST"])
def uitnodigen(request: OverstapRequest) -> HttpResponse:
    """Invite a colleague, or with ``?organisatie=`` the functioneel beheerder of an organisatie of the regio."""
    actor = vereis(request, Recht.ACCOUNTS_BEHEREN)
    organisatie, rollen = _waarvoor(request, actor)
    form = UitnodigingForm(request.POST if request.method == "POST" else None, organisatie=organisatie, rollen=rollen)
    if request.method == "POST" and form.is_valid():
        velden = form.cleaned_data
        deel = form.deel if form.deel != actions.Deel() else None
        try:
            actions.invite(velden["email"], velden["naam"], form.rol_gekozen, organisatie, actor=actor, deel=deel)
        except actions.AccountFout as fout:
            form.add_error(fout.veld if fout.veld in form.fields else None, str(fout))
        else:
            messages.success(request, "De uitnodiging is verstuurd.")
            return HttpResponseRedirect(_terug(organisatie, actor))
    context = {
        "form": form,
        "organisatie": organisatie,
        "terug": _terug(organisatie, actor),
        "hier": request.get_full_path(),
    }
    return render(request, "beheer/uitnodigen.html", context, status=422 if form.errors else 200)


def _waarvoor(request: OverstapRequest, actor: Actor) -> tuple[Organisatie, frozenset[Rol] | None]:
    """Which organisatie, and which roles can be given there; every role that fits for the own one."""
    gevraagd = request.GET.get("organisatie", "")
    pk = sleutel(gevraagd) if gevraagd else actor.eigen_organisatie
    if pk is None:
        raise Http404("Deze organisatie bestaat niet.")
    if pk == actor.organisatie_id:
        return Organisatie.objects.get(pk=pk), None
    vereis(request, Recht.BEHEREN)
    return get_organisatie(request, pk), frozenset({Rol.FUNCTIONEEL_BEHEERDER})


def _terug(organisatie: Organisatie, actor: Actor) -> str:
    eigen = organisatie.pk == actor.organisatie_id
    return reverse("beheer-accounts") if eigen else reverse("beheer-organisatie", args=[organisatie.pk])


@require_GET
def account(request: OverstapRequest, pk: uuid.UUID) -> HttpResponse:
    """One role of one person, and everything that can be done with it."""
    vereis(request, Recht.ACCOUNTS_BEHEREN)
    return _toon(request, get_lidmaatschap(request, pk))


def _toon(request: OverstapRequest, lid: Lidmaatschap, status: int = 200, **forms: object) -> HttpResponse:
    actor = vereis(request, Recht.ACCOUNTS_BEHEREN)
    audit.log(actor, "account.zien", object_soort="lidmaatschap", object_id=lid.pk)
    deel = DeelForm(
        organisatie=lid.organisatie,
        initial={
            "vestigingen": [str(v) for v in lid.vestigingen.values_list("pk", flat=True)],
            "subregios": [str(s) for s in lid.subregios.values_list("pk", flat=True)],
        },
    )
    context = {
        "lid": lid,
        "loopt": _loopt(lid),
        "zelf": lid.gebruiker_id == actor.id,
        "hele_persoon": actions.mag_persoon_beheren(actor, lid.gebruiker),
        "deel": deel if deel.fields else None,
        "email": EmailForm(),
        "terug": _terug(lid.organisatie, actor),
        **forms,
    }
    return render(request, "beheer/account.html", context, status=status)


@require_POST
def daad(request: OverstapRequest, pk: uuid.UUID, code: str) -> HttpResponse:
    """One act on an account: deel, email, opnieuw, tweede-stap or beeindigen; the two last ask first."""
    actor = vereis(request, Recht.ACCOUNTS_BEHEREN)
    lid = get_lidmaatschap(request, pk)
    doe = DADEN.get(code)
    if doe is None:
        raise Http404("Deze handeling bestaat niet.")
    if code in _VRAGEN and "bevestigd" not in request.POST:
        return _vraag(request, lid, code)
    try:
        gelukt = doe(request, lid, actor)
    except actions.AccountFout as fout:
        if fout.veld == "email":
            form = EmailForm(request.POST)
            form.is_valid()
            form.add_error("email", str(fout))
            return _toon(request, lid, 422, email=form)
        messages.error(request, str(fout))
    else:
        messages.success(request, gelukt)
    return HttpResponseRedirect(reverse("beheer-account", args=[lid.pk]))


_VRAGEN: dict[str, tuple[str, str, str]] = {
    "tweede-stap": (
        "Tweede stap wissen?",
        "Doe dit alleen als u zeker weet dat deze persoon erom vraagt: bel even terug. De app, de passkeys en de herstelcodes werken "
        "dan niet meer. Bij de volgende keer inloggen stelt deze persoon een nieuwe tweede stap in. Er gaat een mail naar toe.",
        "Ja, wis de tweede stap",
    ),
    "beeindigen": (
        "Rol beëindigen?",
        "Vanaf nu kan deze persoon deze rol niet meer gebruiken. Was het de laatste rol, dan gaat ook het account uit. U kunt "
        "deze persoon later opnieuw uitnodigen.",
        "Ja, beëindig de rol",
    ),
}


def _vraag(request: OverstapRequest, lid: Lidmaatschap, code: str) -> HttpResponse:
    titel, uitleg, knop = _VRAGEN[code]
    context = {
        "titel": titel,
        "uitleg": uitleg,
        "punten": [f"{lid.gebruiker.naam}, {lid.rol_label} bij {lid.organisatie.naam}"],
        "knop": knop,
        "gevaar": True,
        "verborgen": [("bevestigd", "ja")],
        "actie_url": request.path,
        "terug_url": reverse("beheer-account", args=[lid.pk]),
    }
    return render(request, "componenten/bevestigen.html", context)


def _deel(request: OverstapRequest, lid: Lidmaatschap, actor: Actor) -> str:
    form = DeelForm(request.POST, organisatie=lid.organisatie)
    if not form.is_valid():
        raise actions.AccountFout("Kies alleen vestigingen en subregio's van deze organisatie.")
    actions.change_deel(lid.pk, form.deel, actor=actor)
    return "Opgeslagen voor welk deel van de organisatie deze rol is."


def _email(request: OverstapRequest, lid: Lidmaatschap, actor: Actor) -> str:
    actions.change_email(lid.pk, request.POST.get("email", ""), actor=actor)
    return "Het e-mailadres is gewijzigd. Beide adressen krijgen een mail."


def _opnieuw(request: OverstapRequest, lid: Lidmaatschap, actor: Actor) -> str:
    actions.invite_again(lid.pk, actor=actor)
    return "De uitnodiging is opnieuw verstuurd."


def _tweede_stap(request: OverstapRequest, lid: Lidmaatschap, actor: Actor) -> str:
    actions.reset_second_factor(lid.pk, actor=actor)
    return "De tweede stap is gewist. Bij de volgende keer inloggen stelt deze persoon een nieuwe in."


def _beeindigen(request: OverstapRequest, lid: Lidmaatschap, actor: Actor) -> str:
    actions.end_lidmaatschap(lid.pk, actor=actor)
    return "De rol is beëindigd."


DADEN: dict[str, Callable[[OverstapRequest, Lidmaatschap, Actor], str]] = {
    "deel": _deel,
    "email": _email,
    "opnieuw": _opnieuw,
    "tweede-stap": _tweede_stap,
    "beeindigen": _beeindigen,
}
