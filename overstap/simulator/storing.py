"""How a sender goes wrong: late, double, reversed, lost, in batches of any size. Pure; the same seed gives the same run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from overstap.simulator.berichten import Bericht

Verlies = Literal["", "heen", "terug"]  # the call never left; its answer was never read


@dataclass(frozen=True, slots=True)
class Storing:
    """Chances between 0 and 1. ``fouten``: wrong messages of each kind per sender; ``gelijktijdig``: calls at once per sender."""

    dubbel: float = 0.0
    laat: float = 0.0
    omgekeerd: float = 0.0
    verloren: float = 0.0
    crash: float = 0.0
    fouten: int = 0
    gelijktijdig: int = 1
    per_keer: int = 60


STORINGEN: dict[str, Storing] = {
    "geen": Storing(),
    "licht": Storing(dubbel=0.1, laat=0.05, omgekeerd=0.1, verloren=0.1, crash=0.1, fouten=13, gelijktijdig=2),
    "zwaar": Storing(
        dubbel=0.4, laat=0.25, omgekeerd=0.4, verloren=0.35, crash=0.35, fouten=26, gelijktijdig=4, per_keer=25
    ),
}


@dataclass(frozen=True, slots=True)
class Zending:
    """One call: its messages, and whether it gets lost."""

    berichten: tuple[Bericht, ...]
    verlies: Verlies = ""


@dataclass(slots=True)
class Geteld:
    """What was done to the messages, for the report."""

    dubbel: int = 0
    laat: int = 0
    omgekeerd: int = 0
    verloren: int = 0


def draaiboek(rng: Random, berichten: Sequence[Bericht], storing: Storing, geteld: Geteld) -> list[Zending]:
    """The calls of one sender, all of one kind per call, in the order in which they are sent."""
    op_tijd: list[Bericht] = []
    laat: list[Bericht] = []
    for bericht in berichten:
        (laat if rng.random() < storing.laat else op_tijd).append(bericht)
    geteld.laat += len(laat)
    rij = _omgekeerd(rng, op_tijd, storing.omgekeerd, geteld)
    for bericht in [b for b in rij if rng.random() < storing.dubbel]:
        rij.insert(rng.randrange(len(rij) + 1), bericht)
        geteld.dubbel += 1
    return _verdeel(rng, rij + laat, storing, geteld)


def _omgekeerd(rng: Random, rij: Sequence[Bericht], kans: float, geteld: Geteld) -> list[Bericht]:
    uit: list[Bericht] = []
    begin = 0
    while begin < len(rij):
        stuk = list(rij[begin : begin + rng.randint(2, 12)])
        begin += len(stuk)
        if rng.random() < kans:
            stuk.reverse()
            geteld.omgekeerd += len(stuk)
        uit += stuk
    return uit


def _verdeel(rng: Random, rij: Sequence[Bericht], storing: Storing, geteld: Geteld) -> list[Zending]:
    uit = []
    for soort in sorted({b.soort for b in rij}):
        rest = [b for b in rij if b.soort == soort]
        while rest:
            aantal = rng.randint(1, storing.per_keer)
            verlies: Verlies = rng.choice(("heen", "terug")) if rng.random() < storing.verloren else ""
            uit.append(Zending(tuple(rest[:aantal]), verlies))
            geteld.verloren += len(rest[:aantal]) if verlies else 0
            rest = rest[aantal:]
    return uit
