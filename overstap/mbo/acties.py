"""What a medewerker of an mbo can do with an aanmelding, as data. Which of it is possible now is asked of statuses.beoordelen."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from accounts.rechten import Recht
from overstap.mbo.forms import (
    AanmeldForm,
    AfmeldForm,
    AfwijsForm,
    CorrectieForm,
    OpleidingForm,
    RedenForm,
    StapForm,
    VerderForm,
    VerzuimloketForm,
)
from overstap.schermen.acties import Actie, Doel, Handeling, tegen, wijziging
from overstap.schermen.berichten import BERICHT_BIJ_AANMELDING, GEZIEN
from overstap.schermen.omgeving import Omgeving
from statuses.actions import Keuze, add_aanmelding, change_opleiding, change_statuses, record_verzuimloket
from statuses.beoordelen import Geweigerd
from statuses.referentie.redenen import CORRECTIE
from statuses.status import OPEN, OPEN_OF_DEFINITIEF, TERUG, Spoor, Status

S = Status
_ZET = Recht.AANMELDING_WIJZIGEN
_GEPLAATST = frozenset({S.DEFINITIEF})
_Gegevens = Sequence[Mapping[str, Any]]
_Antwoord = list[Geweigerd | None]


def _stap(naar: Status, knop: str, gelukt: str, **rest: Any) -> Actie:
    return Actie(
        naar.code, knop, knop, _ZET, Spoor.AANMELDING, naar, gelukt=gelukt, formulier=StapForm, vast={"reden": ""},
        uitleg=naar.info.uitleg, **rest,
    )  # fmt: skip


def _correctie(naar: Status, *alleen_van: Status) -> Actie:
    knop = f"{'Wijzig in' if alleen_van else 'Terug naar'} {naar.label.lower()}"
    return Actie(
        f"corrigeer_{naar.code}", knop, f"Corrigeren: {knop.lower()}", _ZET, Spoor.AANMELDING, naar,
        alleen_van=frozenset(alleen_van) or None,
        uitleg="Alleen als er iets verkeerd is vastgelegd. Het verloop blijft zichtbaar, met uw correctie erbij.",
        bevestig="Corrigeer", gelukt="Gecorrigeerd", formulier=CorrectieForm, vast={"reden": CORRECTIE}, soort="stil", bulk=False,
    )  # fmt: skip


def _weigeringen(resultaten: Sequence[Any]) -> _Antwoord:
    return [r.uitkomst if isinstance(r.uitkomst, Geweigerd) else None for r in resultaten]


# --- forward: one button, whichever the next status is

_ACHTER_VERDER: dict[str, Any] = {"balk": False, "op_pagina": False}
VOORUIT = (
    _stap(S.INTAKE, "Zet op intake", "Op intake gezet", **_ACHTER_VERDER),
    _stap(S.VOORLOPIG, "Plaats voorlopig", "Voorlopig geplaatst", **_ACHTER_VERDER),
    _stap(S.OOK_AFGEDRUKT, "Plaatsing aangeboden", "Vastgelegd: plaatsing aangeboden", **_ACHTER_VERDER),
    _stap(S.DEFINITIEF, "Plaats definitief", "Definitief geplaatst", **_ACHTER_VERDER),
)
_PER_CODE = {actie.code: actie for actie in VOORUIT}


def _verder_kan(o: Omgeving, doel: Doel) -> Geweigerd | None:
    if doel.aanmelding is None or doel.aanmelding.status_nu not in OPEN:
        return Geweigerd("niet_vanaf_hier", "Deze aanmelding loopt niet meer, of de leerling is al geplaatst.")
    return tegen(VOORUIT[-1], o, doel)


def _verder(o: Omgeving, doelen: Sequence[Doel], gegevens: _Gegevens) -> _Antwoord:
    stappen = [
        wijziging(_PER_CODE[g["naar"]], o, doel, {"datum": g.get("datum")})
        for doel, g in zip(doelen, gegevens, strict=True)
    ]
    return _weigeringen(change_statuses(stappen, actor=o.actor))


VERDER = Handeling(
    "verder", "Zet verder…", "Volgende status", _ZET, _verder, _verder_kan, op_aanmelding=True, gelukt="Nieuwe status vastgelegd",
    formulier=VerderForm, soort="eerst", van=OPEN,
)  # fmt: skip


# --- the reden that a feed left out


def _reden_kan(o: Omgeving, doel: Doel) -> Geweigerd | None:
    if doel.aanmelding is None or doel.aanmelding.status_nu not in TERUG:
        return Geweigerd("niet_gestopt", "Een reden hoort bij een aanmelding die is afgemeld of afgewezen.")
    if doel.aanmelding.reden_code:
        return Geweigerd("geen_wijziging", "De reden staat er al.", "geen_wijziging")
    return tegen(_reden_actie(doel.aanmelding.status_nu), o, doel)


def _reden_actie(status: Status) -> Actie:
    return Actie("", "", "", _ZET, Spoor.AANMELDING, status)


def _reden(o: Omgeving, doelen: Sequence[Doel], gegevens: _Gegevens) -> _Antwoord:
    erbij = []
    for doel, g in zip(doelen, gegevens, strict=True):
        assert doel.aanmelding is not None
        status = doel.aanmelding.status_nu
        reden = {"reden": g.get(f"reden_{status.code}", ""), "tekst": g.get("tekst", "")}
        erbij.append(wijziging(_reden_actie(status), o, doel, reden))
    return _weigeringen(change_statuses(erbij, actor=o.actor))


REDEN = Handeling(
    "reden", "Vul de reden aan…", "Reden aanvullen", _ZET, _reden, _reden_kan, op_aanmelding=True,
    uitleg="De reden kwam niet mee uit uw systeem. De school heeft haar nodig om de leerling verder te helpen.",
    gelukt="Reden aangevuld", formulier=RedenForm, van=TERUG,
)  # fmt: skip


# --- start of the mbo


def registreert_start(o: Omgeving) -> bool:
    """Whether the own instelling keeps who started: on or off per instelling. Bron: Procedure, voetnoot 5."""
    return o.actor.eigen_organisatie not in o.kalender.regels.zonder_show


def _na_start(o: Omgeving) -> bool:
    return o.dag >= o.kalender["start_mbo"] and registreert_start(o)


def _aanwezig(code: str, aanwezigheid: str, knop: str, gelukt: str, **rest: Any) -> Actie:
    return Actie(
        code, knop, knop, _ZET, Spoor.AANMELDING, S.DEFINITIEF, gelukt=gelukt, aanwezigheid=aanwezigheid,
        uitleg="De school ziet of de student is gestart.", hier=registreert_start, van=_GEPLAATST, **rest,
    )  # fmt: skip


def _verzuimloket_kan(o: Omgeving, doel: Doel) -> Geweigerd | None:
    a = doel.aanmelding
    if a is None or a.status_nu != S.DEFINITIEF or a.aanwezigheid != "no_show":
        return Geweigerd("geen_no_show", "Een melding bij het verzuimloket hoort bij een student die niet is gestart.")
    if a.verzuimloket_op is not None:
        gemeld = f"{a.verzuimloket_op:%d-%m-%Y}"
        return Geweigerd("geen_wijziging", f"Gemeld bij het verzuimloket op {gemeld}.", "geen_wijziging")
    return _jaar_open(o)


def _gemeld_kan(o: Omgeving, doel: Doel) -> Geweigerd | None:
    if doel.aanmelding is None or doel.aanmelding.verzuimloket_op is None:
        return Geweigerd("geen_wijziging", "Er staat geen melding bij het verzuimloket.", "geen_wijziging")
    return _jaar_open(o)


def _jaar_open(o: Omgeving) -> Geweigerd | None:
    if o.dag <= o.kalender["einde"]:
        return None
    return Geweigerd("jaar_gesloten", "Dit overstapjaar is gesloten. Er kan niets meer in veranderen.")


def _verzuimloket(o: Omgeving, doelen: Sequence[Doel], gegevens: _Gegevens) -> _Antwoord:
    dag = gegevens[0].get("datum") or o.dag
    return [d.geweigerd for d in record_verzuimloket([doel.pk for doel in doelen], dag, actor=o.actor)]


def _verzuimloket_weg(o: Omgeving, doelen: Sequence[Doel], gegevens: _Gegevens) -> _Antwoord:
    return [d.geweigerd for d in record_verzuimloket([doel.pk for doel in doelen], None, actor=o.actor)]


START = (
    _aanwezig("gestart", "show", "Is gestart", "Vastgelegd: gestart", ongedaan="start_onbekend"),
    _aanwezig("niet_gestart", "no_show", "Is niet gestart", "Vastgelegd: niet gestart", ongedaan="start_onbekend"),
    _aanwezig("start_onbekend", "", "Start is niet bekend", "Start staat weer op niet bekend", soort="stil"),
    Handeling(
        "verzuimloket", "Gemeld bij verzuimloket…", "Gemeld bij het verzuimloket", _ZET, _verzuimloket, _verzuimloket_kan,
        op_aanmelding=True, hier=_na_start, van=_GEPLAATST,
        uitleg="Leg vast wanneer u deze student bij het verzuimloket heeft gemeld. Overstap stuurt zelf geen melding.",
        gelukt="Vastgelegd: gemeld bij het verzuimloket", formulier=VerzuimloketForm, ongedaan="verzuimloket_weg",
    ),
    Handeling(
        "verzuimloket_weg", "Toch niet gemeld", "Melding bij het verzuimloket weghalen", _ZET, _verzuimloket_weg, _gemeld_kan, op_aanmelding=True,
        gelukt="Melding bij het verzuimloket weggehaald", soort="stil", balk=False,
    ),
)  # fmt: skip


# --- another opleiding


def _opleiding_kan(o: Omgeving, doel: Doel) -> Geweigerd | None:
    return _jaar_open(o)


def _keuze(gegevens: Mapping[str, Any]) -> Keuze:
    gekozen = gegevens["opleiding"]
    return Keuze(gekozen.crebo, gekozen.naam, gekozen.niveau, gegevens.get("vorm") or "")


def _opleiding(o: Omgeving, doelen: Sequence[Doel], gegevens: _Gegevens) -> _Antwoord:
    daden = change_opleiding([doel.pk for doel in doelen], _keuze(gegevens[0]), actor=o.actor)
    return [d.geweigerd for d in daden]


OPLEIDING = Handeling(
    "opleiding", "Wijzig de opleiding…", "Opleiding wijzigen", _ZET, _opleiding, _opleiding_kan, op_aanmelding=True,
    uitleg="Alleen als de aanmelding voor een andere opleiding is dan hier staat. Kiest de leerling een opleiding erbij? "
    "Maak dan een aanmelding erbij.",
    bevestig="Wijzig de opleiding", gelukt="Opleiding gewijzigd", formulier=OpleidingForm, soort="stil", bulk=False,
)  # fmt: skip


def meld_aan(o: Omgeving, overstap_id: uuid.UUID, gegevens: Mapping[str, Any]) -> Geweigerd | None:
    """A new aanmelding of this overstap at the own instelling, by hand. The caller knows that the viewer may reach it."""
    return add_aanmelding(
        overstap_id, _keuze(gegevens), op=gegevens.get("datum"), aanmeld_id=gegevens.get("aanmeld_id") or "",
        actor=o.actor,
    ).geweigerd  # fmt: skip


def _erbij(o: Omgeving, doelen: Sequence[Doel], gegevens: _Gegevens) -> _Antwoord:
    return [meld_aan(o, doel.overstap.pk, g) for doel, g in zip(doelen, gegevens, strict=True)]


def _erbij_kan(o: Omgeving, doel: Doel) -> Geweigerd | None:
    """One button at a leerling, at the first aanmelding here."""
    eigen = [a.nr for a in doel.aanmeldingen if a.mbo_id == o.actor.organisatie_id]
    if doel.aanmelding is None or doel.aanmelding.nr != min(eigen, default=0):
        return Geweigerd("niet_hier", "Gebruik deze knop bij de eerste aanmelding van de leerling.")
    return _jaar_open(o)


NIEUW = Handeling(
    "aanmelding_erbij", "Aanmelding erbij…", "Aanmelding voor nog een opleiding", _ZET, _erbij, _erbij_kan, op_aanmelding=True,
    uitleg="De leerling meldt zich bij uw instelling ook voor een andere opleiding aan. De aanmelding die er is, blijft staan.",
    bevestig="Meld aan", gelukt="Aangemeld voor een andere opleiding", formulier=AanmeldForm, soort="stil", bulk=False,
)  # fmt: skip


ACTIES = (
    VERDER,
    *VOORUIT,
    Actie(
        "afmelden", "Afmelden…", "Afmelden", _ZET, Spoor.AANMELDING, S.AFGEMELD, uitleg=S.AFGEMELD.info.uitleg, bevestig="Meld af",
        gelukt="Afgemeld", formulier=AfmeldForm, alleen_van=frozenset({*OPEN_OF_DEFINITIEF}), van=OPEN_OF_DEFINITIEF,
    ),
    Actie(
        "afwijzen", "Afwijzen…", "Afwijzen", _ZET, Spoor.AANMELDING, S.AFGEWEZEN, uitleg=S.AFGEWEZEN.info.uitleg,
        bevestig="Wijs af", gelukt="Afgewezen", formulier=AfwijsForm, alleen_van=frozenset({*OPEN_OF_DEFINITIEF}), van=OPEN_OF_DEFINITIEF,
    ),
    REDEN,
    _stap(S.BEEINDIGD, "Beëindig…", "Beëindigd", soort="stil", van=OPEN_OF_DEFINITIEF),
    _stap(S.AANGEMELD, "Meld opnieuw aan", "Opnieuw aangemeld", bulk=False),
    *START,
    OPLEIDING,
    NIEUW,
    BERICHT_BIJ_AANMELDING,
    GEZIEN,
    *(_correctie(naar) for naar in (S.AANGEMELD, S.INTAKE, S.VOORLOPIG, S.OOK_AFGEDRUKT, S.DEFINITIEF)),
    _correctie(S.AFGEMELD, S.AFGEWEZEN),
    _correctie(S.AFGEWEZEN, S.AFGEMELD),
)  # fmt: skip
