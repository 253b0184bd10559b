"""How long an mbo takes per step, against what was agreed: measured from the gebeurtenissen, and who waits too long now.

A step is the time that an aanmelding stood at 7, 8, 9 or 10. Measured: from the day on which that status holds to the day
on which the next one does, forward or stopped, holidays left out. What a correctie replaced never stood there; a step that
was taken back is not measured. Bron: Overstapprocedure RMC 21, 1 and bijlage 1; domein.md 2, 3 (MB7) and PROC "doorlooptijden".
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, cast

from django.db import connection
from django.db.models import Count, Q

from accounts import instellingen
from accounts.models import Regio
from overstap.basis import klok
from rapportages.klein import Getal, verberg, verhul
from statuses import risico
from statuses.looptijd import samengevoegd
from statuses.models import Aanmelding
from statuses.regels import Regels
from statuses.regiokalender import regels_van, regios_met_regels
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
    SELECT {groep} AS groep, s.status, coalesce(eigen.norm, regio.norm) AS norm,
        (s.eind - s.begin) - (
            SELECT coalesce(sum(greatest(0, least(s.eind, v.tot) - greatest(s.begin, v.van - 1))), 0)
            FROM unnest(%(vrij_regio)s::text[], %(vrij_van)s::date[], %(vrij_tot)s::date[]) AS v(regio, van, tot)
            WHERE v.regio = s.regio_id
        ) AS dagen
    FROM stap s
    JOIN statuses_aanmelding a ON a.overstap_id = s.overstap_id AND a.nr = s.spoor - 10
    JOIN statuses_overstap o ON o.id = s.overstap_id AND o.gemarkeerd_sinds IS NOT NULL
    JOIN accounts_organisatie mbo ON mbo.id = a.mbo_id
    LEFT JOIN unnest(%(regio_van)s::text[], %(regio_status)s::int[], %(regio_norm)s::int[])
        AS regio(van, status, norm) ON regio.van = s.regio_id AND regio.status = s.status
    LEFT JOIN unnest(%(eigen_van)s::text[], %(eigen_mbo)s::uuid[], %(eigen_status)s::int[], %(eigen_norm)s::int[])
        AS eigen(van, mbo, status, norm) ON eigen.van = s.regio_id AND eigen.mbo = a.mbo_id AND eigen.status = s.status
    WHERE s.status = ANY(%(open)s) AND s.eind IS NOT NULL
        AND (s.volgende > s.status OR s.volgende = ANY(%(gestopt)s)) {waar}
)
SELECT coalesce(groep, ''), status, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY dagen),
    percentile_cont(0.9) WITHIN GROUP (ORDER BY dagen), count(norm), count(*) FILTER (WHERE dagen > norm)
FROM gemeten GROUP BY GROUPING SETS ((status), (groep, status))"""

_GROEP = {"mbo": ("mbo.code", "mbo__code"), "opleiding": ("a.opleiding", "opleiding")}


@dataclass(frozen=True, slots=True)
class Normen:
    """What one regio and its instellingen agreed. Its ``regels`` hold agreements alone: where nothing was agreed nobody is late,
    though the signaal stilstand has a default of its own."""

    regio: str
    regels: Regels

    @classmethod
    def in_regio(cls, regio: Regio) -> Normen:
        """Of a regio that came along with its mbo's (``regios_met_regels``); asks the database nothing."""
        gekozen = instellingen.van(regio).doorlooptijden
        afgesproken = {CODES[code]: dagen for code, dagen in gekozen.items() if code in CODES}
        return cls(regio.pk, replace(regels_van(regio), doorlooptijden=afgesproken))

    def van(self, mbo_id: uuid.UUID | None, status: Status) -> int | None:
        """The days for this step there; of the regio itself for None. None: nothing was agreed."""
        eigen = self.regels.per_mbo.get(mbo_id, {}) if mbo_id else {}
        return eigen.get(status, self.regels.doorlooptijden.get(status))


def normen_van(regios: Iterable[str]) -> tuple[Normen, ...]:
    """What was agreed in each of these regio's; one statement."""
    return tuple(Normen.in_regio(r) for r in regios_met_regels().filter(pk__in=set(regios)).order_by("pk"))


def over_tijd_q(normen: Iterable[Normen], dag: date) -> Q:
    """Filter on Aanmelding: those that wait longer at their status now than was agreed there. Marked leerlingen who are here."""
    uit = Q(pk__in=[])
    for n in normen:
        uit |= Q(regio_id=n.regio) & risico.over_tijd_q(n.regels, dag)
    return uit & Q(overstap__gemarkeerd_sinds__isnull=False, overstap__gesloten_op__isnull=True)


@dataclass(frozen=True, slots=True)
class Meting:
    """One step of one group; a mark where a number is not told. ``mediaan`` and ``p90`` are None when nothing was measured."""

    status: Status
    norm: int | None = None
    gemeten: Getal = 0
    mediaan: Decimal | None = None
    p90: Decimal | None = None
    over: Getal = 0  # of those measured with an agreement
    met_norm: Getal = 0
    loopt: Getal = 0
    nu_over: Getal = 0
    eigen_norm: bool = False  # the instelling agreed on other days than the regio

    @property
    def onderdrukt(self) -> bool:
        return isinstance(self.gemeten, str)

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
    number below five is not told, nor one that tells it beside the TOTAAL. Needs a bereik with the regio's.
    """
    klaar = _gemeten(normen, overstapjaar, per, mbo_id)
    loopt = _lopend(normen, overstapjaar, per, mbo_id, dag or klok.vandaag())
    uit: dict[str, dict[Status, Meting]] = defaultdict(dict)
    for groep, status in sorted({*klaar, *loopt}):
        aantal, mediaan, p90, met_norm, over = klaar.get((groep, status), (0, None, None, 0, 0))
        lopend, te_lang = loopt.get((groep, status), (0, 0))
        meting = Meting(Status(status), None, aantal, _rond(mediaan), _rond(p90), over, met_norm, lopend, te_lang)
        uit[groep][meting.status] = meting
    return dict(uit) if zichtbaar is None else onderdruk(uit, zichtbaar)


def onderdruk(alle: dict[str, dict[Status, Meting]], zichtbaar: Collection[str]) -> dict[str, dict[Status, Meting]]:
    """Without the numbers that may not be told, and without figures that rest on them."""
    velden = ("gemeten", "loopt", "nu_over")
    aantallen = {
        groep: {(s, veld): getattr(m, veld) for s, m in stappen.items() for veld in velden}
        for groep, stappen in alle.items()
    }
    heel = aantallen.pop(TOTAAL, {})
    weg = verberg(aantallen, vast=zichtbaar) | verberg({TOTAAL: heel}, kolommen=False)
    return {
        groep: {
            s: m
            if groep in zichtbaar
            else _zonder(m, {v: weg[groep, (s, v)] for v in velden if (groep, (s, v)) in weg})
            for s, m in stappen.items()
        }
        for groep, stappen in alle.items()
    }


def _zonder(m: Meting, weg: dict[str, str]) -> Meting:
    over, met_norm = (verhul(n) if isinstance(n, int) else n for n in (m.over, m.met_norm))
    m = replace(m, over=over, met_norm=met_norm, **cast("dict[str, Any]", weg))
    return replace(m, mediaan=None, p90=None) if m.onderdrukt else m


def _rond(waarde: float | None) -> Decimal | None:
    return None if waarde is None else Decimal(str(waarde)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _params(normen: Sequence[Normen], overstapjaar: int) -> dict[str, Any]:
    vrij = [(n.regio, van, tot) for n in normen for van, tot in samengevoegd(n.regels.vakanties)]
    regio = [(n.regio, int(s), dagen) for n in normen for s, dagen in n.regels.doorlooptijden.items()]
    eigen = [
        (n.regio, mbo, int(s), dagen)
        for n in normen
        for mbo, gekozen in n.regels.per_mbo.items()
        for s, dagen in gekozen.items()
    ]
    return {
        "regios": [n.regio for n in normen], "jaar": overstapjaar, "open": [int(s) for s in STAPPEN],
        "gestopt": sorted(int(s) for s in GESTOPT),
        **_kolommen(vrij, "vrij_regio", "vrij_van", "vrij_tot"),
        **_kolommen(regio, "regio_van", "regio_status", "regio_norm"),
        **_kolommen(eigen, "eigen_van", "eigen_mbo", "eigen_status", "eigen_norm"),
    }  # fmt: skip


def _kolommen(rijen: Sequence[tuple[Any, ...]], *namen: str) -> dict[str, list[Any]]:
    """Rows as an array per column, for unnest."""
    return {naam: [rij[i] for rij in rijen] for i, naam in enumerate(namen)}


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


__all__ = ["STAPPEN", "TOTAAL", "Groep", "Meting", "Normen", "meet", "normen_van", "over_tijd_q"]
