"""The pages of meldingen."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts import audit
from accounts.actor import Actor
from accounts.rechten import Recht
from accounts.scope import OverstapRequest
from overstap.gesprekken.meldingen import actions, lijst
from overstap.gesprekken.meldingen.eigenaar import eigenaars
from overstap.gesprekken.meldingen.forms import AntwoordForm, DoorzetForm, MeldingForm
from overstap.gesprekken.models import Melding
from statuses.access import get_overstap, vereis
from statuses.models import Overstap
from statuses.status import Partij
from statuses.zichtbaarheid import naam_voor

NIET_GEVONDEN = "Deze melding bestaat niet of is voor u niet zichtbaar."


@require_GET
def meldingen(request: OverstapRequest) -> HttpResponse:
    """The meldingen that this role sees; ``?stap=BO1`` those that wait for an answer."""
    actor = vereis(request, Recht.MELDINGEN_ZIEN)
    stand = request.GET.get("stand", "")
    if stand and stand not in Melding.Stand.values:
        return render(
            request,
            "meldingen/meldingen.html",
            {"fout": "Deze keuze bestaat niet. Kies een van de knoppen."},
            status=400,
        )
    wacht = request.GET.get("stap") == "BO1" or request.GET.get("wacht") == "ja"
    pagina = lijst.haal(actor, stand, alleen_wacht=wacht, vanaf=request.GET.get("vanaf", ""))
    context = {
        "pagina": pagina,
        "wacht": wacht,
        "behandelt": lijst.behandelt(actor),
        "meldt": actor.mag(Recht.MELDEN),
        "chips": _chips(actor, pagina, stand, wacht),
        "kolommen": [{"naam": n} for n in ("Melding", "Van", "Stand")],
        "volgende": _adres(request, pagina.volgende) if pagina.volgende else "",
        "begin": _adres(request, "") if request.GET.get("vanaf") else "",
    }
    return render(request, "meldingen/meldingen.html", context)


def _adres(request: OverstapRequest, vanaf: str) -> str:
    nieuw = request.GET.copy()
    nieuw.pop("vanaf", None)
    if vanaf:
        nieuw["vanaf"] = vanaf
    return f"{reverse('meldingen')}?{nieuw.urlencode()}"


def _chips(actor: Actor, pagina: lijst.Pagina, stand: str, wacht: bool) -> list[dict[str, object]]:
    url = reverse("meldingen")
    wacht_url = f"{url}?stap=BO1" if lijst.behandelt(actor) else f"{url}?wacht=ja"
    chips: list[dict[str, object]] = [
        {"naam": "Alle", "url": url, "aantal": sum(pagina.per_stand.values()), "actief": not stand and not wacht}
    ]
    if actor.mag(Recht.MELDINGEN_BEANTWOORDEN):
        chips.append({"naam": "Wacht op u", "url": wacht_url, "aantal": pagina.wacht, "actief": wacht})
    namen = {"nieuw": "Bij de beheerorganisatie", "doorgezet": "Doorgezet", "beantwoord": "Beantwoord"}
    chips += [
        {
            "naam": naam, "url": f"{url}?stand={code}", "aantal": pagina.per_stand.get(code, 0),
            "actief": stand == code and not wacht,
        }
        for code, naam in namen.items()
        if not (code == "nieuw" and lijst.behandelt(actor))
    ]  # fmt: skip
    return chips


@require_http_methods(["GET", "HEAD", "POST"])
def nieuw(request: OverstapRequest) -> HttpResponse:
    """Report: with ``?overstap=`` that its status is not right, without it a knelpunt."""
    actor = vereis(request, Recht.MELDEN)
    overstap = get_overstap(request, request.GET["overstap"], Recht.MELDEN) if "overstap" in request.GET else None
    soort = Melding.Soort.STATUS_KLOPT_NIET if overstap else Melding.Soort.KNELPUNT
    label = "Wat klopt er niet, en wat moet het zijn?" if overstap else "Wat loopt er vast, en waar?"
    form = MeldingForm(
        request.POST if request.method == "POST" else None,
        leerling=overstap.leerling if overstap else None,
        label=label,
    )
    terug = reverse("leerling", args=[overstap.pk]) if overstap else reverse("meldingen")
    if request.method == "POST" and form.is_valid():
        actions.report(soort, form.cleaned_data["tekst"], overstap, actor=actor)
        messages.success(request, "Uw melding is bij de beheerorganisatie. Het antwoord staat straks bij Meldingen.")
        return HttpResponseRedirect(terug)
    context = {"form": form, "terug": terug, "leerling": naam_voor(actor, overstap) if overstap else "", "school": ""}
    if overstap:
        context["school"] = overstap.vestiging.naam
    return render(request, "meldingen/nieuw.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def melding(request: OverstapRequest, pk: uuid.UUID) -> HttpResponse:
    """One melding; who it waits for answers it, and the beheerorganisatie can pass it on."""
    actor = vereis(request, Recht.MELDINGEN_ZIEN)
    rij = lijst.get(actor, pk)
    if rij is None:
        request.weigering = audit.Weigering("melding.zien", "melding", str(pk), "404")
        raise Http404(NIET_GEVONDEN)
    if request.method == "POST":
        vereis(request, Recht.MELDINGEN_BEANTWOORDEN)
    doorzet = request.POST.get("actie") == "doorzetten"
    antwoord = AntwoordForm(
        request.POST if request.method == "POST" and not doorzet else None,
        leerling=rij.overstap.leerling if rij.overstap else None,
        label="Uw antwoord",
    )
    partijen = _partijen(actor, rij)
    doorzetten = DoorzetForm(request.POST if doorzet else None, partijen=partijen)
    if request.method == "POST" and (doorzetten if doorzet else antwoord).is_valid():
        try:
            if doorzet:
                actions.pass_on(pk, Partij(doorzetten.cleaned_data["partij"]), actor=actor)
            else:
                actions.answer(pk, antwoord.cleaned_data["tekst"], actor=actor)
        except actions.MeldingFout as fout:
            messages.warning(request, str(fout))
            return HttpResponseRedirect(reverse("melding", args=[pk]))
        messages.success(request, "De melding is doorgezet." if doorzet else "Uw antwoord is verstuurd.")
        return HttpResponseRedirect(_hierna(actor))
    (beeld,) = lijst.rijen_van(actor, [rij])
    context = {
        "rij": beeld, "m": rij, "antwoord": antwoord, "doorzetten": doorzetten if partijen else None,
        "terug": reverse("meldingen"),
    }  # fmt: skip
    return render(
        request, "meldingen/melding.html", context, status=422 if antwoord.errors or doorzetten.errors else 200
    )


def _hierna(actor: Actor) -> str:
    """Back to what still waits."""
    return f"{reverse('meldingen')}?{'stap=BO1' if lijst.behandelt(actor) else 'wacht=ja'}"


def _partijen(actor: Actor, rij: Melding) -> list[Partij]:
    """Whom this actor can pass it on to; nobody but the beheerorganisatie, and only what is about a leerling."""
    if not lijst.behandelt(actor) or rij.stand != Melding.Stand.NIEUW or rij.overstap_id is None:
        return []
    return list(eigenaars(Overstap.objects.select_related("vestiging", "leerling").get(pk=rij.overstap_id)))
