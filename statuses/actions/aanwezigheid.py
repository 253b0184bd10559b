"""Show and no-show of who is placed, and when the mbo told the verzuimloket: attributes of a placement, no statussen."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from django.db import transaction

from accounts.actor import Actor
from overstap.basis import klok
from overstap.basis.stapel import werk_bij
from statuses import events
from statuses.actions.daad import NIETS_NIEUWS, Daad, noteer, schrijf
from statuses.actions.laden import Geladen, laad
from statuses.actions.rijen import RijUitkomst, geweigerd
from statuses.actions.schrijven import controleer_versies
from statuses.beoordelen import Context, Geweigerd, beoordeel_aanwezigheid
from statuses.models import Aanmelding
from statuses.status import Status

_Toets = Callable[[Aanmelding, Context], Geweigerd | None]
ONBEKEND = Geweigerd("404", "Deze aanmelding bestaat niet of is voor u niet zichtbaar.")


def record_aanwezigheid(
    aanmelding_ids: Sequence[uuid.UUID],
    aanwezigheid: str,
    *,
    actor: Actor,
    versies: Mapping[uuid.UUID, int] | None = None,
) -> list[RijUitkomst]:
    """Show or no-show (or "" to take it back) for placed leerlingen, from the start of the mbo year. Bron: domein.md 2.

    ``versies``: per overstap the one that the person looked at; another one raises VersieGewijzigd and nothing changes.
    """
    if aanwezigheid not in ("", "show", "no_show"):
        raise ValueError(f"onbekende aanwezigheid: {aanwezigheid}")

    def toets(a: Aanmelding, c: Context) -> Geweigerd | None:
        return beoordeel_aanwezigheid(a.status_nu, a.aanwezigheid, aanwezigheid, c)

    with transaction.atomic():
        oordelen, goed, geladen = _beoordeel(aanmelding_ids, toets, versies)
        for aanmelding in goed:
            aanmelding.aanwezigheid = aanwezigheid
            aanmelding.aanwezigheid_op = klok.vandaag() if aanwezigheid else None
            if aanwezigheid != "no_show":
                aanmelding.verzuimloket_op = None
        _schrijf(goed, geladen, ("aanwezigheid", "aanwezigheid_op", "verzuimloket_op"), actor, "aanwezigheid.gezet")
    return [_als_rij(a, tegen) for a, tegen in oordelen]


def _als_rij(aanmelding: Aanmelding | None, tegen: Geweigerd | None) -> RijUitkomst:
    if tegen is not None or aanmelding is None:
        tegen = tegen or ONBEKEND
        return geweigerd(tegen.code, tegen.detail)
    return RijUitkomst("verwerkt", [], "", aanmelding.overstap_id, aanmelding.aanmeld_id, "gewijzigd")


def record_verzuimloket(aanmelding_ids: Sequence[uuid.UUID], op: date | None, *, actor: Actor) -> list[Daad]:
    """A no-show was reported at the verzuimloket on this day; None takes it back. Bron: domein.md 3, MB3."""

    def toets(a: Aanmelding, c: Context) -> Geweigerd | None:
        if a.status != Status.DEFINITIEF or a.aanwezigheid != "no_show":
            return Geweigerd(
                "geen_no_show", "Een melding bij het verzuimloket hoort bij een student die niet is gestart."
            )
        if op is not None and not c.kalender["start_mbo"] <= op <= c.vandaag:
            begin = f"{c.kalender['start_mbo']:%d-%m-%Y}"
            return Geweigerd(
                "datum_onjuist",
                f"Kies een datum vanaf de start van het mbo ({begin}) en niet in de toekomst.",
                "veld",
                "op",
            )
        return NIETS_NIEUWS if a.verzuimloket_op == op else None

    with transaction.atomic():
        oordelen, goed, geladen = _beoordeel(aanmelding_ids, toets, None)
        for aanmelding in goed:
            aanmelding.verzuimloket_op = op
        _schrijf(goed, geladen, ("verzuimloket_op",), actor, "verzuimloket.gemeld")
    return [
        Daad(a.overstap_id if a else None, tegen, pk) for pk, (a, tegen) in zip(aanmelding_ids, oordelen, strict=True)
    ]


_Oordeel = tuple[Aanmelding | None, Geweigerd | None]


def _beoordeel(
    ids: Sequence[uuid.UUID], toets: _Toets, versies: Mapping[uuid.UUID, int] | None
) -> tuple[list[_Oordeel], list[Aanmelding], Geladen]:
    """Lock the overstappen of these aanmeldingen and judge each, in the order given."""
    van = dict(Aanmelding.objects.filter(pk__in=list(ids)).values_list("id", "overstap_id"))
    geladen = laad(list(van.values()), [])
    controleer_versies(geladen, versies)
    uit: list[_Oordeel] = []
    goed: dict[uuid.UUID, Aanmelding] = {}
    for pk in ids:
        aanmelding = geladen.aanmelding(van[pk], pk) if pk in van else None
        if aanmelding is None:
            uit.append((None, ONBEKEND))
            continue
        tegen = toets(aanmelding, geladen.context(geladen.overstappen[aanmelding.overstap_id]))
        uit.append((aanmelding, tegen))
        if tegen is None:
            goed[pk] = aanmelding
    return uit, list(goed.values()), geladen


def _schrijf(
    aanmeldingen: Sequence[Aanmelding], geladen: Geladen, kolommen: Sequence[str], actor: Actor, handeling: str
) -> None:
    overstappen = [geladen.overstappen[pk] for pk in dict.fromkeys(a.overstap_id for a in aanmeldingen)]
    werk_bij(Aanmelding, aanmeldingen, kolommen)
    schrijf(overstappen, ())
    noteer(actor, handeling, overstappen, soort="aanmelding")
    events.publiceer([events.leerling_gewijzigd(o.regio_id, o.id) for o in overstappen])
