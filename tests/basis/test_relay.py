"""The relay while a service is away: what it says, and what counts as a try."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import structlog
from django.db import OperationalError

from overstap.basis import klok
from overstap.basis.outbox.models import OutboxRegel
from overstap.basis.outbox.publiceren import publiceer
from overstap.basis.outbox.relay import MAX_POGINGEN, claim, handel_af
from overstap.basis.rls import bereik
from overstap.management.commands.relay import EERST, Uitval
from tests.wereld import Wereld


def test_an_outage_is_said_at_once_then_less_and_less_and_when_it_is_over() -> None:
    uitval = Uitval()
    with structlog.testing.capture_logs() as regels:
        uitval.voorbij(0)  # nothing was the matter
        for seconde in range(3600):
            uitval.meld(OperationalError(), float(seconde))
        uitval.voorbij(3600.0)
        uitval.voorbij(3601.0)
        uitval.meld(OperationalError(), 4000.0)
    gezegd = [(r["event"], r["seconden"]) for r in regels]
    assert gezegd == [
        *(("relay.wacht", s) for s in (0, EERST, 30, 70, 150, 310, 630, 1230, 1830, 2430, 3030)),
        ("relay.weer_verder", 3600),
        ("relay.wacht", 0),
    ]


class Taart(Exception):
    """What goes wrong in a handler."""


@pytest.fixture
def regel(wereld: Wereld) -> OutboxRegel:
    with bereik(["21"]):
        publiceer([OutboxRegel(regio_id="21", sleutel="proef", soort="proef", inhoud={})])
        return OutboxRegel.objects.get(sleutel="proef")


def _verloopt(regel: OutboxRegel) -> None:
    """The lease is over, and so is the pause after a failure."""
    toen = klok.wandklok() - timedelta(seconds=1)
    OutboxRegel.objects.filter(pk=regel.pk).update(geclaimd_tot=toen, opnieuw_na=toen)


def test_a_claim_that_nobody_could_handle_is_no_try(regel: OutboxRegel) -> None:
    """Ten workers die with it in hand; then it fails once, and is tried again instead of parked."""
    gezien: list[str] = []

    def mislukt_eerst(regio: str, inhouden: list[dict[str, Any]]) -> None:
        gezien.append(regio)
        if len(gezien) <= 2:  # with the group, and alone
            raise Taart

    with bereik(["21"]):
        for _ in range(MAX_POGINGEN + 2):
            assert regel.pk in claim()["21"]
            _verloopt(regel)
        claim()
        assert handel_af("21", [regel.pk], {"proef": (mislukt_eerst,)}) == 0
        regel.refresh_from_db()
        assert (regel.pogingen, regel.geparkeerd_op, regel.fout) == (1, None, "Taart")
        _verloopt(regel)
        assert regel.pk in claim()["21"]
        assert handel_af("21", [regel.pk], {"proef": (mislukt_eerst,)}) == 1


def test_what_fails_every_time_is_parked_after_its_last_try(regel: OutboxRegel) -> None:
    def mislukt(regio: str, inhouden: list[dict[str, Any]]) -> None:
        raise Taart

    with bereik(["21"]):
        for poging in range(1, MAX_POGINGEN + 1):
            claim()
            assert handel_af("21", [regel.pk], {"proef": (mislukt,)}) == 0
            regel.refresh_from_db()
            assert (regel.pogingen, regel.geparkeerd_op is not None) == (poging, poging == MAX_POGINGEN)
            _verloopt(regel)
        assert "21" not in claim()


def _rij(*regels: tuple[str, str, int]) -> list[int]:
    """Rows (sleutel, soort, number) in this order; their ids."""
    with bereik(["21"]):
        publiceer([OutboxRegel(regio_id="21", sleutel=s, soort=w, inhoud={"n": n}) for s, w, n in regels])
        return list(OutboxRegel.objects.order_by("id").values_list("id", flat=True))


def test_a_sleutel_goes_whole_and_in_order_up_to_another_soort(wereld: Wereld) -> None:
    with bereik(["21"]):
        OutboxRegel.objects.update(afgehandeld_op=klok.wandklok())
    ids = _rij(("a", "x", 1), ("b", "x", 2), ("a", "x", 3), ("a", "y", 4), ("a", "x", 5))[-5:]
    gezien: list[int] = []
    doe = {soort: (lambda regio, inhouden: gezien.extend(i["n"] for i in inhouden),) for soort in "xy"}
    with bereik(["21"]):
        for verwacht in ([ids[0], ids[1], ids[2]], [ids[3]], [ids[4]]):
            geclaimd = claim()["21"]
            assert sorted(geclaimd) == verwacht
            assert "21" not in claim()  # a second relay
            assert handel_af("21", geclaimd, doe) == len(verwacht)
    assert gezien == [1, 2, 3, 4, 5]


def test_behind_one_that_fails_its_sleutel_waits_and_others_go_on(wereld: Wereld) -> None:
    with bereik(["21"]):
        OutboxRegel.objects.update(afgehandeld_op=klok.wandklok())
    ids = _rij(("a", "x", 1), ("a", "x", 2), ("a", "x", 3), ("b", "x", 4))[-4:]
    gezien: list[int] = []
    stuk = {2}

    def doe(regio: str, inhouden: list[dict[str, Any]]) -> None:
        if stuk & {i["n"] for i in inhouden}:
            raise Taart
        gezien.extend(i["n"] for i in inhouden)

    with bereik(["21"]):
        assert handel_af("21", claim()["21"], {"x": (doe,)}) == 2
        assert gezien == [1, 4]
        assert "21" not in claim()
        # One that comes late with the rows behind it only: they are not for him.
        assert handel_af("21", [ids[2]], {"x": (doe,)}) == 0
        stuk.clear()
        OutboxRegel.objects.filter(pk=ids[1]).update(opnieuw_na=klok.wandklok() - timedelta(seconds=1))
        assert handel_af("21", claim()["21"], {"x": (doe,)}) == 2
    assert gezien == [1, 4, 2, 3]
