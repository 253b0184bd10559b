"""Measure, and say what came of it."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SQL = Path(__file__).parent / "sql"


@dataclass
class Uitslag:
    """One row of the table: our seconds against those of the limit, the goal for their ratio, and what else was counted."""

    rij: int
    werk: str
    maat: str
    eigen: float
    grens: float
    doel: float
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def verhouding(self) -> float:
        return self.eigen / self.grens

    @property
    def gehaald(self) -> bool:
        return self.verhouding <= self.doel and not self.extra.get("gemist")


def om_en_om(eigen: Callable[[], float], grens: Callable[[], float], keren: int) -> tuple[float, float]:
    """The median seconds of each, measured in turn after one warm-up: the machine's drift hits both. Each times itself."""
    eigen(), grens()
    uit: tuple[list[float], list[float]] = ([], [])
    for _ in range(keren):
        gc.collect()
        uit[0].append(eigen())
        gc.collect()
        uit[1].append(grens())
    return statistics.median(uit[0]), statistics.median(uit[1])


class Klok:
    """``with Klok() as k: ...`` then ``k.s`` seconds of wall time."""

    s: float = 0.0

    def __enter__(self) -> Klok:
        self._begin = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.s = time.perf_counter() - self._begin


class Terug(Exception):
    """Leaves a transaction that is to be rolled back."""
