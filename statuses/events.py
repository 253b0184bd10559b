"""What this app tells the rest of the house, through the outbox. Ids and codes only.

A handler may see an event more than once; it looks at the stand of now, or at the gebeurtenissen that are named.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from overstap.basis.outbox.models import OutboxRegel
from overstap.basis.outbox.publiceren import publiceer
from overstap.basis.stapel import kale_rij

# inhoud: {"overstap": uuid, "van": first volgnr, "tot": last volgnr, "sporen": ["vo", ...]}
STATUS_GEWIJZIGD = "statuses.status_gewijzigd"
# inhoud: {"overstap": uuid}; new, or name, gemeente, school or the like changed
LEERLING_GEWIJZIGD = "statuses.leerling_gewijzigd"


def status_gewijzigd(regio: str, overstap: uuid.UUID, van: int, tot: int, sporen: Iterable[str]) -> OutboxRegel:
    inhoud = {"overstap": str(overstap), "van": van, "tot": tot, "sporen": sorted(set(sporen))}
    return kale_rij(OutboxRegel, regio_id=regio, sleutel=str(overstap), soort=STATUS_GEWIJZIGD, inhoud=inhoud)


def leerling_gewijzigd(regio: str, overstap: uuid.UUID) -> OutboxRegel:
    return OutboxRegel(
        regio_id=regio, sleutel=str(overstap), soort=LEERLING_GEWIJZIGD, inhoud={"overstap": str(overstap)}
    )


__all__ = ["LEERLING_GEWIJZIGD", "STATUS_GEWIJZIGD", "leerling_gewijzigd", "publiceer", "status_gewijzigd"]
