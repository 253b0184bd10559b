"""When an organisatie last delivered: "laatst bijgewerkt"."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from overstap.basis import klok
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import voeg_toe
from statuses.models import Levering

# Calls within the hour are one delivery: a system sends its rows in pieces.
_BIJWERKEN = (
    """ON CONFLICT (regio_id, organisatie_id, soort) DO UPDATE SET ontvangen_op = EXCLUDED.ontvangen_op, {tellers}"""
)
_TELLERS = ("aantal", "geweigerd", "bewaard")
_TELLER = (
    "{0} = EXCLUDED.{0} + CASE WHEN statuses_levering.ontvangen_op > EXCLUDED.ontvangen_op - interval '1 hour' "
    "THEN statuses_levering.{0} ELSE 0 END"
)


def record_levering(
    regios: Collection[str], organisatie_id: uuid.UUID, soort: str, aantal: int, geweigerd: int = 0, bewaard: int = 0
) -> None:
    """Keep the last delivery of this kind (``leerlingen`` or ``aanmeldingen``), and how many rows of it were not applied."""
    rijen = [
        Levering(
            id=nieuwe_sleutel(),
            regio_id=regio,
            organisatie_id=organisatie_id,
            soort=soort,
            ontvangen_op=klok.nu(),
            aantal=aantal,
            geweigerd=geweigerd,
            bewaard=bewaard,
        )
        for regio in sorted(regios)
    ]
    tellers = ", ".join(_TELLER.format(naam) for naam in _TELLERS)
    voeg_toe(Levering, rijen, botsing=_BIJWERKEN.format(tellers=tellers))
