"""Delivery by push to a real HTTP server: signed, in order, at least once; who is away waits, one bad message blocks nobody."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test import Client

from accounts.models import LogRegel, Organisatie
from overstap.basis import handtekening, klok, wegsturen
from overstap.basis.embedded.geheimen import nieuwe_pem
from overstap.basis.outbox.models import OutboxRegel
from tests.vva_berichten.hulp import NOVEMBER, alles
from tests.vva_berichten.ontvanger import Ontvanger, dichte_poort, goed, luister
from tests.wereld import JAAR, Wereld
from vva_berichten import actions, postbus
from vva_berichten.models import Bulk, Eindpunt, GeparkeerdePush
from vva_berichten.tasks import bulkmelding_regio, push_proef
from vva_berichten.uitgaand import lever_bulk, push_stand
from vva_berichten.uitgaand.push import push

GEMEENTE = "0362"
PEM = nieuwe_pem()
DRIE_DAGEN = timedelta(days=3)


@pytest.fixture
def ontvanger(wereld: Wereld, settings: Any) -> Iterator[Ontvanger]:
    """A gemeente with messages in its postbus, and a server that accepts all; no endpoint yet."""
    settings.OVERSTAP_PUSH_SLEUTELS, settings.OVERSTAP_PUSH_INTERN = PEM, True
    wereld.op(NOVEMBER)
    wereld.overstappen_van([wereld.rij("99AA01", overstapper_sinds=date(2025, 10, 3)) for _ in range(5)])
    alles(wereld, GEMEENTE)
    with luister(Ontvanger(jwks=lambda: Client().get("/.well-known/jwks.json").json())) as server:
        yield server


def _gemeente(wereld: Wereld) -> Organisatie:
    return wereld.organisaties[GEMEENTE]


def _eindpunt(wereld: Wereld, url: str) -> Eindpunt:
    with wereld.bereik("21"):
        return actions.save_eindpunt(_gemeente(wereld), url, True, actor=wereld.actor("beheerorganisatie"))


def _push(wereld: Wereld) -> int:
    return push(_gemeente(wereld).pk)[0]


def _stand(wereld: Wereld) -> Eindpunt:
    return Eindpunt.objects.get(pk=_gemeente(wereld).pk)


def _later(wereld: Wereld, verschil: timedelta) -> None:
    """Time goes by: all that this endpoint remembers is so much longer ago."""
    tijden = ("wacht_sinds", "opnieuw_na", "geclaimd_tot", "gepusht_op")
    Eindpunt.objects.filter(pk=_gemeente(wereld).pk).update(**{veld: F(veld) - verschil for veld in tijden})


def _geparkeerd(wereld: Wereld) -> list[GeparkeerdePush]:
    with wereld.bereik("21"):
        return list(GeparkeerdePush.objects.order_by("positie"))


def _postbus(wereld: Wereld) -> list[dict[str, Any]]:
    """The postbus as it is, without running what is due (there is no broker here for the wake-up)."""
    with wereld.bereik("21"):
        return [msgspec.json.decode(b) for b in postbus.lees(_gemeente(wereld).pk, na=0, limiet=1000).berichten]


def test_all_of_the_postbus_in_order_and_signed(wereld: Wereld, ontvanger: Ontvanger) -> None:
    _eindpunt(wereld, ontvanger.url)
    berichten = _postbus(wereld)
    assert _push(wereld) == len(berichten) >= 5
    assert ontvanger.fouten == []
    assert [e["data"] for e in ontvanger.gekregen] == berichten
    assert ontvanger.posities == list(range(1, len(berichten) + 1))
    eerste = ontvanger.gekregen[0]
    bericht = berichten[0]
    assert eerste["id"] == bericht["berichtId"]
    assert eerste["specversion"] == "1.0"
    assert eerste["type"] == "nl.overstap.vva.potentiele-mbo-ganger.v1"
    assert eerste["source"] == f"urn:nld:oin:{bericht['verzendendeInstantie']}:systeem:overstap"
    assert eerste["subject"] == bericht["ontvangendeInstantie"]
    assert eerste["dataschema"].endswith("/api/v1/vva/schema/potentiele-mbo-ganger")
    assert Client().get(urlsplit(eerste["dataschema"]).path).status_code == 200
    # Nothing is left, and the postbus is as it was.
    assert _push(wereld) == 0
    assert _postbus(wereld) == berichten


def test_no_person_outside_the_data(wereld: Wereld, ontvanger: Ontvanger) -> None:
    _eindpunt(wereld, ontvanger.url)
    _push(wereld)
    for event, koppen in zip(ontvanger.gekregen, ontvanger.koppen, strict=True):
        (pgn,) = set(re.findall(r"9999\d{5}", str(event["data"])))
        assert pgn not in str({k: v for k, v in event.items() if k != "data"})
        assert pgn not in str(koppen)
    assert set(ontvanger.paden) == {"/vva"}


def test_bulk_pages_have_the_berichtid_of_the_postbus(wereld: Wereld, ontvanger: Ontvanger) -> None:
    wereld.op(date(2026, 3, 1))
    bulkmelding_regio("21", "BULK_0301", JAAR)
    alles(wereld, GEMEENTE)
    _eindpunt(wereld, ontvanger.url)
    _push(wereld)
    uit_de_postbus = [b["berichtId"] for b in _postbus(wereld) if b["berichtType"] == "SIGNAAL"]
    gepusht = [e for e in ontvanger.gekregen if e["type"] == "nl.overstap.vva.signalen.v1"]
    assert [e["id"] for e in gepusht] == uit_de_postbus != []


def test_starts_after_what_was_confirmed_in_the_postbus(wereld: Wereld, ontvanger: Ontvanger) -> None:
    postbus.opgehaald(_gemeente(wereld).pk, 3)
    postbus.bevestig(_gemeente(wereld).pk, 3)
    _eindpunt(wereld, ontvanger.url)
    _push(wereld)
    assert ontvanger.posities[0] == 4


@pytest.mark.parametrize(
    ("gedrag", "code"),
    [
        (500, "http_500"), (503, "http_503"), (302, "http_302"), (401, "http_401"), (404, "http_404"), ("rommel", "antwoord"),
        ("weg", "antwoord"), ("hangt", "tijd"), ("drupt", "tijd"), ("drupt na afscheid", "tijd"),
    ],
)  # fmt: skip
def test_who_cannot_take_anything_makes_all_wait_and_gets_it_later_in_order(
    wereld: Wereld, ontvanger: Ontvanger, monkeypatch: pytest.MonkeyPatch, gedrag: int | str, code: str
) -> None:
    monkeypatch.setattr(wegsturen, "ANTWOORDEN", 0.5)
    monkeypatch.setattr(wegsturen, "TOTAAL", 1.0)
    _eindpunt(wereld, ontvanger.url)
    ontvanger.gedrag = lambda o, e: gedrag
    assert _push(wereld) == 0
    stand = _stand(wereld)
    assert (stand.fout, stand.pogingen, stand.gepusht_tot) == (code, 1, 0)
    assert stand.wacht_sinds is not None
    assert ontvanger.fouten == []
    # Not before its time: nobody is asked again.
    gezien = len(ontvanger.gezien)
    assert gezien == 1
    assert _push(wereld) == 0
    assert len(ontvanger.gezien) == gezien
    _later(wereld, timedelta(seconds=5))
    ontvanger.gedrag = goed
    assert _push(wereld) >= 5
    assert ontvanger.posities == list(range(1, len(ontvanger.posities) + 1))
    assert set(ontvanger.paden) == {"/vva"}, "a redirect is not followed"
    assert (_stand(wereld).fout, _stand(wereld).wacht_sinds, _stand(wereld).pogingen) == ("", None, 0)
    assert _geparkeerd(wereld) == []


def test_an_answer_without_end_is_cut_off(wereld: Wereld, ontvanger: Ontvanger) -> None:
    _eindpunt(wereld, ontvanger.url)
    ontvanger.gedrag = lambda o, e: "veel"
    _push(wereld)
    assert _stand(wereld).gepusht_tot == len(_postbus(wereld))


def test_nobody_listens_and_waits_grow_to_an_hour(wereld: Wereld, ontvanger: Ontvanger) -> None:
    _eindpunt(wereld, f"http://127.0.0.1:{dichte_poort()}/vva")
    wachttijden = []
    for _ in range(14):
        voor = klok.wandklok()
        assert _push(wereld) == 0
        stand = _stand(wereld)
        assert stand.opnieuw_na is not None
        wachttijden.append(round((stand.opnieuw_na - voor).total_seconds()))
        _later(wereld, timedelta(hours=1, minutes=1))
    assert wachttijden[:5] == [2, 4, 8, 16, 32]
    assert wachttijden[-1] == 3600
    assert stand.fout == "verbinding"


def test_retry_after_is_heard(wereld: Wereld, ontvanger: Ontvanger) -> None:
    _eindpunt(wereld, ontvanger.url)
    ontvanger.gedrag = lambda o, e: 429
    _push(wereld)
    opnieuw = _stand(wereld).opnieuw_na
    assert opnieuw is not None
    assert timedelta(seconds=100) < opnieuw - klok.wandklok() <= timedelta(seconds=120)


def test_three_days_away_and_then_everything_in_order(wereld: Wereld, ontvanger: Ontvanger) -> None:
    _eindpunt(wereld, ontvanger.url)
    ontvanger.gedrag = lambda o, e: 503
    for _ in range(72):
        _push(wereld)
        _later(wereld, timedelta(hours=1, minutes=1))
    stand = _stand(wereld)
    assert stand.wacht_sinds is not None
    assert klok.wandklok() - stand.wacht_sinds > DRIE_DAGEN
    assert stand.gestopt_op is None
    ontvanger.gedrag = goed
    assert _push(wereld) == len(_postbus(wereld))
    assert ontvanger.ids == [b["berichtId"] for b in _postbus(wereld)]


def test_a_week_away_stops_and_a_person_resumes(wereld: Wereld, ontvanger: Ontvanger) -> None:
    _eindpunt(wereld, ontvanger.url)
    ontvanger.gedrag = lambda o, e: 503
    _push(wereld)
    _later(wereld, timedelta(days=6, hours=23))
    _push(wereld)
    assert _stand(wereld).gestopt_op is None
    _later(wereld, timedelta(hours=2))
    _push(wereld)
    assert _stand(wereld).gestopt_op is not None
    ontvanger.gedrag = goed
    _later(wereld, timedelta(days=1))
    assert _push(wereld) == 0
    with wereld.bereik("21"):
        assert push_stand.aan_de_beurt() == []
        uit = actions.resend([_gemeente(wereld)], actor=wereld.actor("beheerorganisatie"))
        assert (uit.eindpunten, uit.berichten) == (1, 0)
        assert push_stand.aan_de_beurt() == [_gemeente(wereld).pk]
    assert _push(wereld) >= 5


def test_one_refused_message_is_put_aside_and_sent_again_by_command(wereld: Wereld, ontvanger: Ontvanger) -> None:
    _eindpunt(wereld, ontvanger.url)
    aantal = len(_postbus(wereld))
    ontvanger.gedrag = lambda o, e: 422 if e["sequence"] == "3" else 200
    for _ in range(3):
        _push(wereld)
        _later(wereld, timedelta(minutes=1))
    assert ontvanger.posities == [n for n in range(1, aantal + 1) if n != 3]
    assert [(g.positie, g.fout, g.pogingen) for g in _geparkeerd(wereld)] == [(3, "http_422", 3)]
    # Not by itself again; when asked and refused once more it waits again.
    assert _push(wereld) == 0
    call_command("vva_opnieuw", "--organisatie", GEMEENTE)
    _push(wereld)
    assert [(g.positie, g.pogingen, g.opnieuw_op) for g in _geparkeerd(wereld)] == [(3, 4, None)]
    ontvanger.gedrag = goed
    call_command("vva_opnieuw", "--organisatie", GEMEENTE)
    assert _push(wereld) == 1
    assert ontvanger.posities[-1] == 3
    assert _geparkeerd(wereld) == []


def test_who_refuses_everything_is_away_and_does_not_park_all(wereld: Wereld, ontvanger: Ontvanger) -> None:
    wereld.overstappen_van([wereld.rij("99AA01", overstapper_sinds=date(2025, 10, 3)) for _ in range(12)])
    alles(wereld, GEMEENTE)
    _eindpunt(wereld, ontvanger.url)
    ontvanger.gedrag = lambda o, e: 400
    for _ in range(40):
        _push(wereld)
        _later(wereld, timedelta(hours=1, minutes=1))
    assert len(_geparkeerd(wereld)) == 10
    assert _stand(wereld).wacht_sinds is not None


def test_an_answer_that_is_lost_gives_the_same_message_again(wereld: Wereld, ontvanger: Ontvanger) -> None:
    """At least once: the receiver knows it by its id."""
    _eindpunt(wereld, ontvanger.url)
    ontvanger.gedrag = lambda o, e: "weg" if e["sequence"] == "2" and len(o.gezien) == 2 else 204
    _push(wereld)
    _later(wereld, timedelta(minutes=1))
    _push(wereld)
    tweemaal = [e for e in ontvanger.gezien if e["sequence"] == "2"]
    assert len(tweemaal) == 2
    assert tweemaal[0] == tweemaal[1]
    assert ontvanger.posities == list(range(1, len(ontvanger.posities) + 1))


def test_a_worker_that_died_holds_the_line_only_for_a_while(wereld: Wereld, ontvanger: Ontvanger) -> None:
    _eindpunt(wereld, ontvanger.url)
    dood = push_stand.claim(_gemeente(wereld).pk)
    assert dood is not None
    assert _push(wereld) == 0
    _later(wereld, push_stand.LEASE + timedelta(seconds=1))
    assert _push(wereld) >= 5
    # What the dead one still would write changes nothing.
    stand = _stand(wereld)
    assert push_stand.aangenomen(dood, 1) is False
    assert push_stand.wacht(dood, "tijd") is False
    assert _stand(wereld).gepusht_tot == stand.gepusht_tot


def test_an_endpoint_that_moves_goes_on_where_it_was(wereld: Wereld, ontvanger: Ontvanger) -> None:
    _eindpunt(wereld, ontvanger.url)
    ontvanger.gedrag = lambda o, e: 204 if e["sequence"] == "1" else 503
    _push(wereld)
    assert _stand(wereld).gepusht_tot == 1
    _eindpunt(wereld, ontvanger.url.replace("/vva", "/nieuw"))
    ontvanger.gedrag = goed
    _push(wereld)
    assert ontvanger.posities == list(range(1, len(ontvanger.posities) + 1))
    assert ontvanger.paden[-1] == "/nieuw"


def test_wake_up_is_in_the_transaction_of_the_delivery(wereld: Wereld, ontvanger: Ontvanger) -> None:
    _eindpunt(wereld, ontvanger.url)
    wereld.op(date(2026, 3, 1))
    bulkmelding_regio("21", "BULK_0301", JAAR)
    with wereld.bereik("21"):
        OutboxRegel.objects.filter(soort=push_stand.PUSH_WACHT).delete()
        lever_bulk("21", [{"bulk": str(pk)} for pk in Bulk.objects.values_list("pk", flat=True)])
        regels = list(OutboxRegel.objects.filter(soort=push_stand.PUSH_WACHT))
    # Only for who has an endpoint.
    assert [r.inhoud for r in regels] == [{"organisatie": str(_gemeente(wereld).pk)}]


def test_queries_do_not_grow_with_the_messages_but_for_the_mark_of_each(
    wereld: Wereld, ontvanger: Ontvanger, django_assert_max_num_queries: Any
) -> None:
    _eindpunt(wereld, ontvanger.url)
    aantal = len(_postbus(wereld))
    with django_assert_max_num_queries(aantal + 25):
        _push(wereld)


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
        settings.OVERSTAP_PUSH_SLEUTELS, settings.OVERSTAP_PUSH_INTERN = PEM, False
        with pytest.raises(actions.EindpuntFout, match=r"\.$"):
            _eindpunt(wereld, url)
        assert not Eindpunt.objects.exists()

    @pytest.mark.parametrize("url", ["https://u:geheim@voorbeeld.nl/", "https://voorbeeld.nl/?sleutel=1", "morgen"])
    def test_one_that_is_off_is_read_too(self, wereld: Wereld, url: str) -> None:
        """What is saved stands in the log: no password, also while nothing is sent there."""
        with pytest.raises(actions.EindpuntFout), wereld.bereik("21"):
            actions.save_eindpunt(_gemeente(wereld), url, False, actor=wereld.actor("beheerorganisatie"))
        assert not Eindpunt.objects.exists()

    def test_public_address_is_accepted(self, wereld: Wereld, settings: Any) -> None:
        settings.OVERSTAP_PUSH_SLEUTELS, settings.OVERSTAP_PUSH_INTERN = PEM, False
        assert _eindpunt(wereld, "https://1.1.1.1:8443/vva").url == "https://1.1.1.1:8443/vva"

    def test_refused_at_connecting_too(self, wereld: Wereld, ontvanger: Ontvanger, settings: Any) -> None:
        """A name may point elsewhere by then."""
        _eindpunt(wereld, ontvanger.url.replace("http://", "https://").replace("127.0.0.1", "localhost"))
        settings.OVERSTAP_PUSH_INTERN = False
        _push(wereld)
        assert _stand(wereld).fout == "adres_onveilig"
        assert ontvanger.gezien == []

    def test_without_a_key_nothing_goes(self, wereld: Wereld, ontvanger: Ontvanger, settings: Any) -> None:
        _eindpunt(wereld, ontvanger.url)
        settings.OVERSTAP_PUSH_SLEUTELS = ""
        with pytest.raises(actions.EindpuntFout, match="sleutel"):
            _eindpunt(wereld, ontvanger.url)
        _push(wereld)
        assert _stand(wereld).fout == "geen_sleutel"
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
            _eindpunt(wereld, veilig.url)
            _push(wereld)
        assert _stand(wereld).fout == code
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
        settings.OVERSTAP_PUSH_SLEUTELS = nieuwe_pem() + PEM
        nieuw = Client().get("/.well-known/jwks.json")
        kids = [s["kid"] for s in nieuw.json()["keys"]]
        assert len(kids) == 2
        assert kids[1] == oud[0]["kid"]
        assert all(set(s) == {"kty", "n", "e", "kid", "alg", "use"} for s in nieuw.json()["keys"])
        _eindpunt(wereld, ontvanger.url)
        _push(wereld)
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
        _eindpunt(wereld, ontvanger.url)
        for gedrag, code in ((503, "http_503"), (204, "")):
            ontvanger.gedrag = lambda o, e, gedrag=gedrag: gedrag
            with wereld.bereik("21"):
                actions.request_test(_gemeente(wereld), actor=wereld.actor("beheerorganisatie"))
                assert OutboxRegel.objects.filter(soort=push_stand.PROEF_WACHT).exists()
            assert _stand(wereld).proef_fout == "gevraagd"
            push_proef(str(_gemeente(wereld).pk))
            assert (_stand(wereld).proef_fout, _stand(wereld).proef_op is not None) == (code, True)
        assert ontvanger.fouten == []
        assert [e["type"] for e in ontvanger.gezien] == ["nl.overstap.vva.proef.v1"] * 2
        assert _stand(wereld).gepusht_tot == 0
        assert _stand(wereld).wacht_sinds is None


def test_other_regios_see_no_parked_message(wereld: Wereld, ontvanger: Ontvanger) -> None:
    _eindpunt(wereld, ontvanger.url)
    ontvanger.gedrag = lambda o, e: 422 if e["sequence"] == "1" else 200
    for _ in range(3):
        _push(wereld)
        _later(wereld, timedelta(minutes=1))
    with wereld.bereik("21"):
        assert GeparkeerdePush.objects.count() == 1
    with wereld.bereik("22"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM vva_berichten_geparkeerdepush")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
class TestTegelijk:
    def test_two_workers_at_once_send_each_message_once(self, settings: Any) -> None:
        wereld = Wereld(settings)
        settings.OVERSTAP_PUSH_SLEUTELS, settings.OVERSTAP_PUSH_INTERN = PEM, True
        wereld.op(NOVEMBER)
        wereld.overstappen_van([wereld.rij("99AA01", overstapper_sinds=date(2025, 10, 3)) for _ in range(20)])
        alles(wereld, GEMEENTE)
        with luister(Ontvanger(jwks=lambda: Client().get("/.well-known/jwks.json").json())) as ontvanger:
            _eindpunt(wereld, ontvanger.url)
            uitkomsten: list[int] = []

            def werk(pk: uuid.UUID) -> None:
                with closing(connection):
                    uitkomsten.append(push(pk)[0])

            draden = [threading.Thread(target=werk, args=(_gemeente(wereld).pk,)) for _ in range(4)]
            for draad in draden:
                draad.start()
            for draad in draden:
                draad.join()
        assert sum(uitkomsten) == len(ontvanger.posities) >= 20
        assert ontvanger.posities == list(range(1, len(ontvanger.posities) + 1))

    def test_nothing_is_open_in_the_database_while_a_message_is_on_its_way(self, settings: Any) -> None:
        wereld = Wereld(settings)
        settings.OVERSTAP_PUSH_SLEUTELS, settings.OVERSTAP_PUSH_INTERN = PEM, True
        wereld.op(NOVEMBER)
        wereld.overstappen_van([wereld.rij("99AA01", overstapper_sinds=date(2025, 10, 3)) for _ in range(2)])
        alles(wereld, GEMEENTE)
        open_: list[Any] = []

        def kijk(o: Ontvanger, event: dict[str, Any]) -> int | str:
            open_.append(_in_transactie())
            return 204

        with luister(Ontvanger(jwks=lambda: {"keys": []}, gedrag=kijk)) as ontvanger:
            _eindpunt(wereld, ontvanger.url)
            assert _push(wereld) >= 2
        assert set(open_) == {0}


def _in_transactie() -> int:
    """How many other sessions of this database are in the middle of a transaction."""
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND state LIKE 'idle in transaction%'"
        )
        aantal: int = cursor.fetchone()[0]
        return aantal
