"""How far a regio is, as it held on a peildatum and as it is (or was) known: one statement over the gebeurtenissen.

Bron: domein.md 4. Vestiging, woongemeente, onderwijssoort, leerweg are those of now.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts import instellingen
from accounts.models import Regio
from overstap.basis import klok
from rapportages import klein as klein_getal
from rapportages.indicatoren import Ambitie, Populatie, Telt, ambities_van
from statuses.termijnen import Kalender, kalender_van

# What a group is called in the API and the command: (key, name), as SQL over the rows of now.
GROEPEN: dict[str, tuple[str, str]] = {
    "regio": ("o.regio_id", "r.naam"),
    "subregio": ("coalesce(sr.naam, 'zonder subregio')", "coalesce(sr.naam, 'zonder subregio')"),
    "gemeente": ("coalesce(l.gemeente_id, '')", "coalesce(lg.naam, 'buiten Nederland')"),
    "school": ("org.code", "org.naam"),
    "vestiging": ("v.code", "v.naam"),
    "onderwijssoort": ("o.onderwijssoort", "o.onderwijssoort"),
    # Outside vmbo there is no leerweg; those stand under their onderwijssoort, so that nobody falls out of the total.
    "leerweg": (
        "coalesce(nullif(o.leerweg, ''), o.onderwijssoort)",
        "coalesce(nullif(o.leerweg, ''), o.onderwijssoort)",
    ),
    "mbo": ("mbo.code", "mbo.naam"),
}

# For pages alone: a klas means nothing outside its vestiging, so the API does not offer it.
_INTERN: dict[str, tuple[str, str]] = {"klas": ("v.code || '|' || o.klas", "v.naam")}

# The stand of each spoor on the peildatum: the last registered gebeurtenis. Index-only on gebeurtenis_stand_idx.
_STAND = """
WITH stand AS (
    SELECT DISTINCT ON (g.overstap_id, g.spoor) g.overstap_id, g.spoor, g.naar
    FROM statuses_gebeurtenis g
    WHERE g.regio_id = ANY(%(regios)s) AND g.overstapjaar = %(jaar)s AND g.geldig_op <= %(peildatum)s AND g.geregistreerd_op < %(bekend)s
    ORDER BY g.overstap_id, g.spoor, g.volgnr DESC
), beginstand AS (
    SELECT DISTINCT ON (g.overstap_id) g.overstap_id, g.naar
    FROM statuses_gebeurtenis g
    WHERE g.regio_id = ANY(%(regios)s) AND g.overstapjaar = %(jaar)s AND g.spoor = 1
      AND g.geldig_op <= %(beginstand)s AND g.geregistreerd_op < %(bekend)s
    ORDER BY g.overstap_id, g.volgnr DESC
)"""

_PER_OVERSTAP = """, per AS (
    SELECT s.overstap_id,
        bool_or(s.spoor >= 10 AND s.naar IN (7, 8, 9, 10, 12)) AS aangemeld,
        bool_or(s.spoor >= 10 AND s.naar IN (9, 10, 12)) AS voorlopig,
        bool_or(s.spoor >= 10 AND s.naar = 12) AS geplaatst,
        bool_or(s.spoor >= 10 AND s.naar IN (7, 8, 9, 10)) AS open,
        bool_or(s.spoor = 2 AND s.naar = 6) AS vervolgkeuze,
        bool_or(s.spoor = 3 AND s.naar = 14) AS in_behandeling,
        bool_or(s.spoor = 3 AND s.naar = 2) AS afgehandeld,
        max(s.naar) AS leidend
    FROM stand s GROUP BY s.overstap_id
    HAVING bool_or(s.spoor = 1 AND s.naar = 1)
), leden AS (
    SELECT {sleutel} AS groep, {naam} AS naam, p.leidend,
        coalesce(b.naar = 1, false) AS aangemerkt,
        p.aangemeld,
        p.voorlopig,
        p.geplaatst OR p.in_behandeling OR (p.vervolgkeuze AND NOT p.open) AS definitief,
        p.geplaatst OR p.in_behandeling OR ((p.vervolgkeuze OR p.afgehandeld) AND NOT p.open) AS definitief_of_afgehandeld
    FROM per p
    JOIN statuses_overstap o ON o.id = p.overstap_id
    LEFT JOIN beginstand b ON b.overstap_id = p.overstap_id
    {joins}
    WHERE (o.gesloten_op IS NULL OR o.gesloten_op > %(peildatum)s) {waar}
)"""

# Per mbo, and for who works at one: the aanmeldingen there, own best status; a leerling counts once at each mbo.
_PER_MBO = """, per AS (
    SELECT s.overstap_id, a.mbo_id,
        bool_or(s.naar IN (7, 8, 9, 10, 12)) AS aangemeld,
        bool_or(s.naar IN (9, 10, 12)) AS voorlopig,
        bool_or(s.naar = 12) AS definitief,
        max(s.naar) AS leidend
    FROM stand s
    JOIN statuses_aanmelding a ON a.overstap_id = s.overstap_id AND a.nr = s.spoor - 10
    WHERE s.spoor >= 10 AND EXISTS (SELECT 1 FROM stand m WHERE m.overstap_id = s.overstap_id AND m.spoor = 1 AND m.naar = 1)
    GROUP BY s.overstap_id, a.mbo_id
), leden AS (
    SELECT {sleutel} AS groep, {naam} AS naam, p.leidend, coalesce(b.naar = 1, false) AS aangemerkt,
        p.aangemeld, p.voorlopig, p.definitief, p.definitief AS definitief_of_afgehandeld
    FROM per p
    JOIN statuses_overstap o ON o.id = p.overstap_id
    JOIN accounts_organisatie mbo ON mbo.id = p.mbo_id
    LEFT JOIN beginstand b ON b.overstap_id = p.overstap_id
    {joins}
    WHERE (o.gesloten_op IS NULL OR o.gesloten_op > %(peildatum)s) {waar}
)"""

_JOINS = {
    "r": "JOIN accounts_regio r ON r.code = o.regio_id",
    "v": "JOIN accounts_vestiging v ON v.id = o.vestiging_id",
    "org": "JOIN accounts_organisatie org ON org.id = v.organisatie_id",
    "vg": "JOIN accounts_gemeente vg ON vg.code = v.gemeente_id",
    "sr": "LEFT JOIN accounts_subregio sr ON sr.id = vg.subregio_id",
    "l": "JOIN statuses_leerling l ON l.id = o.leerling_id",
    "lg": "LEFT JOIN accounts_gemeente lg ON lg.code = l.gemeente_id",
}
_NODIG = {
    "regio": ("r",),
    "subregio": ("v", "vg", "sr"),
    "gemeente": ("l", "lg"),
    "school": ("v", "org"),
    "vestiging": ("v",),
    "klas": ("v",),
}

_POPULATIE_SQL = {
    Populatie.AANGEMERKT: "aangemerkt",
    Populatie.IN_AANMELDPROCEDURE: "leidend > 1",
    Populatie.GEMARKEERD: "true",
}


@dataclass(frozen=True, slots=True)
class Afbakening:
    """Which overstappen count, for who may only see a part: each given set narrows. ``mbo_id``: the aanmeldingen there."""

    organisatie_id: uuid.UUID | None = None
    vestiging_ids: Collection[uuid.UUID] = ()
    subregio_ids: Collection[uuid.UUID] = ()
    gemeente: str = ""
    mbo_id: uuid.UUID | None = None
    onderwijssoorten: Collection[str] = ()
    scholen: Collection[str] | None = None  # by code; an empty one leaves nobody


@dataclass(frozen=True, slots=True)
class Groep:
    """Numerator, denominator and percentage of one group; all None when suppressed, percentage None for an empty one.

    ``merk``: what stands in their place then (rapportages.klein).
    """

    groep: str
    naam: str
    teller: int | None
    noemer: int | None
    percentage: Decimal | None
    onderdrukt: bool = False
    merk: str = ""


@dataclass(frozen=True, slots=True)
class AmbitieStand:
    """One ambitie with its groups, as of the peildatum."""

    ambitie: Ambitie
    datum: date
    groepen: tuple[Groep, ...]


def percentage(teller: int, noemer: int) -> Decimal | None:
    """One decimal, half up; None for an empty population."""
    if noemer == 0:
        return None
    return (Decimal(teller) * 100 / Decimal(noemer)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _waar(afbakening: Afbakening, params: dict[str, Any]) -> tuple[str, set[str]]:
    """Extra conditions and the joins they need."""
    delen: list[str] = []
    joins: set[str] = set()
    if afbakening.organisatie_id:
        params["organisatie"] = afbakening.organisatie_id
        delen.append("AND v.organisatie_id = %(organisatie)s")
        joins.add("v")
    if afbakening.vestiging_ids:
        params["vestigingen"] = list(afbakening.vestiging_ids)
        delen.append("AND o.vestiging_id = ANY(%(vestigingen)s)")
    if afbakening.subregio_ids:
        params["subregios"] = list(afbakening.subregio_ids)
        delen.append("AND vg.subregio_id = ANY(%(subregios)s)")
        joins |= {"v", "vg"}
    if afbakening.gemeente:
        params["gemeente"] = afbakening.gemeente
        delen.append("AND l.gemeente_id = %(gemeente)s")
        joins.add("l")
    if afbakening.onderwijssoorten:
        params["soorten"] = list(afbakening.onderwijssoorten)
        delen.append("AND o.onderwijssoort = ANY(%(soorten)s)")
    if afbakening.scholen is not None:
        params["scholen"] = list(afbakening.scholen)
        delen.append("AND org.code = ANY(%(scholen)s::text[])")
        joins |= {"v", "org"}
    if afbakening.mbo_id:
        params["mbo"] = afbakening.mbo_id
        delen.append("AND p.mbo_id = %(mbo)s")
    return " ".join(delen), joins


def tellingen_van(ambities: tuple[Ambitie, ...]) -> str:
    """Numerator and denominator of each, over the leden."""
    kolommen = []
    for ambitie in ambities:
        telt: Telt = ambitie.telt
        populatie = _POPULATIE_SQL[ambitie.populatie]
        # Belongs to "in de aanmeldprocedure": a regio that chose another population for 15 juli gets that one whole.
        if ambitie.zonder_vervolgkeuze and ambitie.populatie is Populatie.IN_AANMELDPROCEDURE:
            populatie += " AND leidend <> 6"
        kolommen.append(f"count(*) FILTER (WHERE {populatie} AND {telt.value}), count(*) FILTER (WHERE {populatie})")
    return ", ".join(kolommen)


def sql_ambities(
    per: str, tellingen: str, waar: str = "", extra_joins: Collection[str] = (), *, bij_mbo: bool = False
) -> str:
    """The statement, with ``tellingen`` over the leden; every part of it is a constant in code, values are parameters."""
    sleutel, naam = GROEPEN.get(per) or _INTERN[per]
    nodig = {*_NODIG.get(per, ()), *extra_joins}
    joins = "\n    ".join(sql for code, sql in _JOINS.items() if code in nodig)
    midden = (_PER_MBO if bij_mbo else _PER_OVERSTAP).format(sleutel=sleutel, naam=naam, joins=joins, waar=waar)
    return f"{_STAND}{midden}\nSELECT groep, naam, {tellingen} FROM leden GROUP BY groep, naam ORDER BY groep"


@dataclass(frozen=True, slots=True)
class Vraag:
    """What is asked of the ambities. ``per``: a key of GROEPEN, else KeyError. ``zichtbaar``: the keys of the groups whose
    rows the viewer may see, all when None; of the others a number below five is not told."""

    regio: str
    overstapjaar: int
    peildatum: date
    per: str = "regio"
    bekend_op: date | None = None
    afbakening: Afbakening = field(default_factory=Afbakening)
    zichtbaar: Collection[str] | None = None

    @property
    def bij_mbo(self) -> bool:
        return self.per == "mbo" or self.afbakening.mbo_id is not None


def bereken(
    regio: str,
    overstapjaar: int,
    peildatum: date,
    per: str = "regio",
    *,
    bekend_op: date | None = None,
    afbakening: Afbakening | None = None,
    zichtbaar: Collection[str] | None = None,
    regels: Regio | None = None,
) -> list[AmbitieStand]:
    """All ambities of a regio as of the end of ``peildatum``, as known at the end of ``bekend_op`` (default: now).

    A peildatum after today is the stand of now. Groups without leerlingen are left out. Needs a bereik with this regio.
    ``regels``: the regio where the caller has it already.
    """
    vraag = Vraag(regio, overstapjaar, peildatum, per, bekend_op, afbakening or Afbakening(), zichtbaar)
    return bereken_samen([vraag], regels or Regio.objects.get(pk=regio))[0]


def bereken_samen(vragen: Sequence[Vraag], regels: Regio) -> list[list[AmbitieStand]]:
    """The answers to questions about one regio, in their order; one statement for all of them together."""
    gekozen = instellingen.van(regels)
    delen, ambities = [], []
    for v in vragen:
        hier = tuple(a for a in ambities_van(gekozen, v.overstapjaar) if not v.bij_mbo or a.per_mbo)
        kal = kalender_van(gekozen, v.overstapjaar)
        ambities.append([(a, a.datum(kal)) for a in hier])
        delen.append(_statement(v, kal, f"ARRAY[{tellingen_van(hier)}]"))
    uit: list[list[tuple[Any, ...]]] = [[] for _ in vragen]
    for deel, groep, naam, aantallen in _vraag_op(delen):
        uit[deel].append((groep, naam, *aantallen))
    return [
        [AmbitieStand(a, dag, _groepen(rijen, i, v.zichtbaar)) for i, (a, dag) in enumerate(paren)]
        for v, paren, rijen in zip(vragen, ambities, uit, strict=True)
    ]


def _vraag_op(delen: Sequence[tuple[str, dict[str, Any]]]) -> list[tuple[Any, ...]]:
    """The rows of all statements in one go, each with the number of its statement before it."""
    # Every part is a constant in code; the values are parameters, each named after its statement.
    sql = " UNION ALL ".join(
        f"SELECT {i}, deel.* FROM ({tekst.replace('%(', f'%(d{i}_')}) AS deel"  # noqa: S608
        for i, (tekst, _) in enumerate(delen)
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, {f"d{i}_{naam}": w for i, (_, params) in enumerate(delen) for naam, w in params.items()})
        rijen: list[tuple[Any, ...]] = cursor.fetchall()
    return rijen


def _statement(v: Vraag, kal: Kalender, tellingen: str) -> tuple[str, dict[str, Any]]:
    """The statement of one question and its parameters."""
    peil = min(v.peildatum, klok.vandaag())
    tot = datetime.combine(
        (v.bekend_op or klok.vandaag()) + timedelta(days=1), time.min, timezone.get_current_timezone()
    )
    params: dict[str, Any] = {
        "regios": [v.regio],
        "jaar": kal.overstapjaar,
        "peildatum": peil,
        "bekend": tot,
        "beginstand": min(kal["beginstand"], peil),
    }
    waar, joins = _waar(v.afbakening, params)
    return sql_ambities(v.per, tellingen, waar, joins, bij_mbo=v.bij_mbo), params


def tel(
    kal: Kalender,
    regio: str,
    peildatum: date,
    per: str,
    tellingen: str,
    *,
    afbakening: Afbakening | None = None,
) -> list[tuple[Any, ...]]:
    """(key, name, the counts) per group of the jaar of ``kal``, as of the end of the peildatum; one statement."""
    v = Vraag(regio, kal.overstapjaar, peildatum, per, afbakening=afbakening or Afbakening())
    sql, params = _statement(v, kal, tellingen)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rijen: list[tuple[Any, ...]] = cursor.fetchall()
    return rijen


def _groepen(rijen: Sequence[tuple[Any, ...]], i: int, zichtbaar: Collection[str] | None) -> tuple[Groep, ...]:
    """The groups of one ambitie that have somebody in them, as the viewer may see them."""
    namen = {str(rij[0]): str(rij[1]) for rij in rijen if rij[3 + 2 * i]}
    tellers = {str(rij[0]): int(rij[2 + 2 * i]) for rij in rijen if rij[3 + 2 * i]}
    noemers = {str(rij[0]): int(rij[3 + 2 * i]) for rij in rijen if rij[3 + 2 * i]}
    merken = {} if zichtbaar is None else _merken(tellers, noemers, zichtbaar)
    return tuple(
        Groep(groep, naam, None, None, None, onderdrukt=True, merk=merken[groep])
        if groep in merken
        else Groep(groep, naam, tellers[groep], noemers[groep], percentage(tellers[groep], noemers[groep]))
        for groep, naam in namen.items()
    )


def _merken(tellers: dict[str, int], noemers: dict[str, int], zichtbaar: Collection[str]) -> dict[str, str]:
    """Which groups are not told: the small ones, and those that would tell one beside the figures of the whole regio."""
    klein = {
        g
        for g, n in noemers.items()
        if g not in zichtbaar and (klein_getal.is_klein(n) or klein_getal.is_klein(tellers[g]))
    }
    weg, eerder = set(klein), -1
    while len(noemers) > 1 and eerder != len(weg):
        eerder = len(weg)
        for delen in (noemers, tellers):
            weg |= klein_getal.vul_aan(delen, weg, zichtbaar)[0]
    return {g: klein_getal.KLEIN if g in klein else klein_getal.VERBORGEN for g in weg}
