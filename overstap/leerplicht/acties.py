"""What leerplicht/RMC can do with a leerling, as data. A case text is its own; what the school should know has a field apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from accounts.rechten import Recht
from overstap.leerplicht.forms import CollegaForm, GemeenteForm, collegas
from overstap.schermen.acties import Actie, Doel, Handeling
from overstap.schermen.berichten import BERICHT
from overstap.schermen.omgeving import Omgeving
from statuses.actions import assign_leerplicht, hand_over_leerplicht
from statuses.actions.leerplicht import bij_leerplicht
from statuses.beoordelen import Context, Geweigerd
from statuses.referentie.redenen import TEKSTVRAGEN, Tekstvraag
from statuses.status import Spoor, Status

S = Status
_MAG = Recht.LEERPLICHT_BEHANDELEN
_GEEN_GEZONDHEID = "Zet hier geen gezondheidsgegevens."
VOOR_SCHOOL = Tekstvraag(
    "Terugkoppeling voor de school", f"Wat moet de school weten? De decaan leest dit. {_GEEN_GEZONDHEID}"
)
DOSSIER = Tekstvraag("Notitie voor uw eigen dossier", f"De school leest dit niet. {_GEEN_GEZONDHEID}")

IN_BEHANDELING = Actie(
    "in_behandeling", "Neem in behandeling", "In behandeling nemen", _MAG, Spoor.LEERPLICHT, S.LP_IN_BEHANDELING,
    uitleg="De school ziet dat u ermee bezig bent. Is de leerling niet door de school aangemeld en geen risicoleerling? "
    "Schrijf dan waarom u de leerling oppakt.",
    bevestig="Neem in behandeling", gelukt="In behandeling genomen", soort="eerst",
    tekst=Tekstvraag("Toelichting", f"Alleen nodig als er geen aanleiding in het systeem staat. {_GEEN_GEZONDHEID}"),
    tekst_verplicht=False, alleen_van=frozenset({None, S.LP_INGESCHAKELD}),
)  # fmt: skip
AFHANDELEN = Actie(
    "afhandelen", "Rond af…", "Afhandelen en teruggeven aan de school", _MAG, Spoor.LEERPLICHT, S.LP_AFGEHANDELD,
    uitleg="U bent klaar. De school is weer aan zet.", bevestig="Rond af", gelukt="Afgehandeld en teruggegeven aan de school",
    tekst=DOSSIER, tekst_verplicht=False, voor_school=VOOR_SCHOOL, ongedaan="heropenen", soort="eerst",
)  # fmt: skip
DEFINITIEF = Actie(
    "afspraak", "Afspraak, start niet op korte termijn…", "Definitief bij leerplicht", _MAG, Spoor.LEERPLICHT, S.LP_DEFINITIEF,
    uitleg="De leerling start niet op korte termijn met onderwijs. Leerplicht blijft aan zet. De afspraak zelf leest de school niet.",
    bevestig="Leg de afspraak vast", gelukt="Afspraak vastgelegd", tekst=TEKSTVRAGEN["lp_definitief"], voor_school=VOOR_SCHOOL,
    ongedaan="heropenen",
)  # fmt: skip
HEROPENEN = Actie(
    "heropenen", "Heropen", "Heropenen", _MAG, Spoor.LEERPLICHT, S.LP_IN_BEHANDELING, uitleg="De leerling komt weer bij u in behandeling.",
    bevestig="Heropen", gelukt="Heropend", soort="stil", alleen_van=frozenset({S.LP_DEFINITIEF, S.LP_AFGEHANDELD}), balk=False,
)  # fmt: skip

Gegevens = Sequence[Mapping[str, Any]]


def _in_behandeling(o: Omgeving, doel: Doel) -> Geweigerd | None:
    if weigering := bij_leerplicht(doel.overstap, doel.stand(o), Context(o.dag, o.kalender)):
        return weigering
    if doel.overstap.spoor_leerplicht != S.LP_IN_BEHANDELING:
        return Geweigerd("niet_in_behandeling", "Neem deze leerling eerst in behandeling.")
    return None


def _tegen_collega(o: Omgeving, doel: Doel) -> Geweigerd | None:
    if weigering := _in_behandeling(o, doel):
        return weigering
    if not set(collegas(o)) - {doel.overstap.leerplicht_eigenaar_id}:
        return Geweigerd("geen_collega", "Uw organisatie heeft nog geen andere collega bij leerplicht in Overstap.")
    return None


def _naar_collega(o: Omgeving, doelen: Sequence[Doel], gegevens: Gegevens) -> list[Geweigerd | None]:
    eigenaar = UUID(gegevens[0]["eigenaar"])
    return [d.geweigerd for d in assign_leerplicht([doel.overstap.pk for doel in doelen], eigenaar, actor=o.actor)]


def _tegen_overnemen(o: Omgeving, doel: Doel) -> Geweigerd | None:
    if weigering := _in_behandeling(o, doel):
        return weigering
    if o.actor.id not in collegas(o) or doel.overstap.leerplicht_eigenaar_id == o.actor.id:
        return Geweigerd("geen_wijziging", "Deze leerling is al van u.", "geen_wijziging")
    return None


def _neem_over(o: Omgeving, doelen: Sequence[Doel], gegevens: Gegevens) -> list[Geweigerd | None]:
    assert o.actor.id is not None
    return [d.geweigerd for d in assign_leerplicht([doel.overstap.pk for doel in doelen], o.actor.id, actor=o.actor)]


def _tegen_gemeente(o: Omgeving, doel: Doel) -> Geweigerd | None:
    return bij_leerplicht(doel.overstap, doel.stand(o), Context(o.dag, o.kalender))


def _naar_gemeente(o: Omgeving, doelen: Sequence[Doel], gegevens: Gegevens) -> list[Geweigerd | None]:
    return [
        hand_over_leerplicht(doel.overstap.pk, g["gemeente"], g["tekst"], actor=o.actor).geweigerd
        for doel, g in zip(doelen, gegevens, strict=True)
    ]


NEEM_OVER = Handeling(
    "neem_over", "Neem over", "Overnemen van een collega", _MAG, _neem_over, _tegen_overnemen, bevestig="Neem over",
    uitleg="De leerling komt op uw naam te staan.", gelukt="Overgenomen", balk=False,
)  # fmt: skip
NAAR_COLLEGA = Handeling(
    "collega", "Draag over aan collega…", "Overdragen aan een collega", _MAG, _naar_collega, _tegen_collega, formulier=CollegaForm,
    uitleg="De leerling komt op naam van uw collega te staan.", bevestig="Draag over", gelukt="Overgedragen aan uw collega",
    ongedaan="neem_over",
)  # fmt: skip
NAAR_GEMEENTE = Handeling(
    "gemeente", "Draag over aan gemeente…", "Overdragen aan een andere gemeente", _MAG, _naar_gemeente, _tegen_gemeente,
    formulier=GemeenteForm, uitleg="De andere gemeente ziet de leerling dan ook en neemt het over. De woongemeente blijft meekijken.",
    bevestig="Draag over", gelukt="Overgedragen aan de andere gemeente", bulk=False, soort="stil",
    tekst=Tekstvraag("Waarom draagt u over?", f"Leerplicht van de andere gemeente leest dit. {_GEEN_GEZONDHEID}"), tekst_grond=True,
)  # fmt: skip

ACTIES = (IN_BEHANDELING, AFHANDELEN, DEFINITIEF, NEEM_OVER, NAAR_COLLEGA, BERICHT, NAAR_GEMEENTE, HEROPENEN)
