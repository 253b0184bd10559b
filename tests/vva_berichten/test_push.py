"""Delivery by push to a real HTTP server: signed, in order, at least once; who is away waits, one bad message blocks nobody."""

from __future__ import annotations

import re
import threading
import uuid
from contextlib import closing
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from overstap.basis import klok, wegsturen
from overstap.basis.outbox.models import OutboxRegel
from tests.vva_berichten.gepusht import (
    GEMEENTE,
    doe_push,
    gemeente,
    geparkeerd,
    later,
    lees_postbus,
    pem,
    stand_van,
    zet_eindpunt,
)
from tests.vva_berichten.hulp import NOVEMBER, alles
from tests.vva_berichten.ontvanger import Ontvanger, dichte_poort, goed, luister
from tests.wereld import JAAR, Wereld
from vva_berichten import actions, postbus
from vva_berichten.models import Bulk, GeparkeerdePush
from vva_berichten.tasks import bulkmelding_regio
from vva_berichten.uitgaand import lever_bulk, push_stand
from vva_berichten.uitgaand.push import push

DRIE_DAGEN = timedelta(days=3)


def test_all_of_the_postbus_in_order_and_signed(wereld: Wereld, ontvanger: Ontvanger) -> None:
    zet_eindpunt(wereld, ontvanger.url)
    berichten = lees_postbus(wereld)
    assert doe_push(wereld) == len(berichten) >= 5
    assert ontvanger.fouten == []
    assert [e["data"] for e in ontvanger.gekregen] == berichten
    assert ontvanger.posities == list(range(1, len(berichten) + 1))
    eerste = ontvanger.gekregen[0]
    bericht = berichten[0]
    assert eerste["id"] == bericht["berichtId"]
    assert eerste["specversion"] == "1.0"
    assert eerste["type"] == "nl.overstap.vva.potentiele-mbo-ganger.v1"
    assert eerste["source"] == f"urn:nld:oin:{bericht['verzendendeInstantie']}:systeem:overstap"
    assert eerste["subject"] == bericht["ontvangendeInstantie"]
    assert eerste["dataschema"].endswith("/api/v1/vva/schema/potentiele-mbo-ganger")
    assert Client().get(urlsplit(eerste["dataschema"]).path).status_code == 200
    # Nothing is left, and the postbus is as it was.
    assert doe_push(wereld) == 0
    assert lees_postbus(wereld) == berichten


def test_no_person_outside_the_data(wereld: Wereld, ontvanger: Ontvanger) -> None:
    zet_eindpunt(wereld, ontvanger.url)
    doe_push(wereld)
    for event, koppen in zip(ontvanger.gekregen, ontvanger.koppen, strict=True):
        (pgn,) = set(re.findall(r"9999\d{5}", str(event["data"])))
        assert pgn not in str({k: v for k, v in event.items() if k != "data"})
        assert pgn not in str(koppen)
    assert set(ontvanger.paden) == {"/vva"}


def test_bulk_pages_have_the_berichtid_of_the_postbus(wereld: Wereld, ontvanger: Ontvanger) -> None:
    wereld.op(date(2026, 3, 1))
    bulkmelding_regio("21", "BULK_0301", JAAR)
    alles(wereld, GEMEENTE)
    zet_eindpunt(wereld, ontvanger.url)
    doe_push(wereld)
    uit_de_postbus = [b["berichtId"] for b in lees_postbus(wereld) if b["berichtType"] == "SIGNAAL"]
    gepusht = [e for e in ontvanger.gekregen if e["type"] == "nl.overstap.vva.signalen.v1"]
    assert [e["id"] for e in gepusht] == uit_de_postbus != []


def test_starts_after_what_was_confirmed_in_the_postbus(wereld: Wereld, ontvanger: Ontvanger) -> None:
    postbus.opgehaald(gemeente(wereld).pk, 3)
    postbus.bevestig(gemeente(wereld).pk, 3)
    zet_eindpunt(wereld, ontvanger.url)
    doe_push(wereld)
    assert ontvanger.posities[0] == 4


@pytest.mark.parametrize(
    ("gedrag", "code"),
    [
        (500, "http_500"), (503, "http_503"), (302, "http_302"), (401, "http_401"), (404, "http_404"), ("rommel", "antwoord"),
        ("weg", "antwoord"), ("hangt", "tijd"), ("drupt", "tijd"), ("drupt na afscheid", "tijd"),
    ],
)  # fmt: skip
def test_who_cannot_take_anything_makes_all_wait_and_gets_it_later_in_order(
    wereld: Wereld, ontvanger: Ontvanger, monkeypatch: pytest.MonkeyPatch, gedrag: int | str, code: str
) -> None:
    monkeypatch.setattr(wegsturen, "ANTWOORDEN", 0.5)
    monkeypatch.setattr(wegsturen, "TOTAAL", 1.0)
    zet_eindpunt(wereld, ontvanger.url)
    ontvanger.gedrag = lambda o, e: gedrag
    assert doe_push(wereld) == 0
    stand = stand_van(wereld)
    assert (stand.fout, stand.pogingen, stand.gepusht_tot) == (code, 1, 0)
    assert stand.wacht_sinds is not None
    assert ontvanger.fouten == []
    # Not before its time: nobody is asked again.
    gezien = len(ontvanger.gezien)
    assert gezien == 1
    assert doe_push(wereld) == 0
    assert len(ontvanger.gezien) == gezien
    later(wereld, timedelta(seconds=5))
    ontvanger.gedrag = goed
    assert doe_push(wereld) >= 5
    assert ontvanger.posities == list(range(1, len(ontvanger.posities) + 1))
    assert set(ontvanger.paden) == {"/vva"}, "a redirect is not followed"
    assert (stand_van(wereld).fout, stand_van(wereld).wacht_sinds, stand_van(wereld).pogingen) == ("", None, 0)
    assert geparkeerd(wereld) == []


def test_an_answer_without_end_is_cut_off(wereld: Wereld, ontvanger: Ontvanger) -> None:
    zet_eindpunt(wereld, ontvanger.url)
    ontvanger.gedrag = lambda o, e: "veel"
    doe_push(wereld)
    assert stand_van(wereld).gepusht_tot == len(lees_postbus(wereld))


def test_nobody_listens_and_waits_grow_to_an_hour(wereld: Wereld, ontvanger: Ontvanger) -> None:
    zet_eindpunt(wereld, f"http://127.0.0.1:{dichte_poort()}/vva")
    wachttijden = []
    for _ in range(14):
        voor = klok.wandklok()
        assert doe_push(wereld) == 0
        stand = stand_van(wereld)
        assert stand.opnieuw_na is not None
        wachttijden.append(round((stand.opnieuw_na - voor).total_seconds()))
        later(wereld, timedelta(hours=1, minutes=1))
    assert wachttijden[:5] == [2, 4, 8, 16, 32]
    assert wachttijden[-1] == 3600
    assert stand.fout == "verbinding"


def test_retry_after_is_heard(wereld: Wereld, ontvanger: Ontvanger) -> None:
    zet_eindpunt(wereld, ontvanger.url)
    ontvanger.gedrag = lambda o, e: 429
    doe_push(wereld)
    opnieuw = stand_van(wereld).opnieuw_na
    assert opnieuw is not None
    assert timedelta(seconds=100) < opnieuw - klok.wandklok() <= timedelta(seconds=120)


def test_three_days_away_and_then_everything_in_order(wereld: Wereld, ontvanger: Ontvanger) -> None:
    zet_eindpunt(wereld, ontvanger.url)
    ontvanger.gedrag = lambda o, e: 503
    for _ in range(72):
        doe_push(wereld)
        later(wereld, timedelta(hours=1, minutes=1))
    stand = stand_van(wereld)
    assert stand.wacht_sinds is not None
    assert klok.wandklok() - stand.wacht_sinds > DRIE_DAGEN
    assert stand.gestopt_op is None
    ontvanger.gedrag = goed
    assert doe_push(wereld) == len(lees_postbus(wereld))
    assert ontvanger.ids == [b["berichtId"] for b in lees_postbus(wereld)]


def test_a_week_away_stops_and_a_person_resumes(wereld: Wereld, ontvanger: Ontvanger) -> None:
    zet_eindpunt(wereld, ontvanger.url)
    ontvanger.gedrag = lambda o, e: 503
    doe_push(wereld)
    later(wereld, timedelta(days=6, hours=23))
    doe_push(wereld)
    assert stand_van(wereld).gestopt_op is None
    later(wereld, timedelta(hours=2))
    doe_push(wereld)
    assert stand_van(wereld).gestopt_op is not None
    ontvanger.gedrag = goed
    later(wereld, timedelta(days=1))
    assert doe_push(wereld) == 0
    with wereld.bereik("21"):
        assert push_stand.aan_de_beurt() == []
        uit = actions.resend([gemeente(wereld)], actor=wereld.actor("beheerorganisatie"))
        assert (uit.eindpunten, uit.berichten) == (1, 0)
        assert push_stand.aan_de_beurt() == [gemeente(wereld).pk]
    assert doe_push(wereld) >= 5


def test_only_who_keeps_the_endpoint_sends_again(wereld: Wereld, ontvanger: Ontvanger) -> None:
    zet_eindpunt(wereld, ontvanger.url)
    ontvanger.gedrag = lambda o, e: 503
    doe_push(wereld)
    ander = wereld.organisaties["99AA"]
    with wereld.bereik("21"):
        for wie, wat in (
            (wereld.actor("beheerorganisatie", "RMC22"), [gemeente(wereld)]),
            (wereld.actor("decaan", "99AA"), [ander]),
            (wereld.actor("leerplicht", GEMEENTE), [gemeente(wereld)]),
            # One that is not to be kept by this actor: then none of them.
            (wereld.actor("functioneel_beheerder", "99AA"), [ander, gemeente(wereld)]),
            (wereld.actor("beheerorganisatie"), [gemeente(wereld), wereld.organisaties["99MA"]]),
        ):
            with pytest.raises(PermissionError, match="beheert het eindpunt"):
                actions.resend(wat, actor=wie)
        assert stand_van(wereld).opnieuw_na is not None
        assert actions.resend([gemeente(wereld), ander], actor=wereld.actor("beheerorganisatie")).eindpunten == 1
        assert stand_van(wereld).opnieuw_na is None


def test_one_refused_message_is_put_aside_and_sent_again_by_command(wereld: Wereld, ontvanger: Ontvanger) -> None:
    zet_eindpunt(wereld, ontvanger.url)
    aantal = len(lees_postbus(wereld))
    ontvanger.gedrag = lambda o, e: 422 if e["sequence"] == "3" else 200
    for _ in range(3):
        doe_push(wereld)
        later(wereld, timedelta(minutes=1))
    assert ontvanger.posities == [n for n in range(1, aantal + 1) if n != 3]
    assert [(g.positie, g.fout, g.pogingen) for g in geparkeerd(wereld)] == [(3, "http_422", 3)]
    # Not by itself again; when asked and refused once more it waits again.
    assert doe_push(wereld) == 0
    call_command("vva_opnieuw", "--organisatie", GEMEENTE)
    doe_push(wereld)
    assert [(g.positie, g.pogingen, g.opnieuw_op) for g in geparkeerd(wereld)] == [(3, 4, None)]
    ontvanger.gedrag = goed
    call_command("vva_opnieuw", "--organisatie", GEMEENTE)
    assert doe_push(wereld) == 1
    assert ontvanger.posities[-1] == 3
    assert geparkeerd(wereld) == []


def test_who_refuses_everything_is_away_and_does_not_park_all(wereld: Wereld, ontvanger: Ontvanger) -> None:
    wereld.overstappen_van([wereld.rij("99AA01", overstapper_sinds=date(2025, 10, 3)) for _ in range(12)])
    alles(wereld, GEMEENTE)
    zet_eindpunt(wereld, ontvanger.url)
    ontvanger.gedrag = lambda o, e: 400
    for _ in range(40):
        doe_push(wereld)
        later(wereld, timedelta(hours=1, minutes=1))
    assert len(geparkeerd(wereld)) == 10
    assert stand_van(wereld).wacht_sinds is not None


def test_an_answer_that_is_lost_gives_the_same_message_again(wereld: Wereld, ontvanger: Ontvanger) -> None:
    """At least once: the receiver knows it by its id."""
    zet_eindpunt(wereld, ontvanger.url)
    ontvanger.gedrag = lambda o, e: "weg" if e["sequence"] == "2" and len(o.gezien) == 2 else 204
    doe_push(wereld)
    later(wereld, timedelta(minutes=1))
    doe_push(wereld)
    tweemaal = [e for e in ontvanger.gezien if e["sequence"] == "2"]
    assert len(tweemaal) == 2
    assert tweemaal[0] == tweemaal[1]
    assert ontvanger.posities == list(range(1, len(ontvanger.posities) + 1))


def test_a_worker_that_died_holds_the_line_only_for_a_while(wereld: Wereld, ontvanger: Ontvanger) -> None:
    zet_eindpunt(wereld, ontvanger.url)
    dood = push_stand.claim(gemeente(wereld).pk)
    assert dood is not None
    assert doe_push(wereld) == 0
    later(wereld, push_stand.LEASE + timedelta(seconds=1))
    assert doe_push(wereld) >= 5
    # What the dead one still would write changes nothing.
    stand = stand_van(wereld)
    assert push_stand.aangenomen(dood, 1) is False
    assert push_stand.wacht(dood, "tijd") is False
    assert stand_van(wereld).gepusht_tot == stand.gepusht_tot


def test_an_endpoint_that_moves_goes_on_where_it_was(wereld: Wereld, ontvanger: Ontvanger) -> None:
    zet_eindpunt(wereld, ontvanger.url)
    ontvanger.gedrag = lambda o, e: 204 if e["sequence"] == "1" else 503
    doe_push(wereld)
    assert stand_van(wereld).gepusht_tot == 1
    zet_eindpunt(wereld, ontvanger.url.replace("/vva", "/nieuw"))
    ontvanger.gedrag = goed
    doe_push(wereld)
    assert ontvanger.posities == list(range(1, len(ontvanger.posities) + 1))
    assert ontvanger.paden[-1] == "/nieuw"


def test_wake_up_is_in_the_transaction_of_the_delivery(wereld: Wereld, ontvanger: Ontvanger) -> None:
    zet_eindpunt(wereld, ontvanger.url)
    wereld.op(date(2026, 3, 1))
    bulkmelding_regio("21", "BULK_0301", JAAR)
    with wereld.bereik("21"):
        OutboxRegel.objects.filter(soort=push_stand.PUSH_WACHT).delete()
        lever_bulk("21", [{"bulk": str(pk)} for pk in Bulk.objects.values_list("pk", flat=True)])
        regels = list(OutboxRegel.objects.filter(soort=push_stand.PUSH_WACHT))
    # Only for who has an endpoint.
    assert [r.inhoud for r in regels] == [{"organisatie": str(gemeente(wereld).pk)}]


def test_queries_do_not_grow_with_the_messages_but_for_the_mark_of_each(
    wereld: Wereld, ontvanger: Ontvanger, django_assert_max_num_queries: Any
) -> None:
    zet_eindpunt(wereld, ontvanger.url)
    aantal = len(lees_postbus(wereld))
    with django_assert_max_num_queries(aantal + 25):
        doe_push(wereld)


def test_other_regios_see_no_parked_message(wereld: Wereld, ontvanger: Ontvanger) -> None:
    zet_eindpunt(wereld, ontvanger.url)
    ontvanger.gedrag = lambda o, e: 422 if e["sequence"] == "1" else 200
    for _ in range(3):
        doe_push(wereld)
        later(wereld, timedelta(minutes=1))
    with wereld.bereik("21"):
        assert GeparkeerdePush.objects.count() == 1
    with wereld.bereik("22"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM vva_berichten_geparkeerdepush")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
class TestTegelijk:
    def test_two_workers_at_once_send_each_message_once(self, settings: Any) -> None:
        wereld = Wereld(settings)
        settings.OVERSTAP_PUSH_SLEUTELS, settings.OVERSTAP_PUSH_INTERN = pem(), True
        wereld.op(NOVEMBER)
        wereld.overstappen_van([wereld.rij("99AA01", overstapper_sinds=date(2025, 10, 3)) for _ in range(20)])
        alles(wereld, GEMEENTE)
        with luister(Ontvanger(jwks=lambda: Client().get("/.well-known/jwks.json").json())) as ontvanger:
            zet_eindpunt(wereld, ontvanger.url)
            uitkomsten: list[int] = []

            def werk(pk: uuid.UUID) -> None:
                with closing(connection):
                    uitkomsten.append(push(pk)[0])

            draden = [threading.Thread(target=werk, args=(gemeente(wereld).pk,)) for _ in range(4)]
            for draad in draden:
                draad.start()
            for draad in draden:
                draad.join()
        assert sum(uitkomsten) == len(ontvanger.posities) >= 20
        assert ontvanger.posities == list(range(1, len(ontvanger.posities) + 1))

    def test_nothing_is_open_in_the_database_while_a_message_is_on_its_way(self, settings: Any) -> None:
        wereld = Wereld(settings)
        settings.OVERSTAP_PUSH_SLEUTELS, settings.OVERSTAP_PUSH_INTERN = pem(), True
        wereld.op(NOVEMBER)
        wereld.overstappen_van([wereld.rij("99AA01", overstapper_sinds=date(2025, 10, 3)) for _ in range(2)])
        alles(wereld, GEMEENTE)
        open_: list[Any] = []

        def kijk(o: Ontvanger, event: dict[str, Any]) -> int | str:
            open_.append(_in_transactie())
            return 204

        with luister(Ontvanger(jwks=lambda: {"keys": []}, gedrag=kijk)) as ontvanger:
            zet_eindpunt(wereld, ontvanger.url)
            assert doe_push(wereld) >= 2
        assert set(open_) == {0}


def _in_transactie() -> int:
    """How many other sessions of this database are in the middle of a transaction."""
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND state LIKE 'idle in transaction%'"
        )
        aantal: int = cursor.fetchone()[0]
        return aantal
