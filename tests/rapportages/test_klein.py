"""No small number is told, also not by taking the others from a total: for every table, for pages, Excel and API alike."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from accounts.rechten import Rol
from rapportages.ambities import _merken
from rapportages.klein import KLEIN, VERBORGEN, is_klein, verberg
from tests.rapportages.test_export_scholen import maak
from tests.wereld import Wereld

GROOTSTE = 40


def kan(merk: str) -> range:
    """What a cell with this mark may be, to who reads the table."""
    return range(1, 5) if merk == KLEIN else range(5, GROOTSTE)


def waarden(merken: list[str], som: int) -> list[set[int]]:
    """Of each hidden cell every value that fits the sum of all of them."""
    uit: list[set[int]] = [set() for _ in merken]
    # The last one follows from the others.
    for proef in product(*(kan(m) for m in merken[:-1])):
        rest = som - sum(proef)
        if rest in kan(merken[-1]):
            for i, n in enumerate((*proef, rest)):
                uit[i].add(n)
    return uit


@pytest.mark.parametrize("zaad", range(60))
def test_nobody_calculates_a_small_number_from_a_total(zaad: int) -> None:
    rng = Random(zaad)
    kolommen = ["a", "b", "c"]
    rijen = {r: {k: rng.choice((0, 1, 2, 4, 5, 6, 9, 14)) for k in kolommen} for r in range(rng.randint(2, 4))}
    for rij in rijen.values():
        rij["totaal"] = sum(rij.values())
    weg = verberg(rijen, delen=kolommen, totaal="totaal")
    assert all(weg[r, k] == KLEIN for r, rij in rijen.items() for k, n in rij.items() if is_klein(n))
    assert all((m == KLEIN) == is_klein(rijen[r][k]) for (r, k), m in weg.items())
    per_rij = [[(r, k) for k in kolommen] for r in rijen if (r, "totaal") not in weg]
    per_kolom = [[(r, k) for r in rijen] for k in [*kolommen, "totaal"]]
    for som in [*per_rij, *per_kolom]:
        verborgen = [c for c in som if c in weg]
        open_ = [c for c in som if c not in weg and rijen[c[0]][c[1]]]
        # Where a column has nothing left to hide, its sum can tell: then there is one school.
        if not verborgen or (not open_ and som in per_kolom):
            continue
        mogelijk = waarden([weg[c] for c in verborgen], sum(rijen[r][k] for r, k in verborgen))
        for cel, er_kan in zip(verborgen, mogelijk, strict=True):
            assert weg[cel] != KLEIN or len(er_kan) > 1, (rijen, weg, cel)


def vernauwd(rijen: dict[int, dict[str, int]], weg: dict[tuple[int, str], str]) -> dict[tuple[int, str], list[int]]:
    """What each hidden cell can be to who takes all rows and columns together: narrow them until nothing changes."""
    kan = {(r, k): [n, n] for r, rij in rijen.items() for k, n in rij.items()}
    stil = {r for r in rijen if weg.get((r, "totaal")) == KLEIN and (r, "a") in weg and weg[r, "a"] == VERBORGEN}
    for (r, k), merk in weg.items():
        kan[r, k] = [1, 4] if merk == KLEIN else [0 if r in stil else 5, 10**4]
    sommen = {k: sum(rij[k] for rij in rijen.values()) for k in rijen[0]}
    lijnen = [[*[((r, k), 1) for k in rij if k != "totaal"], ((r, "totaal"), -1)] for r, rij in rijen.items()]
    vast = [0] * len(lijnen)
    for k, som in sommen.items():
        if not is_klein(som):
            lijnen.append([((r, k), 1) for r in rijen])
            vast.append(som)
    eerder: Any = None
    while eerder != kan:
        eerder = {c: list(v) for c, v in kan.items()}
        for lijn, som in zip(lijnen, vast, strict=True):
            for cel, teken in lijn:
                # The others, moved to the other side of the equation.
                anderen = [sorted(-t * n for n in kan[c]) for c, t in lijn if c != cel]
                uiterst = sorted(teken * (som + sum(g)) for g in zip(*anderen, strict=True))
                kan[cel] = [max(kan[cel][0], uiterst[0]), min(kan[cel][1], uiterst[1])]
    return kan


@pytest.mark.parametrize("zaad", range(12))
@pytest.mark.parametrize(("hoeveel", "gemiddeld"), [(8, 8), (25, 6), (25, 14)])
def test_nor_from_all_totals_together(zaad: int, hoeveel: int, gemiddeld: int) -> None:
    rng = Random(zaad)
    rijen = {r: {k: int(rng.expovariate(1 / gemiddeld)) for k in "abcdef"} for r in range(hoeveel)}
    rijen[hoeveel] = dict(zip("abcdef", (1, 0, 1, 1, 0, 1), strict=True))
    for rij in rijen.values():
        rij["totaal"] = sum(rij.values())
    weg = verberg(rijen, delen=list("abcdef"), totaal="totaal")
    assert all(cel in weg for cel in [(r, k) for r, rij in rijen.items() for k, n in rij.items() if is_klein(n)])
    # Four of four: it is not told in which columns they are.
    assert {weg[hoeveel, k] for k in "abcdef"} == {VERBORGEN}
    kan = vernauwd(rijen, weg)
    bekend = [cel for cel in weg if is_klein(rijen[cel[0]][cel[1]]) and kan[cel][0] == kan[cel][1]]
    assert not bekend, (bekend, rijen, weg)


def test_what_there_is_to_hide_is_the_smallest_that_does() -> None:
    rijen = {"a": {"n": 3}, "b": {"n": 6}, "c": {"n": 9}, "d": {"n": 30}}
    assert verberg(rijen) == {("a", "n"): KLEIN, ("b", "n"): VERBORGEN}
    # Beside 6 a one could be a one or a two, of 7: not enough.
    assert verberg(rijen | {"a": {"n": 1}}) == {("a", "n"): KLEIN, ("c", "n"): VERBORGEN}
    assert verberg(rijen, kolommen=False) == {("a", "n"): KLEIN}
    assert verberg(rijen, vast=["a"]) == {}
    assert verberg(rijen, vast=["b", "c"]) == {("a", "n"): KLEIN, ("d", "n"): VERBORGEN}
    # Two ones are told by their sum; one and two are not.
    assert verberg({"a": {"n": 1}, "b": {"n": 1}, "c": {"n": 9}})["c", "n"] == VERBORGEN
    assert ("c", "n") not in verberg({"a": {"n": 1}, "b": {"n": 2}, "c": {"n": 9}})
    # Within a row a zero hides nothing: then the total goes.
    rij = {"r": {"x": 1, "y": 5, "z": 0, "som": 6}}
    assert verberg(rij, delen=("x", "y", "z"), totaal="som", kolommen=False) == {
        ("r", "x"): KLEIN,
        ("r", "y"): VERBORGEN,
        ("r", "som"): VERBORGEN,
    }


def test_a_group_of_an_ambitie_is_hidden_with_the_small_one() -> None:
    tellers = {"a": 0, "b": 0, "c": 0, "d": 12}
    noemers = {"a": 3, "b": 6, "c": 9, "d": 20}
    assert _merken(tellers, noemers, ()) == {"a": KLEIN, "b": VERBORGEN}
    assert _merken(tellers, noemers, ("a",)) == {}
    # The numerators have a total as well: 2 of 14 leaves 12 of 20.
    assert _merken(tellers | {"c": 2}, noemers | {"c": 9}, ()) == {"a": KLEIN, "c": KLEIN, "d": VERBORGEN}


@pytest.fixture
def drie(wereld: Wereld) -> Wereld:
    """Beside the eight of 99AA00: few at 99AB00, many at 99AA01."""
    wereld.overstappen_van([wereld.rij("99AB00") for _ in range(2)])
    wereld.overstappen_van([wereld.rij("99AA01") for _ in range(20)])
    return wereld


def test_excel_of_the_schools(drie: Wereld, tmp_path: Path) -> None:
    def overstappers(rol: Rol) -> dict[Any, Any]:
        return {rij[0]: rij[4] for rij in maak(drie, tmp_path, rol)["Scholen"][1:]}

    alle = overstappers(Rol.AANJAGER)
    assert alle["99AA00"] == 8
    assert alle["99AB00"] == 3
    # The whole regio is known from the ambities: eight less would tell the three.
    assert overstappers(Rol.BEHEERORGANISATIE) == alle | {"99AA00": VERBORGEN, "99AB00": KLEIN}
    bladen = maak(drie, tmp_path, Rol.BEHEERORGANISATIE)
    assert {rij[0] for rij in bladen["Verantwoording"]} >= {KLEIN, VERBORGEN}


def test_the_page_of_the_meldingen(drie: Wereld) -> None:
    pagina = drie.client(Rol.BEHEERORGANISATIE).get("/vva/scholen")
    rijen = {r["vestiging"].code: r for r in pagina.context["rijen"]}
    assert rijen["99AB00"]["overstappers"] == KLEIN
    assert rijen["99AA00"]["overstappers"] == VERBORGEN
    alle = {r["vestiging"].code: r for r in drie.client(Rol.AANJAGER).get("/vva/scholen").context["rijen"]}
    assert alle["99AA00"]["overstappers"] == 8
    zichtbaar = [c for c, r in rijen.items() if isinstance(r["overstappers"], int) and r["overstappers"]]
    assert zichtbaar == ["99AA01"]
    assert pagina.context["totaal"]["overstappers"] == f"{rijen['99AA01']['overstappers']} of meer"
    for code, rij in rijen.items():
        weg = [n for _, n, _ in rij["cellen"] if isinstance(n, str)]
        # One alone would be what is left of the overstappers.
        assert len(weg) != 1 or isinstance(rij["overstappers"], str), code
        assert rij["procent"] is None or not weg
    assert "Staat er “verborgen”" in pagina.content.decode()
