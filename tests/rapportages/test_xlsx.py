"""The writer of workbooks: every kind of value, what a sheet cannot hold, and nothing left behind."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from overstap.basis.xlsx import MAX_TEKST, Kolom, Waarde, Werkmap, bladnaam


def heen_en_terug(*waarden: Waarde, soort: Any = "tekst") -> list[Any]:
    doel = io.BytesIO()
    with Werkmap("proef") as werkmap:
        blad = werkmap.blad("Blad", [Kolom(f"k{i}", soort=soort) for i in range(len(waarden))])
        blad.voeg_toe(waarden)
        werkmap.bewaar(doel)
    return list(openpyxl.load_workbook(doel)["Blad"][2])


@pytest.mark.parametrize(
    ("waarde", "terug"),
    [
        ("Yılmaz & <zoon>", "Yılmaz & <zoon>"),
        ("  ruim  ", "  ruim  "),
        ("a\x00b\x1fc\ufffe", "abc"),
        ("x" * (MAX_TEKST + 5), "x" * MAX_TEKST),
        (3, 3),
        (0, 0),
        (Decimal("37.5"), 37.5),
        (True, "ja"),
        (date(2026, 3, 20), datetime(2026, 3, 20)),
        (datetime(2026, 3, 20, 12, 0), datetime(2026, 3, 20, 12, 0)),
        (None, None),
        ("", None),
    ],
)
def test_values_come_back(waarde: Waarde, terug: Any) -> None:
    # A second cell, so that the row is there when the first one is empty.
    assert heen_en_terug(waarde, "slot")[0].value == terug


def test_styles_of_columns() -> None:
    assert heen_en_terug(1234, soort="getal")[0].number_format == "#,##0"
    assert heen_en_terug(12.5, soort="procent")[0].number_format == "0.0"
    assert heen_en_terug(date(2026, 3, 20))[0].number_format == "dd-mm-yyyy"


def test_head_is_frozen_filtered_and_never_a_formula() -> None:
    doel = io.BytesIO()
    with Werkmap("proef") as werkmap:
        werkmap.blad("=Blad/1", [Kolom("=1+1", 20), Kolom("Naam")]).voeg_toe(["a", "b"])
        werkmap.bewaar(doel)
    blad = openpyxl.load_workbook(doel).worksheets[0]
    assert (blad.freeze_panes, blad.auto_filter.ref, blad["A1"].data_type) == ("A2", "A1:B2", "s")
    assert blad.column_dimensions["A"].width == 20
    assert blad["A1"].font.b


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with Werkmap("proef") as werkmap, pytest.raises(ValueError, match="zip"):
        werkmap.blad("Blad", [Kolom("a"), Kolom("b")]).voeg_toe(["a"])


def test_nothing_is_left_behind_when_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def halverwege() -> None:
        with Werkmap("proef") as werkmap:
            werkmap.blad("Blad", [Kolom("a")]).voeg_toe(["a"])
            assert list(tmp_path.iterdir())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        halverwege()
    assert list(tmp_path.iterdir()) == []


def test_sheet_names() -> None:
    assert bladnaam("Wie/wat: [a]*?") == "Wie wat   a"
    assert len(bladnaam("x" * 40)) == 31
    assert bladnaam("'") == "Blad"
