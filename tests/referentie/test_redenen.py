"""The codes of raakvlakken.md, all of them and no others, and refusal of what is not one."""

import pytest

from statuses.referentie import onderwijs
from statuses.referentie.onderwijs import OnbekendeCode
from statuses.referentie.redenen import REDENEN, TEKSTVRAGEN, Reden, reden, redenen

CODES = {
    "vervolgkeuze_vo": "havo blijft_in_vo mbo_buiten_regio vavo particulier arbeid buitenland anders",
    "afgemeld": "andere_opleiding andere_instelling niet_geslaagd werk verhuisd persoonlijk onbekend anders",
    "afgewezen": "niet_verschenen geen_reactie vooropleiding opleiding_vol ondersteuning anders",
    "markering": "vergissing dubbel",
    "correctie": "correctie",
}


def test_precies_de_afgesproken_codes() -> None:
    assert {voor: " ".join(keuze.code for keuze in keuzes) for voor, keuzes in REDENEN.items()} == CODES
    assert set(TEKSTVRAGEN) == {"lp_ingeschakeld", "lp_definitief"}


def test_alleen_anders_vraagt_een_tekst() -> None:
    vragen = {(voor, keuze.code) for voor, keuzes in REDENEN.items() for keuze in keuzes if keuze.tekst_verplicht}
    assert vragen == {("vervolgkeuze_vo", "anders"), ("afgemeld", "anders"), ("afgewezen", "anders")}


def test_een_regio_voegt_toe_en_vervangt_niets() -> None:
    extra = (Reden("reizen", "Gaat eerst reizen"), Reden("werk", "Iets heel anders"))

    assert [keuze.code for keuze in redenen("afgemeld", extra)][-2:] == ["reizen", "anders"]
    assert reden("afgemeld", "reizen", extra).label == "Gaat eerst reizen"
    assert reden("afgemeld", "werk", extra).label == "Gaat werken"
    with pytest.raises(OnbekendeCode, match="'reizen' is geen reden bij 'afgemeld'"):
        reden("afgemeld", "reizen")


def test_een_status_zonder_redenen_weigert_elke_code() -> None:
    assert redenen("intake") == ()
    with pytest.raises(OnbekendeCode, match="Bij 'intake' hoort geen reden"):
        reden("intake", "anders")


def test_onderwijssoorten_en_leerwegen() -> None:
    assert list(onderwijs.ONDERWIJSSOORTEN) == ["vmbo", "havo", "vwo", "pro", "vso", "vavo", "isk"]
    assert list(onderwijs.LEERWEGEN) == ["bb", "kb", "gl", "tl"]
    assert [s.code for s in onderwijs.ONDERWIJSSOORTEN.values() if not s.mbo_ganger] == ["havo", "vwo"]
    assert [s.code for s in onderwijs.ONDERWIJSSOORTEN.values() if s.met_leerweg] == ["vmbo"]
    assert onderwijs.leerweg("tl").label == "Theoretische leerweg (mavo)"
    with pytest.raises(OnbekendeCode, match="'mavo' is geen bekende onderwijssoort"):
        onderwijs.onderwijssoort("mavo")
