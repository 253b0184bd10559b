"""Lock the overstappen of a call and load what the rules need: a constant number of queries."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

import msgspec

from accounts.instellingen import RegioInstellingen
from overstap.basis import klok
from overstap.basis.stapel import lees, reeks
from statuses.beoordelen import AanmeldStand, Context, Stand, Verzoek
from statuses.eigen_redenen import per_regio
from statuses.grond import heeft_grond
from statuses.models import Aanmelding, Overstap
from statuses.referentie.redenen import Reden
from statuses.regels import Regels
from statuses.regiokalender import kalenders
from statuses.risico import met_aanleiding
from statuses.status import Status
from statuses.termijnen import Kalender


@dataclass(slots=True)
class Geladen:
    """The locked overstappen of a call with their stand, by id."""

    overstappen: dict[uuid.UUID, Overstap]
    standen: dict[uuid.UUID, Stand]
    aanmeldingen: dict[uuid.UUID, dict[uuid.UUID, Aanmelding]]
    kalenders: dict[tuple[str, int], Kalender]
    redenen: dict[str, dict[str, tuple[Reden, ...]]]
    _context: dict[tuple[str, int], Context] = field(default_factory=dict)

    def context(self, overstap: Overstap) -> Context:
        sleutel = (overstap.regio_id, overstap.overstapjaar)
        if sleutel not in self._context:
            self._context[sleutel] = Context(
                klok.vandaag(), self.kalenders[sleutel], self.redenen.get(overstap.regio_id, {})
            )
        return self._context[sleutel]

    def aanmelding(self, overstap_id: uuid.UUID, aanmelding_id: uuid.UUID | None) -> Aanmelding | None:
        return self.aanmeldingen[overstap_id].get(aanmelding_id) if aanmelding_id else None

    def voeg_toe(self, aanmelding: Aanmelding) -> None:
        self.aanmeldingen[aanmelding.overstap_id][aanmelding.id] = aanmelding

    @staticmethod
    def met_nr(verzoek: Verzoek, nr: int | None) -> Verzoek:
        return msgspec.structs.replace(verzoek, nr=nr)


def stand_van(overstap: Overstap, aanmeldingen: Iterable[Aanmelding], regels: Regels | RegioInstellingen) -> Stand:
    """What the rules need to know of an overstap, from its rows, by what its regio chose."""
    return Stand(
        gemarkeerd_sinds=overstap.gemarkeerd_sinds,
        onderwijssoort=overstap.onderwijssoort,
        vo=Status(overstap.spoor_vo) if overstap.spoor_vo else None,
        markering_sinds=overstap.markering_sinds,
        vo_sinds=overstap.vo_sinds,
        vo_reden=overstap.vo_reden,
        vo_zekerheid=overstap.vo_zekerheid,
        vo_naar_mbo=overstap.vo_naar_mbo,
        leerplicht=Status(overstap.spoor_leerplicht) if overstap.spoor_leerplicht else None,
        leerplicht_sinds=overstap.leerplicht_sinds,
        aanmeldingen={
            a.nr: AanmeldStand(a.nr, a.mbo_id, Status(a.status), a.status_datum, a.aanwezigheid, a.crebo, a.reden_code)
            for a in aanmeldingen
        },
        gesloten=overstap.gesloten_op is not None,
        grondslag=heeft_grond(overstap, "leerplicht", regels),
        grondslag_mbo=heeft_grond(overstap, "mbo", regels),
    )


# What stand_van asks of an aanmelding.
_VAN_STAND = {"id", "overstap_id", "nr", "mbo_id", "status", "status_datum", "aanwezigheid", "crebo", "reden_code"}
_BUITEN_STAND = tuple(v.attname for v in Aanmelding._meta.concrete_fields if v.attname not in _VAN_STAND)


def laad(ids: Sequence[uuid.UUID], verzoeken: Sequence[Verzoek], *, bestaande: bool = True) -> Geladen:
    """Lock in the order of id (no deadlock between two batches) and load.

    ``bestaande`` False: no aanmelding that is there will change, so only what the stand asks of it is read.
    """
    uniek = sorted(set(ids), key=attrgetter("int"))
    deze = reeks(uniek)
    rijen = lees(
        Overstap.objects.extra(where=["id = ANY(%s::uuid[])"], params=[deze]).order_by("id").select_for_update(),
        zonder=("gewijzigd_op",),  # only ever written
    )
    per_overstap: dict[uuid.UUID, dict[uuid.UUID, Aanmelding]] = defaultdict(dict)
    for aanmelding in lees(
        Aanmelding.objects.extra(where=["overstap_id = ANY(%s::uuid[])"], params=[deze]).order_by("nr"),
        zonder=() if bestaande else _BUITEN_STAND,
    ):
        per_overstap[aanmelding.overstap_id][aanmelding.id] = aanmelding
    regios = {o.regio_id for o in rijen}
    k = kalenders(regios, {o.overstapjaar for o in rijen})
    overstappen = {o.id: o for o in rijen}
    standen = {o.id: stand_van(o, per_overstap[o.id].values(), k[(o.regio_id, o.overstapjaar)].regels) for o in rijen}
    if any(v.naar == Status.LP_IN_BEHANDELING for v in verzoeken):
        for pk in met_aanleiding(overstappen, k):
            standen[pk].aanleiding = True
    return Geladen(overstappen, standen, per_overstap, k, per_regio(regios))
