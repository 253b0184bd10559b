"""The life cycle of a potentiële mbo-ganger, a test per sentence of domein.md 5; and rule 7, moving house, over regio's too."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from accounts.rechten import Rol
from statuses.actions import record_leerlingen
from statuses.models import Overstap
from statuses.status import Spoor, Status
from tests.vva_berichten.hulp import NOVEMBER, aanmeldstatussen, alles, draai, mbo_gangers, signalen
from tests.wereld import JAAR, Wereld, bsn
from vva_berichten.models import Bericht, MboGanger
from vva_berichten.tasks import bijwerken_regio, bulkmelding_regio

S = Status
NUMMER = bsn(3001)
AMSTERDAM, AMSTELVEEN, HOORN = "0363", "0362", "0405"  # the first two in regio 21, Hoorn in 22
MAART, JUNI = date(2026, 3, 1), date(2026, 6, 15)


def leerling(wereld: Wereld, *, op: date = NOVEMBER, **velden: Any) -> Overstap:
    """Marked on this day, and what is due that day done."""
    wereld.op(op)
    standaard = {"pgn": NUMMER, "gemeente": AMSTERDAM, "leerweg": "tl", "overstapper_sinds": min(op, date(2025, 10, 3))}
    overstap = wereld.overstap("99AA00", **(standaard | velden))
    draai()
    return overstap


def keuze(wereld: Wereld, overstap: Overstap, op: date, reden: str = "havo", zekerheid: str = "zeker") -> None:
    wereld.op(op)
    wereld.wijzig(overstap, Rol.DECAAN, S.VERVOLGKEUZE_VO, waar="99AA", reden_code=reden, zekerheid=zekerheid)
    draai()


def terug(wereld: Wereld, overstap: Overstap, op: date) -> None:
    wereld.op(op)
    wereld.wijzig(overstap, Rol.DECAAN, None, waar="99AA", spoor=Spoor.VO)
    draai()


def verhuis(wereld: Wereld, gemeente: str, op: date) -> None:
    """The school delivers the leerling again, with another address."""
    wereld.op(op)
    rij = wereld.rij("99AA00", pgn=NUMMER, gemeente=gemeente, leerweg="tl", overstapper=None, overstapper_sinds=None)
    with wereld.bereik("21"):
        record_leerlingen([rij], actor=wereld.actor(Rol.DECAAN, "99AA"), bron="import")
    draai()


def bulk(wereld: Wereld, dag: date) -> None:
    wereld.op(dag)
    for regio in ("21", "22"):
        bulkmelding_regio(regio, "BULK_0301" if dag == MAART else "BULK_0615", JAAR)
    draai()


def in_bulk(wereld: Wereld, gemeente: str, soort: str = "BULK_0301") -> bool:
    return NUMMER in {s["pgn"].get("burgerservicenummer") for s in signalen(wereld, gemeente, soort)}


def realtime(wereld: Wereld, gemeente: str) -> list[tuple[str, str | None]]:
    return [
        (s["signaalType"], s["status"])
        for s in signalen(wereld, gemeente, "REALTIME")
        if s["pgn"].get("burgerservicenummer") == NUMMER
    ]


class TestLevensloop:
    def test_marked_before_1_october_is_sent_on_1_october(self, wereld: Wereld) -> None:
        leerling(wereld, op=date(2025, 9, 10))
        wereld.op(date(2025, 9, 30))
        bijwerken_regio("21")
        assert mbo_gangers(wereld, AMSTERDAM, NUMMER) == []
        wereld.op(date(2025, 10, 1))
        bijwerken_regio("21")
        [bericht] = [b for b in alles(wereld, AMSTERDAM) if b.get("potentieleMboGanger", {}).get("pgn") == _pgn()]
        assert bericht["potentieleMboGanger"]["wijzigingsdatum"] == "2025-09-10"

    def test_between_it_is_sent_at_once(self, wereld: Wereld) -> None:
        leerling(wereld, op=date(2025, 10, 1))
        assert mbo_gangers(wereld, AMSTERDAM, NUMMER) == [(True, 1)]

    @pytest.mark.parametrize(
        ("dag", "codes"), [(date(2026, 2, 1), ""), (date(2026, 2, 2), "W301"), (date(2026, 7, 31), "W301")]
    )
    def test_after_1_february_at_once_with_w301(self, wereld: Wereld, dag: date, codes: str) -> None:
        overstap = leerling(wereld, op=dag)
        assert mbo_gangers(wereld, AMSTERDAM, NUMMER) == [(True, 1)]
        assert self._codes(wereld, overstap) == [codes]

    def _codes(self, wereld: Wereld, overstap: Overstap) -> list[str]:
        from vva_berichten.opstellen import pgn_van_leerling, sleutel_mbo_ganger

        with wereld.bereik():
            rij = Overstap.objects.select_related("leerling").get(pk=overstap.pk)
            sleutel = sleutel_mbo_ganger(pgn_van_leerling(rij.leerling), "99AA", "2026-2027")
            return list(Bericht.objects.filter(sleutel=sleutel, richting="uit").values_list("codes", flat=True))

    def test_after_31_july_nothing_goes_out_any_more(self, wereld: Wereld) -> None:
        leerling(wereld, op=date(2026, 8, 1))
        bijwerken_regio("21")
        assert mbo_gangers(wereld, AMSTERDAM, NUMMER) == []

    @pytest.mark.parametrize("reden", ["havo", "blijft_in_vo", "vavo", "arbeid", "buitenland"])
    def test_these_choices_send_false_when_certain(self, wereld: Wereld, reden: str) -> None:
        keuze(wereld, leerling(wereld), date(2026, 1, 12), reden)
        assert mbo_gangers(wereld, AMSTERDAM, NUMMER) == [(True, 1), (False, 2)]

    @pytest.mark.parametrize(
        ("reden", "gemeld"),
        [("havo", True), ("vavo", True), ("arbeid", True), ("buitenland", True), ("blijft_in_vo", False)],
    )
    def test_expected_keeps_or_sends_true_but_for_blijft_in_vo(self, wereld: Wereld, reden: str, gemeld: bool) -> None:
        # Chosen in September, so nothing was sent yet; on 1 October the choice decides.
        overstap = leerling(wereld, op=date(2025, 9, 10))
        keuze(wereld, overstap, date(2025, 9, 15), reden, "verwacht")
        wereld.op(date(2025, 10, 1))
        bijwerken_regio("21")
        assert mbo_gangers(wereld, AMSTERDAM, NUMMER) == ([(True, 1)] if gemeld else [])

    def test_blijft_in_vo_verwacht_sends_false(self, wereld: Wereld) -> None:
        keuze(wereld, leerling(wereld), date(2026, 1, 12), "blijft_in_vo", "verwacht")
        assert mbo_gangers(wereld, AMSTERDAM, NUMMER) == [(True, 1), (False, 2)]

    def test_mbo_buiten_regio_keeps_true(self, wereld: Wereld) -> None:
        keuze(wereld, leerling(wereld), date(2026, 1, 12), "mbo_buiten_regio")
        assert mbo_gangers(wereld, AMSTERDAM, NUMMER) == [(True, 1)]

    def test_taken_back_sends_true_with_the_next_volgnummer_and_in_a_bulk_a_signal(self, wereld: Wereld) -> None:
        overstap = leerling(wereld)
        bulk(wereld, MAART)
        keuze(wereld, overstap, date(2026, 3, 5))
        terug(wereld, overstap, date(2026, 3, 9))
        assert mbo_gangers(wereld, AMSTERDAM, NUMMER) == [(True, 1), (False, 2), (True, 3)]
        assert realtime(wereld, AMSTERDAM) == [("VERVALLEN", None), ("STATUSWIJZIGING", None)]

    @pytest.mark.parametrize(("dag", "bericht"), [(date(2026, 7, 31), True), (date(2026, 8, 1), False)])
    def test_false_until_31_july_and_after_it_only_vervallen(self, wereld: Wereld, dag: date, bericht: bool) -> None:
        overstap = leerling(wereld)
        bulk(wereld, MAART)
        keuze(wereld, overstap, dag)
        assert mbo_gangers(wereld, AMSTERDAM, NUMMER) == [(True, 1), *([(False, 2)] if bericht else [])]
        assert realtime(wereld, AMSTERDAM) == [("VERVALLEN", None)]

    def test_status_signals_go_on_until_the_jaar_ends(self, wereld: Wereld) -> None:
        overstap = leerling(wereld)
        bulk(wereld, MAART)
        wereld.op(date(2026, 10, 15))
        wereld.aanmelding(overstap, "99MA", op=date(2026, 10, 15))
        draai()
        assert realtime(wereld, AMSTERDAM) == [("STATUSWIJZIGING", "AANMELDING_ONTVANGEN")]

    def test_unmarked_sends_false(self, wereld: Wereld) -> None:
        overstap = leerling(wereld, op=date(2025, 10, 10))
        wereld.wijzig(overstap, Rol.DECAAN, None, waar="99AA", spoor=Spoor.MARKERING, reden_code="vergissing")
        assert mbo_gangers(wereld, AMSTERDAM, NUMMER) == [(True, 1), (False, 2)]

    def test_markering_vervolgkeuze_and_mbo_ganger_are_three_fields(self, wereld: Wereld) -> None:
        overstap = leerling(wereld)
        keuze(wereld, overstap, date(2026, 1, 12), "havo", "verwacht")
        with wereld.bereik():
            overstap.refresh_from_db()
        assert (overstap.gemarkeerd, overstap.spoor_vo, overstap.mbo_ganger) == (True, S.VERVOLGKEUZE_VO, True)


def _pgn() -> dict[str, str]:
    return {"burgerservicenummer": NUMMER}


class TestVerhuizen:
    """Rule 7, within the regio (Amstelveen) and to another one (Hoorn)."""

    @pytest.mark.parametrize("nieuw", [AMSTELVEEN, HOORN])
    def test_no_new_message_and_the_bulk_goes_to_the_gemeente_of_that_day(self, wereld: Wereld, nieuw: str) -> None:
        leerling(wereld)
        verhuis(wereld, nieuw, date(2026, 1, 10))
        assert mbo_gangers(wereld, nieuw, NUMMER) == []
        bulk(wereld, MAART)
        assert in_bulk(wereld, nieuw)
        assert not in_bulk(wereld, AMSTERDAM)

    @pytest.mark.parametrize("nieuw", [AMSTELVEEN, HOORN])
    def test_what_was_applied_before_the_move_is_known_there(self, wereld: Wereld, nieuw: str) -> None:
        overstap = leerling(wereld)
        wereld.op(date(2026, 1, 5))
        wereld.aanmelding(overstap, "99MA", op=date(2026, 1, 5))
        draai()
        verhuis(wereld, nieuw, date(2026, 1, 10))
        bulk(wereld, MAART)
        assert not in_bulk(wereld, nieuw)
        assert not in_bulk(wereld, AMSTERDAM)
        bulk(wereld, JUNI)
        assert in_bulk(wereld, nieuw, "BULK_0615")
        assert aanmeldstatussen(wereld, nieuw, NUMMER) == []  # told to the gemeente of that day

    @pytest.mark.parametrize("nieuw", [AMSTELVEEN, HOORN])
    def test_after_a_bulk_changes_go_to_the_new_gemeente_and_the_end_to_both(self, wereld: Wereld, nieuw: str) -> None:
        overstap = leerling(wereld)
        bulk(wereld, MAART)
        verhuis(wereld, nieuw, date(2026, 3, 5))
        wereld.op(date(2026, 3, 9))
        wereld.aanmelding(overstap, "99MA", op=date(2026, 3, 9))
        draai()
        assert realtime(wereld, nieuw) == [("STATUSWIJZIGING", "AANMELDING_ONTVANGEN")]
        assert realtime(wereld, AMSTERDAM) == []
        keuze(wereld, overstap, date(2026, 6, 3))
        assert mbo_gangers(wereld, AMSTERDAM, NUMMER) == [(True, 1), (False, 2)]
        assert mbo_gangers(wereld, nieuw, NUMMER) == [(False, 2)]
        assert realtime(wereld, AMSTERDAM) == [("VERVALLEN", None)]
        assert realtime(wereld, nieuw)[-1] == ("VERVALLEN", None)

    def test_after_the_schooljaar_the_end_is_told_to_both_as_a_signal(self, wereld: Wereld) -> None:
        overstap = leerling(wereld)
        bulk(wereld, MAART)
        verhuis(wereld, HOORN, date(2026, 3, 5))
        bulk(wereld, JUNI)
        keuze(wereld, overstap, date(2026, 8, 20))
        assert mbo_gangers(wereld, AMSTERDAM, NUMMER) == [(True, 1)]
        assert mbo_gangers(wereld, HOORN, NUMMER) == []
        assert (realtime(wereld, AMSTERDAM), realtime(wereld, HOORN)) == ([("VERVALLEN", None)], [("VERVALLEN", None)])

    def test_away_and_back_is_in_one_bulk(self, wereld: Wereld) -> None:
        leerling(wereld)
        verhuis(wereld, HOORN, date(2026, 1, 10))
        verhuis(wereld, AMSTERDAM, date(2026, 2, 10))
        bulk(wereld, MAART)
        assert in_bulk(wereld, AMSTERDAM)
        assert not in_bulk(wereld, HOORN)

    def test_delivered_again_at_the_same_address_sends_nothing(self, wereld: Wereld) -> None:
        leerling(wereld)
        verhuis(wereld, HOORN, date(2026, 1, 10))
        with wereld.bereik():
            eerst = Bericht.objects.count()
        verhuis(wereld, HOORN, date(2026, 1, 12))
        with wereld.bereik():
            assert Bericht.objects.count() == eerst
            assert (
                MboGanger.objects.filter(gemeente_id=HOORN, brin="99AA").count() == 2
            )  # one in each regio: for its own bulks
