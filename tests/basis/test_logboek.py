"""Nothing that names a person reaches the technical log."""

import json
import logging

import pytest
import structlog

from overstap.basis.logboek import schoon


@pytest.mark.parametrize(
    ("voor", "na"),
    [
        ("leerling 999900018 gevonden", "leerling [pgn] gevonden"),
        ("mail naar jan@example.nl ging mis", "mail naar [e-mail] ging mis"),
        ("GET /leerlingen?zoek=jansen&jaar=2025 404", "GET /leerlingen?... 404"),
        ("fout\nDETAIL:  Key (achternaam)=(Jansen) already exists.", "fout\nDETAIL: [weggelaten]"),
        (
            "fout\nDETAIL:  Failing row contains (7, Jansen\nKerkstraat 1\n\nzie boven).\n\nThe above exception was the direct",
            "fout\nDETAIL: [weggelaten]\n\nThe above exception was the direct",
        ),
        ("GET /leerlingen/999900018-kaart 404", "GET /leerlingen/[pgn]-kaart 404"),
        ("uuid 12345678-1234-1234-1234-123456789012 blijft", "uuid 12345678-1234-1234-1234-123456789012 blijft"),
        ("uuid 12345678-1234-1234-1234-123456789abc blijft", "uuid 12345678-1234-1234-1234-123456789abc blijft"),
        ({"achternaam": "Jansen", "id": 7}, {"achternaam": "[weggelaten]", "id": 7}),
        (["999900018"], ["[pgn]"]),
    ],
)
def test_schoon(voor: object, na: object) -> None:
    assert schoon(voor) == na


def test_a_line_is_json_without_the_person(capsys: pytest.CaptureFixture[str]) -> None:
    scherm = next(h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler)
    oude, scherm.stream = scherm.stream, __import__("sys").stderr
    try:
        structlog.get_logger("proef").warning("gedaan", voornaam="Jan", overstap="abc", melding="bsn 999900018")
        logging.getLogger("proef").warning("los bericht over %s", "jan@example.nl")
    finally:
        scherm.stream = oude
    regels = [json.loads(regel) for regel in capsys.readouterr().err.strip().splitlines()]
    assert regels[0] | {"timestamp": ""} == {
        "event": "gedaan",
        "voornaam": "[weggelaten]",
        "overstap": "abc",
        "melding": "bsn [pgn]",
        "logger": "proef",
        "level": "warning",
        "timestamp": "",
    }
    assert regels[1]["event"] == "los bericht over [e-mail]"
