"""Bericht 1 over HTTP: the outcomes and codes of vva.md."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.vva_berichten.conftest import Systeem
from tests.vva_berichten.hulp import NOVEMBER, draai, gangers_in, mbo_gangers
from tests.wereld import Wereld, bsn
from vva_berichten.models import Bericht, MboGanger

SOORT = "potentiele-mbo-gangers"
NUMMER = bsn(3001)  # nobody here has it: only the messages know of this person


@pytest.fixture
def las(wereld: Wereld, systeem: Callable[..., Systeem]) -> Systeem:
    wereld.op(NOVEMBER)
    return systeem("99AA")


def kort(resultaat: dict[str, Any]) -> tuple[str, list[str]]:
    return resultaat["uitkomst"], resultaat["codes"]


def test_true_reaches_the_gemeente(wereld: Wereld, las: Systeem) -> None:
    bericht = las.mbo_ganger(NUMMER)
    [resultaat] = las.stuur(SOORT, bericht)
    assert resultaat == {"berichtId": bericht["berichtId"], "uitkomst": "verwerkt", "codes": [], "melding": ""}
    assert mbo_gangers(wereld, "0363", NUMMER) == [(True, 1)]


def test_without_a_vestiging_it_reaches_the_gemeente_too(systeem: Callable[..., Systeem], las: Systeem) -> None:
    las.stuur(SOORT, las.mbo_ganger(NUMMER, vestiging="weg"))
    [ganger] = gangers_in(systeem("0363").postbus(), NUMMER)
    assert (ganger["brin"], "vestiging" in ganger) == ("99AA", False)


@pytest.mark.parametrize(
    ("velden", "code"),
    [
        ({"pgn": {"burgerservicenummer": "999900019"}}, "F101"),
        ({"pgn": {"onderwijsnummer": "999900018"}}, "F101"),
        ({"pgn": {"burgerservicenummer": "101010105"}}, "F101"),
        ({"pgn": {"burgerservicenummer": "999900018", "onderwijsnummer": "101010105"}}, "F102"),
        ({"pgn": {}}, "F102"),
        ({"brin": "0AAA"}, "T001"),
        ({"brin": "00ZZ", "vestiging": "weg"}, "F103"),
        ({"vestiging": "99AB00"}, "F103"),
        ({"vestiging": "99AA77"}, "F103"),
        ({"brin": "99AB", "vestiging": "99AB00"}, "T003"),
        ({"gemeentecode": "9998"}, "F106"),
        ({"gemeentecode": None}, "T001"),
        ({"gemeentecode": "weg"}, "T001"),
        ({"achternaam": "Wit"}, "T001"),
        ({"studiejaarInstroom": "2026-2028"}, "T001"),
        ({"volgnummer": 0}, "T001"),
        ({"isPotentieleMboGanger": "ja"}, "T001"),
        ({"isPotentieleMboGanger": False}, "F104"),
    ],
)
def test_refused_with_its_code_and_the_good_one_beside_it_goes_on(
    wereld: Wereld, las: Systeem, velden: dict[str, Any], code: str
) -> None:
    fout, goed = las.stuur(SOORT, las.mbo_ganger(NUMMER, **velden), las.mbo_ganger(bsn(3002)))
    assert kort(fout) == ("geweigerd", [code])
    assert fout["berichtId"]
    assert fout["melding"]
    assert NUMMER not in fout["melding"]
    assert kort(goed) == ("verwerkt", [])
    assert mbo_gangers(wereld, "0363", NUMMER) == []


def test_t001_points_at_the_field(las: Systeem) -> None:
    ontbreekt, onbekend, leeg = las.stuur(
        SOORT,
        las.mbo_ganger(NUMMER, brin="weg"),
        las.mbo_ganger(NUMMER, naam="x"),
        las.mbo_ganger(NUMMER, wijzigingsdatum=None),
    )
    assert "/potentieleMboGanger/brin ontbreekt" in ontbreekt["melding"]
    assert "/potentieleMboGanger/naam bestaat niet" in onbekend["melding"]
    assert "/potentieleMboGanger/wijzigingsdatum mag niet leeg zijn" in leeg["melding"]


@pytest.mark.parametrize("rommel", [{}, "x", 3, None, [], {"berichtId": "geen"}])
def test_a_message_that_is_no_message_is_refused_by_itself(las: Systeem, rommel: Any) -> None:
    resultaat, goed = las.stuur(SOORT, rommel, las.mbo_ganger(NUMMER))
    assert kort(resultaat) == ("geweigerd", ["T001"])
    assert resultaat["berichtId"] is None
    assert kort(goed) == ("verwerkt", [])


@pytest.mark.parametrize("inhoud", [{}, {"berichten": []}, {"berichten": 3}, [], {"berichten": [1] * 1001}, "x"])
def test_a_call_that_is_no_call_is_400(las: Systeem, inhoud: Any) -> None:
    antwoord = las.post(f"/api/v1/vva/{SOORT}", inhoud)
    assert antwoord.status_code == 400
    assert antwoord.headers["Content-Type"].startswith("application/problem+json")


def test_same_message_twice_is_one_record(wereld: Wereld, las: Systeem) -> None:
    bericht = las.mbo_ganger(NUMMER)
    eerste, zelfde_aanroep = las.stuur(SOORT, bericht, bericht)
    [later] = las.stuur(SOORT, bericht)
    assert [kort(r) for r in (eerste, zelfde_aanroep, later)] == [
        ("verwerkt", []),
        ("alVerwerkt", []),
        ("alVerwerkt", []),
    ]
    # Another berichtId, but the same key, volgnummer and content.
    [kopie] = las.stuur(SOORT, las.mbo_ganger(NUMMER))
    assert kort(kopie) == ("alVerwerkt", [])
    assert mbo_gangers(wereld, "0363", NUMMER) == [(True, 1)]
    with wereld.bereik():
        assert Bericht.objects.filter(bericht_id=bericht["berichtId"]).count() == 1


def test_other_content_under_the_same_volgnummer_or_id_is_f202(wereld: Wereld, las: Systeem) -> None:
    bericht = las.mbo_ganger(NUMMER)
    las.stuur(SOORT, bericht)
    draai()
    ander_volgnummer, zelfde_id = las.stuur(
        SOORT,
        las.mbo_ganger(NUMMER, isPotentieleMboGanger=False),
        las.mbo_ganger(NUMMER, volgnummer=2, isPotentieleMboGanger=False, envelop={"berichtId": bericht["berichtId"]}),
    )
    assert kort(ander_volgnummer) == ("geweigerd", ["F202"])
    assert kort(zelfde_id) == ("geweigerd", ["F202"])
    assert mbo_gangers(wereld, "0363", NUMMER) == [(True, 1)]


@pytest.mark.parametrize("anders", [{"gemeentecode": "0362"}, {"wijzigingsdatum": "2025-11-10"}])
def test_f202_before_and_after_it_went_on_to_the_gemeente(wereld: Wereld, las: Systeem, anders: dict[str, str]) -> None:
    """What we sent on says the same in fewer words: a contradiction is one with what was received."""
    las.stuur(SOORT, las.mbo_ganger(NUMMER))
    [voor] = las.stuur(SOORT, las.mbo_ganger(NUMMER, **anders))
    draai()
    [na] = las.stuur(SOORT, las.mbo_ganger(NUMMER, **anders))
    assert kort(voor) == kort(na) == ("geweigerd", ["F202"])
    assert mbo_gangers(wereld, "0362", NUMMER) == []


@pytest.mark.parametrize(("eerst", "dan"), [("0405", "0363"), ("0363", "0405")])
def test_f202_for_a_gemeente_of_another_regio(wereld: Wereld, las: Systeem, eerst: str, dan: str) -> None:
    """The same volgnummer to two gemeenten would put one leerling in two bulkmeldingen."""
    las.stuur(SOORT, las.mbo_ganger(NUMMER, gemeentecode=eerst))
    draai()
    [resultaat] = las.stuur(SOORT, las.mbo_ganger(NUMMER, gemeentecode=dan))
    assert kort(resultaat) == ("geweigerd", ["F202"])
    assert mbo_gangers(wereld, dan, NUMMER) == []
    # With a higher one it is news.
    assert kort(las.stuur(SOORT, las.mbo_ganger(NUMMER, gemeentecode=dan, volgnummer=2))[0]) == ("verwerkt", [])
    assert mbo_gangers(wereld, dan, NUMMER) == [(True, 2)]


@pytest.mark.parametrize("in_een_aanroep", [True, False])
def test_false_before_true_ends_false(wereld: Wereld, las: Systeem, in_een_aanroep: bool) -> None:
    twee = las.mbo_ganger(NUMMER, volgnummer=2, isPotentieleMboGanger=False, wijzigingsdatum="2025-12-01")
    een = las.mbo_ganger(NUMMER)
    if in_een_aanroep:
        uit = las.stuur(SOORT, twee, een)
    else:
        uit = las.stuur(SOORT, twee)
        draai()
        uit += las.stuur(SOORT, een)
    assert [kort(r) for r in uit] == [("verwerkt", []), ("opgeslagen", ["W302"])]
    draai()
    with wereld.bereik():
        ganger = MboGanger.objects.get(brin="99AA", gemeente_id="0363", volgnummer=2)
        assert not ganger.is_mbo_ganger
        # As of a day in between it was true: the late message fills in the history.
        assert list(ganger.meldingen.order_by("volgnummer").values_list("is_mbo_ganger", flat=True)) == [True, False]


@pytest.mark.parametrize(("dag", "codes"), [(date(2026, 2, 1), []), (date(2026, 2, 2), ["W301"])])
def test_late_true_is_accepted_with_a_warning(
    wereld: Wereld, systeem: Callable[..., Systeem], dag: date, codes: list[str]
) -> None:
    wereld.op(dag)
    las = systeem("99AA")
    [resultaat] = las.stuur(SOORT, las.mbo_ganger(NUMMER))
    assert kort(resultaat) == ("verwerkt", codes)


def test_gemeente_not_connected_is_kept_and_parked(wereld: Wereld, las: Systeem) -> None:
    gemeente = wereld.organisaties["0363"]
    gemeente.aangesloten = False
    gemeente.save()
    [resultaat] = las.stuur(SOORT, las.mbo_ganger(NUMMER))
    assert kort(resultaat) == ("opgeslagen", ["F107"])
    assert mbo_gangers(wereld, "0363", NUMMER) == []


def test_supplier_acts_with_a_mandaat_only(wereld: Wereld, systeem: Callable[..., Systeem]) -> None:
    wereld.op(NOVEMBER)
    leverancier = systeem("99AB", mandaat=("99AA",))
    namens = {"namens": "0000000700099AA00000"}
    goed, ander, verkeerd_namens, vreemd = leverancier.stuur(
        SOORT,
        leverancier.mbo_ganger(NUMMER, envelop=namens),
        leverancier.mbo_ganger(bsn(3002), brin="99BA", vestiging="99BA00"),
        leverancier.mbo_ganger(bsn(3003), envelop={"namens": "0000000700099AB00000"}),
        leverancier.mbo_ganger(bsn(3004), envelop={"verzendendeInstantie": "0000000700099BA00000"}),
    )
    assert kort(goed) == ("verwerkt", [])
    assert [kort(r) for r in (ander, verkeerd_namens, vreemd)] == [("geweigerd", ["T003"])] * 3


def test_out_of_scope_by_what_is_known_here(wereld: Wereld, las: Systeem) -> None:
    havist = wereld.rij("99AA00", onderwijssoort="havo", leerweg=None, overstapper_sinds=date(2025, 10, 6))
    wereld.overstappen_van([havist])
    [resultaat] = las.stuur(SOORT, las.mbo_ganger(havist.pgn))
    assert kort(resultaat) == ("geweigerd", ["F105"])


def test_what_was_sent_by_itself_is_not_reported_twice(wereld: Wereld, las: Systeem) -> None:
    overstap = wereld.overstap("99AA00", pgn=NUMMER, overstapper_sinds=date(2025, 10, 6))
    draai()
    [zelfde] = las.stuur(SOORT, las.mbo_ganger(NUMMER))
    assert kort(zelfde) == ("alVerwerkt", [])
    [weg] = las.stuur(SOORT, las.mbo_ganger(NUMMER, volgnummer=2, isPotentieleMboGanger=False))
    assert kort(weg) == ("verwerkt", [])
    assert mbo_gangers(wereld, "0363", NUMMER) == [(True, 1), (False, 2)]
    with wereld.bereik():
        overstap.refresh_from_db()
    assert (overstap.mbo_ganger, overstap.mbo_ganger_volgnummer) == (False, 2)


def test_needs_its_scope(wereld: Wereld, systeem: Callable[..., Systeem]) -> None:
    zonder = systeem("99AA", scopes="vva.postbus:lezen")
    antwoord = zonder.post(f"/api/v1/vva/{SOORT}", {"berichten": [zonder.mbo_ganger(NUMMER)]})
    assert antwoord.status_code == 403


def test_a_thousand_messages_take_as_many_queries_as_ten(
    wereld: Wereld, las: Systeem, django_assert_max_num_queries: Any
) -> None:
    draai()
    for begin, aantal in ((100, 10), (200, 240)):
        berichten = [las.mbo_ganger(bsn(begin + n)) for n in range(aantal)]
        with django_assert_max_num_queries(40):
            assert {r["uitkomst"] for r in las.stuur(SOORT, *berichten)} == {"verwerkt"}
        with django_assert_max_num_queries(150):
            draai()
