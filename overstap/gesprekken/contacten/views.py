"""The pages of contacten."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import audit
from accounts.actor import Actor
from accounts.models import Organisatie
from accounts.rechten import Recht
from accounts.scope import OverstapRequest, sleutel
from overstap.basis import klok
from overstap.gesprekken.contacten import actions, lijst
from overstap.gesprekken.contacten.forms import ContactForm, ZoekForm
from overstap.gesprekken.models import Contactpersoon
from statuses.access import vereis

NIET_GEVONDEN = "Dit contact bestaat niet of hoort niet bij uw regio."


@require_GET
def contacten(request: OverstapRequest) -> HttpResponse:
    """The organisaties of the regio with their people; ``?stap=`` shows exactly the rows of that step."""
    actor = vereis(request, Recht.CONTACTEN_ZIEN)
    stap = request.GET.get("stap", "")
    if stap == "MB6" and lijst.mag_beheren(actor, actor.eigen_organisatie):
        return _te_bevestigen(request, actor)
    form = ZoekForm(request.GET)
    soort = request.GET.get("soort", "")
    fout = (
        ""
        if not soort or soort in lijst.SOORT_NAMEN
        else "Deze soort organisatie bestaat niet. Kies een van de knoppen."
    )
    if fout or not form.is_valid():
        return render(request, "contacten/contacten.html", {"form": form, "fout": fout, "pagina": None}, status=400)
    hiaat = stap == "BO2"
    pagina = lijst.haal(actor, form.cleaned_data["zoek"], soort, hiaat, request.GET.get("vanaf", ""))
    audit.log(actor, "contacten.zien", object_soort="contactpersoon", aantal=len(pagina.rijen))
    beheert = lijst.mag_beheren(actor, actor.eigen_organisatie)
    oud = lijst.verouderd(actor, klok.vandaag()).count() if beheert else 0
    return render(
        request,
        "contacten/contacten.html",
        {
            "form": form,
            "pagina": pagina,
            "hiaat": hiaat,
            "vraagt": hiaat and actor.mag(Recht.BEHEREN),
            "chips": _chips(request.GET, pagina, soort, hiaat, oud),
            "kolommen": [{"naam": n} for n in ("Organisatie", "Contacten", "Belegd")],
            "bulk": [{"naam": "Vraag erom bij de gekozen organisaties", "soort": "eerst"}],
            "volgende": _adres(request.GET, vanaf=pagina.volgende) if pagina.volgende else "",
            "begin": _adres(request.GET, vanaf="") if request.GET.get("vanaf") else "",
            "eigen": beheert,
        },
    )


def _adres(vraag: QueryDict, **anders: str) -> str:
    nieuw = vraag.copy()
    for naam, waarde in anders.items():
        nieuw.pop(naam, None)
        if waarde:
            nieuw[naam] = waarde
    return f"{reverse('contacten')}?{nieuw.urlencode()}"


def _chips(vraag: QueryDict, pagina: lijst.Pagina, soort: str, hiaat: bool, te_bevestigen: int) -> list[dict[str, Any]]:
    chips: list[dict[str, Any]] = [
        {
            "naam": "Alle", "url": _adres(vraag, soort="", stap="", vanaf=""), "aantal": sum(pagina.per_soort.values()),
            "actief": not soort and not hiaat,
        },
        {
            "naam": "Niet alles belegd", "url": _adres(vraag, soort="", stap="BO2", vanaf=""),
            "aantal": pagina.aantal_hiaten, "actief": hiaat,
        },
    ]  # fmt: skip
    if te_bevestigen:
        chips.append(
            {
                "naam": "Te controleren bij u",
                "url": f"{reverse('contacten')}?stap=MB6",
                "aantal": te_bevestigen,
                "actief": False,
            }
        )
    chips += [
        {"naam": naam, "url": _adres(vraag, soort=code, stap="", vanaf=""), "aantal": aantal, "actief": soort == code}
        for code, naam in lijst.SOORT_NAMEN.items()
        if (aantal := pagina.per_soort.get(code))
    ]
    return chips


def _te_bevestigen(request: OverstapRequest, actor: Actor) -> HttpResponse:
    """MB6: the own contacten that nobody confirmed for a year, to confirm together or one by one."""
    dag = klok.vandaag()
    rijen = list(lijst.verouderd(actor, dag).order_by("bevestigd_op", "naam"))
    audit.log(actor, "contacten.zien", object_soort="contactpersoon", aantal=len(rijen), doel="MB6")
    kolommen = [{"naam": n} for n in ("Contact", "E-mailadres", "Telefoon", "Laatst bevestigd", "Actie")]
    bulk = [{"naam": "De gekozen contacten kloppen nog", "soort": "eerst"}]
    context = {"rijen": rijen, "kolommen": kolommen, "bulk": bulk}
    return render(request, "contacten/bevestigen.html", context)


def _contact(request: OverstapRequest, actor: Actor, pk: uuid.UUID) -> Contactpersoon:
    """The contact, when this actor may change it: 404 for absent and foreign, 403 for one of another organisatie."""
    contact = Contactpersoon.objects.select_related("organisatie").filter(pk=pk).first()
    if contact is None:
        request.weigering = audit.Weigering("contact.wijzigen", "contactpersoon", str(pk), "404")
        raise Http404(NIET_GEVONDEN)
    if not lijst.mag_beheren(actor, contact.organisatie_id):
        request.weigering = audit.Weigering("contact.wijzigen", "contactpersoon", str(pk), "403")
        raise PermissionDenied("U kunt alleen de contacten van uw eigen organisatie wijzigen.")
    return contact


def _organisatie(request: OverstapRequest, actor: Actor) -> Organisatie:
    """The organisatie in ``?organisatie=``; without it the own one."""
    pk = sleutel(request.GET.get("organisatie", "")) or actor.eigen_organisatie
    gevonden = lijst.organisaties(actor).filter(pk=pk).first()
    if gevonden is None or not lijst.mag_beheren(actor, gevonden.pk):
        request.weigering = audit.Weigering("contact.maken", "organisatie", str(pk), "404")
        raise Http404("Deze organisatie bestaat niet of hoort niet bij u.")
    return gevonden


@require_http_methods(["GET", "HEAD", "POST"])
def nieuw(request: OverstapRequest) -> HttpResponse:
    """A new contact of the own organisatie; the beheerorganisatie for any of its regio."""
    actor = vereis(request, Recht.CONTACTEN_BEHEREN)
    organisatie = _organisatie(request, actor)
    regios = sorted(actor.regios)
    form = ContactForm(request.POST if request.method == "POST" else None, regios=regios)
    return _bewaar(request, actor, form, organisatie, None)


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: OverstapRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a contact."""
    actor = vereis(request, Recht.CONTACTEN_BEHEREN)
    rij = _contact(request, actor, pk)
    form = ContactForm(request.POST if request.method == "POST" else None, contact=rij)
    return _bewaar(request, actor, form, rij.organisatie, rij)


def _bewaar(
    request: OverstapRequest, actor: Actor, form: ContactForm, organisatie: Organisatie, rij: Contactpersoon | None
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        regio = rij.regio_id if rij else form.cleaned_data.get("regio", actor.regio)
        try:
            actions.save_contact(form.cleaned_data, actor=actor, organisatie=organisatie, regio=regio, contact=rij)
        except actions.ContactFout as fout:
            form.add_error(fout.veld or None, str(fout))
        else:
            messages.success(request, "Het contact is opgeslagen.")
            return HttpResponseRedirect(_terug(organisatie))
    context = {"form": form, "organisatie": organisatie, "contact": rij, "terug": _terug(organisatie)}
    return render(request, "contacten/contact.html", context, status=422 if form.errors else 200)


def _terug(organisatie: Organisatie) -> str:
    return f"{reverse('contacten')}?zoek={organisatie.code}"


@require_http_methods(["GET", "HEAD", "POST"])
def verwijderen(request: OverstapRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a contact away, after a question."""
    actor = vereis(request, Recht.CONTACTEN_BEHEREN)
    rij = _contact(request, actor, pk)
    if request.method == "POST":
        actions.delete_contact(rij, actor=actor)
        messages.success(request, "Het contact is verwijderd.")
        return HttpResponseRedirect(_terug(rij.organisatie))
    context = {
        "titel": "Contact verwijderen",
        "uitleg": f"Weet u zeker dat u {rij.naam} bij {rij.organisatie.naam} wilt verwijderen?",
        "punten": [f"Dan is {v} niet meer belegd, tenzij een ander het doet." for v in rij.verantwoordelijkheden],
        "knop": "Verwijderen",
        "gevaar": True,
        "terug_url": _terug(rij.organisatie),
    }
    return render(request, "componenten/bevestigen.html", context)


def _gekozen(request: OverstapRequest) -> list[uuid.UUID]:
    """The one of a button in a row, else all that are ticked."""
    waarden = request.POST.getlist("een") or request.POST.getlist("kies")
    return [pk for waarde in waarden if (pk := sleutel(waarde))]


@require_POST
def bevestigen(request: OverstapRequest) -> HttpResponse:
    """ "Klopt nog", for one or many."""
    actor = vereis(request, Recht.CONTACTEN_BEHEREN)
    aantal = actions.confirm_contacten(_gekozen(request), actor=actor)
    if aantal:
        messages.success(request, f"Bevestigd: {aantal} {'contact' if aantal == 1 else 'contacten'}.")
    else:
        messages.warning(request, "Kies eerst een of meer contacten van uw organisatie.")
    return HttpResponseRedirect(f"{reverse('contacten')}?stap=MB6")


@require_POST
def vragen(request: OverstapRequest) -> HttpResponse:
    """BO2: ask organisaties who does what."""
    actor = vereis(request, Recht.BEHEREN)
    uit = actions.ask_responsibilities(_gekozen(request), actor=actor)
    if uit.gemaild:
        messages.success(request, f"Gevraagd aan {_namen(uit.gemaild)}.")
    if uit.al_gevraagd:
        messages.info(request, f"Vandaag al gevraagd aan {_namen(uit.al_gevraagd)}.")
    if uit.niemand:
        messages.warning(
            request, f"Er is niemand om te vragen bij {_namen(uit.niemand)}. Bel deze organisatie of nodig iemand uit."
        )
    if not (uit.gemaild or uit.al_gevraagd or uit.niemand):
        messages.warning(request, "Kies eerst een of meer organisaties waar nog iets mist.")
    return HttpResponseRedirect(f"{reverse('contacten')}?stap=BO2")


def _namen(organisaties: list[Organisatie]) -> str:
    namen = [o.naam for o in organisaties]
    return ", ".join(namen) if len(namen) <= 4 else f"{', '.join(namen[:3])} en nog {len(namen) - 3}"
