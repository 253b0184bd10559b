"""T003: for which service, on which days, and at once. Through the real API, with a token that was there before. Bron: vva.md."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from accounts.models import ApiClient, LogRegel, Mandaat
from accounts.rechten import Scope
from tests.vva_berichten.conftest import Systeem
from tests.vva_berichten.hulp import NOVEMBER
from tests.wereld import Wereld, bsn

EERSTE, LAATSTE = NOVEMBER + timedelta(days=5), NOVEMBER + timedelta(days=10)


def mandaat(*opties: str) -> list[dict[str, Any]]:
    uit = StringIO()
    call_command("mandaat", *opties, "--json", stdout=uit)
    gelezen: list[dict[str, Any]] = json.loads(uit.getvalue())["mandaten"]
    return gelezen


def client_id(wereld: Wereld, code: str) -> str:
    return str(ApiClient.objects.get(organisatie=wereld.organisaties[code]).client_id)


@pytest.fixture
def leverancier(wereld: Wereld, systeem: Callable[..., Systeem]) -> Systeem:
    """The system of 99AB, that wants to send for 99AA."""
    wereld.op(NOVEMBER)
    return systeem("99AB")


def stuurt(wie: Systeem, nummer: int) -> list[str]:
    """The codes of one message for 99AA."""
    codes: list[str] = wie.stuur("potentiele-mbo-gangers", wie.mbo_ganger(bsn(nummer)))[0]["codes"]
    return codes


def test_before_on_the_first_on_the_last_day_and_after(wereld: Wereld, leverancier: Systeem) -> None:
    mandaat(
        "geef", "--systeem", client_id(wereld, "99AB"), "--organisatie", "99AA",
        "--vanaf", EERSTE.isoformat(), "--tot", LAATSTE.isoformat(),
    )  # fmt: skip
    dag = timedelta(days=1)
    for nr, (op, verwacht) in enumerate(
        [(EERSTE - dag, ["T003"]), (EERSTE, []), (LAATSTE, []), (LAATSTE + dag, ["T003"])]
    ):
        wereld.op(op)
        assert stuurt(leverancier, 3100 + nr) == verwacht, op
    # Refused is not kept: after a mandaat the same message is welcome.
    mandaat("geef", "--systeem", client_id(wereld, "99AB"), "--organisatie", "99AA")
    assert stuurt(leverancier, 3100) == []


def test_ending_works_at_once_for_the_token_that_there_is(wereld: Wereld, leverancier: Systeem) -> None:
    (gegeven,) = mandaat("geef", "--systeem", client_id(wereld, "99AB"), "--organisatie", "99AA")
    assert stuurt(leverancier, 3101) == []
    (einde,) = mandaat("beeindig", gegeven["id"])
    assert einde["loopt"] is False
    assert stuurt(leverancier, 3102) == ["T003"]
    mandaat("geef", "--systeem", client_id(wereld, "99AB"), "--organisatie", "99AA")
    assert stuurt(leverancier, 3102) == []
    assert Mandaat.objects.count() == 2  # ended, never deleted


def test_for_one_service_opens_no_other(wereld: Wereld, leverancier: Systeem, systeem: Callable[..., Systeem]) -> None:
    leerling = {
        "pgn": {"burgerservicenummer": bsn(3150)}, "voornaam": "Noor", "tussenvoegsel": "", "achternaam": "Wit",
        "geboortedatum": "2009-05-01", "gemeentecode": "0363", "geheimAdres": False, "klas": "4B", "onderwijssoort": "vmbo",
        "leerweg": "bb", "examenkandidaat": True, "overstapper": True,
    }  # fmt: skip
    lever = {"vestiging": "99AA00", "overstapjaar": "2025-2026", "leerlingen": [leerling]}
    wie = client_id(wereld, "99AB")
    mandaat("geef", "--systeem", wie, "--organisatie", "99AA", "--dienst", Scope.VVA_MBO_GANGERS)
    assert stuurt(leverancier, 3103) == []
    geweigerd = leverancier.post("/api/v1/leerlingen", lever)
    assert (geweigerd.status_code, geweigerd.json()["code"]) == (403, "T003")
    mandaat("geef", "--systeem", wie, "--organisatie", "99AA", "--dienst", Scope.LEERLINGEN_SCHRIJVEN)
    assert leverancier.post("/api/v1/leerlingen", lever).status_code == 200
    # And an mbo: aanmeldstatussen, not aanmeldingen.
    mbo = systeem("99MB")
    status = mbo.aanmeldstatus(bsn(3151), mboInstelling="99MA", gemeentecode="0363")
    assert mbo.stuur("aanmeldstatussen", status)[0]["codes"] == ["T003"]
    mandaat(
        "geef",
        "--systeem",
        client_id(wereld, "99MB"),
        "--organisatie",
        "99MA",
        "--dienst",
        Scope.AANMELDINGEN_SCHRIJVEN,
    )
    assert mbo.stuur("aanmeldstatussen", status)[0]["codes"] == ["T003"]
    mandaat(
        "geef", "--systeem", client_id(wereld, "99MB"), "--organisatie", "99MA", "--dienst", Scope.VVA_AANMELDSTATUSSEN
    )
    assert mbo.stuur("aanmeldstatussen", status)[0]["uitkomst"] == "opgeslagen"


@pytest.mark.parametrize(
    ("opties", "zegt"),
    [
        (["--vanaf", "2025-11-14"], "in het verleden"),
        (["--vanaf", "2035-11-14"], "vijf jaar vooruit"),
        (["--vanaf", "2025-11-20", "--tot", "2025-11-19"], "laatste dag ligt voor de eerste"),
        (["--vanaf", "morgen"], "geen datum"),
        (["--dienst", "aanmeldingen:schrijven"], "mag dit niet"),
    ],
)
def test_what_cannot_be_is_said_and_gives_nothing(
    wereld: Wereld, leverancier: Systeem, opties: list[str], zegt: str
) -> None:
    goed = ["geef", "--systeem", client_id(wereld, "99AB"), "--organisatie", "99AA"]
    with pytest.raises(CommandError, match=zegt):
        mandaat(*goed, *opties)
    assert not Mandaat.objects.exists()
    (gegeven,) = mandaat(*goed)
    with pytest.raises(CommandError, match="Er is al een mandaat"):
        mandaat(*goed)
    with pytest.raises(CommandError, match="Er is al een mandaat"):
        mandaat(*goed, "--dienst", Scope.VVA_MBO_GANGERS, "--vanaf", "2026-02-01")
    with pytest.raises(CommandError, match="in het verleden"):
        mandaat("beeindig", gegeven["id"], "--laatste-dag", "2025-11-14")
    assert mandaat("toon", "--organisatie", "99AA") == [gegeven]


def test_only_of_the_same_kind_and_never_for_itself(wereld: Wereld, leverancier: Systeem) -> None:
    wie = client_id(wereld, "99AB")
    with pytest.raises(CommandError, match="eigen organisatie"):
        mandaat("geef", "--systeem", wie, "--organisatie", "99AB")
    with pytest.raises(CommandError, match="soort vo"):
        mandaat("geef", "--systeem", wie, "--organisatie", "99MA")
    with pytest.raises(CommandError, match="geen systeem"):
        mandaat("geef", "--systeem", "weg", "--organisatie", "99AA")
    with pytest.raises(CommandError, match="geen mandaat met dit id"):
        mandaat("beeindig", "weg")
    assert mandaat("geef", "--systeem", wie, "--organisatie", "99AA00")[0]["organisatie"] == "99AA"


def test_an_end_can_be_moved_until_it_is_past(wereld: Wereld, leverancier: Systeem) -> None:
    cache.clear()
    (gegeven,) = mandaat("geef", "--systeem", client_id(wereld, "99AB"), "--organisatie", "99AA")
    for laatste in ("2026-01-31", "2025-12-31"):
        assert mandaat("beeindig", gegeven["id"], "--laatste-dag", laatste)[0]["tot"] == laatste
    wereld.op(date(2026, 1, 1))
    assert stuurt(leverancier, 3105) == ["T003"]
    with pytest.raises(CommandError, match="al afgelopen"):
        mandaat("beeindig", gegeven["id"], "--laatste-dag", "2026-12-31")
    with wereld.bereik("21"):
        handelingen = list(
            LogRegel.objects.filter(object_soort="mandaat").order_by("id").values_list("handeling", flat=True)
        )
    assert handelingen == ["mandaat.geven", "mandaat.beeindigen", "mandaat.beeindigen"]
