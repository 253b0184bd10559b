"""How it came so: the moments of a leerling as one role may see them, newest first, with source and time.

Statussen come from the gebeurtenissen; beside them what no status is: mbo-ganger reported, drie vragen answered, handed over.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Gebruiker, Organisatie
from overstap.schermen.omgeving import Omgeving
from statuses.eigen_redenen import labels
from statuses.models import (
    SPOOR_AANMELDING,
    Aanmelding,
    DrieVragen,
    Gebeurtenis,
    Overdracht,
    Overstap,
    Schoolwissel,
)
from statuses.referentie.redenen import REDENEN
from statuses.status import Spoor, Status
from statuses.weergave import alleen_eigen, tekst_voor
from statuses.zichtbaarheid import Veld

# What people read for the way a change came in; by hand says nothing.
BRONNEN = {
    "import": "bestand",
    "bestand": "bestand",
    "hand": "",
    "pagina": "",
    "api": "gekoppeld systeem",
    "feed": "studentsysteem",
    "sis": "studentsysteem",
    "las": "leerlingsysteem",
    "koppelpunt": "koppelpunt",
}
_EINDE_VAN_DE_DAG = time(23, 59)


@dataclass(frozen=True)
class Moment:
    """One moment, as the template shows it. ``op`` orders it."""

    naam: str
    op: datetime
    wanneer: str
    wie: str
    toelichting: str = ""
    status: Status | None = None


def reden_label(status: Status | None, code: str, o: Omgeving) -> str:
    """What people read for a reason code; those of the regio are asked for once per request, when one turns up."""
    if not code:
        return ""
    sleutel = status.code if status else "markering"
    alle = {r.code: r.label for groep in ((REDENEN.get(sleutel) or ()), REDENEN["correctie"]) for r in groep}
    if code in alle:
        return alle[code]
    if "reden_labels" not in o.geheugen:
        o.geheugen["reden_labels"] = labels(o.actor.regios)
    return str(o.geheugen["reden_labels"].get((status, code), code))


def ziet_aanmelding(aanmelding: Aanmelding, o: Omgeving) -> bool:
    """Whether this role sees this aanmelding of a leerling that it sees: an mbo its own, the others all."""
    return o.ziet(Veld.MBO_NAAM) and not (alleen_eigen(o.actor) and aanmelding.mbo_id != o.actor.organisatie_id)


def zichtbare_aanmeldingen(overstap: Overstap, o: Omgeving) -> list[Aanmelding]:
    rijen = overstap.aanmeldingen.select_related("mbo").order_by("-status", "nr")
    if alleen_eigen(o.actor):
        rijen = rijen.filter(mbo_id=o.actor.organisatie_id)
    return list(rijen) if o.ziet(Veld.MBO_NAAM) else []


def zichtbare_sporen(aanmeldingen: Sequence[Aanmelding], o: Omgeving) -> Q:
    """The gebeurtenissen that this role sees: of these aanmeldingen, and of the other sporen where it sees those."""
    eigen = Q(spoor__in=[SPOOR_AANMELDING + a.nr for a in aanmeldingen])
    return Q(spoor__lt=SPOOR_AANMELDING) | eigen if o.ziet(Veld.SPOREN) else eigen


class Namen:
    """The names of people and organisaties behind ids: two queries, whatever the number."""

    def __init__(self, mensen: Iterable[uuid.UUID | None], huizen: Iterable[uuid.UUID | None] = ()) -> None:
        self.mensen: dict[uuid.UUID | None, str] = dict(
            Gebruiker.objects.filter(pk__in={m for m in mensen if m}).values_list("pk", "naam")
        )
        zoek = {h for h in huizen if h}
        self.huizen: dict[uuid.UUID | None, str] = (
            dict(Organisatie.objects.filter(pk__in=zoek).values_list("pk", "naam")) if zoek else {}
        )

    def wie(self, mens: uuid.UUID | None, huis: uuid.UUID | None, bron: str, o: Omgeving) -> str:
        """ "Mbo De Poort, SIS"; of the own organisatie the name of the person alone."""
        naam, weg = self.mensen.get(mens, ""), BRONNEN.get(bron, bron)
        delen = [naam] if naam and huis == o.actor.organisatie_id else [self.huizen.get(huis, "Overstap"), naam]
        return ", ".join(d for d in (*delen, weg) if d)


def kort(dag: date, o: Omgeving) -> str:
    """A day as people write it; the year only where it is another one than they expect."""
    return date_format(dag, "j M" if abs((o.dag - dag).days) < 300 else "j M Y").lower()


def dag_en_tijd(op: datetime, o: Omgeving, geldig_op: date | None = None) -> str:
    """When it held; the hour too where it was told that same day, else the day on which it was told."""
    hier = timezone.localtime(op)
    geldig = geldig_op or hier.date()
    if geldig == hier.date():
        return f"{kort(geldig, o)} {hier:%H:%M}"
    return f"{kort(geldig, o)}, vastgelegd {kort(hier.date(), o)} {hier:%H:%M}"


@dataclass(frozen=True)
class Verloop:
    """The history of one leerling as one role may see it: the gebeurtenissen in their order, and the moments, newest first."""

    rijen: tuple[Gebeurtenis, ...]
    momenten: tuple[Moment, ...]

    def van(self, spoor: int) -> tuple[Gebeurtenis, ...]:
        """The gebeurtenissen of one spoor."""
        return tuple(r for r in self.rijen if r.spoor == spoor)


def verloop_van(overstap: Overstap, aanmeldingen: Sequence[Aanmelding], o: Omgeving) -> Verloop:
    """The history as this role may see it. A constant number of queries."""
    if not o.ziet(Veld.VERLOOP):
        return Verloop((), ())
    sporen = zichtbare_sporen(aanmeldingen, o)
    vraag = Gebeurtenis.objects.filter(sporen, overstap_id=overstap.pk).select_related("toelichting").order_by("volgnr")
    rijen = tuple(vraag)
    momenten = [*stappen(rijen, aanmeldingen, o), *_ernaast(overstap, aanmeldingen, o)]
    # Stable: of one moment what was registered last stands on top.
    return Verloop(rijen, tuple(sorted(momenten, key=lambda m: m.op)[::-1]))


def stappen(rijen: Sequence[Gebeurtenis], aanmeldingen: Sequence[Aanmelding], o: Omgeving) -> list[Moment]:
    """These gebeurtenissen as moments, in the order given. Two queries for the names."""
    namen = Namen({r.actor_id for r in rijen}, {r.organisatie_id for r in rijen})
    per_nr = {(a.overstap_id, SPOOR_AANMELDING + a.nr): a for a in aanmeldingen}
    return [_stap(r, per_nr, namen, o) for r in rijen]


def _stap(r: Gebeurtenis, per_nr: Mapping[Any, Aanmelding], namen: Namen, o: Omgeving) -> Moment:
    naar = Status(r.naar) if r.naar else None
    van = Status(r.van) if r.van else None
    naam = naar.label_op(r.geldig_op) if naar else f"{van.label if van else 'Status'} teruggenomen"
    if r.spoor_naam == Spoor.MARKERING:
        naam = "Overstapper" if naar else "Vinkje weggehaald"
    aanmelding = per_nr.get((r.overstap_id, r.spoor))
    delen = []
    if aanmelding is not None:
        delen.append(aanmelding.opleiding if o.ziet(Veld.OPLEIDING) else aanmelding.mbo.naam)
    if r.reden_code and o.ziet(Veld.REDEN):
        delen.append(f"reden: {reden_label(naar or van, r.reden_code, o).lower()}")
    toelichting = getattr(r, "toelichting", None)
    if tekst := tekst_voor(o.actor, r.spoor_naam, naar, toelichting):
        delen.append(f"“{tekst}”")
    leest = o.ziet(Veld.REDEN_TEKST) or o.ziet(Veld.LP_TEKST)
    if toelichting is not None and toelichting.contact and leest:
        delen.append(f"contact: {toelichting.contact}")
    if r.correctie and r.reden_code != "correctie":
        delen.append("correctie")
    return Moment(
        naam,
        r.geregistreerd_op,
        dag_en_tijd(r.geregistreerd_op, o, r.geldig_op),
        namen.wie(r.actor_id, r.organisatie_id, r.bron, o),
        " · ".join(delen),
        naar if naar and r.spoor_naam != Spoor.MARKERING else None,
    )


def _dag(dag: date) -> datetime:
    return datetime.combine(dag, _EINDE_VAN_DE_DAG, tzinfo=timezone.get_current_timezone())


def _ernaast(overstap: Overstap, aanmeldingen: Sequence[Aanmelding], o: Omgeving) -> list[Moment]:
    """The moments that no gebeurtenis tells."""
    uit = _drie_vragen(aanmeldingen, o)
    if not o.ziet(Veld.SPOREN):
        return uit
    if overstap.mbo_ganger_gemeld_op:
        gemeente = overstap.leerling.gemeente
        naam = "Mbo-ganger gemeld" if overstap.mbo_ganger else "Gemeld: geen mbo-ganger meer"
        naam = f"{naam} aan {gemeente.naam}" if gemeente else naam
        dag = overstap.mbo_ganger_gemeld_op
        uit.append(Moment(naam, _dag(dag), kort(dag, o), "automatisch"))
    if overstap.in_bulk_op:
        dag = overstap.in_bulk_op
        uit.append(Moment("In de bulkmelding aan de gemeente", _dag(dag), kort(dag, o), "automatisch"))
    for rij in Schoolwissel.objects.filter(overstap_id=overstap.pk).select_related("van_vestiging", "naar_vestiging"):
        uit.append(
            Moment(f"Van {rij.van_vestiging.naam} naar {rij.naar_vestiging.naam}", rij.op, dag_en_tijd(rij.op, o), "")
        )
    for over in Overdracht.objects.filter(overstap_id=overstap.pk).select_related("gemeente"):
        tekst = f"“{over.tekst}”" if over.tekst and o.ziet(Veld.LP_TEKST) else ""
        naam = f"Leerplicht overgedragen aan {over.gemeente.naam}"
        uit.append(Moment(naam, over.op, dag_en_tijd(over.op, o), "leerplicht", tekst))
    return uit


def _drie_vragen(aanmeldingen: Sequence[Aanmelding], o: Omgeving) -> list[Moment]:
    """That they were answered, for the school and the mbo of that aanmelding; what was answered stands in its own blok."""
    if not o.ziet(Veld.REDEN_TEKST):
        return []
    rijen = list(DrieVragen.objects.filter(aanmelding_id__in=[a.pk for a in aanmeldingen], beantwoord_op__isnull=False))
    namen = Namen(r.beantwoord_door for r in rijen) if rijen else None
    per = {a.pk: a for a in aanmeldingen}
    return [
        Moment(
            "Drie vragen beantwoord",
            r.beantwoord_op,
            dag_en_tijd(r.beantwoord_op, o),
            (namen.mensen.get(r.beantwoord_door, "") if namen and not alleen_eigen(o.actor) else "") or "de school",
            per[r.aanmelding_id].opleiding,
        )
        for r in rijen
        if r.beantwoord_op is not None
    ]
