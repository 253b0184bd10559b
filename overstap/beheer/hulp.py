"""The help page: the statussen, who may change what, and who sees what, all from the tables that the system itself obeys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.actor import Actor
from accounts.instellingen import van
from accounts.models import Regio
from accounts.rechten import ROL_LABELS, Rol
from overstap.basis import klok
from overstap.beheer.kalender import NAMEN
from overstap.beheer.sectie import in_woorden
from statuses.overgangen import OVERGANGEN, Eis, Overgang, Via
from statuses.status import STATUSSEN, Spoor, Status
from statuses.termijnen import Kalender, jaar_naam, kalender, kalender_van, open_jaren
from statuses.waarom import LABELS, ZINNEN
from statuses.werklijsten import stappen_van
from statuses.zichtbaarheid import VELDEN, Veld

SPOREN: dict[Spoor, str] = {
    Spoor.MARKERING: "Aanvinken als overstapper",
    Spoor.VO: "Vervolgkeuze van de school",
    Spoor.LEERPLICHT: "Leerplicht",
    Spoor.AANMELDING: "Aanmelding bij het mbo",
}
_NIETS: dict[Spoor, str] = {
    Spoor.MARKERING: "niet aangevinkt",
    Spoor.VO: "geen vervolgkeuze",
    Spoor.LEERPLICHT: "niet bij leerplicht",
    Spoor.AANMELDING: "geen aanmelding",
}
NODIG: dict[Eis, str] = {
    Eis.REDEN: "een reden uit de lijst",
    Eis.REDEN_TENZIJ_FEED: "een reden uit de lijst",
    Eis.REDEN_CORRECTIE: "een correctie, met uitleg",
    Eis.CORRECTIE_IN_FEED: "een correctie, met uitleg",
    Eis.ZEKERHEID: "verwacht of zeker",
    Eis.NAAR_MBO: "naar een mbo, ja of nee, als de reden dat niet zegt",
    Eis.TOELICHTING: "een toelichting; bij bezwaar of zonder toestemming juist geen",
    Eis.TOELICHTING_ZONDER_AANLEIDING: "een toelichting, als er geen andere aanleiding is",
    Eis.AFSPRAAK: "de afspraak die is gemaakt",
    Eis.KANS_BEVESTIGD: "bij havo en vwo: een bevestigde hoge kans op een overstap",
    Eis.GEEN_AANMELDING_OPEN: "geen open aanmelding",
    Eis.LEERPLICHT_NIET_BEZIG: "leerplicht is niet bezig",
    Eis.VOOR_BEGINSTAND_OF_MANAGER: "na de beginstand alleen de manager vo",
    Eis.ANDERE_BIJ_DIT_MBO: "een andere aanmelding bij dezelfde instelling loopt door",
    Eis.VOOR_START_MBO: "voor de start van het mbo",
    Eis.REDEN_VOOROPLEIDING: "de reden is de vooropleiding",
    Eis.OPLEIDING: "de opleiding",
}
GEGEVENS: dict[Veld, str] = {
    Veld.NAAM: "Naam",
    Veld.GEBOORTEDATUM: "Geboortedatum",
    Veld.WOONGEMEENTE: "Woongemeente",
    Veld.LEIDENDE_STATUS: "Leidende status",
    Veld.SPOREN: "Vervolgkeuze en leerplicht",
    Veld.EIGEN_AANMELDINGEN: "Aanmeldingen bij de eigen instelling",
    Veld.ALLE_AANMELDINGEN: "Alle aanmeldingen",
    Veld.MBO_NAAM: "Naam van het mbo",
    Veld.OPLEIDING: "Opleiding",
    Veld.REDEN: "Reden van afmelden, afwijzen of vervolgkeuze",
    Veld.REDEN_TEKST: "Tekst bij een reden",
    Veld.LP_TEKST: "Teksten van leerplicht",
    Veld.BUITEN_REGIO: "Aanmelding buiten de regio",
    Veld.VERLOOP: "Verloop: wat er wanneer veranderde",
    Veld.PGN_APART: "Burgerservicenummer of onderwijsnummer, na een aparte klik die in het logboek komt",
    Veld.DRIE_VRAGEN: "Antwoorden op de drie vragen",
    Veld.GESPREK_VO_MBO: "Gesprek tussen school en mbo",
    Veld.GESPREK_MBO_LP: "Gesprek tussen mbo en leerplicht",
    Veld.GESPREK_VO_LP: "Gesprek tussen school en leerplicht",
}


@dataclass(frozen=True, slots=True)
class Regel:
    """One row of "who may change what"."""

    naam: str
    van: str
    naar: str
    wie: str
    nodig: str
    eigen: bool


def stappen_per_spoor(rol: Rol | None) -> list[tuple[str, list[Regel]]]:
    """What people may change on a page, per spoor; what this role may do is marked."""
    hand = [o for o in OVERGANGEN if Via.PAGINA in o.via]
    return [(SPOREN[spoor], [_regel(o, rol) for o in hand if o.spoor == spoor]) for spoor in Spoor]


def _regel(o: Overgang, rol: Rol | None) -> Regel:
    nodig = "; ".join(dict.fromkeys(NODIG[eis] for eis in o.eisen))
    wie = ", ".join(ROL_LABELS[r] for r in Rol if r in o.door)
    naam = o.naam.replace("_", " ").capitalize()
    return Regel(naam, _namen(o.van, o.spoor), _namen(o.naar, o.spoor), wie, nodig or "niets", rol in o.door)


def _namen(statussen: Iterable[Status | None], spoor: Spoor) -> str:
    return ", ".join(s.label if s else _NIETS[spoor] for s in sorted(statussen, key=lambda s: s or 0))


def wie_ziet_wat() -> list[tuple[str, list[bool]]]:
    """A row per kind of data, a column per role."""
    return [(GEGEVENS[veld], [veld in VELDEN[rol] for rol in Rol]) for veld in Veld]


def _jaren(regio: Regio | None) -> list[tuple[str, Kalender]]:
    jaren = open_jaren(klok.vandaag())
    return [(jaar_naam(jaar), kalender_van(van(regio), jaar) if regio else kalender(jaar)) for jaar in jaren]


def _eigen_stappen(actor: Actor | None) -> list[tuple[str, str, str]]:
    """The steps of the role of who reads: id, name, what to do."""
    return [(s.id, s.naam, s.uitleg) for s in stappen_van(actor.rol)] if actor else []


@require_GET
def hulp(request: HttpRequest) -> HttpResponse:
    """How the regio works and how the system does; open to everybody, with the own regio for who is logged in."""
    actor: Actor | None = getattr(request, "actor", None)
    regio = Regio.objects.get(pk=actor.regio) if actor and actor.regios else None
    context: dict[str, Any] = {
        "regio": regio,
        "teksten": van(regio).hulp if regio else None,
        "rol": ROL_LABELS[actor.rol] if actor else "",
        "stappen": _eigen_stappen(actor),
        "statussen": [(status, STATUSSEN[status].uitleg) for status in Status],
        "sporen": stappen_per_spoor(actor.rol if actor else None),
        "kolommen_stappen": [{"naam": n} for n in ("Stap", "Van", "Naar", "Wie", "Nodig")],
        "kolommen_statussen": [{"naam": n} for n in ("Status", "Nr.", "Betekenis", "Van wie")],
        "rollen": [{"naam": "Gegeven"}, *({"naam": ROL_LABELS[rol]} for rol in Rol)],
        "gegevens": wie_ziet_wat(),
        "signalen": [(LABELS[s], ZINNEN[s].format(dagen="een aantal")) for s in LABELS],
        "jaren": [
            (naam, [(label, in_woorden(k[dag]), uitleg) for dag, (label, uitleg) in NAMEN.items()])
            for naam, k in _jaren(regio)
        ],
        "kolommen_datums": [{"naam": n} for n in ("Wat", "Datum", "Betekenis")],
    }
    return render(request, "beheer/hulp.html", context)


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, for how long, who sees it, and how to ask what was looked at."""
    k = kalender(open_jaren(klok.vandaag())[-1])
    context = {
        "jaar": jaar_naam(k.overstapjaar),
        "leerplicht": in_woorden(k["einde_leerplichtspoor"]),
        "weg": in_woorden(k["personen_weg"]),
        "einde": in_woorden(k["einde"]),
        "schooljaar": in_woorden(k["einde_schooljaar"]),
    }
    return render(request, "beheer/privacy.html", context)


@require_GET
def toegankelijkheid(request: HttpRequest) -> HttpResponse:
    """What was done for everybody to be able to use this, and where to say that it does not work."""
    return render(request, "beheer/toegankelijkheid.html")
