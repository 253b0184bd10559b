"""The ambities once more, slow and from the text of domein.md 4: leerling by leerling over a list of gebeurtenissen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

OPEN, GEPLAATST = {7, 8, 9, 10}, 12


@dataclass
class Gebeurd:
    volgnr: int
    spoor: int  # 1 markering, 2 vo, 3 leerplicht, 10 + nr an aanmelding
    naar: int | None
    geldig_op: date
    bekend_op: date


@dataclass
class Lid:
    """One overstap with what groups it."""

    groepen: dict[str, str]
    mbos: dict[int, str]  # nr of the aanmelding -> code of the mbo
    gesloten_op: date | None = None
    verloop: list[Gebeurd] = field(default_factory=list)

    def stand(self, op: date, bekend: date) -> dict[int, int]:
        """What holds per spoor: the last registered of those that held then and were known then."""
        uit: dict[int, int] = {}
        for g in sorted(self.verloop, key=lambda g: g.volgnr):
            if g.geldig_op <= op and g.bekend_op <= bekend:
                uit.pop(g.spoor, None)
                if g.naar is not None:
                    uit[g.spoor] = g.naar
        return uit


@dataclass
class Oordeel:
    aangemerkt: bool
    leidend: int
    aanmeldingen: set[int]
    vo: int | None
    lp: int | None

    @property
    def tot_rust(self) -> bool:
        return not self.aanmeldingen & OPEN


TELT: dict[str, Callable[[Oordeel], bool]] = {
    "1-april": lambda o: bool(o.aanmeldingen & (OPEN | {GEPLAATST})),
    "15-juli": lambda o: bool(o.aanmeldingen & {9, 10, 12}),
    "1-september": lambda o: GEPLAATST in o.aanmeldingen or o.lp == 14 or (o.vo == 6 and o.tot_rust),
    "1-oktober": lambda o: (
        GEPLAATST in o.aanmeldingen or o.lp == 14 or (o.vo == 6 and o.tot_rust) or (o.lp == 2 and o.tot_rust)
    ),
}
TELT["15-september"] = TELT["1-september"]
POPULATIE: dict[str, Callable[[Oordeel], bool]] = {
    "1-april": lambda o: o.aangemerkt,
    "15-juli": lambda o: o.leidend not in (1, 6),
    "1-september": lambda o: o.leidend != 1,
    "15-september": lambda o: o.leidend != 1,
    "1-oktober": lambda o: True,
}


def _oordeel(lid: Lid, op: date, bekend: date, beginstand: date) -> Oordeel | None:
    """None for who does not count at all on this day."""
    stand = lid.stand(op, bekend)
    if 1 not in stand or (lid.gesloten_op is not None and lid.gesloten_op <= op):
        return None
    toen = 1 in lid.stand(min(op, beginstand), bekend)
    return Oordeel(toen, max(stand.values()), {v for s, v in stand.items() if s >= 10}, stand.get(2), stand.get(3))


def tel(
    leden: Sequence[Lid], per: str, op: date, bekend: date, beginstand: date
) -> dict[str, dict[str, tuple[int, int]]]:
    """ambitie -> group -> (numerator, denominator); groups with nobody in them are left out."""
    teller: dict[tuple[str, str], int] = defaultdict(int)
    noemer: dict[tuple[str, str], int] = defaultdict(int)
    for lid in leden:
        heel = _oordeel(lid, op, bekend, beginstand)
        if heel is None:
            continue
        delen = [(lid.groepen[per], heel)] if per != "mbo" else _per_mbo(lid, lid.stand(op, bekend), heel)
        for groep, oordeel in delen:
            for code, in_populatie in POPULATIE.items():
                if (per == "mbo" and code == "1-april") or not in_populatie(oordeel):
                    continue
                noemer[code, groep] += 1
                teller[code, groep] += TELT[code](oordeel)
    uit: dict[str, dict[str, tuple[int, int]]] = {c: {} for c in POPULATIE if per != "mbo" or c != "1-april"}
    for (code, groep), n in noemer.items():
        uit[code][groep] = (teller[code, groep], n)
    return uit


def _per_mbo(lid: Lid, stand: dict[int, int], heel: Oordeel) -> list[tuple[str, Oordeel]]:
    """Once at each mbo, with the aanmeldingen there and nothing else."""
    daar: dict[str, set[int]] = defaultdict(set)
    for spoor, naar in stand.items():
        if spoor >= 10:
            daar[lid.mbos[spoor - 10]].add(naar)
    return [(mbo, Oordeel(heel.aangemerkt, max(stati), stati, None, None)) for mbo, stati in daar.items()]
