"""The Kalender of a regio and jaar, with the agreements of the regio and its instellingen: one query, or none.

Every rule takes its dates from here, none from the default calendar. Bron: domein.md 3 ("per regio and overstapjaar").
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from accounts import instellingen
from accounts.models import Deelname, Regio
from accounts.rechten import Soort
from statuses.regels import STANDAARD, Regels
from statuses.status import CODES, Status
from statuses.termijnen import Kalender, kalender_van


def _mbo_q() -> ArraySubquery:
    """What each instelling of the regio chose, to come along with the regio itself."""
    mbos = Deelname.objects.filter(regio_id=OuterRef("pk"), organisatie__soort=Soort.MBO.value)
    met_keuze = mbos.exclude(organisatie__instellingen={}).order_by("organisatie_id")
    return ArraySubquery(
        met_keuze.annotate(rij=JSONObject(id="organisatie_id", waarden="organisatie__instellingen")).values("rij")
    )


def regios_met_regels() -> QuerySet[Regio]:
    """Regio's that :func:`kalender_in` needs no further query for."""
    return Regio.objects.annotate(mbo_regels=_mbo_q())


def _dagen(gekozen: Mapping[str, int]) -> dict[Status, int]:
    return {CODES[code]: dagen for code, dagen in gekozen.items() if code in CODES}


def regels_van(regio: Regio) -> Regels:
    """The agreements of a regio; asks for those of its instellingen only where they did not come along."""
    rijen: list[dict[str, Any]] | None = getattr(regio, "mbo_regels", None)
    if rijen is None:
        rijen = Regio.objects.values_list(_mbo_q(), flat=True).get(pk=regio.pk)
    eigen = instellingen.van(regio)
    per_mbo = {uuid.UUID(rij["id"]): instellingen.lees_organisatie(rij["waarden"]) for rij in rijen or ()}
    return Regels(
        doorlooptijden={**STANDAARD.doorlooptijden, **_dagen(eigen.doorlooptijden)},
        per_mbo={pk: _dagen(keuze.doorlooptijden) for pk, keuze in per_mbo.items() if keuze.doorlooptijden},
        vakanties=tuple((v.van, v.tot) for v in eigen.vakanties),
        stilstand_weken_zonder=eigen.stilstand_weken_zonder,
        zonder_show=frozenset(pk for pk, keuze in per_mbo.items() if not keuze.show),
        toestemming=eigen.toestemming,
    )


def kalender_in(regio: Regio, overstapjaar: int) -> Kalender:
    """The dates and agreements of one jaar in this regio."""
    return kalender_van(instellingen.van(regio), overstapjaar, regels_van(regio))


def kalenders(regios: Iterable[str], jaren: Iterable[int]) -> dict[tuple[str, int], Kalender]:
    """The calendar of each regio and jaar; one query."""
    alle = sorted(set(jaren))
    uit: dict[tuple[str, int], Kalender] = {}
    for regio in regios_met_regels().filter(pk__in=set(regios)):
        uit |= {(regio.pk, jaar): kalender_in(regio, jaar) for jaar in alle}
    return uit
