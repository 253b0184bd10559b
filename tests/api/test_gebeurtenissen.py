"""POST /overstappen/<uuid>/gebeurtenissen: each answer of raakvlakken.md, success and refusal from the same stand."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from accounts.models import LogRegel
from overstap.basis.rls import bereik
from statuses.models import Gebeurtenis, Overstap
from statuses.status import Status
from tests.api.conftest import VANDAAG, Api, Land
from tests.api.test_problemen import is_probleem

Maak = Callable[..., Api]
HAVO = {"naar": "vervolgkeuze_vo", "reden": {"code": "havo", "tekst": ""}}


def pad(pk: object) -> str:
    return f"/api/v1/overstappen/{pk}/gebeurtenissen"


def post(beller: Api, pk: object, inhoud: Any, merk: str | None = None) -> Any:
    """With the ETag of now, unless another one is given ("" for none)."""
    if merk is None:
        merk = beller.get(f"/api/v1/overstappen/{pk}").headers.get("ETag", '"1-00000000"')
    return beller.post(pad(pk), inhoud, **({"If_Match": merk} if merk else {}))


def aantal(pk: object) -> int:
    with bereik(["21", "22"]):
        return Gebeurtenis.objects.filter(overstap_id=pk).count()


@pytest.fixture
def pk(land: Land) -> uuid.UUID:
    return land.leerling()


def test_vastleggen_en_terugnemen_geven_201_met_de_nieuwe_stand(land: Land, api: Maak, pk: uuid.UUID) -> None:
    school = api("vo")
    vast = post(school, pk, HAVO)
    assert vast.status_code == 201, vast.content
    assert vast.json()["leidendeStatus"] == "vervolgkeuze_vo"
    assert vast.json()["gebeurtenissen"][-1] | {"geregistreerdOp": ""} == {
        "volgnr": 2, "spoor": "vo", "mboInstelling": None, "aanmeldId": None, "van": None, "naar": "vervolgkeuze_vo",
        "geldigOp": VANDAAG.isoformat(), "geregistreerdOp": "", "bron": "api", "reden": {"code": "havo", "tekst": ""},
    }  # fmt: skip
    assert vast["Location"] == f"http://testserver/api/v1/overstappen/{pk}"
    assert vast["ETag"] == school.get(f"/api/v1/overstappen/{pk}")["ETag"]
    terug = post(school, pk, {"naar": None, "spoor": "vo"}, vast["ETag"])
    assert (terug.status_code, terug.json()["leidendeStatus"]) == (201, "zonder_aanmelding")


def test_particulier_met_het_antwoord_op_mbo_ja_of_nee(land: Land, api: Maak, pk: uuid.UUID) -> None:
    school = api("vo")
    particulier = {"naar": "vervolgkeuze_vo", "reden": {"code": "particulier"}}
    assert post(school, pk, particulier).status_code == 201
    assert post(school, pk, particulier | {"naarMbo": False}).status_code == 201
    with bereik(["21"]):
        assert Overstap.objects.get(pk=pk).vo_naar_mbo is False
    geweigerd = post(school, pk, HAVO | {"naarMbo": True})
    assert (geweigerd.status_code, geweigerd.json()["code"]) == (400, "naar_mbo_hoort_hier_niet")


def test_zonder_if_match_428_en_met_een_oude_412(land: Land, api: Maak, pk: uuid.UUID) -> None:
    school = api("vo")
    oud = school.get(f"/api/v1/overstappen/{pk}")["ETag"]
    assert is_probleem(post(school, pk, HAVO, ""), 428)["code"] == "if_match"
    assert post(school, pk, HAVO, oud).status_code == 201
    for merk in (oud, '"x"', "1", '"999999999999-00000000"', "é"):
        assert is_probleem(post(school, pk, {"naar": None, "spoor": "vo"}, merk), 412)["code"] == "gewijzigd"
    assert aantal(pk) == 2
    assert post(school, pk, {"naar": None, "spoor": "vo"}, "*").status_code == 201
    nu = school.get(f"/api/v1/overstappen/{pk}")["ETag"]
    assert post(school, pk, HAVO, f'W/{nu[:-1]}-gzip"').status_code == 201


def test_een_herhaling_en_een_andere_regel_zijn_een_409_met_de_naam(land: Land, api: Maak, pk: uuid.UUID) -> None:
    school = api("vo")
    assert post(school, pk, HAVO).status_code == 201
    assert is_probleem(post(school, pk, HAVO), 409)["code"] == "geen_wijziging"
    vroeger = {"naar": None, "spoor": "vo", "geldigOp": "2026-01-01"}
    assert is_probleem(post(school, pk, vroeger), 409)["code"] == "datum_voor_vorige"
    assert aantal(pk) == 2
    assert post(school, pk, vroeger | {"correctie": True}).status_code == 201


@pytest.mark.parametrize(
    ("anders", "veld"),
    [
        ({"reden": None}, "reden.code"),
        ({"reden": {"code": "werk"}}, "reden.code"),
        ({"reden": {"code": "anders", "tekst": " "}}, "reden.tekst"),
        ({"reden": {"code": "havo", "tekst": "x" * 2001}}, "reden.tekst"),
        ({"zekerheid": "misschien"}, "zekerheid"),
        ({"zekerheid": ""}, "zekerheid"),
        ({"geldigOp": "2026-03-21"}, "geldigOp"),
        ({"geldigOp": "2025-08-31"}, "geldigOp"),
        ({"geldigOp": "gisteren"}, "geldigOp"),
        ({"naar": "weg"}, "naar"),
        ({"naar": 6}, "naar"),
        ({"naar": None}, "spoor"),
        ({"spoor": "leerplicht"}, "spoor"),
        ({"spoor": "anders"}, "spoor"),
        ({"onbekend": 1}, "onbekend"),
        ({"invoegen": "ja"}, "invoegen"),
    ],
)
def test_een_fout_veld_is_een_400_met_de_naam(land: Land, api: Maak, pk: uuid.UUID, anders: Any, veld: str) -> None:
    school = api("vo")
    fout = is_probleem(post(school, pk, HAVO | anders), 400)
    assert [v["name"] for v in fout["invalidParams"]] == [veld]
    assert aantal(pk) == 1
    assert post(school, pk, HAVO).status_code == 201


@pytest.mark.parametrize(
    ("soort", "inhoud", "goed"),
    [
        ("mbo", {"naar": "intake", "aanmeldId": "A"}, "voorlopig"),
        ("vo", HAVO, "aangemeld"),
        ("gemeente", {"naar": "lp_in_behandeling", "reden": {"tekst": "Zelf gezien"}}, "lp_in_behandeling"),
    ],
)
def test_een_status_die_deze_soort_nooit_zet_is_een_403(
    land: Land, api: Maak, pk: uuid.UUID, soort: str, inhoud: dict[str, Any], goed: str
) -> None:
    aanmeld_id = land.aanmelding(pk, Status.AANGEMELD)
    nooit = {"mbo": "vervolgkeuze_vo", "vo": "definitief", "gemeente": "lp_ingeschakeld"}[soort]
    beller = api(soort)
    geweigerd = is_probleem(post(beller, pk, {"naar": nooit, "aanmeldId": aanmeld_id}), 403)
    assert geweigerd["code"] == "rol_mag_niet"
    if soort == "mbo":
        inhoud = {"naar": "voorlopig", "aanmeldId": aanmeld_id}
    gelukt = post(beller, pk, inhoud)
    assert (gelukt.status_code, gelukt.json()["leidendeStatus"]) == (201, goed)
    with bereik(["21"]):
        regel = LogRegel.objects.get(uitkomst="geweigerd")
    assert (regel.handeling, regel.object_id, regel.details) == (
        "gebeurtenis.schrijven",
        str(pk),
        {"code": "rol_mag_niet"},
    )


def test_niet_van_u_en_niet_bestaand_geven_dezelfde_404(land: Land, api: Maak, pk: uuid.UUID) -> None:
    vreemd = land.leerling(vestiging=land.andere_vestiging, gemeente=land.andere_gemeente.code)
    school = api("vo")
    assert post(school, pk, HAVO).status_code == 201
    antwoorden = [is_probleem(post(school, x, HAVO), 404) for x in (vreemd, uuid.uuid4())]
    assert [a | {"instance": ""} for a in antwoorden] == [antwoorden[0] | {"instance": ""}] * 2
    assert aantal(vreemd) == 1


def test_markeren_en_weer_terug(land: Land, api: Maak, settings: Any) -> None:
    settings.OVERSTAP_VANDAAG = date(2025, 10, 10)
    pk = land.leerling(overstapper=None, overstapper_sinds=None, onderwijssoort="havo", leerweg=None)
    school = api("vo")
    fout = is_probleem(post(school, pk, {"naar": "overstapper"}), 400)
    assert fout["invalidParams"][0]["name"] == "kansBevestigd"
    aan = post(school, pk, {"naar": "overstapper", "kansBevestigd": True})
    assert aan.json()["gebeurtenissen"][-1]["naar"] == "overstapper"
    weg = {"naar": None, "spoor": "markering"}
    assert is_probleem(post(school, pk, weg), 400)["code"] == "reden_ontbreekt"
    uit = post(school, pk, weg | {"reden": {"code": "vergissing"}})
    assert (uit.status_code, uit.json()["leidendeStatus"]) == (201, None)


def test_het_mbo_wijzigt_de_eigen_aanmelding_en_maakt_een_nieuwe(land: Land, api: Maak, pk: uuid.UUID) -> None:
    eigen, vreemd = land.aanmelding(pk), land.aanmelding(pk, mbo=land.ander_mbo)
    elders = land.aanmelding(land.leerling())
    mbo = api("mbo")
    assert post(mbo, pk, {"naar": "voorlopig", "aanmeldId": eigen}).status_code == 201
    for aanmeld_id in (vreemd, elders, "niets", None):
        fout = is_probleem(post(mbo, pk, {"naar": "definitief", "aanmeldId": aanmeld_id}), 400)
        assert fout["invalidParams"][0]["name"] == "aanmeldId"
    assert is_probleem(post(mbo, pk, {"naar": "intake", "aanmeldId": eigen}), 409)["code"] == "alleen_als_correctie"
    terug = post(mbo, pk, {"naar": "intake", "aanmeldId": eigen, "reden": {"code": "correctie"}})
    assert terug.status_code == 201
    opleiding = {"crebo": "25180", "naam": "Kok", "niveau": 2, "leerweg": "bbl"}
    assert is_probleem(post(mbo, pk, {"naar": "aangemeld"}), 400)["invalidParams"][0]["name"] == "opleiding"
    assert is_probleem(post(mbo, pk, {"naar": "aangemeld", "aanmeldId": elders, "opleiding": opleiding}), 400)
    nieuw = post(mbo, pk, {"naar": "aangemeld", "aanmeldId": "N-1", "opleiding": opleiding})
    assert nieuw.status_code == 201, nieuw.content
    (rij,) = [a for a in nieuw.json()["aanmeldingen"] if a["aanmeldId"] == "N-1"]
    assert (rij["opleiding"], rij["status"]) == (opleiding, "aangemeld")


def test_invoegen_laat_de_stand_van_nu_staan(land: Land, api: Maak, pk: uuid.UUID) -> None:
    eigen = land.aanmelding(pk, Status.VOORLOPIG, status_datum=date(2026, 3, 2))
    mbo = api("mbo")
    stap = {"naar": "intake", "aanmeldId": eigen, "geldigOp": "2026-02-10", "reden": {"code": "correctie"}}
    antwoord = post(mbo, pk, stap | {"invoegen": True})
    assert antwoord.status_code == 201, antwoord.content
    assert antwoord.json()["leidendeStatus"] == "voorlopig"
    assert [(g["naar"], g["geldigOp"]) for g in antwoord.json()["gebeurtenissen"]] == [
        ("voorlopig", "2026-03-02"),
        ("intake", "2026-02-10"),
        ("voorlopig", "2026-03-02"),
    ]


@pytest.mark.parametrize(
    "ruw", [" ", "null", "[]", "{", "1", '{"naar": "\\u0000"}', '{"naar": "\\ud800"}', "[" * 9000, '{"naar":' * 9000]
)
def test_rommel_is_een_400_en_verandert_niets(land: Land, api: Maak, pk: uuid.UUID, ruw: str) -> None:
    school = api("vo")
    is_probleem(post(school, pk, ruw), 400)
    assert aantal(pk) == 1
    with bereik(["21"]):
        assert Overstap.objects.get(pk=pk).versie == int(
            school.get(f"/api/v1/overstappen/{pk}")["ETag"][1:].split("-")[0]
        )


def test_een_ander_formaat_is_een_415_en_te_groot_een_413(land: Land, api: Maak, pk: uuid.UUID, settings: Any) -> None:
    school = api("vo")
    merk = school.get(f"/api/v1/overstappen/{pk}")["ETag"]
    kop = {"Authorization": f"Bearer {school.token}", "If-Match": merk}
    is_probleem(school.client.post(pad(pk), {"naar": "x"}, headers=kop), 415)
    is_probleem(school.client.post(pad(pk), "naar=x", content_type="text/plain", headers=kop), 415)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 50
    is_probleem(post(school, pk, HAVO | {"aanmeldId": "x" * 30}, merk), 413)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 5000
    assert post(school, pk, HAVO, merk).status_code == 201
