"""All counts of a role's home page in one query: a conditional aggregate per kind of row, joined by UNION ALL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q, Value
from django.db.models.functions import JSONObject

from accounts.actor import Actor
from statuses.selecties import rijen_van, selectie_q
from statuses.termijnen import Kalender
from statuses.werklijsten import Op, Stap

ALLE = "alle"


def tel_stappen(stappen: Sequence[Stap], actor: Actor, k: Kalender, dag: date) -> dict[str, int]:
    """Step id -> number of rows now; under ``ALLE`` the marked overstappen (or aanmeldingen) in view. One query."""
    delen = []
    for op in Op:
        hier = [s for s in stappen if s.op == op]
        if not hier and op != Op.OVERSTAP:
            continue
        tel = {s.id: Count("pk", filter=selectie_q(s, k, dag)) for s in hier}
        if op == Op.OVERSTAP:
            tel[ALLE] = Count("pk", filter=Q(gemarkeerd_sinds__isnull=False))
        rijen = rijen_van(op, actor, k.overstapjaar).order_by()
        delen.append(
            rijen.annotate(_groep=Value(op.value)).values("_groep").annotate(tel=JSONObject(**tel)).values("tel")
        )
    uit: dict[str, int] = {s.id: 0 for s in stappen} | {ALLE: 0}
    eerste, *rest = delen
    for rij in eerste.union(*rest, all=True) if rest else eerste:
        uit.update(rij["tel"])
    return uit
