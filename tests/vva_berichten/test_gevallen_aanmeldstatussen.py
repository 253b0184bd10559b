"""Cases of bericht 2: what a SIS delivers or an mbo reports, read in the postbus of gemeente and school. See gevallen.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from accounts.models import Regio
from accounts.rechten import Rol
from tests.vva_berichten.conftest import Systeem
from tests.vva_berichten.gevallen import geval
from tests.vva_berichten.hulp import NOVEMBER, gangers_in, statussen_in, zet_aansluiting
from tests.wereld import Wereld, bsn
from vva_berichten.models import Bericht
from vva_berichten.opstellen import ruw

Maak = Callable[..., Systeem]
STATUSSEN = "aanmeldstatussen"
NUMMER, ANDER = bsn(3001), bsn(3002)
MAART = date(2026, 3, 20)
ONTVANGEN, NIET = "AANMELDING_ONTVANGEN", "LEIDT_NIET_TOT_INSCHRIJVING"


@pytest.fixture
def las(wereld: Wereld, systeem: Maak) -> Systeem:
    wereld.op(NOVEMBER)
    return systeem("99AA")


@pytest.fixture
def sis(systeem: Maak) -> Systeem:
    return systeem("99MA")


@pytest.fixture
def amsterdam(systeem: Maak) -> Systeem:
    return systeem("0363")


def statussen(postbus: Systeem, nummer: str = NUMMER) -> list[str]:
    return [s["status"] for s in statussen_in(postbus.postbus(), nummer)]


@geval("applicant 17, Dutch gemeente, no startkwalificatie, latende school known")
def test_to_both(wereld: Wereld, las: Systeem, sis: Systeem, amsterdam: Systeem) -> None:
    las.lever(NUMMER, geboortedatum="2009-01-01")
    wereld.op(MAART)
    sis.meld_aan(NUMMER, aanmeldId="A-1", aanmeldDatum="2026-03-02", statusDatum="2026-03-18", status="intake")
    zelfde = {
        "pgn": {"burgerservicenummer": NUMMER},
        "mboInstelling": "99MA",
        "aanmeldId": "A-1",
        "status": ONTVANGEN,
        "aanmeldDatum": "2026-03-02",
        "statusDatum": "2026-03-02",
        "volgnummer": 1,
        "studiejaarInstroom": "2026-2027",
    }
    assert statussen_in(amsterdam.postbus(), NUMMER) == [zelfde | {"gemeentecode": "0363"}]
    assert statussen_in(las.postbus(), NUMMER) == [zelfde | {"voSchool": "99AA00"}]


@pytest.mark.parametrize(
    ("geboren", "gemeente_krijgt"),
    [
        pytest.param("2003-03-21", True, id="22 years and 364 days"),
        pytest.param("2003-03-20", False, id="on the 23rd birthday"),
    ],
)
@geval("22 years and 364 days; on the 23rd birthday")
def test_23(
    wereld: Wereld, las: Systeem, sis: Systeem, amsterdam: Systeem, geboren: str, gemeente_krijgt: bool
) -> None:
    las.lever(NUMMER, geboortedatum=geboren)
    wereld.op(MAART)
    sis.meld_aan(NUMMER)
    assert statussen(las) == [ONTVANGEN]
    assert statussen(amsterdam) == ([ONTVANGEN] if gemeente_krijgt else [])


@geval("mbo-2 diploma")
def test_startkwalificatie(wereld: Wereld, las: Systeem, sis: Systeem, amsterdam: Systeem) -> None:
    las.lever(NUMMER)
    las.lever(ANDER)
    wereld.op(MAART)
    sis.meld_aan(NUMMER, startkwalificatie=True)
    sis.meld_aan(ANDER, startkwalificatie=False)
    assert (statussen(amsterdam), statussen(amsterdam, ANDER)) == ([], [ONTVANGEN])
    assert (statussen(las), statussen(las, ANDER)) == ([ONTVANGEN], [ONTVANGEN])


@geval("no latende school")
def test_no_latende_school(wereld: Wereld, sis: Systeem, amsterdam: Systeem, systeem: Maak) -> None:
    wereld.op(MAART)
    met, zonder = (
        sis.aanmeldstatus(ANDER, gemeentecode="0363", voSchool="99AA00"),
        sis.aanmeldstatus(NUMMER, gemeentecode="0363"),
    )
    uit = sis.stuur(STATUSSEN, met, zonder)
    assert [(r["uitkomst"], r["codes"]) for r in uit] == [("opgeslagen", ["W304"])] * 2
    assert (statussen(amsterdam), statussen(amsterdam, ANDER)) == ([ONTVANGEN], [ONTVANGEN])
    assert [statussen(systeem(code)) for code in ("99AA", "99AB", "99BA", "99BB")] == [[]] * 4
    assert statussen(systeem("99AA"), ANDER) == [ONTVANGEN]


@geval("age limit 27 from a date, applicant 25 on that date")
def test_27(wereld: Wereld, las: Systeem, sis: Systeem, amsterdam: Systeem) -> None:
    Regio.objects.filter(pk="21").update(instellingen={"leeftijdsgrens": [["2026-04-01", 27]]})
    las.lever(NUMMER, geboortedatum="2001-01-01")
    wereld.op(date(2026, 3, 31))
    sis.meld_aan(NUMMER)
    assert statussen(amsterdam) == []
    wereld.op(date(2026, 4, 1))
    sis.meld_aan(NUMMER, "ook_afgedrukt", volgnummer=2)
    assert statussen(amsterdam) == ["OOK_AANGEBODEN"]
    assert statussen(las) == [ONTVANGEN, "OOK_AANGEBODEN"]


@geval("moves from 0479 to 0363 after the message")
def test_moves(wereld: Wereld, zaanstad: str, las: Systeem, sis: Systeem, amsterdam: Systeem, systeem: Maak) -> None:
    oud = systeem(zaanstad)
    las.lever(NUMMER, gemeentecode="0479")
    sis.meld_aan(NUMMER)
    assert (len(gangers_in(oud.postbus(), NUMMER)), statussen(oud)) == (1, [ONTVANGEN])
    wereld.op(MAART)
    las.lever(NUMMER, gemeentecode="0363")
    sis.meld_aan(NUMMER, "afgewezen", volgnummer=2, reden={"code": "opleiding_vol", "tekst": ""})
    assert gangers_in(amsterdam.postbus(), NUMMER) == []
    assert (len(gangers_in(oud.postbus(), NUMMER)), statussen(oud)) == (1, [ONTVANGEN])
    assert statussen(amsterdam) == [NIET]


@geval("opleidingscode while the profile is off")
def test_opleidingscode(wereld: Wereld, las: Systeem, sis: Systeem, amsterdam: Systeem) -> None:
    las.lever(NUMMER)
    [uit] = sis.stuur(STATUSSEN, sis.aanmeldstatus(NUMMER, gemeentecode="0363", opleidingscode="25491"))
    assert (uit["uitkomst"], uit["codes"]) == ("verwerkt", [])
    [bericht] = statussen_in(amsterdam.postbus(), NUMMER)
    assert "opleidingscode" not in bericht
    with wereld.bereik():
        bewaard: list[Any] = [ruw(b) for b in Bericht.objects.filter(soort="AANMELDSTATUS")]
    assert bewaard
    assert not [b for b in bewaard if b"25491" in b]


def test_not_connected(
    wereld: Wereld, zaanstad: str, las: Systeem, sis: Systeem, amsterdam: Systeem, systeem: Maak
) -> None:
    """F107 for a message that names a gemeente that is not connected: parked, visible, sent once it is. Not for who lives elsewhere."""
    beheer = wereld.client(Rol.BEHEERORGANISATIE)
    zet_aansluiting(beheer, wereld.organisaties["0363"], wacht=True)
    hier, onbekend, verhuisd = NUMMER, ANDER, bsn(3003)
    las.lever(hier)
    las.lever(verhuisd, gemeentecode=zaanstad)
    wereld.op(MAART)
    berichten = [
        sis.aanmeldstatus(hier, gemeentecode="0363", voSchool="99AA00"),
        sis.aanmeldstatus(onbekend, gemeentecode="0363"),
        sis.aanmeldstatus(verhuisd, gemeentecode="0363"),
        sis.aanmeldstatus(hier, voSchool="99AA00"),
    ]
    verwacht = [
        ("opgeslagen", ["F107"]), ("opgeslagen", ["F107", "W304"]), ("verwerkt", []), ("verwerkt", []),
    ]  # fmt: skip
    uit = sis.stuur(STATUSSEN, *berichten)
    assert [(r["uitkomst"], r["codes"]) for r in uit] == verwacht
    assert "nog niet aangesloten" in uit[0]["melding"]
    # The same again: the same answer, and it waits once.
    assert [r["codes"] for r in sis.stuur(STATUSSEN, *berichten)] == [codes for _, codes in verwacht]
    assert statussen(las, hier) == [ONTVANGEN, ONTVANGEN]
    assert (statussen(amsterdam, hier), statussen(amsterdam, onbekend)) == ([], [])
    assert (statussen(amsterdam, verhuisd), statussen(systeem(zaanstad), verhuisd)) == ([], [ONTVANGEN])
    assert "Gemeente Amsterdam" in beheer.get("/vva").content.decode()
    zet_aansluiting(beheer, wereld.organisaties["0363"], wacht=False)
    assert (statussen(amsterdam, hier), statussen(amsterdam, onbekend)) == ([ONTVANGEN, ONTVANGEN], [ONTVANGEN])
    assert "Gemeente Amsterdam" not in beheer.get("/vva").content.decode()
