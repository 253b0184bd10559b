"""One party to act for every leerling on every day of the year, also in summer and where the regio moved its dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from statuses.aan_zet import aan_zet
from statuses.status import Partij, Status
from statuses.termijnen import Kalender, kalender

K = kalender(2025)
S, VO, MBO, LP = Status, Partij.VO, Partij.MBO, Partij.LEERPLICHT
# Table 3.1 of the Overstapprocedure, and who gets it in October. Bron: domein.md 2, "Aan zet".
TABEL: dict[Status, tuple[Partij, Partij]] = {
    S.ZONDER_AANMELDING: (VO, LP), S.LP_AFGEHANDELD: (VO, LP), S.BEEINDIGD: (MBO, LP), S.AFGEMELD: (VO, LP), S.AFGEWEZEN: (VO, LP),
    S.VERVOLGKEUZE_VO: (VO, VO), S.AANGEMELD: (MBO, LP), S.INTAKE: (MBO, LP), S.VOORLOPIG: (MBO, LP), S.OOK_AFGEDRUKT: (MBO, LP),
    S.LP_DEFINITIEF: (LP, LP), S.DEFINITIEF: (MBO, MBO), S.LP_INGESCHAKELD: (LP, LP), S.LP_IN_BEHANDELING: (LP, LP),
}  # fmt: skip


def dagen(k: Kalender) -> list[date]:
    return [k["begin"] + timedelta(days=n) for n in range((k["einde"] - k["begin"]).days + 1)]


def test_de_tabel_noemt_iedere_status() -> None:
    assert set(TABEL) == set(Status)


@pytest.mark.parametrize("k", [K, kalender(2025, {"leerplicht_aan_zet": "09-16", "verantwoordelijk_vo_tot": "09-15"})])
@pytest.mark.parametrize("status", list(Status))
def test_iedere_dag_van_het_jaar_is_een_partij_aan_zet(status: Status, k: Kalender) -> None:
    eerst, daarna = TABEL[status]
    alle = dagen(k)
    assert len(alle) == 410
    for dag in alle:
        zet = aan_zet(status, dag, k)
        assert zet.partij == (daarna if dag >= k["leerplicht_aan_zet"] else eerst), dag
        assert zet.eindverantwoordelijk_vo is (dag <= k["verantwoordelijk_vo_tot"]), dag
        assert zet.waarom.endswith("."), dag
