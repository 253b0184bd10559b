"""The postbus call: order, cursor, confirmation, pages; and that only the owner reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.vva_berichten.conftest import Systeem
from tests.vva_berichten.hulp import NOVEMBER, draai
from tests.wereld import JAAR, Wereld
from vva_berichten.contract import BERICHTEN
from vva_berichten.models import BulkRegel, Postbus
from vva_berichten.tasks import bulkmelding_regio

PAD = "/api/v1/vva/postbus"


@pytest.fixture
def gemeente(wereld: Wereld, systeem: Callable[..., Systeem]) -> Systeem:
    wereld.op(NOVEMBER)
    wereld.overstappen_van([wereld.rij("99AA01", overstapper_sinds=date(2025, 10, 3)) for _ in range(5)])
    draai()
    return systeem("0362")


def test_same_messages_in_the_same_order_until_confirmed(gemeente: Systeem) -> None:
    eerste = gemeente.get(PAD).json()
    assert len(eerste["berichten"]) >= 5
    assert gemeente.get(PAD).json() == eerste
    assert gemeente.post(f"{PAD}/bevestigingen", {"tot": eerste["cursor"]}).status_code == 200
    leeg = gemeente.get(PAD).json()
    assert leeg == {"berichten": [], "cursor": eerste["cursor"], "volgende": None}
    # What was confirmed can still be asked for by its cursor.
    assert gemeente.get(f"{PAD}?na=0").json() == eerste


def test_walk_with_the_next_link_misses_nothing(gemeente: Systeem) -> None:
    alles = gemeente.get(PAD).json()["berichten"]
    gelopen: list[Any] = []
    pad: str | None = f"{PAD}?limiet=2"
    while pad:
        bladzijde = gemeente.get(pad.removeprefix("http://testserver")).json()
        gelopen += bladzijde["berichten"]
        pad = bladzijde["volgende"]
    assert gelopen == alles


@pytest.mark.parametrize(
    "vraag",
    [
        "na=x",
        "na=-1",
        "limiet=0",
        "limiet=1001",
        "limiet=x",
        "limiet=",
        "na=99999999999999999999",
        "na=999999",
        "nna=1",
        "na=%00",
    ],
)
def test_wrong_parameters_are_400(wereld: Wereld, gemeente: Systeem, vraag: str) -> None:
    assert gemeente.get(f"{PAD}?na=0&limiet=1").status_code == 200
    antwoord = gemeente.get(f"{PAD}?{vraag}")
    assert (antwoord.status_code, antwoord["Content-Type"]) == (400, "application/problem+json")
    assert antwoord.json()["detail"].endswith(".")
    assert Postbus.objects.get(pk=wereld.organisaties["0362"].id).opgehaald_tot == 1


def test_only_what_was_fetched_can_be_confirmed(wereld: Wereld, gemeente: Systeem) -> None:
    """Whoever confirms (or reads on from) a cursor that was never given out would lose the messages before it."""
    bus = Postbus.objects.filter(pk=wereld.organisaties["0362"].id)
    positie = bus.get().positie
    assert positie >= 5
    for na, tot in ((0, 1), (2, 3), (0, positie)):
        geweigerd = gemeente.post(f"{PAD}/bevestigingen", {"tot": str(tot)})
        assert (geweigerd.status_code, geweigerd.json()["code"]) == (400, "cursor")
        assert "nooit aan u gegeven" in geweigerd.json()["detail"]
        assert geweigerd.json()["invalidParams"][0]["name"] == "tot"
        assert gemeente.get(f"{PAD}?na={tot}").status_code == 400
        assert bus.get().bevestigd_tot < tot
        assert gemeente.get(f"{PAD}?na={na}&limiet={tot - na}").json()["cursor"] == str(tot)
        assert gemeente.post(f"{PAD}/bevestigingen", {"tot": str(tot)}).json() == {"tot": str(tot)}
        assert bus.get().bevestigd_tot == tot
        if tot == 1:
            assert gemeente.get(f"{PAD}?limiet=1").json()["cursor"] == "2"  # so that na=2 was given out


def test_head_fetches_nothing(wereld: Wereld, gemeente: Systeem) -> None:
    assert gemeente.client.head(PAD, headers=gemeente._koppen).status_code == 200
    assert gemeente.post(f"{PAD}/bevestigingen", {"tot": "1"}).status_code == 400
    assert gemeente.client.get(PAD, headers=gemeente._koppen).status_code == 200
    assert gemeente.post(f"{PAD}/bevestigingen", {"tot": "1"}).status_code == 200


@pytest.mark.parametrize("inhoud", [{}, {"tot": "x"}, {"tot": "999999"}, {"tot": 3}, {"tot": "1", "x": 1}])
def test_wrong_confirmations_are_400_and_change_nothing(wereld: Wereld, gemeente: Systeem, inhoud: Any) -> None:
    assert gemeente.post(f"{PAD}/bevestigingen", inhoud).status_code == 400
    assert Postbus.objects.get(pk=wereld.organisaties["0362"].id).bevestigd_tot == 0


def test_an_earlier_confirmation_does_not_turn_back(wereld: Wereld, gemeente: Systeem) -> None:
    gemeente.get(PAD)
    for tot in ("3", "1"):
        assert gemeente.post(f"{PAD}/bevestigingen", {"tot": tot}).status_code == 200
    assert Postbus.objects.get(pk=wereld.organisaties["0362"].id).bevestigd_tot == 3


def test_each_reads_its_own(wereld: Wereld, gemeente: Systeem, systeem: Callable[..., Systeem]) -> None:
    ander, mbo = systeem("0420"), systeem("99MA")
    assert gemeente.get(PAD).json()["berichten"]
    gemeentecodes = {
        b.get("potentieleMboGanger", b.get("aanmeldstatus", {})).get("gemeentecode")
        for b in ander.get(PAD).json()["berichten"]
    }
    assert gemeentecodes == {"0420"}
    assert mbo.get(PAD).status_code == 403
    assert gemeente.client.get(PAD).status_code == 401


def test_bulk_of_more_than_a_page_and_the_same_bytes_twice(wereld: Wereld, gemeente: Systeem, monkeypatch: Any) -> None:
    from vva_berichten import postbus
    from vva_berichten.uitgaand import leveren

    for module in (postbus, leveren):
        monkeypatch.setattr(module, "PER_PAGINA", 2)
    wereld.op(date(2026, 3, 1))
    bulkmelding_regio("21", "BULK_0301", JAAR)
    draai()
    antwoord = gemeente.get(PAD)
    paginas = [b["signalen"] for b in antwoord.json()["berichten"] if b["berichtType"] == "SIGNAAL"]
    with wereld.bereik():
        aantal = BulkRegel.objects.filter(bulk__gemeente_id="0362").count()
    assert aantal >= 5
    assert {p["kop"]["aantal"] for p in paginas} == {aantal}
    assert [p["kop"]["pagina"] for p in paginas] == list(range(1, paginas[0]["kop"]["paginas"] + 1))
    assert all(len(p["signalen"]) <= 2 for p in paginas)
    pgns = [s["pgn"]["burgerservicenummer"] for p in paginas for s in p["signalen"]]
    assert len(pgns) == len(set(pgns)) == aantal
    assert gemeente.get(PAD).content == antwoord.content


def test_number_of_queries_is_the_same_for_one_and_for_many(
    wereld: Wereld, gemeente: Systeem, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    aantallen = []
    for limiet in (1, 100):
        with CaptureQueriesContext(connection) as gevraagd:
            gemeente.get(f"{PAD}?limiet={limiet}")
        aantallen.append(len(gevraagd))
    assert aantallen[0] == aantallen[1]
    assert aantallen[0] <= 20


def test_schema_is_made_from_the_types(gemeente: Systeem) -> None:
    for naam in BERICHTEN:
        antwoord = gemeente.get(f"/api/v1/vva/schema/{naam}")
        assert antwoord.status_code == 200
        assert antwoord.json()["$defs"]
    assert gemeente.get("/api/v1/vva/schema/niets").status_code == 404
