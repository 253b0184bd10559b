"""Cells: what is taken in more than one way, what is refused, and that a pgn never stands in a sentence."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from overstap.aanlevering import waarden
from overstap.aanlevering.uitslag import VeldFout, rijen_in_woorden, toon
from statuses.status import Status

GOED: list[tuple[Callable[[str], Any], str, Any]] = [
    (waarden.datum, "2009-05-01", date(2009, 5, 1)),
    (waarden.datum, "01-05-2009", date(2009, 5, 1)),
    (waarden.datum, "1/5/2009", date(2009, 5, 1)),
    (waarden.datum, "20090501", date(2009, 5, 1)),
    (waarden.datum, "2009-05-01 00:00:00", date(2009, 5, 1)),
    (waarden.datum, "39934", date(2009, 5, 1)),
    (waarden.ja_nee, "Ja", True),
    (waarden.ja_nee, "J", True),
    (waarden.ja_nee, "1", True),
    (waarden.ja_nee, "WAAR", True),
    (waarden.ja_nee, "nee", False),
    (waarden.ja_nee, "0", False),
    (waarden.ja_nee, "False", False),
    (waarden.bsn, "9999.00.018", "999900018"),
    (waarden.bsn, "10000008", "010000008"),  # Excel took the zero
    (waarden.onderwijsnummer, "1012.22.331", "101222331"),
    (waarden.onderwijssoort, "vmbo", ("vmbo", None)),
    (waarden.onderwijssoort, "mavo", ("vmbo", "tl")),
    (waarden.onderwijssoort, "VMBO-KB", ("vmbo", "kb")),
    (waarden.onderwijssoort, "vmbo b", ("vmbo", "bb")),
    (waarden.onderwijssoort, "vmbo basis 4", ("vmbo", "bb")),
    (waarden.onderwijssoort, "Praktijkonderwijs", ("pro", None)),
    (waarden.onderwijssoort, "havo 5", ("havo", None)),
    (waarden.onderwijssoort, "gymnasium", ("vwo", None)),
    (waarden.leerweg, "Kader", "kb"),
    (waarden.leerweg, "TL", "tl"),
    (waarden.land, "nl", "NL"),
    (waarden.land, "België", "BE"),
    (waarden.status, "Plaatsing aangeboden", Status.OOK_AFGEDRUKT),
    (waarden.status, "ook_afgedrukt", Status.OOK_AFGEDRUKT),
    (waarden.status, "8", Status.INTAKE),
    (waarden.aanwezigheid, "No-show", "no_show"),
    (waarden.crebo, "25491", "25491"),
    (waarden.mbo_leerweg, "BOL", "bol"),
]


@pytest.mark.parametrize(("lees", "tekst", "waarde"), GOED)
def test_goed(lees: Callable[[str], Any], tekst: str, waarde: Any) -> None:
    assert lees(tekst) == waarde


FOUT: list[tuple[Callable[[str], Any], str, str]] = [
    (waarden.datum, "31-02-2009", "T001"),
    (waarden.datum, "01-05-09", "T001"),
    (waarden.datum, "1 mei", "T001"),
    (waarden.datum, "٠١-٠٥-٢٠٠٩", "T001"),
    (waarden.ja_nee, "misschien", "T001"),
    (waarden.bsn, "999900019", "F101"),
    (waarden.bsn, "101222331", "F101"),
    (waarden.bsn, "99990001", "F101"),
    (waarden.bsn, "9999000180", "F101"),
    (waarden.bsn, "000000000", "F101"),
    (waarden.bsn, "٩٩٩٩٠٠٠١٨", "F101"),
    (waarden.bsn, "geen", "F101"),
    (waarden.onderwijsnummer, "999900018", "F101"),
    (waarden.onderwijssoort, "mbo", "T001"),
    (waarden.onderwijssoort, "t", "T001"),
    (waarden.leerweg, "gl/tl", "T001"),
    (waarden.land, "Frankrijk", "T001"),
    (waarden.status, "lp_definitief", "F201"),
    (waarden.status, "iets", "F201"),
    (waarden.crebo, "2549", "T001"),
]


@pytest.mark.parametrize(("lees", "tekst", "code"), FOUT)
def test_fout_met_een_zin_zonder_het_nummer(lees: Callable[[str], Any], tekst: str, code: str) -> None:
    with pytest.raises(VeldFout) as fout:
        lees(tekst)

    assert fout.value.code == code
    assert fout.value.melding.endswith(".")
    assert "99990001" not in fout.value.melding


@pytest.mark.parametrize("pgn", ["999900018", "9999.00.018", "9999 00 018", "99990001", "bsn 999900018!"])
def test_een_pgn_in_de_verkeerde_kolom_staat_niet_in_de_zin(pgn: str) -> None:
    for lees in (waarden.datum, waarden.ja_nee, waarden.leerweg, waarden.status, waarden.crebo):
        with pytest.raises(VeldFout) as fout:
            lees(pgn)
        assert not any(deel in fout.value.melding for deel in ("9999", "018"))


def test_teksten() -> None:
    assert waarden.tekst("  Jan \t Jaap ", 20) == "Jan Jaap"
    with pytest.raises(VeldFout, match="te lang"):
        waarden.tekst("x" * 21, 20)
    with pytest.raises(VeldFout, match="niet te lezen"):
        waarden.tekst("Jan\x07", 20)


def test_toon_en_rijen() -> None:
    assert toon("31-02-2009") == "31-02-2009"
    assert rijen_in_woorden([2, 3, 4, 7, 9, 10]) == "2 tot en met 4, 7, 9 en 10"
    assert rijen_in_woorden([]) == ""
