"""What was agreed with a school, when and by whom: of each vestiging the newest first. Two statements for any number of schools."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.models import Gebruiker
from statuses.models import SchoolContact

ANTWOORDEN: dict[str, str] = {
    "besproken": "Besproken",
    "klopt": "Het klopt",
    "achterstand": "De school loopt achter",
    "steun_nodig": "De school heeft steun nodig",
}
STAPPEN: dict[str, str] = {
    "AJ1": "Staan alle overstappers erin?",
    "AJ2": "Op weg naar 1 april",
    "AJ3": "Leerlingen zonder aanmelding",
    "AJ4": "Leerlingen die nog niet zijn geplaatst",
}


@dataclass(frozen=True, slots=True)
class Afspraak:
    """One contact. ``wie`` is a colleague, never a leerling; empty for an account that is gone."""

    stap: str
    antwoord: str
    notitie: str
    wie: str
    op: datetime

    @property
    def tekst(self) -> str:
        return ANTWOORDEN[self.antwoord]

    @property
    def onderwerp(self) -> str:
        return STAPPEN[self.stap]


def afspraken_van(vestiging_ids: Iterable[uuid.UUID], overstapjaar: int) -> dict[uuid.UUID, list[Afspraak]]:
    """Per vestiging what was agreed this jaar, the newest first."""
    rijen = list(
        SchoolContact.objects.filter(vestiging_id__in=list(vestiging_ids), overstapjaar=overstapjaar).order_by(
            "-op", "-pk"
        )
    )
    namen = dict(Gebruiker.objects.filter(pk__in={r.door for r in rijen if r.door}).values_list("pk", "naam"))
    uit: dict[uuid.UUID, list[Afspraak]] = defaultdict(list)
    for r in rijen:
        wie = namen.get(r.door, "") if r.door else ""
        uit[r.vestiging_id].append(Afspraak(r.stap, r.antwoord, r.notitie, wie, timezone.localtime(r.op)))
    return dict(uit)


__all__ = ["ANTWOORDEN", "STAPPEN", "Afspraak", "afspraken_van"]
