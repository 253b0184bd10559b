"""Each count is the number of its rows, for every role, on twelve days of the year; all counts of a role are one query."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.rechten import Rol
from statuses.models import Overstap
from statuses.regiokalender import kalenders
from statuses.selecties import SELECTIES
from statuses.status import Status
from statuses.tellingen import ALLE, geregistreerd, registreer, rijen, tel_stappen
from statuses.werklijsten import VAN_BOVEN, WERKLIJSTEN, stappen_van
from tests.wereld import JAAR, Wereld

DAGEN = [date(2025, 9, 3), date(2025, 10, 1), date(2025, 11, 3), date(2026, 1, 12), date(2026, 2, 2), date(2026, 3, 20),
         date(2026, 4, 2), date(2026, 5, 20), date(2026, 6, 20), date(2026, 7, 20), date(2026, 9, 20), date(2026, 10, 5)]  # fmt: skip
# The 35 rows of domein.md 3, with whose they are.
TABEL = {
    "decaan": "VO1a VO1b VO1c VO2a VO2b VO2c VO2d VO2e VO2f VO2g VO2h VO3a VO3b VO3c VO3d VO4a",
    "manager_vo": "MV1",
    "mbo_medewerker": "MB1 MB2 MB3 MB4 MB5 MB6",
    "mbo_manager": "MB7",
    "leerplicht": "LP1 LP2 LP3 LP4",
    "aanjager": "AJ1 AJ2 AJ3 AJ4 AJ5",
    "beheerorganisatie": "BO1 BO2",
}


def test_alle_stappen_van_het_stappenplan_staan_in_de_tabel() -> None:
    assert {rol: set(ids.split()) for rol, ids in TABEL.items()} == {
        rol.value: {s.id for s in stappen_van(rol)} for rol in Rol if stappen_van(rol)
    }
    assert len(WERKLIJSTEN) == 35
    zonder_rijen = {s.id for s in WERKLIJSTEN if not s.telt}
    assert zonder_rijen == {"MV1", "MB7", "LP4", "AJ5"}
    assert not zonder_rijen & set(SELECTIES)


@pytest.mark.parametrize("rol", list(Rol))
def test_iedere_telling_is_haar_rijen_in_een_vraag(wereld: Wereld, rol: Rol) -> None:
    wereld.aanmelding(wereld.o("aangemeld"), "99MB", Status.DEFINITIEF, op=date(2026, 3, 2))
    wereld.aanmelding(wereld.o("vervolgkeuze"), "99MA", op=date(2026, 3, 2))
    wereld.overstappen_van(
        [wereld.rij(geinformeerd=None, onderwijssoort="havo", leerweg=None), wereld.rij(gemarkeerd=False)]
    )
    actor, stappen = wereld.actor(rol), stappen_van(rol)
    stappen = tuple(s for s in stappen if s.op not in VAN_BOVEN or s.id in geregistreerd())
    with wereld.bereik("21"):
        k = kalenders(["21"], [JAAR])["21", JAAR]
        for dag in DAGEN:
            with CaptureQueriesContext(connection) as vangst:
                tel = tel_stappen(stappen, actor, k, dag)
            assert len(vangst) <= 1 or not stappen  # a samenwerkingsverband has no steps; what it sees is set by beheer
            assert {s.id: tel.get(s.id, 0) for s in stappen if s.telt} == {
                s.id: rijen(s, actor, k, dag).count() for s in stappen if s.telt
            }, dag
            zichtbaar = Overstap.objects.zichtbaar_voor(actor).filter(overstapjaar=JAAR, gemarkeerd_sinds__isnull=False)
            assert tel[ALLE] == zichtbaar.count()


def test_een_stap_van_hier_wordt_niet_van_boven_geteld() -> None:
    with pytest.raises(ValueError, match="VO1a"):
        registreer("VO1a", lambda actor, k, dag: Overstap.objects.none())
    with pytest.raises(KeyError):
        registreer("XX", lambda actor, k, dag: Overstap.objects.none())
