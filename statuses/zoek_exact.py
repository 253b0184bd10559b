"""One overstapper of the own regio's by what an mbo knows of a new applicant: the pgn, or the name and the birth date.

Exact only, and who is not an overstapper here does not exist: an mbo learns nothing that it did not know.
Bron: architectuur.md, Settled 16.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from overstap.basis import geheim
from statuses.models import Overstap
from statuses.status import Status
from statuses.zoeken import zoeknaam

_KLAAR = frozenset({Status.DEFINITIEF, Status.VERVOLGKEUZE_VO})


@dataclass(frozen=True, slots=True)
class OpNummer:
    """A bsn or an onderwijsnummer (``own``), checked by its reader."""

    soort: str
    nummer: str


@dataclass(frozen=True, slots=True)
class OpNaam:
    """As the school wrote it, apart from accents, capitals and the tussenvoegsel."""

    voornaam: str
    achternaam: str
    geboortedatum: date


def find_overstapper(vraag: OpNummer | OpNaam, jaren: Sequence[int]) -> Overstap | None:
    """The marked overstap in one of these open jaren (the newest first); None when there is none, or more persons fit.

    While two jaren are open: the closing one for who is not placed there (domein.md 6). Needs a bereik.
    """
    if isinstance(vraag, OpNummer):
        q = Q(leerling__pgn_soort=vraag.soort, leerling__pgn_index=geheim.blinde_index(vraag.soort, vraag.nummer))
    else:
        q = Q(
            leerling__zoeknaam=zoeknaam(vraag.achternaam, vraag.voornaam), leerling__geboortedatum=vraag.geboortedatum
        )
    rijen = list(
        Overstap.objects.filter(q, overstapjaar__in=jaren, gemarkeerd_sinds__isnull=False, gesloten_op__isnull=True)
        .select_related("leerling", "vestiging")
        .order_by("overstapjaar", "regio_id", "pk")
    )
    if len({bytes(rij.leerling.pgn_index) for rij in rijen}) != 1:
        return None
    lopend = [rij for rij in rijen if rij.overstapjaar == jaren[0] or rij.leidende_status not in _KLAAR]
    return lopend[0] if lopend else None
