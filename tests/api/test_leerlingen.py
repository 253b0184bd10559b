"""POST /leerlingen: what a LAS delivers; each row its own outcome, a good and a bad one in the same call."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from accounts.models import Mandaat
from overstap.basis.rls import bereik
from statuses.models import Leerling, Overstap
from tests.api.conftest import Api, Land, bsn
from tests.api.test_problemen import is_probleem

PAD = "/api/v1/leerlingen"
Maak = Callable[..., Api]


def leerling(nummer: int = 0, **anders: Any) -> dict[str, Any]:
    return {
        "pgn": {"burgerservicenummer": bsn(nummer)}, "voornaam": "Noor", "tussenvoegsel": "", "achternaam": "Wit", "klas": "4B",
        "geboortedatum": "2009-05-01", "gemeentecode": "0363", "geheimAdres": False, "onderwijssoort": "vmbo", "leerweg": "bb",
        "examenkandidaat": True, "overstapper": True, "overstapperSinds": "2025-10-03", "geinformeerd": True, "bezwaar": False,
    } | anders  # fmt: skip


def lever(*leerlingen: Any, **anders: Any) -> dict[str, Any]:
    return {"vestiging": "90AA00", "overstapjaar": "2025-2026", "leerlingen": list(leerlingen)} | anders


def resultaten(antwoord: Any) -> list[dict[str, Any]]:
    assert antwoord.status_code == 200, antwoord.content
    uit: list[dict[str, Any]] = antwoord.json()["resultaten"]
    assert all(set(r) == {"uitkomst", "codes", "melding", "overstapId", "aanmeldId"} for r in uit)
    return uit


def test_nieuw_dan_hetzelfde_dan_anders(land: Land, api: Maak) -> None:
    school = api("vo")
    (nieuw,) = resultaten(school.post(PAD, lever(leerling())))
    assert (nieuw["uitkomst"], nieuw["codes"], nieuw["melding"], nieuw["aanmeldId"]) == ("verwerkt", [], "", None)
    gezien = school.get(f"/api/v1/overstappen/{nieuw['overstapId']}").json()
    assert (gezien["klas"], gezien["leidendeStatus"], gezien["sinds"]) == ("4B", "zonder_aanmelding", "2025-10-03")
    (zelfde,) = resultaten(school.post(PAD, lever(leerling())))
    assert (zelfde["uitkomst"], zelfde["overstapId"]) == ("alVerwerkt", nieuw["overstapId"])
    (anders,) = resultaten(school.post(PAD, lever(leerling(klas="4C"))))
    assert (anders["uitkomst"], anders["overstapId"]) == ("verwerkt", nieuw["overstapId"])


FOUT: list[tuple[dict[str, Any], str, str]] = [
    ({"pgn": {"burgerservicenummer": "999900019"}}, "F101", "pgn.burgerservicenummer"),
    ({"pgn": {"onderwijsnummer": "999900018"}}, "F101", "pgn.onderwijsnummer"),
    ({"pgn": {"burgerservicenummer": "999900018", "onderwijsnummer": "100000009"}}, "F102", "pgn"),
    ({"pgn": {}}, "F102", "pgn"),
    ({"pgn": "999900018"}, "T001", "pgn"),
    ({"pgn": {"burgerservicenummer": 999900018}}, "T001", "pgn.burgerservicenummer"),
    ({"pgn": {"burgerservicenummer": "99990001"}}, "T001", "pgn.burgerservicenummer"),
    ({"pgn": {"burgerservicenummer": "999900018\n"}}, "T001", "pgn.burgerservicenummer"),
    ({"gemeentecode": "9999"}, "F106", "gemeentecode"),
    ({"gemeentecode": None}, "F106", "gemeentecode"),
    ({"gemeentecode": "0363", "land": "DE"}, "F106", "gemeentecode"),
    ({"onderwijssoort": "mavo"}, "T001", "onderwijssoort"),
    ({"leerweg": None}, "T001", "leerweg"),
    ({"leerweg": "x"}, "T001", "leerweg"),
    ({"onderwijssoort": "havo"}, "T001", "leerweg"),
    ({"geboortedatum": "2009-13-01"}, "T001", "geboortedatum"),
    ({"geboortedatum": "1009-05-01"}, "T001", "geboortedatum"),
    ({"geboortedatum": "2027-05-01"}, "T001", "geboortedatum"),
    ({"overstapperSinds": "2026-03-21"}, "T001", "overstapperSinds"),
    ({"overstapperSinds": "2025-08-31"}, "T001", "overstapperSinds"),
    ({"overstapper": "ja"}, "T001", "overstapper"),
    ({"voornaam": ""}, "T001", "voornaam"),
    ({"voornaam": " "}, "T001", "voornaam"),
    ({"achternaam": "x" * 121}, "T001", "achternaam"),
    ({"achternaam": "W\x07it"}, "T001", "achternaam"),
    ({"achternaam": None}, "T001", "achternaam"),
    ({"klas": 4}, "T001", "klas"),
    ({"overstaper": True}, "T001", "overstaper"),
    ({"uitstroomprofiel": "x"}, "T001", "uitstroomprofiel"),
    ({"uitbesteedAan": "00aa"}, "T001", "uitbesteedAan"),
]


def test_een_foute_rij_noemt_rij_veld_en_regel_en_houdt_de_andere_niet_tegen(land: Land, api: Maak) -> None:
    school = api("vo")
    rijen = [leerling(i) | anders for i, (anders, _, _) in enumerate(FOUT)]
    antwoord = school.post(PAD, lever(*rijen, leerling(900)))
    *fouten, goed = resultaten(antwoord)
    assert goed["uitkomst"] == "verwerkt"
    for nummer, (uit, (anders, code, veld)) in enumerate(zip(fouten, FOUT, strict=True), start=1):
        assert (uit["uitkomst"], uit["codes"], uit["overstapId"]) == ("geweigerd", [code], None), (anders, uit)
        assert uit["melding"].startswith(f"Rij {nummer}, {veld}: "), (anders, uit)
    assert "9999000" not in antwoord.content.decode()
    with bereik(["21"]):
        assert Leerling.objects.count() == 1


def test_een_rij_met_rommel_houdt_de_andere_niet_tegen(land: Land, api: Maak) -> None:
    goed = json.dumps(leerling(1))
    rommel = [
        "1",
        "null",
        "[]",
        '"x"',
        '{"voornaam": "\\u0000"}',
        '{"volgnr": 99999999999999999999999}',
    ]
    begin = '{"vestiging": "90AA00", "overstapjaar": "2025-2026", "leerlingen": '
    *fouten, laatste = resultaten(api("vo").post(PAD, f"{begin}[{','.join([*rommel, goed])}]}}"))
    assert [(u["uitkomst"], u["codes"]) for u in fouten] == [("geweigerd", ["T001"])] * len(rommel)
    assert laatste["uitkomst"] == "verwerkt"


@pytest.mark.parametrize(
    ("anders", "status", "code", "veld"),
    [
        ({"vestiging": "90ZZ00"}, 400, "F103", "vestiging"),
        ({"vestiging": "90BB00"}, 403, "T003", None),
        ({"vestiging": None}, 400, "T001", "vestiging"),
        ({"vestiging": "90aa00"}, 400, "T001", "vestiging"),
        ({"overstapjaar": "2024-2025"}, 400, "T001", "overstapjaar"),
        ({"overstapjaar": "2025"}, 400, "T001", "overstapjaar"),
        ({"overstapjaar": 2025}, 400, "T001", "overstapjaar"),
        ({"leerlingen": {}}, 400, "T001", "leerlingen"),
        ({"leerlingen": [1] * 5001}, 400, "T001", "leerlingen"),
        ({"iets": 1}, 400, "T001", "iets"),
    ],
)
def test_een_foute_aanvraag_verandert_niets(
    land: Land, api: Maak, anders: dict[str, Any], status: int, code: str, veld: str | None
) -> None:
    school = api("vo")
    fout = is_probleem(school.post(PAD, lever(leerling()) | anders), status)
    assert fout["code"] == code
    assert [v["name"] for v in fout["invalidParams"]] == ([veld] if veld else [])
    with bereik(["21", "22"]):
        assert not Leerling.objects.exists()
    assert resultaten(school.post(PAD, lever(leerling())))[0]["uitkomst"] == "verwerkt"


def test_alleen_een_school_levert_leerlingen(land: Land, api: Maak) -> None:
    assert api("vo").post(PAD, lever(leerling())).status_code == 200
    for soort in ("mbo", "gemeente", "rmc", "samenwerkingsverband", "beheerorganisatie"):
        assert is_probleem(api(soort).post(PAD, lever(leerling())), 403)["code"] == "recht"


def test_met_een_mandaat_levert_een_systeem_voor_een_andere_school(land: Land, api: Maak) -> None:
    school = api("vo")
    body = lever(leerling(gemeentecode="0479"), vestiging="90BB00")
    mandaat = Mandaat.objects.create(
        client=land.clients["vo"], organisatie=land.andere_school, vanaf=date(2026, 3, 20), tot=date(2026, 3, 20)
    )
    (uit,) = resultaten(school.post(PAD, body))
    assert uit["uitkomst"] == "verwerkt"
    with bereik(["22"]):
        assert Overstap.objects.get(pk=uit["overstapId"]).vestiging_id == land.andere_vestiging.pk
    is_probleem(school.get(f"/api/v1/overstappen/{uit['overstapId']}"), 404)  # the mandaat is for delivering
    for velden in ({"tot": date(2026, 3, 19)}, {"tot": None, "vanaf": date(2026, 3, 21)}):
        Mandaat.objects.filter(pk=mandaat.pk).update(**velden)
        assert is_probleem(school.post(PAD, body), 403)["code"] == "T003"


def test_buiten_nederland_en_wat_optioneel_is(land: Land, api: Maak) -> None:
    kort = {
        k: v for k, v in leerling(1).items() if k in ("pgn", "voornaam", "achternaam", "geboortedatum", "gemeentecode")
    }
    rijen = [
        kort | {"onderwijssoort": "pro"},
        leerling(2, land="DE", gemeentecode=None),
        leerling(3, onderwijssoort="vso", leerweg=None, uitstroomprofiel="dagbesteding", bestemming="arbeid"),
        leerling(4, pgn={"onderwijsnummer": "101222331"}, uitbesteedAan="90ZZ"),
    ]
    uit = resultaten(api("vo").post(PAD, lever(*rijen)))
    assert [u["uitkomst"] for u in uit] == ["verwerkt"] * 4, uit
    with bereik(["21"]):
        eerste = Overstap.objects.get(pk=uit[0]["overstapId"])
        assert (eerste.gemarkeerd_sinds, eerste.examenkandidaat, eerste.bezwaar) == (None, True, False)


def test_niets_van_een_leerling_komt_in_het_log(
    land: Land, api: Maak, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    kanarie = leerling(3, voornaam="Kanarievogel", achternaam="Zangzaad")
    nummer = kanarie["pgn"]["burgerservicenummer"]
    school = api("vo")
    with caplog.at_level("DEBUG"):
        goed, fout = resultaten(school.post(PAD, lever(kanarie, kanarie | {"klas": 7})))
        school.post(PAD, json.dumps(kanarie))
        school.get("/api/v1/overstappen", {"klas": "Kanarievogel"})
        school.get(f"/api/v1/overstappen/{goed['overstapId']}")
    assert (goed["uitkomst"], fout["uitkomst"]) == ("verwerkt", "geweigerd")
    uitvoer = capfd.readouterr()
    gelogd = (
        "".join(r.getMessage() for r in caplog.records if not r.name.startswith("django.db"))
        + uitvoer.err
        + uitvoer.out
    )
    assert "/api/v1/leerlingen" in gelogd
    for geheim in (nummer, "Kanarievogel", "Zangzaad"):
        assert geheim not in gelogd
