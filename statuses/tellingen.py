"""All counts of a role's home page in one query: a conditional aggregate per kind of row, joined by UNION ALL.

A step whose rows live in an app above this one is registered by that app (``registreer``, from its AppConfig.ready); its count
joins the same query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import JSONObject

from accounts.actor import Actor
from statuses.selecties import ALLEEN_MET, rijen_van, selectie_q
from statuses.termijnen import Kalender
from statuses.werklijsten import PER_ID, VAN_BOVEN, Op, Stap

ALLE = "alle"
_MET = "met "
# The rows of a step for this actor, within its visibility. No values(), no order by anything that matters.
Bron = Callable[[Actor, Kalender, date], QuerySet[Any]]
_BRONNEN: dict[str, Bron] = {}


def registreer(stap_id: str, bron: Bron) -> None:
    """Say where the rows of this step come from. Raises for a step that this app counts itself, or that does not exist."""
    if PER_ID[stap_id].op not in VAN_BOVEN:
        raise ValueError(f"{stap_id} wordt in statuses/selecties.py geteld")
    _BRONNEN[stap_id] = bron


def geregistreerd() -> frozenset[str]:
    """The steps that an upper app counts."""
    return frozenset(_BRONNEN)


def rijen(stap: str | Stap, actor: Actor, k: Kalender, dag: date) -> QuerySet[Any]:
    """Exactly the rows of a step for this actor: what its page lists and /vandaag counts. For a step that counts only."""
    rij = PER_ID[stap] if isinstance(stap, str) else stap
    if not rij.telt:
        raise ValueError(f"{rij.id} is een stap om te lezen, zonder rijen")
    if rij.op in VAN_BOVEN:
        return _BRONNEN[rij.id](actor, k, dag)
    uit: QuerySet[Any] = rijen_van(rij.op, actor, k.overstapjaar).filter(selectie_q(rij, k, dag, actor))
    return uit


def _deel(queryset: QuerySet[Any], jaar: int, tel: dict[str, Any]) -> QuerySet[Any]:
    per_jaar = queryset.order_by().annotate(jaar=Value(jaar)).values("jaar")
    uit: QuerySet[Any] = per_jaar.annotate(tel=JSONObject(**tel)).values("jaar", "tel")
    return uit


def _delen(stappen: Iterable[Stap], actor: Actor, k: Kalender, dag: date) -> list[QuerySet[Any]]:
    telbaar = [s for s in stappen if s.telt]
    delen = []
    for op in (o for o in Op if o not in VAN_BOVEN):
        hier = [s for s in telbaar if s.op == op]
        if not hier and op != Op.OVERSTAP:
            continue
        tel: dict[str, Any] = {s.id: Count("pk", filter=selectie_q(s, k, dag, actor)) for s in hier}
        tel |= {_MET + s.id: Count("pk", filter=ALLEEN_MET[s.id](k, dag)) for s in hier if s.id in ALLEEN_MET}
        if op == Op.OVERSTAP:
            tel[ALLE] = Count("pk", filter=Q(gemarkeerd_sinds__isnull=False))
        delen.append(_deel(rijen_van(op, actor, k.overstapjaar), k.overstapjaar, tel))
    for stap in telbaar:
        if stap.id in _BRONNEN:
            delen.append(_deel(_BRONNEN[stap.id](actor, k, dag), k.overstapjaar, {stap.id: Count("pk")}))
    return delen


def tel_stappen(stappen: Sequence[Stap], actor: Actor, k: Kalender, dag: date) -> dict[str, int]:
    """Step id -> number of rows now; under ``ALLE`` the marked overstappen in view. One query.

    Not in the answer: a step that only informs (``Stap.telt`` is False), and one that this organisatie has nothing to do with
    (``selecties.ALLEEN_MET``), which is not shown at all.
    """
    (uit,) = tel_jaren([(stappen, k)], actor, dag)
    return uit


def tel_jaren(per_jaar: Sequence[tuple[Sequence[Stap], Kalender]], actor: Actor, dag: date) -> list[dict[str, int]]:
    """The counts of :func:`tel_stappen` for each overstapjaar, in the order given; one query for all of them."""
    uit = {k.overstapjaar: {s.id: 0 for s in stappen if s.telt} | {ALLE: 0} for stappen, k in per_jaar}
    delen = [deel for stappen, k in per_jaar for deel in _delen(stappen, actor, k, dag)]
    for rij in delen[0].union(*delen[1:], all=True) if len(delen) > 1 else delen[0]:
        uit[rij["jaar"]].update(rij["tel"])
    for tel in uit.values():
        for stap_id in ALLEEN_MET:
            if not tel.pop(_MET + stap_id, 0):
                tel.pop(stap_id, None)
    return [uit[k.overstapjaar] for _, k in per_jaar]
