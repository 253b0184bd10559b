"""One action for many rows of a list: choose, fill in once (or once per leerling), and a result per leerling.

Two posts to one address. The first names the action and the rows and gives the form; the second, with ``bevestigd``, does it.
Every row is judged on its own by statuses.actions: a refusal leaves the others.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from accounts import audit
from accounts.rechten import Recht
from overstap.schermen import intussen
from overstap.schermen.acties import ActieForm, Doel, Knop, tegen, voer_uit
from overstap.schermen.lijst import Lijst, Selectie, lees_vraag
from overstap.schermen.lijst_views import SESSIE_ZOEK
from overstap.schermen.omgeving import Omgeving, OnjuisteVraag, maak_omgeving
from overstap.schermen.paginas import View, alleen
from overstap.schermen.verloop import ziet_aanmelding
from statuses.access import NIET_GEVONDEN, vereis
from statuses.beoordelen import Geweigerd
from statuses.models import Aanmelding
from statuses.referentie.onderwijs import HAVO_VWO
from statuses.zichtbaarheid import Veld

HOOGSTENS = 1000  # rows in one act
HOOGSTENS_TEKSTEN = 40  # with a text per leerling: what a person can fill in on one page


def bulk_van(lijst: Lijst) -> View:
    """The view behind the bar of a list."""

    @alleen("POST")
    def bulk(request: HttpRequest) -> HttpResponse:
        actor = vereis(request, Recht.LEERLINGEN_ZIEN)  # type: ignore[arg-type]
        vraag = QueryDict(request.POST.get("vraag", "")[:2000])
        o = maak_omgeving(actor, vraag)
        actie = _actie(lijst, request.POST.get("actie", ""))
        vereis(request, actie.recht)  # type: ignore[arg-type]
        terug = _terug(lijst, vraag)
        ids = _gekozen(request, lijst, o, vraag)
        if not ids:
            messages.warning(request, "Kies eerst één of meer leerlingen. Vink ze aan in de lijst.")
            return HttpResponseRedirect(terug)
        doelen = _doelen(request, lijst, o, ids)
        if request.POST.get("bevestigd"):
            return _doe(request, lijst, o, actie, doelen, terug)
        return _vraag_formulier(request, lijst, o, actie, doelen, terug)

    return bulk


def _terug(lijst: Lijst, vraag: QueryDict) -> str:
    deel = vraag.urlencode()
    return f"{reverse(lijst.pagina)}?{deel}" if deel else reverse(lijst.pagina)


def _actie(lijst: Lijst, code: str) -> Knop:
    gevonden = next((a for a in lijst.acties if a.code == code and a.bulk), None)
    if gevonden is None:
        raise OnjuisteVraag("Kies onder de lijst wat u met de gekozen leerlingen wilt doen.")
    return gevonden


def _gekozen(request: HttpRequest, lijst: Lijst, o: Omgeving, vraag: QueryDict) -> list[uuid.UUID]:
    """The chosen ids, or all of the filter when it still holds as many as the viewer saw."""
    if request.POST.get("alles") and not request.POST.get("bevestigd"):
        selectie = Selectie(lijst, o, lees_vraag(lijst, o, vraag, request.session.get(SESSIE_ZOEK, "")))
        ids = selectie.ids(HOOGSTENS + 1)
        verwacht = request.POST.get("aantal", "")
        if verwacht != str(len(ids)) and len(ids) <= HOOGSTENS:
            raise OnjuisteVraag(
                f"Het filter gaf eerst {verwacht or 'geen'} leerlingen en nu {len(ids)}. Er is niets gewijzigd. "
                "Ga terug, kijk wie er nu in de lijst staat, en kies opnieuw."
            )
    else:
        try:
            ids = list(dict.fromkeys(uuid.UUID(w) for w in request.POST.getlist("kies")))
        except ValueError as fout:
            raise OnjuisteVraag(
                "Een van de gekozen rijen bestaat niet. Ga terug naar de lijst en kies opnieuw."
            ) from fout
    if len(ids) > HOOGSTENS:
        raise OnjuisteVraag(f"U kunt hoogstens {HOOGSTENS} leerlingen tegelijk kiezen. Maak het filter smaller.")
    return ids


def _doelen(request: HttpRequest, lijst: Lijst, o: Omgeving, ids: Sequence[uuid.UUID]) -> list[Doel]:
    """The rows behind the ids; one that is not visible gives 404 for all, as a single address would. Three queries."""
    rijen = list(lijst.rijen(o).filter(pk__in=ids).order_by(*lijst.naam_orde, "pk"))
    if len(rijen) != len(ids):
        request.weigering = audit.Weigering("bulk", "overstap", "", "404")  # type: ignore[attr-defined]
        raise Http404(NIET_GEVONDEN)
    overstappen = {lijst.overstap(rij).pk for rij in rijen}
    per_overstap: dict[uuid.UUID, list[Aanmelding]] = defaultdict(list)
    for aanmelding in Aanmelding.objects.filter(overstap_id__in=overstappen).select_related("mbo").order_by("nr"):
        per_overstap[aanmelding.overstap_id].append(aanmelding)
    return [
        Doel(
            lijst.overstap(rij),
            tuple(per_overstap[lijst.overstap(rij).pk]),
            rij if isinstance(rij, Aanmelding) else None,
        )
        for rij in rijen
    ]


def naam_van(lijst: Lijst, o: Omgeving, doel: Doel) -> str:
    return lijst.naam(doel.aanmelding or doel.overstap, o)


def met_klas(lijst: Lijst, o: Omgeving, doel: Doel) -> str:
    """The name with the klas: two leerlingen of a school can have the same name."""
    naam = naam_van(lijst, o, doel)
    return f"{naam} ({doel.overstap.klas})" if doel.overstap.klas and o.ziet(Veld.NAAM) else naam


def _tekstvelden(lijst: Lijst, o: Omgeving, actie: Knop, doelen: Sequence[Doel]) -> dict[str, forms.CharField]:
    """A field per leerling that a text may go with; where the ground is missing there is none."""
    if actie.tekst is None:
        return {}
    return {
        f"tekst_{doel.pk}": forms.CharField(
            label=f"{actie.tekst.label}: {met_klas(lijst, o, doel)}",
            help_text=actie.tekst.uitleg,
            required=actie.tekst_verplicht,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"required": f"Schrijf een tekst bij {naam_van(lijst, o, doel)}, of haal de leerling weg."},
        )
        for doel in doelen
        if doel.stand(o).grondslag
    }


def maak_formulier(lijst: Lijst, o: Omgeving, actie: Knop, doelen: Sequence[Doel], data: Any = None) -> ActieForm:
    form = actie.formulier(data, o=o, doelen=doelen)
    for veld, regel in form.fields.items():
        if veld == "kans" and not any(d.overstap.onderwijssoort in HAVO_VWO for d in doelen):
            regel.widget, regel.required = forms.HiddenInput(), False
    form.fields.update(_tekstvelden(lijst, o, actie, doelen))
    return form


def _verdeel(o: Omgeving, actie: Knop, doelen: Sequence[Doel]) -> tuple[list[Doel], list[tuple[Doel, Geweigerd]]]:
    """Who it can be done for, and who not with the rule."""
    kan, niet = [], []
    for doel in doelen:
        reden = tegen(actie, o, doel)
        if reden is None:
            kan.append(doel)
        else:
            niet.append((doel, reden))
    return kan, niet


def _vraag_formulier(
    request: HttpRequest, lijst: Lijst, o: Omgeving, actie: Knop, doelen: Sequence[Doel], terug: str
) -> HttpResponse:
    kan, niet = _verdeel(o, actie, doelen)
    if actie.tekst is not None and len(kan) > HOOGSTENS_TEKSTEN:
        raise OnjuisteVraag(
            f"Bij deze handeling hoort een tekst per leerling. Kies er hoogstens {HOOGSTENS_TEKSTEN} tegelijk."
        )
    return _pagina(request, lijst, o, actie, kan, niet, maak_formulier(lijst, o, actie, kan), terug)


def _pagina(
    request: HttpRequest, lijst: Lijst, o: Omgeving, actie: Knop, kan: Sequence[Doel],
    niet: Sequence[tuple[Doel, Geweigerd]], form: ActieForm, terug: str,
) -> HttpResponse:  # fmt: skip
    context = {
        "actie": actie,
        "form": form,
        "terug": terug,
        "vraag": request.POST.get("vraag", ""),
        # What the person saw first stays what was seen, also when a field was wrong.
        "gezien": request.POST.getlist("gezien") or _gezien(o, kan),
        "kan": [(doel.pk, met_klas(lijst, o, doel)) for doel in kan],
        "niet": [(met_klas(lijst, o, doel), reden.detail) for doel, reden in niet],
        "eenheid": lijst.eenheid[0] if len(kan) == 1 else lijst.eenheid[1],
    }
    return render(request, "schermen/bulk.html", context, status=422 if form.errors else 200)


def _gezien(o: Omgeving, doelen: Sequence[Doel]) -> list[str]:
    """What the page shows of each leerling; it comes back with the form."""
    per_overstap = {doel.overstap.pk: doel for doel in doelen}.values()
    return [intussen.gezien_nu(doel.overstap, doel.aanmeldingen, o).als_tekst() for doel in per_overstap]


def _doe(
    request: HttpRequest, lijst: Lijst, o: Omgeving, actie: Knop, doelen: Sequence[Doel], terug: str
) -> HttpResponse:
    form = maak_formulier(lijst, o, actie, doelen, request.POST)
    if not form.is_valid():
        return _pagina(request, lijst, o, actie, doelen, [], form, terug)
    gegevens = [{**form.cleaned_data, **_eigen_tekst(actie, form, doel)} for doel in doelen]
    gezien = intussen.lees_gezien(request.POST.getlist("gezien")) or None
    antwoorden = list(zip(doelen, voer_uit(actie, o, doelen, gegevens, gezien), strict=True))
    weigeringen = [(doel, tegen_) for doel, tegen_ in antwoorden if tegen_ is not None]
    gelukt = [doel for doel, tegen_ in antwoorden if tegen_ is None]
    anders = [doel for doel, tegen_ in weigeringen if tegen_.code == intussen.CODE]
    uitslag = {
        "gelukt": len(gelukt),
        "ongewijzigd": sum(w.soort == "geen_wijziging" for _, w in weigeringen),
        "geweigerd": [
            {"naam": met_klas(lijst, o, d), "url": reverse("leerling", args=[d.overstap.pk]), "reden": w.detail}
            for d, w in weigeringen
            if w.soort != "geen_wijziging"
        ],
    }
    context = {
        "actie": actie,
        "uitslag": uitslag,
        "gelukt": [(d.pk, met_klas(lijst, o, d), reverse("leerling", args=[d.overstap.pk])) for d in gelukt],
        "ongedaan": next((a for a in lijst.acties if a.code == actie.ongedaan), None) if gelukt else None,
        "intussen": _intussen(request, lijst, o, actie, anders, gezien or {}) if anders else None,
        "vraag": request.POST.get("vraag", ""),
        "terug": terug,
    }
    return render(request, "schermen/uitslag.html", context)


_VAN_DE_PAGINA = frozenset({"csrfmiddlewaretoken", "kies", "gezien", "actie", "bevestigd", "vraag", "alles", "aantal"})


def _intussen(
    request: HttpRequest, lijst: Lijst, o: Omgeving, actie: Knop, anders: Sequence[Doel],
    gezien: Mapping[uuid.UUID, intussen.Gezien],
) -> dict[str, Any]:  # fmt: skip
    """Who was changed meanwhile and how, and a form that does it after all for who it still can be done for, as it was filled in."""
    nu = _doelen(request, lijst, o, [doel.pk for doel in anders])
    paren = [(d.overstap, [a for a in d.aanmeldingen if ziet_aanmelding(a, o)], gezien.get(d.overstap.pk)) for d in nu]
    zinnen = intussen.wat_er_veranderde(paren, o)
    kan = [doel for doel in nu if tegen(actie, o, doel) is None]
    eigen = {f"tekst_{doel.pk}" for doel in nu}
    velden = [
        (naam, waarde)
        for naam, waarden in request.POST.lists()
        for waarde in waarden
        if naam not in _VAN_DE_PAGINA and (not naam.startswith("tekst_") or naam in eigen)
    ]
    return {
        "rijen": [(met_klas(lijst, o, d), zinnen[d.overstap.pk], request.POST.get(f"tekst_{d.pk}", "")) for d in nu],
        "kan": [doel.pk for doel in kan],
        "gezien": _gezien(o, kan),
        "velden": velden,
    }


def _eigen_tekst(actie: Knop, form: ActieForm, doel: Doel) -> dict[str, str]:
    return {"tekst": form.cleaned_data.get(f"tekst_{doel.pk}", "")} if actie.tekst is not None else {}
