"""Bericht 1, sent by itself when a leerling is marked: what the cases (test_gevallen_mbo_gangers.py) do not say."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.rechten import Rol
from statuses.models import Overstap
from statuses.status import Spoor, Status
from tests.vva_berichten.hulp import NOVEMBER, draai, mbo_gangers
from tests.wereld import Wereld, bsn

NUMMER = bsn(3001)


def leerling(wereld: Wereld, *, op: date = NOVEMBER, **velden: Any) -> Overstap:
    wereld.op(op)
    sinds = velden.pop("overstapper_sinds", min(op, date(2025, 10, 3)))
    standaard = {"pgn": NUMMER, "gemeente": "0363", "leerweg": "tl", "overstapper_sinds": sinds}
    return wereld.overstap("99AA00", **(standaard | velden))


@pytest.mark.parametrize(
    ("velden", "gemeld"),
    [
        ({"onderwijssoort": "pro", "leerweg": None}, True),
        ({"onderwijssoort": "vwo", "leerweg": None}, False),
        ({"gemarkeerd": False, "overstapper_sinds": None}, False),
    ],
)
def test_who_is_reported(wereld: Wereld, velden: dict[str, Any], gemeld: bool) -> None:
    leerling(wereld, **velden)
    assert mbo_gangers(wereld, "0363", NUMMER) == ([(True, 1)] if gemeld else [])


def test_marked_before_october_goes_out_on_1_october(wereld: Wereld) -> None:
    from vva_berichten.tasks import bijwerken_regio

    leerling(wereld, op=date(2025, 9, 20), overstapper_sinds=date(2025, 9, 20))
    assert mbo_gangers(wereld, "0363", NUMMER) == []
    wereld.op(date(2025, 9, 30))
    bijwerken_regio("21")
    assert mbo_gangers(wereld, "0363", NUMMER) == []
    wereld.op(date(2025, 10, 1))
    bijwerken_regio("21")
    bijwerken_regio("21")
    assert mbo_gangers(wereld, "0363", NUMMER) == [(True, 1)]


@pytest.mark.onverwerkt
@pytest.mark.parametrize(("dag", "codes"), [(date(2026, 2, 1), ""), (date(2026, 2, 2), "W301")])
def test_after_1_february_it_goes_out_with_a_warning(wereld: Wereld, dag: date, codes: str) -> None:
    from vva_berichten.models import Bericht

    overstap = leerling(wereld, op=dag, overstapper_sinds=dag)
    assert mbo_gangers(wereld, "0363", NUMMER) == [(True, 1)]
    with wereld.bereik():
        from vva_berichten.models import MboGanger

        index = MboGanger.objects.get(overstap=overstap).pgn_index
        assert index
        [bericht] = Bericht.objects.filter(ontvanger__code="0363", soort="POTENTIELE_MBO_GANGER").order_by(
            "-gemaakt_op"
        )[:1]
    assert bericht.codes == codes


def vervolgkeuze(
    wereld: Wereld, overstap: Overstap, reden: str, zekerheid: str, op: date, naar_mbo: bool | None = None
) -> None:
    wereld.op(op)
    tekst = "Gaat op reis" if reden == "anders" else ""
    wereld.wijzig(
        overstap, Rol.DECAAN, Status.VERVOLGKEUZE_VO, waar="99AA", reden_code=reden, zekerheid=zekerheid,
        naar_mbo=naar_mbo, tekst=tekst,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reden", "zekerheid", "weg"),
    [
        ("vavo", "zeker", True),
        ("arbeid", "zeker", True),
        ("buitenland", "zeker", True),
        ("blijft_in_vo", "zeker", True),
        ("blijft_in_vo", "verwacht", True),
        ("arbeid", "verwacht", False),
        ("mbo_buiten_regio", "zeker", False),
        ("particulier", "zeker", False),
    ],
)
def test_vervolgkeuze_ends_it_or_not(wereld: Wereld, reden: str, zekerheid: str, weg: bool) -> None:
    overstap = leerling(wereld)
    draai()
    vervolgkeuze(wereld, overstap, reden, zekerheid, date(2026, 2, 20))
    assert mbo_gangers(wereld, "0363", NUMMER) == ([(True, 1), (False, 2)] if weg else [(True, 1)])


@pytest.mark.parametrize("reden", ["particulier", "anders"])
@pytest.mark.parametrize(("antwoord", "weg"), [(None, False), (True, False), (False, True)])
def test_a_choice_that_does_not_tell_asks_the_school(
    wereld: Wereld, reden: str, antwoord: bool | None, weg: bool
) -> None:
    overstap = leerling(wereld)
    draai()
    vervolgkeuze(wereld, overstap, reden, "zeker", date(2026, 2, 20))
    assert mbo_gangers(wereld, "0363", NUMMER) == [(True, 1)]  # not answered yet: it stays
    if antwoord is not None:
        vervolgkeuze(wereld, overstap, reden, "zeker", date(2026, 2, 24), antwoord)
    assert mbo_gangers(wereld, "0363", NUMMER) == ([(True, 1), (False, 2)] if weg else [(True, 1)])


def test_yes_after_no_reports_again(wereld: Wereld) -> None:
    overstap = leerling(wereld)
    draai()
    vervolgkeuze(wereld, overstap, "particulier", "zeker", date(2026, 2, 20), False)
    draai()
    vervolgkeuze(wereld, overstap, "particulier", "zeker", date(2026, 2, 24), True)
    assert mbo_gangers(wereld, "0363", NUMMER) == [(True, 1), (False, 2), (True, 3)]


def test_vervolgkeuze_taken_back_gives_true_again(wereld: Wereld) -> None:
    overstap = leerling(wereld)
    draai()
    vervolgkeuze(wereld, overstap, "havo", "zeker", date(2026, 2, 20))
    draai()
    wereld.op(date(2026, 3, 1))
    wereld.wijzig(overstap, Rol.DECAAN, None, waar="99AA", spoor=Spoor.VO)
    assert mbo_gangers(wereld, "0363", NUMMER) == [(True, 1), (False, 2), (True, 3)]


def test_events_seen_twice_send_once(wereld: Wereld) -> None:
    from vva_berichten.uitgaand import mbo_gangers as uitgaand

    overstap = leerling(wereld)
    for _ in range(2):
        with wereld.bereik("21"):
            uitgaand.meld("21", [overstap.id])
    assert mbo_gangers(wereld, "0363", NUMMER) == [(True, 1)]


def test_a_whole_class_takes_as_many_queries_as_two_leerlingen(wereld: Wereld) -> None:
    wereld.op(NOVEMBER)
    draai()
    aantallen = []
    for aantal in (2, 40):
        wereld.overstappen_van([wereld.rij("99AA00", overstapper_sinds=date(2025, 10, 3)) for _ in range(aantal)])
        with CaptureQueriesContext(connection) as gevraagd:
            draai()
        aantallen.append(len(gevraagd))
    assert aantallen[0] == aantallen[1]


def test_message_crosses_to_the_regio_of_the_gemeente_and_no_row_does(wereld: Wereld) -> None:
    from vva_berichten.models import MboGanger

    leerling(wereld, gemeente="0405")
    assert mbo_gangers(wereld, "0405", NUMMER) == [(True, 1)]
    with wereld.bereik("22"):
        ganger = MboGanger.objects.get(brin="99AA")
        assert (ganger.regio_id, ganger.overstap_id, ganger.gemeente_id) == ("22", None, "0405")
    with wereld.bereik("21"):
        assert not MboGanger.objects.filter(gemeente_id="0405").exists()
