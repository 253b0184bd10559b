"""What a school keeps of a leerling beside the statussen: geïnformeerd, toestemming, bezwaar, shared with the samenwerkingsverband."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction

from accounts.actor import Actor
from overstap.basis import klok
from statuses import events
from statuses.actions.daad import GESLOTEN, NIETS_NIEUWS, Daad, beoordeel_elk, noteer, open_en_gemarkeerd, schrijf
from statuses.beoordelen import Context, Geweigerd, Stand
from statuses.models import Overstap


def record_geinformeerd(overstap_ids: Sequence[uuid.UUID], waarde: bool | None, *, actor: Actor) -> list[Daad]:
    """The aanmelding and the sharing of data were discussed with leerling and ouders; None is unknown again. Bron: VO2h."""
    return _zet(overstap_ids, "geinformeerd", waarde, actor)


def record_toestemming(overstap_ids: Sequence[uuid.UUID], waarde: bool | None, *, actor: Actor) -> list[Daad]:
    """Consent given or refused; it counts only in a regio that wants it. Bron: domein.md 7."""
    return _zet(overstap_ids, "toestemming", waarde, actor)


def record_bezwaar(overstap_ids: Sequence[uuid.UUID], waarde: bool, *, actor: Actor) -> list[Daad]:
    """Leerling or ouders object to the sharing of data, or not any more. Bron: domein.md 7."""
    return _zet(overstap_ids, "bezwaar", waarde, actor)


def _zet(ids: Sequence[uuid.UUID], veld: str, waarde: bool | None, actor: Actor) -> list[Daad]:
    def toets(overstap: Overstap, stand: Stand, c: Context) -> Geweigerd | None:
        if stand.gesloten:
            return GESLOTEN
        return NIETS_NIEUWS if getattr(overstap, veld) is waarde else None

    with transaction.atomic():
        uit, goed, _ = beoordeel_elk(ids, toets)
        for overstap in goed:
            setattr(overstap, veld, waarde)
        schrijf(goed, (veld,))
        noteer(actor, f"{veld}.gezet", goed, doel={True: "ja", False: "nee", None: "onbekend"}[waarde])
        events.publiceer([events.leerling_gewijzigd(o.regio_id, o.id) for o in goed])
    return uit


def share_swv(overstap_ids: Sequence[uuid.UUID], aan: bool, *, actor: Actor) -> list[Daad]:
    """The school shares these leerlingen with the samenwerkingsverband of the regio, or not any more. Bron: domein.md 1."""

    def toets(overstap: Overstap, stand: Stand, c: Context) -> Geweigerd | None:
        if tegen := open_en_gemarkeerd(overstap, stand, c):
            return tegen
        if aan and not stand.grondslag:
            return Geweigerd("grond_ontbreekt", "Er is bezwaar of geen toestemming: deze leerling mag u niet delen.")
        return NIETS_NIEUWS if (overstap.gedeeld_swv_op is not None) == aan else None

    with transaction.atomic():
        uit, goed, _ = beoordeel_elk(overstap_ids, toets)
        for overstap in goed:
            overstap.gedeeld_swv_op = klok.vandaag() if aan else None
        schrijf(goed, ("gedeeld_swv_op",), versie=False)
        noteer(actor, f"swv.{'gedeeld' if aan else 'niet_gedeeld'}", goed)
    return uit
