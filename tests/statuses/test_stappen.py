"""The table of steps: complete, and about rows and pages that exist."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.rechten import RECHTEN, Recht, Rol
from statuses.selecties import SELECTIES
from statuses.termijnen import STANDAARD, kalender
from statuses.werklijsten import PER_ID, VAN_BOVEN, WERKLIJSTEN, stappen_van

K = kalender(2025)


def test_iedere_stap_heeft_rijen_een_zin_en_bestaande_data() -> None:
    assert {s.id for s in WERKLIJSTEN if s.telt and s.op not in VAN_BOVEN} == set(SELECTIES)
    assert len(PER_ID) == len(WERKLIJSTEN)
    for stap in WERKLIJSTEN:
        assert stap.rollen
        assert stap.naam
        assert stap.uitleg.endswith((".", "?"))
        assert {stap.van, stap.tot} <= set(STANDAARD)
        assert stap.fasen <= {1, 2, 3, 4}


def test_wie_leerlingen_ziet_en_iets_kan_heeft_stappen() -> None:
    for rol in (Rol.DECAAN, Rol.MBO_MEDEWERKER, Rol.LEERPLICHT, Rol.AANJAGER):
        assert Recht.LEERLINGEN_ZIEN in RECHTEN[rol]
        for dag in (date(2025, 11, 3), date(2026, 3, 20), date(2026, 6, 20), date(2026, 8, 20), date(2026, 10, 5)):
            assert [s for s in stappen_van(rol) if s.toont(dag, K)], (rol, dag)


@pytest.mark.parametrize(
    ("stap", "wel", "niet"),
    [("VO2g", date(2025, 10, 1), date(2025, 9, 30)), ("AJ2", date(2026, 4, 1), date(2026, 4, 2)),
     ("MB3", date(2026, 8, 1), date(2026, 7, 31)), ("VO1c", date(2026, 7, 15), date(2026, 7, 14))],
)  # fmt: skip
def test_een_stap_staat_er_in_zijn_tijd(stap: str, wel: date, niet: date) -> None:
    assert PER_ID[stap].toont(wel, K)
    assert not PER_ID[stap].toont(niet, K)
