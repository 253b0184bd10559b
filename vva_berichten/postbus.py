"""Read a postbus: the messages after a cursor, in their order, bulk pages rendered from their fixed rows."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from django.db.models import Q

from overstap.basis import geheim, klok
from vva_berichten import opstellen
from vva_berichten.contract.basis import pgn_van
from vva_berichten.contract.signalen import PER_PAGINA, Kop, Levering, Signaal, SignaalType
from vva_berichten.models import Bericht, Bulk, BulkRegel, Postbus, PostbusRegel
from vva_berichten.uitgaand.leveren import organisaties_van_gemeenten, paginas

MAX_BYTES = 5 * 1024 * 1024
MAX_REGELS = 1000
ALLES_WEG = 10  # so many at once, and not one of them readable: then it is not the messages

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Bladzijde:
    """Messages as JSON; ``cursor`` is the positie of the last one, read or passed over; ``meer`` when there are others after it.

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
    """Up to ``limiet`` messages after ``na``, and no more than 5 MB (but always one). Constant number of queries.

    Raises :class:`geheim.SleutelWeg` when the key is missing, also to who asks for a few at a time.
    """
    limiet = max(1, min(limiet, MAX_REGELS))
    voorbij = 0
    while True:
        deel, aantal = _bladzijde(ontvanger, na, limiet)
        if deel.berichten:
            return deel
        voorbij += aantal
        if voorbij >= ALLES_WEG:
            raise _sleutel_weg()
        if not deel.meer:
            return deel
        na = deel.cursor  # nothing on it could be read


def _sleutel_weg() -> geheim.SleutelWeg:
    log.error("postbus.sleutel_weg")
    return geheim.SleutelWeg("Niets in deze postbus is te lezen. Controleer de sleutels van de installatie.")


def _bladzijde(ontvanger: uuid.UUID, na: int, limiet: int) -> tuple[Bladzijde, int]:
    """One page, and how many were looked at for it."""
    regels = list(
        PostbusRegel.objects.filter(ontvanger_id=ontvanger, positie__gt=na)
        .select_related("bericht", "bulk")
        .order_by("positie")[: limiet + 1]
    )
    berichten: list[bytes] = []
    gelezen: list[PostbusRegel] = []
    cursor, omvang, aantal = na, 0, 0
    for regel, inhoud in zip(regels[:limiet], inhoud_van(regels[:limiet]), strict=True):
        if inhoud is not None:
            omvang += len(inhoud)
            if berichten and omvang > MAX_BYTES:
                break
            berichten.append(inhoud)
            gelezen.append(regel)
        cursor, aantal = regel.positie, aantal + 1
    return Bladzijde(berichten, cursor, aantal < len(regels), gelezen), aantal


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


def probeer(regels: Sequence[PostbusRegel]) -> list[bytes | None]:
    """The message of each, as JSON; loaded with its bericht and bulk. None for one that cannot be decrypted."""
    paginas_van = _bulkpaginas([r for r in regels if r.bulk_id is not None])
    return [_bericht(r.bericht) if r.bericht is not None else paginas_van[r.id] for r in regels]


def inhoud_van(regels: Sequence[PostbusRegel]) -> list[bytes | None]:
    """The same for a reader. Constant number of queries.

    One that cannot be decrypted is marked for the operator, and holds up no other. When nothing of many can be read it is
    the key that is missing, and not the messages: raises :class:`geheim.SleutelWeg`, and nothing is passed over.
    """
    uit = probeer(regels)
    weg = [r for r, inhoud in zip(regels, uit, strict=True) if inhoud is None]
    if len(weg) == len(regels) and len(weg) >= ALLES_WEG:
        raise _sleutel_weg()
    nieuw = [r.pk for r in weg if r.onleesbaar_op is None]
    if nieuw:
        PostbusRegel.objects.filter(pk__in=nieuw, onleesbaar_op__isnull=True).update(onleesbaar_op=klok.wandklok())
        log.error("postbus.onleesbaar", organisatie=str(weg[0].ontvanger_id), aantal=len(nieuw))
    return uit


def _bericht(bericht: Bericht) -> bytes | None:
    try:
        return opstellen.ruw(bericht)
    except geheim.Onleesbaar:
        return None


def _bulkpaginas(regels: Sequence[PostbusRegel]) -> dict[uuid.UUID, bytes | None]:
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
    uit: dict[uuid.UUID, bytes | None] = {}
    for regel in regels:
        bulk, pagina = regel.bulk, regel.pagina
        assert bulk is not None
        assert pagina is not None
        try:
            signalen = [_signaal(bulk, rij) for rij in per_pagina.get((bulk.id, pagina), [])]
        except geheim.Onleesbaar:
            uit[regel.id] = None
            continue
        uit[regel.id] = opstellen.bulkpagina(
            bericht_id=regel.id,
            regio=bulk.regio_id,
            gemeente_oin=oins[bulk.gemeente_id],
            moment=bulk.gemaakt_op,
            kop=_kop(bulk, pagina),
            regels=signalen,
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
