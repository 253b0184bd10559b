"""``private_key_jwt`` at /oauth/token: what opens, and everything that must not. Keys are made here; nothing is mocked."""

from __future__ import annotations

import base64
import json
import time
import uuid
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.test import Client
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS, JWSEHeaderParameter
from oauth2_provider.models import get_access_token_model

from accounts.actions import delete_expired_tokens
from accounts.models import ApiClient, ClientSleutel, GebruikteJwt
from overstap.api.clientbewijs import SOORT
from tests.api.conftest import GEHEIM, Land

EC = JWK.generate(kty="EC", crv="P-256")
RSA = JWK.generate(kty="RSA", size=2048)
AUD = f"{django_settings.OVERSTAP_BASIS_URL}/oauth/token"


def registreer(land: Land, tmp_path: Path, sleutel: JWK = EC, *, pem: bool = False, naam: str = "s") -> dict[str, Any]:
    """A system of 90AA with this key, made by the command."""
    bestand = tmp_path / naam
    bestand.write_text(sleutel.export_to_pem().decode() if pem else sleutel.export_public())
    uit = StringIO()
    call_command(
        "maak_systeem",
        "--organisatie",
        "90AA",
        "--scope",
        "overstappen:lezen",
        "--sleutel-bestand",
        str(bestand),
        stdout=uit,
    )
    gelezen: dict[str, Any] = json.loads(uit.getvalue())
    return gelezen


def teken(
    client_id: str, sleutel: JWK = EC, alg: str = "ES256", kop: dict[str, Any] | None = None, **claims: Any
) -> str:
    nu = int(time.time())
    inhoud = {
        "iss": client_id,
        "sub": client_id,
        "aud": AUD,
        "exp": nu + 240,
        "iat": nu,
        "jti": str(uuid.uuid4()),
    } | claims
    # "x" is registered on this side only, so that a header that we must refuse can be signed at all.
    register = {"x": JWSEHeaderParameter("x", False, True, None)}
    jws = JWS(json.dumps({k: v for k, v in inhoud.items() if v != "weg"}), header_registry=register)
    jws.allowed_algs = [alg]
    jws.add_signature(sleutel, None, json.dumps({"alg": alg, "typ": "JWT"} | (kop or {})))
    getekend: str = jws.serialize(compact=True)
    return getekend


def vraag(client: Client, bewijs: str | None, **extra: Any) -> Any:
    koppen = extra.pop("headers", {})
    inhoud = {"grant_type": "client_credentials", "client_assertion_type": SOORT, "client_assertion": bewijs} | extra
    return client.post("/oauth/token", {k: v for k, v in inhoud.items() if v is not None}, headers=koppen)


def geweigerd(antwoord: Any, zegt: str, fout: str = "invalid_client") -> None:
    inhoud = antwoord.json()
    assert (antwoord.status_code, inhoud["error"]) == ({"invalid_client": 401, "invalid_request": 400}[fout], fout), (
        inhoud
    )
    assert zegt in inhoud["error_description"], inhoud
    # RFC 6749 5.2: this set of characters only.
    assert all(" " <= c <= "~" and c not in '"\\' for c in inhoud["error_description"])


@pytest.mark.parametrize(
    ("sleutel", "alg", "pem"), [(EC, "ES256", False), (EC, "ES256", True), (RSA, "PS256", False), (RSA, "RS256", True)]
)
def test_a_signed_assertion_gives_a_token_that_opens_the_api(
    land: Land, client: Client, tmp_path: Path, sleutel: JWK, alg: str, pem: bool
) -> None:
    systeem = registreer(land, tmp_path, sleutel, pem=pem)
    assert systeem["client_secret"] is None
    assert (systeem["kenmerk"], systeem["aud"]) == (sleutel.thumbprint(), AUD)
    for kop in ({}, {"kid": systeem["kenmerk"]}, {"kid": "van-de-leverancier"}):
        antwoord = vraag(client, teken(systeem["client_id"], sleutel, alg, kop))
        assert antwoord.status_code == 200, antwoord.content
        assert antwoord.json()["expires_in"] == 600
    token = antwoord.json()["access_token"]
    assert client.get("/api/v1/overstappen", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    gemaakt = ApiClient.objects.get(client_id=systeem["client_id"])
    assert gemaakt.laatst_gebruikt_op is not None
    assert "d" not in ClientSleutel.objects.get(client=gemaakt).jwk


def _kaal(deel: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(deel).encode()).rstrip(b"=").decode()


def test_whatever_does_not_hold_is_refused_with_a_sentence(
    land: Land, client: Client, tmp_path: Path, settings: Any
) -> None:
    settings.OVERSTAP_TOKEN_FOUTEN = 1000
    wie = registreer(land, tmp_path)["client_id"]
    nu = int(time.time())
    vreemd = JWK.generate(kty="EC", crv="P-256")
    gedeeld = JWK(kty="oct", k=base64.urlsafe_b64encode(EC.export_public().encode()).rstrip(b"=").decode())
    inhoud = {"iss": wie, "sub": wie, "aud": AUD, "exp": nu + 60, "jti": "x"}
    goed = teken(wie)
    kop, lijf, handtekening = goed.split(".")
    for bewijs, zegt in [
        (teken(wie, vreemd), "handtekening"),
        (teken(wie, RSA, "RS256"), "handtekening"),
        (teken(wie, gedeeld, "HS256"), "alg kan niet"),
        (f"{_kaal({'alg': 'none'})}.{_kaal(inhoud)}.AA", "alg kan niet"),
        (f"{_kaal({'alg': 'none'})}.{_kaal(inhoud)}.", "drie delen"),
        (f"{_kaal({'typ': 'JWT'})}.{_kaal(inhoud)}.AA", "kan"),
        (f"{kop}.{_kaal(inhoud | {'exp': nu + 200})}.{handtekening}", "handtekening"),
        (f"{kop}.{lijf}.{handtekening[:-4]}AAAA", "handtekening"),
        (teken(wie, kop={"crit": ["x"], "x": 1}), "kan niet worden gelezen"),
        (teken(wie, aud="https://elders.example/oauth/token"), "aud is niet ons adres"),
        (teken(wie, aud="weg"), "aud is niet ons adres"),
        (teken(wie, aud=[AUD, "https://elders.example"]), "aud is niet ons adres"),
        (teken(wie, iss="iemand"), "iss en sub"),
        (teken(wie, sub="weg"), "iss en sub"),
        (teken(wie, iss="x", sub="x"), "handtekening"),
        (teken(wie, iss="a\x00", sub="a\x00"), "handtekening"),
        (teken(wie, iss="\ud800", sub="\ud800"), "handtekening"),
        (teken(land.clients["vo"].client_id), "handtekening"),  # a client without a key
        (teken(wie, exp="weg"), "exp ontbreekt"),
        (teken(wie, exp=nu - 60), "verlopen"),
        (teken(wie, exp=nu + 3600), "vijf minuten"),
        (teken(wie, exp="morgen"), "geen tijdstip"),
        (teken(wie, exp=True), "geen tijdstip"),
        (teken(wie, exp=10**30), "geen tijdstip"),
        (teken(wie, nbf=nu + 200), "geldt nog niet"),
        (teken(wie, iat=nu + 200), "geldt nog niet"),
        (teken(wie, jti="weg"), "jti"),
        (teken(wie, jti=""), "jti"),
        (teken(wie, jti=7), "jti"),
        (teken(wie, jti="x" * 201), "jti"),
        ("", "drie delen"),
        ("a.b", "drie delen"),
        ("a.b.c", "gelezen"),
        ("x" * 20000, "drie delen"),
        (f"{kop}.{_kaal([1])}.{handtekening}", "object"),
    ]:  # fmt: skip
        geweigerd(vraag(client, bewijs), zegt)
    assert not get_access_token_model().objects.exists()
    assert vraag(client, goed).status_code == 200


def test_one_way_in_per_request(land: Land, client: Client, tmp_path: Path) -> None:
    wie = registreer(land, tmp_path)["client_id"]
    basic = base64.b64encode(f"{wie}:{GEHEIM}".encode()).decode()
    geweigerd(vraag(client, teken(wie), client_secret=GEHEIM), "niet allebei", "invalid_request")
    geweigerd(vraag(client, teken(wie), headers={"Authorization": f"Basic {basic}"}), "niet allebei", "invalid_request")
    geweigerd(vraag(client, teken(wie), client_assertion_type="x"), "client_assertion_type", "invalid_request")
    geweigerd(vraag(client, None), "client_assertion_type", "invalid_request")
    geweigerd(vraag(client, teken(wie), client_id="iemand"), "iss en sub")
    assert vraag(client, teken(wie), client_id=wie).status_code == 200
    # And its secret is nobody's.
    assert (
        client.post(
            "/oauth/token", {"grant_type": "client_credentials", "client_id": wie, "client_secret": GEHEIM}
        ).status_code
        == 401
    )


def test_a_jti_works_once_and_is_forgotten_when_it_ran_out(land: Land, client: Client, tmp_path: Path) -> None:
    wie, ander = registreer(land, tmp_path)["client_id"], registreer(land, tmp_path, RSA)["client_id"]
    bewijs = teken(wie, jti="een")
    assert vraag(client, bewijs).status_code == 200
    geweigerd(vraag(client, bewijs), "al gebruikt")
    geweigerd(vraag(client, teken(wie, jti="een")), "al gebruikt")
    assert vraag(client, teken(ander, RSA, "PS256", jti="een")).status_code == 200
    # Also used up when the request itself could not be granted.
    tweede = teken(wie, jti="twee")
    assert vraag(client, tweede, scope="leerlingen:schrijven").status_code == 400
    geweigerd(vraag(client, tweede), "al gebruikt")
    assert GebruikteJwt.objects.count() == 3
    delete_expired_tokens()
    assert GebruikteJwt.objects.count() == 3
    GebruikteJwt.objects.update(verloopt_op="2020-01-01T00:00:00Z")
    delete_expired_tokens()
    assert not GebruikteJwt.objects.exists()


def test_rotation_two_keys_and_then_the_old_one_goes(land: Land, client: Client, tmp_path: Path) -> None:
    from accounts.actions import end_sleutel
    from accounts.actor import interne_actor

    wie = registreer(land, tmp_path)["client_id"]
    nieuw, derde = tmp_path / "nieuw", tmp_path / "derde"
    nieuw.write_text(RSA.export_public())
    derde.write_text(JWK.generate(kty="EC", crv="P-256").export_public())
    call_command("maak_systeem", "--systeem", wie, "--sleutel-bestand", str(nieuw), stdout=StringIO())
    with pytest.raises(CommandError, match="staat er al"):
        call_command("maak_systeem", "--systeem", wie, "--sleutel-bestand", str(nieuw))
    with pytest.raises(CommandError, match="al twee sleutels"):
        call_command("maak_systeem", "--systeem", wie, "--sleutel-bestand", str(derde))
    assert vraag(client, teken(wie)).status_code == 200
    assert vraag(client, teken(wie, RSA, "PS256")).status_code == 200
    oud = ClientSleutel.objects.get(kenmerk=EC.thumbprint())
    end_sleutel(oud.pk, actor=interne_actor(frozenset({"21"})))
    geweigerd(vraag(client, teken(wie)), "handtekening")
    assert vraag(client, teken(wie, RSA, "PS256")).status_code == 200


@pytest.mark.parametrize(
    ("tekst", "zegt"),
    [
        (lambda: EC.export(private_key=True), "privésleutel"),
        (lambda: RSA.export_to_pem(private_key=True, password=None).decode(), "privésleutel"),
        (lambda: JWK.generate(kty="oct", size=256).export(), "privésleutel"),
        (lambda: JWK.generate(kty="EC", crv="P-384").export_public(), "P-256"),
        (lambda: JWK.generate(kty="OKP", crv="Ed25519").export_public(), "soort sleutel"),
        (lambda: JWK.generate(kty="RSA", size=1024).export_public(), "bits"),
        (lambda: json.dumps({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}), "klopt niet"),
        (lambda: json.dumps({"kty": "RSA", "n": "AA"}), "niet compleet"),
        (
            lambda: json.dumps({"keys": [json.loads(EC.export_public()), json.loads(RSA.export_public())]}),
            "één sleutel",
        ),
        (lambda: "{", "JSON"),
        (lambda: "iets", "geen publieke sleutel"),
        (lambda: "", "Plak één"),
        (lambda: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "geen publieke sleutel"),
    ],
)
def test_a_key_that_is_not_good_enough_is_refused(
    land: Land, tmp_path: Path, tekst: Callable[[], str], zegt: str
) -> None:
    bestand = tmp_path / "sleutel"
    bestand.write_text(tekst())
    voor = ApiClient.objects.count()
    opties = ["--organisatie", "90AA", "--scope", "overstappen:lezen", "--sleutel-bestand", str(bestand)]
    with pytest.raises(CommandError, match=zegt):
        call_command("maak_systeem", *opties)
    assert (ApiClient.objects.count(), ClientSleutel.objects.count()) == (voor, 0)
    bestand.write_text(json.dumps({"keys": [json.loads(EC.export_public())]}))
    call_command("maak_systeem", *opties, stdout=StringIO())
    assert ClientSleutel.objects.count() == 1


def test_guessing_with_assertions_is_limited_per_client(
    land: Land, client: Client, tmp_path: Path, settings: Any
) -> None:
    settings.OVERSTAP_TOKEN_FOUTEN = 2
    wie = registreer(land, tmp_path)["client_id"]
    fout = [vraag(client, teken(wie, exp=1)).status_code for _ in range(3)]
    assert fout == [401, 401, 429]
    assert vraag(client, teken(wie)).status_code == 429
    assert vraag(client, teken(registreer(land, tmp_path, RSA)["client_id"], RSA, "PS256")).status_code == 200


def test_the_document_tells_how(client: Client) -> None:
    uitleg = client.get("/api/v1/openapi.json").json()["components"]["securitySchemes"]["token"]["description"]
    assert all(deel in uitleg for deel in ("private_key_jwt", "client_secret_basic", SOORT, "ES256"))
    assert "private_key_jwt" in client.get("/api/v1/docs").content.decode()
