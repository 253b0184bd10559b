"""/vva/afstemming: where VVA and the regio differ. An mbo takes over, a decaan reads, the operator sees counts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.actor import Actor
from accounts.rechten import Recht, Rol
from accounts.scope import OverstapRequest, sleutel
from overstap.basis import klok
from statuses.access import vereis
from statuses.eigen_redenen import per_regio, samen
from statuses.models import Overstap
from statuses.referentie.redenen import redenen
from statuses.status import Status
from statuses.termijnen import gekozen_jaar, jaar_naam, nieuwste_jaar
from statuses.zichtbaarheid import naam_voor
from vva_berichten.afstemming import (
    CATEGORIEEN,
    OVER_TE_NEMEN,
    Afstemming,
    Overgenomen,
    Rij,
    accept_aanmeldstatussen,
    per_categorie,
)

_STOPT = {Status.AFGEMELD: "Ingetrokken", Status.AFGEWEZEN: "Leidt niet tot inschrijving"}


class OverneemForm(forms.Form):
    """The reden that goes with a status that ends an aanmelding; VVA does not carry one."""

    tekst = forms.CharField(
        label="Toelichting bij de reden",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Alleen nodig bij 'Iets anders'. Zet hier geen gezondheidsgegevens.",
    )
    field_order = ("reden_afgemeld", "reden_afgewezen", "tekst")

    def __init__(self, *args: Any, regios: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        eigen = per_regio(regios)
        for status, naam in _STOPT.items():
            keuzes = [(r.code, r.label) for r in redenen(status.code, samen(eigen, status))]
            self.fields[f"reden_{status.code}"] = forms.ChoiceField(
                label=f"Reden bij '{naam}'",
                required=False,
                choices=[("", "Geen gekozen met deze status"), *keuzes],
                help_text="De school ziet deze reden.",
            )
        self.order_fields(self.field_order)


@require_http_methods(["GET", "HEAD", "POST"])
def afstemming(request: OverstapRequest) -> HttpResponse:
    """One address, per role its own page."""
    actor = vereis(request, Recht.VVA_AFSTEMMEN)
    jaar = gekozen_jaar(request.GET.get("jaar"), klok.vandaag())
    if request.method == "POST":
        return _neem_over(request, vereis(request, Recht.AANMELDING_WIJZIGEN), jaar)
    if actor.rol == Rol.BEHEERORGANISATIE:
        return _per_instelling(request, actor, jaar)
    return render(request, "vva/afstemming.html", _lijst(request, actor, jaar))


def _per_instelling(request: HttpRequest, actor: Actor, jaar: int) -> HttpResponse:
    a = Afstemming(actor, jaar)
    context = {
        "jaar": jaar_naam(jaar),
        "rijen": [(a.mbos[code].naam, list(rij.values())) for code, rij in a.tellingen().items()],
        "kolommen": [{"naam": "Instelling"}, *({"naam": n, "getal": True} for n in CATEGORIEEN.values())],
    }
    return render(request, "vva/afstemming_beheer.html", context)


def _lijst(request: HttpRequest, actor: Actor, jaar: int) -> dict[str, object]:
    a = Afstemming(actor, jaar)
    tel = per_categorie(a.tellingen())
    stand = request.GET.get("stand", "")
    stand = stand if stand in CATEGORIEEN else ""
    na = sleutel(request.GET.get("na", ""))
    blad, volgende = a.blad(stand, na)
    overstappen = _zichtbaar(actor, [r.overstap_id for r in blad])
    _log(actor, list(overstappen.values()), stand)
    mag = actor.mag(Recht.AANMELDING_WIJZIGEN)
    rijen = [_toon(r, actor, overstappen.get(r.overstap_id), a, mag) for r in blad]
    verschillen = sum(aantal for code, aantal in tel.items() if code != "eens")
    return {
        "rijen": rijen,
        "mag": mag,
        "te_kiezen": any(r["kies"] for r in rijen),
        "formulier": OverneemForm(regios=actor.regios) if mag else None,
        "jaar": jaar_naam(jaar),
        "verschillen": verschillen,
        "terug": "niet-verwerkt" if actor.rol == Rol.MBO_MEDEWERKER else "vva",
        "chips": [
            {"naam": "Alle verschillen", "url": _url(jaar), "aantal": verschillen, "actief": not stand},
            *(
                {"naam": naam, "url": _url(jaar, stand=code), "aantal": tel[code], "actief": stand == code}
                for code, naam in CATEGORIEEN.items()
            ),
        ],
        "kolommen": [{"naam": n} for n in ("Leerling", "Mbo", "Volgens VVA", "In de regio", "Verschil")],
        "hier": _url(jaar),
        "begin": _url(jaar, stand=stand) if na else "",
        "volgende": _url(jaar, stand=stand, na=str(volgende)) if volgende else "",
    }


def _toon(r: Rij, actor: Actor, overstap: Overstap | None, a: Afstemming, mag: bool) -> dict[str, object]:
    """A row for the page; the name only of who is visible."""
    naam = naam_voor(actor, overstap, lijst=True) if overstap else ""
    return {
        "rij": r,
        "naam": naam or f"Aanmelding {r.aanmeld_id}",
        "nummer": r.aanmeld_id if naam else "",
        "url": reverse("leerling", args=[overstap.pk]) if overstap else "",
        "mbo": a.mbos[r.mbo_code].naam,
        "kies": r.sleutel if mag and overstap and r.categorie in OVER_TE_NEMEN else "",
    }


def _zichtbaar(actor: Actor, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Overstap]:
    rijen = Overstap.objects.zichtbaar_voor(actor).filter(pk__in=ids).select_related("leerling", "vestiging")
    return {o.pk: o for o in rijen}


def _log(actor: Actor, overstappen: Sequence[Overstap], doel: str) -> None:
    """A look is one line, with whom it was about."""
    if overstappen:
        personen = [(o.regio_id, o.leerling_id) for o in overstappen]
        audit.log(actor, "vva.afstemming_bekeken", object_soort="vva", doel=doel, leerlingen=personen)


def _neem_over(request: OverstapRequest, actor: Actor, jaar: int) -> HttpResponse:
    """Take over what was chosen, and say per leerling what came of it."""
    terug = _url(jaar)
    gekozen = request.POST.getlist("kies")
    formulier = OverneemForm(request.POST, regios=actor.regios)
    if not gekozen or not formulier.is_valid():
        messages.warning(request, "Kies eerst één of meer aanmeldingen, en een reden uit de lijst.")
        return HttpResponseRedirect(terug)
    gegevens: Mapping[str, str] = formulier.cleaned_data
    uitkomsten = accept_aanmeldstatussen(
        gekozen,
        {s.code: gegevens[f"reden_{s.code}"] for s in _STOPT},
        actor=actor,
        jaar=jaar,
        tekst=gegevens["tekst"].strip(),
    )
    overstappen = _zichtbaar(actor, [u.overstap_id for u in uitkomsten if u.overstap_id])
    context = {
        "uitslag": {
            "gelukt": sum(not u.fout for u in uitkomsten),
            "geweigerd": [_regel(u, actor, overstappen) for u in uitkomsten if u.fout],
        },
        "gelukt": [_regel(u, actor, overstappen) for u in uitkomsten if not u.fout],
        "terug": terug,
    }
    return render(request, "vva/afstemming_uitslag.html", context)


def _regel(u: Overgenomen, actor: Actor, overstappen: Mapping[uuid.UUID, Overstap]) -> dict[str, str]:
    overstap = overstappen.get(u.overstap_id) if u.overstap_id else None
    naam = naam_voor(actor, overstap, lijst=True) if overstap else f"Aanmelding {u.aanmeld_id}"
    return {"naam": naam, "url": reverse("leerling", args=[overstap.pk]) if overstap else "", "reden": u.fout}


def _url(jaar: int, **vraag: str) -> str:
    vraag["jaar"] = "" if jaar == nieuwste_jaar(klok.vandaag()) else jaar_naam(jaar)
    tekst = urlencode({k: v for k, v in vraag.items() if v})
    return reverse("vva-afstemming") + (f"?{tekst}" if tekst else "")
