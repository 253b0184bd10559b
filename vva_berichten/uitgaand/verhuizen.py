"""A reported leerling moves: no new message from the school, and from now on everything goes to the new gemeente. Bron: vva.md, rule 7.

Within a regio the stand only gets another gemeente. To another regio it travels as messages that stand in nobody's postbus
(``VERHUISD``): what was reported, the aanmeldstatussen known so far, and whether a bulk had this leerling, so that the bulk and the
signals of the new gemeente are right. The old regio keeps its row for the VERVALLEN of its own bulk.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from accounts.models import Gemeente, Organisatie
from overstap.basis.rls import bereik
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import voeg_toe, werk_bij
from statuses.models import Overstap
from vva_berichten import meegeven, opstellen
from vva_berichten.meegeven import IN_BULK, VERHUISD
from vva_berichten.models import Bericht, GemeldAanGemeente, GemeldeAanmelding, MboGanger
from vva_berichten.uitgaand.leveren import organisaties_van_gemeenten, verstuur

_Persoon = tuple[int, str, bytes, str]  # overstapjaar, pgn_soort, pgn_index, brin


@dataclass(slots=True)
class _Mee:
    """What an old regio knows of one leerling who moved out of it."""

    ganger: MboGanger
    in_bulk: bool
    statussen: list[GemeldeAanmelding] = field(default_factory=list)


def follow(regio: str, overstap_ids: Sequence[uuid.UUID]) -> int:
    """Let the stand of these leerlingen follow them. Returns how many moved to another regio. Safe to repeat."""
    rijen = Overstap.objects.filter(
        pk__in=list(overstap_ids), mbo_ganger__isnull=False, leerling__land="NL", leerling__gemeente__isnull=False
    )
    overstappen = {o.id: o for o in rijen.select_related("leerling", "vestiging__organisatie").order_by("id")}
    if not overstappen:
        return 0
    per_regio: dict[str, set[uuid.UUID]] = defaultdict(set)
    for pk, oud in GemeldAanGemeente.objects.filter(overstap_id__in=list(overstappen)).values_list(
        "overstap_id", "gemeente__regio_id"
    ):
        per_regio[oud].add(pk)
    codes = {str(o.leerling.gemeente_id) for o in overstappen.values()}
    regio_van = dict(Gemeente.objects.filter(pk__in=sorted(codes)).values_list("code", "regio_id"))
    mee: dict[uuid.UUID, _Mee] = {}
    for oud, ids in sorted(per_regio.items()):
        with bereik([oud]):
            _verzet(oud, [overstappen[pk] for pk in sorted(ids)], regio_van, mee)
    if mee:
        _stuur(regio, overstappen, mee, organisaties_van_gemeenten(codes), regio_van)
    return len(mee)


def _persoon(o: Overstap) -> _Persoon:
    leerling = o.leerling
    return o.overstapjaar, leerling.pgn_soort, bytes(leerling.pgn_index), o.vestiging.organisatie.code


def _verzet(oud: str, overstappen: Collection[Overstap], regio_van: dict[str, str], mee: dict[uuid.UUID, _Mee]) -> None:
    """Within one regio: another gemeente on the stand; collect what goes along to another regio."""
    per_persoon = {_persoon(o): o for o in overstappen}
    indexen = [persoon[2] for persoon in per_persoon]
    gewijzigd: list[tuple[MboGanger, Overstap]] = []
    for m in MboGanger.objects.extra(where=["pgn_index = ANY(%s)"], params=[indexen]).select_for_update(of=("self",)):
        o = per_persoon.get((*m.persoon, m.brin))
        if o is not None and m.gemeente_id != o.leerling.gemeente_id:
            m.gemeente_id = str(o.leerling.gemeente_id)
            gewijzigd.append((m, o))
    werk_bij(MboGanger, [m for m, _ in gewijzigd], ("gemeente_id",))
    weg = [(m, o) for m, o in gewijzigd if regio_van[m.gemeente_id] != oud]
    if not weg:
        return
    in_bulk = meegeven.in_een_bulk([m for m, _ in weg])
    statussen = meegeven.bekende_statussen([m for m, _ in weg])
    for m, o in weg:
        eerder = mee.get(o.id)
        van_hier = list(statussen.get(m.persoon, ()))
        bulk = m.id in in_bulk
        if eerder is None:
            mee[o.id] = _Mee(m, bulk, van_hier)
            continue
        # Moved more than once: the regio that knows most goes before, and no aanmelding is left behind.
        eerder.in_bulk = eerder.in_bulk or bulk
        eerder.statussen += van_hier
        if m.volgnummer > eerder.ganger.volgnummer:
            eerder.ganger = m


def _stuur(
    regio: str,
    overstappen: dict[uuid.UUID, Overstap],
    mee: dict[uuid.UUID, _Mee],
    gemeenten: dict[str, Organisatie],
    regio_van: dict[str, str],
) -> None:
    berichten: list[Bericht] = []
    gemeld: list[GemeldAanGemeente] = []
    for pk, wat in mee.items():
        o = overstappen[pk]
        code = str(o.leerling.gemeente_id)
        gemeente = gemeenten.get(code)
        if gemeente is None:
            continue
        pgn = opstellen.pgn_van_leerling(o.leerling)
        naar = regio_van[code]
        bericht = opstellen.mbo_ganger(
            school=o.vestiging.organisatie,
            vestiging=o.vestiging.code,
            gemeente=gemeente,
            regio=naar,
            overstapjaar=o.overstapjaar,
            pgn=pgn,
            waar=wat.ganger.is_mbo_ganger,
            dag=wat.ganger.wijzigingsdatum,
            volgnummer=wat.ganger.volgnummer,
            codes=[IN_BULK] if wat.in_bulk else [],
        )
        bericht.uitkomst = VERHUISD
        berichten.append(bericht)
        berichten += [
            meegeven.status_bericht(rij, gemeente=gemeente, regio=naar, overstapjaar=o.overstapjaar, pgn=pgn)
            for rij in wat.statussen
        ]
        gemeld.append(GemeldAanGemeente(id=nieuwe_sleutel(), regio_id=regio, overstap=o, gemeente_id=code))
    verstuur(berichten)
    voeg_toe(GemeldAanGemeente, gemeld, botsing="ON CONFLICT DO NOTHING")
