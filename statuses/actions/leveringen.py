"""When an organisatie last delivered: "laatst bijgewerkt"."""

from __future__ import annotations

import uuid

from overstap.basis import klok
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import voeg_toe
from statuses.models import Levering


def record_levering(regio: str, organisatie_id: uuid.UUID, soort: str, aantal: int) -> None:
    """Keep the last delivery of this kind (``leerlingen`` or ``aanmeldingen``)."""
    rij = Levering(
        id=nieuwe_sleutel(),
        regio_id=regio,
        organisatie_id=organisatie_id,
        soort=soort,
        ontvangen_op=klok.nu(),
        aantal=aantal,
    )
    voeg_toe(
        Levering,
        [rij],
        botsing="ON CONFLICT (regio_id, organisatie_id, soort) DO UPDATE SET ontvangen_op = EXCLUDED.ontvangen_op, aantal = EXCLUDED.aantal",
    )
