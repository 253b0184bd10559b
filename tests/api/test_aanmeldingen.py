"""POST /aanmeldingen: what a SIS delivers; outcomes and codes of vva.md."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Mandaat
from overstap.basis.rls import bereik
from statuses.models import Aanmelding, NietVerwerkt
from tests.api.conftest import Api, Land, bsn
from tests.api.test_leerlingen import resultaten
from tests.api.test_problemen import is_probleem

PAD = "/api/v1/aanmeldingen"
Maak = Callable[..., Api]


@pytest.fixture
def nummer(land: Land) -> str:
    """The bsn of a marked leerling."""
    rij = land.rij(land.vestiging)
    land.leerling(pgn=rij.pgn)
    return rij.pgn


def aanmelding(nummer: str, **anders: Any) -> dict[str, Any]:
    return {
        "aanmeldId": "A-1", "pgn": {"burgerservicenummer": nummer}, "overstapjaar": "2025-2026",
        "opleiding": {"crebo": "25491", "naam": "Verzorgende IG", "niveau": 3, "leerweg": "bol"},
        "status": "intake", "statusDatum": "2026-02-02", "volgnummer": 2, "reden": None, "aanwezigheid": None,
    } | anders  # fmt: skip


def lever(*rijen: Any, **anders: Any) -> dict[str, Any]:
    return {"aanmeldingen": list(rijen)} | anders


def test_de_vier_uitkomsten(land: Land, api: Maak, nummer: str) -> None:
    mbo = api("mbo")
    (nieuw,) = resultaten(mbo.post(PAD, lever(aanmelding(nummer))))
    assert (nieuw["uitkomst"], nieuw["codes"], nieuw["aanmeldId"]) == ("verwerkt", [], "A-1")
    gezien = mbo.get(f"/api/v1/overstappen/{nieuw['overstapId']}").json()
    assert (gezien["leidendeStatus"], gezien["aanmeldingen"][0]["opleiding"]["naam"]) == ("intake", "Verzorgende IG")
    uit = resultaten(
        mbo.post(
            PAD,
            lever(
                aanmelding(nummer),
                aanmelding(nummer, volgnummer=1),
                aanmelding(nummer, status="voorlopig"),
                aanmelding(nummer, volgnummer=3, status="beeindigd"),
                aanmelding(bsn(5000), aanmeldId="A-2"),
            ),
        )
    )
    assert [(u["uitkomst"], u["codes"]) for u in uit] == [
        ("alVerwerkt", []),
        ("opgeslagen", ["W302"]),
        ("geweigerd", ["F202"]),
        ("opgeslagen", ["W303"]),
        ("opgeslagen", ["W304"]),
    ]
    assert all(u["melding"].startswith(f"Rij {i}") for i, u in enumerate(uit, start=1) if u["codes"])
    with bereik(["21"]):
        assert set(NietVerwerkt.objects.values_list("code", flat=True)) == {"W302", "W303", "W304"}


FOUT: list[tuple[dict[str, Any], str, str]] = [
    ({"pgn": {"burgerservicenummer": "999900019"}}, "F101", "pgn.burgerservicenummer"),
    ({"pgn": {}}, "F102", "pgn"),
    ({"status": "lp_definitief"}, "F201", "status"),
    ({"status": "weg"}, "F201", "status"),
    ({"status": 8}, "T001", "status"),
    ({"statusDatum": "2026-03-21"}, "T001", "statusDatum"),
    ({"statusDatum": "0999-01-01"}, "T001", "statusDatum"),
    ({"statusDatum": "2025-08-31"}, "T001", "statusDatum"),
    ({"aanmeldDatum": "2026-03-21"}, "T001", "aanmeldDatum"),
    ({"volgnummer": 0}, "T001", "volgnummer"),
    ({"volgnummer": 10**30}, "T001", "volgnummer"),
    ({"volgnummer": 1.5}, "T001", "volgnummer"),
    ({"aanmeldId": "x" * 37}, "T001", "aanmeldId"),
    ({"aanmeldId": " A"}, "T001", "aanmeldId"),
    ({"opleiding": {}}, "T001", "opleiding"),
    ({"opleiding": {"crebo": "123"}}, "T001", "opleiding.crebo"),
    ({"opleiding": {"naam": "Kok", "niveau": 5}}, "T001", "opleiding.niveau"),
    ({"overstapjaar": "2025"}, "T001", "overstapjaar"),
    ({"aanwezigheid": "ja"}, "T001", "aanwezigheid"),
    ({"reden": {"tekst": "\x07"}}, "T001", "reden.tekst"),
    ({"onbekend": 1}, "T001", "onbekend"),
    ({"namens": "0000000700025MX00000"}, "T003", "namens"),
    ({"namens": "x"}, "T001", "namens"),
]


def test_een_foute_rij_noemt_rij_veld_en_regel_en_houdt_de_andere_niet_tegen(
    land: Land, api: Maak, nummer: str
) -> None:
    rijen = [aanmelding(nummer, aanmeldId=f"F-{i}") | anders for i, (anders, _, _) in enumerate(FOUT)]
    antwoord = api("mbo").post(PAD, lever(*rijen, aanmelding(nummer)))
    *fouten, goed = resultaten(antwoord)
    assert goed["uitkomst"] == "verwerkt"
    for i, (uit, (anders, code, veld)) in enumerate(zip(fouten, FOUT, strict=True), start=1):
        assert (uit["uitkomst"], uit["codes"]) == ("geweigerd", [code]), (anders, uit)
        assert uit["melding"].startswith(f"Rij {i}, {veld}: "), (anders, uit)
        if "aanmeldId" not in anders:
            assert uit["aanmeldId"] == f"F-{i - 1}"
    assert "9999000" not in antwoord.content.decode()
    with bereik(["21"]):
        assert Aanmelding.objects.count() == 1


def test_een_pgn_in_het_verkeerde_veld_komt_niet_terug(land: Land, api: Maak, nummer: str) -> None:
    antwoord = api("mbo").post(PAD, lever(aanmelding(nummer, aanmeldId=nummer, status=3), aanmelding(nummer)))
    assert [u["uitkomst"] for u in resultaten(antwoord)] == ["geweigerd", "verwerkt"]
    assert nummer not in antwoord.content.decode()


@pytest.mark.parametrize(
    "ruw", [" ", "x", "null", "[]", "{}", '{"aanmeldingen": null}', '{"aanmeldingen": [[[[]]]', "[" * 99999]
)
def test_een_aanvraag_die_niet_te_lezen_is_is_een_400(land: Land, api: Maak, nummer: str, ruw: str) -> None:
    mbo = api("mbo")
    antwoord = mbo.client.generic(
        "POST", PAD, ruw, content_type="application/json", headers={"Authorization": f"Bearer {mbo.token}"}
    )
    is_probleem(antwoord, 400)
    assert resultaten(mbo.post(PAD, lever())) == []


def test_namens_een_andere_instelling_alleen_met_mandaat(land: Land, api: Maak, nummer: str) -> None:
    mbo, oin = api("mbo"), "0000000700095MX00000"
    (zonder,) = resultaten(mbo.post(PAD, lever(aanmelding(nummer), namens=oin)))
    assert (zonder["uitkomst"], zonder["codes"]) == ("geweigerd", ["T003"])
    Mandaat.objects.create(client=land.clients["mbo"], organisatie=land.ander_mbo, vanaf=date(2026, 1, 1))
    ander, eigen = resultaten(mbo.post(PAD, lever(aanmelding(nummer, namens=oin), aanmelding(nummer))))
    assert (ander["uitkomst"], eigen["uitkomst"]) == ("verwerkt", "verwerkt")
    with bereik(["21"]):
        assert set(Aanmelding.objects.values_list("mbo__code", flat=True)) == {"95LX", "95MX"}


def test_alleen_een_mbo_levert_aanmeldingen(land: Land, api: Maak, nummer: str) -> None:
    for soort in ("vo", "gemeente", "rmc", "samenwerkingsverband", "beheerorganisatie"):
        assert is_probleem(api(soort).post(PAD, lever(aanmelding(nummer))), 403)["code"] == "recht"
    assert api("mbo").post(PAD, lever(aanmelding(nummer))).status_code == 200


def test_evenveel_vragen_bij_10_als_bij_200_rijen(land: Land, api: Maak) -> None:
    mbo = api("mbo")

    def tel(aantal: int) -> int:
        rijen = [land.rij(land.vestiging) for _ in range(aantal)]
        from statuses.actions import record_leerlingen

        with bereik(["21"]):
            record_leerlingen(rijen, actor=land.actor("vo", land.school), bron="las")
        body = lever(*(aanmelding(rij.pgn, aanmeldId=f"N-{rij.pgn[-5:]}") for rij in rijen))
        with CaptureQueriesContext(connection) as vragen:
            uit = resultaten(mbo.post(PAD, json.dumps(body)))
        assert {u["uitkomst"] for u in uit} == {"verwerkt"}
        assert len(uit) == aantal
        return len(vragen)

    assert tel(10) == tel(200)
