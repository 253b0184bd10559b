"""Kinds of education as data: codes that stay (raakvlakken.md), with the Dutch words that people read.

No models. An unknown code raises `OnbekendeCode`: nothing is guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

B = TypeVar("B", bound="Begrip")


class OnbekendeCode(ValueError):
    """A code that no table here knows; the message is a Dutch sentence that names what is allowed."""


@dataclass(frozen=True, slots=True)
class Begrip:
    """A code and its label; `kort` is what fits in a column."""

    code: str
    label: str
    kort: str = ""


@dataclass(frozen=True, slots=True)
class Onderwijssoort(Begrip):
    """A kind of vo. `met_leerweg`: its leerlingen have one. `mbo_ganger`: the message of domein.md section 5 is for them."""

    met_leerweg: bool = False
    mbo_ganger: bool = True


ONDERWIJSSOORTEN: Final = {
    soort.code: soort
    for soort in (
        Onderwijssoort("vmbo", "Vmbo", met_leerweg=True),
        Onderwijssoort("havo", "Havo", mbo_ganger=False),
        Onderwijssoort("vwo", "Vwo", mbo_ganger=False),
        Onderwijssoort("pro", "Praktijkonderwijs", "Pro"),
        Onderwijssoort("vso", "Voortgezet speciaal onderwijs", "Vso"),
        Onderwijssoort("vavo", "Voortgezet algemeen volwassenenonderwijs", "Vavo"),
        Onderwijssoort("isk", "Internationale schakelklas", "Isk"),
    )
}
"""Bron: domein.md 1 (organisatie vo) and 5 (for which the mbo-gangermelding is made)."""

HAVO_VWO: Final = frozenset(code for code, soort in ONDERWIJSSOORTEN.items() if not soort.mbo_ganger)
"""A doelgroep apart: in the dashboard by a confirmed chance, never in VVA, left out of the risk figures. Bron: domein.md 8."""

NAAR_MBO: Final = frozenset(ONDERWIJSSOORTEN) - HAVO_VWO
"""Where going to the mbo is the ordinary way."""

LEERWEGEN: Final = {
    leerweg.code: leerweg
    for leerweg in (
        Begrip("bb", "Basisberoepsgerichte leerweg", "Basis"),
        Begrip("kb", "Kaderberoepsgerichte leerweg", "Kader"),
        Begrip("gl", "Gemengde leerweg", "Gemengd"),
        Begrip("tl", "Theoretische leerweg (mavo)", "Theoretisch"),
    )
}
"""Of the vmbo; outside it a leerling has none."""

UITSTROOMPROFIELEN: Final = {
    profiel.code: profiel
    for profiel in (
        Begrip("vervolgonderwijs", "Vervolgonderwijs"),
        Begrip("arbeidsmarktgericht", "Arbeidsmarktgericht"),
        Begrip("dagbesteding", "Dagbesteding"),
    )
}
"""Of the vso."""

BESTEMMINGEN: Final = {
    bestemming.code: bestemming
    for bestemming in (
        Begrip("mbo", "Mbo"),
        Begrip("havo", "Havo"),
        Begrip("arbeid", "Werk"),
        Begrip("buitenland", "Buitenland"),
    )
}
"""Where the leerling is known to go."""

MBO_LEERWEGEN: Final = {
    leerweg.code: leerweg
    for leerweg in (
        Begrip("bol", "Beroepsopleidende leerweg", "Bol"),
        Begrip("bbl", "Beroepsbegeleidende leerweg", "Bbl"),
    )
}
"""How an opleiding at an mbo is followed."""


def zoek(tabel: Mapping[str, B], code: str, wat: str) -> B:
    """The entry of `code`; `wat` names the field in the error ("leerweg")."""
    try:
        return tabel[code]
    except KeyError:
        raise OnbekendeCode(f"'{code}' is geen bekende {wat}. Kies uit: {', '.join(tabel)}.") from None


def onderwijssoort(code: str) -> Onderwijssoort:
    """The onderwijssoort with this code."""
    return zoek(ONDERWIJSSOORTEN, code, "onderwijssoort")


def leerweg(code: str) -> Begrip:
    """The leerweg of the vmbo with this code."""
    return zoek(LEERWEGEN, code, "leerweg")
