"""The figures per vestiging: of now by leidende status (Excel), and as of a day beside a week and a year before (/scholen).

Each is one statement for all vestigingen together. Bron: domein.md 3 (AJ1-AJ4), raakvlakken.md (Export ``scholen``).
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.actor import Actor
from accounts.models import Vestiging
from accounts.rechten import Rol
from rapportages.ambities import percentage
from rapportages.klein import Getal, verberg
from statuses.models import Overstap
from statuses.status import LEERPLICHT_AAN_HET_WERK, OPEN_OF_DEFINITIEF, TERUG, Status
from statuses.weergave import alleen_eigen, met_stand, status_q
from statuses.zichtbaarheid import zichtbare_overstappen

# Where an overstap to the mbo is expected; a school with only havo and vwo counts from its first overstapper on.
NAAR_MBO = ("vmbo", "pro", "vso", "vavo", "isk")


@dataclass(frozen=True, slots=True)
class Stand:
    """What one vestiging has now, by leidende status as the viewer sees it; a mark where a number is not told."""

    overstappers: Getal = 0
    aangemeld: Getal = 0
    zonder: Getal = 0
    terug: Getal = 0
    leerplicht: Getal = 0
    geplaatst: Getal = 0
    vervolgkeuze: Getal = 0
    percentage: Decimal | str | None = None


GEEN = Stand()
_TELLINGEN: dict[str, Collection[Status]] = {
    "aangemeld": OPEN_OF_DEFINITIEF,
    "zonder": {Status.ZONDER_AANMELDING},
    "terug": TERUG,
    "leerplicht": LEERPLICHT_AAN_HET_WERK,
    "geplaatst": {Status.DEFINITIEF},
    "vervolgkeuze": {Status.VERVOLGKEUZE_VO},
}
# Nobody stands at two of these, and few at none: with the overstappers beside them one of them is told by the others.
_DELEN = ("aangemeld", "zonder", "terug", "leerplicht", "vervolgkeuze")


def ziet_alleen_cijfers(actor: Actor) -> bool:
    """The beheerorganisatie: figures of the whole regio, and no rows."""
    return actor.soort != "intern" and actor.rol == Rol.BEHEERORGANISATIE


def overstappers(regio: str, overstapjaar: int) -> QuerySet[Overstap]:
    """Everybody who is an overstapper now: marked, and not left for another regio."""
    alle: QuerySet[Overstap] = Overstap.objects.filter(regio_id=regio, overstapjaar=overstapjaar)
    return alle.filter(gemarkeerd_sinds__isnull=False, gesloten_op__isnull=True)


def zichtbare_overstappers(actor: Actor, regio: str, overstapjaar: int) -> QuerySet[Overstap]:
    """Those whose row this actor may see."""
    return overstappers(regio, overstapjaar).filter(zichtbare_overstappen(actor))


def vestigingen_voor(actor: Actor, regio: str, overstapjaar: int) -> QuerySet[Vestiging]:
    """The vestigingen that belong in this actor's list, those without overstappers too where they should have some."""
    alle = Vestiging.objects.filter(regio_id=regio)
    jaren = Overstap.objects.filter(vestiging_id=OuterRef("pk"), gemarkeerd_sinds__isnull=False)
    hoort_erin = Q(onderwijssoorten__overlap=list(NAAR_MBO)) | Q(
        Exists(jaren.filter(overstapjaar__in=[overstapjaar, overstapjaar - 1]))
    )
    if actor.soort == "intern" or ziet_alleen_cijfers(actor):
        return alle.filter(hoort_erin)
    if actor.rol == Rol.AANJAGER:
        eigen = Q(gemeente__subregio_id__in=sorted(actor.subregio_ids)) if actor.subregio_ids else Q()
        return alle.filter(hoort_erin & eigen)
    if actor.rol in (Rol.DECAAN, Rol.MANAGER_VO):
        eigen = Q(pk__in=sorted(actor.vestiging_ids)) if actor.vestiging_ids else Q()
        return alle.filter(eigen, organisatie__code=actor.organisatie_code)
    return alle.filter(Exists(zichtbare_overstappers(actor, regio, overstapjaar).filter(vestiging_id=OuterRef("pk"))))


def standen(actor: Actor, regio: str, overstapjaar: int) -> dict[uuid.UUID, Stand]:
    """Per vestiging with overstappers its figures; one statement."""
    alleen_cijfers = ziet_alleen_cijfers(actor)
    rijen = overstappers(regio, overstapjaar) if alleen_cijfers else zichtbare_overstappers(actor, regio, overstapjaar)
    vraag = (
        met_stand(rijen, actor)
        .order_by()
        .values("vestiging_id")
        .annotate(
            overstappers=Count("pk"),
            **{naam: Count("pk", filter=status_q(actor, wat)) for naam, wat in _TELLINGEN.items()},
        )
    )
    tellingen: dict[uuid.UUID, dict[str, int]] = {
        rij["vestiging_id"]: {n: rij[n] for n in ("overstappers", *_TELLINGEN)}
        for rij in cast("Iterable[dict[str, Any]]", vraag)
    }
    weg = verberg(tellingen, delen=_DELEN, totaal="overstappers") if alleen_cijfers else {}
    return {pk: _stand(rij, {n: weg[pk, n] for n in rij if (pk, n) in weg}) for pk, rij in tellingen.items()}


def _stand(aantallen: dict[str, int], weg: dict[str, str]) -> Stand:
    """``weg``: the marks of what is not told; a percentage rests on two of these numbers."""
    merk = weg.get("overstappers") or weg.get("aangemeld")
    procent = merk or percentage(aantallen["aangemeld"], aantallen["overstappers"])
    return Stand(percentage=procent, **cast("dict[str, Any]", aantallen | weg))


__all__ = [
    "GEEN",
    "Stand",
    "alleen_eigen",
    "overstappers",
    "standen",
    "vestigingen_voor",
    "zichtbare_overstappers",
    "ziet_alleen_cijfers",
]
