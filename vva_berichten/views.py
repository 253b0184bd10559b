"""/vva: for leerplicht the postbus, for a decaan who was reported, for the operator how far each bulk came."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.actor import Actor
from accounts.rechten import Recht, Rol
from accounts.scope import OverstapRequest
from statuses.access import vereis
from vva_berichten import eindpunten, gangers_views, overzicht
from vva_berichten.access import get_bulk, get_bulk_van_regio
from vva_berichten.bulkmelding import GeenCorrectie, correct_bulkmelding


@require_safe
def vva(request: OverstapRequest) -> HttpResponse:
    """One address, per role its own page."""
    if (
        request.actor is not None
        and not request.actor.mag(Recht.VVA_ZIEN)
        and request.actor.mag(Recht.VVA_SCHOLEN_ZIEN)
    ):
        return HttpResponseRedirect(reverse("vva-scholen"))  # no messages of their own: how far the schools are
    actor = vereis(request, Recht.VVA_ZIEN)
    return {Rol.DECAAN: gangers_views.decaan, Rol.BEHEERORGANISATIE: _beheer}.get(actor.rol, _gemeente)(request, actor)


def _gemeente(request: OverstapRequest, actor: Actor) -> HttpResponse:
    context = {
        "bulks": overzicht.bulks_voor(actor),
        "kolommen": _kolommen("Bulkmelding", "Gemeente", "Peildatum", "#Leerlingen", "Stand"),
    }
    return render(request, "vva/gemeente.html", context | _berichten(request, actor))


def _beheer(request: OverstapRequest, actor: Actor) -> HttpResponse:
    context = {
        "bulks": overzicht.bulks_van_regio(),
        "aansluiting": eindpunten.wacht_op_aansluiting(),
        "aansluitingkolommen": _kolommen("Gemeente", "#Berichten", "#Bulkmeldingen", "Sinds", "Opnieuw"),
        "onleesbaar": eindpunten.onleesbaar(),
        "onleesbaarkolommen": _kolommen("Ontvanger", "#Berichten", "Sinds", "Waarom", "Opnieuw"),
        "eindpunten": eindpunten.standen(None, actor.regios),
        "eindpuntkolommen": _kolommen(
            "Ontvanger", "Stand", "Sinds", "Waarom", "#Nog te sturen", "Opzij gezet", "Opnieuw"
        ),
        "kolommen": _kolommen(
            "Bulkmelding", "Gemeente", "Peildatum", "#Leerlingen", "Gemaakt", "Stand", "Gepusht", "Correctie"
        ),
    }
    return render(request, "vva/beheer.html", context)


@require_safe
def berichten(request: OverstapRequest) -> HttpResponse:
    """The messages in the own postbus, newest first: for a school the aanmeldstatussen of the mbo's."""
    actor = vereis(request, Recht.VVA_ZIEN)
    return render(request, "vva/berichten.html", _berichten(request, actor))


@require_safe
def bulk(request: OverstapRequest, pk: uuid.UUID) -> HttpResponse:
    """The leerlingen of one bulk; who is visible here has a link."""
    actor, gevonden = get_bulk(request, pk)
    rijen, volgende = overzicht.bulkrijen(actor, gevonden, gangers_views.lees_getal(request, "na") or 0)
    _log_blik(actor, "vva.bulk_bekeken", [r.overstap for r in rijen if r.overstap], str(gevonden.pk))
    context = {
        "bulk": gevonden,
        "naam": overzicht.SOORT_NAAM[gevonden.soort],
        "uitleg": overzicht.SOORT_UITLEG[gevonden.soort],
        "rijen": rijen,
        "volgende": f"{reverse('vva-bulk', args=[pk])}?na={volgende}" if volgende else "",
        "kolommen": _kolommen("Leerling", "School", "Reden", "Laatste aanmeldstatus"),
        "kruimels": [
            {"naam": "Berichten (VVA)", "url": reverse("vva")},
            {"naam": overzicht.SOORT_NAAM[gevonden.soort], "url": ""},
        ],
    }
    return render(request, "vva/bulk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def correctie(request: OverstapRequest, pk: uuid.UUID) -> HttpResponse:
    """The operator makes a bulk again as a new number: first what that means, then the act."""
    actor, gevonden = get_bulk_van_regio(request, pk)
    if request.method == "POST":
        try:
            nieuw = correct_bulkmelding(gevonden, actor=actor)
        except GeenCorrectie as fout:
            messages.error(request, str(fout))
        else:
            messages.success(
                request, f"Correctie {nieuw.volgnummer} is gemaakt: {nieuw.aantal} leerlingen, eerst {gevonden.aantal}."
            )
        return HttpResponseRedirect(reverse("vva"))
    naam = overzicht.SOORT_NAAM[gevonden.soort]
    context = {
        "titel": "Bulkmelding corrigeren",
        "uitleg": f"{naam}, {gevonden.gemeente.naam}: {gevonden.aantal} leerlingen.",
        "punten": [
            f"De gemeente krijgt een nieuwe bulkmelding met nummer {gevonden.volgnummer + 1}.",
            f"Daarin staat de stand van {gevonden.peildatum:%d-%m-%Y}, zoals die nu bekend is.",
            "De bulkmelding die er al is, verandert niet.",
        ],
        "knop": "Maak correctie",
        "terug_url": reverse("vva"),
    }
    return render(request, "componenten/bevestigen.html", context)


def _berichten(request: OverstapRequest, actor: Actor) -> dict[str, object]:
    assert actor.organisatie_id is not None
    rijen, ouder = overzicht.berichten(actor, actor.organisatie_id, gangers_views.lees_getal(request, "voor"))
    _log_blik(actor, "vva.berichten_bekeken", [r.overstap for r in rijen if r.overstap])
    return {
        "berichten": rijen,
        "berichtkolommen": _kolommen("Wanneer", "Leerling", "Bericht", "Inhoud", "Van"),
        "ouder": f"{request.path}?voor={ouder}" if ouder else "",
        "nieuwste": request.path if "voor" in request.GET else "",
    }


def _log_blik(actor: Actor, handeling: str, overstappen: list[object], object_id: str = "") -> None:
    """A look at a list is one line, with whom it was about."""
    leerlingen = [(o.regio_id, o.leerling_id) for o in overstappen]  # type: ignore[attr-defined]
    if leerlingen:
        audit.log(actor, handeling, object_soort="vva", object_id=object_id, leerlingen=leerlingen)


def _kolommen(*namen: str) -> list[dict[str, object]]:
    """A name with # in front is a number."""
    return [{"naam": n.removeprefix("#"), "getal": n.startswith("#")} for n in namen]
