"""Random histories against the slow model beside this file; the cases by hand are in test_ambities.py."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Organisatie, Vestiging
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import voeg_toe
from rapportages.ambities import GROEPEN, Afbakening, bereken
from statuses.models import Aanmelding, Gebeurtenis, Leerling, Overstap
from statuses.status import Status
from tests.rapportages.model import Gebeurd, Lid, tel
from tests.rapportages.test_ambities import cijfers
from tests.wereld import Wereld

pytestmark = pytest.mark.django_db
S = Status

TOEN = 2024  # the cast has nothing in this jaar
BEGIN = date(2024, 9, 1)


def _bekend(dag: date) -> datetime:
    return timezone.make_aware(datetime.combine(dag, time(23, 59, 59)))


def _maak(zaad: int, wereld: Wereld, aantal: int) -> list[Lid]:
    """Random overstappen with random gebeurtenissen, any order of dates: corrections, taken back, never marked, closed."""
    r = random.Random(zaad)
    vestigingen = list(Vestiging.objects.filter(regio_id="21").select_related("organisatie", "gemeente__subregio"))
    mbos = list(Organisatie.objects.filter(soort="mbo"))
    leden: list[Lid] = []
    leerlingen, overstappen, aanmeldingen, gebeurtenissen = [], [], [], []
    for i in range(aantal):
        v, woont = r.choice(vestigingen), r.choice(["0363", "0362", "0405", None])
        soort = r.choice(["vmbo", "vmbo", "havo", "pro", "vso"])
        leerweg = r.choice(["bb", "kb", "tl"]) if soort == "vmbo" else None
        leerling = Leerling(
            regio_id="21", pgn_soort="own", pgn_index=f"{zaad}-{i}".encode(), pgn_versleuteld=b"x", voornaam="A",
            achternaam="B", zoeknaam="b a", geboortedatum=date(2009, 1, 1), gemeente_id=woont,
        )  # fmt: skip
        gesloten = r.choice([None, None, None, BEGIN + timedelta(r.randrange(400))])
        o = Overstap(
            regio_id="21", leerling=leerling, overstapjaar=TOEN, vestiging=v, onderwijssoort=soort, leerweg=leerweg,
            gesloten_op=gesloten,
        )  # fmt: skip
        nrs = {nr: r.choice(mbos) for nr in range(1, 1 + r.randrange(4))}
        lid = Lid(
            {
                "regio": "21",
                "subregio": v.gemeente.subregio.naam if v.gemeente.subregio else "zonder subregio",
                "gemeente": woont or "",
                "school": v.organisatie.code,
                "vestiging": v.code,
                "onderwijssoort": soort,
                "leerweg": leerweg or soort,
            },
            {nr: m.code for nr, m in nrs.items()},
            gesloten,
        )
        for volgnr in range(1, r.randrange(2, 14)):
            spoor = r.choice([1, 1, 2, 3, *(10 + nr for nr in nrs)])
            keuze: list[int | None] = {1: [1, 1, 1, None], 2: [6, None], 3: [13, 14, 11, 2, None]}.get(
                spoor, [3, 4, 5, 7, 8, 9, 10, 12]
            )
            geldig = BEGIN + timedelta(r.randrange(400))
            g = Gebeurd(volgnr, spoor, r.choice(keuze), geldig, geldig + timedelta(r.choice([0, 0, 0, 3, 40, 200])))
            lid.verloop.append(g)
            gebeurtenissen.append(
                Gebeurtenis(
                    id=nieuwe_sleutel(), regio_id="21", overstap=o, overstapjaar=TOEN, volgnr=volgnr, spoor=spoor,
                    naar=g.naar, geldig_op=g.geldig_op, geregistreerd_op=_bekend(g.bekend_op), bron="test", actor_soort="intern",
                )
            )  # fmt: skip
        aanmeldingen += [
            Aanmelding(
                regio_id="21", overstap=o, mbo=m, overstapjaar=TOEN, aanmeld_id=f"{zaad}-{i}-{nr}", nr=nr, opleiding="x",
                status=7, status_datum=BEGIN, bron="test",
            )
            for nr, m in nrs.items()
        ]  # fmt: skip
        leerlingen.append(leerling)
        overstappen.append(o)
        leden.append(lid)
    for model, rijen in (
        (Leerling, leerlingen),
        (Overstap, overstappen),
        (Aanmelding, aanmeldingen),
        (Gebeurtenis, gebeurtenissen),
    ):
        voeg_toe(model, [_met_tijd(rij) for rij in rijen])
    return leden


def _met_tijd(rij: Any) -> Any:
    if isinstance(rij, Overstap):
        rij.gewijzigd_op = _bekend(BEGIN)
    return rij


@pytest.mark.parametrize("zaad", range(6))
def test_random_histories_agree_with_the_slow_model(zaad: int, wereld: Wereld) -> None:
    wereld.op(date(2025, 10, 10))
    with wereld.bereik("21"):
        leden = _maak(zaad, wereld, 120)
        r = random.Random(zaad)
        dagen = [BEGIN + timedelta(r.randrange(404)) for _ in range(4)] + [date(2024, 10, 20), date(2025, 4, 1)]
        for op in dagen:
            for bekend in (None, op, op + timedelta(30)):
                k = bekend or date(2025, 10, 10)
                for per in GROEPEN:
                    verwacht = tel(leden, per, op, k, date(2024, 11, 1))
                    assert cijfers(bereken("21", TOEN, op, per, bekend_op=bekend)) == verwacht, (op, bekend, per)


def test_the_model_sees_something(wereld: Wereld) -> None:
    """Guard of the test above: its histories reach every ambitie, group and corner."""
    with wereld.bereik("21"):
        leden = _maak(0, wereld, 120)
    uit = tel(leden, "leerweg", date(2025, 7, 15), date(2025, 10, 10), date(2024, 11, 1))
    assert all(sum(n for _, n in groepen.values()) > 10 for groepen in uit.values())
    assert all(
        0 < sum(t for t, _ in groepen.values()) < sum(n for _, n in groepen.values()) for groepen in uit.values()
    )
    toen = tel(leden, "leerweg", date(2025, 7, 15), date(2025, 7, 15), date(2024, 11, 1))
    assert toen != uit


def test_narrowing_adds_up(wereld: Wereld) -> None:
    """The parts of a whole: per subregio narrowed to each subregio gives that group of the whole."""
    with wereld.bereik("21"):
        _maak(7, wereld, 60)
        heel = cijfers(bereken("21", TOEN, date(2025, 3, 1), "subregio"))
        for sub in wereld.subregios.values():
            if sub.regio_id == "21":
                deel = bereken("21", TOEN, date(2025, 3, 1), "subregio", afbakening=Afbakening(subregio_ids=[sub.id]))
                for code, groepen in cijfers(deel).items():
                    assert groepen == {sub.naam: heel[code][sub.naam]}
