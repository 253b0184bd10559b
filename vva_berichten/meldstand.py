"""How far the meldingen are: per leerling in words (decaan), and counted per vestiging (aanjager, beheer). One rule for both.

``meldstand_q`` is ``geschikt.leg_uit`` as filters; a test holds them together.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Organisatie
from overstap.basis import klok
from statuses.mbo_ganger import mbo_ganger_q, vraag_q
from statuses.models import Overstap
from statuses.termijnen import Kalender
from vva_berichten import geschikt
from vva_berichten.bevestigen import vestigingen_die_bevestigen
from vva_berichten.geschikt import Meldstand
from vva_berichten.models import GeweigerdeMelding
from vva_berichten.uitgaand.mbo_gangers import feiten


@dataclass(frozen=True, slots=True)
class Omgeving:
    """What the stand depends on beside the leerling: which vestigingen confirm, which gemeenten are not connected."""

    bevestigen: frozenset[str]
    niet_aangesloten: frozenset[str]
    kalender: Kalender


def omgeving(regios: Collection[str], k: Kalender) -> Omgeving:
    """Two queries."""
    dicht = Organisatie.objects.filter(soort="gemeente", aangesloten=False).values_list("code", flat=True)
    return Omgeving(vestigingen_die_bevestigen(regios), frozenset(dicht), k)


# --- per leerling


@dataclass(frozen=True, slots=True)
class Rij:
    """One leerling and the melding, in words."""

    overstap: Overstap
    uitleg: geschikt.Uitleg


def leg_uit(overstappen: Iterable[Overstap], o: Omgeving) -> list[Rij]:
    """Each with its leerling and vestiging loaded. One query more: the refusals."""
    rijen = list(overstappen)
    geweigerd = dict(
        GeweigerdeMelding.objects.filter(overstap_id__in=[r.id for r in rijen])
        .order_by("ontvangen_op")
        .values_list("overstap_id", "code")
    )
    dag = klok.vandaag()
    return [
        Rij(
            r,
            geschikt.leg_uit(
                feiten(r),
                geschikt.Melding(
                    gemeld=r.mbo_ganger,
                    gemeld_op=r.mbo_ganger_gemeld_op,
                    bevestigt=r.vestiging.code in o.bevestigen,
                    weigering=geweigerd.get(r.id, ""),
                    aangesloten=r.leerling.gemeente_id not in o.niet_aangesloten,
                ),
                dag,
                o.kalender,
            ),
        )
        for r in rijen
    ]


# --- counted


def meldstand_q(o: Omgeving) -> dict[Meldstand, Q]:
    """Filter on Overstap (marked, here) per stand; each row is in exactly one."""
    gemeld = Q(mbo_ganger=True)
    geweigerd = Q(Exists(GeweigerdeMelding.objects.filter(overstap_id=OuterRef("pk"))))
    open_ = ~gemeld & ~geweigerd
    klaar = Q(vestiging__code__in=sorted(o.bevestigen))
    if not geschikt.melden_kan(klok.vandaag(), o.kalender):
        klaar = Q(pk__in=[])
    return {
        Meldstand.GEMELD: gemeld,
        Meldstand.GEWEIGERD: ~gemeld & geweigerd,
        Meldstand.VRAAG: open_ & vraag_q(),
        Meldstand.KLAAR: open_ & mbo_ganger_q() & klaar,
        Meldstand.NOG_NIET: open_ & mbo_ganger_q() & ~klaar,
        Meldstand.NIET: open_ & ~vraag_q() & ~mbo_ganger_q(),
    }


@dataclass(slots=True)
class Aantallen:
    """The counts of one vestiging, or of all together. ``overstappers`` is the sum of the six."""

    per: Counter[str] = field(default_factory=Counter)
    vraag: int = 0  # reported or not: mbo ja or nee is not answered
    wacht: int = 0  # of the reported: the gemeente is not connected yet (F107)
    geweigerd: Counter[str] = field(default_factory=Counter)  # per code, of the leerlingen that are not reported
    onbekend: int = 0  # refused, about somebody who is no overstapper here; beside the sum

    @property
    def overstappers(self) -> int:
        return self.per.total()

    @property
    def te_melden(self) -> int:
        """Those about whom something is to be told: reported, or still to come."""
        return self.per.total() - self.per[Meldstand.NIET]

    @property
    def nog_niet(self) -> int:
        return self.te_melden - self.per[Meldstand.GEMELD]

    def erbij(self, ander: Aantallen) -> None:
        self.per.update(ander.per)
        self.geweigerd.update(ander.geweigerd)
        self.vraag, self.wacht = self.vraag + ander.vraag, self.wacht + ander.wacht
        self.onbekend += ander.onbekend


def tel(overstappers: QuerySet[Overstap], o: Omgeving) -> dict[uuid.UUID, Aantallen]:
    """Per vestiging (id) the counts of these marked overstappen. Two queries."""
    filters = meldstand_q(o)
    wacht = filters[Meldstand.GEMELD] & Q(leerling__gemeente_id__in=sorted(o.niet_aangesloten))
    rijen = (
        overstappers.order_by()
        .values("vestiging_id")
        .annotate(
            **{f"n_{stand.value}": Count("pk", filter=q) for stand, q in filters.items()},
            n_vragen=Count("pk", filter=vraag_q()),
            n_wacht=Count("pk", filter=wacht),
        )
    )
    uit: dict[uuid.UUID, Aantallen] = {}
    for rij in cast("Iterable[dict[str, Any]]", rijen):
        per = Counter({stand.value: rij[f"n_{stand.value}"] for stand in Meldstand})
        uit[rij["vestiging_id"]] = Aantallen(per, rij["n_vragen"], rij["n_wacht"])
    codes = (
        GeweigerdeMelding.objects.filter(overstap__in=overstappers.order_by().filter(~Q(mbo_ganger=True)).values("pk"))
        .values_list("overstap__vestiging_id", "code")
        .annotate(aantal=Count("overstap_id", distinct=True))
    )
    for vestiging, code, aantal in codes:
        uit[vestiging].geweigerd[code] = aantal
    return uit


def tel_onbekend(regio: str, overstapjaar: int) -> dict[str, int]:
    """Per vestiging (code; the brin where none was named) the refusals about somebody who is no overstapper here. One query."""
    # Of a number that was mended nothing tells it: what was not sent again for a month is no news any more.
    sinds = klok.nu() - timedelta(days=30)
    rijen = GeweigerdeMelding.objects.filter(regio_id=regio, overstapjaar=overstapjaar, ontvangen_op__gte=sinds)
    buiten = rijen.filter(Q(overstap__isnull=True) | Q(overstap__gemarkeerd_sinds__isnull=True))
    uit: dict[str, int] = defaultdict(int)
    for brin, vestiging, aantal in buiten.values_list("brin", "vestiging").annotate(aantal=Count("pk")):
        uit[vestiging or brin] += aantal
    return uit


def samen(aantallen: Iterable[Aantallen]) -> Aantallen:
    """All together."""
    uit = Aantallen()
    for deel in aantallen:
        uit.erbij(deel)
    return uit


def codes_in_woorden(codes: Mapping[str, int]) -> str:
    """ "F106: 2, F202: 1"."""
    return ", ".join(f"{code}: {aantal}" for code, aantal in sorted(codes.items()))
