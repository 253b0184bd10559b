"""Settings from the environment: a wrong value is one sentence that names the variable."""

import base64
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from overstap.basis import checks, omgeving
from overstap.basis.embedded.geheimen import nieuwe_pem
from overstap.basis.embedded.opdracht import met_gebruiker, volledig

SLEUTEL = base64.b64encode(b"k" * 32).decode()


@pytest.mark.parametrize(
    ("functie", "waarde", "uitkomst"),
    [
        (omgeving.ja_nee, "ja", True),
        (omgeving.ja_nee, "0", False),
        (omgeving.datum, "2026-03-20", date(2026, 3, 20)),
        (omgeving.datum, "", None),
        (omgeving.lijst, "a, b,", ["a", "b"]),
    ],
)
def test_good_values(monkeypatch: pytest.MonkeyPatch, functie: object, waarde: str, uitkomst: object) -> None:
    monkeypatch.setenv("PROEF", waarde)
    assert functie("PROEF") == uitkomst  # type: ignore[operator]


@pytest.mark.parametrize(
    ("functie", "waarde"),
    [
        (omgeving.ja_nee, "misschien"),
        (omgeving.datum, "20-03-2026"),
        (omgeving.datum, "2026-02-30"),
        (omgeving.tekst, " "),
    ],
)
def test_wrong_values_name_the_variable(monkeypatch: pytest.MonkeyPatch, functie: object, waarde: str) -> None:
    monkeypatch.setenv("PROEF", waarde)
    with pytest.raises(ImproperlyConfigured, match="PROEF"):
        functie("PROEF")  # type: ignore[operator]


def test_key_ring_keeps_its_order() -> None:
    ring = omgeving.sleutelring("PROEF", f"2:{SLEUTEL},1:{SLEUTEL}")
    assert list(ring) == ["2", "1"]
    assert ring["1"] == b"k" * 32


@pytest.mark.parametrize("ruw", ["", SLEUTEL, f"1:{SLEUTEL},1:{SLEUTEL}", "1:" + "A" * 22 + "==", "1:geen base64"])
def test_broken_key_ring_is_refused(ruw: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="PROEF"):
        omgeving.sleutelring("PROEF", ruw)


def test_pem_as_text_with_one_line_or_as_a_file(tmp_path: Path) -> None:
    pem = nieuwe_pem()
    bestand = tmp_path / "push.pem"
    bestand.write_text(pem)
    assert omgeving.pem("PROEF", pem.replace("\n", "\\n")) == omgeving.pem("PROEF", str(bestand)) == pem
    assert omgeving.pem("PROEF", "") == ""
    with pytest.raises(ImproperlyConfigured, match="PROEF"):
        omgeving.pem("PROEF", str(tmp_path / "weg.pem"))


@pytest.mark.parametrize("fout", ["geen pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_key_that_cannot_sign_stops_the_start(settings: Any, fout: str) -> None:
    settings.OVERSTAP_PUSH_SLEUTELS = fout
    with pytest.raises(checks.Weigering, match="OVERSTAP_PUSH_SLEUTELS"):
        checks.controleer_start()


def test_database_url() -> None:
    gelezen = omgeving.database("PROEF", "postgresql://jan:a%2Fb@db:5433/over?sslmode=require")
    assert (gelezen["USER"], gelezen["PASSWORD"], gelezen["HOST"], gelezen["PORT"]) == ("jan", "a/b", "db", "5433")
    assert gelezen["OPTIONS"] == {"sslmode": "require"}
    with pytest.raises(ImproperlyConfigured, match="PROEF"):
        omgeving.database("PROEF", "mysql://jan@db/over")


def test_another_login_on_the_same_database() -> None:
    assert met_gebruiker("postgresql://a:b@h:1/d?x=y", "c", "d/e") == "postgresql://c:d%2Fe@h:1/d?x=y"


def test_schema_commands_run_as_the_owner() -> None:
    assert volledig(["manage.py", "migrate"]) == ["manage.py", "migrate", "--database", "eigenaar"]
    assert volledig(["manage.py", "migrate", "--database=default"]) == ["manage.py", "migrate", "--database=default"]
    assert volledig(["manage.py", "shell"]) == ["manage.py", "shell"]
