"""The overview of beheer, and the sections of the settings of the regio: one view for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts import actions
from accounts.actor import Actor
from accounts.models import Regio
from accounts.rechten import Recht
from accounts.scope import OverstapRequest
from overstap.basis import klok
from overstap.beheer.ambities import AmbitiesForm
from overstap.beheer.kalender import KalenderForm
from overstap.beheer.sectie import SectieForm
from overstap.beheer.secties import DoorlooptijdenForm, DrieVragenForm, HulpForm, RustForm, ToestemmingForm
from statuses.access import vereis
from statuses.termijnen import jaar_naam, jaar_uit_naam, open_jaren


@dataclass(frozen=True, slots=True)
class Onderdeel:
    """One section: its name in the address, the words on the page, and its form."""

    code: str
    titel: str
    uitleg: str
    form: type[SectieForm]
    per_jaar: bool = False


ONDERDELEN: dict[str, Onderdeel] = {
    o.code: o
    for o in (
        Onderdeel("kalender", "Kalender", "De datums van het overstapjaar in uw regio.", KalenderForm, True),
        Onderdeel("ambities", "Ambities", "Welk percentage uw regio op welke dag wil halen.", AmbitiesForm, True),
        Onderdeel(
            "doorlooptijden",
            "Doorlooptijden",
            "Hoeveel dagen een aanmelding op een stap mag staan. Een instelling kan een eigen afspraak hebben; die gaat voor.",
            DoorlooptijdenForm,
        ),
        Onderdeel(
            "rust",
            "Vakanties en stilstand",
            "Vakantiedagen tellen niet mee in doorlooptijden en stilstand.",
            RustForm,
        ),
        Onderdeel(
            "drie-vragen", "Drie vragen", "De vragen die een decaan per aanmelding kan beantwoorden.", DrieVragenForm
        ),
        Onderdeel(
            "toestemming",
            "Toestemming",
            "Of gegevens pas gedeeld mogen worden als de leerling toestemming geeft.",
            ToestemmingForm,
        ),
        Onderdeel(
            "hulpteksten", "Teksten op de hulppagina", "Wie helpt, en wat er in uw regio is afgesproken.", HulpForm
        ),
    )
}


@require_GET
def overzicht(request: OverstapRequest) -> HttpResponse:
    """Everything that the beheerorganisatie keeps, by what it is about."""
    vereis(request, Recht.BEHEREN)
    return render(request, "beheer/overzicht.html", {"onderdelen": ONDERDELEN.values()})


def te_kiezen_jaren() -> tuple[int, ...]:
    """The next jaar, to prepare it, and the open ones."""
    jaren = open_jaren(klok.vandaag())
    return (jaren[0] + 1, *jaren)


def _jaar(tekst: str) -> int:
    jaren = te_kiezen_jaren()
    try:
        jaar = jaar_uit_naam(tekst) if tekst else jaren[1]
    except ValueError as fout:
        raise Http404(str(fout)) from fout
    if jaar not in jaren:
        raise Http404("Van dit overstapjaar zijn de instellingen niet meer te wijzigen.")
    return jaar


@require_http_methods(["GET", "HEAD", "POST"])
def onderdeel(request: OverstapRequest, code: str) -> HttpResponse:
    """Look at or change one section."""
    actor = vereis(request, Recht.BEHEREN)
    gekozen = ONDERDELEN.get(code)
    if gekozen is None:
        raise Http404("Deze instelling bestaat niet.")
    jaar = _jaar(request.GET.get("jaar", ""))
    form = _form(request, gekozen, jaar, actor)
    if request.method == "POST" and form.is_valid():
        return _bewaar(request, gekozen, form)
    return _toon(request, gekozen, form, 422 if form.errors else 200)


def _form(request: OverstapRequest, gekozen: Onderdeel, jaar: int, actor: Actor) -> SectieForm:
    data = request.POST if request.method == "POST" else None
    return gekozen.form(data, regio=Regio.objects.get(pk=actor.regio), jaar=jaar, actor=actor)


def _bewaar(request: OverstapRequest, gekozen: Onderdeel, form: SectieForm) -> HttpResponse:
    if actions.versie_van(form.regio.instellingen, form.sleutels) != form.cleaned_data["versie"]:
        return _tweede(request, gekozen, form)
    if not form.veranderd():
        messages.info(request, "Er is niets veranderd.")
        return HttpResponseRedirect(request.get_full_path())
    gevolgen = form.gevolgen()
    if gevolgen and "bevestigd" not in request.POST:
        return _vraag(request, gekozen, gevolgen)
    try:
        actions.change_settings(
            form.regio.pk, form.waarden(), actor=form.actor, versie=form.cleaned_data["versie"], doel=gekozen.code
        )
    except actions.Gewijzigd:
        return _tweede(request, gekozen, form)
    except actions.InstellingFout as fout:
        for zin in fout.fouten.values():
            form.add_error(None, zin)
        return _toon(request, gekozen, form, 422)
    messages.success(request, f"{gekozen.titel}: opgeslagen.")
    return HttpResponseRedirect(request.get_full_path())


def _vraag(request: OverstapRequest, gekozen: Onderdeel, gevolgen: list[str]) -> HttpResponse:
    """What will move or stop, before it does."""
    velden = [
        (naam, waarde) for naam, lijst in request.POST.lists() for waarde in lijst if naam != "csrfmiddlewaretoken"
    ]
    context = {
        "titel": f"{gekozen.titel} wijzigen?",
        "uitleg": "Dit verandert er:",
        "punten": gevolgen,
        "verborgen": [*velden, ("bevestigd", "ja")],
        "knop": "Ja, opslaan",
        "terug_url": request.get_full_path(),
        "actie_url": request.get_full_path(),
    }
    return render(request, "componenten/bevestigen.html", context)


def _tweede(request: OverstapRequest, gekozen: Onderdeel, form: SectieForm) -> HttpResponse:
    """Somebody was first: what is stored now stands beside what was sent, and a second save is a choice."""
    regio = Regio.objects.get(pk=form.regio.pk)
    vers = gekozen.form(None, regio=regio, jaar=form.jaar, actor=form.actor)
    data = request.POST.copy()
    data["versie"] = vers.initial["versie"]
    data.pop("bevestigd", None)
    opnieuw = gekozen.form(data, regio=regio, jaar=form.jaar, actor=form.actor)
    opnieuw.is_valid()
    return _toon(request, gekozen, opnieuw, 409, intussen=opnieuw.verschillen())


def _toon(request: OverstapRequest, gekozen: Onderdeel, form: SectieForm, status: int, **extra: Any) -> HttpResponse:
    jaren = [
        {"naam": jaar_naam(jaar), "url": f"?jaar={jaar_naam(jaar)}", "actief": jaar == form.jaar}
        for jaar in reversed(te_kiezen_jaren())
    ]
    context = {
        "onderdeel": gekozen,
        "form": form,
        "jaren": jaren if gekozen.per_jaar else [],
        "kruimels": [{"naam": "Beheer", "url": reverse("beheer")}, {"naam": gekozen.titel, "url": ""}],
        **extra,
    }
    sjabloon = "beheer/ambities.html" if gekozen.code == "ambities" else "beheer/onderdeel.html"
    return render(request, sjabloon, context, status=status)
