"""The page of a list: read the address, cut the page, log the look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from accounts import audit
from accounts.rechten import Recht
from overstap.schermen.acties import Knop
from overstap.schermen.blad import Blad, maak_blad
from overstap.schermen.cellen import Daad, Kolom, Rij
from overstap.schermen.daden import daden_van
from overstap.schermen.lijst import GROOTTES, Lijst, Vraag, lees_vraag, preset_params, rij_url
from overstap.schermen.omgeving import Omgeving, maak_omgeving
from overstap.schermen.paginas import View, alleen
from overstap.schermen.zoekterm import bewaar, zoekterm
from statuses.access import vereis
from statuses.models import Aanmelding
from statuses.status import Status
from statuses.termijnen import jaar_naam
from statuses.werklijsten import PER_ID


def lijst_van(lijst: Lijst) -> View:
    """The view of a list."""

    @alleen("GET")
    def toon(request: HttpRequest) -> HttpResponse:
        actor = vereis(request, Recht.LEERLINGEN_ZIEN)  # type: ignore[arg-type]
        o = maak_omgeving(actor, request.GET)
        vraag = lees_vraag(lijst, o, request.GET, zoekterm(request, actor))
        blad = maak_blad(lijst, o, vraag)
        log_blik(lijst, o, vraag, blad.rijen)
        context = lijst_context(lijst, o, vraag, blad, zoekterm(request, actor))
        deel = request.headers.get("HX-Target") == "lijst" and "HX-History-Restore-Request" not in request.headers
        antwoord = render(
            request, "schermen/_lijst.html" if deel else "schermen/lijst.html", {**context, "deel_alleen": deel}
        )
        patch_vary_headers(antwoord, ["HX-Target"])
        return antwoord

    return toon


@alleen("POST")
def zoek(request: HttpRequest) -> HttpResponse:
    """A name goes into the session and not into an address: addresses end up in logs."""
    actor = vereis(request, Recht.LEERLINGEN_ZIEN)  # type: ignore[arg-type]
    term = request.POST.get("term", "").strip()[:60].replace("\x00", "")
    bewaar(request, actor, term)
    vraag = request.GET.copy()
    for weg in ("na", "voor", "zoek"):
        vraag.pop(weg, None)
    if term:
        vraag["zoek"] = "ja"
    return HttpResponseRedirect(f"{reverse('leerlingen')}?{vraag.urlencode()}")


def log_blik(lijst: Lijst, o: Omgeving, vraag: Vraag, rijen: Sequence[Any], hoe: str = "") -> None:
    """One line with its leerlingen. The filters go along, a name that was searched for does not."""
    details = {n: w for n, w in vraag.tekst.items() if n not in ("zoek", "sorteer", "per")}
    if "zoek" in vraag.tekst:
        details["zoek"] = "ja"
    if hoe:
        details["hoe"] = hoe
    overstappen = [lijst.overstap(rij) for rij in rijen]
    personen = {(ov.regio_id, ov.leerling_id) for ov in overstappen}
    audit.log(
        o.actor, "lijst.zien", leerlingen=sorted(personen), object_soort=lijst.pagina,
        doel=vraag.tekst.get("stap", ""), details=details, aantal=len(personen),
    )  # fmt: skip


def lijst_context(lijst: Lijst, o: Omgeving, vraag: Vraag, blad: Blad, term: str = "") -> dict[str, Any]:
    """All that templates/schermen/lijst.html shows."""
    pad = reverse(lijst.pagina)
    kolommen = lijst.zichtbare_kolommen(o)
    deel = vraag.url_deel()
    eenheid = lijst.eenheid[0] if blad.totaal == 1 else lijst.eenheid[1]
    stap = PER_ID.get(vraag.tekst.get("stap", ""))
    # With where the page begins: who comes back from a leerling or an act stands at the same rows.
    plaats = vraag.url_deel(**vraag.plaats()) or f"jaar={o.jaar_naam}"
    daden = daden_van(lijst, o, stap, blad.rijen, plaats)
    return {
        "lijst": lijst,
        "o": o,
        "titel": lijst.titel,
        "kop": lijst.kop(o, vraag),
        "stap": stap,
        "bijschrift": f"{intcomma(blad.totaal)} {eenheid}",
        "totaal": blad.totaal,
        "deel": deel,
        "chips": _chips(lijst, vraag, blad, pad),
        "keuzes": _keuzes(lijst, o, vraag, blad),
        "verborgen": [(n, w) for n, w in vraag.tekst.items() if n in _blijft(lijst, vraag)],
        "zoekterm": term if vraag.tekst.get("zoek") == "ja" else vraag.tekst.get("zoek", ""),
        "kan_zoeken": any(f.naam == "zoek" for f in lijst.zichtbare_filters(o)),
        "zonder_zoek": f"{pad}?{vraag.url_deel(zoek=None)}",
        "gefilterd": bool(set(vraag.tekst) - {"sorteer", "per", "jaar"}),
        "wis_url": f"{pad}?jaar={o.jaar_naam}" if "jaar" in vraag.tekst else pad,
        "kolommen": [*_koppen(lijst, o, vraag, pad), *([_KOP_DAAD] if daden else [])],
        "afdruk": blad.afdruk,
        "plaats": plaats,
        "excel_url": reverse("leerlingen-excel"),
        "afdruk_url": f"{reverse('leerlingen-afdruk')}?{deel or f'jaar={o.jaar_naam}'}",
        "rijen": [maak_rij(lijst, o, rij, kolommen, plaats, daden) for rij in blad.rijen],
        "met_daad": bool(daden),
        "kan_excel": o.actor.mag(Recht.EXPORTEREN),
        "acties": [
            {"naam": a.knop, "waarde": a.code, "soort": a.soort}
            for a in _passend(bulk_acties(lijst, o, vraag), vraag, blad)
        ],
        "jaren": jaren_van(o, pad, vraag),
        **_bladeren(vraag, blad, pad),
    }


def bulk_acties(lijst: Lijst, o: Omgeving, vraag: Vraag) -> list[Knop]:
    """The actions of the bar: what the role may do with these rows while the jaar is open.

    In a list of leerlingen that are not marked there is one thing to do, and with marked ones that thing is done.
    """
    if o.dag > o.kalender["einde_leerplichtspoor"]:
        return []
    presets = preset_params(lijst, vraag.tekst)
    stap = PER_ID.get(presets.get("stap", ""))
    ongemarkeerd = presets.get("gemarkeerd") == "nee" or (stap is not None and not stap.gemarkeerd)
    mag = [a for a in lijst.acties if a.bulk and a.balk and a.kan_ooit(o)]
    return [a for a in mag if a.voor_ongemarkeerd == ongemarkeerd]


def _passend(acties: Sequence[Knop], vraag: Vraag, blad: Blad) -> Sequence[Knop]:
    """In a list of aanmeldingen of some statussen only the acts that fit one of those: no button that every row refuses."""
    statussen = {Status(rij.status) for rij in blad.rijen if isinstance(rij, Aanmelding)}
    if "status" in vraag.waarden:
        statussen = set(vraag.waarden["status"])
    elif "stap" not in vraag.waarden and len(blad.rijen) < blad.totaal:
        return acties  # what stands on the other pages is not known
    return [a for a in acties if a.van is None or a.van & statussen]


_KOP_DAAD = {"naam": "Doen", "verborgen": True}


def maak_rij(
    lijst: Lijst, o: Omgeving, rij: Any, kolommen: Sequence[Kolom], plaats: str, daden: Mapping[Any, Daad]
) -> Rij:
    cellen = tuple(k.cel(rij, o) for k in kolommen)
    return Rij(rij.pk, lijst.naam(rij, o), rij_url(lijst, rij, plaats), cellen, daden.get(rij.pk))


def _chips(lijst: Lijst, vraag: Vraag, blad: Blad, pad: str) -> list[dict[str, Any]]:
    presets = {f.naam: None for f in lijst.filters if f.preset}
    nu = preset_params(lijst, vraag.tekst)
    uit = []
    for chip, aantal in zip(lijst.chips, blad.chips, strict=True):
        url = f"{pad}?{vraag.url_deel(**{**presets, 'sorteer': None, **chip.params})}"
        uit.append({"naam": chip.naam, "url": url, "aantal": aantal, "actief": preset_params(lijst, chip.params) == nu})
    stap = PER_ID.get(vraag.tekst.get("stap", ""))
    if stap is not None:
        uit.insert(0, {"naam": stap.naam, "url": f"{pad}?{vraag.url_deel()}", "aantal": blad.totaal, "actief": True})
    return uit


def _keuzes(lijst: Lijst, o: Omgeving, vraag: Vraag, blad: Blad) -> list[dict[str, Any]]:
    uit = []
    for f in lijst.zichtbare_filters(o):
        if f.keuzes is None:
            continue
        keuzes, nu = f.keuzes(blad.cijfers), vraag.tekst.get(f.naam, "")
        if nu and nu not in [w for w, _ in keuzes]:
            keuzes = [*keuzes, (nu, nu)]
        if len(keuzes) > 1 or nu:
            uit.append({"naam": f.naam, "label": f.label, "keuzes": keuzes, "nu": nu})
    return uit


def _blijft(lijst: Lijst, vraag: Vraag) -> set[str]:
    """What the form of choices sends along as it is."""
    return set(vraag.tekst) - {f.naam for f in lijst.filters if f.keuzes is not None}


def _koppen(lijst: Lijst, o: Omgeving, vraag: Vraag, pad: str) -> list[dict[str, Any]]:
    uit: list[dict[str, Any]] = []
    for k in lijst.zichtbare_kolommen(o):
        nu = vraag.sorteer == k.sleutel
        # A second click on the same column turns it around.
        af = (not vraag.af) if nu else k.eerst_af
        url = f"{pad}?{vraag.url_deel(sorteer=('-' if af else '') + k.sleutel)}" if k.orde else ""
        richting = ("af" if vraag.af else "op") if nu else ""
        uit.append({"naam": k.naam, "url": url, "richting": richting, "getal": k.getal})
    return uit


def _bladeren(vraag: Vraag, blad: Blad, pad: str) -> dict[str, Any]:
    eind = blad.begin + len(blad.rijen)
    volgende = vorige = None
    if blad.rijen and not blad.is_laatste:
        volgende = f"{pad}?{vraag.url_deel(na=str(blad.rijen[-1].pk))}"
    if blad.rijen and not blad.is_eerste:
        vorige = f"{pad}?{vraag.url_deel(voor=str(blad.rijen[0].pk))}"
    groottes = [
        {"naam": str(g), "url": f"{pad}?{vraag.url_deel(per=str(g))}", "actief": g == vraag.per} for g in GROOTTES
    ]
    return {
        "vorige": vorige,
        "volgende": volgende,
        "paginatekst": _paginatekst(blad.begin + 1, eind, blad.totaal) if blad.rijen else "",
        "groottes": groottes if blad.totaal > GROOTTES[0] else [],
    }


def jaren_van(o: Omgeving, pad: str, vraag: Vraag | None = None) -> list[dict[str, Any]]:
    """The jaar switch, where two are open or another one is shown; the filters of a list stay."""
    jaren = sorted({*o.jaren, o.jaar}, reverse=True)
    if len(jaren) < 2:
        return []
    delen = {j: vraag.url_deel(jaar=jaar_naam(j)) if vraag else f"jaar={jaar_naam(j)}" for j in jaren}
    return [{"naam": jaar_naam(j), "url": f"{pad}?{delen[j]}", "actief": j == o.jaar} for j in jaren]


def _paginatekst(begin: int, eind: int, totaal: int) -> str:
    """Which rows of how many: one row is not "1 tot 1"."""
    van = f"{intcomma(eind)} van {intcomma(totaal)}"
    return van if begin == eind else f"{intcomma(begin)} tot {van}"
