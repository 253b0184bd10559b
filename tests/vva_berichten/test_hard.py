"""Input that tries to break the receiver: an answer every time, never a 500, and nothing half done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.vva_berichten.conftest import Systeem
from tests.vva_berichten.hulp import NOVEMBER, draai
from tests.wereld import Wereld, bsn
from vva_berichten.models import Bericht

LANG = "x" * 5000


@pytest.fixture
def mbo(wereld: Wereld, systeem: Callable[..., Systeem]) -> Systeem:
    wereld.op(NOVEMBER)
    return systeem("99MA")


@pytest.mark.parametrize(
    "velden",
    [
        {"aanmeldId": "a\x00b"},
        {"aanmeldId": "\ud800"},
        {"aanmeldId": LANG},
        {"volgnummer": 10**30},
        {"volgnummer": 1.5},
        {"volgnummer": True},
        {"statusDatum": "0000-00-00"},
        {"statusDatum": "2026-02-30"},
        {"statusDatum": 20260201},
        {"studiejaarInstroom": "2099-2100"},
        {"status": LANG},
        {"mboInstelling": ["99MA"]},
        {"pgn": "999900018"},
        {"pgn": {"burgerservicenummer": 999900018}},
        {"pgn": {"burgerservicenummer": "٩٩٩٩٠٠٠١٨"}},
        {"gemeentecode": "0363\n"},
        {"statusDatum": "9999-12-31"},
        {"statusDatum": "0001-01-01"},
    ],
)
def test_any_field_gives_an_answer_and_the_good_one_goes_on(
    wereld: Wereld, mbo: Systeem, velden: dict[str, Any]
) -> None:
    antwoord = mbo.post(
        "/api/v1/vva/aanmeldstatussen",
        {
            "berichten": [
                mbo.aanmeldstatus(bsn(3001), **({"gemeentecode": "0363"} | velden)),
                mbo.aanmeldstatus(bsn(3002), gemeentecode="0363"),
            ]
        },
    )
    assert antwoord.status_code in (200, 400), antwoord.content
    if antwoord.status_code == 200:
        assert antwoord.json()["resultaten"][1]["uitkomst"] == "opgeslagen"
    else:
        with wereld.bereik():
            assert not Bericht.objects.filter(richting="in").exists()
    draai()


@pytest.mark.parametrize("inhoud", [b"", b"{", b"\xff\xfe", b"[" * 100000, b'{"berichten": [NaN]}', b"null"])
def test_any_body_gives_a_problem(mbo: Systeem, inhoud: bytes) -> None:
    antwoord = mbo.client.post(
        "/api/v1/vva/aanmeldstatussen", inhoud, content_type="application/json", headers=mbo._koppen
    )
    assert antwoord.status_code in (400, 415)
    assert antwoord.headers["Content-Type"].startswith("application/problem+json")
