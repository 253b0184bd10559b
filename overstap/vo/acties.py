"""What a school can do, as data: the acts that change a status, and the others."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from accounts.actor import Actor
from accounts.rechten import Recht
from overstap.schermen.acties import Actie, Doel, Handeling, Tegen, Voer
from overstap.schermen.berichten import BERICHT, DRIE_VRAGEN, DRIE_VRAGEN_WEG
from overstap.schermen.omgeving import Omgeving
from overstap.vo.forms import LeerplichtForm, MarkeerForm, MarkeringWegForm, VervolgkeuzeForm
from statuses.actions import (
    Daad,
    choose_warme_overdracht,
    close_overstap,
    record_bezwaar,
    record_geinformeerd,
    record_toestemming,
    reopen_overstap,
    share_swv,
)
from statuses.actions.daad import GESLOTEN, GROND_ONTBREEKT, NIETS_NIEUWS, open_en_gemarkeerd
from statuses.beoordelen import Context, Geweigerd
from statuses.referentie.redenen import TEKSTVRAGEN
from statuses.status import Spoor, Status

MARKEREN = Actie(
    "aanvinken", "Vink aan als overstapper", "Aanvinken als overstapper", Recht.MARKEREN, Spoor.MARKERING,
    Status.ZONDER_AANMELDING,
    uitleg="Vink aan wie naar het mbo gaat of waarschijnlijk gaat. Daarna zien ook het mbo, leerplicht en de regio deze leerlingen.",
    bevestig="Vink aan", gelukt="Aangevinkt als overstapper", formulier=MarkeerForm, ongedaan="vinkje_weg", soort="eerst",
)  # fmt: skip
MARKERING_WEG = Actie(
    "vinkje_weg", "Haal vinkje weg…", "Vinkje weghalen", Recht.MARKEREN, Spoor.MARKERING, None,
    uitleg="Alleen voor een vergissing of een dubbele leerling. Gaat de leerling iets anders doen? Leg dan de vervolgkeuze vast.",
    bevestig="Haal vinkje weg", gelukt="Vinkje weggehaald", formulier=MarkeringWegForm, soort="stil", balk=False,
)  # fmt: skip
VERVOLGKEUZE = Actie(
    "vervolgkeuze", "Vervolgkeuze VO…", "Vervolgkeuze VO vastleggen", Recht.VERVOLGKEUZE_WIJZIGEN, Spoor.VO,
    Status.VERVOLGKEUZE_VO, uitleg="De leerling gaat iets anders doen dan een mbo in deze regio.",
    gelukt="Vervolgkeuze vastgelegd", formulier=VervolgkeuzeForm, ongedaan="vervolgkeuze_weg",
)  # fmt: skip
VERVOLGKEUZE_WEG = Actie(
    "vervolgkeuze_weg", "Neem vervolgkeuze terug", "Vervolgkeuze terugnemen", Recht.VERVOLGKEUZE_WIJZIGEN, Spoor.VO, None,
    uitleg="De leerling gaat toch naar het mbo, of het staat niet vast.", bevestig="Neem terug",
    gelukt="Vervolgkeuze teruggenomen", soort="stil", balk=False,
)  # fmt: skip
LEERPLICHT = Actie(
    "leerplicht", "Leerplicht inschakelen…", "Leerplicht inschakelen", Recht.LEERPLICHT_INSCHAKELEN, Spoor.LEERPLICHT,
    Status.LP_INGESCHAKELD, uitleg="Leerplicht ziet de leerling en uw toelichting, en neemt contact op.",
    bevestig="Schakel leerplicht in", gelukt="Leerplicht ingeschakeld", formulier=LeerplichtForm,
    tekst=TEKSTVRAGEN["lp_ingeschakeld"], tekst_grond=True, ongedaan="leerplicht_weg",
)  # fmt: skip
LEERPLICHT_WEG = Actie(
    "leerplicht_weg", "Trek inschakelen in", "Inschakelen van leerplicht intrekken", Recht.LEERPLICHT_INSCHAKELEN,
    Spoor.LEERPLICHT, None, uitleg="Dit kan zolang leerplicht de leerling nog niet in behandeling heeft.",
    bevestig="Trek in", gelukt="Inschakelen ingetrokken", soort="stil", balk=False,
)  # fmt: skip


def _zet(actie: Callable[..., list[Daad]], waarde: bool | None) -> Voer:
    """The action for these leerlingen, as an act does it."""

    def voer(o: Omgeving, doelen: Sequence[Doel], gegevens: Sequence[Mapping[str, Any]]) -> list[Geweigerd | None]:
        return [daad.geweigerd for daad in actie([doel.overstap.pk for doel in doelen], waarde, actor=o.actor)]

    return voer


def _tegen_veld(veld: str, waarde: bool | None) -> Tegen:
    """Not twice, and not at a leerling who left."""

    def tegen(o: Omgeving, doel: Doel) -> Geweigerd | None:
        if doel.overstap.gesloten_op is not None:
            return GESLOTEN
        return NIETS_NIEUWS if getattr(doel.overstap, veld) is waarde else None

    return tegen


def _tegen_swv(aan: bool) -> Tegen:
    def tegen(o: Omgeving, doel: Doel) -> Geweigerd | None:
        stand = doel.stand(o)
        if weigering := open_en_gemarkeerd(doel.overstap, stand, Context(o.dag, o.kalender)):
            return weigering
        if aan and not stand.grondslag:
            return GROND_ONTBREEKT
        return NIETS_NIEUWS if (doel.overstap.gedeeld_swv_op is not None) == aan else None

    return tegen


def _tegen_overdracht(aan: bool) -> Tegen:
    def tegen(o: Omgeving, doel: Doel) -> Geweigerd | None:
        stand = doel.stand(o)
        if weigering := open_en_gemarkeerd(doel.overstap, stand, Context(o.dag, o.kalender)):
            return weigering
        if aan and not stand.grondslag_mbo:
            return GROND_ONTBREEKT
        return NIETS_NIEUWS if (doel.overstap.warme_overdracht_gekozen_op is not None) == aan else None

    return tegen


def _tegen_vertrek(weg: bool) -> Tegen:
    """Whether the leerling is here, or left; the jaar itself must be open."""

    def tegen(o: Omgeving, doel: Doel) -> Geweigerd | None:
        if o.dag > o.kalender["einde"]:
            return Geweigerd("jaar_gesloten", "Dit overstapjaar is gesloten. Er kan niets meer in veranderen.")
        return NIETS_NIEUWS if (doel.overstap.gesloten_op is not None) == weg else None

    return tegen


def _vertrek(ids: Sequence[uuid.UUID], weg: bool, *, actor: Actor) -> list[Daad]:
    return close_overstap(ids, actor=actor) if weg else reopen_overstap(ids, actor=actor)


def _gegeven(
    code: str, knop: str, titel: str, actie: Callable[..., list[Daad]], waarde: bool | None, tegen: Tegen, **rest: Any
) -> Handeling:
    """An act on the data of leerlingen: with those data on the page, and where it serves many in the bar below the list."""
    rest.setdefault("balk", False)
    rest.setdefault("soort", "stil")
    return Handeling(
        code,
        knop,
        titel,
        Recht.LEERLINGEN_AANLEVEREN,
        _zet(actie, waarde),
        tegen,
        bij_gegevens=True,
        bevestig=knop,
        **rest,
    )


def _toestemming_gevraagd(o: Omgeving) -> bool:
    return o.instellingen.toestemming_vereist


GEGEVENS = (
    _gegeven(
        "geinformeerd", "Is besproken", "Besproken met leerling en ouders", record_geinformeerd, True,
        _tegen_veld("geinformeerd", True), gelukt="Vastgelegd: besproken", ongedaan="geinformeerd_weg", balk=True, soort="gewoon",
        uitleg="U heeft met de leerling en de ouders besproken dat de school gegevens deelt met het mbo en met leerplicht.",
    ),
    _gegeven(
        "geinformeerd_weg", "Toch niet besproken", "Niet bekend of het is besproken", record_geinformeerd, None,
        _tegen_veld("geinformeerd", None), gelukt="Vastgelegd: niet bekend of het is besproken",
        uitleg="De leerling komt weer in uw lijst van wie u nog moet spreken.",
    ),
    _gegeven(
        "toestemming", "Toestemming gegeven", "Toestemming vastleggen", record_toestemming, True, _tegen_veld("toestemming", True),
        gelukt="Toestemming vastgelegd", ongedaan="toestemming_weg", hier=_toestemming_gevraagd,
        uitleg="De leerling, of de ouders als de leerling nog geen zestien is, vindt het goed dat u gegevens deelt.",
    ),
    _gegeven(
        "toestemming_weg", "Toestemming ingetrokken", "Toestemming intrekken", record_toestemming, False,
        _tegen_veld("toestemming", False), gelukt="Toestemming ingetrokken", hier=_toestemming_gevraagd,
        uitleg="U deelt dan geen teksten over deze leerling. De wettelijke berichten gaan door.",
    ),
    _gegeven(
        "bezwaar", "Leg bezwaar vast", "Bezwaar vastleggen", record_bezwaar, True, _tegen_veld("bezwaar", True),
        gelukt="Bezwaar vastgelegd", ongedaan="bezwaar_weg",
        uitleg="De leerling of de ouders willen niet dat u gegevens deelt. U deelt dan geen teksten; de wettelijke berichten gaan door.",
    ),
    _gegeven(
        "bezwaar_weg", "Bezwaar is van de baan", "Bezwaar intrekken", record_bezwaar, False, _tegen_veld("bezwaar", False),
        gelukt="Bezwaar ingetrokken", ongedaan="bezwaar",
    ),
    _gegeven(
        "swv_delen", "Deel met het samenwerkingsverband", "Delen met het samenwerkingsverband", share_swv, True, _tegen_swv(True),
        gelukt="Gedeeld met het samenwerkingsverband", ongedaan="swv_niet_delen",
        uitleg="Het samenwerkingsverband ziet dan de naam, de status en het mbo van deze leerling.",
    ),
    _gegeven(
        "swv_niet_delen", "Deel niet meer met het samenwerkingsverband", "Niet meer delen met het samenwerkingsverband", share_swv,
        False, _tegen_swv(False), gelukt="Niet meer gedeeld", ongedaan="swv_delen",
    ),
    _gegeven(
        "warme_overdracht", "Kies voor een warme overdracht", "Kiezen voor een warme overdracht", choose_warme_overdracht, True,
        _tegen_overdracht(True), gelukt="Gekozen voor een warme overdracht", ongedaan="warme_overdracht_weg",
        uitleg="De leerling komt in uw lijst van wie u het mbo nog een bericht stuurt.",
    ),
    _gegeven(
        "warme_overdracht_weg", "Toch geen warme overdracht", "Geen warme overdracht", choose_warme_overdracht, False,
        _tegen_overdracht(False), gelukt="Niet meer gekozen", ongedaan="warme_overdracht",
    ),
    _gegeven(
        "vertrokken", "Vertrokken naar een andere regio", "Vertrokken naar een school in een andere regio", _vertrek, True,
        _tegen_vertrek(True), gelukt="Vastgelegd: vertrokken", ongedaan="teruggekomen",
        uitleg="Hier verandert dan niets meer, en de leerling telt niet meer mee in de ambities. Gaat de leerling naar een school "
        "in deze regio? Dan vraagt die school u om de leerling over te zetten.",
    ),
    _gegeven(
        "teruggekomen", "Toch niet vertrokken", "Toch niet vertrokken", _vertrek, False, _tegen_vertrek(False),
        gelukt="De leerling staat weer open", ongedaan="vertrokken",
    ),
)  # fmt: skip

ACTIES = (
    VERVOLGKEUZE, LEERPLICHT, MARKEREN, VERVOLGKEUZE_WEG, LEERPLICHT_WEG, MARKERING_WEG, BERICHT, DRIE_VRAGEN, DRIE_VRAGEN_WEG,
    *GEGEVENS,
)  # fmt: skip
