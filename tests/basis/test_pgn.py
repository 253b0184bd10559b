"""The fast test of a pgn says what the library says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.nl import bsn, onderwijsnummer

from overstap.basis import pgn
from overstap.demo.nummers import onderwijsnummers


@given(st.text("0123456789", min_size=9, max_size=9) | st.text("0123456789", min_size=7, max_size=7).map("10{}".format))
def test_the_same_as_the_library(nummer: str) -> None:
    assert pgn.geldig("bsn", nummer) == bsn.is_valid(nummer)
    assert pgn.geldig("own", nummer) == onderwijsnummer.is_valid(nummer)


def test_good_ones_are_good() -> None:
    goede = [nummer for nummer, _ in zip(onderwijsnummers(), range(500), strict=False)]
    assert all(pgn.geldig("own", nummer) for nummer in goede)
    assert not any(pgn.geldig("bsn", nummer) for nummer in goede)
    assert all(pgn.geldig("bsn", nummer) for nummer in ("999900018", "999900031", "999900043"))


@pytest.mark.parametrize("nummer", ["", "99990001", "9999000180", "99990001a", "٩٩٩٩٠٠٠١٨", " 99990018", "000000000"])
def test_what_is_no_nine_digits_is_no_pgn(nummer: str) -> None:
    assert not pgn.geldig("bsn", nummer)
    assert not pgn.geldig("own", nummer)
