"""What the pages of /vva show, as plain rows: a postbus, a bulk, the mbo-gangers of a school, the deliveries of a regio."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from accounts.actor import Actor
from accounts.instellingen import van_organisatie
from accounts.models import Organisatie
from overstap.basis import geheim
from overstap.basis.stapel import reeks
from statuses.models import Overstap
from vva_berichten import opstellen, routering
from vva_berichten.access import zichtbare_bulks
from vva_berichten.contract.signalen import SignaalType
from vva_berichten.models import Bericht, Bulk, BulkRegel, Eindpunt, GeparkeerdePush, Postbus, PostbusRegel, Soort
from vva_berichten.uitgaand.leveren import organisaties_van_gemeenten

SOORT_NAAM = {"BULK_0301": "Bulkmelding 1 maart", "BULK_0615": "Bulkmelding 15 juni"}
SOORT_UITLEG = {
    "BULK_0301": "Mbo-gangers die op de peildatum nergens aangemeld waren.",
    "BULK_0615": "Mbo-gangers die op de peildatum nergens ingeschreven waren.",
}
REDEN = {
    SignaalType.NIET_AANGEMELD: "Niet aangemeld",
    SignaalType.NIET_INGESCHREVEN: "Niet ingeschreven",
    SignaalType.STATUSWIJZIGING: "Status gewijzigd",
    SignaalType.VERVALLEN: "Vervallen: gaat niet meer naar het mbo",
}
PER_PAGINA = 50


@dataclass(frozen=True, slots=True)
class BulkStand:
    """One bulk on a page: what it is, and how far it came."""

    bulk: Bulk
    naam: str
    uitleg: str
    stand: str
    nieuwste: bool  # of its gemeente, jaar and kind: only that one can be corrected
    gepusht: str


def bulks_voor(actor: Actor) -> list[BulkStand]:
    """The bulks of the own gemeente (or of the regio, for the RMC-functie), newest first."""
    return _met_stand(Bulk.objects.filter(zichtbare_bulks(actor)))


def bulks_van_regio() -> list[BulkStand]:
    """All bulks within the bereik, for the operator: counts only."""
    return _met_stand(Bulk.objects.all())


def _met_stand(keuze: Any) -> list[BulkStand]:
    rijen = list(keuze.select_related("gemeente").order_by("-peildatum", "gemeente__naam", "-volgnummer")[:500])
    laatste = dict(
        PostbusRegel.objects.filter(bulk_id__in=[b.id for b in rijen])
        .values_list("bulk_id")
        .annotate(laatste=Max("positie"))
    )
    gemeenten = organisaties_van_gemeenten({b.gemeente_id for b in rijen})
    bussen = Postbus.objects.in_bulk([o.id for o in gemeenten.values()])
    eindpunten = Eindpunt.objects.in_bulk([o.id for o in gemeenten.values()])
    opzij = set(GeparkeerdePush.objects.filter(regel__bulk_id__in=laatste).values_list("regel__bulk_id", flat=True))
    kapot = set(
        PostbusRegel.objects.filter(bulk_id__in=laatste, onleesbaar_op__isnull=False).values_list("bulk_id", flat=True)
    )
    hoogste: dict[tuple[str, int, str], int] = {}
    for b in rijen:
        hoogste.setdefault((b.gemeente_id, b.overstapjaar, b.soort), b.volgnummer)
    uit = []
    for bulk in rijen:
        organisatie = gemeenten.get(bulk.gemeente_id)
        bus = bussen.get(organisatie.id) if organisatie else None
        stand = _stand(bulk, laatste.get(bulk.id), bus)
        if bulk.id not in laatste and organisatie and van_organisatie(organisatie).levering_uit:
            stand = "Een andere voorziening bezorgt"
        nieuwste = hoogste[bulk.gemeente_id, bulk.overstapjaar, bulk.soort] == bulk.volgnummer
        gepusht = _gepusht(laatste.get(bulk.id), eindpunten.get(organisatie.id) if organisatie else None)
        if bulk.id in opzij:
            gepusht = "Opzij gezet"
        if bulk.id in kapot:
            stand = "Niet te ontcijferen"
        uit.append(BulkStand(bulk, SOORT_NAAM[bulk.soort], SOORT_UITLEG[bulk.soort], stand, nieuwste, gepusht))
    return uit


def _stand(bulk: Bulk, positie: int | None, bus: Postbus | None) -> str:
    """How far: made, parked, delivered, fetched or confirmed."""
    if positie is None or bus is None:
        return "Geparkeerd: gemeente niet aangesloten" if bulk.geparkeerd_op else "Gemaakt, nog niet bezorgd"
    if bus.bevestigd_tot >= positie:
        return "Bevestigd"
    return "Opgehaald" if bus.opgehaald_tot >= positie else "Bezorgd in de postbus"


def _gepusht(positie: int | None, eindpunt: Eindpunt | None) -> str:
    """Whether the endpoint of the gemeente took it."""
    if eindpunt is None:
        return "Geen eindpunt"
    if positie is not None and eindpunt.gepusht_tot >= positie:
        return "Ja"
    return "Nog niet" if eindpunt.actief else "Eindpunt staat uit"


@dataclass(frozen=True, slots=True)
class BulkRij:
    """One leerling in a bulk; ``overstap`` only where this viewer may see that one."""

    overstap: Overstap | None
    school: str
    reden: str
    status: str
    mbo: str
    sinds: date | None


def bulkrijen(actor: Actor, bulk: Bulk, na: int) -> tuple[list[BulkRij], int | None]:
    """A page of a bulk after row ``na``, and where the next one starts."""
    regels = list(
        BulkRegel.objects.filter(bulk=bulk, nr__gt=na).select_related("mbo_ganger").order_by("nr")[: PER_PAGINA + 1]
    )
    deel = regels[:PER_PAGINA]
    zichtbaar = _zichtbaar(actor, [r.mbo_ganger.overstap_id for r in deel if r.mbo_ganger.overstap_id])
    namen = _namen({r.mbo_ganger.brin for r in deel} | {r.mbo_code for r in deel})
    rijen = [
        BulkRij(
            overstap=zichtbaar.get(r.mbo_ganger.overstap_id) if r.mbo_ganger.overstap_id else None,
            school=namen.get(("vo", r.mbo_ganger.brin), r.mbo_ganger.brin),
            reden=REDEN[SignaalType(r.signaal_type)],
            status=routering.label_op(r.status, r.status_datum) if r.status and r.status_datum else "",
            mbo=namen.get(("mbo", r.mbo_code), r.mbo_code),
            sinds=r.status_datum,
        )
        for r in deel
    ]
    return rijen, deel[-1].nr if len(regels) > PER_PAGINA else None


def _zichtbaar(actor: Actor, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Overstap]:
    rijen = Overstap.objects.zichtbaar_voor(actor).filter(pk__in=list(ids)).select_related("leerling")
    return {o.id: o for o in rijen}


def _namen(codes: Iterable[str]) -> dict[tuple[str, str], str]:
    rijen = Organisatie.objects.filter(code__in=sorted(set(codes)), soort__in=["vo", "mbo"])
    return {(o.soort, o.code): o.naam for o in rijen}


@dataclass(frozen=True, slots=True)
class BerichtRij:
    """One message in a postbus, in words. Never a pgn."""

    positie: int
    moment: datetime
    soort: str
    inhoud: str
    overstap: Overstap | None
    van: str


def berichten(actor: Actor, ontvanger: uuid.UUID, voor: int | None) -> tuple[list[BerichtRij], int | None]:
    """The newest messages of a postbus before a positie, and where the older ones start. Constant number of queries."""
    keuze = PostbusRegel.objects.filter(ontvanger_id=ontvanger, bericht__isnull=False).select_related("bericht")
    if voor is not None:
        keuze = keuze.filter(positie__lt=voor)
    regels = list(keuze.order_by("-positie")[: PER_PAGINA + 1])
    deel = [(r, r.bericht, _lees(r.bericht)) for r in regels[:PER_PAGINA] if r.bericht is not None]
    pgns = {r.id: _pgn(b, d) for r, b, d in deel if d is not None}
    indexen = {pk: geheim.blinde_index(p.soort, p.nummer) for pk, p in pgns.items()}
    hier = {
        (o.overstapjaar, bytes(o.leerling.pgn_index)): o
        for o in Overstap.objects.zichtbaar_voor(actor)
        .select_related("leerling")
        .extra(where=["statuses_leerling.pgn_index = ANY(%s::bytea[])"], params=[reeks(list(indexen.values()))])
    }
    namen = _namen(code for _, b, d in deel if d is not None for code in _codes(b, d))
    rijen = [
        BerichtRij(
            r.positie, r.geleverd_op, Soort(b.soort).label, _in_woorden(b, d, namen) if d else _ONLEESBAAR,
            hier.get((b.overstapjaar, indexen[r.id])) if d else None, _van(b, d, namen) if d else "",
        )
        for r, b, d in deel
    ]  # fmt: skip
    return rijen, rijen[-1].positie if len(regels) > PER_PAGINA else None


_ONLEESBAAR = "Niet te ontcijferen. De beheerder van Overstap ziet dit ook."


def _lees(bericht: Bericht) -> Any:
    """The message, or None when it cannot be decrypted."""
    try:
        return opstellen.lees(bericht)
    except geheim.Onleesbaar:
        return None


def _pgn(bericht: Bericht, d: Any) -> Any:
    if bericht.soort == Soort.MBO_GANGER:
        return d.potentiele_mbo_ganger.pgn
    return d.aanmeldstatus.pgn if bericht.soort == Soort.AANMELDSTATUS else d.signalen.signalen[0].pgn


def _codes(bericht: Bericht, d: Any) -> list[str]:
    if bericht.soort == Soort.MBO_GANGER:
        return [d.potentiele_mbo_ganger.brin]
    if bericht.soort == Soort.AANMELDSTATUS:
        return [d.aanmeldstatus.mbo_instelling]
    regel = d.signalen.signalen[0]
    return [regel.vo_school[:4], regel.mbo_instelling or ""]


def _in_woorden(bericht: Bericht, d: Any, namen: dict[tuple[str, str], str]) -> str:
    if bericht.soort == Soort.MBO_GANGER:
        return "Ja" if d.potentiele_mbo_ganger.is_potentiele_mbo_ganger else "Nee, niet meer"
    if bericht.soort == Soort.AANMELDSTATUS:
        return routering.label_op(d.aanmeldstatus.status, d.aanmeldstatus.status_datum)
    regel = d.signalen.signalen[0]
    tekst = REDEN[SignaalType(regel.signaal_type)]
    if not regel.status:
        return tekst
    mbo = namen.get(("mbo", regel.mbo_instelling or ""), regel.mbo_instelling or "")
    return f"{tekst}: {routering.label_op(regel.status, regel.status_datum)} ({mbo})"


def _van(bericht: Bericht, d: Any, namen: dict[tuple[str, str], str]) -> str:
    if bericht.soort == Soort.SIGNAAL:
        return "Overstap"
    code = _codes(bericht, d)[0]
    return namen.get(("vo" if bericht.soort == Soort.MBO_GANGER else "mbo", code), code)
