"""Organisaties in the regio: the list, the page of one, a new one, its vestigingen and its choices."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts import actions
from accounts.access import get_organisatie
from accounts.actor import Actor
from accounts.instellingen import OrganisatieInstellingen, van, van_organisatie
from accounts.models import Lidmaatschap, Organisatie, Regio, Vestiging
from accounts.rechten import Recht, Rol, Soort
from accounts.scope import OverstapRequest
from overstap.basis import klok
from overstap.beheer.forms_organisaties import (
    SOORTEN,
    InstellingForm,
    KeuzeForm,
    LeveringForm,
    MeldenForm,
    NaamForm,
    OrganisatieForm,
    ScholenForm,
    VestigingForm,
)
from overstap.beheer.secties import STAPPEN
from statuses.access import vereis
from statuses.referentie.onderwijs import LEERWEGEN, ONDERWIJSSOORTEN

# Kind of organisatie -> its choices, and what the page of them is called.
FORMS: dict[str, tuple[type[KeuzeForm], str]] = {
    Soort.MBO: (InstellingForm, "Afspraken van"),
    Soort.SAMENWERKINGSVERBAND: (ScholenForm, "Scholen van"),
    Soort.GEMEENTE: (LeveringForm, "Berichten aan"),
    Soort.VO: (MeldenForm, "Melden van mbo-gangers door"),
}


def _loopt() -> Q:
    return Q(lidmaatschappen__beeindigd_op__isnull=True) | Q(lidmaatschappen__beeindigd_op__gt=klok.vandaag())


def organisaties_in(actor: Actor) -> QuerySet[Any, Any]:
    """Those that take part in the regio of the actor, with how many vestigingen, accounts and functioneel beheerders."""
    beheerders = _loopt() & Q(lidmaatschappen__rol=Rol.FUNCTIONEEL_BEHEERDER)
    return (
        Organisatie.objects.filter(deelnames__regio_id=actor.regio)
        .annotate(
            aantal_vestigingen=Count("vestigingen", filter=Q(vestigingen__regio_id=actor.regio), distinct=True),
            aantal_accounts=Count("lidmaatschappen", filter=_loopt(), distinct=True),
            aantal_beheerders=Count("lidmaatschappen", filter=beheerders, distinct=True),
        )
        .order_by("naam", "code")
    )


@require_GET
def organisaties(request: OverstapRequest) -> HttpResponse:
    """All organisaties of the regio, by kind, with ``?beheerder=geen`` those that nobody keeps the accounts of."""
    actor = vereis(request, Recht.BEHEREN)
    alle: list[Any] = list(organisaties_in(actor))
    soort, zonder = request.GET.get("soort", ""), request.GET.get("beheerder") == "geen"
    gekozen = [o for o in alle if soort in ("", o.soort) and not (zonder and o.aantal_beheerders)]
    hier = reverse("beheer-organisaties")
    filters = [{"naam": "Alle", "url": hier, "aantal": len(alle), "actief": not soort and not zonder}]
    for code, naam in SOORTEN.items():
        aantal = sum(o.soort == code for o in alle)
        filters.append({"naam": naam, "url": f"{hier}?soort={code}", "aantal": aantal, "actief": soort == code})
    geen = sum(not o.aantal_beheerders for o in alle)
    filters.append(
        {"naam": "Zonder functioneel beheerder", "url": f"{hier}?beheerder=geen", "aantal": geen, "actief": zonder}
    )
    context = {
        "rijen": [(o, SOORTEN[o.soort]) for o in gekozen],
        "filters": filters,
        "kolommen": [
            {"naam": "Naam"}, {"naam": "Code"}, {"naam": "Soort"}, {"naam": "Vestigingen", "getal": True},
            {"naam": "Accounts", "getal": True}, {"naam": "Functioneel beheerder"},
        ],
        "kruimels": _kruimels(("Organisaties", "")),
    }  # fmt: skip
    return render(request, "beheer/organisaties.html", context)


def _kruimels(*stappen: tuple[str, str]) -> list[dict[str, str]]:
    return [{"naam": naam, "url": url} for naam, url in (("Beheer", reverse("beheer")), *stappen)]


def _naar_lijst() -> tuple[str, str]:
    return "Organisaties", reverse("beheer-organisaties")


def _naar(organisatie: Organisatie) -> tuple[str, str]:
    return organisatie.naam, reverse("beheer-organisatie", args=[organisatie.pk])


@require_GET
def organisatie(request: OverstapRequest, pk: uuid.UUID) -> HttpResponse:
    """One organisatie: what it is, its vestigingen, who keeps its accounts, and what it chose."""
    actor = vereis(request, Recht.BEHEREN)
    rij = get_organisatie(request, pk)
    beheerders = Lidmaatschap.objects.filter(organisatie=rij, rol=Rol.FUNCTIONEEL_BEHEERDER).select_related("gebruiker")
    loopt = Q(beeindigd_op__isnull=True) | Q(beeindigd_op__gt=klok.vandaag())
    vestigingen = Vestiging.objects.filter(organisatie=rij, regio_id=actor.regio).select_related("gemeente")
    keuzes = van_organisatie(rij)
    context = {
        "organisatie": rij,
        "soort": SOORTEN[rij.soort],
        "deelnames": rij.deelnames.order_by("regio_id").values_list("regio__naam", flat=True),
        "beheerders": beheerders.filter(loopt).order_by("gebruiker__naam"),
        "eigen": rij.pk == actor.organisatie_id,
        "vestigingen": [(v, _onderwijs(v)) for v in vestigingen.order_by("code")],
        "is_vo": rij.soort == Soort.VO,
        "kolommen": [{"naam": n} for n in ("Naam", "Code", "Gemeente", "Onderwijs", "Namen voor de aanjager")],
        "keuzes": keuzes if rij.soort in FORMS else None,
        "is_mbo": rij.soort == Soort.MBO,
        "is_gemeente": rij.soort == Soort.GEMEENTE,
        "bevestigt": sorted(keuzes.vva_bevestigen),
        "afspraken": _afspraken(keuzes),
        "kruimels": _kruimels(_naar_lijst(), (rij.naam, "")),
    }
    return render(request, "beheer/organisatie.html", context)


def _afspraken(keuzes: OrganisatieInstellingen) -> list[tuple[str, str]]:
    """What an mbo-instelling agreed on, in words."""
    dagen = [(s.label, keuzes.doorlooptijden.get(s.code)) for s in STAPPEN]
    return [
        *(
            (f"{label}, hooguit", f"{aantal} dagen" if aantal else "de afspraak van de regio")
            for label, aantal in dagen
        ),
        ("Show en no-show", "legt de instelling vast" if keuzes.show else "legt de instelling niet vast"),
        (
            "Bron van de statussen",
            "landelijk koppelpunt (VVA)" if keuzes.bron == "koppelpunt" else "de instelling zelf",
        ),
    ]


def _onderwijs(v: Vestiging) -> str:
    soorten = [ONDERWIJSSOORTEN[s].label for s in v.onderwijssoorten if s in ONDERWIJSSOORTEN]
    leerwegen = [LEERWEGEN[s].kort for s in v.leerwegen if s in LEERWEGEN]
    return ", ".join(soorten) + (f" ({', '.join(leerwegen)})" if leerwegen else "")


def _fouten(form: forms.Form, fout: actions.InstellingFout) -> None:
    for veld, zin in fout.fouten.items():
        form.add_error(veld if veld in form.fields else None, zin)


@require_http_methods(["GET", "HEAD", "POST"])
def nieuw(request: OverstapRequest) -> HttpResponse:
    """Let an organisatie take part."""
    actor = vereis(request, Recht.BEHEREN)
    form = OrganisatieForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        v = form.cleaned_data
        try:
            rij = actions.add_organisatie(Soort(v["soort"]), v["code"], v["naam"], actor=actor)
        except actions.InstellingFout as fout:
            _fouten(form, fout)
        else:
            messages.success(request, f"{rij.naam} doet mee in uw regio.")
            return HttpResponseRedirect(_naar(rij)[1])
    return _formulier(request, form, "Organisatie toevoegen", _kruimels(_naar_lijst(), ("Toevoegen", "")))


@require_http_methods(["GET", "HEAD", "POST"])
def wijzigen(request: OverstapRequest, pk: uuid.UUID) -> HttpResponse:
    """Another name."""
    actor = vereis(request, Recht.BEHEREN)
    rij = get_organisatie(request, pk)
    form = NaamForm(request.POST if request.method == "POST" else None, initial={"naam": rij.naam})
    if request.method == "POST" and form.is_valid():
        actions.rename_organisatie(rij, form.cleaned_data["naam"], actor=actor)
        messages.success(request, "De naam is gewijzigd.")
        return HttpResponseRedirect(_naar(rij)[1])
    return _formulier(request, form, "Naam wijzigen", _kruimels(_naar_lijst(), _naar(rij), ("Naam", "")))


@require_http_methods(["GET", "HEAD", "POST"])
def vestiging(request: OverstapRequest, pk: uuid.UUID, code: str = "") -> HttpResponse:
    """A new vestiging of a school, or the data of one."""
    actor = vereis(request, Recht.BEHEREN)
    rij = get_organisatie(request, pk)
    if rij.soort != Soort.VO:
        raise Http404("Alleen een school heeft vestigingen.")
    bestaand = get_object_or_404(Vestiging, organisatie=rij, regio_id=actor.regio, code=code) if code else None
    form = VestigingForm(request.POST if request.method == "POST" else None, regio=actor.regio, vestiging=bestaand)
    if request.method == "POST" and form.is_valid():
        v = form.cleaned_data
        try:
            actions.save_vestiging(
                rij, v["code"], v["naam"], v["gemeente"], v["onderwijssoorten"], v["leerwegen"], actor=actor
            )
        except actions.InstellingFout as fout:
            _fouten(form, fout)
        else:
            messages.success(request, "De vestiging is opgeslagen.")
            return HttpResponseRedirect(_naar(rij)[1])
    titel = f"Vestiging {bestaand.naam}" if bestaand else "Vestiging toevoegen"
    return _formulier(request, form, titel, _kruimels(_naar_lijst(), _naar(rij), (titel, "")))


@require_http_methods(["GET", "HEAD", "POST"])
def keuzes(request: OverstapRequest, pk: uuid.UUID) -> HttpResponse:
    """The agreements of an mbo-instelling, or the schools of a samenwerkingsverband."""
    vereis(request, Recht.BEHEREN)
    rij = get_organisatie(request, pk)
    kruimels = _kruimels(_naar_lijst(), _naar(rij), ("Afspraken", ""))
    return _keuzes(request, rij, kruimels, _naar(rij)[1], eigen=False)


@require_http_methods(["GET", "HEAD", "POST"])
def eigen(request: OverstapRequest) -> HttpResponse:
    """The own instelling, for its manager; the own school, for who keeps its accounts."""
    actor = request.actor
    if actor is not None and actor.rol == Rol.FUNCTIONEEL_BEHEERDER and actor.organisatie_soort == Soort.VO:
        return _school(request, actor)
    actor = vereis(request, Recht.AFSPRAKEN_WIJZIGEN)
    rij = Organisatie.objects.get(pk=actor.eigen_organisatie)
    return _keuzes(request, rij, [], reverse("beheer-eigen"), eigen=True)


def _keuzes(
    request: OverstapRequest, rij: Organisatie, kruimels: list[dict[str, str]], daarna: str, *, eigen: bool
) -> HttpResponse:
    actor = request.actor
    if rij.soort not in FORMS or actor is None:
        raise Http404("Deze organisatie heeft hier niets te kiezen.")
    soort, kop = FORMS[rij.soort]
    regio = van(Regio.objects.get(pk=actor.regio))
    form = soort(request.POST if request.method == "POST" else None, organisatie=rij, regio=regio, eigen=eigen)
    intussen = False
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_organisatie_settings(rij, form.waarden(), actor=actor, versie=form.cleaned_data["versie"])
            if "wacht" in form.fields:
                actions.set_aangesloten(rij, not form.cleaned_data["wacht"], actor=actor)
        except actions.InstellingFout as fout:
            _fouten(form, fout)
        except actions.Gewijzigd:
            # Show what the colleague stored; a second save is a choice.
            form = soort(None, organisatie=Organisatie.objects.get(pk=rij.pk), regio=regio, eigen=eigen)
            intussen = True
        except PermissionError as fout:
            raise PermissionDenied(str(fout)) from fout
        else:
            messages.success(request, "De afspraken zijn opgeslagen.")
            return HttpResponseRedirect(daarna)
    return _formulier(request, form, f"{kop} {rij.naam}", kruimels, intussen=intussen)


def _formulier(
    request: OverstapRequest, form: forms.Form, titel: str, kruimels: list[dict[str, str]], *, intussen: bool = False
) -> HttpResponse:
    status = 409 if intussen else 422 if form.errors else 200
    context = {"form": form, "titel": titel, "kruimels": kruimels, "intussen": intussen}
    return render(request, "beheer/formulier.html", context, status=status)


class SchoolForm(MeldenForm):
    """What a school chooses itself: of which vestigingen the aanjager sees names, and where a person confirms a melding."""

    vestigingen = forms.MultipleChoiceField(
        label="De aanjager ziet de namen van leerlingen van",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Van de andere vestigingen ziet de aanjager alleen een verwijzing, die u ook ziet.",
    )


def _school(request: OverstapRequest, actor: Actor) -> HttpResponse:
    rij = Organisatie.objects.get(pk=actor.eigen_organisatie)
    vestigingen = list(Vestiging.objects.filter(organisatie=rij).order_by("naam"))
    regio = van(Regio.objects.get(pk=actor.regio))

    def maak(data: QueryDict | None, rij: Organisatie) -> SchoolForm:
        form = SchoolForm(data, organisatie=rij, regio=regio, eigen=True)
        veld = form.fields["vestigingen"]
        assert isinstance(veld, forms.MultipleChoiceField)
        veld.choices = [(str(v.pk), v.naam) for v in vestigingen]
        form.initial["vestigingen"] = [str(v.pk) for v in vestigingen if v.deelt_namen]
        return form

    form, intussen = maak(request.POST if request.method == "POST" else None, rij), False
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                actions.change_organisatie_settings(
                    rij, form.waarden(), actor=actor, versie=form.cleaned_data["versie"]
                )
                actions.set_deelt_namen({uuid.UUID(pk) for pk in form.cleaned_data["vestigingen"]}, actor=actor)
        except actions.Gewijzigd:
            form, intussen = maak(None, Organisatie.objects.get(pk=rij.pk)), True
        else:
            messages.success(request, "Opgeslagen.")
            return HttpResponseRedirect(reverse("beheer-eigen"))
    return _formulier(request, form, f"Afspraken van {rij.naam}", [], intussen=intussen)
