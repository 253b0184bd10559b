"""The one writer: lock, judge, write the gebeurtenis, keep the stand, log and publish, in one transaction.

One request and five thousand go the same way, with a constant number of statements: the overstappen are locked in the
order of their id, requests are folded over each stand in the order given, arrays write what came out.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec
from django.db import transaction

from accounts.actor import Actor
from statuses.actions.bijwerken import nieuwe_aanmelding, zet_stand, zet_velden
from statuses.actions.invoegen import stand_toen, stond_er_al, verloop_van, voeg_in
from statuses.actions.laden import Geladen, laad
from statuses.actions.partij import AanmeldingVelden, Partij, Resultaat, Wijziging, gebeurtenis, schrijf
from statuses.beoordelen import Geweigerd, Toegestaan, Verzoek, beoordeel
from statuses.models import Aanmelding, Overstap
from statuses.overgangen import Via
from statuses.status import Spoor, Status


class VersieGewijzigd(Exception):
    """Somebody else changed this overstap meanwhile; ``versie`` is the one of now."""

    def __init__(self, versie: int) -> None:
        super().__init__("Deze leerling is intussen gewijzigd. Bekijk de nieuwe stand en probeer het opnieuw.")
        self.versie = versie


def change_status(wijziging: Wijziging, *, actor: Actor, versie: int | None = None) -> Resultaat:
    """Change one status; raises :class:`VersieGewijzigd` when ``versie`` is not the one of now."""
    return change_statuses(
        [wijziging], actor=actor, versies={wijziging.overstap_id: versie} if versie is not None else None
    )[0]


def change_statuses(
    wijzigingen: Sequence[Wijziging], *, actor: Actor, bron: str = "", versies: Mapping[uuid.UUID, int] | None = None
) -> list[Resultaat]:
    """Judge and apply requests, each on its own: a refusal leaves the others. Results in the order given.

    ``bron`` is kept on the gebeurtenis; without it the ``via`` of the request. The caller has checked that the actor may
    see these overstappen and that the role has the right; which status may follow which is checked here.
    """
    if not wijzigingen:
        return []
    with transaction.atomic():
        geladen = laad(
            [w.overstap_id for w in wijzigingen],
            [w.verzoek for w in wijzigingen],
            bestaande=any(w.aanmelding_id for w in wijzigingen),
        )
        controleer_versies(geladen, versies)
        partij = Partij()
        resultaten = [_pas_toe(w, geladen, partij, actor, bron) for w in wijzigingen]
        schrijf(geladen, partij, actor)
    return resultaten


def controleer_versies(geladen: Geladen, versies: Mapping[uuid.UUID, int] | None) -> None:
    """Raise VersieGewijzigd when one of these overstappen is not as the person saw it."""
    for pk, verwacht in (versies or {}).items():
        if pk in geladen.overstappen and geladen.overstappen[pk].versie != verwacht:
            raise VersieGewijzigd(geladen.overstappen[pk].versie)


def _pas_toe(w: Wijziging, geladen: Geladen, partij: Partij, actor: Actor, bron: str) -> Resultaat:
    overstap = geladen.overstappen.get(w.overstap_id)
    if overstap is None:
        return Resultaat(
            w.overstap_id,
            Geweigerd("onbekend", "Deze leerling bestaat niet of is voor u niet zichtbaar."),
            w.aanmelding_id,
        )
    stand, verzoek = geladen.standen[overstap.id], w.verzoek
    aanmelding = geladen.aanmelding(overstap.id, w.aanmelding_id)
    nr = aanmelding.nr if aanmelding else None
    if verzoek.nr != nr:
        verzoek = geladen.met_nr(verzoek, nr)
    if verzoek.invoegen and verzoek.geldig_op < (stand.sinds(verzoek.spoor, nr) or date.min):
        return _in_het_verleden(w, verzoek, overstap, aanmelding, geladen, partij, actor, bron)
    uitkomst = beoordeel(stand, verzoek, geladen.context(overstap))
    if isinstance(uitkomst, Geweigerd):
        if aanmelding is not None and uitkomst.soort == "geen_wijziging" and w.velden is not None:
            zet_velden(aanmelding, w.velden, partij)
        return Resultaat(overstap.id, uitkomst, w.aanmelding_id)
    if verzoek.spoor == Spoor.AANMELDING and aanmelding is None:
        aanmelding = nieuwe_aanmelding(w, verzoek, uitkomst, overstap, geladen, partij, bron)
    van = None if verzoek.nr is None and verzoek.spoor == Spoor.AANMELDING else stand.van(verzoek.spoor, verzoek.nr)
    if verzoek.begon_op is not None and verzoek.begon_op <= uitkomst.geldig_op:
        begin = msgspec.structs.replace(verzoek, naar=Status.AANGEMELD, reden_code="", tekst="")
        gebeurtenis(
            overstap, begin, Toegestaan(uitkomst.overgang, verzoek.begon_op), aanmelding, None, partij, actor, bron
        )
        van = Status.AANGEMELD
    rij = gebeurtenis(overstap, verzoek, uitkomst, aanmelding, van, partij, actor, bron)
    zet_stand(geladen, overstap, verzoek, uitkomst, aanmelding, w.velden, partij, actor)
    return Resultaat(overstap.id, uitkomst, aanmelding.id if aanmelding else None, rij.id)


def _in_het_verleden(
    w: Wijziging,
    v: Verzoek,
    overstap: Overstap,
    aanmelding: Aanmelding | None,
    geladen: Geladen,
    partij: Partij,
    actor: Actor,
    bron: str,
) -> Resultaat:
    """A correctie with ``invoegen``: judged by what stood on the spoor that day. Bron: domein.md 1, Gebeurtenis."""
    verloop = verloop_van(overstap, v, aanmelding)
    toen = stand_toen(geladen.standen[overstap.id], v, verloop)
    uitkomst = stond_er_al(v, verloop) or beoordeel(toen, v, geladen.context(overstap))
    if isinstance(uitkomst, Geweigerd):
        return Resultaat(overstap.id, uitkomst, w.aanmelding_id)
    return voeg_in(v, uitkomst, overstap, aanmelding, verloop, partij, actor, bron)


__all__ = ["AanmeldingVelden", "Resultaat", "VersieGewijzigd", "Via", "Wijziging", "change_status", "change_statuses"]
