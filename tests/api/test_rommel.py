"""Whatever is sent, no 5xx and always a problem document: generated bodies, fields and query parameters."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.conftest import Api, Land
from tests.api.test_aanmeldingen import aanmelding
from tests.api.test_gebeurtenissen import HAVO
from tests.api.test_leerlingen import leerling, lever

Maak = Callable[..., Api]
INSTELLING = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
_TEKST = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", " ", "\x00", "'\"--", "<script>", "=1+1", "٣", "9999-12-31", "0001-01-01", "𝕏" * 50, "x" * 3000, "\u202e"]
    ),
)
_WAARDE: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        _TEKST,
        st.integers(-(10**25), 10**25),
        st.sampled_from([0, -1, 2**31, 2**63, 1e308, 0.5, 2025]),
    ),
    lambda kind: st.one_of(st.lists(kind, max_size=3), st.dictionaries(_TEKST, kind, max_size=3)),
    max_leaves=6,
)


def goed(antwoord: Any) -> None:
    assert antwoord.status_code < 500, antwoord.content
    assert antwoord["API-Version"]
    soort = "application/json" if antwoord.status_code < 400 else "application/problem+json"
    assert antwoord["Content-Type"] == soort
    antwoord.json()


def vervang(inhoud: Any, pad: list[Any], waarde: Any) -> Any:
    """A copy with one field replaced."""
    kopie = json.loads(json.dumps(inhoud))
    plek = kopie
    for deel in pad[:-1]:
        plek = plek[deel]
    plek[pad[-1]] = waarde
    return kopie


def _paden(inhoud: Any, begin: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    kinderen = inhoud.items() if isinstance(inhoud, dict) else enumerate(inhoud) if isinstance(inhoud, list) else ()
    return [p for sleutel, kind in kinderen for p in [(*begin, sleutel), *_paden(kind, (*begin, sleutel))]]


_LICHAMEN: dict[str, tuple[str, Any]] = {
    "/api/v1/leerlingen": ("vo", lever(leerling(7, namens="x"))),
    "/api/v1/aanmeldingen": ("mbo", {"aanmeldingen": [aanmelding("999900018", reden={"code": "a", "tekst": "b"})], "namens": "x"}),
    "/api/v1/exports": ("vo", {"export": "scholen", "regio": "21", "overstapjaar": "2025-2026"}),
    "gebeurtenissen": (
        "vo",
        HAVO | {"spoor": "vo", "zekerheid": "zeker", "aanmeldId": None, "geldigOp": "2026-03-01", "invoegen": False,
                "opleiding": {"crebo": "25491", "naam": "x", "niveau": 1}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("pad", list(_LICHAMEN))
def test_een_veld_met_rommel(land: Land, api: Maak, pad: str) -> None:
    soort, lichaam = _LICHAMEN[pad]
    adres = f"/api/v1/overstappen/{land.leerling()}/gebeurtenissen" if pad == "gebeurtenissen" else pad
    beller = api(soort)

    @INSTELLING
    @given(st.sampled_from(_paden(lichaam)), _WAARDE)
    def proef(veld: tuple[Any, ...], waarde: Any) -> None:
        with transaction.atomic():
            goed(beller.post(adres, vervang(lichaam, list(veld), waarde), If_Match="*"))
            transaction.set_rollback(True)

    proef()


@pytest.mark.parametrize("pad", list(_LICHAMEN))
def test_een_lichaam_dat_nergens_op_lijkt(land: Land, api: Maak, pad: str) -> None:
    soort, _ = _LICHAMEN[pad]
    adres = f"/api/v1/overstappen/{land.leerling()}/gebeurtenissen" if pad == "gebeurtenissen" else pad
    beller = api(soort)

    @INSTELLING
    @given(st.one_of(st.binary(max_size=60), _WAARDE.map(lambda w: json.dumps(w).encode())))
    def proef(ruw: bytes) -> None:
        koppen = {"Authorization": f"Bearer {beller.token}", "If-Match": "*"}
        goed(beller.client.generic("POST", adres, ruw, content_type="application/json", headers=koppen))

    proef()


_VRAGEN = {
    "overstappen": ["overstapjaar", "status", "vestiging", "klas", "risico", "gewijzigdNa", "cursor", "limiet"],
    "ambities": ["regio", "overstapjaar", "peildatum", "bekendOp", "per"],
    "organisaties": ["soort", "regio", "code", "cursor", "limiet"],
    "opleidingen": ["crebo", "cursor"],
    "gemeenten": ["regio", "cursor"],
    "statussen": ["regio"],
    "vva/postbus": ["na", "limiet"],
}


@pytest.mark.parametrize("naam", list(_VRAGEN))
def test_een_parameter_met_rommel(land: Land, api: Maak, naam: str) -> None:
    land.leerling()
    beller = api("vo")

    @INSTELLING
    @given(st.sampled_from([*_VRAGEN[naam], "anders"]), _TEKST)
    def proef(parameter: str, waarde: str) -> None:
        goed(beller.get(f"/api/v1/{naam}", {parameter: waarde}))

    proef()


def test_een_kop_met_rommel(land: Land, api: Maak) -> None:
    pk = land.leerling()
    beller = api("vo")

    @INSTELLING
    @given(
        st.sampled_from(["If-Match", "If-None-Match", "Accept", "Content-Type", "API-Version"]),
        st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=40),
    )
    def proef(kop: str, waarde: str) -> None:
        for antwoord in (
            beller.get(f"/api/v1/overstappen/{pk}", **{kop: waarde}),
            beller.post(f"/api/v1/overstappen/{uuid.uuid4()}/gebeurtenissen", HAVO, **{kop: waarde}),
        ):
            assert antwoord.status_code < 500

    proef()
