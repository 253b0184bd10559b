"""/vva of a decaan: of each leerling how far the melding is, why, and what to do; and the confirmation where the school wants one."""

from __future__ import annotations

import uuid
from collections import Counter
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.actor import Actor
from accounts.rechten import Recht
from accounts.scope import OverstapRequest, sleutel
from overstap.basis import klok
from statuses.access import vereis
from statuses.models import Overstap
from statuses.termijnen import Kalender, gekozen_jaar, jaar_naam, nieuwste_jaar
from vva_berichten import bevestigen, meldstand
from vva_berichten.bulkmelding import regio_kalender
from vva_berichten.geschikt import Meldstand, Oordeel, melden_kan

# The chips in their order. "vraag" holds the reported ones too and "klaar" the refused ones that can be confirmed here, so that each
# is the whole of what can be done there; VO2g leads to "open".
CHIPS: dict[str, str] = {
    "klaar": "Klaar om te melden",
    "vraag": "Mbo: ja of nee?",
    "geweigerd": "Geweigerd",
    "nog_niet": "Gaat vanzelf",
    "gemeld": "Gemeld",
    "niet": "Hoeft niet",
}
STAND_IN_WOORDEN: dict[Meldstand, str] = {
    Meldstand.GEMELD: "Gemeld",
    Meldstand.GEWEIGERD: "Geweigerd",
    Meldstand.VRAAG: "Nog niet gemeld",
    Meldstand.KLAAR: "Klaar om te melden",
    Meldstand.NOG_NIET: "Nog niet gemeld",
    Meldstand.NIET: "Hoeft niet",
}
PER_PAGINA = 100


def _rijen(actor: Actor, jaar: int, om: meldstand.Omgeving) -> list[meldstand.Rij]:
    """All marked leerlingen of this decaan, judged now by the rules that send. Two queries."""
    overstappen = (
        Overstap.objects.zichtbaar_voor(actor)
        .gemarkeerd()
        .van_jaar(jaar)
        .select_related("leerling__gemeente", "vestiging__organisatie")
        .order_by("leerling__zoeknaam", "id")
    )
    return meldstand.leg_uit(overstappen, om)


def hoort_bij(rij: meldstand.Rij, keuze: str) -> bool:
    """Whether a row stands under this chip."""
    if keuze == "vraag":
        return rij.uitleg.vraag
    if keuze == "klaar":
        return rij.uitleg.te_bevestigen
    if keuze == "open":
        return rij.uitleg.oordeel == Oordeel.JA and rij.uitleg.stand != Meldstand.GEMELD
    return keuze not in CHIPS or rij.uitleg.stand == keuze


def decaan(request: OverstapRequest, actor: Actor) -> HttpResponse:
    jaar = lees_jaar(request)
    k = regio_kalender(actor.regio, jaar)
    om = meldstand.omgeving(actor.regios, k)
    alle = _rijen(actor, jaar, om)
    keuze = "open" if request.GET.get("stap") == "VO2g" else request.GET.get("stand", "")
    gekozen = [r for r in alle if hoort_bij(r, keuze)]
    begin = lees_getal(request, "vanaf") or 0
    deel = gekozen[begin : begin + PER_PAGINA]
    gezien = [(r.overstap.regio_id, r.overstap.leerling_id) for r in deel]
    if gezien:
        audit.log(actor, "vva.mbo_gangers_bekeken", object_soort="vva", leerlingen=gezien)
    tellingen = Counter(r.uitleg.stand.value for r in alle)
    tellingen["vraag"] = sum(r.uitleg.vraag for r in alle)
    tellingen["klaar"] = sum(r.uitleg.te_bevestigen for r in alle)
    tellingen["open"] = sum(hoort_bij(r, "open") for r in alle)
    te_melden = [r for r in deel if r.uitleg.te_bevestigen]
    context = {
        "rijen": [_toon(r) for r in deel],
        "totaal": len(gekozen),
        "bijschrift": f"{_leerlingen(len(gekozen))} en hun melding",
        "tellingen": tellingen,
        "nog_niet": tellingen["open"],
        "chips": _chips(keuze, jaar, len(alle), tellingen),
        "dagen": (k["mbo_gangers_tot"] - klok.vandaag()).days,
        "uiterlijk": k["mbo_gangers_tot"],
        "begint": k["mbo_gangers_vanaf"],
        "nog_niet_begonnen": klok.vandaag() < k["mbo_gangers_vanaf"],
        "kan_nog": melden_kan(klok.vandaag(), k),
        "bevestigt": any(r.overstap.vestiging.code in om.bevestigen for r in alle),
        "alle_knop": f"Meld alle {tellingen['klaar']} die klaarstaan",
        "knoppen": [{"naam": "Meld de gekozen leerlingen", "waarde": "melden", "soort": "eerst"}],
        "jaar": jaar_naam(jaar),
        "te_kiezen": bool(te_melden),
        "kolommen": [
            {"naam": n} for n in ("Leerling", "Klas", "Woongemeente", "Melding", "Waarom", "Wat moet er gebeuren")
        ],
        "vorige": url(keuze, jaar, max(0, begin - PER_PAGINA)) if begin else "",
        "volgende": url(keuze, jaar, begin + PER_PAGINA) if begin + PER_PAGINA < len(gekozen) else "",
    }
    return render(request, "vva/decaan.html", context)


@require_POST
def melden(request: OverstapRequest) -> HttpResponse:
    """The chosen leerlingen (or all that stand ready) go out: first how many and until when, then the act."""
    actor = vereis(request, Recht.VVA_MELDEN)
    jaar = lees_jaar(request)
    k = regio_kalender(actor.regio, jaar)
    alle = request.POST.get("alle") == "ja"
    ids = None if alle else _ids(request)
    terug = url("klaar", jaar)
    klaar = bevestigen.klaar(actor, jaar)
    aantal = (klaar if ids is None else klaar.filter(pk__in=sorted(ids))).count()
    try:
        bevestigen.termijn(k)
        if not aantal:
            raise bevestigen.TeVroeg("Kies eerst leerlingen die klaarstaan om te melden.")
        if request.POST.get("zeker") == str(aantal):
            gemeld = bevestigen.confirm_mbo_gangers(ids, actor=actor, overstapjaar=jaar, k=k)
            messages.success(request, f"{_leerlingen(gemeld)} gemeld aan de woongemeente.")
            return HttpResponseRedirect(terug)
    except bevestigen.TeVroeg as fout:
        messages.error(request, str(fout))
        return HttpResponseRedirect(terug)
    return render(
        request, "componenten/bevestigen.html", _vraag(aantal, ids, jaar, k, terug, opnieuw="zeker" in request.POST)
    )


def _vraag(
    aantal: int, ids: set[uuid.UUID] | None, jaar: int, k: Kalender, terug: str, *, opnieuw: bool
) -> dict[str, object]:
    dagen = (k["mbo_gangers_tot"] - klok.vandaag()).days
    uiterlijk = f"{k['mbo_gangers_tot']:%d-%m-%Y}"
    termijn = (
        f"Melden kan tot en met {uiterlijk}: nog {dagen} {'dag' if dagen == 1 else 'dagen'}."
        if dagen >= 0
        else f"De termijn liep tot en met {uiterlijk}. De gemeente krijgt de melding met een waarschuwing dat zij laat is."
    )
    gekozen = [("alle", "ja")] if ids is None else [("kies", str(pk)) for pk in sorted(ids)]
    return {
        "titel": f"{_leerlingen(aantal)} melden",
        "uitleg": "De woongemeente krijgt van elke leerling het bericht dat die waarschijnlijk naar het mbo gaat.",
        "punten": [
            termijn,
            "In het bericht staan het nummer van de leerling, de school en het studiejaar. Geen naam en geen adres.",
            "Klopt het later niet meer? Dan trekken we de melding vanzelf in.",
        ],
        "waarschuwing": "Intussen staan er meer of minder leerlingen klaar. Kijk het aantal na." if opnieuw else "",
        "knop": f"Meld {_leerlingen(aantal)}",
        "actie_url": reverse("vva-melden"),
        "terug_url": terug,
        "verborgen": [*gekozen, ("jaar", jaar_naam(jaar)), ("zeker", str(aantal))],
    }


def _leerlingen(aantal: int) -> str:
    return f"{aantal} leerling" if aantal == 1 else f"{aantal} leerlingen"


def _ids(request: HttpRequest) -> set[uuid.UUID]:
    """The ticked ones; what is no id is as if it was not ticked."""
    return {pk for tekst in request.POST.getlist("kies") if (pk := sleutel(tekst)) is not None}


def _toon(rij: meldstand.Rij) -> dict[str, object]:
    """A row for the template; where a question is open the link to the form that answers it."""
    o, u = rij.overstap, rij.uitleg
    stand = STAND_IN_WOORDEN[u.stand]
    if u.stand == Meldstand.GEMELD and o.mbo_ganger_gemeld_op:
        stand = f"Gemeld op {date_format(o.mbo_ganger_gemeld_op, 'j F Y')}"
    return {
        "overstap": o,
        "stand": stand,
        "waarom": u.waarom,
        "te_doen": u.te_doen,
        "klaar": u.te_bevestigen,
        "vraag": u.vraag,
    }


def _chips(keuze: str, jaar: int, totaal: int, tellingen: Counter[str]) -> list[dict[str, object]]:
    """Only those with somebody in it, beside the chosen one and the two that always say something."""
    uit: list[dict[str, object]] = [
        {"naam": "Alle", "url": url("", jaar), "aantal": totaal, "actief": keuze not in (*CHIPS, "open")}
    ]
    if keuze == "open":
        uit.append(
            {
                "naam": "Nog niet gemeld",
                "url": url("open", jaar),
                "aantal": tellingen["open"],
                "actief": True,
            }
        )
    for code, naam in CHIPS.items():
        if tellingen[code] or keuze == code or code in ("gemeld", "niet"):
            uit.append({"naam": naam, "url": url(code, jaar), "aantal": tellingen[code], "actief": keuze == code})
    return uit


def url(stand: str, jaar: int, vanaf: int = 0) -> str:
    """The page with one chip chosen."""
    vraag = {
        "stand": stand,
        "vanaf": str(vanaf) if vanaf else "",
        "jaar": "" if jaar == nieuwste_jaar(klok.vandaag()) else jaar_naam(jaar),
    }
    tekst = urlencode({k: v for k, v in vraag.items() if v})
    return reverse("vva") + (f"?{tekst}" if tekst else "")


def lees_jaar(request: HttpRequest) -> int:
    """The jaar of the address or form when it is open, else the newest one."""
    return gekozen_jaar(request.POST.get("jaar") or request.GET.get("jaar"), klok.vandaag())


def lees_getal(request: HttpRequest, naam: str) -> int | None:
    """A number from the address; anything else is as if it was not there."""
    waarde = request.GET.get(naam, "")
    return int(waarde) if waarde.isascii() and waarde.isdigit() and len(waarde) < 16 else None
