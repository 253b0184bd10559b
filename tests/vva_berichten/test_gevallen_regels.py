"""The rules 1-10 of the contract and its codes over HTTP: one test per rule where the cases do not play it, and a table of both."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date
from importlib import import_module
from itertools import permutations
from typing import Any

import psycopg
import pytest
from django.core import mail
from django.db import connection

from accounts.models import Organisatie
from accounts.rechten import Rol
from tests.databank import Databank
from tests.vva_berichten.conftest import Systeem
from tests.vva_berichten.hulp import NOVEMBER, bulk, draai, gangers_in, signalen_in, statussen_in
from tests.wereld import Wereld, bsn
from vva_berichten.codes import Code
from vva_berichten.inkomend.op_een_rij import rij_van

Maak = Callable[..., Systeem]
GANGERS, STATUSSEN = "potentiele-mbo-gangers", "aanmeldstatussen"
NUMMER, ANDER = bsn(3001), bsn(3002)
MAART, JUNI = date(2026, 3, 1), date(2026, 6, 15)

# rule -> which tests of the modules test_gevallen_* (or elsewhere) play it.
REGELS: dict[int, tuple[str, ...]] = {
    1: ("regels.test_what_was_answered_is_stored_and_comes_once", "mbo_gangers.test_same_message_twice"),
    2: ("regels.test_the_highest_volgnummer_wins_in_any_order", "mbo_gangers.test_reversed"),
    3: ("regels.test_one_stand_per_leerling_over_all_aanmeldingen", "bulk.test_enrolled_outside"),
    4: ("regels.test_one_bulk_of_who_is_reported_and_may_be_known", "bulk.test_empty"),
    5: (
        "aanmeldstatussen.test_to_both",
        "aanmeldstatussen.test_23",
        "aanmeldstatussen.test_27",
        "aanmeldstatussen.test_startkwalificatie",
        "aanmeldstatussen.test_no_latende_school",
    ),
    6: ("bulk.test_applies_after_the_bulk", "regels.test_signals_until_the_jaar_ends"),
    7: ("aanmeldstatussen.test_moves", "regels.test_who_moved_is_taken_back_in_both_gemeenten"),
    8: ("regels.test_a_studiejaar_begins_anew",),
    9: (
        "regels.test_on_the_page_and_over_the_api",
        "mbo_gangers.test_not_connected",
        "aanmeldstatussen.test_not_connected",
    ),
    10: ("regels.test_no_number_in_answers_logs_or_mail",),
}

# code -> the test in which it is the answer.
CODES: dict[Code, str] = {
    Code.T001: "mbo_gangers.test_school_that_is_none",
    Code.T003: "mbo_gangers.test_mandaat",
    Code.T004: "regels.test_busy_is_503_with_t004",
    Code.F101: "mbo_gangers.test_eleven_test",
    Code.F102: "mbo_gangers.test_both_numbers",
    Code.F103: "mbo_gangers.test_school_that_is_none",
    Code.F104: "mbo_gangers.test_false_without_true",
    Code.F105: "mbo_gangers.test_havo",
    Code.F106: "regels.test_gemeente_and_status_that_are_none",
    Code.F107: "mbo_gangers.test_not_connected",
    Code.F201: "regels.test_gemeente_and_status_that_are_none",
    Code.F202: "mbo_gangers.test_contradiction",
    Code.W301: "mbo_gangers.test_late",
    Code.W302: "mbo_gangers.test_reversed",
    Code.W303: "regels.test_what_does_not_fit_is_put_in_front_of_a_person",
    Code.W304: "aanmeldstatussen.test_no_latende_school",
}

# The way in is a token: a signature that is wrong never comes as far as a message. It is RFC 6749's invalid_client, 401
# (tests/api/test_private_key_jwt.py). The code is kept for a transport that signs each message.
NIET_OVER_REST = {Code.T002}


def _test(naam: str) -> Callable[..., None]:
    module, _, test = naam.partition(".")
    gevonden: Callable[..., None] = getattr(import_module(f"tests.vva_berichten.test_gevallen_{module}"), test)
    return gevonden


def test_every_rule_and_every_code_is_played() -> None:
    assert sorted(REGELS) == list(range(1, 11))
    assert all(callable(_test(naam)) for namen in REGELS.values() for naam in namen)
    for code, naam in CODES.items():
        assert f'"{code}"' in inspect.getsource(_test(naam)), code
    assert set(Code) - set(CODES) == NIET_OVER_REST


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


def kort(resultaat: dict[str, Any]) -> tuple[str, list[str]]:
    return resultaat["uitkomst"], resultaat["codes"]


def maak_bulk(wereld: Wereld, dag: date) -> dict[str, Any]:
    draai()
    wereld.op(dag)
    return bulk(dag.isoformat())


@pytest.mark.onverwerkt
def test_what_was_answered_is_stored_and_comes_once(las: Systeem, amsterdam: Systeem) -> None:
    """Rule 1: the answer comes before the work; what is sent again before, between and after it changes nothing."""
    bericht = las.mbo_ganger(NUMMER)
    assert kort(las.stuur(GANGERS, bericht)[0]) == ("verwerkt", [])
    assert kort(las.stuur(GANGERS, bericht)[0]) == ("alVerwerkt", [])
    assert amsterdam.get("/api/v1/vva/postbus").json()["berichten"] == []
    assert len(gangers_in(amsterdam.postbus(), NUMMER)) == 1
    assert kort(las.stuur(GANGERS, bericht)[0]) == ("alVerwerkt", [])
    assert len(gangers_in(amsterdam.postbus(), NUMMER)) == 1


@pytest.mark.parametrize("volgorde", [(3, 1, 2), (2, 3, 1), (2, 1, 3)])
def test_the_highest_volgnummer_wins_in_any_order(
    wereld: Wereld, las: Systeem, sis: Systeem, amsterdam: Systeem, volgorde: tuple[int, ...]
) -> None:
    """Rule 2."""
    assert volgorde in list(permutations((1, 2, 3)))
    las.lever(NUMMER)
    draai()
    reeks = {1: "AANMELDING_ONTVANGEN", 2: "OOK_AANGEBODEN", 3: "LEIDT_NIET_TOT_INSCHRIJVING"}
    for nummer in volgorde:
        sis.stuur(
            STATUSSEN, sis.aanmeldstatus(NUMMER, aanmeldId="V-1", volgnummer=nummer, status=reeks[nummer],
                                         statusDatum="2025-11-15", gemeentecode="0363"),
        )  # fmt: skip
        draai()
    nummers = [s["volgnummer"] for s in statussen_in(amsterdam.postbus(), NUMMER)]
    assert nummers == sorted(set(nummers))
    assert nummers[-1] == 3
    maak_bulk(wereld, MAART)
    [signaal] = signalen_in(amsterdam.postbus(), NUMMER, "BULK_0301")
    assert signaal["status"] == reeks[3]


def test_one_stand_per_leerling_over_all_aanmeldingen(
    wereld: Wereld, las: Systeem, sis: Systeem, amsterdam: Systeem, systeem: Maak
) -> None:
    """Rules 3 and 4: what stands at both mbo's together says whether a leerling is in the bulk of March and of June."""
    ander = systeem("99MB")
    reden = {"reden": {"code": "opleiding_vol", "tekst": ""}}
    # status at 99MA, at 99MB -> (in March, in June)
    verwacht: dict[tuple[str, str], tuple[bool, bool]] = {
        ("", ""): (True, True),
        ("afgewezen", ""): (True, True),
        ("afgewezen", "afgewezen"): (True, True),
        ("intake", ""): (False, True),
        ("ook_afgedrukt", "afgewezen"): (False, True),
        ("afgewezen", "voorlopig"): (False, True),
        ("definitief", ""): (False, False),
        ("definitief", "afgewezen"): (False, False),
        ("intake", "definitief"): (False, False),
    }
    nummers = {paar: bsn(3001 + i) for i, paar in enumerate(verwacht)}
    for paar, nummer in nummers.items():
        las.lever(nummer)
        for mbo, status in zip((sis, ander), paar, strict=True):
            if status:
                velden = reden if status == "afgewezen" else {}
                mbo.meld_aan(nummer, status, aanmeldId=f"{mbo.code}-{nummer}", **velden)
    maak_bulk(wereld, MAART)
    maak_bulk(wereld, JUNI)
    berichten = amsterdam.postbus()
    echt = {
        paar: (
            bool(signalen_in(berichten, nummer, "BULK_0301")),
            bool(signalen_in(berichten, nummer, "BULK_0615")),
        )
        for paar, nummer in nummers.items()
    }
    assert echt == verwacht


def test_one_bulk_of_who_is_reported_and_may_be_known(
    wereld: Wereld, las: Systeem, sis: Systeem, amsterdam: Systeem
) -> None:
    """Rule 4: reported as true, and only those that rule 5 lets a gemeente know of; however often it is asked for."""
    erin, te_oud, diploma, toch_niet = (bsn(n) for n in (3001, 3002, 3003, 3004))
    las.lever(erin, geboortedatum="2003-03-02")
    las.lever(te_oud, geboortedatum="2003-03-01")
    las.lever(diploma)
    sis.meld_aan(diploma, "afgewezen", startkwalificatie=True, reden={"code": "opleiding_vol", "tekst": ""})
    las.vervolgkeuze(las.lever(toch_niet), "havo")
    eerste = maak_bulk(wereld, MAART)
    tweede = maak_bulk(wereld, MAART)
    assert [g["nieuw"] for g in eerste["gemeenten"]] != [g["nieuw"] for g in tweede["gemeenten"]]
    berichten = amsterdam.postbus()
    koppen = [b["signalen"]["kop"] for b in berichten if b["berichtType"] == "SIGNAAL"]
    assert [(kop["levering"], kop["volgnummer"], kop["pagina"]) for kop in koppen] == [("BULK_0301", 1, 1)]
    gezien = [n for n in (erin, te_oud, diploma, toch_niet) if signalen_in(berichten, n, "BULK_0301")]
    assert gezien == [erin]


def test_signals_until_the_jaar_ends(wereld: Wereld, las: Systeem, sis: Systeem, amsterdam: Systeem) -> None:
    """Rule 6: until and with 15 October; ``VERVALLEN`` when the leerling is no mbo-ganger any more."""
    overstap = las.lever(NUMMER)
    las.lever(ANDER)
    maak_bulk(wereld, MAART)
    wereld.op(date(2026, 3, 12))
    las.vervolgkeuze(overstap, "havo")
    assert [s["signaalType"] for s in signalen_in(amsterdam.postbus(), NUMMER, "REALTIME")] == ["VERVALLEN"]
    vast = {"aanmeldId": "V-1", "gemeentecode": "0363"}
    gekomen = []
    for nummer, (dag, status) in enumerate(
        ((date(2026, 10, 15), "AANMELDING_ONTVANGEN"), (date(2026, 10, 16), "INGESCHREVEN")), 1
    ):
        wereld.op(dag)
        velden = {"volgnummer": nummer, "status": status, "statusDatum": dag.isoformat()}
        [uit] = sis.stuur(STATUSSEN, sis.aanmeldstatus(ANDER, **vast, **velden))
        assert uit["uitkomst"] in ("verwerkt", "opgeslagen")
        gekomen.append(len(signalen_in(amsterdam.postbus(), ANDER, "REALTIME")))
    assert gekomen == [1, 1]


@pytest.mark.parametrize(
    ("eigen_las", "waarheen"),
    [
        pytest.param(False, "0363", id="sent by itself"),
        pytest.param(True, "0363", id="sent by a LAS"),
        pytest.param(True, "0405", id="sent by a LAS, to another regio"),
    ],
)
def test_who_moved_is_taken_back_in_both_gemeenten(
    wereld: Wereld, zaanstad: str, las: Systeem, systeem: Maak, eigen_las: bool, waarheen: str
) -> None:
    """Rule 7: told in Zaanstad, in its bulk, moved, and then no mbo-ganger after all."""
    oud, nieuw = systeem(zaanstad), systeem(waarheen)
    if eigen_las:
        las.stuur(GANGERS, las.mbo_ganger(NUMMER, gemeentecode="0479"))
    else:
        overstap = las.lever(NUMMER, gemeentecode="0479")
    maak_bulk(wereld, MAART)
    assert len(signalen_in(oud.postbus(), NUMMER, "BULK_0301")) == 1
    wereld.op(date(2026, 3, 20))
    if eigen_las:
        weg = {"volgnummer": 2, "isPotentieleMboGanger": False, "wijzigingsdatum": "2026-03-20"}
        [uit] = las.stuur(GANGERS, las.mbo_ganger(NUMMER, gemeentecode=waarheen, **weg))
        assert kort(uit) == ("verwerkt", [])
    else:
        las.lever(NUMMER, gemeentecode=waarheen)
        las.vervolgkeuze(overstap, "havo")

    def gemeld(postbus: Systeem) -> list[tuple[bool, int]]:
        return [(g["isPotentieleMboGanger"], g["volgnummer"]) for g in gangers_in(postbus.postbus(), NUMMER)]

    assert (gemeld(oud), gemeld(nieuw)) == ([(True, 1), (False, 2)], [(False, 2)])
    assert [s["signaalType"] for s in signalen_in(oud.postbus(), NUMMER, "REALTIME")] == ["VERVALLEN"]
    # To the new gemeente it stands alone: it says who, from which school, and that it ended.
    [bericht] = gangers_in(nieuw.postbus(), NUMMER)
    assert (bericht["brin"], bericht["gemeentecode"], bericht["studiejaarInstroom"]) == ("99AA", waarheen, "2026-2027")


def test_a_studiejaar_begins_anew(wereld: Wereld, las: Systeem, amsterdam: Systeem) -> None:
    """Rule 8: in October two jaren are open; volgnummers and what was reported do not carry over."""
    las.stuur(GANGERS, las.mbo_ganger(NUMMER))
    wereld.op(date(2026, 10, 5))
    nieuw = {"studiejaarInstroom": "2027-2028", "wijzigingsdatum": "2026-10-05"}
    onwaar, waar = las.stuur(
        GANGERS,
        las.mbo_ganger(NUMMER, isPotentieleMboGanger=False, **nieuw),
        las.mbo_ganger(NUMMER, **nieuw),
    )
    assert (kort(onwaar), kort(waar)) == (("geweigerd", ["F104"]), ("verwerkt", []))
    gemeld = [(g["studiejaarInstroom"], g["volgnummer"]) for g in gangers_in(amsterdam.postbus(), NUMMER)]
    assert gemeld == [("2026-2027", 1), ("2027-2028", 1)]


def test_on_the_page_and_over_the_api(wereld: Wereld, las: Systeem, sis: Systeem, amsterdam: Systeem) -> None:
    """Rule 9: what lies in the postbus is read over the API and on the page; confirming does not hide it there."""
    las.lever(NUMMER, achternaam="Kanarie")
    sis.meld_aan(NUMMER)
    antwoord = {"cursor": ""}
    assert len(statussen_in(amsterdam.postbus(), NUMMER)) == 1
    for _ in range(2):
        pagina = wereld.client(Rol.LEERPLICHT, "0363").get("/vva").content.decode()
        assert "Kanarie" in pagina
        assert "Aanmelding ontvangen" in wereld.client(Rol.DECAAN).get("/vva/berichten").content.decode()
        antwoord = amsterdam.get("/api/v1/vva/postbus").json()
        amsterdam.post("/api/v1/vva/postbus/bevestigingen", {"tot": antwoord["cursor"]})
    assert antwoord["berichten"] == []  # type: ignore[comparison-overlap]


def test_no_number_in_answers_logs_or_mail(
    las: Systeem, sis: Systeem, amsterdam: Systeem, caplog: pytest.LogCaptureFixture, capfd: Any
) -> None:
    """Rule 10: what is refused, warned about, or no JSON at all: nowhere does the number come back."""
    fout = "999900019"
    with caplog.at_level("DEBUG"):
        antwoorden = [
            las.stuur(GANGERS, las.mbo_ganger(NUMMER), las.mbo_ganger(fout), las.mbo_ganger(NUMMER, brin=NUMMER)),
            las.stuur(GANGERS, las.mbo_ganger(NUMMER, **{NUMMER: NUMMER}), las.mbo_ganger(NUMMER, volgnummer=NUMMER)),
            sis.stuur(STATUSSEN, sis.aanmeldstatus(NUMMER, status=NUMMER), sis.aanmeldstatus(NUMMER, voSchool=NUMMER)),
            [{"antwoord": las.post(f"/api/v1/vva/{GANGERS}", {NUMMER: NUMMER}).content.decode()}],
            [{"antwoord": amsterdam.get(f"/api/v1/vva/postbus?na={NUMMER}x").content.decode()}],
        ]
        draai()
    uitvoer = capfd.readouterr()
    # The address that somebody else chose is theirs; what we write about it is ours.
    logregels = [r.getMessage() for r in caplog.records if not r.name.startswith(("django.db", "django_structlog"))]
    gelogd = "".join(logregels) + "".join(
        regel for regel in (uitvoer.err + uitvoer.out).splitlines() if "postbus?na=" not in regel
    )
    assert "/api/v1/vva/" in gelogd
    alles = str(antwoorden) + gelogd + "".join(m.subject + str(m.body) for m in mail.outbox)
    assert "geweigerd" in alles
    assert not [n for n in (NUMMER, fout) if n in alles.replace(f"?na={NUMMER}x", "")]


def test_gemeente_and_status_that_are_none(las: Systeem, sis: Systeem, amsterdam: Systeem) -> None:
    [gemeente] = las.stuur(GANGERS, las.mbo_ganger(NUMMER, gemeentecode="9998"))
    ook, status = sis.stuur(
        STATUSSEN,
        sis.aanmeldstatus(NUMMER, gemeentecode="9998"),
        sis.aanmeldstatus(NUMMER, gemeentecode="0363", status="GEPLAATST"),
    )
    assert (kort(gemeente), kort(ook), kort(status)) == (
        ("geweigerd", ["F106"]),
        ("geweigerd", ["F106"]),
        ("geweigerd", ["F201"]),
    )
    assert gangers_in(amsterdam.postbus(), NUMMER) == statussen_in(amsterdam.postbus(), NUMMER) == []


def test_what_does_not_fit_is_put_in_front_of_a_person(wereld: Wereld, las: Systeem, sis: Systeem) -> None:
    """The koppelpunt of this mbo says something that the rules refuse: kept, and on the page of the mbo."""
    las.lever(NUMMER)
    sis.meld_aan(NUMMER, "definitief")
    uit = sis.meld_aan(NUMMER, "beeindigd", volgnummer=2)
    assert kort(uit) == ("opgeslagen", ["W303"])
    pagina = wereld.client(Rol.MBO_MEDEWERKER, "99MA").get("/niet-verwerkt").content.decode()
    assert f"S-{NUMMER}" in pagina or "Postma" in pagina


def test_busy_is_503_with_t004(las: Systeem, bank: Databank) -> None:
    """Another call of the same organisatie holds the line for longer than the database waits: nothing is stored, try again."""
    bericht = las.mbo_ganger(NUMMER)
    slot = rij_van(Organisatie.objects.get(code="99AA").id)
    with psycopg.connect(bank.url("DATABASE_URL")) as ander, connection.cursor() as cursor:
        ander.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [slot])
        cursor.execute("SET LOCAL lock_timeout = '100ms'")
        antwoord = las.post(f"/api/v1/vva/{GANGERS}", {"berichten": [bericht]})
        assert (antwoord.status_code, antwoord.json()["code"]) == (503, "T004")
        assert int(antwoord.headers["Retry-After"]) > 0
        ander.rollback()
    assert kort(las.stuur(GANGERS, bericht)[0]) == ("verwerkt", [])
