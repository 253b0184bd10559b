"""A leerling whom only messages know moves to another regio: one gemeente has it in its bulk, and the end reaches both. Bron: vva.md, rule 7."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.vva_berichten.conftest import Systeem
from tests.vva_berichten.hulp import bulk, draai, gangers_in, signalen_in
from tests.wereld import Wereld, bsn
from vva_berichten.models import Bericht

Maak = Callable[..., Systeem]
NUMMER = bsn(3201)
GANGER, STATUS = "potentiele-mbo-gangers", "aanmeldstatussen"


@pytest.fixture
def las(wereld: Wereld, systeem: Maak) -> Systeem:
    """Has reported the leerling to Amsterdam."""
    wereld.op(date(2025, 11, 15))
    las = systeem("99AA")
    las.stuur(GANGER, las.mbo_ganger(NUMMER))
    draai()
    return las


@pytest.fixture
def amsterdam(systeem: Maak) -> Systeem:
    return systeem("0363")


@pytest.fixture
def hoorn(systeem: Maak) -> Systeem:
    return systeem("0405")


def meld(wereld: Wereld, las: Systeem, dag: date, volgnummer: int, waar: bool = True) -> None:
    """The school reports it in Hoorn."""
    wereld.op(dag)
    las.stuur(
        GANGER,
        las.mbo_ganger(
            NUMMER,
            volgnummer=volgnummer,
            gemeentecode="0405",
            wijzigingsdatum=dag.isoformat(),
            isPotentieleMboGanger=waar,
        ),
    )
    draai()


def maak_bulk(wereld: Wereld, dag: date) -> None:
    draai()
    wereld.op(dag)
    bulk(dag.isoformat())


def soorten(systeem: Systeem) -> list[tuple[str, str | None]]:
    return [(s["signaalType"], s["status"]) for s in signalen_in(systeem.postbus(), NUMMER, "REALTIME")]


def in_bulk(systeem: Systeem, soort: str = "BULK_0301") -> bool:
    return bool(signalen_in(systeem.postbus(), NUMMER, soort))


def test_moved_before_the_bulk(wereld: Wereld, las: Systeem, amsterdam: Systeem, hoorn: Systeem) -> None:
    meld(wereld, las, date(2026, 1, 10), 2)
    maak_bulk(wereld, date(2026, 3, 1))
    assert (in_bulk(amsterdam), in_bulk(hoorn)) == (False, True)
    meld(wereld, las, date(2026, 3, 5), 3, waar=False)
    # Both were told, one had the bulk.
    for wie in (amsterdam, hoorn):
        assert gangers_in(wie.postbus(), NUMMER)[-1]["isPotentieleMboGanger"] is False
        assert len(gangers_in(wie.postbus(), NUMMER)) == 2
    assert (soorten(amsterdam), soorten(hoorn)) == ([], [("VERVALLEN", None)])


def test_moved_after_the_bulk(wereld: Wereld, las: Systeem, amsterdam: Systeem, hoorn: Systeem, systeem: Maak) -> None:
    sis = systeem("99MB")
    maak_bulk(wereld, date(2026, 3, 1))
    assert (in_bulk(amsterdam), in_bulk(hoorn)) == (True, False)
    meld(wereld, las, date(2026, 3, 5), 2)
    # The mbo still names Amsterdam; who lives in Hoorn is followed there.
    wereld.op(date(2026, 3, 9))
    sis.stuur(STATUS, sis.aanmeldstatus(NUMMER, gemeentecode="0363", statusDatum="2026-03-09"))
    draai()
    assert (soorten(amsterdam), soorten(hoorn)) == ([], [("STATUSWIJZIGING", "AANMELDING_ONTVANGEN")])
    maak_bulk(wereld, date(2026, 6, 15))
    assert (in_bulk(amsterdam, "BULK_0615"), in_bulk(hoorn, "BULK_0615")) == (False, True)
    meld(wereld, las, date(2026, 6, 20), 3, waar=False)
    assert (soorten(amsterdam), soorten(hoorn)[-1]) == ([("VERVALLEN", None)], ("VERVALLEN", None))


def test_what_was_applied_before_the_move_counts_in_the_new_gemeente(
    wereld: Wereld, las: Systeem, amsterdam: Systeem, hoorn: Systeem, systeem: Maak
) -> None:
    sis = systeem("99MB")
    wereld.op(date(2026, 1, 5))
    sis.stuur(STATUS, sis.aanmeldstatus(NUMMER, gemeentecode="0363", statusDatum="2026-01-05"))
    meld(wereld, las, date(2026, 1, 10), 2)
    maak_bulk(wereld, date(2026, 3, 1))
    assert (in_bulk(amsterdam), in_bulk(hoorn)) == (False, False)
    maak_bulk(wereld, date(2026, 6, 15))
    [signaal] = signalen_in(hoorn.postbus(), NUMMER, "BULK_0615")
    assert (signaal["status"], signaal["mboInstelling"]) == ("AANMELDING_ONTVANGEN", "99MB")
    assert not in_bulk(amsterdam, "BULK_0615")


def test_within_a_regio_and_without_a_move_nothing_is_copied(
    wereld: Wereld, las: Systeem, amsterdam: Systeem, systeem: Maak
) -> None:
    amstelveen = systeem("0362")
    wereld.op(date(2026, 1, 10))
    las.stuur(GANGER, las.mbo_ganger(NUMMER, volgnummer=2, gemeentecode="0362", wijzigingsdatum="2026-01-10"))
    maak_bulk(wereld, date(2026, 3, 1))
    assert (in_bulk(amsterdam), in_bulk(amstelveen)) == (False, True)
    with wereld.bereik():
        assert not Bericht.objects.filter(uitkomst="verhuisd").exists()


@pytest.mark.parametrize("woont", ["0405", "0363"])
def test_the_leerling_comes_after_the_message(
    wereld: Wereld, las: Systeem, amsterdam: Systeem, hoorn: Systeem, woont: str
) -> None:
    wereld.op(date(2025, 11, 20))
    las.lever(NUMMER, gemeentecode=woont)
    # The school reported it already: a move is no new message, and neither is the leerling itself.
    assert [g["volgnummer"] for g in gangers_in(amsterdam.postbus(), NUMMER)] == [1]
    assert gangers_in(hoorn.postbus(), NUMMER) == []
    maak_bulk(wereld, date(2026, 3, 1))
    assert (in_bulk(amsterdam), in_bulk(hoorn)) == (woont == "0363", woont == "0405")
    # No more: both hear it who were told or had the bulk.
    wereld.op(date(2026, 3, 5))
    las.lever(NUMMER, gemeentecode=woont, onderwijssoort="havo", klas="4H")
    draai()
    assert [g["isPotentieleMboGanger"] for g in gangers_in(amsterdam.postbus(), NUMMER)] == [True, False]
    assert soorten(hoorn if woont == "0405" else amsterdam) == [("VERVALLEN", None)]
