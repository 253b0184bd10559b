"""Systems (API clients) with their keys, and the mandaten with which they act for others: the list, give, end."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, audit
from accounts.access import get_eigen_mandaat, get_systeem, zichtbare_mandaten, zichtbare_systemen
from accounts.actions.systemen import HOOGSTENS_SLEUTELS
from accounts.actor import Actor
from accounts.mandaten import dienst_label, hield_nooit, is_afgelopen
from accounts.models import ApiClient, ClientSleutel, Mandaat, Organisatie
from accounts.rechten import DIENSTEN, SCOPE_LABELS, Recht, Scope
from accounts.scope import OverstapRequest
from accounts.sleutels import SleutelFout
from overstap.basis import klok
from overstap.beheer.forms_systemen import EindeForm, MandaatForm, SleutelForm
from overstap.beheer.sectie import in_woorden
from statuses.access import vereis


@dataclass(frozen=True, slots=True)
class MandaatRegel:
    """One mandaat as the list shows it."""

    mandaat: Mandaat
    voor: str
    stand: str
    kan_stoppen: bool


def mag_geven(actor: Actor) -> bool:
    """Whether the own organisatie is of a kind for which others can act at all."""
    return actor.mag(Recht.MANDAAT_GEVEN) and actor.organisatie_soort in DIENSTEN


@require_GET
def systemen(request: OverstapRequest) -> HttpResponse:
    """Systems of the own organisatie and the mandaten around it; for the beheerorganisatie those of the regio. Two queries."""
    actor = vereis(request, Recht.SYSTEMEN_ZIEN)
    hele_regio = actor.mag(Recht.BEHEREN)
    clienten = _met_sleutels(zichtbare_systemen(actor)).order_by("organisatie__naam", "name", "id")
    if not hele_regio:
        clienten = clienten.filter(organisatie_id=actor.eigen_organisatie)
    regels = _regels(zichtbare_mandaten(actor), actor)
    audit.log(actor, "systemen.zien", object_soort="systeem", aantal=len(clienten))
    eigen = actor.organisatie_id
    context = {
        "hele_regio": hele_regio,
        "clienten": [(c, _labels(c)) for c in clienten],
        "kolommen": [{"naam": n} for n in ("Systeem", "Organisatie", "Mag", "Bewijst zich met", "Laatst gebruikt")],
        "geeft": mag_geven(actor),
        "gegeven": [r for r in regels if hele_regio or r.mandaat.organisatie_id == eigen],
        "gekregen": [] if hele_regio else [r for r in regels if r.mandaat.organisatie_id != eigen],
        "kolommen_mandaat": [
            {"naam": n} for n in ("Systeem", "Namens", "Mag aanleveren", "Eerste dag", "Laatste dag", "Stand")
        ],
        "kruimels": _kruimels(actor),
    }
    return render(request, "beheer/systemen.html", context)


def _kruimels(actor: Actor, *stappen: tuple[str, str]) -> list[dict[str, str]]:
    begin = [("Beheer", reverse("beheer"))] if actor.mag(Recht.BEHEREN) else []
    lijst = reverse("beheer-systemen") if stappen else ""
    return [{"naam": naam, "url": url} for naam, url in (*begin, ("Systemen", lijst), *stappen)]


def _met_sleutels(keuze: Q) -> QuerySet[Any, Any]:
    geldig = Q(sleutels__ingetrokken_op=None, sleutels__isnull=False)
    clienten: QuerySet[Any, Any] = ApiClient.objects.filter(keuze, organisatie__isnull=False)
    met: QuerySet[Any, Any] = clienten.annotate(aantal_sleutels=Count("sleutels", filter=geldig))
    return met.select_related("organisatie")


def _labels(client: ApiClient) -> list[str]:
    eigen = client.scopes.split()
    return [label for scope, label in SCOPE_LABELS.items() if scope.value in eigen]


def _regels(keuze: Q, actor: Actor) -> list[MandaatRegel]:
    """What holds or will hold first, then what is past; the newest first."""
    vandaag = klok.vandaag()
    alle = (
        Mandaat.objects.filter(keuze, client__organisatie__isnull=False)
        .select_related("client__organisatie", "organisatie")
        .order_by(F("tot").desc(nulls_first=True), "-vanaf", "organisatie__naam", "id")
    )
    return [
        MandaatRegel(
            m,
            dienst_label(m.dienst),
            _stand(m, vandaag),
            m.organisatie_id == actor.organisatie_id and mag_geven(actor) and not is_afgelopen(m, vandaag),
        )
        for m in alle
    ]


def _stand(mandaat: Mandaat, vandaag: date) -> str:
    if hield_nooit(mandaat):
        return "✕ ging niet in"
    if is_afgelopen(mandaat, vandaag):
        return "✕ afgelopen"
    return "◷ begint nog" if mandaat.vanaf > vandaag else "✓ loopt"


@require_http_methods(["GET", "HEAD", "POST"])
def mandaat_geven(request: OverstapRequest) -> HttpResponse:
    """Which system, for what, in which days; asks with the names of both before it is given."""
    actor = vereis(request, Recht.MANDAAT_GEVEN)
    if not mag_geven(actor):
        raise PermissionDenied("Voor uw soort organisatie levert niemand anders aan. Een mandaat is dus niet nodig.")
    gepost = request.POST if request.method == "POST" else None
    form = MandaatForm(gepost, soort=actor.organisatie_soort, vandaag=klok.vandaag())
    if gepost is not None and form.is_valid():
        velden = form.cleaned_data
        gever = Organisatie.objects.get(pk=actor.eigen_organisatie)
        keuze = {"diensten": velden["diensten"], "vanaf": velden["vanaf"], "tot": velden["tot"]}
        try:
            if "bevestigd" not in gepost:
                actions.check_mandaat(velden["systeem"], gever, **keuze)
                return _vraag_mandaat(request, velden["systeem"], gever, **keuze)
            actions.give_mandaat(velden["systeem"], gever, actor=actor, **keuze)
        except actions.MandaatFout as fout:
            form.add_error(fout.veld if fout.veld in form.fields else None, str(fout))
        else:
            messages.success(request, "Het mandaat is gegeven.")
            return HttpResponseRedirect(reverse("beheer-systemen"))
    context = {"form": form, "kruimels": _kruimels(actor, ("Mandaat geven", ""))}
    return render(request, "beheer/mandaat_geven.html", context, status=422 if form.errors else 200)


def _vraag_mandaat(
    request: OverstapRequest,
    client: ApiClient,
    gever: Organisatie,
    *,
    diensten: list[Scope],
    vanaf: date,
    tot: date | None,
) -> HttpResponse:
    assert client.organisatie is not None  # the form takes no other
    voor = [dienst_label(dienst.value) for dienst in diensten] or [dienst_label("")]
    context = {
        "titel": "Mandaat geven?",
        "uitleg": "Klopt dit systeem? Dan mag het in deze dagen namens uw organisatie aanleveren. U kunt het mandaat altijd beëindigen.",
        "punten": [
            f"Systeem: {client.name}, van {client.organisatie.naam}",
            f"Namens: {gever.naam}",
            f"Mag aanleveren: {', '.join(voor)}",
            f"Eerste dag: {in_woorden(vanaf)}",
            f"Laatste dag: {in_woorden(tot) if tot else 'geen einddatum'}",
        ],
        "knop": "Ja, geef het mandaat",
        "verborgen": [
            ("bevestigd", "ja"), ("systeem", client.client_id), ("vanaf", vanaf.isoformat()), ("tot", tot.isoformat() if tot else ""),
            *(("diensten", dienst.value) for dienst in diensten),
        ],
        "actie_url": request.path,
        "terug_url": reverse("beheer-systemen"),
    }  # fmt: skip
    return render(request, "componenten/bevestigen.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def mandaat_einde(request: OverstapRequest, pk: uuid.UUID) -> HttpResponse:
    """End a mandaat of the own organisatie: now, or after a last day. What was delivered stays."""
    actor = vereis(request, Recht.MANDAAT_GEVEN)
    mandaat = get_eigen_mandaat(request, pk)
    form = EindeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            geeindigd = actions.end_mandaat(mandaat.pk, actor=actor, laatste_dag=form.dag)
        except actions.MandaatFout as fout:
            form.add_error(fout.veld if fout.veld in form.fields else None, str(fout))
        else:
            assert geeindigd.tot is not None
            nu = is_afgelopen(geeindigd, klok.vandaag()) or hield_nooit(geeindigd)
            zin = "Het mandaat is beëindigd. Het systeem mag nu niets meer namens u aanleveren."
            messages.success(request, zin if nu else f"Het mandaat stopt na {in_woorden(geeindigd.tot)}.")
            return HttpResponseRedirect(reverse("beheer-systemen"))
    context = {
        "form": form,
        "regel": _regels(Q(pk=mandaat.pk), actor)[0],
        "kruimels": _kruimels(actor, ("Mandaat beëindigen", "")),
    }
    return render(request, "beheer/mandaat_einde.html", context, status=422 if form.errors else 200)


@require_GET
def systeem(request: OverstapRequest, pk: uuid.UUID) -> HttpResponse:
    """One system: what it may, when it was last used, its keys, and for whom it acts."""
    vereis(request, Recht.SYSTEMEN_ZIEN)
    return _toon(request, get_systeem(request, pk))


def _toon(request: OverstapRequest, client: ApiClient, form: SleutelForm | None = None) -> HttpResponse:
    actor = vereis(request, Recht.SYSTEMEN_ZIEN)
    eigen = client.organisatie_id == actor.organisatie_id
    sleutels = (
        list(ClientSleutel.objects.filter(client=client).order_by("ingetrokken_op", "-toegevoegd_op")) if eigen else []
    )
    geldig = sum(s.ingetrokken_op is None for s in sleutels)
    audit.log(actor, "systeem.zien", object_soort="systeem", object_id=client.pk)
    context = {
        "client": client,
        "labels": _labels(client),
        "eigen": eigen,
        # What still holds first: null sorts last.
        "sleutels": sorted(sleutels, key=lambda s: s.ingetrokken_op is not None),
        "kolommen_sleutel": [{"naam": n} for n in ("Kenmerk", "Toegevoegd", "Stand", "Actie")],
        "form": (form or SleutelForm()) if eigen and geldig < HOOGSTENS_SLEUTELS else None,
        "regels": _regels(zichtbare_mandaten(actor) & Q(client=client), actor),
        "kolommen_mandaat": [{"naam": n} for n in ("Namens", "Mag aanleveren", "Eerste dag", "Laatste dag", "Stand")],
        "kruimels": _kruimels(actor, (client.name, "")),
    }
    return render(request, "beheer/systeem.html", context, status=422 if form is not None else 200)


@require_POST
def sleutel_toevoegen(request: OverstapRequest, pk: uuid.UUID) -> HttpResponse:
    """Register a public key for a system of the own organisatie."""
    actor = vereis(request, Recht.SYSTEMEN_ZIEN)
    client = get_systeem(request, pk, eigen=True)
    form = SleutelForm(request.POST)
    if form.is_valid():
        try:
            actions.add_sleutel(client, form.cleaned_data["sleutel"], actor=actor)
        except SleutelFout as fout:
            form.add_error("sleutel", str(fout))
        else:
            messages.success(request, "De sleutel is toegevoegd. Het systeem kan hem nu gebruiken.")
            return HttpResponseRedirect(reverse("beheer-systeem", args=[client.pk]))
    return _toon(request, client, form)


@require_POST
def sleutel_intrekken(request: OverstapRequest, pk: uuid.UUID, sleutel: uuid.UUID) -> HttpResponse:
    """Take a key back; asks first, because a system that still uses it stops."""
    actor = vereis(request, Recht.SYSTEMEN_ZIEN)
    client = get_systeem(request, pk, eigen=True)
    rij = ClientSleutel.objects.filter(pk=sleutel, client=client).first()
    if rij is None:
        raise Http404("Deze sleutel bestaat niet.")
    terug = reverse("beheer-systeem", args=[client.pk])
    if "bevestigd" not in request.POST:
        context = {
            "titel": "Sleutel intrekken?",
            "uitleg": "Met deze sleutel krijgt het systeem geen toegang meer. Gebruikt het deze sleutel nog, voeg dan eerst een nieuwe toe.",
            "punten": [f"Systeem: {client.name}", f"Kenmerk: {rij.kenmerk}"],
            "knop": "Ja, trek de sleutel in",
            "gevaar": True,
            "verborgen": [("bevestigd", "ja")],
            "actie_url": request.path,
            "terug_url": terug,
        }
        return render(request, "componenten/bevestigen.html", context)
    actions.end_sleutel(rij.pk, actor=actor)
    messages.success(request, "De sleutel is ingetrokken.")
    return HttpResponseRedirect(terug)
