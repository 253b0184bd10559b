"""/scholen: which schools are to act. The rows come from rapportages; here is what is shown, in which order, with which links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import Subregio, Vestiging
from accounts.rechten import Rol
from overstap.aanjager.adressen import adres, leerlingen
from overstap.aanjager.forms import SORTEER, TOON
from overstap.aanjager.school import melding_url
from overstap.basis import klok
from rapportages.indicatoren import POPULATIES, Telt
from rapportages.scholen import vestigingen_voor
from rapportages.scholen_op_dag import Scholen, School, dagen_geleden, scholen_op
from rapportages.schoolcontacten import Afspraak, afspraken_van
from rapportages.zicht import dag_naam
from statuses.regiokalender import kalenders
from statuses.selecties import selectie_q, vestigingen_van
from statuses.status import LEERPLICHT_AAN_HET_WERK, TERUG, Status
from statuses.termijnen import jaar_naam
from statuses.werklijsten import PER_ID

# The steps that a talk with the school settles. On AJ3 the school gives an answer of its own.
BESPREKEN = frozenset({"AJ1", "AJ2", "AJ4"})
ANTWOORD = "AJ3"
# Which leerlingen the Excel of a step holds (words of rapportages.forms.WELKE).
WELKE_BIJ_STAP = {"AJ2": "zonder", "AJ3": "zonder", "AJ4": "niet-geplaatst"}


def subregios_van(actor: Actor) -> list[Subregio]:
    """Those that the aanjager can choose from; one or none is no choice."""
    if actor.rol != Rol.AANJAGER:
        return []
    alle = Subregio.objects.filter(regio_id__in=sorted(actor.regios)).order_by("naam")
    return list(alle.filter(pk__in=sorted(actor.subregio_ids)) if actor.subregio_ids else alle)


def _vestigingen(actor: Actor, velden: dict[str, Any]) -> QuerySet[Vestiging]:
    if velden["stap"]:
        k = kalenders([actor.regio], [velden["jaar"]])[actor.regio, velden["jaar"]]
        lijst = vestigingen_van(actor).filter(selectie_q(velden["stap"], k, klok.vandaag()))
    else:
        lijst = vestigingen_voor(actor, actor.regio, velden["jaar"])
    if velden["subregio"]:
        lijst = lijst.filter(gemeente__subregio__naam=velden["subregio"])
    return lijst


@dataclass(frozen=True, slots=True)
class Rij:
    """A row of the table: the school, its links, and the last thing that was agreed with it."""

    school: School
    actief: str
    school_url: str
    leerlingen_url: str
    zonder_url: str
    terug_url: str
    leerplicht_url: str
    contact_url: str
    afspraak: Afspraak | None
    besproken_url: str  # one click to "besproken", where the step asks for no other answer
    antwoord_url: str  # one click to the answer of the school, where the step asks for that


def _rij(school: School, jaar: str, stap: str, afspraken: Sequence[Afspraak]) -> Rij:
    code = school.vestiging.code
    bij_stap = [a for a in afspraken if not stap or a.stap == stap]
    return Rij(
        school,
        dagen_geleden(school.laatst_actief),
        adres("school", code, jaar=jaar, stap=stap),
        leerlingen(code, jaar),
        leerlingen(code, jaar, {Status.ZONDER_AANMELDING}),
        leerlingen(code, jaar, TERUG),
        leerlingen(code, jaar, LEERPLICHT_AAN_HET_WERK),
        adres("contacten", zoek=school.vestiging.organisatie.code),
        bij_stap[0] if bij_stap else None,
        adres("school-contact", code, jaar=jaar, stap=stap) if stap in BESPREKEN else "",
        adres("school-contact", code, jaar=jaar, stap=stap) if stap == ANTWOORD else "",
    )


def _sleutel(school: School, veld: str) -> Any:
    return school.vestiging.naam if veld == "naam" else getattr(school, veld)


def sorteer(scholen: Sequence[School], kolom: str) -> list[School]:
    """In the order of a column; what has no value there stands last, both ways round."""
    veld, hoog_eerst = SORTEER[kolom.removeprefix("-")]
    omgekeerd = hoog_eerst != kolom.startswith("-")
    met = [s for s in scholen if _sleutel(s, veld) is not None]
    zonder = [s for s in scholen if _sleutel(s, veld) is None]
    return [*sorted(met, key=lambda s: _sleutel(s, veld), reverse=omgekeerd), *zonder]


def onder(scholen: Scholen) -> list[School]:
    return [s for s in scholen.scholen if s.percentage is not None and s.percentage < scholen.ambitie.norm]


def _gekozen(uit: Scholen, velden: dict[str, Any]) -> dict[str, list[School]]:
    return {
        "onder": onder(uit),
        "geen": [s for s in uit.scholen if not s.overstappers],
        "alle": uit.scholen,
    }


def pagina(actor: Actor, velden: dict[str, Any], vraag: dict[str, str]) -> dict[str, Any]:
    """The context of the page, from the cleaned query."""
    uit = scholen_op(_vestigingen(actor, velden), actor.regio, velden["jaar"], velden["dag"])
    per_toon = _gekozen(uit, velden)
    toon = "alle" if velden["stap"] else velden["toon"] or "onder"
    getoond = sorteer(per_toon[toon], velden["sorteer"])
    jaar = jaar_naam(velden["jaar"])
    afspraken = afspraken_van([s.vestiging.pk for s in getoond], velden["jaar"])
    return {
        "titel": f"Scholen vóór {dag_naam(uit.datum)}",
        "ambitie": uit.ambitie,
        "populatie": POPULATIES[uit.ambitie.populatie],
        "datum": dag_naam(uit.datum),
        "dag": velden["dag"],
        "is_vandaag": velden["dag"] == klok.vandaag(),
        "jaar": jaar,
        "stap": PER_ID.get(velden["stap"]),
        "rijen": [_rij(s, jaar, velden["stap"], afspraken.get(s.vestiging.pk, [])) for s in getoond],
        "welke_nu": WELKE_BIJ_STAP.get(velden["stap"], "alle"),
        "melding_url": melding_url(actor) if actor.rol == Rol.AANJAGER else "",
        "aantal": len(uit.scholen),
        "overstappers": sum(s.overstappers for s in uit.scholen),
        "chips": [
            {"naam": naam, "url": _met(vraag, toon=code, stap=""), "aantal": len(per_toon[code]), "actief": code == toon}
            for code, naam in TOON.items()
        ]
        if not velden["stap"]
        else [{"naam": "Alle scholen", "url": _met(vraag, toon="alle", stap=""), "actief": False}],
        "toont_geplaatst": uit.ambitie.telt != Telt.AANGEMELD,
        "kolommen": _kolommen(velden["sorteer"], uit, vraag),
        "toon": TOON[toon],
        "filters": "; ".join(w for w in (velden["subregio"], PER_ID[velden["stap"]].naam if velden["stap"] else TOON[toon]) if w),
        "vraag": {k: v for k, v in vraag.items() if k not in ("subregio", "peildatum")},
    }  # fmt: skip


def _met(vraag: dict[str, str], **anders: str) -> str:
    rest = {k: v for k, v in {**vraag, **anders}.items() if v}
    return f"{reverse('scholen')}?{urlencode(rest)}" if rest else reverse("scholen")


def _kolommen(gekozen: str, uit: Scholen, vraag: dict[str, str]) -> list[dict[str, Any]]:
    # Before 1 April hardly anybody is placed: one column less to read.
    plaatsen = uit.ambitie.telt != Telt.AANGEMELD
    namen = (
        ("vestiging", "Vestiging", False), ("overstappers", "Overstappers", True), ("verschil", "± vorig jaar", True),
        ("", uit.ambitie.label.capitalize(), False), ("percentage", "%", True), ("week", "Δ week", True),
        ("zonder", "Zonder", True), ("terug", "Terug", True), ("leerplicht", "Leerplicht", True),
        *((("geplaatst", "Geplaatst", True),) if plaatsen else ()), ("actief", "Contact", False), ("", "Verder", False),
    )  # fmt: skip
    kolommen: list[dict[str, Any]] = []
    for code, naam, getal in namen:
        kolom: dict[str, Any] = {"naam": naam, "getal": getal}
        if code:
            zelfde = gekozen.removeprefix("-") == code
            kolom["url"] = _met(vraag, sorteer=f"-{code}" if gekozen == code else code)
            if zelfde:
                af = SORTEER[code][1] != gekozen.startswith("-")
                kolom["richting"] = "af" if af else "op"
        kolommen.append(kolom)
    return kolommen
