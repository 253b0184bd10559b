"""Which rows a step is about, and what clears it: per rule one leerling, from in to out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import Organisatie, Regio
from accounts.rechten import Rol
from overstap.basis import klok
from statuses.actions import (
    answer_drie_vragen,
    choose_drie_vragen,
    choose_warme_overdracht,
    record_aanwezigheid,
    record_bericht,
    record_bezwaar,
    record_schoolcontact,
    see_drie_vragen,
)
from statuses.models import Aanmelding, BuitenRegio, Overstap, SchoolContact
from statuses.regiokalender import kalenders
from statuses.status import Partij, Spoor, Status
from statuses.tellingen import rijen, tel_stappen
from statuses.werklijsten import PER_ID
from tests.statuses.conftest import Klein

S = Status


def in_stap(klein: Klein, stap: str, rij: Overstap | Aanmelding, dag: date | None = None) -> bool:
    """Whether this row is among those of the step, for whom it is."""
    k = kalenders(["21"], [2025])["21", 2025]
    return rijen(stap, klein.speler(stap), k, dag or klok.vandaag()).filter(pk=rij.pk).exists()


def van(klein: Klein, stap: str, dag: date | None = None) -> set[Any]:
    k = kalenders(["21"], [2025])["21", 2025]
    return set(rijen(stap, klein.speler(stap), k, dag or klok.vandaag()))


def test_niet_geplaatst_is_alles_behalve_6_11_en_12(klein: Klein) -> None:
    zonder, intake, geplaatst, keuze, bij_lp, afspraak = (klein.leerling() for _ in range(6))
    klein.aanmelding(intake, S.INTAKE)
    klein.aanmelding(geplaatst, S.DEFINITIEF)
    klein.wijzig(keuze, Spoor.VO, S.VERVOLGKEUZE_VO, Rol.DECAAN, reden_code="havo", zekerheid="zeker")
    for leerling in (bij_lp, afspraak):
        klein.wijzig(leerling, Spoor.LEERPLICHT, S.LP_IN_BEHANDELING, Rol.LEERPLICHT, tekst="Spijbelt.")
    klein.wijzig(afspraak, Spoor.LEERPLICHT, S.LP_DEFINITIEF, Rol.LEERPLICHT, tekst="Werkt eerst.")
    zomer = date(2026, 7, 20)
    assert van(klein, "VO1a", zomer) == {zonder, intake, bij_lp}
    assert van(klein, "VO1b", zomer) == {zonder, intake, bij_lp}
    assert van(klein, "VO1c", zomer) == {zonder, intake}
    assert van(klein, "AJ4", zomer) == {klein.vestiging}


def test_buiten_de_regio_is_het_hele_jaar_een_voorstel(klein: Klein) -> None:
    leerling, ander = klein.leerling(), klein.leerling()
    BuitenRegio.objects.create(
        regio_id="21", overstap=leerling, mbo_code="25XX", aanmeld_id="X", status="INGESCHREVEN",
        status_datum=date(2026, 3, 1), volgnummer=1,
    )  # fmt: skip
    assert van(klein, "VO1b", date(2026, 3, 20)) == {leerling}
    assert van(klein, "VO1b", date(2026, 4, 2)) == {leerling, ander}
    klein.wijzig(leerling, Spoor.VO, S.VERVOLGKEUZE_VO, Rol.DECAAN, reden_code="mbo_buiten_regio", zekerheid="zeker")
    assert van(klein, "VO1b", date(2026, 4, 2)) == {ander}


def test_wie_zich_opnieuw_aanmeldt_is_niet_meer_gestopt(klein: Klein) -> None:
    leerling = klein.leerling()
    klein.aanmelding(leerling, S.INTAKE, klein.mbo2, date(2026, 1, 5))
    klein.aanmelding(leerling, S.AFGEWEZEN, klein.mbo, date(2026, 2, 2))
    assert in_stap(klein, "VO2d", leerling)
    klein.aanmelding(leerling, S.AANGEMELD, klein.mbo2, date(2026, 2, 9))
    assert not in_stap(klein, "VO2d", leerling)


def test_warme_overdracht_tot_de_school_een_bericht_stuurt(klein: Klein) -> None:
    decaan = klein.actor(Rol.DECAAN)
    gekozen, antwoordt = klein.leerling(), klein.leerling()
    eerste, tweede = klein.aanmelding(gekozen, S.INTAKE), klein.aanmelding(antwoordt, S.INTAKE)
    record_bericht(tweede.id, Partij.VO, actor=decaan)  # before the question was answered: that one does not count
    choose_warme_overdracht([gekozen.id], actor=decaan)
    choose_drie_vragen([antwoordt.id], True, actor=decaan)
    answer_drie_vragen(tweede.id, 2, False, actor=decaan)
    assert van(klein, "VO2c") == {gekozen}
    answer_drie_vragen(tweede.id, 2, True, actor=decaan)
    Aanmelding.objects.filter(pk=tweede.id).update(bericht_vo_op=klok.nu() - timedelta(days=1))
    assert van(klein, "VO2c") == {gekozen, antwoordt}
    record_bericht(eerste.id, Partij.MBO, actor=decaan)
    assert in_stap(klein, "VO2c", gekozen)
    for aanmelding in (eerste, tweede):
        record_bericht(aanmelding.id, Partij.VO, actor=decaan)
    assert van(klein, "VO2c") == set()


def test_drie_vragen_van_kiezen_tot_gezien(klein: Klein) -> None:
    decaan, mbo = klein.actor(Rol.DECAAN), klein.actor(Rol.MBO_MEDEWERKER)
    leerling, niet_gekozen = klein.leerling(), klein.leerling()
    aanmelding = klein.aanmelding(leerling, S.INTAKE)
    klein.aanmelding(niet_gekozen, S.INTAKE)
    assert van(klein, "VO2f") == set()
    choose_drie_vragen([leerling.id], True, actor=decaan)
    assert van(klein, "VO2f") == {leerling}
    record_bezwaar([leerling.id], True, actor=decaan)
    assert van(klein, "VO2f") == set()
    record_bezwaar([leerling.id], False, actor=decaan)
    assert not in_stap(klein, "MB5", aanmelding)
    answer_drie_vragen(aanmelding.id, 1, False, actor=decaan)
    assert van(klein, "VO2f") == set()
    assert in_stap(klein, "MB5", aanmelding)
    record_bezwaar([leerling.id], True, actor=decaan)
    assert not in_stap(klein, "MB5", aanmelding)
    record_bezwaar([leerling.id], False, actor=decaan)
    see_drie_vragen([aanmelding.id], actor=mbo)
    assert not in_stap(klein, "MB5", aanmelding)


def test_gestart_of_niet_na_tien_schooldagen_waar_het_mbo_het_bijhoudt(klein: Klein, settings: Settings) -> None:
    weg, stil, elders = klein.leerling(), klein.leerling(), klein.leerling()
    plekken = [
        klein.aanmelding(o, S.DEFINITIEF, mbo) for o, mbo in ((weg, klein.mbo), (stil, klein.mbo), (elders, klein.mbo2))
    ]
    settings.OVERSTAP_VANDAAG = date(2026, 8, 6)
    record_aanwezigheid([plekken[0].id], "no_show", actor=klein.actor(Rol.MBO_MEDEWERKER))
    Organisatie.objects.filter(pk=klein.mbo2.pk).update(instellingen={"show": False})
    # 1 August 2026 is a Saturday: the tenth school day is Friday the 14th.
    assert van(klein, "VO4a", date(2026, 8, 13)) == {weg}
    assert van(klein, "VO4a", date(2026, 8, 14)) == {weg, stil}
    assert {a.overstap_id for a in van(klein, "MB3")} == {stil.pk}
    Regio.objects.filter(pk="21").update(instellingen={"vakanties": [["2026-07-11", "2026-08-23"]]})
    assert van(klein, "VO4a", date(2026, 9, 3)) == {weg}
    assert van(klein, "VO4a", date(2026, 9, 4)) == {weg, stil}
    klein.wijzig(weg, Spoor.LEERPLICHT, S.LP_INGESCHAKELD, Rol.DECAAN, tekst="Niet gestart.", dag=date(2026, 8, 6))
    assert van(klein, "VO4a", date(2026, 9, 4)) == {stil}


def test_leerplicht_ziet_een_no_show_weer_als_die_na_het_teruggeven_komt(klein: Klein, settings: Settings) -> None:
    leerling = klein.leerling()
    plek = klein.aanmelding(leerling, S.DEFINITIEF, dag=date(2026, 2, 2))
    for naar in (S.LP_IN_BEHANDELING, S.LP_AFGEHANDELD):
        klein.wijzig(leerling, Spoor.LEERPLICHT, naar, Rol.LEERPLICHT, tekst="Verzuim.")
    assert not in_stap(klein, "LP2", leerling)
    settings.OVERSTAP_VANDAAG = date(2026, 9, 7)
    record_aanwezigheid([plek.id], "no_show", actor=klein.actor(Rol.MBO_MEDEWERKER))
    assert in_stap(klein, "LP2", leerling)
    for naar in (S.LP_IN_BEHANDELING, S.LP_AFGEHANDELD):
        klein.wijzig(leerling, Spoor.LEERPLICHT, naar, Rol.LEERPLICHT, dag=date(2026, 9, 7))
    assert not in_stap(klein, "LP2", leerling)


def test_havisten_staan_niet_in_de_risicostappen(klein: Klein) -> None:
    havist, vmbo = klein.leerling(onderwijssoort="havo", leerweg=None), klein.leerling()
    for leerling in (havist, vmbo):
        klein.aanmelding(leerling, S.AFGEWEZEN)
    assert van(klein, "VO3c") == van(klein, "LP2") == {vmbo}
    assert van(klein, "VO2d") == {havist, vmbo}


def test_melden_is_geen_stap_voor_een_school_met_alleen_havo(klein: Klein) -> None:
    decaan, stap = klein.actor(Rol.DECAAN), PER_ID["VO2g"]
    k = kalenders(["21"], [2025])["21", 2025]
    klein.leerling(onderwijssoort="havo", leerweg=None)
    assert "VO2g" not in tel_stappen([stap], decaan, k, klok.vandaag())
    leerling = klein.leerling()
    assert tel_stappen([stap], decaan, k, klok.vandaag())["VO2g"] == 1
    Overstap.objects.filter(pk=leerling.pk).update(mbo_ganger=True)
    assert tel_stappen([stap], decaan, k, klok.vandaag())["VO2g"] == 0


def test_reden_ontbreekt_alleen_uit_een_aanlevering(klein: Klein) -> None:
    zonder, met = klein.aanmelding(klein.leerling(), S.AFGEMELD), klein.aanmelding(klein.leerling(), S.INTAKE)
    klein.wijzig(
        Overstap.objects.get(pk=met.overstap_id), Spoor.AANMELDING, S.AFGEMELD, Rol.MBO_MEDEWERKER, aanmelding=met, reden_code="werk"
    )  # fmt: skip
    assert van(klein, "MB4") == {zonder}


# --- aanjager


@pytest.mark.parametrize(
    ("vorig", "nu", "klas", "verwacht"),
    [(0, 0, 0, True), (10, 8, 0, False), (10, 7, 0, True), (0, 3, 3, False), (0, 3, 4, True)],
)
def test_een_school_met_opvallend_weinig_overstappers(
    klein: Klein, vorig: int, nu: int, klas: int, verwacht: bool
) -> None:
    for _ in range(vorig):
        oud = klein.leerling()
        Overstap.objects.filter(pk=oud.pk).update(overstapjaar=2024)
    for n in range(nu + klas):
        klein.leerling(overstapper=True if n < nu else None, overstapper_sinds=date(2025, 10, 3) if n < nu else None)
    aanjager = klein.aanjager()
    k = kalenders(["21"], [2025])["21", 2025]

    def scholen() -> set[Any]:
        return set(rijen("AJ1", aanjager, k, date(2025, 11, 3)))

    assert scholen() == ({klein.vestiging} if verwacht else set())
    record_schoolcontact(klein.vestiging.id, 2025, "AJ1", "besproken", actor=aanjager)
    assert scholen() == set()


@pytest.mark.parametrize(("antwoord", "terug"), [("klopt", False), ("achterstand", True), ("steun_nodig", True)])
def test_het_antwoord_van_de_school_geldt_een_tijd(klein: Klein, antwoord: str, terug: bool) -> None:
    klein.leerling()
    aanjager, dag = klein.aanjager(), klok.vandaag()
    k = kalenders(["21"], [2025])["21", 2025]
    assert rijen("AJ3", aanjager, k, dag).exists()
    record_schoolcontact(klein.vestiging.id, 2025, "AJ3", antwoord, "Een mentor.", actor=aanjager)
    assert SchoolContact.objects.count() == 1
    assert not rijen("AJ3", aanjager, k, dag + timedelta(days=27)).exists()
    assert rijen("AJ3", aanjager, k, dag + timedelta(days=28)).exists() is terug
    assert rijen("AJ2", aanjager, k, dag).exists()
