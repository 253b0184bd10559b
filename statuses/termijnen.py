"""Every date of an overstapjaar, from the default calendar and what a regio changed in it. Data and date arithmetic only.

An overstapjaar is named by its first year: 2025 is 2025-2026, from 1 September 2025 to 15 October 2026.
Bron: Overstapprocedure RMC 21, hoofdstuk 5; domein.md 3, 4, 5.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from accounts.instellingen import RegioInstellingen
from statuses.regels import STANDAARD as STANDAARD_REGELS
from statuses.regels import Regels

FASE_AANMELDEN = 2
_JAAR = re.compile(r"(\d{4})-(\d{4})")

# name -> (years after the first one, month, day). What a regio changed: accounts/instellingen.py.
STANDAARD: dict[str, tuple[int, int, int]] = {
    "begin": (0, 9, 1),
    "mbo_gangers_vanaf": (0, 10, 1),
    "beginstand": (0, 11, 1),
    "mbo_gangers_tot": (1, 2, 1),
    "bulk_0301": (1, 3, 1),
    "aanmelden_voor": (1, 4, 1),
    "risico_zonder_aanmelding": (1, 4, 2),
    "bulk_0615": (1, 6, 15),
    "zomer": (1, 7, 15),
    "einde_schooljaar": (1, 7, 31),
    "start_mbo": (1, 8, 1),
    "verantwoordelijk_vo_tot": (1, 10, 1),
    "leerplicht_aan_zet": (1, 10, 2),
    "einde": (1, 10, 15),
    "einde_leerplichtspoor": (2, 8, 31),
    "personen_weg": (2, 10, 15),
}


# What a regio can move, in the order in which it must stay; the rest is law or holds the jaren together.
ORDE: tuple[str, ...] = (
    "begin",
    "beginstand",
    "aanmelden_voor",
    "risico_zonder_aanmelding",
    "zomer",
    "start_mbo",
    "verantwoordelijk_vo_tot",
    "leerplicht_aan_zet",
    "einde",
)
# These come the day after another one, so that every day has a phase and somebody aan zet.
DAG_NA: dict[str, str] = {
    "risico_zonder_aanmelding": "aanmelden_voor",
    "leerplicht_aan_zet": "verantwoordelijk_vo_tot",
}
TE_KIEZEN: tuple[str, ...] = tuple(naam for naam in ORDE[1:-1] if naam not in DAG_NA)


@dataclass(frozen=True, slots=True)
class Fase:
    """One phase of the stappenplan: number, what it is for, first and last day."""

    nummer: int
    naam: str
    begin: date
    eind: date


@dataclass(frozen=True, slots=True)
class Kalender:
    """The dates of one overstapjaar in one regio, by name: ``kalender["bulk_0301"]``."""

    overstapjaar: int
    data: Mapping[str, date]
    regels: Regels = STANDAARD_REGELS

    def __getitem__(self, naam: str) -> date:
        return self.data[naam]

    @property
    def fasen(self) -> tuple[Fase, ...]:
        """The four phases of the stappenplan in their order; (1) closes the jaar, so it stands last in time."""
        j = self.overstapjaar
        return (
            Fase(2, "Aanmelden bij het mbo", self["begin"], self["aanmelden_voor"]),
            Fase(3, "Afronden aanmeldproces", self["risico_zonder_aanmelding"], self["zomer"] - timedelta(days=1)),
            Fase(4, "Afronden inschrijving en start", self["zomer"], date(j + 1, 8, 31)),
            Fase(1, "Afronding vorig overstapjaar", date(j + 1, 9, 1), self["einde"]),
        )

    def fase(self, dag: date) -> Fase | None:
        """The phase of a day; None outside the jaar. From 1 September to 1 October phases 4 and 1 overlap: 1 wins."""
        return next((f for f in reversed(self.fasen) if f.begin <= dag <= f.eind), None)

    def loopt(self, dag: date) -> bool:
        return self["begin"] <= dag <= self["einde"]


def kalender(
    overstapjaar: int, afwijkingen: Mapping[str, str] | None = None, regels: Regels = STANDAARD_REGELS
) -> Kalender:
    """The calendar of a jaar. ``afwijkingen``: name -> ISO date or "MM-DD"; an unknown name raises KeyError.

    That of a regio comes from ``statuses/regiokalender.py``, with its agreements.
    """
    if not afwijkingen and regels is STANDAARD_REGELS:
        return _standaard(overstapjaar)
    return _kalender(overstapjaar, afwijkingen or {}, regels)


def kalender_van(instellingen: RegioInstellingen, overstapjaar: int, regels: Regels = STANDAARD_REGELS) -> Kalender:
    """The calendar of a jaar in the regio that made these choices; ``regels``: what the rules need beside the dates."""
    bekend = {naam: dag for naam, dag in instellingen.kalender_van(overstapjaar).items() if naam in STANDAARD}
    return kalender(overstapjaar, bekend, regels)


@lru_cache(maxsize=64)
def _standaard(overstapjaar: int) -> Kalender:
    return _kalender(overstapjaar, {}, STANDAARD_REGELS)


def _kalender(overstapjaar: int, afwijkingen: Mapping[str, str], regels: Regels) -> Kalender:
    data = {naam: date(overstapjaar + plus, maand, dag) for naam, (plus, maand, dag) in STANDAARD.items()}
    for naam, waarde in afwijkingen.items():
        plus, _, _ = STANDAARD[naam]
        maand, dag = (int(deel) for deel in waarde[-5:].split("-"))
        data[naam] = date(overstapjaar + plus, maand, dag)
    return Kalender(overstapjaar, data, regels)


def uit_volgorde(k: Kalender) -> list[tuple[str, str]]:
    """Pairs of names of which the second must come after the first, and does not."""
    return [
        (eerst, dan) for eerst, dan in pairwise(ORDE) if k[dan] < k[eerst] or (k[dan] == k[eerst] and dan != "einde")
    ]


def nieuwste_jaar(dag: date) -> int:
    """The overstapjaar that began last: from 1 September on the new one."""
    return dag.year if dag.month >= 9 else dag.year - 1


def open_jaren(dag: date) -> tuple[int, ...]:
    """The jaren that are open on a day, newest first; two from 1 September to 15 October."""
    nieuw = nieuwste_jaar(dag)
    return (nieuw, nieuw - 1) if kalender(nieuw - 1).loopt(dag) else (nieuw,)


def gekozen_jaar(naam: str | None, dag: date) -> int:
    """The open jaar of this name, as an address or a form says it; the newest one for anything else."""
    jaren = open_jaren(dag)
    return next((jaar for jaar in jaren if jaar_naam(jaar) == naam), jaren[0])


def jaar_naam(overstapjaar: int) -> str:
    return f"{overstapjaar}-{overstapjaar + 1}"


@lru_cache(maxsize=64)
def jaar_uit_naam(naam: str) -> int:
    """2025 for "2025-2026"; raises ValueError with a Dutch sentence for anything else."""
    gevonden = _JAAR.fullmatch(naam or "")
    # A year far away has no calendar: date() ends at 9999, and a list of nothing helps nobody.
    if not gevonden or int(gevonden[2]) != int(gevonden[1]) + 1 or not 2000 <= int(gevonden[1]) <= 2100:
        raise ValueError(f"Overstapjaar {naam!r} is niet geldig. Schrijf twee opeenvolgende jaren, zoals 2025-2026.")
    return int(gevonden[1])


def studiejaar_instroom(overstapjaar: int) -> str:
    """The year in which the leerling starts at the mbo: 2026-2027 for overstapjaar 2025-2026. Bron: vva.md, Bodies."""
    return jaar_naam(overstapjaar + 1)
