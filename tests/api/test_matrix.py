"""Every API action x every kind of client x own, foreign and absent: the table below is the whole of it.

A url that the resolver knows and the table does not fails the build (veiligheid.md 1, 5).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from accounts.rechten import Scope
from overstap.basis.rls import bereik
from rapportages.actions import make_export, vraag_aan
from statuses.status import Status
from tests.api.conftest import SOORTEN, Api, Land, bsn

Maak = Callable[..., Api]


@dataclass(frozen=True)
class Rij:
    """One action. ``eigen``: the answer per kind for what is its own; a kind that is not named gets ``anders``.

    ``sleutel``: which ids the action is about ("" for none). Foreign and absent ids give 404, the same for both, to every
    kind (before that 403 to who may never).
    """

    methode: str
    scope: Scope | None  # None: public
    eigen: dict[str, int] = field(default_factory=dict)
    anders: int = 403
    sleutel: str = ""
    inhoud: Callable[[Land], Any] | None = None


def _leerlingen(land: Land) -> Any:
    return {
        "vestiging": "90AA00",
        "overstapjaar": "2025-2026",
        "leerlingen": [
            {"pgn": {"burgerservicenummer": bsn(4000)}, "voornaam": "N", "achternaam": "W", "geboortedatum": "2009-05-01",
             "gemeentecode": "0363", "onderwijssoort": "pro"}
        ],
    }  # fmt: skip


def _aanmeldingen(land: Land) -> Any:
    return {"aanmeldingen": []}


def _gebeurtenis(land: Land) -> Any:
    return {"naar": "vervolgkeuze_vo", "reden": {"code": "havo"}}


_ZIEN = {"vo": 200, "mbo": 200, "gemeente": 200, "rmc": 200}
_ALLE = dict.fromkeys(SOORTEN, 200)
_EXPORT = {soort: 200 for soort in SOORTEN if soort != "samenwerkingsverband"}
_S = Scope

MATRIX: dict[str, Rij] = {
    "api-leerlingen": Rij("post", _S.LEERLINGEN_SCHRIJVEN, {"vo": 200}, inhoud=_leerlingen),
    "api-aanmeldingen": Rij("post", _S.AANMELDINGEN_SCHRIJVEN, {"mbo": 200}, inhoud=_aanmeldingen),
    "api-overstappen": Rij("get", _S.OVERSTAPPEN_LEZEN, _ZIEN),
    "api-overstap": Rij("get", _S.OVERSTAPPEN_LEZEN, _ZIEN, anders=404, sleutel="overstap"),
    "api-gebeurtenissen": Rij(
        "post",
        _S.GEBEURTENISSEN_SCHRIJVEN,
        {"vo": 201, "mbo": 403, "gemeente": 403, "rmc": 403},
        anders=404,
        sleutel="overstap",
        inhoud=_gebeurtenis,
    ),
    "api-ambities": Rij("get", _S.RAPPORTAGES_LEZEN, _ALLE),
    "api-exports": Rij(
        "post", _S.RAPPORTAGES_LEZEN, dict.fromkeys(_EXPORT, 202), inhoud=lambda land: {"export": "scholen"}
    ),
    "api-export": Rij("get", _S.RAPPORTAGES_LEZEN, _EXPORT, sleutel="export"),
    "api-export-bestand": Rij("get", _S.RAPPORTAGES_LEZEN, _EXPORT, sleutel="export"),
    "api-statussen": Rij("get", None),
    "api-opleidingen": Rij("get", None),
    "api-organisaties": Rij("get", None),
    "api-gemeenten": Rij("get", None),
    "api-openapi": Rij("get", None),
    "api-docs": Rij("get", None),
    "api-vva-mbo-gangers": Rij("post", _S.VVA_MBO_GANGERS, _ALLE, inhoud=lambda land: {"berichten": [{}]}),
    "api-vva-aanmeldstatussen": Rij("post", _S.VVA_AANMELDSTATUSSEN, _ALLE, inhoud=lambda land: {"berichten": [{}]}),
    "api-vva-postbus": Rij("get", _S.VVA_POSTBUS, {"vo": 200, "gemeente": 200, "rmc": 200}),
    "api-vva-bevestigingen": Rij(
        "post", _S.VVA_POSTBUS, {"vo": 200, "gemeente": 200, "rmc": 200}, inhoud=lambda land: {"tot": "0"}
    ),
    "api-vva-schema": Rij("get", None, sleutel="schema"),
}
ZONDER_TOKEN = {"oauth-token"}


def bekend() -> set[str]:
    """Every name below /api and /oauth that the resolver knows."""
    uit: set[str] = set()

    def loop(patronen: Any, begin: str) -> None:
        for patroon in patronen:
            pad = begin + str(patroon.pattern)
            if isinstance(patroon, URLResolver):
                loop(patroon.url_patterns, pad)
            elif isinstance(patroon, URLPattern) and pad.startswith(("api", "oauth")):
                uit.add(patroon.name or pad)

    loop(get_resolver().url_patterns, "")
    return uit


def test_de_matrix_is_heel() -> None:
    assert bekend() - ZONDER_TOKEN == set(MATRIX)


@pytest.fixture
def sleutels(land: Land, settings: Any, tmp_path: Path) -> Callable[[Rij, str], dict[str, Any]]:
    """Own, foreign and absent ids of what a row is about, for one kind of client."""
    settings.MEDIA_ROOT = tmp_path
    eigen = land.leerling()
    land.aanmelding(eigen, Status.INTAKE)
    vreemd = land.leerling(vestiging=land.andere_vestiging, gemeente=land.andere_gemeente.code)

    def exporteer(soort: str) -> uuid.UUID:
        client = land.clients[soort]
        assert client.organisatie is not None
        from accounts.actor import actor_van_client

        actor = actor_van_client(client, frozenset(Scope), frozenset())
        with bereik(actor.regios):
            export = vraag_aan(actor, "scholen", regio="21")
            make_export("21", export.pk)
        return export.pk

    def geef(rij: Rij, soort: str) -> dict[str, Any]:
        if rij.sleutel == "overstap":
            return {"eigen": eigen, "vreemd": vreemd, "afwezig": uuid.uuid4()}
        if rij.sleutel == "export":
            ander = "mbo" if soort != "mbo" else "vo"
            kan = soort if soort in _EXPORT else ander
            return {"eigen": exporteer(kan), "vreemd": exporteer(ander), "afwezig": uuid.uuid4()}
        if rij.sleutel == "schema":
            return {"eigen": "aanmeldstatus"}
        return {"eigen": None}

    return geef


def roep(beller: Api, naam: str, rij: Rij, land: Land, sleutel: Any) -> Any:
    try:
        pad = reverse(naam, args=[sleutel] if sleutel is not None else [])
    except NoReverseMatch:
        pytest.fail(f"{naam} heeft een adres dat de matrix niet kent")
    if rij.methode == "get":
        return beller.get(pad)
    assert rij.inhoud is not None
    return beller.post(pad, rij.inhoud(land), If_Match="*")


@pytest.mark.parametrize("naam", list(MATRIX))
def test_eigen_vreemd_en_afwezig(
    land: Land, api: Maak, sleutels: Callable[[Rij, str], dict[str, Any]], naam: str
) -> None:
    rij = MATRIX[naam]
    for soort in SOORTEN:
        beller, ids = api(soort), sleutels(rij, soort)
        verwacht = rij.eigen.get(soort, rij.anders) if rij.scope else 200
        eigen = roep(beller, naam, rij, land, ids["eigen"])
        assert eigen.status_code == verwacht, (naam, soort, getattr(eigen, "content", b"")[:300])
        if "vreemd" not in ids:
            continue
        vreemd, afwezig = (roep(beller, naam, rij, land, ids[x]) for x in ("vreemd", "afwezig"))
        nooit = 403 if verwacht == 403 and rij.sleutel == "export" else 404
        assert (vreemd.status_code, afwezig.status_code) == (nooit, nooit), (naam, soort)
        assert vreemd.json() | {"instance": ""} == afwezig.json() | {"instance": ""}


@pytest.mark.parametrize("naam", list(MATRIX))
def test_zonder_token_en_zonder_scope_niets_dan_het_openbare(
    land: Land, api: Maak, sleutels: Callable[[Rij, str], dict[str, Any]], naam: str
) -> None:
    rij = MATRIX[naam]
    eigen = sleutels(rij, "vo")["eigen"]
    zonder = roep(api(""), naam, rij, land, eigen)
    if rij.scope is None:
        assert zonder.status_code == 200
        return
    assert zonder.status_code == 401
    andere = next(scope for scope in Scope if scope != rij.scope)
    for soort in SOORTEN:
        antwoord = roep(api(soort, andere.value), naam, rij, land, eigen)
        assert (antwoord.status_code, antwoord.json()["code"]) == (403, "scope"), (naam, soort)


def test_de_lijst_toont_alleen_wat_eigen_is(land: Land, api: Maak) -> None:
    """The same wall for lists: what an id does not give, a list does not give."""
    eigen = land.leerling()
    land.aanmelding(eigen, Status.INTAKE)
    elders = land.leerling(vestiging=land.andere_vestiging, gemeente=land.andere_gemeente.code)
    buiten_gemeente = land.leerling(gemeente=land.andere_gemeente.code)
    niet_gemarkeerd = land.leerling(overstapper=None, overstapper_sinds=None)
    ziet = {
        "vo": {eigen, buiten_gemeente, niet_gemarkeerd},
        "mbo": {eigen},
        "gemeente": {eigen},
        "rmc": {eigen, buiten_gemeente},
    }
    for soort, verwacht in ziet.items():
        rijen = api(soort).get("/api/v1/overstappen").json()["resultaten"]
        assert {uuid.UUID(r["id"]) for r in rijen} == verwacht, soort
        assert elders not in verwacht
