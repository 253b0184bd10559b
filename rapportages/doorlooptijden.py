"""How long an mbo takes per step, against what was agreed: measured from the gebeurtenissen, and who waits too long now.

A step is the time that an aanmelding stood at 7, 8, 9 or 10. Measured: from the day on which that status holds to the day
on which the next one does, forward or stopped, holidays left out. What a correctie replaced never stood there; a step that
was taken back is not measured. Bron: Overstapprocedure RMC 21, 1 and bijlage 1; domein.md 2, 3 (MB7) and PROC "doorlooptijden".
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, cast

from django.db import connection
from django.db.models import Count, Q

from accounts.instellingen import lees, lees_organisatie
from accounts.models import Organisatie, Regio
from accounts.rechten import Soort
from overstap.basis import klok
from rapportages.indicatoren import ONDERDRUK_ONDER
from statuses.looptijd import Periode, grens, samengevoegd
from statuses.models import Aanmelding
from statuses.status import CODES, GESTOPT, OPEN, Status

STAPPEN: tuple[Status, ...] = tuple(sorted(OPEN))
TOTAAL = ""  # the key of all groups together

# A gebeurtenis stands as long as no later one holds from the same day or earlier; a step taken on the same day took 0 days.
_STAPPEN = """
WITH rij AS (
    SELECT g.regio_id, g.overstap_id, g.spoor, g.volgnr, g.naar, g.geldig_op,
        min(g.geldig_op) OVER later AS later,
        min(g.geldig_op) FILTER (WHERE g.correctie) OVER later AS verbeterd
    FROM statuses_gebeurtenis g
    WHERE g.regio_id = ANY(%(regios)s) AND g.overstapjaar = %(jaar)s AND g.spoor >= 10
    WINDOW later AS (PARTITION BY g.overstap_id, g.spoor ORDER BY g.volgnr ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
), gold AS (
    SELECT rij.*, lag(naar) OVER (PARTITION BY overstap_id, spoor ORDER BY volgnr) AS vorige
    FROM rij WHERE (later IS NULL OR later >= geldig_op) AND (verbeterd IS NULL OR verbeterd > geldig_op)
), stap AS (
    SELECT regio_id, overstap_id, spoor, naar AS status, geldig_op AS begin,
        lead(geldig_op) OVER deze AS eind, lead(naar) OVER deze AS volgende
    FROM gold WHERE vorige IS DISTINCT FROM naar
    WINDOW deze AS (PARTITION BY overstap_id, spoor ORDER BY volgnr)
), gemeten AS (
    SELECT {groep} AS groep, s.status, n.norm,
        (s.eind - s.begin) - (
            SELECT coalesce(sum(greatest(0, least(s.eind, v.tot) - greatest(s.begin, v.van - 1))), 0)
            FROM unnest(%(vrij_regio)s::text[], %(vrij_van)s::date[], %(vrij_tot)s::date[]) AS v(regio, van, tot)
            WHERE v.regio = s.regio_id
        ) AS dagen
    FROM stap s
    JOIN statuses_aanmelding a ON a.overstap_id = s.overstap_id AND a.nr = s.spoor - 10
    JOIN statuses_overstap o ON o.id = s.overstap_id AND o.gemarkeerd_sinds IS NOT NULL
    JOIN accounts_organisatie mbo ON mbo.id = a.mbo_id
    LEFT JOIN unnest(%(norm_regio)s::text[], %(norm_mbo)s::uuid[], %(norm_status)s::int[], %(norm)s::int[])
        AS n(regio, mbo, status, norm) ON n.regio = s.regio_id AND n.mbo = a.mbo_id AND n.status = s.status
    WHERE s.status = ANY(%(open)s) AND s.eind IS NOT NULL
        AND (s.volgende > s.status OR s.volgende = ANY(%(gestopt)s)) {waar}
)
SELECT coalesce(groep, ''), status, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY dagen),
    percentile_cont(0.9) WITHIN GROUP (ORDER BY dagen), count(norm), count(*) FILTER (WHERE dagen > norm)
FROM gemeten GROUP BY GROUPING SETS ((status), (groep, status))"""

_GROEP = {"mbo": ("mbo.code", "mbo__code"), "opleiding": ("a.opleiding", "opleiding")}


@dataclass(frozen=True, slots=True)
class Normen:
    """The agreed days of one regio: its own per step, and those of an instelling that agreed otherwise."""

    regio: str
    standaard: Mapping[Status, int]
    per_mbo: Mapping[uuid.UUID, Mapping[Status, int]]
    vakanties: tuple[Periode, ...] = ()

    def van(self, mbo_id: uuid.UUID | None, status: Status) -> int | None:
        """The days for this step there; of the regio itself for None. None: nothing was agreed."""
        eigen = self.per_mbo.get(mbo_id, {}) if mbo_id else {}
        return eigen.get(status, self.standaard.get(status))


def _dagen(gekozen: Mapping[str, int]) -> dict[Status, int]:
    """Status -> agreed days, of what an instelling or regio set."""
    return {CODES[code]: dagen for code, dagen in gekozen.items() if code in CODES}


def normen_van(regios: Iterable[str]) -> tuple[Normen, ...]:
    """What was agreed in each of these regio's; two statements."""
    codes = sorted(regios)
    per_regio: dict[str, dict[uuid.UUID, Mapping[Status, int]]] = {code: {} for code in codes}
    mbos = Organisatie.objects.filter(soort=Soort.MBO, deelnames__regio_id__in=codes)
    for regio, pk, json in mbos.values_list("deelnames__regio_id", "pk", "instellingen"):
        if regio in per_regio:
            per_regio[regio][pk] = _dagen(lees_organisatie(json).doorlooptijden)
    gekozen = {code: lees(json) for code, json in Regio.objects.filter(pk__in=codes).values_list("pk", "instellingen")}
    return tuple(
        Normen(code, _dagen(g.doorlooptijden), per_regio[code], samengevoegd(g.vakanties))
        for code, g in sorted(gekozen.items())
    )


def over_tijd_q(regios: Iterable[str] | Sequence[Normen], dag: date | None = None) -> Q:
    """Filter on Aanmelding: those that wait longer at their status now than was agreed there. Marked leerlingen who are here.

    ``regios``: the codes, or the normen where the caller has them.
    """
    normen = [n for n in regios if isinstance(n, Normen)] or list(normen_van(cast("Iterable[str]", regios)))
    op = dag or klok.vandaag()
    uit = Q(pk__in=[])
    for n in normen:
        for status in STAPPEN:
            uit |= Q(regio_id=n.regio, status=status) & _langer(n, status, op)
    return uit & Q(overstap__gemarkeerd_sinds__isnull=False, overstap__gesloten_op__isnull=True)


def _langer(n: Normen, status: Status, op: date) -> Q:
    per_norm: dict[int, list[uuid.UUID]] = defaultdict(list)
    for mbo_id, eigen in n.per_mbo.items():
        if status in eigen:
            per_norm[eigen[status]].append(mbo_id)
    uit = Q(pk__in=[])
    for norm, mbos in per_norm.items():
        uit |= Q(mbo_id__in=mbos, status_datum__lte=grens(op, norm, n.vakanties))
    if status in n.standaard:
        met_eigen = [mbo for mbos in per_norm.values() for mbo in mbos]
        rest = Q(status_datum__lte=grens(op, n.standaard[status], n.vakanties))
        uit |= rest & ~Q(mbo_id__in=met_eigen) if met_eigen else rest
    return uit


@dataclass(frozen=True, slots=True)
class Meting:
    """One step of one group. None: below five and not told. ``mediaan`` and ``p90`` are None when nothing was measured."""

    status: Status
    norm: int | None = None
    gemeten: int | None = 0
    mediaan: Decimal | None = None
    p90: Decimal | None = None
    over: int | None = 0  # of those measured with an agreement
    met_norm: int | None = 0
    loopt: int | None = 0
    nu_over: int | None = 0
    eigen_norm: bool = False  # the instelling agreed on other days than the regio

    @property
    def onderdrukt(self) -> bool:
        return self.gemeten is None

    @property
    def is_trager(self) -> bool:
        return self.norm is not None and self.mediaan is not None and self.mediaan > self.norm


@dataclass(slots=True)
class Groep:
    """The four steps of an instelling or opleiding."""

    sleutel: str
    naam: str
    metingen: dict[Status, Meting] = field(default_factory=dict)

    @property
    def stappen(self) -> list[Meting]:
        return [self.metingen.get(s, Meting(s)) for s in STAPPEN]


def meet(
    normen: Sequence[Normen],
    overstapjaar: int,
    *,
    per: str = "mbo",
    mbo_id: uuid.UUID | None = None,
    zichtbaar: Collection[str] | None = None,
    dag: date | None = None,
) -> dict[str, dict[Status, Meting]]:
    """Key (code of the mbo or name of the opleiding; TOTAAL) -> step -> figures; two statements.

    ``mbo_id``: only the aanmeldingen there. ``zichtbaar``: the keys whose rows the viewer sees (None: all); of the others a
    number below five is not told. Needs a bereik with the regio's.
    """
    klaar = _gemeten(normen, overstapjaar, per, mbo_id)
    loopt = _lopend(normen, overstapjaar, per, mbo_id, dag or klok.vandaag())
    uit: dict[str, dict[Status, Meting]] = defaultdict(dict)
    for groep, status in sorted({*klaar, *loopt}):
        aantal, mediaan, p90, met_norm, over = klaar.get((groep, status), (0, None, None, 0, 0))
        lopend, te_lang = loopt.get((groep, status), (0, 0))
        meting = Meting(Status(status), None, aantal, _rond(mediaan), _rond(p90), over, met_norm, lopend, te_lang)
        uit[groep][meting.status] = meting if zichtbaar is None or groep in zichtbaar else onderdruk(meting)
    return dict(uit)


def onderdruk(m: Meting) -> Meting:
    """Without the numbers below five, and without figures that rest on them."""
    klein = m.gemeten is None or 0 < m.gemeten < ONDERDRUK_ONDER
    return Meting(
        m.status, m.norm, None if klein else m.gemeten, None if klein else m.mediaan, None if klein else m.p90,
        _verhul(m.over), _verhul(m.met_norm), _verhul(m.loopt), _verhul(m.nu_over),
    )  # fmt: skip


def _verhul(n: int | None) -> int | None:
    return None if n is None or 0 < n < ONDERDRUK_ONDER else n


def _rond(waarde: float | None) -> Decimal | None:
    return None if waarde is None else Decimal(str(waarde)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _params(normen: Sequence[Normen], overstapjaar: int) -> dict[str, Any]:
    vrij = [(n.regio, van, tot) for n in normen for van, tot in n.vakanties]
    afspraken = [
        (n.regio, mbo, int(status), norm)
        for n in normen
        for mbo in n.per_mbo
        for status in STAPPEN
        if (norm := n.van(mbo, status)) is not None
    ]
    kolom = [list(k) for k in zip(*afspraken, strict=True)] or [[], [], [], []]
    dagen = [list(k) for k in zip(*vrij, strict=True)] or [[], [], []]
    return {
        "regios": [n.regio for n in normen], "jaar": overstapjaar, "open": [int(s) for s in STAPPEN],
        "gestopt": sorted(int(s) for s in GESTOPT), "vrij_regio": dagen[0], "vrij_van": dagen[1], "vrij_tot": dagen[2],
        "norm_regio": kolom[0], "norm_mbo": kolom[1], "norm_status": kolom[2], "norm": kolom[3],
    }  # fmt: skip


def _gemeten(
    normen: Sequence[Normen], overstapjaar: int, per: str, mbo_id: uuid.UUID | None
) -> dict[tuple[str, int], tuple[Any, ...]]:
    params = _params(normen, overstapjaar)
    waar = ""
    if mbo_id is not None:
        params["mbo"], waar = mbo_id, "AND a.mbo_id = %(mbo)s"
    with connection.cursor() as cursor:
        cursor.execute(_STAPPEN.format(groep=_GROEP[per][0], waar=waar), params)
        return {(rij[0], rij[1]): rij[2:] for rij in cursor.fetchall()}


def _lopend(
    normen: Sequence[Normen], overstapjaar: int, per: str, mbo_id: uuid.UUID | None, dag: date
) -> dict[tuple[str, int], tuple[int, int]]:
    """Those that stand at an open status now, and how many of them too long."""
    rijen = Aanmelding.objects.filter(
        regio_id__in=[n.regio for n in normen], overstapjaar=overstapjaar, status__in=STAPPEN,
        overstap__gemarkeerd_sinds__isnull=False, overstap__gesloten_op__isnull=True,
    )  # fmt: skip
    if mbo_id is not None:
        rijen = rijen.filter(mbo_id=mbo_id)
    tel = rijen.order_by().values_list(_GROEP[per][1], "status")
    uit: dict[tuple[str, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for groep, status, aantal, lang in tel.annotate(n=Count("pk"), lang=Count("pk", filter=over_tijd_q(normen, dag))):
        uit[groep, status] = (aantal, lang)
        heel = uit[TOTAAL, status]
        uit[TOTAAL, status] = (heel[0] + aantal, heel[1] + lang)
    return uit


__all__ = ["STAPPEN", "TOTAAL", "Groep", "Meting", "Normen", "meet", "normen_van", "onderdruk", "over_tijd_q"]
