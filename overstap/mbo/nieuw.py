"""/aanmeldingen/nieuw: an aanmelding by hand. First exactly one leerling, then the opleiding.

What is typed to find a leerling goes in the body of a POST, never in an address or a log; every search is logged and there are
only so many. Who is not there and who may not be seen get the same answer. Bron: architectuur.md, Settled 16.
"""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from accounts import audit
from accounts.rechten import Recht
from overstap.aanlevering import waarden
from overstap.aanlevering.uitslag import VeldFout
from overstap.basis.limiet import is_te_vaak
from overstap.mbo.acties import meld_aan
from overstap.mbo.forms import AanmeldForm
from overstap.mbo.velden import EenVan
from overstap.schermen.omgeving import Omgeving, maak_omgeving
from overstap.schermen.paginas import alleen
from statuses.access import vereis
from statuses.models import Aanmelding, Overstap
from statuses.zoek_exact import OpNaam, OpNummer, find_overstapper

HOOGSTENS, SECONDEN = 30, 15 * 60  # searches of one person
_ZOUT, _GELDIG = "aanmelding-nieuw", 30 * 60
NIET_GEVONDEN = (
    "Er is geen overstapper gevonden met deze gegevens. Controleer ze, of zoek met het nummer. Kloppen ze? Dan heeft de school de leerling nog niet "
    "aangevinkt, of gaat de leerling naar school buiten uw regio. Neem contact op met de school."
)


class ZoekForm(forms.Form):
    """Exact only: the number, or the name with the birth date."""

    use_required_attribute = False
    _uit = forms.TextInput(attrs={"autocomplete": "off"})
    nummer = EenVan(
        label="Burgerservicenummer of onderwijsnummer", help_text="Of laat dit leeg, en vul de drie velden hieronder in.", max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    voornaam = EenVan(label="Voornaam", max_length=80, widget=_uit)
    achternaam = EenVan(
        label="Achternaam",
        max_length=120,
        widget=_uit,
        help_text="Zonder tussenvoegsel, zoals Wit bij De Wit.",
    )
    geboortedatum = EenVan(label="Geboortedatum", max_length=20, widget=_uit, help_text="Zoals 01-05-2009.")

    def clean(self) -> dict[str, Any]:
        g = super().clean() or {}
        if self.errors:
            return g
        try:
            g["vraag"] = self._vraag(g)
        except VeldFout as fout:
            self.add_error("nummer" if g.get("nummer") else "geboortedatum", str(fout))
        return g

    def _vraag(self, g: dict[str, Any]) -> OpNummer | OpNaam | None:
        if g["nummer"]:
            soort = "own" if g["nummer"].strip().startswith("10") else "bsn"
            lees = waarden.onderwijsnummer if soort == "own" else waarden.bsn
            return OpNummer(soort, lees(g["nummer"]))
        for veld in ("voornaam", "achternaam", "geboortedatum"):
            if not g[veld]:
                self.add_error(veld, "Vul dit in, of zoek met het nummer.")
        return None if self.errors else OpNaam(g["voornaam"], g["achternaam"], waarden.datum(g["geboortedatum"]))


@alleen("GET", "POST")
def toon(request: HttpRequest) -> HttpResponse:
    """GET gives the search; POST searches, or with a token of a found leerling records the aanmelding."""
    actor = vereis(request, Recht.AANMELDING_WIJZIGEN)  # type: ignore[arg-type]
    o = maak_omgeving(actor, request.GET)
    if request.method != "POST":
        return _pagina(request, ZoekForm())
    if request.POST.get("leerling"):
        return _meld_aan(request, o)
    return _zoek(request, o)


def _pagina(request: HttpRequest, form: ZoekForm, status: int = 200, **rest: Any) -> HttpResponse:
    antwoord = render(request, "mbo/nieuw.html", {"form": form, **rest}, status=status)
    antwoord["Cache-Control"] = "no-store"
    return antwoord


def _zoek(request: HttpRequest, o: Omgeving) -> HttpResponse:
    form = ZoekForm(request.POST)
    if not form.is_valid():
        return _pagina(request, form, 422)
    if is_te_vaak("zoek-leerling", o.actor.id, hoogstens=HOOGSTENS, seconden=SECONDEN):
        request.weigering = audit.Weigering("leerling.gezocht", "overstap", "", "429")  # type: ignore[attr-defined]
        return render(request, "429.html", status=429)
    gevonden = find_overstapper(form.cleaned_data["vraag"], o.jaren)
    audit.log(
        o.actor, "leerling.gezocht", regio=gevonden.regio_id if gevonden else None, object_soort="overstap",
        object_id=gevonden.pk if gevonden else "", uitkomst="gedaan" if gevonden else "niet_gevonden",
        leerlingen=[(gevonden.regio_id, gevonden.leerling_id)] if gevonden else [],
        details={"op": "nummer" if request.POST.get("nummer") else "naam"},
    )  # fmt: skip
    if gevonden is None:
        return _pagina(request, form, niet_gevonden=NIET_GEVONDEN)
    return _formulier(request, o, gevonden, AanmeldForm(o=o))


def _formulier(
    request: HttpRequest, o: Omgeving, overstap: Overstap, form: AanmeldForm, status: int = 200
) -> HttpResponse:
    eigen = Aanmelding.objects.zichtbaar_voor(o.actor).filter(overstap_id=overstap.pk).order_by("-status", "nr")
    bewijs = signing.dumps({"o": str(overstap.pk), "a": str(o.actor.lidmaatschap_id)}, salt=_ZOUT)
    context = {"overstap": overstap, "meldform": form, "bewijs": bewijs, "eigen": list(eigen)}
    return _pagina(request, ZoekForm(), status, **context)


def _bewezen(request: HttpRequest, o: Omgeving) -> uuid.UUID | None:
    """The overstap that this person found a moment ago; an id that somebody made up is none."""
    try:
        inhoud = signing.loads(request.POST.get("leerling", ""), salt=_ZOUT, max_age=_GELDIG)
    except signing.BadSignature:
        return None
    return uuid.UUID(inhoud["o"]) if inhoud["a"] == str(o.actor.lidmaatschap_id) else None


def _meld_aan(request: HttpRequest, o: Omgeving) -> HttpResponse:
    pk = _bewezen(request, o)
    overstap = Overstap.objects.select_related("leerling", "vestiging").filter(pk=pk).first() if pk else None
    if overstap is None or not overstap.gemarkeerd:
        return _pagina(request, ZoekForm(), 422, niet_gevonden="Zoek de leerling nog een keer. Het is te lang geleden.")
    form = AanmeldForm(request.POST, o=o)
    if form.is_valid():
        weigering = meld_aan(o, overstap.pk, form.cleaned_data)
        if weigering is None:
            messages.success(request, "De aanmelding is vastgelegd. De school ziet haar ook.")
            return HttpResponseRedirect(reverse("leerling", args=[overstap.pk]))
        form.add_error(weigering.veld if weigering.veld in form.fields else None, weigering.detail)
    return _formulier(request, o, overstap, form, 422)
