"""The ambities: cases by hand from domein.md 4 and 8; random histories are in test_ambities_model.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from accounts.instellingen import lees
from accounts.models import Organisatie, Regio
from accounts.rechten import Rol
from rapportages.ambities import AmbitieStand, bereken, percentage
from rapportages.indicatoren import Populatie, ambities_van
from rapportages.zicht import ambities_voor, kaarten_voor
from statuses.models import Aanmelding, Overstap
from statuses.status import Spoor, Status
from tests.wereld import Wereld

pytestmark = pytest.mark.django_db
S = Status
JAAR = 2025


def cijfers(standen: Sequence[AmbitieStand]) -> dict[str, dict[str, tuple[int | None, int | None]]]:
    return {s.ambitie.code: {g.groep: (g.teller, g.noemer) for g in s.groepen} for s in standen}


def van(wereld: Wereld, op: date | None = None, per: str = "vestiging", **rest: Any) -> dict[str, dict[str, Any]]:
    with wereld.bereik("21"):
        return cijfers(bereken("21", JAAR, op or wereld.vandaag, per, **rest))


# --- by hand ------------------------------------------------------------------------------------------------------------


def test_standing_cast(wereld: Wereld) -> None:
    """99AA00: zonder, aangemeld, intake, afgewezen, definitief, vervolgkeuze, lp_ingeschakeld, lp_in_behandeling."""
    assert van(wereld) == {
        "1-april": {"99AA00": (3, 8), "99AB00": (0, 1)},
        "15-juli": {"99AA00": (1, 6)},  # without zonder and vervolgkeuze
        "1-september": {"99AA00": (3, 7)},  # definitief, vervolgkeuze, in behandeling
        "15-september": {"99AA00": (3, 7)},
        "1-oktober": {"99AA00": (3, 8), "99AB00": (0, 1)},
    }


def test_only_the_own_regio(wereld: Wereld) -> None:
    assert set(van(wereld)["1-oktober"]) == {"99AA00", "99AB00"}
    with wereld.bereik("21"):
        assert cijfers(bereken("22", JAAR, wereld.vandaag, "vestiging"))["1-oktober"] == {}


def test_leerplicht_never_costs_a_school_its_score(wereld: Wereld) -> None:
    o = wereld.overstap("99AA01")
    wereld.aanmelding(o, "99MA", S.INTAKE)
    wereld.wijzig(o, Rol.DECAAN, S.LP_INGESCHAKELD)
    assert van(wereld)["1-april"]["99AA01"] == (1, 1)


def test_vervolgkeuze_counts_only_when_no_aanmelding_is_open(wereld: Wereld) -> None:
    o = wereld.overstap("99AA01")
    a = wereld.aanmelding(o, "99MA")
    wereld.wijzig(o, Rol.DECAAN, S.VERVOLGKEUZE_VO)
    assert van(wereld)["1-september"]["99AA01"] == (0, 1)
    afmelden = wereld.verzoek(Rol.MBO_MEDEWERKER, S.AFGEMELD)
    wereld._doe(Rol.MBO_MEDEWERKER, "99MA", [_wijziging(o, afmelden, a)])
    assert van(wereld)["1-september"]["99AA01"] == (1, 1)


def test_handed_back_counts_on_1_oktober_only(wereld: Wereld) -> None:
    o = wereld.overstap("99AA01", gemeente="0363")
    wereld.wijzig(o, Rol.DECAAN, S.LP_INGESCHAKELD)
    wereld.wijzig(o, Rol.LEERPLICHT, S.LP_IN_BEHANDELING, waar="0363")
    assert van(wereld)["1-september"]["99AA01"] == (1, 1)
    wereld.wijzig(o, Rol.LEERPLICHT, S.LP_AFGEHANDELD, waar="0363")
    uit = van(wereld)
    assert (uit["1-september"]["99AA01"], uit["1-oktober"]["99AA01"]) == ((0, 1), (1, 1))


def test_lp_definitief_and_beeindigd_count_for_nothing(wereld: Wereld) -> None:
    o = wereld.overstap("99AA01", gemeente="0363")
    wereld.wijzig(o, Rol.DECAAN, S.LP_INGESCHAKELD)
    wereld.wijzig(o, Rol.LEERPLICHT, S.LP_IN_BEHANDELING, waar="0363")
    wereld.wijzig(o, Rol.LEERPLICHT, S.LP_DEFINITIEF, waar="0363")
    assert {code: groepen["99AA01"][0] for code, groepen in van(wereld).items()} == dict.fromkeys(van(wereld), 0)


def test_unmarked_counts_nowhere_and_marked_late_is_not_aangemerkt(wereld: Wereld) -> None:
    wereld.overstap("99AA01", gemarkeerd=False)
    wereld.overstap("99AA01", overstapper_sinds=date(2025, 11, 1))
    wereld.overstap("99AA01", overstapper_sinds=date(2025, 11, 2))
    uit = van(wereld)
    assert (uit["1-april"]["99AA01"], uit["1-oktober"]["99AA01"]) == ((0, 1), (0, 2))


def test_taken_back_is_no_longer_aangemerkt(wereld: Wereld) -> None:
    o = wereld.overstap("99AA01")
    assert van(wereld)["1-april"]["99AA01"] == (0, 1)
    wereld.wijzig(o, Rol.MANAGER_VO, None, spoor=Spoor.MARKERING, reden_code="vergissing")
    assert "99AA01" not in van(wereld)["1-april"]
    assert van(wereld, date(2026, 3, 19))["1-april"]["99AA01"] == (0, 1)


def test_own_calendar_moves_the_beginstand(wereld: Wereld) -> None:
    Regio.objects.filter(pk="21").update(instellingen={"kalender": {"beginstand": "10-05"}})
    assert van(wereld)["1-april"] == {}  # the cast was marked on 6 October


def test_as_known_then_and_as_known_now(wereld: Wereld) -> None:
    wereld.op(date(2026, 2, 1))
    o = wereld.overstap("99AA01")
    a = wereld.aanmelding(o, "99MA", S.INTAKE)
    wereld.op(date(2026, 3, 20))
    terug = wereld.verzoek(
        Rol.MBO_MEDEWERKER, S.AFGEWEZEN, op=date(2026, 1, 20), reden_code="opleiding_vol", correctie=True
    )
    wereld._doe(Rol.MBO_MEDEWERKER, "99MA", [_wijziging(o, terug, a)])
    maart = date(2026, 3, 1)
    assert van(wereld, maart)["1-april"]["99AA01"] == (0, 1)
    assert van(wereld, maart, bekend_op=maart)["1-april"]["99AA01"] == (1, 1)
    assert van(wereld, date(2026, 1, 19))["1-april"]["99AA01"] == (1, 1)


def test_left_for_another_regio(wereld: Wereld) -> None:
    o = wereld.overstap("99AA01")
    with wereld.bereik("21"):
        Overstap.objects.filter(pk=o.pk).update(gesloten_op=date(2026, 2, 1))
    assert "99AA01" not in van(wereld, date(2026, 2, 1))["1-oktober"]
    assert van(wereld, date(2026, 1, 31))["1-oktober"]["99AA01"] == (0, 1)


def test_a_day_to_come_is_the_stand_of_now(wereld: Wereld) -> None:
    assert van(wereld, date(2026, 10, 1)) == van(wereld)


def test_two_at_one_mbo_count_once_there_with_the_best(wereld: Wereld) -> None:
    o = wereld.overstap("99AA01")
    wereld.aanmelding(o, "99MB", S.AFGEWEZEN)
    wereld.aanmelding(o, "99MB", S.DEFINITIEF)
    wereld.aanmelding(o, "99MA")
    uit = van(wereld, per="mbo")
    assert "1-april" not in uit
    assert uit["15-juli"]["99MB"] == (1, 1)
    assert uit["15-juli"]["99MA"] == (1, 6)  # the five of the cast and this one


def test_other_population_of_a_regio(wereld: Wereld) -> None:
    keuze = {"ambities": {"15-juli": {"populatie": "gemarkeerd", "norm": 60}}}
    Regio.objects.filter(pk="21").update(instellingen=keuze)
    assert van(wereld)["15-juli"]["99AA00"] == (1, 8)
    assert ambities_van(lees(keuze), 2025)[1].norm == 60
    assert ambities_van(lees({}), 2025)[1].populatie is Populatie.IN_AANMELDPROCEDURE


@pytest.mark.parametrize(
    ("teller", "noemer", "verwacht"),
    [(1, 3, "33.3"), (2, 3, "66.7"), (1, 2000, "0.1"), (1, 2001, "0.0"), (9, 80, "11.3"), (200, 200, "100.0")],
)
def test_half_up_to_one_decimal(teller: int, noemer: int, verwacht: str) -> None:
    assert percentage(teller, noemer) == Decimal(verwacht)


def test_empty_population_is_no_percentage() -> None:
    assert percentage(0, 0) is None


def test_unknown_grouping_raises(wereld: Wereld) -> None:
    with wereld.bereik("21"), pytest.raises(KeyError):
        bereken("21", JAAR, wereld.vandaag, "kleur")


# --- who sees what ------------------------------------------------------------------------------------------------------


def _eerste(wereld: Wereld, rol: Rol, waar: str, per: str, code: str = "1-oktober", **rest: Any) -> dict[str, Any]:
    actor = wereld.actor(rol, waar)
    with wereld.bereik(*actor.regios):
        standen = ambities_voor(actor, regio="21", per=per, **rest)
    stand = next((s for s in standen if s.ambitie.code == code), None)
    return {g.groep: (g.teller, g.noemer, g.percentage, g.onderdrukt) for g in stand.groepen} if stand else {}


WEG = (None, None, None, True)


def test_numbers_below_five_are_told_to_who_sees_the_rows(wereld: Wereld) -> None:
    eigen = (0, 1, Decimal("0.0"), False)
    assert _eerste(wereld, Rol.DECAAN, "99AB", "school") == {"99AA": WEG, "99AB": eigen}
    assert _eerste(wereld, Rol.LEERPLICHT, "RMC21", "school")["99AB"] == eigen
    assert _eerste(wereld, Rol.AANJAGER, "RMC21", "vestiging")["99AB00"] == eigen
    for rol, waar in ((Rol.BEHEERORGANISATIE, "RMC21"), (Rol.LEERPLICHT, "0363")):
        assert _eerste(wereld, rol, waar, "school")["99AB"] == WEG


def test_a_numerator_of_one_to_four_is_not_told_either(wereld: Wereld) -> None:
    assert _eerste(wereld, Rol.BEHEERORGANISATIE, "RMC21", "vestiging")["99AA00"] == WEG  # 3 of 8
    wereld.overstappen_van([wereld.rij("99AA01") for _ in range(5)])
    assert _eerste(wereld, Rol.BEHEERORGANISATIE, "RMC21", "vestiging")["99AA01"] == (0, 5, Decimal("0.0"), False)


def test_a_samenwerkingsverband_has_the_figures_of_its_own_schools(wereld: Wereld) -> None:
    zie = partial(_eerste, wereld, Rol.SAMENWERKINGSVERBAND, "SWV21")
    assert (zie("school"), zie("vestiging"), zie("regio", eigen=True)) == ({}, {}, {})  # none until beheer says so
    Organisatie.objects.filter(code="SWV21").update(instellingen={"scholen": ["99AB"]})
    assert zie("school") == {"99AB": WEG}
    wereld.overstappen_van([wereld.rij("99AB00") for _ in range(5)])
    assert zie("vestiging") == {"99AB00": (0, 6, Decimal("0.0"), False)}
    assert zie("regio", eigen=True) == {"21": (0, 6, Decimal("0.0"), False)}
    # Beside them the whole regio, numbers below five untold: three of fourteen.
    assert zie("regio") == {"21": WEG}


def test_own_rows(wereld: Wereld) -> None:
    per = {"eigen": True, "per": "regio"}
    assert _eerste(wereld, Rol.DECAAN, "99AB", **per)["21"][:2] == (0, 1)
    assert _eerste(wereld, Rol.LEERPLICHT, "0362", **per)["21"][:2] == (0, 2)
    assert _eerste(wereld, Rol.BEHEERORGANISATIE, "RMC21", **per) == {}
    # An mbo: its own aanmeldingen alone, in every grouping.
    assert _eerste(wereld, Rol.MBO_MANAGER, "99MA", "school", "15-juli", eigen=True)["99AA"][:2] == (1, 5)
    assert _eerste(wereld, Rol.MBO_MANAGER, "99MB", "mbo", "15-juli", eigen=True) == {}


def test_aanjager_of_one_subregio(wereld: Wereld) -> None:
    lid = wereld.lid(Rol.AANJAGER, "21")
    lid.subregios.set([wereld.subregios["0362"]])
    wereld.overstap("99AA01")
    eigen = _eerste(wereld, Rol.AANJAGER, "RMC21", "vestiging", eigen=True)
    assert set(eigen) == {"99AA01", "99AB00"}
    # 99AA lies in both subregio's, so its total is not wholly the aanjager's.
    alle = _eerste(wereld, Rol.AANJAGER, "RMC21", "school")
    assert alle["99AA"] == WEG
    assert alle["99AB"][:2] == (0, 1)
    assert _eerste(wereld, Rol.AANJAGER, "RMC21", "subregio")["Subregio Amstelveen"][:2] == (0, 2)


def test_kaarten(wereld: Wereld) -> None:
    actor = wereld.actor(Rol.DECAAN, "99AA")
    with wereld.bereik("21"):
        kaarten = kaarten_voor(actor)
    eerste = kaarten[0]
    assert (eerste.label, eerste.teller, eerste.noemer, eerste.percentage) == ("1 april", 3, 8, Decimal("37.5"))
    assert [k.code for k in kaarten if k.nu] == ["1-april"]
    # Everybody of the regio: 3 of 9; three is below five and not told.
    assert eerste.uitleg == ""


def test_kaarten_beside_the_regio_and_last_year_in_one_statement(
    wereld: Wereld, django_assert_num_queries: Any
) -> None:
    wereld.op(date(2025, 3, 20))
    toen = [wereld.rij("99AA00", overstapjaar=2024, overstapper_sinds=date(2024, 10, 1)) for _ in range(4)]
    for o in wereld.overstappen_van(toen)[:1]:
        wereld.aanmelding(o, "99MA", op=date(2025, 3, 1))
    wereld.op(date(2026, 3, 20))
    for o in wereld.overstappen_van([wereld.rij("99AA01") for _ in range(3)]):
        wereld.aanmelding(o, "99MA", op=date(2026, 3, 1))
    actor = wereld.actor(Rol.DECAAN, "99AB")
    with wereld.bereik("21"):
        regels = Regio.objects.get(pk="21")
        with django_assert_num_queries(1):
            kaarten = kaarten_voor(actor, JAAR, regels)
        vorig = kaarten_voor(wereld.actor(Rol.DECAAN, "99AA"), JAAR, regels)
    assert (kaarten[0].percentage, kaarten[0].uitleg) == (Decimal("0.0"), "regio 50,0%")
    assert (vorig[0].percentage, vorig[0].uitleg) == (Decimal("54.5"), "regio 50,0% · vorig jaar 25,0%")


def test_constant_number_of_queries(wereld: Wereld, django_assert_num_queries: Any) -> None:
    actor = wereld.actor(Rol.AANJAGER, "21")
    with wereld.bereik("21"), django_assert_num_queries(2):
        ambities_voor(actor, per="vestiging")
    wereld.overstappen_van([wereld.rij("99AA01") for _ in range(200)])
    with wereld.bereik("21"), django_assert_num_queries(2):
        ambities_voor(actor, per="vestiging")


def _wijziging(o: Overstap, verzoek: Any, a: Aanmelding) -> Any:
    from statuses.actions import Wijziging

    return Wijziging(o.id, verzoek, a.id)
