"""docs/koppelvlak-vva.md is true: its examples run in order against the API, and its tables are those of the code.

An example is a ``http`` block with a request and one with the answer. ``$NAAM`` in a request stands for a value of the set-up; in an
answer it takes the value. What we make ourselves (ids version 7, moments) may differ. ``<!-- voorbeeld: op DAG -->`` is another day.
"""

from __future__ import annotations

import base64
import io
import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from jwcrypto.jwk import JWK
from jwcrypto.jws import InvalidJWSSignature

from accounts.rechten import Scope
from overstap.basis import handtekening
from overstap.basis.embedded.geheimen import nieuwe_pem
from overstap.basis.embedded.paden import PROJECT
from tests.vva_berichten.conftest import GEHEIM, Systeem
from tests.vva_berichten.hulp import bulk, draai, toets_schema
from tests.wereld import Wereld
from vva_berichten.codes import Code
from vva_berichten.contract import BERICHTEN
from vva_berichten.contract.basis import CONTRACT_VERSIE, MAX_BERICHTEN

Maak = Callable[..., Systeem]
PAGINA = (Path(PROJECT) / "docs" / "koppelvlak-vva.md").read_text("utf-8")
_STUK = re.compile(r"<!-- voorbeeld: (?P<opdracht>.*?) -->|```http\n(?P<http>.*?)\n```", re.DOTALL)
MOMENTEN = {"datumTijd"}


@dataclass(frozen=True)
class Uitwisseling:
    """A request as it is on the page, and its answer."""

    methode: str
    pad: str
    koppen: dict[str, str]
    lichaam: str
    status: int
    antwoordkoppen: dict[str, str]
    antwoord: Any


def _deel(http: str) -> tuple[str, dict[str, str], str]:
    kop, _, lichaam = http.partition("\n\n")
    eerste, *regels = kop.split("\n")
    return eerste, dict(regel.split(": ", 1) for regel in regels), lichaam


def stappen() -> Iterator[str | Uitwisseling]:
    """The page from top to bottom: what is to be done before, and each exchange."""
    vraag: tuple[str, dict[str, str], str] | None = None
    for stuk in _STUK.finditer(PAGINA):
        if stuk["opdracht"]:
            yield stuk["opdracht"]
            continue
        eerste, koppen, lichaam = _deel(stuk["http"])
        if vraag is None:
            vraag = eerste, koppen, lichaam
            continue
        methode, pad, _ = vraag[0].split(" ")
        assert eerste.startswith("HTTP/1.1 "), eerste
        yield Uitwisseling(methode, pad, vraag[1], vraag[2], int(eerste.split(" ")[1]), koppen, json.loads(lichaam))
        vraag = None
    assert vraag is None, "een aanroep zonder antwoord"


def _van_ons(waarde: Any) -> bool:
    try:
        return isinstance(waarde, str) and uuid.UUID(waarde).version == 7
    except ValueError:
        return False


def vergelijk(verwacht: Any, echt: Any, waarden: dict[str, str]) -> Any:
    """``echt`` as the page would have it: what may differ is taken from ``verwacht``."""
    if isinstance(verwacht, dict) and isinstance(echt, dict):
        return {
            k: verwacht[k] if k in MOMENTEN and k in verwacht else vergelijk(verwacht.get(k), v, waarden)
            for k, v in echt.items()
        }
    if isinstance(verwacht, list) and isinstance(echt, list) and len(verwacht) == len(echt):
        return [vergelijk(v, e, waarden) for v, e in zip(verwacht, echt, strict=True)]
    if isinstance(verwacht, str) and verwacht.startswith("$") and isinstance(echt, str):
        waarden[verwacht] = echt
        return verwacht
    return verwacht if _van_ons(verwacht) and _van_ons(echt) else echt


def functie(naam: str) -> tuple[Callable[..., Any], dict[str, Any]]:
    """A function that stands on the page, and what it can see."""
    [code] = [blok for blok in re.findall(r"```python\n(.*?)```", PAGINA, re.DOTALL) if f"def {naam}(" in blok]
    ruimte: dict[str, Any] = {}
    exec(compile(code, "koppelvlak-vva.md", "exec"), ruimte)
    return ruimte[naam], ruimte


def _bewijs_van_sis(map_: Path, basis: str) -> str:
    """The SIS of 99MA is made by the command with a key, and proves itself as the page says."""
    sleutel, bestand, uit = JWK.generate(kty="EC", crv="P-256"), map_ / "publiek.pem", io.StringIO()
    bestand.write_bytes(sleutel.export_to_pem())
    opties = ["--organisatie", "99MA", "--scope", Scope.VVA_AANMELDSTATUSSEN.value, "--sleutel-bestand", str(bestand)]
    call_command("maak_systeem", *opties, stdout=uit)
    pem = sleutel.export_to_pem(private_key=True, password=None).decode()
    gemaakt: str = functie("bewijs")[0](json.loads(uit.getvalue())["client_id"], pem, f"{basis}/oauth/token")
    return gemaakt


@pytest.fixture
def waarden(wereld: Wereld, zaanstad: str, systeem: Maak, tmp_path: Path, settings: Any) -> dict[str, str]:
    """The clients of the page: the LAS and the postbus of school 99AB, the SIS of 99MA, the system of Zaanstad."""
    las = systeem("99AB", scopes=Scope.VVA_MBO_GANGERS.value)
    return {
        "$BASIC_LAS": base64.b64encode(f"{las.client_id}:{GEHEIM}".encode()).decode(),
        "$TOKEN_SCHOOL": systeem("99AB", scopes=Scope.VVA_POSTBUS.value).token,
        "$BEWIJS_SIS": _bewijs_van_sis(tmp_path, settings.OVERSTAP_BASIS_URL),
        "$TOKEN_GEMEENTE": systeem(zaanstad, scopes=Scope.VVA_POSTBUS.value).token,
    }


def _doe(opdracht: str, wereld: Wereld) -> None:
    dag, _, rest = opdracht.removeprefix("op ").partition(" ")
    wereld.op(date.fromisoformat(dag))
    assert rest in ("", "met de bulkmelding")
    if rest:
        bulk(dag)


def _vul(tekst: str, waarden: dict[str, str]) -> str:
    return re.sub(r"\$[A-Z_]+", lambda m: waarden[m[0]], tekst)


def test_every_example_gives_the_answer_of_the_page(wereld: Wereld, waarden: dict[str, str]) -> None:
    client, aantal = Client(), 0
    for stap in stappen():
        draai()
        if isinstance(stap, str):
            _doe(stap, wereld)
            continue
        koppen = {naam: _vul(waarde, waarden) for naam, waarde in stap.koppen.items()}
        antwoord: Any = client.generic(
            stap.methode,
            stap.pad,
            _vul(stap.lichaam, waarden),
            content_type=koppen.pop("Content-Type", ""),
            headers=koppen,
        )
        assert antwoord.status_code == stap.status, (stap.pad, antwoord.content)
        for naam, waarde in stap.antwoordkoppen.items():
            assert antwoord.headers[naam].startswith(waarde), (stap.pad, naam)
        assert vergelijk(stap.antwoord, antwoord.json(), waarden) == stap.antwoord, stap.pad
        aantal += 1
    assert aantal >= 10


def test_every_message_on_the_page_fits_the_schema(client: Client, db: None) -> None:
    berichten = [
        b
        for stap in stappen()
        if isinstance(stap, Uitwisseling)
        for inhoud in (json.loads(stap.lichaam) if stap.lichaam.startswith("{") else {}, stap.antwoord)
        for b in inhoud.get("berichten", [])
    ]
    assert {b["berichtType"] for b in berichten} == {"POTENTIELE_MBO_GANGER", "AANMELDSTATUS", "SIGNAAL"}
    for bericht in berichten:
        toets_schema(client, bericht)


def test_the_table_of_codes_is_whole() -> None:
    assert re.findall(r"^\| `([TFW]\d{3})` \|", PAGINA, re.M) == [code.value for code in Code]


def test_what_the_page_names_exists(client: Client, db: None, settings: Any) -> None:
    api_pagina = client.get("/api/v1/docs").content.decode()
    for naam in BERICHTEN:
        assert f'href="/api/v1/vva/schema/{naam}"' in api_pagina
        assert f"`/api/v1/vva/schema/{naam}`" in PAGINA
        assert client.get(f"/api/v1/vva/schema/{naam}").status_code == 200
    for scope in (Scope.VVA_MBO_GANGERS, Scope.VVA_AANMELDSTATUSSEN, Scope.VVA_POSTBUS):
        assert f"`{scope.value}`" in PAGINA
    assert f"beschrijft {CONTRACT_VERSIE}." in PAGINA
    assert f"| berichten per aanroep | {MAX_BERICHTEN // 1000}.000 |" in PAGINA
    assert f"| aanroepen per client | {settings.OVERSTAP_API_PER_MINUUT} per minuut" in PAGINA
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == 10 * 1024 * 1024
    for anker in re.findall(r"\]\(#([^)]+)\)", PAGINA):
        koppen = {re.sub(r"[^\w -]", "", k.lower()).replace(" ", "-") for k in re.findall(r"^#+ (.*)$", PAGINA, re.M)}
        assert anker in koppen, anker


def test_the_check_of_a_signature_on_the_page_works(client: Client, db: None, settings: Any) -> None:
    settings.OVERSTAP_PUSH_SLEUTELS = nieuwe_pem()
    controleer, ruimte = functie("controleer")
    lichaam, jwks = b'{"specversion": "1.0"}', client.get("/.well-known/jwks.json").content.decode()
    koppen = handtekening.teken(lichaam)
    assert controleer(lichaam, koppen, jwks) == {"specversion": "1.0"}
    with pytest.raises(ValueError, match="veranderd"):
        controleer(lichaam + b" ", koppen, jwks)
    ander = handtekening.teken(lichaam + b" ")
    with pytest.raises(InvalidJWSSignature):
        controleer(lichaam, {**ander, "Digest": koppen["Digest"]}, jwks)
    nu = ruimte["time"].time()
    ruimte["time"] = type("Later", (), {"time": staticmethod(lambda: nu + timedelta(minutes=10).total_seconds())})
    with pytest.raises(ValueError, match="te oud"):
        controleer(lichaam, koppen, jwks)
