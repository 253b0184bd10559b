"""Risico and the eight signalen, each by its rule and at its borders: one leerling, one change at a time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from pytest_django import Settings

from accounts.models import Regio
from accounts.rechten import Rol
from overstap.basis import klok
from statuses import eigen
from statuses.actions import record_aanwezigheid
from statuses.models import Aanmelding, BuitenRegio, Overstap
from statuses.regiokalender import kalenders
from statuses.risico import Signaal, doelgroep_q, over_tijd_q, risico_q, signaal_q
from statuses.status import Spoor, Status
from statuses.waarom import LABELS, ZINNEN, waarom
from tests.statuses.conftest import Klein

S = Status
MEI = date(2026, 5, 20)


def k():  # type: ignore[no-untyped-def]
    return kalenders(["21"], [2025])["21", 2025]


def heeft(signaal: Signaal, overstap: Overstap, dag: date, gezien: datetime | None = None) -> bool:
    return Overstap.objects.filter(signaal_q(signaal, k(), dag, gezien=gezien), pk=overstap.pk).exists()


def risico(overstap: Overstap, dag: date) -> bool:
    return Overstap.objects.filter(risico_q(k(), dag), pk=overstap.pk).exists()


def kies(**instellingen: object) -> None:
    Regio.objects.filter(pk="21").update(instellingen=instellingen)


def mbo_kiest(klein: Klein, **instellingen: object) -> None:
    klein.mbo.instellingen = instellingen
    klein.mbo.save(update_fields=["instellingen"])


# --- risico


@pytest.mark.parametrize(
    ("soort", "dag", "verwacht"),
    [
        ("vmbo", date(2026, 4, 1), False),
        ("vmbo", date(2026, 4, 2), True),
        ("havo", date(2026, 4, 2), False),
        ("vwo", date(2026, 10, 2), False),
    ],
)
def test_zonder_aanmelding_is_risico_vanaf_2_april_en_een_havist_nooit(
    klein: Klein, soort: str, dag: date, verwacht: bool
) -> None:
    leerling = klein.leerling(onderwijssoort=soort, leerweg="bb" if soort == "vmbo" else None)
    assert risico(leerling, dag) is verwacht


def test_de_datum_van_risico_is_die_van_de_regio(klein: Klein) -> None:
    leerling = klein.leerling()
    kies(kalender={"risico_zonder_aanmelding": "04-20"})
    assert not risico(leerling, date(2026, 4, 19))
    assert risico(leerling, date(2026, 4, 20))


@pytest.mark.parametrize(("status", "verwacht"), [("INGESCHREVEN", False), ("INGETROKKEN", True)])
def test_een_lopende_aanmelding_buiten_de_regio_is_een_signaal_en_geen_risico(
    klein: Klein, status: str, verwacht: bool
) -> None:
    leerling = klein.leerling()
    BuitenRegio.objects.create(
        regio_id="21", overstap=leerling, mbo_code="25XX", aanmeld_id="X", status=status,
        status_datum=date(2026, 3, 1), volgnummer=1,
    )  # fmt: skip
    assert risico(leerling, MEI) is verwacht
    assert heeft(Signaal.BUITEN_DE_REGIO, leerling, MEI) is not verwacht


@pytest.mark.parametrize(
    ("status", "verwacht"), [(S.AANGEMELD, False), (S.DEFINITIEF, False), (S.AFGEMELD, True), (S.AFGEWEZEN, True)]
)
def test_wie_gestopt_is_is_risico_op_iedere_dag(klein: Klein, status: Status, verwacht: bool) -> None:
    leerling = klein.leerling()
    klein.aanmelding(leerling, status)
    assert risico(leerling, date(2026, 1, 20)) is verwacht


def test_vanaf_2_oktober_is_iedereen_risico_die_niet_is_geplaatst(klein: Klein) -> None:
    intake, geplaatst = klein.leerling(), klein.leerling()
    klein.aanmelding(intake, S.INTAKE)
    klein.aanmelding(geplaatst, S.DEFINITIEF)
    assert (risico(intake, date(2026, 10, 1)), risico(intake, date(2026, 10, 2))) == (False, True)
    assert not risico(geplaatst, date(2026, 10, 2))


def test_wie_is_teruggegeven_is_pas_weer_risico_na_een_latere_aanmelding(klein: Klein) -> None:
    leerling = klein.leerling()
    aanmelding = klein.aanmelding(leerling, S.AFGEMELD)
    for naar in (S.LP_IN_BEHANDELING, S.LP_AFGEHANDELD):
        assert klein.wijzig(leerling, Spoor.LEERPLICHT, naar, Rol.LEERPLICHT, dag=date(2026, 3, 1)).gelukt
    assert not risico(leerling, MEI)
    for naar, velden in ((S.AANGEMELD, {}), (S.AFGEMELD, {"reden_code": "werk"})):
        assert klein.wijzig(
            leerling, Spoor.AANMELDING, naar, Rol.MBO_MEDEWERKER, aanmelding=aanmelding, dag=date(2026, 3, 10), **velden
        ).gelukt
    assert risico(leerling, MEI)


def test_de_doelgroep_havisten_staat_apart(klein: Klein) -> None:
    havist, vmbo = klein.leerling(onderwijssoort="havo", leerweg=None), klein.leerling()
    assert set(Overstap.objects.filter(doelgroep_q("havo_vwo"))) == {havist}
    assert set(Overstap.objects.filter(doelgroep_q("overig"))) == {vmbo}
    with pytest.raises(ValueError, match="iedereen"):
        doelgroep_q("iedereen")


# --- stilstand


def test_stilstand_volgt_de_afspraak_van_de_instelling_en_anders_die_van_de_regio(klein: Klein) -> None:
    snel, gewoon = klein.leerling(), klein.leerling()
    klein.aanmelding(snel, S.INTAKE, klein.mbo, date(2026, 2, 2))
    klein.aanmelding(gewoon, S.INTAKE, klein.mbo2, date(2026, 2, 2))
    kies(doorlooptijden={"intake": 20})
    mbo_kiest(klein, doorlooptijden={"intake": 10})
    op = [date(2026, 2, 12), date(2026, 2, 13), date(2026, 2, 22), date(2026, 2, 23)]
    assert [heeft(Signaal.STILSTAND, snel, dag) for dag in op] == [False, True, True, True]
    assert [heeft(Signaal.STILSTAND, gewoon, dag) for dag in op] == [False, False, False, True]
    stil = Aanmelding.objects.filter(over_tijd_q(k().regels, date(2026, 2, 13)))
    assert list(stil.values_list("overstap", flat=True)) == [snel.pk]


def test_zonder_afspraak_geldt_zes_weken_en_een_vakantie_telt_niet(klein: Klein) -> None:
    leerling = klein.leerling()
    klein.aanmelding(leerling, S.AANGEMELD, dag=date(2026, 3, 2))
    assert not heeft(Signaal.STILSTAND, leerling, date(2026, 4, 13))
    assert heeft(Signaal.STILSTAND, leerling, date(2026, 4, 14))
    kies(vakanties=[["2026-04-01", "2026-04-07"]])
    assert not heeft(Signaal.STILSTAND, leerling, date(2026, 4, 20))
    assert heeft(Signaal.STILSTAND, leerling, date(2026, 4, 21))


def test_een_trage_aanmelding_naast_een_snellere_is_geen_stilstand(klein: Klein) -> None:
    leerling = klein.leerling()
    klein.aanmelding(leerling, S.AANGEMELD, klein.mbo, date(2026, 1, 12))
    assert heeft(Signaal.STILSTAND, leerling, MEI)
    klein.aanmelding(leerling, S.VOORLOPIG, klein.mbo2, date(2026, 3, 20))
    assert not heeft(Signaal.STILSTAND, leerling, date(2026, 4, 20))


def test_zonder_aanmelding_is_het_stil_na_de_weken_die_de_regio_koos(klein: Klein) -> None:
    leerling = klein.leerling(overstapper_sinds=date(2026, 1, 5))
    assert [heeft(Signaal.STILSTAND, leerling, date(2026, 2, d)) for d in (15, 16)] == [False, True]
    kies(stilstand_weken_zonder=8)
    assert [heeft(Signaal.STILSTAND, leerling, d) for d in (date(2026, 3, 1), date(2026, 3, 2))] == [False, True]


# --- terugval


def _val(klein: Klein, leerling: Overstap, aanmelding: Aanmelding, naar: Status, reden: str) -> datetime:
    assert klein.wijzig(
        leerling, Spoor.AANMELDING, naar, Rol.MBO_MEDEWERKER, aanmelding=aanmelding, reden_code=reden
    ).gelukt
    return klok.nu()


@pytest.mark.parametrize(
    ("naar", "reden"), [(S.AFGEMELD, "werk"), (S.AFGEWEZEN, "opleiding_vol"), (S.INTAKE, "correctie")]
)
def test_terugval_is_sinds_de_kijker_het_laatst_keek(klein: Klein, naar: Status, reden: str) -> None:
    leerling = klein.leerling()
    aanmelding = klein.aanmelding(leerling, S.VOORLOPIG)
    vandaag = klok.vandaag()
    assert not heeft(Signaal.TERUGVAL, leerling, vandaag)
    moment = _val(klein, leerling, aanmelding, naar, reden)
    assert heeft(Signaal.TERUGVAL, leerling, vandaag)
    assert heeft(Signaal.TERUGVAL, leerling, vandaag, gezien=moment - timedelta(minutes=5))
    assert not heeft(Signaal.TERUGVAL, leerling, vandaag, gezien=moment + timedelta(minutes=5))
    assert not heeft(Signaal.TERUGVAL, leerling, vandaag + timedelta(days=8))


def test_wie_verder_is_gekomen_dan_hij_stond_is_niet_meer_teruggevallen(klein: Klein) -> None:
    leerling = klein.leerling()
    aanmelding = klein.aanmelding(leerling, S.VOORLOPIG)
    _val(klein, leerling, aanmelding, S.AFGEMELD, "werk")
    for naar, terug in ((S.AANGEMELD, True), (S.INTAKE, True), (S.DEFINITIEF, False)):
        assert klein.wijzig(leerling, Spoor.AANMELDING, naar, Rol.MBO_MEDEWERKER, aanmelding=aanmelding).gelukt
        assert heeft(Signaal.TERUGVAL, leerling, klok.vandaag()) is terug, naar


def test_wie_elders_even_ver_staat_is_niet_teruggevallen(klein: Klein) -> None:
    leerling = klein.leerling()
    eerste = klein.aanmelding(leerling, S.INTAKE, klein.mbo)
    klein.aanmelding(leerling, S.DEFINITIEF, klein.mbo2)
    _val(klein, leerling, eerste, S.AFGEMELD, "andere_instelling")
    assert not heeft(Signaal.TERUGVAL, leerling, klok.vandaag())
    # The mbo sees its own aanmelding alone: there it is a fall.
    bij_mbo = Overstap.objects.annotate(**eigen.annotaties(klein.mbo.id))
    terug = eigen.signaal_q(Signaal.TERUGVAL, k(), klok.vandaag(), klein.mbo.id)
    assert bij_mbo.filter(terug, pk=leerling.pk).exists()


# --- the others


def test_no_show_en_twee_plaatsen_en_geplaatst_bij_leerplicht(klein: Klein, settings: Settings) -> None:
    settings.OVERSTAP_VANDAAG = date(2026, 9, 10)
    leerling = klein.leerling()
    plek = klein.aanmelding(leerling, S.DEFINITIEF)
    signalen = (Signaal.NO_SHOW, Signaal.DUBBELE_PLAATSING, Signaal.GEPLAATST_MAAR_BIJ_LEERPLICHT)
    dag = klok.vandaag()
    assert [heeft(s, leerling, dag) for s in signalen] == [False, False, False]
    record_aanwezigheid([plek.id], "no_show", actor=klein.actor(Rol.MBO_MEDEWERKER))
    klein.aanmelding(leerling, S.DEFINITIEF, klein.mbo2)
    klein.wijzig(leerling, Spoor.LEERPLICHT, S.LP_INGESCHAKELD, Rol.DECAAN, tekst="Niet verschenen.", dag=dag)
    assert [heeft(s, leerling, dag) for s in signalen] == [True, True, True]


def test_afgewezen_met_andere_open(klein: Klein) -> None:
    leerling = klein.leerling()
    klein.aanmelding(leerling, S.AFGEWEZEN, klein.mbo)
    assert not heeft(Signaal.AFGEWEZEN_MET_ANDERE_OPEN, leerling, MEI)
    klein.aanmelding(leerling, S.INTAKE, klein.mbo2)
    assert heeft(Signaal.AFGEWEZEN_MET_ANDERE_OPEN, leerling, MEI)


@pytest.mark.parametrize(("reden", "verwacht"), [("havo", True), ("mbo_buiten_regio", False)])
def test_vervolgkeuze_met_aanmelding(klein: Klein, reden: str, verwacht: bool) -> None:
    leerling = klein.leerling()
    klein.wijzig(leerling, Spoor.VO, S.VERVOLGKEUZE_VO, Rol.DECAAN, reden_code=reden, zekerheid="zeker")
    assert not heeft(Signaal.VERVOLGKEUZE_MET_AANMELDING, leerling, MEI)
    klein.aanmelding(leerling, S.INTAKE)
    assert heeft(Signaal.VERVOLGKEUZE_MET_AANMELDING, leerling, MEI) is verwacht


def test_ieder_signaal_heeft_een_naam_en_een_zin() -> None:
    assert set(ZINNEN) == set(LABELS) == set(Signaal)
    zinnen = waarom(S.INTAKE, date(2026, 3, 1), False, list(Signaal), date(2026, 5, 1))
    assert zinnen[0] == "al 61 dagen stil"
    assert len(zinnen) == len(Signaal)
