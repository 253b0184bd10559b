"""The judge of the simulator itself: it sees what is missing, double, otherwise or in another order. No network, no database."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest

from overstap.simulator.berichten import AANMELDSTATUSSEN, Bericht, aanmeldstatus, mbo_ganger
from overstap.simulator.http import Lijn
from overstap.simulator.ontvangers import Ontvanger
from overstap.simulator.orakel import Orakel, is_mbo_ganger, mag_gemeente_weten, te_laat
from overstap.simulator.partijen import Partij, Systeem
from overstap.simulator.personen import Leerling, nummers
from overstap.simulator.storing import STORINGEN, Geteld, draaiboek
from overstap.simulator.verslag import Verschil, vergelijk
from overstap.simulator.zenders import Logboek

DAG = date(2026, 1, 20)
SCHOOL = Partij("vo", "99AA", "0000000700099AA00000", "99AA00")
MBO = Partij("mbo", "98AA", "0000000700098AA00000")
GEMEENTE = Partij("gemeente", "0363", "00000099000000363000")
LEERLING = Leerling(
    ("burgerservicenummer", "999900018"), "Simulant", "Verzonnen", date(2009, 5, 1), SCHOOL, GEMEENTE, "vmbo", bekend=True
)  # fmt: skip


@pytest.fixture
def orakel() -> Orakel:
    """Reported by Overstap itself, and one aanmelding with two statuses."""
    uit = Orakel(DAG)
    uit.aangeleverd(LEERLING)
    for nummer in (1, 2):
        uit.bedoeld(_status(nummer), LEERLING, GEMEENTE)
    return uit


def _status(volgnummer: int, status: str = "AANMELDING_ONTVANGEN") -> Bericht:
    return aanmeldstatus(LEERLING, MBO, MBO, GEMEENTE, DAG, "A-1", status, volgnummer)


def _gemeld(volgnummer: int = 1, *, waar: bool = True) -> Bericht:
    return mbo_ganger(LEERLING, SCHOOL, GEMEENTE, DAG, volgnummer, waar=waar, altijd=frozenset())


def _na(orakel: Orakel, *berichten: dict[str, Any], crash_na: int = 0) -> Verschil:
    """The judgment of a gemeente that got these messages, in this order; the first ones again when it fell over after them."""
    systeem = Systeem("postbus", GEMEENTE, (GEMEENTE,), Lijn("http://127.0.0.1:1", "x", "y"))
    gemeente = Ontvanger(systeem, Random(1), 0.0)
    for plek, bericht in enumerate(berichten):
        gemeente.getuige.zie(plek - crash_na if plek >= crash_na else plek, bericht)
        gemeente.vast.neem(bericht)
    return vergelijk(gemeente, orakel)


def test_all_of_it_in_any_order_is_good(orakel: Orakel) -> None:
    een, twee, gemeld = _status(1).inhoud, _status(2).inhoud, _gemeld().inhoud
    for rij in ((gemeld, een, twee), (twee, gemeld, een), (twee, gemeld)):
        assert _na(orakel, *rij).goed
    assert _na(orakel, gemeld, twee, gemeld, twee, crash_na=2).goed


def test_each_kind_of_harm_is_seen(orakel: Orakel) -> None:
    een, twee, gemeld = _status(1).inhoud, _status(2).inhoud, _gemeld().inhoud
    assert _na(orakel, twee).verloren == 1
    assert _na(orakel, gemeld, een).anders == 1, "the older one"
    assert _na(orakel, gemeld, _status(2, "INGETROKKEN").inhoud).anders == 1, "another content"
    assert _na(orakel, _gemeld(2, waar=False).inhoud, twee).anders == 1, "a volgnummer that nobody sent"
    assert _na(orakel, gemeld, twee, twee).dubbel == 1, "the same message at two places"
    nog_eens = twee | {"berichtId": str(uuid.uuid4())}
    assert _na(orakel, gemeld, twee, nog_eens).dubbel == 1, "the same news in another message"
    assert _na(orakel, gemeld, twee, twee, gemeld, crash_na=2).anders == 2, "read again in another order"
    vreemd = replace(_status(1), inhoud=_status(1).inhoud | {})
    vreemd.inhoud["aanmeldstatus"] = vreemd.romp | {"aanmeldId": "B-1"}
    assert _na(orakel, gemeld, twee, vreemd.inhoud).anders == 1, "nobody meant this one for this receiver"


def test_half_a_bulk_is_seen(orakel: Orakel) -> None:
    goed = (_gemeld().inhoud, _status(2).inhoud)
    kop = {"levering": "BULK_0301", "volgnummer": 1, "aantal": 2, "pagina": 1, "paginas": 1}
    vreemden: list[dict[str, Any]] = [{"pgn": {"burgerservicenummer": n}} for n in ("999900031", "999900043")]
    bulk = {"berichtId": "b", "berichtType": "SIGNAAL", "signalen": {"kop": kop, "signalen": vreemden}}
    assert _na(orakel, *goed, bulk).goed
    for half in ({"aantal": 3}, {"paginas": 2}):
        bulk["signalen"] = {"kop": kop | half, "signalen": vreemden}
        assert _na(orakel, *goed, bulk).anders == 1


def _bulk(*wie: str, volgnummer: int = 1) -> dict[str, Any]:
    kop = {"levering": "BULK_0301", "volgnummer": volgnummer, "aantal": len(wie), "pagina": 1, "paginas": 1}
    rij = [{"pgn": {"burgerservicenummer": pgn}} for pgn in wie]
    return {"berichtId": f"b{volgnummer}", "berichtType": "SIGNAAL", "signalen": {"kop": kop, "signalen": rij}}


def test_who_is_in_the_bulk_is_compared_one_by_one(orakel: Orakel) -> None:
    ander = replace(LEERLING, pgn=("burgerservicenummer", "999900031"))
    orakel.aangeleverd(ander)
    orakel.bulks = {GEMEENTE.sleutel: [("BULK_0301", 1)]}
    # The first has an open aanmelding; who is not of this run does not count.
    assert orakel.in_bulk(GEMEENTE, "BULK_0301") == {ander.pgn[1]}
    assert orakel.in_bulk(GEMEENTE, "BULK_0615") == {LEERLING.pgn[1], ander.pgn[1]}
    gemeld = (
        _gemeld().inhoud,
        _status(2).inhoud,
        mbo_ganger(ander, SCHOOL, GEMEENTE, DAG, 1, waar=True, altijd=frozenset()).inhoud,
    )
    assert _na(orakel, *gemeld, _bulk(ander.pgn[1], "999900043")).goed
    begin = "gemeente 0363: bulkmelding BULK_0301 nummer 1"
    fout = f"{begin} klopt niet: van deze loop horen er 1 leerlingen in; {{}} ontbreken, {{}} staan er ten onrechte in, {{}} staan er dubbel in"
    for bulk, zin in (
        (_bulk(), fout.format(1, 0, 0)),
        (_bulk(LEERLING.pgn[1]), fout.format(1, 1, 0)),
        (_bulk(ander.pgn[1], ander.pgn[1]), fout.format(0, 0, 1)),
        (_bulk(ander.pgn[1], volgnummer=2), f"{begin} is er niet"),
    ):
        oordeel = _na(orakel, *gemeld, bulk)
        assert (oordeel.bulk, oordeel.goed) == ((zin,), False)
    orakel.verhuisd(replace(ander, gemeente=Partij("gemeente", "0384", "00000099000000384000")))
    assert _na(orakel, *gemeld, _bulk()).goed
    orakel.bedoeld(_gemeld(2, waar=False), LEERLING, GEMEENTE)
    assert orakel.in_bulk(GEMEENTE, "BULK_0615") == set()


def test_the_oracle_knows_the_cases_of_the_contract() -> None:
    havo, weg = replace(LEERLING, onderwijssoort="havo"), replace(LEERLING, gemeente=None, land="DE")
    pro, vso = replace(LEERLING, bestemming="arbeid"), replace(LEERLING, uitstroomprofiel="dagbesteding")
    assert is_mbo_ganger(LEERLING)
    assert [is_mbo_ganger(wie) for wie in (havo, weg, pro, vso)] == [False] * 4
    jarig = replace(LEERLING, geboortedatum=date(2003, 1, 20))
    assert [mag_gemeente_weten(jarig, dag) for dag in (date(2026, 1, 19), DAG)] == [True, False]
    assert [te_laat(dag) for dag in (date(2025, 10, 1), date(2026, 2, 1), date(2026, 2, 2), date(2026, 9, 30))] == [
        False, False, True, True,
    ]  # fmt: skip


def test_an_answer_that_the_contract_does_not_allow_is_kept() -> None:
    goed, fout = replace(_status(1), altijd=frozenset({"W304"})), _status(1).anders(moet="F201")
    assert goed.klopt("opgeslagen", ["W304"])
    assert goed.klopt("opgeslagen", ["W302"])
    assert goed.klopt("alVerwerkt", [])
    assert not goed.klopt("verwerkt", [])
    assert not goed.klopt("opgeslagen", ["W304", "F107"])
    assert not goed.klopt("geweigerd", ["T003"])
    assert fout.klopt("geweigerd", ["F201"])
    assert not fout.klopt("verwerkt", [])
    logboek = Logboek()
    logboek.schrijf(AANMELDSTATUSSEN, fout, "verwerkt", [])
    logboek.schrijf(AANMELDSTATUSSEN, fout, "geweigerd", ["F201"], "Deze status bestaat niet.")
    assert list(logboek.onverwacht) == ["aanmeldstatussen: F201 kreeg verwerkt"]
    logboek.schrijf(AANMELDSTATUSSEN, fout, "geweigerd", ["F201"], "De status van 999900018 bestaat niet.")
    assert logboek.onverwacht["aanmeldstatussen: een persoon in de melding bij F201"] == 1


def test_a_heavy_script_keeps_every_message_and_is_the_same_for_the_same_seed() -> None:
    berichten = [_status(n) for n in range(1, 200)]
    geteld = Geteld()
    zendingen = draaiboek(Random(3), berichten, STORINGEN["zwaar"], geteld)
    gestuurd = [b for z in zendingen for b in z.berichten]
    assert {b.id for b in gestuurd} == {b.id for b in berichten}
    assert len(gestuurd) == len(berichten) + geteld.dubbel
    assert gestuurd != berichten
    assert min(geteld.dubbel, geteld.laat, geteld.omgekeerd, geteld.verloren) > 0
    assert {z.verlies for z in zendingen} == {"", "heen", "terug"}
    assert draaiboek(Random(3), berichten, STORINGEN["zwaar"], Geteld()) == zendingen


def test_numbers_are_nobodys_and_differ_per_run() -> None:
    eerste, tweede = (nummers(begin, met_bsn=True) for begin in (0, 50))
    a, b = ([next(reeks) for _ in range(50)] for reeks in (eerste, tweede))
    assert all(
        nummer.startswith({"burgerservicenummer": "9999", "onderwijsnummer": "10"}[soort]) for soort, nummer in a + b
    )
    assert not set(a) & set(b)
