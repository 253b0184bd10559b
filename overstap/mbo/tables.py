"""The instroomlijst of an mbo and what its medewerker can do, as data: a row is an aanmelding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from accounts.rechten import Recht
from overstap.mbo.forms import AfmeldForm, AfwijsForm, CorrectieForm, StapForm
from overstap.schermen.acties import Actie
from overstap.schermen.cellen import Cel, Kolom
from overstap.schermen.filters import AANMELDING_FILTERS
from overstap.schermen.lijst import Chip, Lijst
from overstap.schermen.omgeving import Omgeving
from overstap.schermen.verloop import reden_label
from statuses.models import Aanmelding
from statuses.referentie.redenen import CORRECTIE
from statuses.status import TERUG, Spoor, Status
from statuses.zichtbaarheid import naam_voor

S = Status
_ZET = Recht.AANMELDING_WIJZIGEN


def _stap(naar: Status, knop: str, gelukt: str, **rest: Any) -> Actie:
    return Actie(
        naar.code, knop, knop, _ZET, Spoor.AANMELDING, naar, gelukt=gelukt, formulier=StapForm, vast={"reden": ""},
        uitleg=naar.info.uitleg, **rest,
    )  # fmt: skip


def _correctie(naar: Status) -> Actie:
    label = naar.label.lower()
    return Actie(
        f"corrigeer_{naar.code}", f"Terug naar {label}", f"Corrigeren: terug naar {label}", _ZET, Spoor.AANMELDING, naar,
        uitleg="Alleen als er iets verkeerd is vastgelegd. Het verloop blijft zichtbaar, met uw correctie erbij.",
        bevestig="Corrigeer", gelukt="Gecorrigeerd", formulier=CorrectieForm, vast={"reden": CORRECTIE}, soort="stil", bulk=False,
    )  # fmt: skip


def _aanwezig(code: str, aanwezigheid: str, knop: str, gelukt: str, **rest: Any) -> Actie:
    return Actie(
        code, knop, knop, _ZET, Spoor.AANMELDING, S.DEFINITIEF, gelukt=gelukt, aanwezigheid=aanwezigheid,
        uitleg="De school ziet of de student is gestart.", **rest,
    )  # fmt: skip


ACTIES = (
    _stap(S.INTAKE, "Zet op intake", "Op intake gezet", soort="eerst"),
    _stap(S.VOORLOPIG, "Plaats voorlopig", "Voorlopig geplaatst"),
    _stap(S.OOK_AFGEDRUKT, "Plaatsing aangeboden", "Vastgelegd: plaatsing aangeboden"),
    _stap(S.DEFINITIEF, "Plaats definitief", "Definitief geplaatst"),
    Actie(
        "afmelden", "Afmelden…", "Afmelden", _ZET, Spoor.AANMELDING, S.AFGEMELD, uitleg=S.AFGEMELD.info.uitleg, bevestig="Meld af",
        gelukt="Afgemeld", formulier=AfmeldForm,
    ),
    Actie(
        "afwijzen", "Afwijzen…", "Afwijzen", _ZET, Spoor.AANMELDING, S.AFGEWEZEN,
        uitleg="Wie zich voor 1 april heeft aangemeld en de juiste vooropleiding heeft, heeft recht op toelating. "
        "'De opleiding is vol' kan dan alleen bij een opleiding met een vast aantal plaatsen.",
        bevestig="Wijs af", gelukt="Afgewezen", formulier=AfwijsForm,
    ),
    _stap(S.BEEINDIGD, "Beëindigen", "Beëindigd"),
    _stap(S.AANGEMELD, "Meld opnieuw aan", "Opnieuw aangemeld", bulk=False),
    _aanwezig("gestart", "show", "Is gestart", "Vastgelegd: gestart", ongedaan="start_onbekend"),
    _aanwezig("niet_gestart", "no_show", "Is niet gestart", "Vastgelegd: niet gestart", ongedaan="start_onbekend"),
    _aanwezig("start_onbekend", "", "Start is niet bekend", "Start staat weer op niet bekend", soort="stil"),
    *(_correctie(naar) for naar in (S.AANGEMELD, S.INTAKE, S.VOORLOPIG, S.OOK_AFGEDRUKT, S.DEFINITIEF)),
)  # fmt: skip


def _rijen(o: Omgeving) -> QuerySet[Aanmelding]:
    eigen: QuerySet[Aanmelding] = Aanmelding.objects.zichtbaar_voor(o.actor).filter(overstapjaar=o.jaar)
    return eigen.select_related("mbo", "overstap__leerling__gemeente", "overstap__vestiging")


def _naam(rij: Aanmelding, o: Omgeving) -> str:
    return naam_voor(o.actor, rij.overstap, lijst=True)


def _opleiding(rij: Aanmelding, o: Omgeving) -> Cel:
    delen = [f"niveau {rij.niveau}" if rij.niveau else "", rij.leerweg.upper()]
    return Cel(rij.opleiding, klein=" ".join(d for d in delen if d))


def _status(rij: Aanmelding, o: Omgeving) -> Cel:
    aanwezig = {"show": "gestart", "no_show": "niet gestart"}.get(rij.aanwezigheid, "")
    return Cel(status=rij.status_nu, klein=aanwezig)


def _reden(rij: Aanmelding, o: Omgeving) -> Cel:
    if rij.status_nu not in TERUG:
        return Cel("")
    return Cel(
        reden_label(rij.status_nu, rij.reden_code) if rij.reden_code else "reden ontbreekt", zacht=not rij.reden_code
    )


def _dagen(rij: Aanmelding, o: Omgeving) -> Cel:
    return Cel(str((o.dag - rij.status_datum).days), getal=True)


def _chip(naam: str, *statussen: Status) -> Chip:
    return Chip(naam, {"status": ",".join(s.code for s in sorted(statussen))})


def _niets(rijen: Sequence[Any], o: Omgeving) -> None:
    """An aanmelding has all that its row shows."""


AANMELDINGEN = Lijst(
    pagina="leerlingen",
    titel="Aanmeldingen",
    eenheid=("aanmelding", "aanmeldingen"),
    rijen=_rijen,
    filters=AANMELDING_FILTERS,
    kolommen=(
        Kolom("naam", "Leerling", lambda r, o: Cel(_naam(r, o)), ("overstap__leerling__zoeknaam",)),
        Kolom("school", "School", lambda r, o: Cel(r.overstap.vestiging.naam, klein=r.overstap.klas), ("overstap__vestiging__naam",)),
        Kolom("opleiding", "Opleiding", _opleiding, ("opleiding",)),
        Kolom("status", "Status", _status, ("status",)),
        Kolom("sinds", "Dagen", _dagen, ("status_datum",), getal=True),
        Kolom("reden", "Reden", _reden),
    ),
    chips=(
        Chip("Alle aanmeldingen", {}),
        _chip("Aangemeld", S.AANGEMELD),
        _chip("Intake", S.INTAKE),
        _chip("Voorlopig", S.VOORLOPIG),
        _chip("Plaatsing aangeboden", S.OOK_AFGEDRUKT),
        _chip("Definitief", S.DEFINITIEF),
        _chip("Afgewezen of afgemeld", *TERUG),
    ),
    acties=ACTIES,
    # Who waits longest stands on top.
    sorteer="sinds",
    naam_orde=("overstap__leerling__zoeknaam",),
    verrijk=_niets,
    cijfers={"klassen": "overstap__klas", "opleidingen": "opleiding"},
    overstap=lambda rij: rij.overstap,
    naam=_naam,
    leeg="Er zijn geen aanmeldingen die hierbij passen. Lever een bestand aan, of kies een ander filter.",
)  # fmt: skip
