"""Bericht 2: sent by itself on a change of the mapped status, and received from mbo's here and elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from statuses.models import BuitenRegio, Overstap
from statuses.status import Status
from tests.vva_berichten.conftest import Systeem
from tests.vva_berichten.hulp import NOVEMBER, aanmeldstatussen, alles, draai
from tests.wereld import JAAR, Wereld, bsn
from vva_berichten.models import GemeldeAanmelding
from vva_berichten.tasks import bulkmelding_regio

S = Status
SOORT = "aanmeldstatussen"
NUMMER = bsn(3001)
ONTVANGEN, INGETROKKEN, NIET, INGESCHREVEN, AANGEBODEN = (
    "AANMELDING_ONTVANGEN",
    "INGETROKKEN",
    "LEIDT_NIET_TOT_INSCHRIJVING",
    "INGESCHREVEN",
    "OOK_AANGEBODEN",
)


def leerling(wereld: Wereld, **velden: Any) -> Overstap:
    wereld.op(NOVEMBER)
    overstap = wereld.overstap("99AA00", pgn=NUMMER, gemeente=velden.pop("gemeente", "0362"), **velden)
    draai()
    wereld.op(date(2026, 3, 20))
    return overstap


class TestUitgaand:
    def test_only_a_change_of_the_mapped_status_is_sent(self, wereld: Wereld) -> None:
        overstap = leerling(wereld)
        wereld.aanmelding(overstap, "99MA", S.INTAKE, S.VOORLOPIG, S.OOK_AFGEDRUKT, S.DEFINITIEF)
        verwacht = [ONTVANGEN, AANGEBODEN, INGESCHREVEN]
        assert aanmeldstatussen(wereld, "0362", NUMMER) == verwacht
        assert aanmeldstatussen(wereld, "99AA", NUMMER) == verwacht

    @pytest.mark.parametrize(("status", "code"), [(S.AFGEWEZEN, NIET), (S.AFGEMELD, INGETROKKEN)])
    def test_rejected_and_withdrawn(self, wereld: Wereld, status: Status, code: str) -> None:
        wereld.aanmelding(leerling(wereld), "99MA", status)
        assert aanmeldstatussen(wereld, "0362", NUMMER) == [ONTVANGEN, code]

    def test_what_goes_to_whom(self, wereld: Wereld) -> None:
        aanmelding = wereld.aanmelding(leerling(wereld), "99MA")
        [naar_gemeente] = [b["aanmeldstatus"] for b in alles(wereld, "0362") if _van(b)]
        [naar_vo] = [b["aanmeldstatus"] for b in alles(wereld, "99AA") if _van(b)]
        gemeenschappelijk = {
            "pgn": {"burgerservicenummer": NUMMER},
            "mboInstelling": "99MA",
            "aanmeldId": aanmelding.aanmeld_id,
            "status": ONTVANGEN,
            "statusDatum": "2026-01-15",
            "aanmeldDatum": "2026-01-15",
            "volgnummer": 1,
            "studiejaarInstroom": "2026-2027",
        }
        assert naar_gemeente == gemeenschappelijk | {"gemeentecode": "0362"}
        assert naar_vo == gemeenschappelijk | {"voSchool": "99AA00"}

    def test_abroad_only_the_school(self, wereld: Wereld) -> None:
        wereld.aanmelding(leerling(wereld, gemeente=None, land="DE"), "99MA")
        assert aanmeldstatussen(wereld, "99AA", NUMMER) == [ONTVANGEN]
        assert all(aanmeldstatussen(wereld, code, NUMMER) == [] for code in ("0362", "0363", "0405", "0420"))

    def test_an_event_seen_twice_sends_nothing(self, wereld: Wereld) -> None:
        from vva_berichten.uitgaand import aanmeldstatussen as uitgaand

        overstap = leerling(wereld)
        wereld.aanmelding(overstap, "99MA", S.AFGEWEZEN)
        draai()
        with wereld.bereik("21"):
            assert uitgaand.meld("21", [overstap.id]) == 0
        assert aanmeldstatussen(wereld, "0362", NUMMER) == [ONTVANGEN, NIET]


def _van(bericht: dict[str, Any]) -> bool:
    return bericht.get("aanmeldstatus", {}).get("pgn") == {"burgerservicenummer": NUMMER}


def kort(resultaat: dict[str, Any]) -> tuple[str, list[str]]:
    return resultaat["uitkomst"], resultaat["codes"]


class TestInkomend:
    """99MA takes part in regio 21 only: for a leerling of regio 22 it is an mbo outside the regio."""

    @pytest.fixture
    def mbo(self, wereld: Wereld, systeem: Callable[..., Systeem]) -> Systeem:
        return systeem("99MA")

    @pytest.fixture
    def ver(self, wereld: Wereld) -> Overstap:
        """A leerling of regio 22."""
        wereld.op(NOVEMBER)
        overstap = wereld.overstap("99BA00", pgn=NUMMER, gemeente="0405")
        draai()
        wereld.op(date(2026, 3, 20))
        return overstap

    def test_outside_the_regio_it_stands_on_its_own_line(self, wereld: Wereld, mbo: Systeem, ver: Overstap) -> None:
        bericht = mbo.aanmeldstatus(NUMMER, gemeentecode="0405", voSchool="99BA00")
        [resultaat] = mbo.stuur(SOORT, bericht)
        assert kort(resultaat) == ("verwerkt", [])
        assert aanmeldstatussen(wereld, "0405", NUMMER) == [ONTVANGEN]
        assert aanmeldstatussen(wereld, "99BA", NUMMER) == [ONTVANGEN]
        with wereld.bereik():
            regel = BuitenRegio.objects.get(overstap=ver)
            ver.refresh_from_db()
        assert (regel.mbo_code, regel.status, regel.mbo_naam) == ("99MA", ONTVANGEN, "Mbo De Poort")
        assert ver.leidende_status == S.ZONDER_AANMELDING

    def test_nobody_known_here_is_kept_and_the_gemeente_gets_it(self, wereld: Wereld, mbo: Systeem) -> None:
        [resultaat] = mbo.stuur(SOORT, mbo.aanmeldstatus(bsn(3009), gemeentecode="0363"))
        assert kort(resultaat) == ("opgeslagen", ["W304"])
        assert aanmeldstatussen(wereld, "0363", bsn(3009)) == [ONTVANGEN]
        with wereld.bereik("21"):
            assert GemeldeAanmelding.objects.filter(mbo_code="99MA").exists()

    def test_kept_one_outside_the_regio_counts_once_marked(self, wereld: Wereld, mbo: Systeem) -> None:
        [resultaat] = mbo.stuur(SOORT, mbo.aanmeldstatus(bsn(3009), gemeentecode="0405"))
        assert kort(resultaat) == ("opgeslagen", ["W304"])
        draai()
        overstap = wereld.overstap("99BA00", pgn=bsn(3009), gemeente="0405")
        draai()
        with wereld.bereik():
            assert BuitenRegio.objects.get(overstap=overstap).status == ONTVANGEN

    @pytest.mark.parametrize(
        ("velden", "code"),
        [
            ({"status": "GEPLAATST"}, "F201"),
            ({"pgn": {"burgerservicenummer": "999900019"}}, "F101"),
            ({"gemeentecode": "9998"}, "F106"),
            ({"voSchool": "00ZZ"}, "F103"),
            ({"mboInstelling": "00ZZ"}, "F103"),
            ({"mboInstelling": "99MB"}, "T003"),
            ({"aanmeldId": ""}, "T001"),
            ({"opleiding": "x"}, "T001"),
        ],
    )
    def test_refused_with_its_code(self, wereld: Wereld, mbo: Systeem, velden: dict[str, Any], code: str) -> None:
        fout, goed = mbo.stuur(
            SOORT,
            mbo.aanmeldstatus(NUMMER, **({"gemeentecode": "0363"} | velden)),
            mbo.aanmeldstatus(bsn(3002), gemeentecode="0363"),
        )
        assert kort(fout) == ("geweigerd", [code])
        assert kort(goed)[0] == "opgeslagen"
        assert aanmeldstatussen(wereld, "0363", NUMMER) == []

    def test_volgnummers(self, wereld: Wereld, mbo: Systeem, ver: Overstap) -> None:
        vast = {"aanmeldId": "V-vast", "gemeentecode": "0405"}
        twee = mbo.aanmeldstatus(NUMMER, volgnummer=2, status=NIET, **vast)
        een = mbo.aanmeldstatus(NUMMER, **vast)
        anders = mbo.aanmeldstatus(NUMMER, volgnummer=2, status=INGESCHREVEN, **vast)
        uit = mbo.stuur(SOORT, twee, twee, een, anders)
        assert [kort(r) for r in uit] == [
            ("verwerkt", []),
            ("alVerwerkt", []),
            ("opgeslagen", ["W302"]),
            ("geweigerd", ["F202"]),
        ]
        assert aanmeldstatussen(wereld, "0405", NUMMER) == [NIET]

    def test_opleidingscode_is_dropped_before_storage(self, wereld: Wereld, mbo: Systeem, ver: Overstap) -> None:
        mbo.stuur(SOORT, mbo.aanmeldstatus(NUMMER, gemeentecode="0405", opleidingscode="25491"))
        draai()
        from vva_berichten.models import Bericht
        from vva_berichten.opstellen import ruw

        with wereld.bereik():
            assert all(b"25491" not in ruw(b) for b in Bericht.objects.filter(soort="AANMELDSTATUS"))
            assert Bericht.objects.filter(soort="AANMELDSTATUS", richting="in").exists()

    def test_of_an_mbo_in_the_regio_it_feeds_the_bulk_and_not_the_sporen(self, wereld: Wereld, mbo: Systeem) -> None:
        overstap = leerling(wereld)
        wereld.op(date(2026, 2, 10))
        mbo.stuur(SOORT, mbo.aanmeldstatus(NUMMER, gemeentecode="0362"))
        draai()
        wereld.op(date(2026, 3, 1))
        bulkmelding_regio("21", "BULK_0301", JAAR)
        [bulk] = [b["signalen"] for b in alles(wereld, "0362") if b["berichtType"] == "SIGNAAL"]
        assert {"burgerservicenummer": NUMMER} not in [s["pgn"] for s in bulk["signalen"]]
        with wereld.bereik():
            overstap.refresh_from_db()
            assert not BuitenRegio.objects.filter(overstap=overstap).exists()
        assert overstap.leidende_status == S.ZONDER_AANMELDING
