"""The page of a leerling, one action on it, and its burgerservicenummer."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html

from accounts import audit
from accounts.rechten import Recht
from accounts.scope import sleutel
from overstap.basis import geheim
from overstap.schermen.acties import Doel, Knop, actie_url, tegen, voer_uit
from overstap.schermen.bulk import maak_formulier
from overstap.schermen.leerling import leerling_context, zichtbare_aanmeldingen, zichtbare_sporen
from overstap.schermen.lijst import Lijst, Vraag, lees_vraag
from overstap.schermen.lijst_views import SESSIE_ZOEK
from overstap.schermen.omgeving import Omgeving, maak_omgeving
from overstap.schermen.paginas import View, alleen
from statuses.access import NIET_GEVONDEN, get_overstap
from statuses.actions.schrijven import VersieGewijzigd
from statuses.models import Aanmelding, Gebeurtenis, Overstap
from statuses.status import Status
from statuses.termijnen import jaar_naam
from statuses.zichtbaarheid import naam_voor


def _haal(request: HttpRequest, lijst: Lijst, pk: uuid.UUID, recht: Recht) -> tuple[Overstap, Omgeving, Vraag]:
    """The overstap, the omgeving of its own jaar, and the list that the viewer came from."""
    overstap = get_overstap(request, pk, recht)  # type: ignore[arg-type]
    vraag = request.GET.copy()
    kwam_van_lijst = "jaar" in vraag or any(f.naam in vraag for f in lijst.filters)
    vraag["jaar"] = jaar_naam(overstap.overstapjaar)
    o = maak_omgeving(request.actor, vraag)  # type: ignore[attr-defined]
    gelezen = lees_vraag(lijst, o, vraag if kwam_van_lijst else request.GET, request.session.get(SESSIE_ZOEK, ""))
    return overstap, o, gelezen


def leerling_van(lijst: Lijst) -> View:
    """The view of the leerling page for a role."""

    @alleen("GET")
    def toon(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        overstap, o, vraag = _haal(request, lijst, pk, Recht.LEERLINGEN_ZIEN)
        audit.log(
            o.actor, "leerling.zien", leerlingen=[(overstap.regio_id, overstap.leerling_id)], regio=overstap.regio_id,
            object_soort="overstap", object_id=overstap.pk, doel=vraag.tekst.get("stap", ""),
        )  # fmt: skip
        context = leerling_context(request, lijst, o, overstap, vraag, sleutel(request.GET.get("rij", "")))
        return render(request, "schermen/leerling.html", context)

    return toon


def pgn_van(lijst: Lijst) -> View:
    """A separate, logged act: the number is in the answer to a POST and never in an address or a list."""

    @alleen("POST")
    def toon(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        overstap, o, vraag = _haal(request, lijst, pk, Recht.PGN_ZIEN)
        audit.log(
            o.actor, "pgn.zien", leerlingen=[(overstap.regio_id, overstap.leerling_id)], regio=overstap.regio_id,
            object_soort="overstap", object_id=overstap.pk,
        )  # fmt: skip
        leerling = overstap.leerling
        context = leerling_context(request, lijst, o, overstap, vraag)
        context["pgn"] = geheim.ontsleutel(leerling.pgn_versleuteld, leerling.pk).decode()
        context["pgn_naam"] = "Burgerservicenummer" if leerling.pgn_soort == "bsn" else "Onderwijsnummer"
        antwoord = render(request, "schermen/leerling.html", context)
        antwoord["Cache-Control"] = "no-store"
        return antwoord

    return toon


def actie_van(lijst: Lijst) -> View:
    """One action on one leerling: GET gives the form, POST does it. The versie that the viewer saw guards against a second hand."""

    @alleen("GET", "POST")
    def doe(request: HttpRequest, pk: uuid.UUID, code: str) -> HttpResponse:
        actie = next((a for a in lijst.acties if a.code == code), None)
        if actie is None:
            get_overstap(request, pk, Recht.LEERLINGEN_ZIEN)  # type: ignore[arg-type]
            raise Http404("Deze handeling bestaat niet.")
        overstap, o, vraag = _haal(request, lijst, pk, actie.recht)
        doel = _doel(request, actie, overstap)
        terug = _terug(overstap, vraag)
        if request.method == "POST":
            return _voer_uit(request, lijst, o, actie, doel, vraag, terug)
        weigering = tegen(actie, o, doel)
        if weigering is not None:
            messages.warning(request, weigering.detail)
            return HttpResponseRedirect(terug)
        form = maak_formulier(lijst, o, actie, [doel])
        return _formulier(request, o, actie, doel, form, terug, status=200)

    return doe


def _terug(overstap: Overstap, vraag: Vraag) -> str:
    url, deel = reverse("leerling", args=[overstap.pk]), vraag.url_deel()
    return f"{url}?{deel}" if deel else url


def _doel(request: HttpRequest, actie: Knop, overstap: Overstap) -> Doel:
    """The overstap with its aanmeldingen; for an action on an aanmelding the one in ``?aanmelding=`` that this role sees."""
    alle = tuple(overstap.aanmeldingen.select_related("mbo").order_by("nr"))
    if not actie.per_aanmelding:
        return Doel(overstap, alle)
    pk = sleutel(request.GET.get("aanmelding", ""))
    zichtbaar = Aanmelding.objects.zichtbaar_voor(request.actor).filter(overstap_id=overstap.pk)  # type: ignore[attr-defined]
    if pk is None or not zichtbaar.filter(pk=pk).exists():
        request.weigering = audit.Weigering("aanmelding.zien", "aanmelding", str(pk or ""), "404")  # type: ignore[attr-defined]
        raise Http404(NIET_GEVONDEN)
    return Doel(overstap, alle, next(a for a in alle if a.pk == pk))


def _formulier(
    request: HttpRequest, o: Omgeving, actie: Knop, doel: Doel, form: Any, terug: str, *, status: int,
    fout: str = "", intussen: list[str] | None = None,
) -> HttpResponse:  # fmt: skip
    context = {
        "actie": actie,
        "form": form,
        "terug": terug,
        "naam": naam_voor(o.actor, doel.overstap),
        "overstap": doel.overstap,
        "aanmelding": doel.aanmelding,
        "versie": doel.overstap.versie,
        "fout": fout,
        "intussen": intussen or [],
    }
    return render(request, "schermen/actie.html", context, status=status)


def _voer_uit(
    request: HttpRequest, lijst: Lijst, o: Omgeving, actie: Knop, doel: Doel, vraag: Vraag, terug: str
) -> HttpResponse:
    form = maak_formulier(lijst, o, actie, [doel], request.POST)
    if not form.is_valid():
        return _formulier(request, o, actie, doel, form, terug, status=422)
    versie = request.POST.get("versie", "")
    gezien = int(versie) if versie.isascii() and versie.isdigit() and len(versie) < 9 else -1
    gegevens = {
        **form.cleaned_data,
        "tekst": form.cleaned_data.get(f"tekst_{doel.pk}") or form.cleaned_data.get("tekst", ""),
    }
    try:
        (weigering,) = voer_uit(actie, o, [doel], [gegevens], {doel.overstap.pk: gezien})
    except VersieGewijzigd as fout:
        intussen = _sinds(o, doel.overstap, request.POST.get("volgnr", ""))
        return _formulier(request, o, actie, doel, form, terug, status=409, fout=str(fout), intussen=intussen)
    if weigering is not None:
        return _formulier(request, o, actie, doel, form, terug, status=409, fout=weigering.detail)
    messages.success(request, _bericht(lijst, o, actie, doel, vraag))
    return HttpResponseRedirect(terug)


def _bericht(lijst: Lijst, o: Omgeving, actie: Knop, doel: Doel, vraag: Vraag) -> str:
    """What was done, with the way back where it can be taken back."""
    tekst = f"{actie.gelukt}."
    terug = next((a for a in lijst.acties if a.code == actie.ongedaan and o.actor.mag(a.recht)), None)
    if terug is None:
        return tekst
    pk = doel.aanmelding.pk if doel.aanmelding else None
    url = actie_url(terug, doel.overstap.pk, deel=vraag.url_deel(), aanmelding_id=pk)
    return format_html('{} <a href="{}">Ongedaan maken</a>', tekst, url)


def _sinds(o: Omgeving, overstap: Overstap, volgnr: str) -> list[str]:
    """What changed since the viewer opened the form, in words; only the sporen that this role sees."""
    nummer = int(volgnr) if volgnr.isascii() and volgnr.isdigit() and len(volgnr) < 9 else 0
    sporen = zichtbare_sporen(zichtbare_aanmeldingen(overstap, o), o)
    rijen = Gebeurtenis.objects.filter(sporen, overstap_id=overstap.pk, volgnr__gt=nummer).order_by("volgnr")
    zinnen = [
        f"{r.spoor_naam.value}: {Status(r.naar).label if r.naar else 'teruggenomen'}, {r.geldig_op:%d-%m-%Y}"
        for r in rijen
    ]
    return zinnen or ["de gegevens van de leerling zijn aangepast"]
