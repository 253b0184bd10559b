"""The instroomlijst of an mbo: only the own aanmeldingen, statuses alone and for many, and what may not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.rechten import Rol
from statuses.models import Gebeurtenis
from statuses.status import Status
from tests.wereld import Wereld

S = Status


@pytest.fixture
def mbo(wereld: Wereld) -> Client:
    return wereld.client(Rol.MBO_MEDEWERKER, "99MA")


def tekst(antwoord: Any) -> str:
    return str(antwoord.content.decode()).replace("&#x27;", "'")


def test_de_lijst_toont_eigen_aanmeldingen_en_wie_het_langst_wacht_eerst(wereld: Wereld, mbo: Client) -> None:
    lang = wereld.aanmelding(wereld.overstap(achternaam="Langwacht"), "99MA", op=date(2025, 11, 1))
    ander = wereld.aanmelding(wereld.overstap(achternaam="Elders"), "99MB")
    antwoord = tekst(mbo.get("/leerlingen"))
    assert "Langwacht" in antwoord
    assert "Elders" not in antwoord
    assert str(ander.pk) not in antwoord
    assert antwoord.index("Langwacht") < antwoord.index(wereld.o("intake").leerling.achternaam)
    assert lang.status == S.AANGEMELD


def test_een_status_voor_veel_tegelijk_met_een_uitslag_per_leerling(wereld: Wereld, mbo: Client) -> None:
    een = wereld.aanmelding(wereld.overstap(), "99MA")
    twee = wereld.aanmelding(wereld.overstap(), "99MA", S.DEFINITIEF)
    ids = [str(een.pk), str(twee.pk)]
    vraag = mbo.post("/leerlingen/actie", {"actie": "intake", "kies": ids})
    assert "Deze stap terug kan alleen als correctie" in tekst(vraag)  # the placed one is named beforehand
    klaar = mbo.post("/leerlingen/actie", {"actie": "intake", "bevestigd": "ja", **wereld.kies(ids)})
    assert "1 gelukt" in tekst(klaar)
    assert wereld_status(wereld, een.pk) == S.INTAKE
    assert wereld_status(wereld, twee.pk) == S.DEFINITIEF


def wereld_status(wereld: Wereld, pk: Any) -> int:
    from statuses.models import Aanmelding

    with wereld.bereik():
        return Aanmelding.objects.get(pk=pk).status


def test_afwijzen_vraagt_een_reden_en_de_school_ziet_die(wereld: Wereld, mbo: Client) -> None:
    a = wereld.a("intake")
    post = {"actie": "afwijzen", "bevestigd": "ja", **wereld.kies([str(a.pk)])}
    zonder = mbo.post("/leerlingen/actie", post)
    assert zonder.status_code == 422
    assert "De school moet weten waarom" in tekst(zonder)
    assert wereld.a("intake").status == S.INTAKE
    mbo.post("/leerlingen/actie", {**post, "reden": "niet_verschenen"})
    assert wereld.a("intake").status == S.AFGEWEZEN
    school = tekst(wereld.client(Rol.DECAAN).get(f"/leerlingen/{wereld.o('intake').pk}"))
    assert "niet verschenen" in school


def test_op_de_pagina_van_een_leerling_staan_alleen_stappen_die_mogen(wereld: Wereld, mbo: Client) -> None:
    a = wereld.a("aangemeld")
    pagina = tekst(mbo.get(f"/leerlingen/{a.overstap_id}"))
    assert "Zet verder" in pagina
    assert "Beëindigen" not in pagina  # no other aanmelding here
    assert "Corrigeren" not in pagina  # nothing to go back to
    url = f"/leerlingen/{a.overstap_id}/voorlopig?aanmelding={a.pk}"
    formulier = mbo.get(url)
    assert formulier.status_code == 200
    versie, volgnr = wereld.o("aangemeld").versie, wereld.o("aangemeld").volgnr
    klaar = mbo.post(url, {"versie": versie, "volgnr": volgnr, "datum": "2026-03-02"}, follow=True)
    assert klaar.status_code == 200
    assert (wereld.a("aangemeld").status, wereld.a("aangemeld").status_datum) == (S.VOORLOPIG, date(2026, 3, 2))
    assert "Corrigeren" in tekst(mbo.get(f"/leerlingen/{a.overstap_id}"))


def test_een_correctie_zegt_wat_er_fout_was(wereld: Wereld, mbo: Client) -> None:
    a = wereld.a("intake")
    url = f"/leerlingen/{a.overstap_id}/corrigeer_aangemeld?aanmelding={a.pk}"
    post = {"versie": wereld.o("intake").versie, "volgnr": wereld.o("intake").volgnr}
    assert mbo.post(url, post).status_code == 422
    mbo.post(url, {**post, "tekst": "Verkeerde leerling gekozen."})
    assert wereld.a("intake").status == S.AANGEMELD
    with wereld.bereik():
        laatste = Gebeurtenis.objects.filter(overstap_id=a.overstap_id).latest("volgnr")
        assert (laatste.reden_code, laatste.toelichting.tekst) == ("correctie", "Verkeerde leerling gekozen.")


def test_gestart_of_niet_pas_na_de_start(wereld: Wereld, mbo: Client) -> None:
    a = wereld.a("definitief")
    post = {"actie": "niet_gestart", "bevestigd": "ja", **wereld.kies([str(a.pk)])}
    te_vroeg = tekst(mbo.post("/leerlingen/actie", post))
    assert "vanaf de start van het mbo" in te_vroeg
    assert wereld.a("definitief").aanwezigheid == ""
    wereld.op(date(2026, 9, 7))
    mbo.post("/leerlingen/actie?jaar=2025-2026", {**post, "vraag": "jaar=2025-2026"})
    assert wereld.a("definitief").aanwezigheid == "no_show"


def test_de_manager_kijkt_en_wijzigt_niet(wereld: Wereld) -> None:
    manager = wereld.client(Rol.MBO_MANAGER, "99MA")
    a = wereld.a("aangemeld")
    assert manager.get("/leerlingen").status_code == 200
    assert "Zet verder" not in tekst(manager.get(f"/leerlingen/{a.overstap_id}"))
    antwoord = manager.post("/leerlingen/actie", {"actie": "intake", "bevestigd": "ja", **wereld.kies([str(a.pk)])})
    assert antwoord.status_code == 403
    assert wereld.a("aangemeld").status == S.AANGEMELD


def test_een_aanmelding_van_een_ander_mbo_is_er_niet(wereld: Wereld, mbo: Client) -> None:
    ander = wereld.aanmelding(wereld.overstap(), "99MB")
    assert mbo.get(f"/leerlingen/{ander.overstap_id}").status_code == 404
    assert (
        mbo.post(
            "/leerlingen/actie", {"actie": "intake", "bevestigd": "ja", **wereld.kies([str(ander.pk)])}
        ).status_code
        == 404
    )
    assert wereld_status(wereld, ander.pk) == S.AANGEMELD


def test_de_lijst_kost_evenveel_queries_bij_veel_rijen(wereld: Wereld, mbo: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as gevangen:
            assert mbo.get("/leerlingen").status_code == 200
        return len(gevangen)

    queries()
    eerst = queries()
    for overstap in wereld.overstappen_van([wereld.rij() for _ in range(30)]):
        wereld.aanmelding(overstap, "99MA")
    # session, user, roles, bereik, log and the list itself
    assert queries() == eerst <= 22
