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
# inhoud: {"overstap": uuid, "aanmelding": uuid}; an answer was given, changed or taken back
DRIE_VRAGEN_BEANTWOORD = "statuses.drie_vragen_beantwoord"
# inhoud: {"overstap": uuid, "aan": "collega" or "gemeente"}; who has it now stands on the overstap
LEERPLICHT_OVERGEDRAGEN = "statuses.leerplicht_overgedragen"


def status_gewijzigd(regio: str, overstap: uuid.UUID, van: int, tot: int, sporen: Iterable[str]) -> OutboxRegel:
    sleutel = str(overstap)
    inhoud = {"overstap": sleutel, "van": van, "tot": tot, "sporen": sorted(set(sporen))}
    return kale_rij(OutboxRegel, regio_id=regio, sleutel=sleutel, soort=STATUS_GEWIJZIGD, inhoud=inhoud)


def leerling_gewijzigd(regio: str, overstap: uuid.UUID) -> OutboxRegel:
    return OutboxRegel(
        regio_id=regio, sleutel=str(overstap), soort=LEERLING_GEWIJZIGD, inhoud={"overstap": str(overstap)}
    )


def drie_vragen_beantwoord(regio: str, overstap: uuid.UUID, aanmelding: uuid.UUID) -> OutboxRegel:
    inhoud = {"overstap": str(overstap), "aanmelding": str(aanmelding)}
    return OutboxRegel(regio_id=regio, sleutel=str(overstap), soort=DRIE_VRAGEN_BEANTWOORD, inhoud=inhoud)


def leerplicht_overgedragen(regio: str, overstap: uuid.UUID, aan: str) -> OutboxRegel:
    inhoud = {"overstap": str(overstap), "aan": aan}
    return OutboxRegel(regio_id=regio, sleutel=str(overstap), soort=LEERPLICHT_OVERGEDRAGEN, inhoud=inhoud)


__all__ = [
    "DRIE_VRAGEN_BEANTWOORD",
    "LEERLING_GEWIJZIGD",
    "LEERPLICHT_OVERGEDRAGEN",
    "STATUS_GEWIJZIGD",
    "drie_vragen_beantwoord",
    "leerling_gewijzigd",
    "leerplicht_overgedragen",
    "publiceer",
    "status_gewijzigd",
]
