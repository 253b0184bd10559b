"""Send: queue a message in the regio of its receiver, and deliver it there into the postbus.

Across regio's only the message travels: ``verstuur`` writes it in the receiver's regio, in the transaction of the act. The
delivery keeps the stand, then gives the message its ``positie`` under a lock of the receiver that lasts until the commit,
so that a reader never sees a higher positie before a lower one.
"""

from __future__ import annotations

import math
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from accounts import instellingen
from accounts.events import sleutel_postbus
from accounts.models import Organisatie
from overstap.basis import klok, slot
from overstap.basis.outbox.models import OutboxRegel
from overstap.basis.outbox.publiceren import publiceer
from overstap.basis.rls import bereik
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import voeg_toe, werk_bij
from statuses.actions import record_in_bulk
from vva_berichten import meegeven, opstellen, signalen, stand
from vva_berichten.codes import Code
from vva_berichten.contract.signalen import PER_PAGINA
from vva_berichten.models import Bericht, Bulk, BulkRegel, GeparkeerdePush, PostbusRegel
from vva_berichten.uitgaand import push_stand

LEVER_BERICHTEN = "vva.lever_berichten"  # inhoud: {"berichten": [uuid, ...]}
LEVER_BULK = "vva.lever_bulk"  # inhoud: {"bulk": uuid}
NIET_GELEVERD = "elders"  # uitkomst of a message that another facility delivers
_PER_REGEL = 500


def verstuur(berichten: Sequence[Bericht]) -> None:
    """Write messages in the regio of their receiver, and queue their delivery. Three statements."""
    if not berichten:
        return
    per_ontvanger: dict[tuple[str, uuid.UUID], list[str]] = defaultdict(list)
    for bericht in berichten:
        assert bericht.ontvanger_id is not None
        per_ontvanger[(bericht.regio_id, bericht.ontvanger_id)].append(str(bericht.id))
    regels = [
        OutboxRegel(
            regio_id=regio,
            sleutel=sleutel_postbus(ontvanger),
            soort=LEVER_BERICHTEN,
            inhoud={"berichten": ids[begin : begin + _PER_REGEL]},
        )
        for (regio, ontvanger), ids in per_ontvanger.items()
        for begin in range(0, len(ids), _PER_REGEL)
    ]
    with bereik({bericht.regio_id for bericht in berichten}):
        voeg_toe(Bericht, berichten)
        publiceer(regels)


def lever_berichten(regio: str, inhouden: list[dict[str, Any]]) -> None:
    """Outbox handler: keep the stand and put each message in its postbus, or park it (F107)."""
    ids = [uuid.UUID(pk) for inhoud in inhouden for pk in inhoud["berichten"]]
    lever(regio, ids)


def lever(regio: str, ids: Sequence[uuid.UUID]) -> int:
    """Deliver those that are not delivered yet; returns how many were put in a postbus. Safe to repeat."""
    stand.op_een_rij(regio)
    gevonden = {
        b.id: b
        for b in Bericht.objects.filter(pk__in=list(ids), geleverd_op__isnull=True)
        .select_related("ontvanger")
        .select_for_update(of=("self",))
        .order_by("id")
    }
    berichten = [gevonden[pk] for pk in ids if pk in gevonden]
    nieuw = [b for b in berichten if b.verwerkt_op is None]
    verstuur(stand.verwerk(regio, [(b, opstellen.lees(b)) for b in nieuw]))
    nu = klok.nu()
    for bericht in nieuw:
        bericht.verwerkt_op = nu
    open_, dicht, elders = _scheid(berichten)
    for bericht in elders:
        # Answered for: another facility delivers there. Its stand is kept all the same, for the school and for afstemming.
        bericht.uitkomst, bericht.geparkeerd_op = bericht.uitkomst or NIET_GELEVERD, None
    for bericht in dicht:
        bericht.geparkeerd_op = bericht.geparkeerd_op or nu
        bericht.codes = " ".join(sorted({*bericht.codes.split(), Code.F107.value}))
    regels = _posities([(_ontvanger(b), b, None, None) for b in open_], regio, nu)
    voeg_toe(PostbusRegel, regels)
    push_stand.wek(regio, {regel.ontvanger_id for regel in regels})
    for bericht in open_:
        bericht.geleverd_op = nu
    werk_bij(Bericht, berichten, ("verwerkt_op", "geleverd_op", "geparkeerd_op", "codes", "uitkomst"))
    return len(open_)


def lever_bulk(regio: str, inhouden: list[dict[str, Any]]) -> None:
    """Outbox handler: put the pages of a bulk in the postbus of its gemeente, or park it; mark its leerlingen."""
    stand.op_een_rij(regio)
    bulks = list(
        Bulk.objects.filter(pk__in=[inhoud["bulk"] for inhoud in inhouden], geleverd_op__isnull=True)
        .select_for_update(of=("self",))
        .order_by("gemeente_id", "peildatum")
    )
    gemeenten = organisaties_van_gemeenten({b.gemeente_id for b in bulks})
    nu = klok.nu()
    regels: list[tuple[uuid.UUID, Bericht | None, Bulk | None, int | None]] = []
    for bulk in bulks:
        gemeente = gemeenten.get(bulk.gemeente_id)
        if gemeente is not None and instellingen.van_organisatie(gemeente).levering_uit:
            bulk.geparkeerd_op = None  # made before another facility took over
            continue
        if gemeente is None or not gemeente.aangesloten:
            bulk.geparkeerd_op = bulk.geparkeerd_op or nu
            continue
        bulk.geleverd_op = nu
        regels += [(gemeente.id, None, bulk, pagina) for pagina in range(1, paginas(bulk.aantal) + 1)]
    voeg_toe(PostbusRegel, _posities(regels, regio, nu))
    push_stand.wek(regio, {ontvanger for ontvanger, *_ in regels})
    werk_bij(Bulk, bulks, ("geleverd_op", "geparkeerd_op"))
    _markeer(bulks)
    verstuur(signalen.na_late_bulk(regio, [bulk for bulk in bulks if bulk.geleverd_op]))


def _markeer(bulks: Sequence[Bulk]) -> None:
    """The leerlingen of this regio that stand in a bulk: leerplicht may take them up."""
    per_dag: dict[Any, list[uuid.UUID]] = defaultdict(list)
    rijen = BulkRegel.objects.filter(bulk_id__in=[b.id for b in bulks], mbo_ganger__overstap_id__isnull=False)
    for dag, overstap in rijen.values_list("bulk__peildatum", "mbo_ganger__overstap_id"):
        per_dag[dag].append(overstap)
    for dag, overstappen in sorted(per_dag.items()):
        record_in_bulk(overstappen, dag)


def lever_geparkeerd(regio: str, ontvangers: Sequence[uuid.UUID] | None = None) -> int:
    """What waited for a gemeente that is connected now, or for these ones. Returns how many messages and bulks went out."""
    wacht = Bericht.objects.filter(
        regio_id=regio, geparkeerd_op__isnull=False, geleverd_op__isnull=True, ontvanger__aangesloten=True
    )
    if ontvangers is not None:
        wacht = wacht.filter(ontvanger_id__in=ontvangers)
    berichten = list(wacht.order_by("gemaakt_op", "id").values_list("gemaakt_op", "id"))
    bulks = Bulk.objects.filter(regio_id=regio, geparkeerd_op__isnull=False, geleverd_op__isnull=True)
    gemeenten = organisaties_van_gemeenten({b.gemeente_id for b in bulks})
    open_ = {c for c, o in gemeenten.items() if o.aangesloten and (ontvangers is None or o.pk in ontvangers)}
    per_moment: dict[datetime, list[str]] = defaultdict(list)
    for bulk in bulks:
        if bulk.gemeente_id in open_:
            per_moment[bulk.gemaakt_op].append(str(bulk.id))
    aantal = 0
    # A bulk between what was sent before it and the signals that follow on it. All gemeenten have theirs of one moment.
    for moment, klaar in sorted(per_moment.items()):
        aantal += lever(regio, [pk for gemaakt, pk in berichten if gemaakt <= moment])
        berichten = [(gemaakt, pk) for gemaakt, pk in berichten if gemaakt > moment]
        lever_bulk(regio, [{"bulk": pk} for pk in klaar])
        aantal += Bulk.objects.filter(pk__in=klaar, geleverd_op__isnull=False).count()
    return aantal + (lever(regio, [pk for _, pk in berichten]) if berichten else 0)


def gemeente_aangesloten(regio: str, inhouden: list[dict[str, Any]]) -> None:
    """Outbox handler: a gemeente takes its messages from now on, and first those that waited."""
    lever_geparkeerd(regio, sorted({uuid.UUID(inhoud["organisatie"]) for inhoud in inhouden}))


def paginas(aantal: int) -> int:
    """Pages of a bulk; an empty one has one page."""
    return max(1, math.ceil(aantal / PER_PAGINA))


def organisaties_van_gemeenten(codes: Iterable[str]) -> dict[str, Organisatie]:
    """The organisatie (receiver) of each gemeentecode."""
    return {o.code: o for o in Organisatie.objects.filter(soort="gemeente", code__in=sorted(set(codes)))}


def _ontvanger(bericht: Bericht) -> uuid.UUID:
    assert bericht.ontvanger_id is not None
    return bericht.ontvanger_id


def _scheid(berichten: Sequence[Bericht]) -> tuple[list[Bericht], list[Bericht], list[Bericht]]:
    """Connected receivers; those that are not; and those where a national facility delivers ("levering uit").

    A vo-school reads its postbus here, so it is always connected.
    """
    open_: list[Bericht] = []
    dicht: list[Bericht] = []
    elders: list[Bericht] = []
    for bericht in berichten:
        assert bericht.ontvanger is not None
        if bericht.uitkomst == meegeven.VERHUISD or instellingen.van_organisatie(bericht.ontvanger).levering_uit:
            elders.append(bericht)
        else:
            (open_ if bericht.ontvanger.aangesloten else dicht).append(bericht)
    return open_, dicht, elders


def _nummers(ontvangers: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Take as many numbers as each is named, under its lock until the commit; the one before the first of them."""
    aantallen: dict[uuid.UUID, int] = defaultdict(int)
    for ontvanger in ontvangers:
        aantallen[ontvanger] += 1
    ids = sorted(aantallen)
    slot.neem(*(f"postbus:{pk}" for pk in ids))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO vva_berichten_postbus (ontvanger_id, positie) SELECT * FROM unnest(%s::uuid[], %s::bigint[]) "
            "ON CONFLICT (ontvanger_id) DO UPDATE SET positie = vva_berichten_postbus.positie + EXCLUDED.positie "
            "RETURNING ontvanger_id, positie",
            [ids, [aantallen[pk] for pk in ids]],
        )
        return {pk: laatste - aantallen[pk] for pk, laatste in cursor.fetchall()}


def bezorg_opnieuw(regio: str, regels: Sequence[PostbusRegel]) -> None:
    """Put what was passed over at the end of the postbus: its receiver may have read on. In their order."""
    stand.op_een_rij(regio)
    GeparkeerdePush.objects.filter(regel__in=regels).delete()
    volgende = _nummers([r.ontvanger_id for r in regels])
    nu = klok.nu()
    for r in regels:
        volgende[r.ontvanger_id] += 1
        r.positie, r.geleverd_op, r.onleesbaar_op = volgende[r.ontvanger_id], nu, None
    werk_bij(PostbusRegel, regels, ("positie", "geleverd_op", "onleesbaar_op"))
    push_stand.wek(regio, {r.ontvanger_id for r in regels})


def _posities(
    regels: Sequence[tuple[uuid.UUID, Bericht | None, Bulk | None, int | None]], regio: str, nu: datetime
) -> list[PostbusRegel]:
    """Number them per receiver, in the order given, under the receivers' locks (taken in one order: no deadlock)."""
    if not regels:
        return []
    volgende = _nummers([ontvanger for ontvanger, *_ in regels])
    uit = []
    for ontvanger, bericht, bulk, pagina in regels:
        volgende[ontvanger] += 1
        uit.append(
            PostbusRegel(
                id=nieuwe_sleutel(),
                regio_id=regio,
                ontvanger_id=ontvanger,
                positie=volgende[ontvanger],
                bericht=bericht,
                bulk=bulk,
                pagina=pagina,
                geleverd_op=nu,
            )
        )
    return uit


__all__ = ["LEVER_BERICHTEN", "LEVER_BULK", "lever", "lever_berichten", "lever_bulk", "lever_geparkeerd", "verstuur"]
