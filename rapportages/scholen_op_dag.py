"""The list of schools as of a day: how far each is towards the ambitie that comes next, beside a week and a year before.

A constant number of statements, whatever the number of schools. Bron: domein.md 3 (AJ1-AJ4) and 4.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Count, Max, QuerySet, Sum
from django.utils import timezone

from accounts import instellingen
from accounts.models import Regio, Vestiging
from overstap.basis import klok
from rapportages.ambities import percentage, tel, tellingen_van
from rapportages.indicatoren import Ambitie, ambities_van
from rapportages.zicht import jaar_eerder
from statuses.models import Examenkandidaten, Gebeurtenis, Levering, Overstap
from statuses.status import LEERPLICHT_AAN_HET_WERK, TERUG, Status
from statuses.termijnen import Kalender, kalender_van

VMBO = ("bb", "kb", "gl", "tl")
_GEPLAATST = f"leidend = {int(Status.DEFINITIEF)}"


def _in(statussen: frozenset[Status]) -> str:
    return f"leidend IN ({', '.join(str(int(s)) for s in sorted(statussen))})"


# Counts over the leden of ambities.py (overstappers, zonder, terug, leerplicht, geplaatst, niet geplaatst), after the numerator and denominator of the ambitie.
EXTRA = ", ".join(
    f"count(*) FILTER (WHERE {waar})"
    for waar in ("true", "leidend = 1", _in(TERUG), _in(LEERPLICHT_AAN_HET_WERK), _GEPLAATST, f"NOT ({_GEPLAATST} OR leidend = 6)")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kandidaten:
    """Exam candidates of vmbo as DUO published them last; ``ondergrens``: there was a "<5" in it."""

    schooljaar: str
    aantal: int
    ondergrens: bool


@dataclass(frozen=True, slots=True)
class School:
    """One vestiging in the list. ``verschil``: overstappers against the same day a year before, None when nothing is known."""

    vestiging: Vestiging
    overstappers: int
    verschil: int | None
    teller: int
    noemer: int
    percentage: Decimal | None
    week: int  # more of them count than a week before
    zonder: int
    terug: int
    leerplicht: int
    geplaatst: int
    niet_geplaatst: int
    laatst_actief: date | None
    # Of the same ambitie on the same day a year before; a denominator of 0: nobody, or not known.
    vorig_teller: int = 0
    vorig_noemer: int = 0
    kandidaten: Kandidaten | None = None
    examenklas: int = 0  # leerlingen of the examen classes that the school delivered, marked or not, now

    @property
    def vorig_percentage(self) -> Decimal | None:
        return percentage(self.vorig_teller, self.vorig_noemer)

    @property
    def soorten(self) -> str:
        """ "bb kb tl havo"."""
        overig = [s for s in self.vestiging.onderwijssoorten if s != "vmbo" or not self.vestiging.leerwegen]
        return " ".join([*self.vestiging.leerwegen, *overig])


@dataclass(frozen=True, slots=True)
class Scholen:
    ambitie: Ambitie
    datum: date
    scholen: list[School]


def scholen_op(vestigingen: QuerySet[Vestiging], regio: str, overstapjaar: int, peildatum: date) -> Scholen:
    """Every one of these vestigingen as of the end of the peildatum, in the order of their name."""
    gekozen = instellingen.van(Regio.objects.get(pk=regio))
    kal = kalender_van(gekozen, overstapjaar)
    ambities = ambities_van(gekozen, overstapjaar)
    ambitie = next((a for a in ambities if a.datum(kal) >= peildatum), ambities[-1])
    tellingen = f"{tellingen_van((ambitie,))}, {EXTRA}"
    nu = {rij[0]: rij[2:] for rij in tel(kal, regio, peildatum, "vestiging", tellingen)}
    week = {rij[0]: rij[2] for rij in tel(kal, regio, peildatum - timedelta(7), "vestiging", tellingen_van((ambitie,)))}
    vorig = _vorig_jaar(kalender_van(gekozen, overstapjaar - 1), regio, peildatum, ambitie)
    lijst = list(vestigingen.select_related("organisatie", "gemeente__subregio").order_by("naam", "code"))
    actief = _laatst_actief(regio, overstapjaar, lijst)
    kandidaten, examenklassen = _kandidaten(lijst), _examenklassen(overstapjaar, lijst)
    return Scholen(
        ambitie,
        ambitie.datum(kal),
        [
            replace(
                _school(v, nu.get(v.code, (0,) * 8), week.get(v.code, 0), vorig),
                laatst_actief=actief.get(v.pk),
                kandidaten=kandidaten.get(v.pk),
                examenklas=examenklassen.get(v.pk, 0),
            )
            for v in lijst
        ],
    )


def _vorig_jaar(
    eerder: Kalender, regio: str, peildatum: date, ambitie: Ambitie
) -> dict[str, tuple[int, int, int]] | None:
    """Per vestiging numerator, denominator and overstappers on the same day a year before; None when there was no such jaar."""
    tellingen = f"{tellingen_van((ambitie,))}, count(*)"
    return {rij[0]: rij[2:5] for rij in tel(eerder, regio, jaar_eerder(peildatum), "vestiging", tellingen)} or None


def _kandidaten(lijst: Sequence[Vestiging]) -> dict[uuid.UUID, Kandidaten]:
    """Per vestiging the exam candidates of vmbo of the newest schooljaar that is known of it."""
    rijen = (
        Examenkandidaten.objects.filter(vestiging__in=lijst, leerweg__in=VMBO)
        .order_by()
        .values_list("vestiging_id", "schooljaar")
        .annotate(aantal=Sum("aantal"), ondergrens=BoolOr("ondergrens"))
    )
    uit: dict[uuid.UUID, Kandidaten] = {}
    for vestiging, schooljaar, aantal, ondergrens in rijen:
        if vestiging not in uit or schooljaar > uit[vestiging].schooljaar:
            uit[vestiging] = Kandidaten(schooljaar, aantal, ondergrens)
    return uit


def _school(
    v: Vestiging,
    cijfers: tuple[int, ...],
    week: int,
    vorig: dict[str, tuple[int, int, int]] | None,
) -> School:
    teller, noemer, overstappers, zonder, terug, leerplicht, geplaatst, niet_geplaatst = cijfers
    toen = (0, 0, 0) if vorig is None else vorig.get(v.code, (0, 0, 0))
    return School(
        v,
        overstappers,
        None if vorig is None else overstappers - toen[2],
        teller,
        noemer,
        percentage(teller, noemer),
        teller - week,
        zonder,
        terug,
        leerplicht,
        geplaatst,
        niet_geplaatst,
        None,
        toen[0],
        toen[1],
    )


def _examenklassen(overstapjaar: int, lijst: Sequence[Vestiging]) -> dict[uuid.UUID, int]:
    """Per vestiging how many leerlingen of the examen classes the school delivered: what step AJ1 compares with."""
    rijen = Overstap.objects.filter(
        vestiging__in=lijst, overstapjaar=overstapjaar, examenkandidaat=True, gesloten_op__isnull=True
    )
    return dict(rijen.order_by().values_list("vestiging_id").annotate(Count("pk")))


def _laatst_actief(regio: str, overstapjaar: int, lijst: Sequence[Vestiging]) -> dict[uuid.UUID, date]:
    """The last day on which the school itself did something: a change of one of its leerlingen, or a delivery."""
    scholen = {v.organisatie_id for v in lijst}
    leveringen = dict(
        Levering.objects.filter(regio_id=regio, organisatie_id__in=scholen, soort="leerlingen").values_list(
            "organisatie_id", "ontvangen_op"
        )
    )
    daden = dict(
        Gebeurtenis.objects.filter(regio_id=regio, overstapjaar=overstapjaar, organisatie_id__in=scholen)
        .order_by()
        .values_list("overstap__vestiging_id")
        .annotate(laatst=Max("geregistreerd_op"))
    )
    uit: dict[uuid.UUID, date] = {}
    for v in lijst:
        momenten = [m for m in (leveringen.get(v.organisatie_id), daden.get(v.pk)) if m is not None]
        if momenten:
            uit[v.pk] = timezone.localtime(max(momenten)).date()
    return uit


def dagen_geleden(dag: date | None) -> str:
    """ "vandaag actief", "gisteren actief", "9 dagen geleden actief", or "nooit actief"."""
    if dag is None:
        return "nooit actief"
    dagen = (klok.vandaag() - dag).days
    return {0: "vandaag actief", 1: "gisteren actief"}.get(max(dagen, 0), f"{dagen} dagen geleden actief")
