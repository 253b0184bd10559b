"""WCAG 2.2 AA: every pair of text and ground that the interface uses, computed from tokens.css, in light and in dark.

Text needs 4.5:1 (1.4.3); the edge of a field or button and the focus ring need 3:1 (1.4.11, 2.4.11).
"""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "overstap/static/overstap/tokens.css"
TOKEN = re.compile(r"--overstap-([a-z-]+):\s*(#[0-9a-f]{6});")
SOORTEN = ("geen", "onderweg", "geplaatst", "anders", "terug", "leerplicht", "fout", "demo")

TEKST = [
    *[(voor, grond) for voor in ("inkt", "inkt-zacht") for grond in ("vlak", "vlak-kop", "grond", "nadruk-licht")],
    *[("nadruk", grond) for grond in ("vlak", "vlak-kop", "grond", "nadruk-licht")],
    *[("nadruk-donker", grond) for grond in ("vlak", "grond", "nadruk-licht")],
    *[("op-nadruk", grond) for grond in ("nadruk", "nadruk-donker")],
    ("op-balk", "balk"),
    *[(soort, f"{soort}-vlak") for soort in SOORTEN],
    # alerts: plain ink, and links, on the coloured ground
    *[(voor, f"{soort}-vlak") for voor in ("inkt", "nadruk") for soort in ("geplaatst", "demo", "fout")],
    # a name or a sign in a status colour on a card or on the page
    *[(soort, grond) for soort in ("geplaatst", "terug", "fout") for grond in ("vlak", "grond")],
    ("vlak", "fout"),  # the dangerous button
]
VORM = [
    *[("rand-veld", grond) for grond in ("vlak", "grond")],
    *[("nadruk", grond) for grond in ("vlak", "grond")],
    *[("focus", grond) for grond in ("vlak", "vlak-kop", "grond", "nadruk-licht", "focus-binnen")],
    *[("inkt", grond) for grond in ("geen-vlak", "vlak")],  # the tick of the norm
    *[(stand, "geen-vlak") for stand in ("onderweg", "geplaatst")],  # the bar of a meter
    *[(stand, "vlak") for stand in ("onderweg", "geplaatst", "terug")],
]


def lees_tokens() -> dict[str, dict[str, str]]:
    """The colours of both schemes; dark inherits what it does not set, as the browser does."""
    tekst = TOKENS.read_text()
    begin = tekst.index("@media screen and (prefers-color-scheme: dark)")
    licht = dict(TOKEN.findall(tekst[:begin]))
    donker = dict(TOKEN.findall(tekst[begin:]))
    return {"licht": licht, "donker": licht | donker}


def helderheid(hex_kleur: str) -> float:
    kanalen = [int(hex_kleur[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = [k / 12.92 if k <= 0.04045 else ((k + 0.055) / 1.055) ** 2.4 for k in kanalen]
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: str, b: str) -> float:
    hoog, laag = sorted((helderheid(a), helderheid(b)), reverse=True)
    return (hoog + 0.05) / (laag + 0.05)


def test_the_formula_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("schema", ["licht", "donker"])
@pytest.mark.parametrize(("voor", "grond"), TEKST)
def test_text_can_be_read(schema: str, voor: str, grond: str) -> None:
    kleuren = lees_tokens()[schema]
    assert contrast(kleuren[voor], kleuren[grond]) >= 4.5


@pytest.mark.parametrize("schema", ["licht", "donker"])
@pytest.mark.parametrize(("voor", "grond"), VORM)
def test_edges_and_bars_can_be_seen(schema: str, voor: str, grond: str) -> None:
    kleuren = lees_tokens()[schema]
    assert contrast(kleuren[voor], kleuren[grond]) >= 3


def test_dark_sets_every_colour_anew() -> None:
    """A colour that dark forgets would be a light one on a dark page."""
    tekst = TOKENS.read_text()
    begin = tekst.index("@media screen and (prefers-color-scheme: dark)")
    licht, donker = dict(TOKEN.findall(tekst[:begin])), dict(TOKEN.findall(tekst[begin:]))
    assert set(licht) == set(donker)
