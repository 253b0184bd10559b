"""Faults that were there once: each of these failed before it was mended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from accounts.models import Organisatie
from accounts.rechten import Rol
from statuses.actions import Wijziging, erase_unmarked
from statuses.models import Aanmelding, Gebeurtenis, NietVerwerkt, Overstap
from statuses.status import Spoor, Status
from tests.vva_berichten.conftest import Systeem
from tests.vva_berichten.hulp import NOVEMBER, aanmeldstatussen, draai, mbo_gangers
from tests.wereld import JAAR, Wereld, bsn
from vva_berichten.afstemming import Afstemming
from vva_berichten.models import MboGanger
from vva_berichten.opruimen import erase_withdrawn
from vva_berichten.tasks import bulkmelding_regio

S = Status
NUMMER = bsn(3001)


@pytest.fixture
def koppelpunt(wereld: Wereld, systeem: Callable[..., Systeem]) -> Systeem:
    """99MA takes its statussen from the koppelpunt."""
    Organisatie.objects.filter(code="99MA").update(instellingen={"bron": "koppelpunt"})
    return systeem("99MA")


def stuur(mbo: Systeem, status: str, volgnummer: int = 1, nummer: str = NUMMER, **velden: object) -> None:
    bericht = mbo.aanmeldstatus(
        nummer, aanmeldId="K-1", status=status, volgnummer=volgnummer, voSchool="99AA00", **velden
    )  # fmt: skip
    assert mbo.stuur("aanmeldstatussen", bericht)[0]["uitkomst"] in ("verwerkt", "opgeslagen")
    draai()


def test_kept_from_the_koppelpunt_and_applied_later_it_is_not_sent_again(wereld: Wereld, koppelpunt: Systeem) -> None:
    overstap = wereld.overstap("99AA00", pgn=NUMMER, gemeente="0362", gemarkeerd=False)
    draai()
    stuur(koppelpunt, "AANMELDING_ONTVANGEN")
    eerst = aanmeldstatussen(wereld, "99AA", NUMMER)
    wereld.wijzig(overstap, Rol.DECAAN, S.ZONDER_AANMELDING)
    draai()
    with wereld.bereik("21"):
        assert Aanmelding.objects.get(aanmeld_id="K-1").status == S.AANGEMELD
        assert set(Gebeurtenis.objects.filter(overstap=overstap, spoor__gte=10).values_list("bron", flat=True)) == {
            "koppelpunt"
        }
    assert aanmeldstatussen(wereld, "99AA", NUMMER) == eerst == ["AANMELDING_ONTVANGEN"]
    assert aanmeldstatussen(wereld, "0362", NUMMER) == []


@pytest.mark.parametrize("datum", ["2025-07-15", "2026-03-25"])
def test_a_date_outside_the_jaar_or_of_tomorrow_is_applied_all_the_same(
    wereld: Wereld, koppelpunt: Systeem, datum: str
) -> None:
    wereld.overstap("99AA00", pgn=NUMMER, gemeente="0362")
    draai()
    stuur(koppelpunt, "INGESCHREVEN", statusDatum=datum, aanmeldDatum="2025-07-01")
    with wereld.bereik("21"):
        aanmelding = Aanmelding.objects.get(aanmeld_id="K-1")
    assert aanmelding.status == S.DEFINITIEF
    assert aanmelding.status_datum == (date(2025, 9, 1) if datum < "2025-09-01" else wereld.vandaag)


def test_a_number_of_another_leerling_stands_before_a_person(wereld: Wereld, koppelpunt: Systeem) -> None:
    for nummer in (NUMMER, bsn(3002)):
        wereld.overstap("99AA00", pgn=nummer, gemeente="0362")
    draai()
    stuur(koppelpunt, "AANMELDING_ONTVANGEN")
    stuur(koppelpunt, "INGESCHREVEN", 2, bsn(3002))
    with wereld.bereik("21"):
        assert NietVerwerkt.objects.filter(sleutel="K-1").values_list("code", "regel").get() == ("W303", "F202")
        assert Aanmelding.objects.get(aanmeld_id="K-1").status == S.AANGEMELD


def test_afstemming_sees_what_came_in_under_a_volgnummer_of_our_own(
    wereld: Wereld, systeem: Callable[..., Systeem]
) -> None:
    overstap = wereld.overstap("99AA00", pgn=NUMMER, gemeente="0362")
    aanmelding = wereld.aanmelding(overstap, "99MA", op=date(2026, 3, 1))
    draai()
    mbo = systeem("99MA")
    bericht = mbo.aanmeldstatus(
        NUMMER, aanmeldId=aanmelding.aanmeld_id, status="INGESCHREVEN", statusDatum="2026-03-09", volgnummer=1,
        voSchool="99AA00",
    )  # fmt: skip

    def rij() -> tuple[str, str | None]:
        with wereld.bereik("21"):
            a = Afstemming(wereld.actor(Rol.MBO_MEDEWERKER, "99MA"), JAAR)
            [r] = a.van([aanmelding.pk]).values()
            return r.categorie, r.vva_status

    assert rij() == ("eens", "AANMELDING_ONTVANGEN")
    assert mbo.stuur("aanmeldstatussen", bericht)[0]["uitkomst"] == "verwerkt"
    draai()
    assert rij() == ("vva_voor", "INGESCHREVEN")
    assert aanmeldstatussen(wereld, "0362", NUMMER) == ["AANMELDING_ONTVANGEN"]  # nobody gets two that contradict
    # The next act here settles it.
    wereld._doe(
        Rol.MBO_MEDEWERKER, "99MA",
        [Wijziging(overstap.id, wereld.verzoek(Rol.MBO_MEDEWERKER, S.DEFINITIEF), aanmelding.pk)],
    )  # fmt: skip
    draai()
    assert rij() == ("eens", "INGESCHREVEN")


def ongemarkeerd(wereld: Wereld, nummer: str = NUMMER, *, bulk: bool = False) -> Overstap:
    """Reported, and unmarked as a mistake; today is after the schooljaar."""
    wereld.op(date(2025, 10, 10))
    overstap = wereld.overstap("99AA00", pgn=nummer, gemeente="0362", overstapper_sinds=date(2025, 10, 3))
    draai()
    if bulk:
        wereld.op(date(2026, 3, 1))
        bulkmelding_regio("21", "BULK_0301", JAAR)
        draai()
    wereld.wijzig(
        overstap,
        Rol.DECAAN if not bulk else Rol.MANAGER_VO,
        None,
        waar="99AA",
        spoor=Spoor.MARKERING,
        reden_code="dubbel",
    )
    draai()
    wereld.op(date(2026, 8, 1))
    return overstap


@pytest.mark.parametrize("stand_eerst", [True, False])
def test_an_erased_leerling_leaves_no_number_behind(wereld: Wereld, stand_eerst: bool) -> None:
    ongemarkeerd(wereld)
    assert mbo_gangers(wereld, "0362", NUMMER) == [(True, 1), (False, 2)]
    actor = wereld.actor("beheerorganisatie")
    with wereld.bereik("21"):
        voor = MboGanger.objects.count()
        if stand_eerst:
            assert erase_withdrawn("21", actor=actor) == 1
        erase_unmarked("21", actor=actor)
        if not stand_eerst:
            assert erase_withdrawn("21", actor=actor) == 1
        assert MboGanger.objects.count() == voor - 1
        assert erase_withdrawn("21", actor=actor) == 0


def test_who_was_in_a_bulk_or_chose_havo_stays(wereld: Wereld) -> None:
    ongemarkeerd(wereld, bulk=True)
    wereld.op(NOVEMBER)
    havo = wereld.overstap("99AA00", pgn=bsn(3002), gemeente="0362", overstapper_sinds=date(2025, 10, 3))
    draai()
    wereld.wijzig(havo, Rol.DECAAN, S.VERVOLGKEUZE_VO, waar="99AA")
    draai()
    wereld.op(date(2026, 8, 1))
    with wereld.bereik("21"):
        assert erase_withdrawn("21", actor=wereld.actor("beheerorganisatie")) == 0
