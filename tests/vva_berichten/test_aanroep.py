"""The call as a whole, and one message in it that does not fit: what is answered, and that the others go on. Bron: vva.md."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from tests.vva_berichten.conftest import Systeem
from tests.vva_berichten.hulp import NOVEMBER
from tests.wereld import Wereld, bsn
from vva_berichten.models import Bericht

GANGERS = "/api/v1/vva/potentiele-mbo-gangers"
STATUSSEN = "/api/v1/vva/aanmeldstatussen"
POSTBUS = "/api/v1/vva/postbus"
BEVESTIG = f"{POSTBUS}/bevestigingen"
ALLE = ((GANGERS, "99AA"), (STATUSSEN, "99MA"), (BEVESTIG, "0362"))


@pytest.fixture
def nu(wereld: Wereld) -> Wereld:
    wereld.op(NOVEMBER)
    return wereld


def is_probleem(antwoord: Any, status: int) -> dict[str, Any]:
    assert antwoord.status_code == status, antwoord.content
    assert antwoord["Content-Type"] == "application/problem+json"
    inhoud: dict[str, Any] = antwoord.json()
    assert set(inhoud) == {"type", "title", "status", "detail", "instance", "code", "invalidParams"}
    assert inhoud["status"] == status
    assert inhoud["detail"].endswith(".")
    return inhoud


def ruw(wie: Systeem, pad: str, inhoud: bytes, soort: str = "application/json", **koppen: str) -> Any:
    return wie.client.post(pad, inhoud, content_type=soort, headers=wie._koppen | koppen)


# --- one message that does not fit -----------------------------------------------------------------------------------------


def _stel_in(bericht: dict[str, Any], wijzer: str, waarde: Any) -> None:
    *pad, veld = wijzer.strip("/").split("/")
    plek = bericht
    for deel in pad:
        plek = plek[deel]
    if waarde == "weg":
        del plek[veld]
    else:
        plek[veld] = waarde


MIS = [
    ("/berichtType", "AANMELDSTATUSS", "heeft niet de goede vorm"),
    ("/berichtType", "weg", "ontbreekt"),
    ("/contractVersie", "2.0.0", "heeft niet de goede vorm"),
    ("/verzendendeInstantie", None, "mag niet leeg zijn"),
    ("/verzendendeInstantie", "1", "heeft niet de goede vorm"),
    ("/ontvangendeInstantie", 1, "heeft niet de goede vorm"),
    ("/datumTijd", "2025-11-15T09:00:00", "heeft niet de goede vorm"),
    ("/namens", {}, "heeft niet de goede vorm"),
    ("/extra", 1, "bestaat niet in het contract"),
    ("/{body}", "weg", "ontbreekt"),
    ("/{body}", [], "heeft niet de goede vorm"),
    ("/{body}/pgn", "weg", "ontbreekt"),
    ("/{body}/pgn", None, "mag niet leeg zijn"),
    ("/{body}/pgn/burgerservicenummer", 999900018, "heeft niet de goede vorm"),
    ("/{body}/pgn/burgerservicenummer", "12345678", "heeft niet de goede vorm"),
    ("/{body}/pgn/naam", "Jan", "bestaat niet in het contract"),
    ("/{body}/volgnummer", 0, "heeft niet de goede vorm"),
    ("/{body}/volgnummer", "1", "heeft niet de goede vorm"),
    ("/{body}/volgnummer", 10**30, "heeft niet de goede vorm"),
    ("/{body}/studiejaarInstroom", "2026", "heeft niet de goede vorm"),
    ("/{body}/studiejaarInstroom", "2026-2028", "heeft niet de goede vorm"),
    ("/{body}/gemeentecode", "363", "heeft niet de goede vorm"),
    ("/{body}/geboortedatum", "2009-05-01", "bestaat niet in het contract"),
]
MIS_GANGER = [
    ("/{body}/isPotentieleMboGanger", "ja", "heeft niet de goede vorm"),
    ("/{body}/brin", "0AAA", "heeft niet de goede vorm"),
    ("/{body}/vestiging", "99AA", "heeft niet de goede vorm"),
    ("/{body}/wijzigingsdatum", "2025-02-30", "heeft niet de goede vorm"),
    ("/{body}/opleidingscode", "25491", "bestaat niet in het contract"),
]
MIS_STATUS = [
    ("/{body}/aanmeldId", "", "is te kort"),
    ("/{body}/aanmeldId", "x" * 37, "is te lang"),
    ("/{body}/aanmeldId", "a\x00b", "bevat een teken dat niet kan"),
    ("/{body}/aanmeldId", "a\ud800b", "bevat een teken dat niet kan"),
    ("/{body}/statusDatum", "2026-13-01", "heeft niet de goede vorm"),
    ("/{body}/voSchool", "99AAA", "heeft niet de goede vorm"),
    ("/{body}/mboInstelling", ["99MA"], "heeft niet de goede vorm"),
]


def _paar(wie: Systeem, pad: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    if pad == GANGERS:
        return wie.mbo_ganger(bsn(3001)), wie.mbo_ganger(bsn(3002)), "potentieleMboGanger"
    return (
        wie.aanmeldstatus(bsn(3001), gemeentecode="0363"),
        wie.aanmeldstatus(bsn(3002), gemeentecode="0363"),
        "aanmeldstatus",
    )


@pytest.mark.parametrize(
    ("pad", "code", "gevallen"), [(GANGERS, "99AA", MIS + MIS_GANGER), (STATUSSEN, "99MA", MIS + MIS_STATUS)]
)
def test_each_kind_of_misfit_is_t001_with_a_pointer_and_blocks_no_other(
    nu: Wereld, systeem: Callable[..., Systeem], pad: str, code: str, gevallen: list[tuple[str, Any, str]]
) -> None:
    wie = systeem(code)
    berichten, verwacht = [], []
    for wijzer, waarde, reden in gevallen:
        fout, goed, body = _paar(wie, pad)
        plek = wijzer.format(body=body)
        _stel_in(fout, plek, waarde)
        goed[body]["pgn"] = {"burgerservicenummer": bsn(3100 + len(berichten))}
        berichten += [fout, goed]
        verwacht.append((fout["berichtId"], plek, reden))
    antwoord = wie.post(pad, {"berichten": berichten})
    assert antwoord.status_code == 200, antwoord.content
    uit = antwoord.json()["resultaten"]
    assert len(uit) == len(berichten)
    for (bericht_id, plek, reden), fout, goed in zip(verwacht, uit[::2], uit[1::2], strict=True):
        assert (fout["uitkomst"], fout["codes"], fout["berichtId"]) == ("geweigerd", ["T001"], bericht_id), (plek, fout)
        assert f" {plek} {reden}" in fout["melding"], (plek, fout)
        assert goed["uitkomst"] in ("verwerkt", "opgeslagen"), (plek, goed)
    with nu.bereik():
        assert Bericht.objects.filter(richting="in").count() == len(gevallen)


def test_what_is_no_message_at_all_is_refused_alone(nu: Wereld, systeem: Callable[..., Systeem]) -> None:
    wie = systeem("99AA")
    kaal: list[Any] = [1, None, "tekst", [], {}, True, [[[]]], "\ud800", "\x00"]
    *fout, goed = wie.stuur("potentiele-mbo-gangers", *kaal, wie.mbo_ganger(bsn(3001)))
    assert [(f["uitkomst"], f["codes"], f["berichtId"]) for f in fout] == [("geweigerd", ["T001"], None)] * len(kaal)
    assert goed["uitkomst"] == "verwerkt"


def test_a_backslash_before_u0000_is_no_nul(nu: Wereld, systeem: Callable[..., Systeem]) -> None:
    wie = systeem("99MA")
    goed, fout = wie.stuur(
        "aanmeldstatussen",
        wie.aanmeldstatus(bsn(3001), gemeentecode="0363", aanmeldId="a\\u0000"),
        wie.aanmeldstatus(bsn(3002), gemeentecode="0363", aanmeldId="a\x00"),
    )
    assert (goed["uitkomst"], fout["codes"]) == ("opgeslagen", ["T001"])


def test_opleidingscode_is_taken_and_dropped_before_storage(nu: Wereld, systeem: Callable[..., Systeem]) -> None:
    from vva_berichten import opstellen

    wie = systeem("99MA")
    bericht = wie.aanmeldstatus(bsn(3001), gemeentecode="0363", opleidingscode="25491")
    assert wie.stuur("aanmeldstatussen", bericht)[0]["uitkomst"] == "opgeslagen"
    with nu.bereik():
        opgeslagen = opstellen.ruw(Bericht.objects.get(bericht_id=bericht["berichtId"]))
    assert bericht["aanmeldstatus"]["aanmeldId"].encode() in opgeslagen
    assert b"opleidingscode" not in opgeslagen
    assert b"25491" not in opgeslagen


# --- the call as a whole ----------------------------------------------------------------------------------------------------


KAPOT = [
        b" ", b"{", b"[]", b"null", b'"x"', b"{}", b'{"berichten": null}', b'{"berichten": {}}', b'{"berichten": []}', b'{"berichten": [{}], "x": 1}',
        b'{"berichten": [{]}', b'{"berichten": [{"a": NaN}]}', b'{"berichten": ["\x01"]}', b"\xff\xfe\x00", b"[" * 100_000,
        b'{"berichten": [' + b",".join([b"{}"] * 1001) + b"]}", b'{"berichten": [' + b",".join([b'"\\ud800"'] * 1001) + b"]}",
]  # fmt: skip


@pytest.mark.parametrize(("pad", "code"), ALLE[:2])
def test_a_body_that_is_wrong_as_a_whole_is_400(
    nu: Wereld, systeem: Callable[..., Systeem], pad: str, code: str
) -> None:
    wie = systeem(code)
    for inhoud in KAPOT:
        assert is_probleem(ruw(wie, pad, inhoud), 400)["code"] == "T001", inhoud[:40]
    goed = json.dumps({"berichten": [_paar(wie, pad)[0]]}).encode()
    assert ruw(wie, pad, goed).status_code == 200


@pytest.mark.parametrize(("pad", "code"), ALLE)
def test_401_403_405_406_413_415(
    nu: Wereld, systeem: Callable[..., Systeem], settings: Any, pad: str, code: str
) -> None:
    wie = systeem(code)
    zonder = wie.client.post(pad, b"{}", content_type="application/json")
    assert is_probleem(zonder, 401)["code"] == "token"
    assert zonder["WWW-Authenticate"].startswith("Bearer")
    smal = systeem(code, scopes="overstappen:lezen")
    assert is_probleem(smal.post(pad, {}), 403)["code"] == "scope"
    assert is_probleem(wie.client.put(pad, b"{}", headers=wie._koppen), 405)
    assert is_probleem(ruw(wie, pad, b"{}", Accept="text/xml"), 406)
    assert is_probleem(ruw(wie, pad, b"{}", "text/plain"), 415)
    assert is_probleem(ruw(wie, pad, b"{}", "application/x-www-form-urlencoded"), 415)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert is_probleem(ruw(wie, pad, b" " * 101), 413)
    assert ruw(wie, pad, b" " * 99).status_code == 400


@pytest.mark.parametrize(("pad", "code"), ALLE)
def test_too_often_is_429_with_retry_after(
    nu: Wereld, systeem: Callable[..., Systeem], settings: Any, pad: str, code: str
) -> None:
    wie, ander = systeem(code), systeem(code)
    settings.OVERSTAP_API_PER_MINUUT = 2
    assert [wie.post(pad, {}).status_code for _ in range(2)] == [400, 400]
    te_vaak = wie.post(pad, {})
    is_probleem(te_vaak, 429)
    assert 1 <= int(te_vaak["Retry-After"]) <= 61
    assert ander.post(pad, {}).status_code == 400


def test_a_database_that_does_not_answer_is_t004_with_retry_after(nu: Wereld, systeem: Callable[..., Systeem]) -> None:
    """Every statement is cancelled by PostgreSQL itself: what a database under pressure does, for real."""
    wie = systeem("99AA")
    inhoud = {"berichten": [wie.mbo_ganger(bsn(3000 + n)) for n in range(200)]}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '1ms'")
        antwoord = wie.post(GANGERS, inhoud)
        transaction.set_rollback(True)
    assert is_probleem(antwoord, 503)["code"] == "T004"
    assert int(antwoord["Retry-After"]) > 0
    assert {r["uitkomst"] for r in wie.post(GANGERS, inhoud).json()["resultaten"]} == {"verwerkt"}
