"""Which meldingen an actor sees, and what of each. The same queryset counts step BO1 on /vandaag.

The beheerorganisatie sees a reference, the school and the status; the one that it was passed on to and the one who reported
it see the leerling as far as their role does.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet

from accounts import audit
from accounts.actor import Actor
from accounts.rechten import ROL_LABELS, Recht, Rol, Soort
from accounts.scope import sleutel
from overstap.gesprekken.models import Melding
from statuses.models import Overstap
from statuses.status import Status
from statuses.termijnen import Kalender
from statuses.verwijzing import verwijzing
from statuses.zichtbaarheid import naam_voor

PER_PAGINA = 50
PARTIJ_VAN_SOORT: dict[str, str] = {
    Soort.VO.value: "de school",
    Soort.MBO.value: "het mbo",
    Soort.GEMEENTE.value: "leerplicht",
    Soort.SAMENWERKINGSVERBAND.value: "het samenwerkingsverband",
    Soort.BEHEERORGANISATIE.value: "de beheerorganisatie",
}


def behandelt(actor: Actor) -> bool:
    """Whether meldingen come to this actor first."""
    return actor.rol == Rol.BEHEERORGANISATIE


def _voorgelegd(actor: Actor) -> Q:
    """Passed on to the own organisatie, about a leerling that this actor sees."""
    if behandelt(actor) or not actor.mag(Recht.MELDINGEN_BEANTWOORDEN):
        return Q(pk__in=[])
    zichtbaar = Overstap.objects.zichtbaar_voor(actor).values("pk")
    return Q(doorgezet_naar_id=actor.organisatie_id, overstap_id__in=zichtbaar)


def _eigen(actor: Actor) -> Q:
    return Q(melder_id=actor.id, organisatie_id=actor.organisatie_id, rol=actor.rol.value)


def zichtbaar(actor: Actor) -> QuerySet[Melding]:
    """Everything of the regio for the beheerorganisatie; else the own ones and what was passed on to the own organisatie."""
    if behandelt(actor):
        return Melding.objects.all()
    return Melding.objects.filter(_eigen(actor) | _voorgelegd(actor))


def te_beantwoorden(actor: Actor) -> QuerySet[Melding]:
    """What waits for this actor."""
    if behandelt(actor):
        return Melding.objects.filter(stand=Melding.Stand.NIEUW)
    return Melding.objects.filter(_voorgelegd(actor), stand=Melding.Stand.DOORGEZET)


def nieuw(actor: Actor, kalender: Kalender, dag: date) -> QuerySet[Melding]:
    """The rows of BO1: what nobody answered or passed on yet, knelpunten too, so that none is forgotten."""
    return te_beantwoorden(actor)


@dataclass(frozen=True, slots=True)
class Rij:
    """One melding as this actor sees it. ``overstap_id`` only where the page of that leerling is open to them."""

    melding: Melding
    wie: str
    school: str
    status: Status | None
    overstap_id: uuid.UUID | None
    van: str
    bij: str
    wacht_op_mij: bool


@dataclass(frozen=True, slots=True)
class Pagina:
    """One page of meldingen, the newest first, and how many there are per stand."""

    rijen: list[Rij]
    aantal: int
    wacht: int
    per_stand: dict[str, int]
    volgende: str


def haal(actor: Actor, stand: str = "", *, alleen_wacht: bool = False, vanaf: str = "") -> Pagina:
    """One page; a constant number of queries, and a line in the log for the leerlingen that are named."""
    alle = zichtbaar(actor)
    per_stand = dict(alle.values_list("stand").annotate(n=Count("pk")))
    wacht = te_beantwoorden(actor)
    keuze = wacht if alleen_wacht else alle.filter(stand=stand) if stand else alle
    aantal = keuze.count()
    if plek := _lees(vanaf):
        keuze = keuze.filter(Q(op__lt=plek[0]) | Q(op=plek[0], pk__lt=plek[1]))
    rijen = list(_met_alles(keuze).order_by("-op", "-pk")[: PER_PAGINA + 1])
    meer, rijen = len(rijen) > PER_PAGINA, rijen[:PER_PAGINA]
    volgende = f"{rijen[-1].op.isoformat()}_{rijen[-1].pk}" if meer else ""
    return Pagina(rijen_van(actor, rijen), aantal, wacht.count(), per_stand, volgende)


def _lees(vanaf: str) -> tuple[datetime, uuid.UUID] | None:
    tijd, _, pk = vanaf.partition("_")
    gelezen = sleutel(pk)
    try:
        op = datetime.fromisoformat(tijd)
    except ValueError:
        return None
    # Only what an earlier page wrote: in UTC, and a year that the database can count with.
    return (op, gelezen) if gelezen and op.utcoffset() == timedelta(0) and 2000 <= op.year <= 2200 else None


def _met_alles(rijen: QuerySet[Melding]) -> QuerySet[Melding]:
    return rijen.select_related("doorgezet_naar", "overstap__vestiging", "overstap__leerling")


def get(actor: Actor, pk: uuid.UUID) -> Melding | None:
    """The melding, when this actor sees it."""
    return _met_alles(zichtbaar(actor)).filter(pk=pk).first()


def rijen_van(actor: Actor, meldingen: list[Melding]) -> list[Rij]:
    """Each melding as this actor sees it: whose names show is decided here, once. Two queries and a line in the log."""
    ids = [m.overstap_id for m in meldingen if m.overstap_id]
    open_ = (
        set(Overstap.objects.zichtbaar_voor(actor).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    )
    wacht = set(te_beantwoorden(actor).filter(pk__in=[m.pk for m in meldingen]).values_list("pk", flat=True))
    personen = sorted(
        {(m.regio_id, m.overstap.leerling_id) for m in meldingen if m.overstap and m.overstap_id in open_}
    )
    if meldingen:
        audit.log(actor, "meldingen.zien", leerlingen=personen, object_soort="melding", aantal=len(meldingen))
    return [_rij(actor, m, m.overstap_id in open_, m.pk in wacht) for m in meldingen]


def _rij(actor: Actor, m: Melding, mag_leerling: bool, wacht_op_mij: bool) -> Rij:
    overstap = m.overstap
    wie = school = ""
    if overstap is not None:
        wie = naam_voor(actor, overstap) if mag_leerling else f"Leerling {verwijzing(overstap.pk)}"
        school = overstap.vestiging.naam
    nummer = overstap.leidende_status if overstap is not None and behandelt(actor) else None
    namens_mij = m.melder_id == actor.id and m.organisatie_id == actor.organisatie_id
    van = "u" if namens_mij else ROL_LABELS[Rol(m.rol)]
    bij = PARTIJ_VAN_SOORT[m.doorgezet_naar.soort] if m.doorgezet_naar else "de beheerorganisatie"
    if m.doorgezet_naar and m.doorgezet_naar.soort == Soort.BEHEERORGANISATIE.value:
        bij = "leerplicht"  # the RMC-functie
    return Rij(
        m, wie, school, Status(nummer) if nummer else None,
        overstap.pk if overstap and mag_leerling else None, van, bij, wacht_op_mij,
    )  # fmt: skip
