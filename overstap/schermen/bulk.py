"""One action for many rows of a list: choose, fill in once (or once per leerling), and a result per leerling.

Two posts to one address. The first names the action and the rows and gives the form; the second, with ``bevestigd``, does it.
Every row is judged on its own by statuses.actions: a refusal leaves the others.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from accounts import audit
from accounts.rechten import Recht
from overstap.schermen import intussen
from overstap.schermen.acties import ActieForm, Doel, Knop, tegen, voer_uit
from overstap.schermen.blad import Selectie
from overstap.schermen.daden import doelen_van
from overstap.schermen.formulier import HOOGSTENS_TEKSTEN, gegevens_van, maak_formulier, met_klas
from overstap.schermen.lijst import Lijst, lees_vraag
from overstap.schermen.omgeving import Omgeving, OnjuisteVraag, maak_omgeving
from overstap.schermen.paginas import View, alleen
from overstap.schermen.verloop import ziet_aanmelding
from overstap.schermen.zoekterm import zoekterm
from statuses.access import NIET_GEVONDEN, vereis
from statuses.beoordelen import Geweigerd

HOOGSTENS = 2500  # rows in one act
NOEM = 20  # names on the page that says what changed


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
        try:
            ids = _gekozen(request, lijst, o, vraag)
        except IntussenVeranderd as fout:
            return _veranderd(request, lijst, o, actie, fout, terug)
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


class IntussenVeranderd(Exception):
    """The rows of the filter are not those that the viewer agreed to: what changed, for a page that says so."""

    def __init__(self, zin: str, erbij: Sequence[uuid.UUID] = (), eraf: Sequence[uuid.UUID] = ()) -> None:
        super().__init__(zin)
        self.erbij, self.eraf = erbij, eraf


def _gekozen(request: HttpRequest, lijst: Lijst, o: Omgeving, vraag: QueryDict) -> list[uuid.UUID]:
    """The chosen ids; with "all of this filter" only while it still holds the rows that the viewer saw."""
    if not request.POST.get("alles"):
        return _hoogstens(_ids(request, "kies"))
    selectie = Selectie(lijst, o, lees_vraag(lijst, o, vraag, zoekterm(request, o.actor)))
    ids = _hoogstens(selectie.ids(HOOGSTENS + 1))
    if request.POST.get("bevestigd"):
        gekozen = _ids(request, "kies")
        gezien, nu = {*gekozen, *_ids(request, "niet")}, set(ids)
        if gezien != nu:
            zin = f"Het filter gaf eerst {len(gezien)} {_eenheid(lijst, len(gezien))} en nu {len(nu)}."
            raise IntussenVeranderd(zin, sorted(nu - gezien), sorted(gezien - nu))
        return gekozen
    verwacht = request.POST.get("aantal", "")
    if verwacht != str(len(ids)):
        raise IntussenVeranderd(f"Het filter gaf eerst {verwacht or 'geen'} {lijst.eenheid[1]} en nu {len(ids)}.")
    if request.POST.get("afdruk", "") != selectie.afdruk():
        raise IntussenVeranderd(
            f"Het filter geeft nog steeds {len(ids)} {_eenheid(lijst, len(ids))}, maar het zijn niet meer dezelfde."
        )
    return ids


def _ids(request: HttpRequest, naam: str) -> list[uuid.UUID]:
    """A checkbox per row, or all in one field: a form of thousands of fields is refused."""
    geschreven = (w for regel in request.POST.getlist(naam) for w in regel.split(",") if w)
    try:
        return list(dict.fromkeys(uuid.UUID(w) for w in geschreven))
    except ValueError as fout:
        raise OnjuisteVraag("Een van de gekozen rijen bestaat niet. Ga terug naar de lijst en kies opnieuw.") from fout


def _hoogstens(ids: list[uuid.UUID]) -> list[uuid.UUID]:
    if len(ids) > HOOGSTENS:
        raise OnjuisteVraag(f"U kunt hoogstens {HOOGSTENS} leerlingen tegelijk kiezen. Maak het filter smaller.")
    return ids


def _eenheid(lijst: Lijst, aantal: int) -> str:
    return lijst.eenheid[0] if aantal == 1 else lijst.eenheid[1]


def _veranderd(
    request: HttpRequest, lijst: Lijst, o: Omgeving, actie: Knop, fout: IntussenVeranderd, terug: str
) -> HttpResponse:
    """What changed since the viewer looked; nothing was done."""
    rijen = {rij.pk: rij for rij in lijst.rijen(o).filter(pk__in=[*fout.erbij[:NOEM], *fout.eraf[:NOEM]])}
    context = {
        "actie": actie,
        "zin": str(fout),
        "terug": terug,
        "groepen": [
            (kop, [lijst.naam(rijen[pk], o) for pk in ids[:NOEM] if pk in rijen], max(len(ids) - NOEM, 0))
            for kop, ids in (("Erbij gekomen", fout.erbij), ("Staat er niet meer in", fout.eraf))
            if ids
        ],
    }
    overstappen = [lijst.overstap(rij) for rij in rijen.values()]
    if overstappen:
        audit.log(
            o.actor, "lijst.zien", leerlingen=sorted({(ov.regio_id, ov.leerling_id) for ov in overstappen}),
            object_soort=lijst.pagina, doel="veranderd",
        )  # fmt: skip
    return render(request, "schermen/veranderd.html", context, status=409)


def _doelen(request: HttpRequest, lijst: Lijst, o: Omgeving, ids: Sequence[uuid.UUID]) -> list[Doel]:
    """The rows behind the ids; one that is not visible gives 404 for all, as a single address would. Three queries."""
    rijen = list(lijst.rijen(o).filter(pk__in=ids).order_by(*lijst.naam_orde, "pk"))
    if len(rijen) != len(ids):
        request.weigering = audit.Weigering("bulk", "overstap", "", "404")  # type: ignore[attr-defined]
        raise Http404(NIET_GEVONDEN)
    return doelen_van(lijst, rijen, o)


def _samen(doelen: Sequence[Doel]) -> str:
    return ",".join(str(doel.pk) for doel in doelen)


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
    if actie.tekst is not None and actie.tekst_verplicht and len(kan) > HOOGSTENS_TEKSTEN:
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
        "kan": [met_klas(lijst, o, doel) for doel in kan],
        "kies": _samen(kan),
        # With "all of this filter" also who it can not be done for: then the second step knows what was seen.
        "alles": bool(request.POST.get("alles")),
        "niet_ids": _samen([doel for doel, _ in niet]) or request.POST.get("niet", ""),
        "niet": [(met_klas(lijst, o, doel), reden.detail) for doel, reden in niet],
        "eenheid": _eenheid(lijst, len(kan)),
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
    gegevens = [gegevens_van(form, doel) for doel in doelen]
    gezien = intussen.lees_gezien(request.POST.getlist("gezien"))
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
        "gelukt": [(met_klas(lijst, o, d), reverse("leerling", args=[d.overstap.pk])) for d in gelukt],
        "kies": _samen(gelukt),
        "ongedaan": next((a for a in lijst.acties if a.code == actie.ongedaan), None) if gelukt else None,
        "intussen": _intussen(request, lijst, o, actie, anders, gezien) if anders else None,
        "vraag": request.POST.get("vraag", ""),
        "terug": terug,
    }
    return render(request, "schermen/uitslag.html", context)


_VAN_DE_PAGINA = frozenset(
    {"csrfmiddlewaretoken", "kies", "niet", "gezien", "actie", "bevestigd", "vraag", "alles", "aantal", "afdruk"}
)


def _intussen(
    request: HttpRequest, lijst: Lijst, o: Omgeving, actie: Knop, anders: Sequence[Doel],
    gezien: Mapping[uuid.UUID, intussen.Gezien],
) -> dict[str, Any]:  # fmt: skip
    """Who was changed meanwhile and how, and a form that does it after all for who it still can be done for, as it was filled in."""
    nu = _doelen(request, lijst, o, [doel.pk for doel in anders])
    paren = [(d.overstap, [a for a in d.aanmeldingen if ziet_aanmelding(a, o)], gezien.get(d.overstap.pk)) for d in nu]
    zinnen = intussen.wat_er_veranderde(paren, o)
    kan = [doel for doel in nu if tegen(actie, o, doel) is None]
    eigen = {f"{soort}_{deel}" for soort in ("tekst", "school") for deel in ("allen", *(doel.pk for doel in nu))}
    velden = [
        (naam, waarde)
        for naam, waarden in request.POST.lists()
        for waarde in waarden
        if naam not in _VAN_DE_PAGINA and (not naam.startswith(("tekst_", "school_")) or naam in eigen)
    ]
    return {
        "rijen": [(met_klas(lijst, o, d), zinnen[d.overstap.pk], request.POST.get(f"tekst_{d.pk}", "")) for d in nu],
        "kan": [doel.pk for doel in kan],
        "gezien": _gezien(o, kan),
        "velden": velden,
    }
