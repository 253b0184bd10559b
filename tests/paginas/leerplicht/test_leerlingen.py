"""Leerplicht: who lives in the own gemeente; ingeschakeld, in behandeling, and rounded off."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.rechten import Rol
from statuses.status import Status
from tests.wereld import Wereld

S = Status


@pytest.fixture
def ambtenaar(wereld: Wereld) -> Client:
    return wereld.client(Rol.LEERPLICHT, "0363")


def tekst(antwoord: Any) -> str:
    return str(antwoord.content.decode()).replace("&#x27;", "'")


def test_de_lijst_toont_de_eigen_gemeente_en_geen_opleiding(wereld: Wereld, ambtenaar: Client) -> None:
    hier = wereld.overstap(achternaam="Inwoner", gemeente="0363")
    wereld.overstap(achternaam="Buurman", gemeente="0362")
    wereld.aanmelding(hier, "99MA", opleiding="Dierenartsassistent")
    lijst = tekst(ambtenaar.get("/leerlingen?zoek=inwo"))
    assert "Inwoner" in lijst
    assert "Mbo De Poort" in lijst
    assert "Dierenartsassistent" not in lijst
    assert "Dierenartsassistent" not in tekst(ambtenaar.get(f"/leerlingen/{hier.pk}"))
    assert "Buurman" not in tekst(ambtenaar.get("/leerlingen"))
    assert "Buurman" in tekst(wereld.client(Rol.LEERPLICHT, "RMC21").get("/leerlingen"))


def test_van_ingeschakeld_naar_afgehandeld_en_weer_open(wereld: Wereld, ambtenaar: Client) -> None:
    pk = str(wereld.o("lp_ingeschakeld").pk)
    stappen = [
        ("in_behandeling", {}, S.LP_IN_BEHANDELING),
        ("afhandelen", {f"tekst_{pk}": "Terug op school."}, S.LP_AFGEHANDELD),
        ("heropenen", {}, S.LP_IN_BEHANDELING),
        ("afspraak", {f"tekst_{pk}": "Start in september 2026."}, S.LP_DEFINITIEF),
    ]
    for code, velden, verwacht in stappen:
        antwoord = ambtenaar.post(
            "/leerlingen/actie", {"actie": code, "bevestigd": "ja", **wereld.kies([pk]), **velden}
        )
        assert antwoord.status_code == 200, tekst(antwoord)
        assert wereld.o("lp_ingeschakeld").spoor_leerplicht == verwacht


def test_een_afspraak_vraagt_een_tekst(wereld: Wereld, ambtenaar: Client) -> None:
    pk = str(wereld.o("lp_in_behandeling").pk)
    antwoord = ambtenaar.post("/leerlingen/actie", {"actie": "afspraak", "bevestigd": "ja", **wereld.kies([pk])})
    assert antwoord.status_code == 422
    assert wereld.o("lp_in_behandeling").spoor_leerplicht == S.LP_IN_BEHANDELING


def test_zonder_aanleiding_vraagt_in_behandeling_een_toelichting(wereld: Wereld, ambtenaar: Client) -> None:
    overstap = wereld.overstap(gemeente="0363")
    post = {"actie": "in_behandeling", "bevestigd": "ja", **wereld.kies([str(overstap.pk)])}
    assert "Schrijf waarom" in tekst(ambtenaar.post("/leerlingen/actie", post))
    klaar = ambtenaar.post("/leerlingen/actie", {**post, f"tekst_{overstap.pk}": "Ouders belden."})
    assert "1 gelukt" in tekst(klaar)


def test_knoppen_passen_bij_de_stand(wereld: Wereld, ambtenaar: Client) -> None:
    bezig = tekst(ambtenaar.get(f"/leerlingen/{wereld.o('lp_in_behandeling').pk}"))
    assert "Rond af" in bezig
    assert "Neem in behandeling" not in bezig
    nieuw = tekst(ambtenaar.get(f"/leerlingen/{wereld.o('lp_ingeschakeld').pk}"))
    assert "Neem in behandeling" in nieuw
    assert "Heropen" not in nieuw


def test_een_andere_gemeente_ziet_en_kan_niets(wereld: Wereld) -> None:
    ander = wereld.client(Rol.LEERPLICHT, "0362")
    pk = wereld.o("lp_ingeschakeld").pk
    assert ander.get(f"/leerlingen/{pk}").status_code == 404
    antwoord = ander.post("/leerlingen/actie", {"actie": "in_behandeling", "bevestigd": "ja", **wereld.kies([str(pk)])})
    assert antwoord.status_code == 404
    assert wereld.o("lp_ingeschakeld").spoor_leerplicht == S.LP_INGESCHAKELD


def test_de_tekst_van_leerplicht_ziet_de_school_niet(wereld: Wereld, ambtenaar: Client) -> None:
    overstap = wereld.o("lp_in_behandeling")
    geheim = "Gesprek met gezinscoach"
    ambtenaar.post(
        "/leerlingen/actie",
        {"actie": "afspraak", "bevestigd": "ja", **wereld.kies([str(overstap.pk)]), f"tekst_{overstap.pk}": geheim},
    )
    assert geheim in tekst(ambtenaar.get(f"/leerlingen/{overstap.pk}"))
    assert geheim not in tekst(wereld.client(Rol.DECAAN).get(f"/leerlingen/{overstap.pk}"))
