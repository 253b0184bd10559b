"""What waited for a gemeente that connects: once each, and in the order in which it came to be. Bron: vva.md, F107 and rule 6."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from accounts.rechten import Rol
from tests.vva_berichten.conftest import Systeem
from tests.vva_berichten.hulp import NOVEMBER, bulk, draai, zet_aansluiting
from tests.wereld import Wereld, bsn

Maak = Callable[..., Systeem]
NUMMER = bsn(3303)
GANGER, STATUS, BULK = "POTENTIELE_MBO_GANGER", "AANMELDSTATUS", "BULK_0301"


@pytest.fixture
def beheer(wereld: Wereld) -> Client:
    return wereld.client(Rol.BEHEERORGANISATIE)


@pytest.fixture
def amsterdam(wereld: Wereld, systeem: Maak, beheer: Client) -> Systeem:
    """Not connected: reported in November, in the bulk of March, an aanmelding after that."""
    zet_aansluiting(beheer, wereld.organisaties["0363"], wacht=True)
    las, sis, amsterdam = systeem("99AA"), systeem("99MB"), systeem("0363")
    wereld.op(NOVEMBER)
    las.stuur("potentiele-mbo-gangers", las.mbo_ganger(NUMMER))
    draai()
    wereld.op(date(2026, 3, 1))
    bulk("2026-03-01")
    draai()
    wereld.op(date(2026, 3, 9))
    sis.stuur("aanmeldstatussen", sis.aanmeldstatus(NUMMER, gemeentecode="0363", statusDatum="2026-03-09"))
    draai()
    return amsterdam


def over(systeem: Systeem) -> list[str]:
    """What the postbus says about this leerling, in order."""
    uit = []
    for b in systeem.postbus():
        if b["berichtType"] != "SIGNAAL":
            body = b.get("potentieleMboGanger") or b["aanmeldstatus"]
            uit += [b["berichtType"]] if body["pgn"].get("burgerservicenummer") == NUMMER else []
        else:
            van = [s for s in b["signalen"]["signalen"] if s["pgn"].get("burgerservicenummer") == NUMMER]
            uit += [s["levering"] for s in van]
    return uit


def test_the_bulk_comes_before_the_signals_on_it(wereld: Wereld, beheer: Client, amsterdam: Systeem) -> None:
    assert over(amsterdam) == []
    zet_aansluiting(beheer, wereld.organisaties["0363"], wacht=False)
    uit = over(amsterdam)
    assert uit[:2] == [GANGER, BULK]
    assert sorted(set(uit[2:])) == [STATUS, "REALTIME"]
    assert (uit.count(GANGER), uit.count(BULK), uit.count(STATUS)) == (1, 1, 1)


def test_connected_disconnected_and_connected_before_anything_went_out(
    wereld: Wereld, beheer: Client, amsterdam: Systeem
) -> None:
    gemeente = wereld.organisaties["0363"]
    zet_aansluiting(beheer, gemeente, wacht=False)
    zet_aansluiting(beheer, gemeente, wacht=True)
    assert over(amsterdam) == []
    for wacht in (False, True, False):
        zet_aansluiting(beheer, gemeente, wacht=wacht)
    uit = over(amsterdam)
    assert (uit.count(GANGER), uit.count(BULK), uit.count(STATUS)) == (1, 1, 1)
    zet_aansluiting(beheer, gemeente, wacht=True)
    zet_aansluiting(beheer, gemeente, wacht=False)
    assert over(amsterdam) == uit
