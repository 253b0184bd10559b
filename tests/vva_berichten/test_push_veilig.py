"""Push: to which addresses, over which line, signed with which key, and who says so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import LogRegel
from overstap.basis import handtekening, klok
from overstap.basis.embedded.geheimen import nieuwe_pem
from overstap.basis.outbox.models import OutboxRegel
from tests.vva_berichten.gepusht import (
    GEMEENTE,
    doe_push,
    gemeente,
    pem,
    stand_van,
    zet_eindpunt,
)
from tests.vva_berichten.ontvanger import Ontvanger, luister
from tests.wereld import Wereld
from vva_berichten import actions
from vva_berichten.models import Eindpunt
from vva_berichten.tasks import push_proef
from vva_berichten.uitgaand import push_stand


class TestAdres:
    @pytest.mark.parametrize(
        "url",
        [
            "http://voorbeeld.nl/vva", "ftp://voorbeeld.nl", "https://", "https://a b.nl", "https://u:p@voorbeeld.nl/", "voorbeeld.nl",
            "https://voorbeeld.nl/?sleutel=1", "https://voorbeeld.nl/#x", "https://voorbeeld.nl:99999/", "https://127.0.0.1/",
            "https://10.1.2.3/", "https://192.168.0.1:8443/x", "https://169.254.169.254/latest", "https://[::1]/", "https://0.0.0.0/",
            "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[fd00::1]/", "https://localhost/", "https://2130706433/",
            "https://[::127.0.0.1]/", "https://[::ffff:0:7f00:1]/", "https://[fec0::1]/", "https://a..b/", f"https://{'a' * 64}.nl/",
        ],
    )  # fmt: skip
    def test_refused_at_saving(self, wereld: Wereld, settings: Any, url: str) -> None:
        settings.OVERSTAP_PUSH_SLEUTELS, settings.OVERSTAP_PUSH_INTERN = pem(), False
        with pytest.raises(actions.EindpuntFout, match=r"\.$"):
            zet_eindpunt(wereld, url)
        assert not Eindpunt.objects.exists()

    @pytest.mark.parametrize("url", ["https://u:geheim@voorbeeld.nl/", "https://voorbeeld.nl/?sleutel=1", "morgen"])
    def test_one_that_is_off_is_read_too(self, wereld: Wereld, url: str) -> None:
        """What is saved stands in the log: no password, also while nothing is sent there."""
        with pytest.raises(actions.EindpuntFout), wereld.bereik("21"):
            actions.save_eindpunt(gemeente(wereld), url, False, actor=wereld.actor("beheerorganisatie"))
        assert not Eindpunt.objects.exists()

    def test_public_address_is_accepted(self, wereld: Wereld, settings: Any) -> None:
        settings.OVERSTAP_PUSH_SLEUTELS, settings.OVERSTAP_PUSH_INTERN = pem(), False
        assert zet_eindpunt(wereld, "https://1.1.1.1:8443/vva").url == "https://1.1.1.1:8443/vva"

    def test_refused_at_connecting_too(self, wereld: Wereld, ontvanger: Ontvanger, settings: Any) -> None:
        """A name may point elsewhere by then."""
        zet_eindpunt(wereld, ontvanger.url.replace("http://", "https://").replace("127.0.0.1", "localhost"))
        settings.OVERSTAP_PUSH_INTERN = False
        doe_push(wereld)
        assert stand_van(wereld).fout == "adres_onveilig"
        assert ontvanger.gezien == []

    def test_without_a_key_nothing_goes(self, wereld: Wereld, ontvanger: Ontvanger, settings: Any) -> None:
        zet_eindpunt(wereld, ontvanger.url)
        settings.OVERSTAP_PUSH_SLEUTELS = ""
        with pytest.raises(actions.EindpuntFout, match="sleutel"):
            zet_eindpunt(wereld, ontvanger.url)
        doe_push(wereld)
        assert stand_van(wereld).fout == "geen_sleutel"
        assert ontvanger.gezien == []


class TestTls:
    @pytest.fixture
    def certificaat(self, tmp_path: Path) -> tuple[Path, Path]:
        return _certificaat(tmp_path, "localhost")

    @pytest.mark.parametrize(
        ("host", "vertrouwd", "code"),
        [("localhost", True, ""), ("localhost", False, "tls"), ("127.0.0.1", True, "tls")],
    )
    def test_only_a_certificate_that_is_trusted_and_of_that_name(
        self, wereld: Wereld, ontvanger: Ontvanger, certificaat: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch,
        host: str, vertrouwd: bool, code: str,
    ) -> None:  # fmt: skip
        if vertrouwd:
            monkeypatch.setenv("SSL_CERT_FILE", str(certificaat[0]))
        with luister(Ontvanger(jwks=ontvanger.jwks), certificaat=certificaat, host=host) as veilig:
            zet_eindpunt(wereld, veilig.url)
            doe_push(wereld)
        assert stand_van(wereld).fout == code
        assert bool(veilig.gekregen) is (code == "")


def _certificaat(map_: Path, naam: str) -> tuple[Path, Path]:
    """A certificate that vouches for itself, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    sleutel = ec.generate_private_key(ec.SECP256R1())
    wie = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, naam)])
    nu = klok.wandklok()
    cert = (
        x509.CertificateBuilder()
        .subject_name(wie)
        .issuer_name(wie)
        .public_key(sleutel.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(nu - timedelta(days=1))
        .not_valid_after(nu + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(naam)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(sleutel, hashes.SHA256())
    )
    pem, pk = map_ / "cert.pem", map_ / "key.pem"
    pem.write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    pk.write_bytes(
        sleutel.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return pem, pk


class TestSleutels:
    def test_rotation_new_key_signs_and_the_old_one_is_still_published(
        self, wereld: Wereld, ontvanger: Ontvanger, settings: Any
    ) -> None:
        oud = Client().get("/.well-known/jwks.json").json()["keys"]
        settings.OVERSTAP_PUSH_SLEUTELS = nieuwe_pem() + pem()
        nieuw = Client().get("/.well-known/jwks.json")
        kids = [s["kid"] for s in nieuw.json()["keys"]]
        assert len(kids) == 2
        assert kids[1] == oud[0]["kid"]
        assert all(set(s) == {"kty", "n", "e", "kid", "alg", "use"} for s in nieuw.json()["keys"])
        zet_eindpunt(wereld, ontvanger.url)
        doe_push(wereld)
        assert ontvanger.fouten == []
        assert ontvanger.gekregen

    def test_a_changed_body_does_not_pass(self, wereld: Wereld, ontvanger: Ontvanger) -> None:
        """The check of these tests is a check: it finds what somebody on the way changed."""
        koppen = _Koppen(handtekening.teken(b'{"a":1}') | {"Content-Type": "application/cloudevents+json"})
        ontvanger.controleer(koppen, b'{"a":1}')
        with pytest.raises(AssertionError):
            ontvanger.controleer(koppen, b'{"a":2}')
        koppen["Digest"] = handtekening.digest(b'{"a":2}')
        with pytest.raises(Exception, match="Verification failed"):
            ontvanger.controleer(koppen, b'{"a":2}')


class _Koppen(dict[str, str]):
    def get_all(self, naam: str) -> list[str]:
        return [self[naam]]


class TestWie:
    """Only the beheerorganisatie of the regio and who keeps the accounts of the receiver itself."""

    @pytest.mark.parametrize(
        ("rol", "waar", "code", "mag"),
        [
            ("beheerorganisatie", None, GEMEENTE, True),
            ("functioneel_beheerder", "99AA", "99AA", True),
            ("functioneel_beheerder", "99AA", GEMEENTE, False),
            ("beheerorganisatie", "22", GEMEENTE, False),
            ("beheerorganisatie", None, "99MA", False),
            ("leerplicht", "RMC21", GEMEENTE, False),
        ],
    )
    def test_who_may_set_an_endpoint(
        self, wereld: Wereld, ontvanger: Ontvanger, rol: str, waar: str | None, code: str, mag: bool
    ) -> None:
        actor = wereld.actor(rol, waar) if waar else wereld.actor(rol)
        organisatie = wereld.organisaties[code]
        with wereld.bereik(*actor.regios):
            if mag:
                actions.save_eindpunt(organisatie, ontvanger.url, True, actor=actor)
            else:
                with pytest.raises(PermissionError):
                    actions.save_eindpunt(organisatie, ontvanger.url, True, actor=actor)
            assert LogRegel.objects.filter(handeling="eindpunt.wijzigen").count() == mag
        assert Eindpunt.objects.filter(pk=organisatie.pk).exists() is mag

    def test_a_test_says_how_it_went_and_pushes_nothing(self, wereld: Wereld, ontvanger: Ontvanger) -> None:
        zet_eindpunt(wereld, ontvanger.url)
        for gedrag, code in ((503, "http_503"), (204, "")):
            ontvanger.gedrag = lambda o, e, gedrag=gedrag: gedrag
            with wereld.bereik("21"):
                actions.request_test(gemeente(wereld), actor=wereld.actor("beheerorganisatie"))
                assert OutboxRegel.objects.filter(soort=push_stand.PROEF_WACHT).exists()
            assert stand_van(wereld).proef_fout == "gevraagd"
            push_proef(str(gemeente(wereld).pk))
            assert (stand_van(wereld).proef_fout, stand_van(wereld).proef_op is not None) == (code, True)
        assert ontvanger.fouten == []
        assert [e["type"] for e in ontvanger.gezien] == ["nl.overstap.vva.proef.v1"] * 2
        assert stand_van(wereld).gepusht_tot == 0
        assert stand_van(wereld).wacht_sinds is None
