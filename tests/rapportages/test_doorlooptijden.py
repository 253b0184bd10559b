"""How long an mbo takes: cases by hand through the real actions, and random histories against the slow model."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Organisatie, Regio, Vestiging
from accounts.rechten import Rol
from overstap.basis import klok
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import voeg_toe
from rapportages.doorlooptijden import TOTAAL, Meting, meet, normen_van, over_tijd_q
from statuses.models import Aanmelding, Gebeurtenis, Leerling, Overstap
from statuses.status import Spoor, Status
from tests.rapportages import model_doorlooptijden as model
from tests.wereld import Wereld

pytestmark = pytest.mark.django_db
S = Status
JAAR = 2025
NORMEN = {"aangemeld": 10, "intake": 28}
KERST = [["2025-12-20", "2026-01-04"]]


def spreek_af(regio: dict[str, int], *, vakanties: list[list[str]] | None = None, **mbo: dict[str, int]) -> None:
    """What a regio agreed, and an instelling for itself."""
    Regio.objects.filter(pk="21").update(instellingen={"doorlooptijden": regio, "vakanties": vakanties or []})
    for code, eigen in mbo.items():
        Organisatie.objects.filter(code=code.removeprefix("m")).update(instellingen={"doorlooptijden": eigen})


def van(wereld: Wereld, **rest: Any) -> dict[str, dict[Status, Meting]]:
    with wereld.bereik("21"):
        return meet(normen_van(["21"]), JAAR, **rest)


# --- by hand ------------------------------------------------------------------------------------------------------------


def test_standing_cast(wereld: Wereld) -> None:
    """Five applied on 15 January; one went to intake after 18 days, two stopped after 26, one was placed after 46."""
    spreek_af(NORMEN)
    uit = van(wereld)["99MA"]
    aangemeld = uit[S.AANGEMELD]
    assert (aangemeld.gemeten, aangemeld.mediaan, aangemeld.p90) == (4, Decimal("26.0"), Decimal("40.0"))
    assert (aangemeld.over, aangemeld.met_norm) == (4, 4)
    # Who stands there now does so since 15 January: 64 days.
    assert (aangemeld.loopt, aangemeld.nu_over) == (1, 1)
    assert (uit[S.INTAKE].gemeten, uit[S.INTAKE].loopt, uit[S.INTAKE].nu_over) == (0, 1, 1)


def test_own_agreement_of_an_instelling(wereld: Wereld) -> None:
    spreek_af(NORMEN, m99MA={"aangemeld": 70})
    uit = van(wereld)["99MA"]
    assert (uit[S.AANGEMELD].over, uit[S.AANGEMELD].nu_over) == (0, 0)
    assert uit[S.INTAKE].nu_over == 1  # of the regio


def test_without_an_agreement_nothing_is_late(wereld: Wereld) -> None:
    uit = van(wereld)["99MA"][S.AANGEMELD]
    assert (uit.gemeten, uit.met_norm, uit.over, uit.nu_over) == (4, 0, 0, 0)


def test_holidays_do_not_count(wereld: Wereld) -> None:
    spreek_af({"aangemeld": 30}, vakanties=[["2026-02-14", "2026-02-22"]])
    uit = van(wereld)["99MA"][S.AANGEMELD]
    # 46 days with nine of holiday: 37.
    assert uit.p90 == Decimal("33.7")
    assert uit.nu_over == 1
    spreek_af({"aangemeld": 30}, vakanties=[["2026-01-16", "2026-02-22"]])
    assert van(wereld)["99MA"][S.AANGEMELD].nu_over == 0


def corrigeer(wereld: Wereld, a: Aanmelding, naar: Status, op: date) -> None:
    from statuses.actions import Wijziging

    v = wereld.verzoek(Rol.MBO_MEDEWERKER, naar, op=op, spoor=Spoor.AANMELDING, reden_code="correctie", correctie=True)
    wereld._doe(Rol.MBO_MEDEWERKER, a.mbo.code, [Wijziging(a.overstap_id, v, a.id)])


def test_a_correctie_replaces_what_stood(wereld: Wereld) -> None:
    o = wereld.overstap("99AB00")
    a = wereld.aanmelding(o, "99MB", S.INTAKE, op=date(2026, 2, 1))
    verwacht = {S.AANGEMELD: 1}
    assert {s: m.gemeten for s, m in van(wereld)["99MB"].items() if m.gemeten} == verwacht
    corrigeer(wereld, a, S.AANGEMELD, date(2026, 2, 1))
    uit = van(wereld)["99MB"]
    assert (uit[S.AANGEMELD].gemeten, uit[S.AANGEMELD].loopt) == (0, 1)
    assert S.INTAKE not in uit


def test_a_step_taken_back_is_not_measured(wereld: Wereld) -> None:
    o = wereld.overstap("99AB00")
    a = wereld.aanmelding(o, "99MB", S.VOORLOPIG, op=date(2026, 2, 1))
    corrigeer(wereld, a, S.AANGEMELD, date(2026, 3, 1))
    uit = van(wereld)["99MB"]
    assert (uit[S.AANGEMELD].gemeten, uit[S.AANGEMELD].mediaan, uit[S.AANGEMELD].loopt) == (1, Decimal("0.0"), 1)
    assert S.VOORLOPIG not in uit


def test_small_numbers_are_not_told(wereld: Wereld) -> None:
    spreek_af(NORMEN)
    uit = van(wereld, zichtbaar=())["99MA"]
    assert uit[S.AANGEMELD] == Meting(S.AANGEMELD, None, "<5", None, None, "<5", "<5", "<5", "<5")
    assert van(wereld, zichtbaar=("99MA",))["99MA"][S.AANGEMELD].gemeten == 4


def test_per_opleiding_of_one_instelling(wereld: Wereld) -> None:
    o = wereld.overstap("99AB00")
    wereld.aanmelding(o, "99MB", opleiding="Kok")
    ander = Organisatie.objects.get(code="99MB")
    assert set(van(wereld, per="opleiding", mbo_id=ander.id)) == {TOTAAL, "Kok"}


def test_over_tijd_are_exactly_those_that_are_counted(wereld: Wereld) -> None:
    spreek_af(NORMEN)
    with wereld.bereik("21"):
        rijen = Aanmelding.objects.filter(over_tijd_q(normen_van(["21"]), wereld.vandaag))
        assert rijen.count() == sum(m.nu_over or 0 for m in van(wereld)[TOTAAL].values()) == 2


def test_two_statements(wereld: Wereld, django_assert_num_queries: Any) -> None:
    spreek_af(NORMEN)
    for o in wereld.overstappen_van([wereld.rij("99AA01") for _ in range(30)])[:5]:
        wereld.aanmelding(o, "99MB", S.INTAKE)
    with wereld.bereik("21"):
        normen = normen_van(["21"])
        with django_assert_num_queries(2):
            meet(normen, JAAR)


# --- random histories against the slow model ----------------------------------------------------------------------------

BEGIN = date(2025, 9, 1)


def _maak(zaad: int, wereld: Wereld, aantal: int, normen: dict[str, dict[int, int]]) -> list[model.Gang]:
    """Random aanmeldingen: forward, stopped, again, with corrections of any earlier day, unmarked and closed ones."""
    r = random.Random(zaad)
    vestiging = Vestiging.objects.filter(regio_id="21")[0]
    mbos = list(Organisatie.objects.filter(soort="mbo").order_by("code"))
    rijen: dict[type, list[Any]] = {Leerling: [], Overstap: [], Aanmelding: [], Gebeurtenis: []}
    gangen = []
    for i in range(aantal):
        leerling = Leerling(
            regio_id="21", pgn_soort="own", pgn_index=f"{zaad}-{i}".encode(), pgn_versleuteld=b"x", voornaam="A",
            achternaam="B", zoeknaam="b a", geboortedatum=date(2009, 1, 1), gemeente_id="0363",
        )  # fmt: skip
        gemarkeerd, gesloten = r.random() < 0.9, r.random() < 0.1
        o = Overstap(
            regio_id="21", leerling=leerling, overstapjaar=JAAR, vestiging=vestiging, onderwijssoort="vmbo", leerweg="bb",
            gemarkeerd_sinds=BEGIN if gemarkeerd else None, leidende_status=1 if gemarkeerd else None,
            gesloten_op=date(2026, 3, 1) if gesloten else None, gewijzigd_op=klok.nu(),
        )  # fmt: skip
        mbo = r.choice(mbos)
        gang = model.Gang(mbo.code, normen[mbo.code], gemarkeerd=gemarkeerd, gesloten=gesloten)
        dag = BEGIN + timedelta(r.randrange(60))
        for volgnr in range(2, 2 + r.randrange(1, 8)):
            correctie = volgnr > 2 and r.random() < 0.25
            # Only a correctie holds from before the newest; of what stands then, the next one may share its day.
            vroegst = BEGIN if correctie else dag
            dag = vroegst + timedelta(r.choice([0, 0, 3, 8, 20, 40]))
            gang.verloop.append(model.Gebeurd(volgnr, r.choice([7, 7, 8, 9, 10, 12, 4, 5, 3]), dag, correctie))
        for g in gang.verloop:
            rijen[Gebeurtenis].append(
                Gebeurtenis(
                    id=nieuwe_sleutel(), regio_id="21", overstap=o, overstapjaar=JAAR, volgnr=g.volgnr, spoor=11, naar=g.naar,
                    geldig_op=g.geldig_op, geregistreerd_op=klok.nu(), bron="test", actor_soort="intern", correctie=g.correctie,
                )
            )  # fmt: skip
        status, sinds = model.stukken(gang.verloop)[-1]
        rijen[Aanmelding].append(
            Aanmelding(
                regio_id="21", overstap=o, mbo=mbo, overstapjaar=JAAR, aanmeld_id=f"{zaad}-{i}", nr=1, opleiding="x",
                status=status, status_datum=sinds, bron="test",
            )
        )  # fmt: skip
        rijen[Leerling].append(leerling)
        rijen[Overstap].append(o)
        gangen.append(gang)
    for soort, alle in rijen.items():
        voeg_toe(soort, alle)
    return gangen


def _leeg(wereld: Wereld) -> None:
    """The cast out of the way: unmarked leerlingen do not count."""
    Overstap.objects.filter(regio_id="21").update(gemarkeerd_sinds=None, leidende_status=None)


@pytest.mark.parametrize("zaad", range(8))
def test_random_histories_agree_with_the_slow_model(zaad: int, wereld: Wereld) -> None:
    wereld.op(date(2026, 6, 10))
    spreek_af({"aangemeld": 10, "intake": 20, "voorlopig": 5}, vakanties=KERST, m99MB={"intake": 3})
    normen = {"99MA": {7: 10, 8: 20, 9: 5}, "99MB": {7: 10, 8: 3, 9: 5}}
    with wereld.bereik("21"):
        _leeg(wereld)
        gangen = _maak(zaad, wereld, 150, normen)
        gemeten = meet(normen_van(["21"]), JAAR)
        lijst = Aanmelding.objects.filter(over_tijd_q(normen_van(["21"]), wereld.vandaag)).count()
    verwacht = model.meet(gangen, wereld.vandaag, [(date(2025, 12, 20), date(2026, 1, 4))])
    assert {(g, int(s)) for g, stappen in gemeten.items() for s in stappen} == {
        k for k, c in verwacht.items() if c.dagen or c.loopt
    }
    for (groep, status), c in verwacht.items():
        m = gemeten.get(groep, {}).get(Status(status))
        if m is None:
            continue
        assert (m.gemeten, m.over, m.loopt, m.nu_over) == (len(c.dagen), c.over, c.loopt, c.nu_over), (groep, status)
        for gekregen, deel in ((m.mediaan, 0.5), (m.p90, 0.9)):
            moet = c.percentiel(deel)
            assert (gekregen is None) == (moet is None)
            assert moet is None or abs(float(gekregen or 0) - moet) < 0.051, (groep, status, deel)
    assert lijst == sum(m.nu_over or 0 for m in gemeten[TOTAAL].values())


def test_the_model_sees_something() -> None:
    """Guard of the test above: its histories hold corrections that wipe out steps, and steps that run too long."""
    g = model.Gebeurd
    verloop = [g(1, 7, BEGIN), g(2, 8, BEGIN + timedelta(20)), g(3, 9, BEGIN + timedelta(5), True)]
    assert model.stukken(verloop) == [(7, BEGIN), (9, BEGIN + timedelta(5))]
    uit = model.meet([model.Gang("x", {9: 3}, verloop)], BEGIN + timedelta(30))
    assert (uit["", 7].dagen, uit["x", 9].nu_over) == ([5], 1)
