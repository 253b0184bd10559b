"""/opleidingen: the instroom of an mbo per opleiding, who waits longest first. From every figure to exactly its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts import audit
from accounts.rechten import Recht
from overstap.mbo.levering import levering_van
from overstap.mbo.tables import GEEN
from overstap.schermen.filters import te_lang_q
from overstap.schermen.lijst_views import jaren_van
from overstap.schermen.omgeving import Omgeving, OnjuisteVraag, maak_omgeving
from overstap.schermen.paginas import alleen
from statuses.access import vereis
from statuses.models import Aanmelding
from statuses.status import GESTOPT, OPEN, Status

KOLOMMEN: tuple[tuple[str, frozenset[Status]], ...] = (
    ("Aangemeld", frozenset({Status.AANGEMELD})),
    ("Intake", frozenset({Status.INTAKE})),
    ("Voorlopig", frozenset({Status.VOORLOPIG})),
    ("Aangeboden", frozenset({Status.OOK_AFGEDRUKT})),
    ("Definitief", frozenset({Status.DEFINITIEF})),
    ("Gestopt", GESTOPT),
)
_GROEP = ("opleiding", "crebo", "niveau", "leerweg")


@dataclass(frozen=True, slots=True)
class Instroom:
    """One opleiding of the instelling; ``tel`` in the order of KOLOMMEN."""

    opleiding: str
    crebo: str
    niveau: int | None
    leerweg: str
    tel: tuple[int, ...]
    oudste: date | None
    te_lang: int
    dagen: int | None

    @property
    def totaal(self) -> int:
        return sum(self.tel)

    @property
    def vraag(self) -> dict[str, str]:
        """The filters of /leerlingen that give exactly these rows."""
        return {
            "opleiding": self.opleiding,
            "crebo": self.crebo or GEEN,
            "niveau": str(self.niveau or GEEN),
            "vorm": self.leerweg or GEEN,
        }


_Sleutel = Callable[[Instroom], Any]
# Ends in the name, so that the order is the same every time.
SORTERINGEN: dict[str, _Sleutel] = {
    "opleiding": lambda r: (r.opleiding, r.niveau or 0),
    "wacht": lambda r: (r.dagen is None, -(r.dagen or 0), r.opleiding),
    "te_lang": lambda r: (-r.te_lang, r.opleiding),
    "totaal": lambda r: (-r.totaal, r.opleiding),
}


def instroom(o: Omgeving) -> list[Instroom]:
    """Every opleiding with an aanmelding at the own instelling; one statement, and two for what was agreed."""
    tel = {f"n{i}": Count("pk", filter=Q(status__in=sorted(s))) for i, (_, s) in enumerate(KOLOMMEN)}
    rijen = (
        Aanmelding.objects.zichtbaar_voor(o.actor)
        .filter(overstapjaar=o.jaar)
        .order_by()
        .values(*_GROEP)
        .annotate(
            **tel, oudste=Min("status_datum", filter=Q(status__in=sorted(OPEN))),
            te_lang=Count("pk", filter=te_lang_q(o)),
        )
    )  # fmt: skip
    return [
        Instroom(
            rij["opleiding"],
            rij["crebo"],
            rij["niveau"],
            rij["leerweg"],
            tuple(rij[f"n{i}"] for i in range(len(KOLOMMEN))),
            rij["oudste"],
            rij["te_lang"],
            (o.dag - rij["oudste"]).days if rij["oudste"] else None,
        )
        for rij in rijen
    ]


@alleen("GET")
def toon(request: HttpRequest) -> HttpResponse:
    """The page."""
    actor = vereis(request, Recht.LEERLINGEN_ZIEN)  # type: ignore[arg-type]
    o = maak_omgeving(actor, request.GET)
    gevraagd = request.GET.get("sorteer") or "wacht"
    if gevraagd not in SORTERINGEN:
        raise OnjuisteVraag(f"Sorteren kan op: {', '.join(SORTERINGEN)}.")
    rijen = sorted(instroom(o), key=SORTERINGEN[gevraagd])
    audit.log(actor, "opleidingen.zien", object_soort="opleiding", aantal=len(rijen))
    context = {
        "o": o,
        "kolommen": _koppen(gevraagd, request.GET.get("jaar", "")),
        "rijen": [_rij(rij, o, request.GET.get("jaar", "")) for rij in rijen],
        "totaal": sum(rij.totaal for rij in rijen),
        "te_lang": sum(rij.te_lang for rij in rijen),
        "te_lang_url": _url({"over_tijd": "ja"}, request.GET.get("jaar", "")),
        "lijst_url": _url({}, request.GET.get("jaar", "")),
        "levering": levering_van(o),
        "mag_nieuw": actor.mag(Recht.AANMELDING_WIJZIGEN),
        "jaren": jaren_van(o, reverse("opleidingen")),
    }
    return render(request, "mbo/opleidingen.html", context)


def _url(vraag: dict[str, str], jaar: str) -> str:
    alles = {**vraag, **({"jaar": jaar} if jaar else {})}
    return f"{reverse('leerlingen')}?{urlencode(alles)}" if alles else reverse("leerlingen")


def _koppen(nu: str, jaar: str) -> list[dict[str, Any]]:
    def kop(sleutel: str, naam: str, **rest: Any) -> dict[str, Any]:
        deel = urlencode({"sorteer": sleutel, **({"jaar": jaar} if jaar else {})})
        richting = ("op" if sleutel == "opleiding" else "af") if sleutel == nu else ""
        return {"naam": naam, "url": f"{reverse('opleidingen')}?{deel}", "richting": richting, **rest}

    return [
        kop("opleiding", "Opleiding"),
        *({"naam": naam, "getal": True} for naam, _ in KOLOMMEN),
        kop("totaal", "Alle", getal=True),
        kop("wacht", "Wacht het langst", getal=True),
        kop("te_lang", "Te lang", getal=True),
    ]


def _rij(rij: Instroom, o: Omgeving, jaar: str) -> dict[str, Any]:
    cellen = [
        (n, _url({**rij.vraag, "status": ",".join(s.code for s in sorted(statussen))}, jaar) if n else "", naam)
        for n, (naam, statussen) in zip(rij.tel, KOLOMMEN, strict=True)
    ]
    delen = [rij.crebo, f"niveau {rij.niveau}" if rij.niveau else "", rij.leerweg.upper()]
    return {
        "naam": rij.opleiding,
        "klein": " · ".join(d for d in delen if d),
        "url": _url(rij.vraag, jaar),
        "cellen": cellen,
        "totaal": rij.totaal,
        "dagen": rij.dagen,
        "te_lang": rij.te_lang,
        "te_lang_url": _url({**rij.vraag, "over_tijd": "ja"}, jaar),
    }
