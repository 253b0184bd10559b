"""Numbers of the small drawings: the phase line and the meter.

Under a strict CSP no element may carry a `style`, so widths are percentages in SVG attributes, computed here. Pure functions:
dates and numbers in, frozen dataclasses out; the templates only write them down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

MAANDEN_KORT = ("jan", "feb", "mrt", "april", "mei", "juni", "juli", "aug", "sept", "okt", "nov", "dec")
NAAD = 0.9  # per cent of the line between two phases, so that they read as separate pieces


@dataclass(frozen=True)
class Stuk:
    """One phase on the line: where it starts and how wide it is, in per cent of the whole."""

    x: str
    breedte: str
    nu: bool
    naam: str


@dataclass(frozen=True)
class Merk:
    """One date under the line. `anker` is the SVG text-anchor; `tussen` ones disappear on a small screen."""

    x: str
    tekst: str
    anker: str
    tussen: bool


@dataclass(frozen=True)
class Faselijn:
    stukken: tuple[Stuk, ...]
    merken: tuple[Merk, ...]
    vandaag: str | None
    beschrijving: str


def datum_kort(dag: date) -> str:
    """`1 sept`: the short form under a line and in a list; the year stands elsewhere on the page."""
    return f"{dag.day} {MAANDEN_KORT[dag.month - 1]}"


def lees(ding: Any, naam: str, anders: Any = None) -> Any:
    """An attribute of an object or a key of a dict: components take both."""
    if isinstance(ding, Mapping):
        return ding.get(naam, anders)
    return getattr(ding, naam, anders)


def procent(deel: float) -> str:
    """A number as an SVG percentage, always with a dot and always between 0 and 100."""
    return f"{min(100.0, max(0.0, deel)):.2f}%"


def maak_faselijn(fasen: Sequence[Any], vandaag: date | None) -> Faselijn:
    """The phases (begin, eind, naam, nu) drawn one after another over their whole span.

    Phases may overlap (afronding vorig jaar runs until 15 October): each is drawn until the next one begins. Without phases
    the line is empty. `nu` may be left out; then the phase that today falls in is the current one (the last begun).
    """
    rij = sorted(fasen, key=lambda f: lees(f, "begin"))
    if not rij:
        return Faselijn((), (), None, "Geen fasen ingesteld")
    begin: date = lees(rij[0], "begin")
    eind: date = max(lees(f, "eind") for f in rij)
    duur = max(1, (eind - begin).days)

    def plek(dag: date) -> float:
        return (dag - begin).days / duur * 100

    huidige = _huidige(rij, vandaag)
    stukken: list[Stuk] = []
    merken = [Merk("0%", datum_kort(begin), "start", False)]
    for i, fase in enumerate(rij):
        van = plek(lees(fase, "begin"))
        volgende = rij[i + 1] if i + 1 < len(rij) else None
        tot = min(plek(lees(fase, "eind")), plek(lees(volgende, "begin")) - NAAD) if volgende else 100.0
        stukken.append(Stuk(procent(van), procent(max(0.5, tot - van)), i == huidige, lees(fase, "naam", "")))
        if volgende:
            merken.append(_grens(fase, volgende, plek))
    merken.append(Merk("100%", datum_kort(eind), "end", False))
    streep = procent(plek(vandaag)) if vandaag and begin <= vandaag <= eind else None
    return Faselijn(tuple(stukken), tuple(merken), streep, _beschrijf(rij, huidige, vandaag))


def _grens(fase: Any, volgende: Any, plek: Any) -> Merk:
    """The date between two phases: the deadline itself (1 april) where they touch, else the day the next begins."""
    begin, eind = lees(volgende, "begin"), lees(fase, "eind")
    dag = eind if eind <= begin <= eind + timedelta(days=1) else begin
    return Merk(procent(plek(begin)), datum_kort(dag), "middle", True)


def _huidige(rij: Sequence[Any], vandaag: date | None) -> int | None:
    for i, fase in enumerate(rij):
        if lees(fase, "nu"):
            return i
    if vandaag is None:
        return None
    lopend = [i for i, fase in enumerate(rij) if lees(fase, "begin") <= vandaag <= lees(fase, "eind")]
    return lopend[-1] if lopend else None


def _beschrijf(rij: Sequence[Any], huidige: int | None, vandaag: date | None) -> str:
    delen = []
    if huidige is not None:
        fase = rij[huidige]
        delen.append(
            f"Fase {huidige + 1} van {len(rij)}: {lees(fase, 'naam', '')}, "
            f"{datum_kort(lees(fase, 'begin'))} tot en met {datum_kort(lees(fase, 'eind'))}."
        )
    if vandaag is not None:
        delen.append(f"Vandaag is het {datum_kort(vandaag)}.")
    return " ".join(delen) or f"{len(rij)} fasen"


def nl_procent(waarde: float | Decimal) -> str:
    """`91,6%`; whole 0 and 100 without a decimal, so that they read as the ends they are."""
    getal = round(float(waarde), 1)
    if getal in (0.0, 100.0):
        return f"{getal:.0f}%"
    return f"{getal:.1f}%".replace(".", ",")


def nl_norm(waarde: float | Decimal) -> str:
    """A norm as the regio wrote it: `75%`, `87,5%`."""
    return f"{float(waarde):g}%".replace(".", ",")


@dataclass(frozen=True)
class Meter:
    stand: str
    norm: str | None
    gehaald: bool
    procent_tekst: str
    norm_tekst: str


def maak_meter(percentage: float | Decimal | None, norm: float | Decimal | None) -> Meter | None:
    """None for an empty population: then the page says "geen leerlingen" and draws nothing."""
    if percentage is None:
        return None
    gehaald = norm is not None and float(percentage) >= float(norm)
    streep = procent(min(99.0, float(norm))) if norm is not None else None
    tekst = nl_norm(norm) if norm is not None else ""
    return Meter(procent(float(percentage)), streep, gehaald, nl_procent(percentage), tekst)
