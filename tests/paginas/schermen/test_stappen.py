"""Every step leads somewhere, and the act that it names exists in the list of its role."""

from __future__ import annotations

import pytest
from django.urls import reverse

from overstap.paginas import LIJSTEN
from statuses.tellingen import geregistreerd
from statuses.werklijsten import VAN_BOVEN, WERKLIJSTEN, Stap
from tests.wereld import Wereld


@pytest.mark.parametrize("stap", WERKLIJSTEN, ids=lambda s: s.id)
def test_een_stap_heeft_een_pagina_en_zijn_daad(stap: Stap) -> None:
    assert reverse(stap.pagina).startswith("/")
    if stap.daad and stap.pagina == "leerlingen":
        for rol in stap.rollen:
            assert stap.daad in {knop.code for knop in LIJSTEN[rol].acties}


def test_iedere_stap_van_een_hogere_app_is_aangemeld() -> None:
    assert geregistreerd() == {s.id for s in WERKLIJSTEN if s.op in VAN_BOVEN}


@pytest.mark.parametrize(("rol", "stap"), [("decaan", "VO2b"), ("leerplicht", "LP4"), ("mbo_medewerker", "MB6")])
def test_een_stap_die_niet_over_leerlingen_gaat_is_geen_filter(wereld: Wereld, rol: str, stap: str) -> None:
    antwoord = wereld.client(rol).get(f"/leerlingen?stap={stap}")
    assert antwoord.status_code == 400
    assert "gaat niet over leerlingen" in antwoord.content.decode()
