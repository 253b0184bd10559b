"""GET /overstappen: the object of raakvlakken.md, narrowed per role; filters, pages, ETag."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import LogOnderwerp
from overstap.basis.rls import bereik
from statuses.actions import Wijziging, change_status
from statuses.beoordelen import Verzoek
from statuses.models import BuitenRegio
from statuses.overgangen import Via
from statuses.status import Spoor, Status
from tests.api.conftest import Api, Land
from tests.api.test_problemen import is_probleem

LIJST = "/api/v1/overstappen"
Maak = Callable[..., Api]


def wijzig(land: Land, soort: str, overstap: Any, spoor: Spoor, naar: Status | None, **velden: Any) -> None:
    from accounts.models import Organisatie

    organisatie = land.clients[soort].organisatie
    assert isinstance(organisatie, Organisatie)
    actor = land.actor(soort, organisatie)
    dag = velden.pop("geldig_op", date(2026, 3, 1))
    aanmelding = velden.pop("aanmelding_id", None)
    with bereik(["21", "22"]):
        verzoek = Verzoek(spoor, naar, actor.rol, Via.API, dag, **velden)
        uit = change_status(Wijziging(overstap, verzoek, aanmelding), actor=actor)
    assert uit.gelukt, uit


@pytest.fixture
def vol(land: Land) -> Any:
    """One leerling with something on every spoor: a refused and an open aanmelding, leerplicht, outside the regio."""
    pk = land.leerling()
    land.aanmelding(pk, Status.AFGEWEZEN, reden_code="anders", reden_tekst="Geheim van het ene mbo")
    land.aanmelding(pk, Status.INTAKE, mbo=land.ander_mbo, opleiding="Kok", crebo="25180")
    wijzig(land, "vo", pk, Spoor.LEERPLICHT, Status.LP_INGESCHAKELD, tekst="De school schrijft dit")
    wijzig(land, "gemeente", pk, Spoor.LEERPLICHT, Status.LP_IN_BEHANDELING, tekst="Leerplicht schrijft dit")
    with bereik(["21"]):
        BuitenRegio.objects.create(
            regio_id="21", overstap_id=pk, mbo_code="25XX", aanmeld_id="B-1", status="INGESCHREVEN",
            status_datum=date(2026, 2, 1), volgnummer=1,
        )  # fmt: skip
    return pk


def test_de_school_ziet_het_hele_object(land: Land, api: Maak, vol: Any) -> None:
    antwoord = api("vo").get(f"{LIJST}/{vol}")
    assert antwoord.status_code == 200
    inhoud = antwoord.json()
    assert {k: v for k, v in inhoud.items() if k not in ("aanmeldingen", "gebeurtenissen")} == {
        "id": str(vol),
        "overstapjaar": "2025-2026",
        "vestiging": "90AA00",
        "klas": "4B",
        "onderwijssoort": "vmbo",
        "leerweg": "bb",
        "leerling": {
            "voornaam": "Noor",
            "tussenvoegsel": "de",
            "achternaam": "Wit",
            "geboortedatum": "2009-05-01",
            "gemeentecode": "0363",
        },
        "leidendeStatus": "lp_in_behandeling",
        "sinds": "2026-03-01",
        "actieDoor": "leerplicht",
        "aanZet": "leerplicht",
        "risico": {"risicoleerling": True, "signalen": ["afgewezen_met_andere_open", "buiten_de_regio"]},
        "sporen": {"vo": None, "leerplicht": "lp_in_behandeling"},
        "potentieleMboGanger": None,
        "buitenDeRegio": [{"mboInstelling": "25XX", "naam": "", "status": "INGESCHREVEN", "statusDatum": "2026-02-01"}],
    }
    afgewezen, open_ = inhoud["aanmeldingen"]
    assert afgewezen == {
        "aanmeldId": afgewezen["aanmeldId"],
        "mboInstelling": "95LX",
        "opleiding": {"crebo": "25491", "naam": "Verzorgende IG", "niveau": 3, "leerweg": "bol"},
        "status": "afgewezen",
        "statusDatum": "2026-02-02",
        "reden": {"code": "anders", "tekst": "Geheim van het ene mbo"},
        "aanwezigheid": None,
    }
    assert (open_["mboInstelling"], open_["status"], open_["reden"]) == ("95MX", "intake", None)
    stappen = [(g["volgnr"], g["spoor"], g["van"], g["naar"]) for g in inhoud["gebeurtenissen"]]
    assert stappen == [
        (1, "markering", None, "overstapper"),
        (2, "aanmelding", None, "afgewezen"),
        (3, "aanmelding", None, "intake"),
        (4, "leerplicht", None, "lp_ingeschakeld"),
        (5, "leerplicht", "lp_ingeschakeld", "lp_in_behandeling"),
    ]
    eerste, laatste = inhoud["gebeurtenissen"][1], inhoud["gebeurtenissen"][4]
    assert set(eerste) == {"volgnr", "spoor", "mboInstelling", "aanmeldId", "van", "naar", "geldigOp", "geregistreerdOp", "bron", "reden"}  # fmt: skip
    assert (eerste["mboInstelling"], eerste["aanmeldId"], eerste["bron"]) == ("95LX", afgewezen["aanmeldId"], "sis")
    assert laatste["reden"] is None  # a case text of leerplicht
    assert inhoud["gebeurtenissen"][3]["reden"] == {"code": None, "tekst": "De school schrijft dit"}


def test_een_mbo_ziet_alleen_de_eigen_aanmeldingen_en_niets_van_de_andere_sporen(
    land: Land, api: Maak, vol: Any
) -> None:
    antwoord = api("mbo").get(f"{LIJST}/{vol}")
    inhoud = antwoord.json()
    assert [a["mboInstelling"] for a in inhoud["aanmeldingen"]] == ["95LX"]
    assert (inhoud["leidendeStatus"], inhoud["sinds"], inhoud["actieDoor"], inhoud["aanZet"]) == (
        "afgewezen", "2026-02-02", "vo", "vo",
    )  # fmt: skip
    assert inhoud["sporen"] is None
    assert inhoud["potentieleMboGanger"] is None
    assert inhoud["buitenDeRegio"] == []
    assert inhoud["risico"] == {"risicoleerling": True, "signalen": []}
    assert [(g["spoor"], g["naar"]) for g in inhoud["gebeurtenissen"]] == [("aanmelding", "afgewezen")]
    for geheim in ("schrijft dit", "Kok", "95MX", "leerplicht", "25XX"):
        assert geheim not in antwoord.content.decode()


def test_leerplicht_ziet_geen_opleiding_en_geen_reden_maar_wel_de_eigen_teksten(
    land: Land, api: Maak, vol: Any
) -> None:
    for soort in ("gemeente", "rmc"):
        antwoord = api(soort).get(f"{LIJST}/{vol}")
        inhoud = antwoord.json()
        assert [(a["mboInstelling"], a["opleiding"], a["reden"]) for a in inhoud["aanmeldingen"]] == [
            ("95LX", None, None),
            ("95MX", None, None),
        ]
        assert inhoud["sporen"] == {"vo": None, "leerplicht": "lp_in_behandeling"}
        teksten = [g["reden"]["tekst"] for g in inhoud["gebeurtenissen"] if g["reden"]]
        assert teksten == ["De school schrijft dit", "Leerplicht schrijft dit"]
        for geheim in ("Geheim van", "Verzorgende", "Kok", "anders"):
            assert geheim not in antwoord.content.decode()


@pytest.mark.parametrize("soort", ["samenwerkingsverband", "beheerorganisatie"])
def test_wie_alleen_cijfers_ziet_krijgt_geen_leerling(land: Land, api: Maak, vol: Any, soort: str) -> None:
    assert api("vo").get(f"{LIJST}/{vol}").status_code == 200
    is_probleem(api(soort).get(f"{LIJST}/{vol}"), 404)
    is_probleem(api(soort).get(LIJST), 403)


def test_een_niet_aangevinkte_leerling_ziet_alleen_de_eigen_school(land: Land, api: Maak) -> None:
    pk = land.leerling(overstapper=None, overstapper_sinds=None)
    inhoud = api("vo").get(f"{LIJST}/{pk}").json()
    assert (inhoud["leidendeStatus"], inhoud["sinds"], inhoud["actieDoor"], inhoud["aanZet"]) == (None,) * 4
    assert inhoud["gebeurtenissen"] == []
    for soort in ("mbo", "gemeente", "rmc"):
        is_probleem(api(soort).get(f"{LIJST}/{pk}"), 404)


def ids(antwoord: Any) -> set[str]:
    assert antwoord.status_code == 200, antwoord.content
    return {rij["id"] for rij in antwoord.json()["resultaten"]}


def test_de_lijst_filtert_op_wat_de_beller_ziet(land: Land, api: Maak, vol: Any) -> None:
    stil = land.leerling(klas="4C")
    oud = land.leerling(jaar=2024, overstapper=None, overstapper_sinds=None, klas="3A")
    school, mbo = api("vo"), api("mbo")
    assert ids(school.get(LIJST)) == {str(vol), str(stil), str(oud)}
    assert "gebeurtenissen" not in school.get(LIJST).json()["resultaten"][0]
    for vraag, verwacht in (
        ({"overstapjaar": "2025-2026"}, {vol, stil}),
        ({"status": "lp_in_behandeling"}, {vol}),
        ({"status": "lp_in_behandeling,zonder_aanmelding"}, {vol, stil}),
        ({"klas": "4C"}, {stil}),
        ({"vestiging": "90AA00", "overstapjaar": "2024-2025"}, {oud}),
        ({"vestiging": "90BB00"}, set()),
        ({"risico": "ja", "overstapjaar": "2025-2026"}, {vol, stil}),  # stil: stilstand since October
        ({"risico": "nee", "overstapjaar": "2025-2026"}, set()),
        ({"gewijzigdNa": "2026-03-19"}, {vol, stil, oud}),
        ({"gewijzigdNa": "2026-03-22T00:00:00+01:00"}, set()),
    ):
        assert ids(school.get(LIJST, vraag)) == {str(pk) for pk in verwacht}, vraag
    # The mbo filters on its own leidende status: leerplicht is not to be found out by asking.
    assert ids(mbo.get(LIJST, {"status": "lp_in_behandeling"})) == set()
    assert ids(mbo.get(LIJST, {"status": "afgewezen"})) == {str(vol)}
    assert ids(mbo.get(LIJST, {"risico": "ja"})) == {str(vol)}


@pytest.mark.parametrize(
    "vraag",
    [
        {"overstapjaar": "2025"}, {"overstapjaar": "2025-2027"}, {"overstapjaar": "9999-10000"}, {"status": "weg"}, {"risico": "x"},
        {"gewijzigdNa": "gisteren"}, {"gewijzigdNa": ""}, {"gewijzigdNa": "0001-01-01T00:00:00+14:00"}, {"cursor": "!!"}, {"cursor": "AAAA"}, {"limiet": "0"},
        {"limiet": "1001"}, {"limiet": "٣"}, {"klas": "a\x00"}, {"klas": "k" * 300}, {"kals": "4B"}, {"cursor": "9" * 400},
    ],
)  # fmt: skip
def test_een_foute_parameter_noemt_de_naam(land: Land, api: Maak, vraag: dict[str, str]) -> None:
    beller = api("vo")
    assert beller.get(LIJST, {"klas": "4B"}).status_code == 200
    fout = is_probleem(beller.get(LIJST, vraag), 400)
    assert [v["name"] for v in fout["invalidParams"]] == list(vraag)


def test_bladeren_geeft_elke_rij_een_keer(land: Land, api: Maak) -> None:
    alle = {str(land.leerling()) for _ in range(5)}
    beller = api("vo")
    eerste = beller.get(LIJST, {"limiet": 2, "klas": "4B"})
    gezien, volgende = [r["id"] for r in eerste.json()["resultaten"]], eerste.json()["volgende"]
    assert volgende.startswith("http://testserver/api/v1/overstappen?")
    while volgende:
        bladzij = beller.get(volgende.removeprefix("http://testserver")).json()
        gezien += [r["id"] for r in bladzij["resultaten"]]
        volgende = bladzij["volgende"]
    assert len(gezien) == 5
    assert set(gezien) == alle


@pytest.mark.parametrize("soort", ["vo", "mbo", "gemeente"])
def test_evenveel_vragen_bij_10_als_bij_200_rijen(land: Land, api: Maak, soort: str) -> None:
    def tel() -> int:
        with CaptureQueriesContext(
            connection,
        ) as vragen:
            antwoord = beller.get(LIJST, {"limiet": 1000, "risico": "ja"} if soort == "gemeente" else {"limiet": 1000})
        assert antwoord.status_code == 200
        aantallen.append(len(antwoord.json()["resultaten"]))
        return len(vragen)

    aantallen: list[int] = []
    beller = api(soort)
    land.met_aanmelding(10)
    tien = tel()
    land.met_aanmelding(190)
    assert tel() == tien
    assert aantallen == [10, 200]


def test_de_etag_volgt_de_stand_en_de_beller(land: Land, api: Maak, vol: Any) -> None:
    school, mbo = api("vo"), api("mbo")
    eerste = school.get(f"{LIJST}/{vol}")
    merk = eerste["ETag"]
    assert merk.startswith('"')
    assert "-" in merk
    assert school.get(f"{LIJST}/{vol}", If_None_Match=merk).status_code == 304
    assert school.get(f"{LIJST}/{vol}", If_None_Match='"1-x"').status_code == 200
    assert mbo.get(f"{LIJST}/{vol}")["ETag"] != merk
    wijzig(land, "gemeente", vol, Spoor.LEERPLICHT, Status.LP_AFGEHANDELD)
    assert school.get(f"{LIJST}/{vol}", If_None_Match=merk).status_code == 200


def test_elke_blik_staat_in_het_logboek(land: Land, api: Maak, vol: Any) -> None:
    with bereik(["21"]):
        voor = LogOnderwerp.objects.count()
    api("vo").get(LIJST)
    api("vo").get(f"{LIJST}/{vol}")
    api("vo").get(f"{LIJST}/{land.andere_vestiging.id}")  # absent: a refusal, no look
    with bereik(["21"]):
        from accounts.models import LogRegel

        assert LogOnderwerp.objects.count() == voor + 2
        assert LogRegel.objects.filter(uitkomst="geweigerd", handeling="leerling.zien").count() == 1


def test_wie_in_geen_regio_meedoet_ziet_niets(land: Land, api: Maak, vol: Any) -> None:
    from accounts.models import Deelname

    school = api("vo")
    assert school.get(LIJST).json()["resultaten"] != []
    with bereik(["21"]):
        Deelname.objects.filter(organisatie=land.school).delete()
    assert school.get(LIJST).json() == {"resultaten": [], "volgende": None}
    is_probleem(school.get(f"{LIJST}/{vol}"), 404)
    is_probleem(school.get("/api/v1/ambities"), 404)
    is_probleem(school.post("/api/v1/exports", {"export": "scholen"}), 404)
    assert school.get("/api/v1/vva/postbus").status_code < 500
