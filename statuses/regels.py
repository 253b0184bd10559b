"""What a regio and its instellingen agreed on that the rules need, as plain values: it travels with the Kalender. No models.

Bron: domein.md 2 (stilstand), 3 (doorlooptijden), 7 (toestemming).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from statuses.looptijd import Periode
from statuses.status import OPEN, Status

DAGEN = 42
_GEEN: Mapping[uuid.UUID, Mapping[Status, int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Regels:
    """The agreements of one regio; the defaults hold where it agreed on nothing."""

    # Days without a change at 7, 8, 9 or 10 before it is a stilstand, and those of an instelling that agreed otherwise.
    doorlooptijden: Mapping[Status, int] = field(default_factory=lambda: dict.fromkeys(sorted(OPEN), DAGEN))
    per_mbo: Mapping[uuid.UUID, Mapping[Status, int]] = field(default_factory=lambda: _GEEN)
    vakanties: tuple[Periode, ...] = ()
    stilstand_weken_zonder: int = 6
    # Instellingen that register no show and no-show.
    zonder_show: frozenset[uuid.UUID] = frozenset()
    # For which purposes ("mbo", "leerplicht") this regio requires toestemming.
    toestemming: frozenset[str] = frozenset()


STANDAARD = Regels()
