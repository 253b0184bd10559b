"""Read a postbus: the messages after a cursor, in their order, bulk pages rendered from their fixed rows."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from overstap.basis import geheim, klok
from vva_berichten import opstellen
from vva_berichten.contract.basis import pgn_van
from vva_berichten.contract.signalen import PER_PAGINA, Kop, Levering, Signaal, SignaalType
from vva_berichten.models import Bulk, BulkRegel, Postbus, PostbusRegel
from vva_berichten.uitgaand.leveren import organisaties_van_gemeenten, paginas

MAX_BYTES = 5 * 1024 * 1024
MAX_REGELS = 1000


@dataclass(frozen=True, slots=True)
class Bladzijde:
    """Messages as JSON; ``cursor`` is the positie of the last one; ``meer`` when there are others after it.

    ``regels`` are where they lie, one for each.
    """

    berichten: list[bytes]
    cursor: int
    meer: bool
    regels: list[PostbusRegel]


@dataclass(frozen=True, slots=True)
class Stand:
    """How far this receiver came: what it confirmed, and up to where it was given messages at all."""

    bevestigd: int
    opgehaald: int


def stand_van(ontvanger: uuid.UUID) -> Stand:
    """Reading starts after what was confirmed; a cursor beyond what was fetched was never given out."""
    rij = Postbus.objects.filter(pk=ontvanger).values_list("bevestigd_tot", "opgehaald_tot").first()
    bevestigd, opgehaald_tot = rij or (0, 0)
    return Stand(bevestigd, max(bevestigd, opgehaald_tot))


def lees(ontvanger: uuid.UUID, *, na: int, limiet: int) -> Bladzijde:
    """Up to ``limiet`` messages after ``na``, and no more than 5 MB (but always one). Constant number of queries."""
    limiet = max(1, min(limiet, MAX_REGELS))
    regels = list(
        PostbusRegel.objects.filter(ontvanger_id=ontvanger, positie__gt=na)
        .select_related("bericht", "bulk")
        .order_by("positie")[: limiet + 1]
    )
    berichten: list[bytes] = []
    cursor, omvang = na, 0
    for regel, inhoud in zip(regels[:limiet], inhoud_van(regels[:limiet]), strict=True):
        omvang += len(inhoud)
        if berichten and omvang > MAX_BYTES:
            break
        berichten.append(inhoud)
        cursor = regel.positie
    return Bladzijde(berichten, cursor, len(berichten) < len(regels), regels[: len(berichten)])


def opgehaald(ontvanger: uuid.UUID, tot: int) -> None:
    """Remember how far was fetched: the operator sees it, and only that can be confirmed."""
    Postbus.objects.filter(pk=ontvanger, opgehaald_tot__lt=tot).update(opgehaald_tot=tot, opgehaald_op=klok.nu())


def bevestig(ontvanger: uuid.UUID, tot: int) -> int | None:
    """Confirm up to and with a positie; an earlier one changes nothing. None when it was never fetched."""
    stand = stand_van(ontvanger)
    if tot > stand.opgehaald:
        return None
    Postbus.objects.filter(pk=ontvanger, bevestigd_tot__lt=tot).update(bevestigd_tot=tot, bevestigd_op=klok.nu())
    return max(tot, stand.bevestigd)


def inhoud_van(regels: Sequence[PostbusRegel]) -> list[bytes]:
    """The message of each, as JSON; loaded with its bericht and bulk. Constant number of queries."""
    paginas_van = _bulkpaginas([r for r in regels if r.bulk_id is not None])
    return [opstellen.ruw(r.bericht) if r.bericht is not None else paginas_van[r.id] for r in regels]


def _bulkpaginas(regels: Sequence[PostbusRegel]) -> dict[uuid.UUID, bytes]:
    """Each page of a bulk as a message; its rows were fixed when it was made."""
    if not regels:
        return {}
    keuze = Q(pk__in=[])
    for regel in regels:
        assert regel.pagina is not None
        eerste = (regel.pagina - 1) * PER_PAGINA
        keuze |= Q(bulk_id=regel.bulk_id, nr__gt=eerste, nr__lte=eerste + PER_PAGINA)
    per_pagina: dict[tuple[uuid.UUID, int], list[BulkRegel]] = {}
    for rij in BulkRegel.objects.filter(keuze).select_related("mbo_ganger").order_by("bulk_id", "nr"):
        per_pagina.setdefault((rij.bulk_id, (rij.nr - 1) // PER_PAGINA + 1), []).append(rij)
    oins = {
        code: opstellen.oin(o)
        for code, o in organisaties_van_gemeenten({r.bulk.gemeente_id for r in regels if r.bulk}).items()
    }
    uit = {}
    for regel in regels:
        bulk, pagina = regel.bulk, regel.pagina
        assert bulk is not None
        assert pagina is not None
        uit[regel.id] = opstellen.bulkpagina(
            bericht_id=regel.id,
            regio=bulk.regio_id,
            gemeente_oin=oins[bulk.gemeente_id],
            moment=bulk.gemaakt_op,
            kop=_kop(bulk, pagina),
            regels=[_signaal(bulk, rij) for rij in per_pagina.get((bulk.id, pagina), [])],
        )
    return uit


def _kop(bulk: Bulk, pagina: int) -> Kop:
    return Kop(
        gemeentecode=bulk.gemeente_id,
        levering=Levering(bulk.soort),
        peildatum=bulk.peildatum,
        volgnummer=bulk.volgnummer,
        aantal=bulk.aantal,
        pagina=pagina,
        paginas=paginas(bulk.aantal),
    )


def _signaal(bulk: Bulk, rij: BulkRegel) -> Signaal:
    ganger = rij.mbo_ganger
    return Signaal(
        signaal_type=SignaalType(rij.signaal_type),
        levering=Levering(bulk.soort),
        peildatum=bulk.peildatum,
        pgn=pgn_van(ganger.pgn_soort, geheim.ontsleutel(ganger.pgn_versleuteld, ganger.id).decode()),
        vo_school=ganger.vestiging or ganger.brin,
        status=rij.status or None,
        mbo_instelling=rij.mbo_code or None,
        status_datum=rij.status_datum,
    )
