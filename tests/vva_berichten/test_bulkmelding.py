"""The bulkmeldingen of 1 March and 15 June: who is in, exactly once, also empty ones; and the signals after it."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import LogRegel
from accounts.rechten import Rol
from overstap.basis import geheim
from statuses.models import Overstap
from statuses.status import Spoor, Status
from tests.vva_berichten.hulp import NOVEMBER, alles, draai, mbo_gangers, signalen
from tests.wereld import JAAR, Wereld, bsn
from vva_berichten.bulkmelding import BulkSoort, make_bulkmelding
from vva_berichten.models import Bulk, BulkRegel, MboGanger
from vva_berichten.tasks import bijwerken_regio, bulkmelding_regio, dagelijks, hervat_bulkmeldingen

S = Status
MAART, JUNI = date(2026, 3, 1), date(2026, 6, 15)
NUMMER = bsn(3001)


def leerling(wereld: Wereld, nummer: str = NUMMER, **velden: Any) -> Overstap:
    """Marked and reported in autumn; today stays what the test makes it."""
    wereld.op(NOVEMBER)
    standaard = {"pgn": nummer, "gemeente": "0362", "overstapper_sinds": date(2025, 10, 3)}
    overstap = wereld.overstap("99AA00", **(standaard | velden))
    draai()
    return overstap


def nummers(wereld: Wereld, code: str, levering: str) -> list[str]:
    return sorted(s["pgn"]["burgerservicenummer"] for s in signalen(wereld, code, levering))


def commando(**opties: Any) -> dict[str, Any]:
    uit = StringIO()
    call_command("bulkmelding", json=True, stdout=uit, **opties)
    document: dict[str, Any] = json.loads(uit.getvalue())
    return document


def test_age_limit_is_a_dated_parameter(wereld: Wereld) -> None:
    from accounts.models import Regio

    Regio.objects.filter(pk="21").update(instellingen={"leeftijdsgrens": [["2026-06-01", 27]]})
    leerling(wereld, geboortedatum=date(2001, 1, 1))
    wereld.op(JUNI)
    for soort in ("BULK_0301", "BULK_0615"):
        bulkmelding_regio("21", soort, JAAR)
    assert NUMMER not in nummers(wereld, "0362", "BULK_0301")
    assert NUMMER in nummers(wereld, "0362", "BULK_0615")


def test_made_late_it_says_the_stand_of_the_peildatum(wereld: Wereld) -> None:
    """On 9 March one applies and one chooses havo; made on 12 March, both are still in."""
    applies, havo = leerling(wereld, bsn(3002)), leerling(wereld, bsn(3003))
    wereld.op(date(2026, 3, 9))
    wereld.aanmelding(applies, "99MA", S.INTAKE, op=date(2026, 3, 9))
    wereld.wijzig(havo, Rol.DECAAN, S.VERVOLGKEUZE_VO, waar="99AA", reden_code="havo", zekerheid="zeker")
    draai()
    wereld.op(date(2026, 3, 12))
    bulkmelding_regio("21", "BULK_0301", JAAR)
    assert {bsn(3002), bsn(3003)} <= set(nummers(wereld, "0362", "BULK_0301"))
    # And what changed since then follows at once.
    sindsdien = {s["pgn"]["burgerservicenummer"]: s["signaalType"] for s in signalen(wereld, "0362", "REALTIME")}
    assert sindsdien[bsn(3002)] == "STATUSWIJZIGING"
    assert sindsdien[bsn(3003)] == "VERVALLEN"


def test_leerling_of_another_regio_is_in_the_bulk_of_the_own_gemeente(wereld: Wereld) -> None:
    leerling(wereld, gemeente="0405")
    wereld.op(MAART)
    for regio in ("21", "22"):
        bulkmelding_regio(regio, "BULK_0301", JAAR)
    assert NUMMER in nummers(wereld, "0405", "BULK_0301")
    assert NUMMER not in nummers(wereld, "0363", "BULK_0301")


def test_command_says_per_gemeente_and_again_nothing_new(wereld: Wereld) -> None:
    leerling(wereld)
    wereld.op(date(2026, 3, 20))
    eerst = commando(peildatum="2026-03-01")
    assert (eerst["peildatum"], eerst["soort"]) == ("2026-03-01", "BULK_0301")
    assert [g["gemeentecode"] for g in eerst["gemeenten"]] == ["0362", "0363", "0405", "0420"]
    assert all(g["nieuw"] for g in eerst["gemeenten"])
    assert next(g["aantal"] for g in eerst["gemeenten"] if g["gemeentecode"] == "0362") >= 1
    nog_eens = commando(peildatum="2026-03-01")
    assert nog_eens["gemeenten"] == [g | {"nieuw": False} for g in eerst["gemeenten"]]
    alleen_22 = commando(peildatum="2026-03-01", regio="22")
    assert [g["gemeentecode"] for g in alleen_22["gemeenten"]] == ["0405", "0420"]


@pytest.mark.parametrize(
    ("opties", "zin"),
    [
        ({"peildatum": "2026-03-05"}, "geen bulkmelding"),
        ({"peildatum": "2026-06-15"}, "na vandaag"),
        ({"peildatum": "maart"}, "geen datum"),
        ({"peildatum": "2026-03-01", "regio": "99"}, "bestaat niet"),
    ],
)
def test_command_refuses_with_a_sentence(wereld: Wereld, opties: dict[str, str], zin: str) -> None:
    with pytest.raises(CommandError, match=zin):
        commando(**opties)
    with wereld.bereik():
        assert not Bulk.objects.exists()


def test_a_second_worker_makes_none(wereld: Wereld) -> None:
    leerling(wereld)
    wereld.op(MAART)
    with wereld.bereik("21"):
        eerste = make_bulkmelding("21", BulkSoort.BULK_0301, JAAR)
        tweede = make_bulkmelding("21", BulkSoort.BULK_0301, JAAR)
        assert [g.nieuw for g in eerste] == [True, True]
        assert [g.nieuw for g in tweede] == [False, False]
        assert Bulk.objects.count() == 2
        assert BulkRegel.objects.count() == sum(g.aantal for g in eerste)
    draai()
    assert len([b for b in alles(wereld, "0362") if b["berichtType"] == "SIGNAAL"]) == 1


def test_making_takes_a_constant_number_of_queries(wereld: Wereld, django_assert_num_queries: Any) -> None:
    wereld.op(NOVEMBER)
    wereld.overstappen_van([wereld.rij("99AA00", overstapper_sinds=date(2025, 10, 3)) for _ in range(30)])
    draai()
    wereld.op(JUNI)
    with wereld.bereik("21"):
        for soort in BulkSoort:
            # Eleven, and two settings around the large one (bulkmelding.py, _VOOR_VEEL).
            with django_assert_num_queries(13):
                make_bulkmelding("21", soort, JAAR)


def test_leerlingen_in_a_bulk_are_marked_so_that_leerplicht_may_act(wereld: Wereld) -> None:
    overstap = leerling(wereld)
    wereld.op(MAART)
    bulkmelding_regio("21", "BULK_0301", JAAR)
    draai()
    with wereld.bereik():
        overstap.refresh_from_db()
    assert overstap.in_bulk_op == MAART


@pytest.mark.onverwerkt
def test_where_another_facility_delivers_we_do_not_and_the_stand_is_kept(wereld: Wereld) -> None:
    gemeente = wereld.organisaties["0362"]
    gemeente.instellingen = {"levering_uit": True}
    gemeente.save(update_fields=["instellingen"])
    leerling(wereld)
    wereld.op(MAART)
    bulkmelding_regio("21", "BULK_0301", JAAR)
    assert alles(wereld, "0362") == []
    with wereld.bereik():
        assert list(Bulk.objects.values_list("gemeente_id", flat=True)) == ["0363"]
        assert MboGanger.objects.get(
            gemeente_id="0362", brin="99AA", pgn_index=geheim.blinde_index("bsn", NUMMER)
        ).is_mbo_ganger
    # Switched on again, what another facility delivered does not come twice; the bulk that is due is made.
    gemeente.instellingen = {}
    gemeente.save(update_fields=["instellingen"])
    bulkmelding_regio("21", "BULK_0301", JAAR)
    bijwerken_regio("21")
    assert [b["berichtType"] for b in alles(wereld, "0362")] == ["SIGNAAL"]


@pytest.mark.onverwerkt
def test_a_bulk_that_waited_is_not_delivered_once_another_facility_does(wereld: Wereld) -> None:
    gemeente = wereld.organisaties["0362"]
    gemeente.aangesloten = False
    gemeente.save(update_fields=["aangesloten"])
    leerling(wereld)
    wereld.op(MAART)
    bulkmelding_regio("21", "BULK_0301", JAAR)
    draai()
    gemeente.aangesloten, gemeente.instellingen = True, {"levering_uit": True}
    gemeente.save(update_fields=["aangesloten", "instellingen"])
    assert bijwerken_regio("21") == 0
    assert alles(wereld, "0362") == []
    tekst = wereld.client("beheerorganisatie").get("/vva").content.decode()
    assert "Een andere voorziening bezorgt" in tekst
    assert "Wacht op aansluiting" not in tekst


class TestCorrectie:
    @pytest.fixture
    def bulk(self, wereld: Wereld) -> Bulk:
        """The bulk of Amstelveen with one leerling in it; afterwards a school delivers one who was marked in October."""
        leerling(wereld)
        wereld.op(date(2026, 3, 1))
        bulkmelding_regio("21", "BULK_0301", JAAR)
        draai()
        leerling(wereld, bsn(3002))
        wereld.op(date(2026, 3, 20))
        with wereld.bereik():
            return Bulk.objects.get(gemeente_id="0362")

    def test_is_a_new_number_and_leaves_the_old_one(self, wereld: Wereld, bulk: Bulk) -> None:
        beheer = wereld.client(Rol.BEHEERORGANISATIE)
        assert f"/vva/bulk/{bulk.pk}/correctie" in beheer.get("/vva").content.decode()
        assert beheer.get(f"/vva/bulk/{bulk.pk}/correctie").status_code == 200
        beheer.post(f"/vva/bulk/{bulk.pk}/correctie")
        koppen = [
            (b["signalen"]["kop"]["volgnummer"], b["signalen"]["kop"]["aantal"], b["signalen"]["kop"]["peildatum"])
            for b in alles(wereld, "0362")
            if b["berichtType"] == "SIGNAAL" and b["signalen"]["kop"]["levering"] == "BULK_0301"
        ]
        assert koppen == [(1, bulk.aantal, "2026-03-01"), (2, bulk.aantal + 1, "2026-03-01")]
        with wereld.bereik():
            assert LogRegel.objects.filter(handeling="bulkmelding.corrigeren").count() == 1

    def test_an_older_one_twice_or_a_closed_jaar_is_a_sentence(self, wereld: Wereld, bulk: Bulk) -> None:
        beheer = wereld.client(Rol.BEHEERORGANISATIE)
        beheer.post(f"/vva/bulk/{bulk.pk}/correctie")
        tweede = beheer.post(f"/vva/bulk/{bulk.pk}/correctie", follow=True)
        assert "al een correctie met nummer 2" in tweede.content.decode()
        wereld.op(date(2026, 10, 16))
        with wereld.bereik():
            nieuwste = Bulk.objects.get(gemeente_id="0362", volgnummer=2)
        gesloten = beheer.post(f"/vva/bulk/{nieuwste.pk}/correctie", follow=True)
        assert "is gesloten" in gesloten.content.decode()
        with wereld.bereik():
            assert Bulk.objects.filter(gemeente_id="0362").count() == 2


def test_daily_job_asks_what_is_due(wereld: Wereld, monkeypatch: pytest.MonkeyPatch) -> None:
    gevraagd: list[tuple[Any, ...]] = []
    from vva_berichten import tasks

    monkeypatch.setattr(tasks.bulkmelding_regio, "delay", lambda *a: gevraagd.append(a))
    monkeypatch.setattr(tasks.bijwerken_regio, "delay", lambda *a: None)
    for dag, verwacht in (
        (date(2026, 2, 28), set()),
        (date(2026, 3, 4), {"BULK_0301"}),
        (date(2026, 6, 20), {"BULK_0301", "BULK_0615"}),
    ):
        gevraagd.clear()
        wereld.op(dag)
        dagelijks()
        assert {soort for _, soort, _ in gevraagd} == verwacht
        assert {regio for regio, _, _ in gevraagd} == ({"21", "22"} if verwacht else set())


def test_what_got_lost_is_asked_again_and_what_was_made_is_not(wereld: Wereld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broker was emptied between two regio's."""
    from vva_berichten import tasks

    gevraagd: list[tuple[Any, ...]] = []
    monkeypatch.setattr(tasks.bulkmelding_regio, "delay", lambda *a: gevraagd.append(a))
    wereld.op(date(2026, 2, 28))
    assert hervat_bulkmeldingen() == 0
    wereld.op(MAART)
    bulkmelding_regio("21", "BULK_0301", JAAR)
    assert hervat_bulkmeldingen() == 1
    assert gevraagd == [("22", "BULK_0301", JAAR)]
    bulkmelding_regio(*gevraagd[0])
    assert hervat_bulkmeldingen() == 0


class TestSignalen:
    """After the bulk of 1 March, until the jaar ends."""

    @pytest.fixture
    def overstap(self, wereld: Wereld) -> Overstap:
        overstap = leerling(wereld)
        wereld.op(MAART)
        bulkmelding_regio("21", "BULK_0301", JAAR)
        draai()
        wereld.op(date(2026, 3, 9))
        return overstap

    def test_who_was_not_in_the_bulk_gives_none(self, wereld: Wereld, overstap: Overstap) -> None:
        ander = wereld.overstap("99AA00", pgn=bsn(3009), gemeente="0362")
        wereld.aanmelding(ander, "99MA", op=date(2026, 3, 9))
        assert not [s for s in signalen(wereld, "0362", "REALTIME") if s["pgn"]["burgerservicenummer"] == bsn(3009)]

    def test_no_mbo_ganger_any_more_and_back(self, wereld: Wereld, overstap: Overstap) -> None:
        wereld.wijzig(overstap, Rol.DECAAN, S.VERVOLGKEUZE_VO, waar="99AA", reden_code="havo", zekerheid="zeker")
        draai()
        wereld.op(date(2026, 3, 12))
        wereld.wijzig(overstap, Rol.DECAAN, None, waar="99AA", spoor=Spoor.VO)
        soorten = [
            (s["signaalType"], s["status"])
            for s in signalen(wereld, "0362", "REALTIME")
            if s["pgn"]["burgerservicenummer"] == NUMMER
        ]
        assert soorten == [("VERVALLEN", None), ("STATUSWIJZIGING", None)]

    def test_after_the_schooljaar_only_the_signal(self, wereld: Wereld, overstap: Overstap) -> None:
        wereld.op(date(2026, 8, 20))
        wereld.wijzig(overstap, Rol.DECAAN, S.VERVOLGKEUZE_VO, waar="99AA", reden_code="havo", zekerheid="zeker")
        soorten = [
            s["signaalType"] for s in signalen(wereld, "0362", "REALTIME") if s["pgn"]["burgerservicenummer"] == NUMMER
        ]
        assert soorten == ["VERVALLEN"]
        assert mbo_gangers(wereld, "0362", NUMMER) == [(True, 1)]

    def test_after_the_jaar_nothing(self, wereld: Wereld, overstap: Overstap) -> None:
        from statuses.models import Overstap as Rij
        from vva_berichten.uitgaand import mbo_gangers as uitgaand

        wereld.op(date(2026, 10, 16))
        with wereld.bereik("21"):
            Rij.objects.filter(pk=overstap.pk).update(spoor_vo=6, vo_reden="havo", vo_zekerheid="zeker")
            assert uitgaand.meld("21", [overstap.pk]) == 0
        assert not [s for s in signalen(wereld, "0362", "REALTIME") if s["pgn"]["burgerservicenummer"] == NUMMER]
