"""The parts of the leerling page of this app: the drie vragen and the conversations. Registered in ``overstap/paginas.py``.

A blok gives (template, context), or None for a role or a leerling without one. Bron: domein.md 1 (who sees it), 3, 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.http import HttpRequest
from django.urls import reverse

from accounts import instellingen
from accounts.actor import Actor
from accounts.instellingen import RegioInstellingen
from accounts.models import Regio
from accounts.rechten import Soort as OrganisatieSoort
from overstap.gesprekken.beeld import BerichtBeeld, berichten_van, met_wie, waarover
from overstap.gesprekken.lezen import partij_van, tel_nieuw, zichtbare_gesprekken, zichtbare_soorten
from overstap.gesprekken.models import Gesprek
from overstap.gesprekken.regels import PER_AANMELDING, Soort, tegen
from statuses.actions import see_drie_vragen
from statuses.grond import heeft_grond
from statuses.models import Aanmelding, DrieVragen, Overstap
from statuses.regiokalender import kalenders
from statuses.status import OPEN_OF_DEFINITIEF, Partij
from statuses.termijnen import Kalender
from statuses.zichtbaarheid import Veld, ziet

LAATSTE = 2  # messages of a conversation on the page of a leerling


class Omgeving(Protocol):
    """What a blok asks of the omgeving of the page (overstap.schermen.omgeving)."""

    @property
    def actor(self) -> Actor: ...
    @property
    def kalender(self) -> Kalender: ...
    @property
    def dag(self) -> date: ...
    @property
    def instellingen(self) -> RegioInstellingen: ...


Blok = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class GesprekBeeld:
    """One conversation that is there or could be begun."""

    met: str
    waarover: str
    url: str
    nieuw: int
    berichten: list[BerichtBeeld]
    gesloten: str  # why nothing can be written; empty when it can


def gesprekken(
    request: HttpRequest, o: Omgeving, overstap: Overstap, aanmeldingen: Sequence[Aanmelding]
) -> Blok | None:
    """Every conversation of the own party about this leerling, with its last messages. At most five queries."""
    partij = partij_van(o.actor)
    if partij is None or overstap.gemarkeerd_sinds is None:
        return None
    bestaand = {(g.soort, g.aanmelding_id): g for g in zichtbare_gesprekken(o.actor).filter(overstap=overstap)}
    berichten = berichten_van(list(bestaand.values()), partij, o.actor, laatste=LAATSTE) if bestaand else {}
    nieuw = tel_nieuw(list(bestaand.values()), partij) if bestaand else {}
    kalender = _kalender(o, overstap)
    uit = []
    for soort, aanmelding in _mogelijk(o.actor, partij, aanmeldingen):
        rij: Gesprek | None = bestaand.get((soort.value, aanmelding.pk if aanmelding else None))
        weigering = tegen(soort, overstap, kalender, o.dag)
        uit.append(
            GesprekBeeld(
                met=met_wie(soort, partij, overstap, aanmelding),
                waarover=waarover(o.actor, soort, aanmelding),
                url=_url(rij, soort, overstap, aanmelding),
                nieuw=nieuw.get(rij.pk, 0) if rij else 0,
                berichten=berichten.get(rij.pk, []) if rij else [],
                gesloten=weigering.detail if weigering else "",
            )
        )
    redenen = {g.gesloten for g in uit}
    # The same sentence once above, and not at each of them.
    return "gesprekken/blok_gesprekken.html", {"gesprekken": uit, "gesloten": min(redenen) if len(redenen) == 1 else ""}


def _mogelijk(
    actor: Actor, partij: Partij, aanmeldingen: Sequence[Aanmelding]
) -> list[tuple[Soort, Aanmelding | None]]:
    """What this party can talk about, with whom: per aanmelding and about the overstap."""
    uit: list[tuple[Soort, Aanmelding | None]] = []
    for soort in zichtbare_soorten(actor, partij):
        if soort in PER_AANMELDING:
            uit += [(soort, a) for a in aanmeldingen]
        else:
            uit.append((soort, None))
    return uit


def _url(rij: Gesprek | None, soort: Soort, overstap: Overstap, aanmelding: Aanmelding | None) -> str:
    if rij is not None:
        return reverse("gesprek", args=[rij.pk])
    return reverse("gesprek-nieuw", args=[aanmelding.pk if aanmelding else overstap.pk, soort.value])


def _kalender(o: Omgeving, overstap: Overstap) -> Kalender:
    """The calendar of the regio of this overstap; an mbo can be in more than one."""
    if overstap.regio_id == o.actor.regio:
        return o.kalender
    return kalenders({overstap.regio_id}, {overstap.overstapjaar})[overstap.regio_id, overstap.overstapjaar]


@dataclass(frozen=True, slots=True)
class VraagBeeld:
    """One of the drie vragen with its answer."""

    nummer: int
    vraag: str
    antwoord: bool | None


@dataclass(frozen=True, slots=True)
class AntwoordenBeeld:
    """The drie vragen at one aanmelding. ``url`` takes an answer; empty where nothing can be answered."""

    aanmelding: Aanmelding
    vragen: tuple[VraagBeeld, ...]
    url: str
    beantwoord_op: datetime | None
    gezien_op: datetime | None
    was_nieuw: bool


def drie_vragen(
    request: HttpRequest, o: Omgeving, overstap: Overstap, aanmeldingen: Sequence[Aanmelding]
) -> Blok | None:
    """To answer for the decaan, for a leerling that was chosen; to read for the mbo, once something was answered."""
    if not ziet(o.actor, Veld.DRIE_VRAGEN):
        return None
    rijen = {rij.aanmelding_id: rij for rij in DrieVragen.objects.filter(aanmelding__in=[a.pk for a in aanmeldingen])}
    if o.actor.organisatie_soort == OrganisatieSoort.MBO:
        return _om_te_lezen(o, overstap, aanmeldingen, rijen)
    if overstap.drie_vragen_gekozen_op is None:
        return None
    grond = heeft_grond(overstap, "mbo", _kalender(o, overstap).regels)
    mag = partij_van(o.actor) == Partij.VO  # a manager reads
    gesloten = overstap.gesloten_op is not None or o.dag > o.kalender["einde"]
    beelden = [
        _antwoorden(o, overstap, a, rijen.get(a.pk), te_vullen=mag and grond and not gesloten and _loopt(a))
        for a in aanmeldingen
        if _loopt(a) or a.pk in rijen
    ]
    context = {
        "aanmeldingen": beelden,
        "grond": grond,
        "mag": mag,
        "gekozen_op": overstap.drie_vragen_gekozen_op,
        "deel": request.GET.urlencode(),
    }
    return "gesprekken/blok_drie_vragen.html", context


def _om_te_lezen(
    o: Omgeving, overstap: Overstap, aanmeldingen: Sequence[Aanmelding], rijen: dict[Any, DrieVragen]
) -> Blok | None:
    """The answers for the mbo. Opening them is seeing them."""
    beantwoord = [a for a in aanmeldingen if a.pk in rijen and rijen[a.pk].beantwoord_op is not None]
    if not beantwoord or not heeft_grond(overstap, "mbo", _kalender(o, overstap).regels):
        return None
    beelden = [_antwoorden(o, overstap, a, rijen[a.pk], te_vullen=False) for a in beantwoord]
    nieuw = [b.aanmelding.pk for b in beelden if b.was_nieuw]
    if nieuw and partij_van(o.actor) == Partij.MBO:
        see_drie_vragen(nieuw, actor=o.actor)
    return "gesprekken/blok_drie_vragen_mbo.html", {"aanmeldingen": beelden}


def _loopt(aanmelding: Aanmelding) -> bool:
    return aanmelding.status_nu in OPEN_OF_DEFINITIEF


def _antwoorden(
    o: Omgeving, overstap: Overstap, aanmelding: Aanmelding, rij: DrieVragen | None, *, te_vullen: bool
) -> AntwoordenBeeld:
    teksten = o.instellingen.drie_vragen
    if overstap.regio_id != o.actor.regio:
        teksten = instellingen.van(Regio.objects.get(pk=overstap.regio_id)).drie_vragen
    gegeven = rij.antwoorden if rij else (None, None, None)
    vragen = (VraagBeeld(nr, vraag, a) for nr, (vraag, a) in enumerate(zip(teksten, gegeven, strict=True), start=1))
    return AntwoordenBeeld(
        aanmelding=aanmelding,
        vragen=tuple(vragen),
        url=reverse("drie-vragen", args=[aanmelding.pk]) if te_vullen else "",
        beantwoord_op=rij.beantwoord_op if rij else None,
        gezien_op=rij.gezien_op if rij else None,
        was_nieuw=rij is not None and rij.gezien_op is None,
    )
