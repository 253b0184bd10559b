"""The published JSON Schema says what the API does: closed, refusing what is refused, and fitting all that we send.

What is taken and what is read fits it in every other test too: ``Systeem.stuur`` and ``Systeem.postbus`` check each message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import jsonschema
import pytest
from django.test import Client

from tests.vva_berichten.conftest import Systeem
from tests.vva_berichten.hulp import NOVEMBER, bulk, draai, toets_schema
from tests.wereld import Wereld, bsn
from vva_berichten.contract import BERICHTEN

Maak = Callable[..., Systeem]
NUMMER = bsn(3001)
GANGERS, STATUSSEN = "potentiele-mbo-gangers", "aanmeldstatussen"


def objecten(schema: Any, pad: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object type in a schema, with where it stands."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield pad, schema
        for naam, deel in schema.items():
            yield from objecten(deel, f"{pad}/{naam}")
    elif isinstance(schema, list):
        for nr, deel in enumerate(schema):
            yield from objecten(deel, f"{pad}/{nr}")


@pytest.mark.parametrize("naam", sorted(BERICHTEN))
def test_the_schema_is_closed(client: Client, db: None, naam: str) -> None:
    schema = client.get(f"/api/v1/vva/schema/{naam}").json()
    jsonschema.Draft202012Validator.check_schema(schema)
    alle = dict(objecten(schema))
    assert len(alle) >= 3
    assert [pad for pad, deel in alle.items() if deel.get("additionalProperties") is not False] == []
    # The one field that is read and not kept.
    assert [pad for pad, deel in alle.items() if "opleidingscode" in deel["properties"]] == (
        ["/$defs/Aanmeldstatus"] if naam == "aanmeldstatus" else []
    )


PAST_NIET: dict[str, tuple[dict[str, Any], ...]] = {
    GANGERS: (
        {"pgn": {"burgerservicenummer": f"{NUMMER}\n"}},
        {"pgn": {"burgerservicenummer": 999900018}},
        {"pgn": {"burgerservicenummer": NUMMER, "naam": "x"}},
        {"brin": "99AA\n"},
        {"brin": "0AAA"},
        {"brin": "weg"},
        {"vestiging": "99AA0"},
        {"vestiging": None},
        {"gemeentecode": "363"},
        {"gemeentecode": "0363\n"},
        {"studiejaarInstroom": "2026"},
        {"studiejaarInstroom": "2026-2027\n"},
        {"isPotentieleMboGanger": "true"},
        {"volgnummer": 0},
        {"volgnummer": "1"},
        {"wijzigingsdatum": "15-11-2025"},
        {"geboortedatum": "2009-05-01"},
        {"envelop": {"contractVersie": "2.0.0"}},
        {"envelop": {"contractVersie": "1.0.0\n"}},
        {"envelop": {"verzendendeInstantie": "99AA"}},
        {"envelop": {"berichtId": "1"}},
        {"envelop": {"afzender": "x"}},
    ),
    STATUSSEN: (
        {"aanmeldId": ""},
        {"aanmeldId": "x" * 37},
        {"voSchool": "99AA\n"},
        {"voSchool": "99AA0"},
        {"mboInstelling": "99MA\n"},
        {"opleiding": "Kok"},
        {"opleidingscode": 25491},
        {"statusDatum": None},
    ),
}


@pytest.mark.parametrize("soort", sorted(PAST_NIET))
def test_what_the_schema_refuses_is_t001(wereld: Wereld, systeem: Maak, client: Client, soort: str) -> None:
    """In one call, with a good one at the end: that one is taken."""
    wereld.op(NOVEMBER)
    van = systeem("99AA" if soort == GANGERS else "99MA")

    def maak(**velden: Any) -> dict[str, Any]:
        if soort == GANGERS:
            return van.mbo_ganger(NUMMER, **velden)
        return van.aanmeldstatus(NUMMER, gemeentecode="0363", **velden)

    fout = [maak(**velden) for velden in PAST_NIET[soort]]
    *uitkomsten, genomen = van.stuur(soort, *fout, maak())
    assert [r["codes"] for r in uitkomsten] == [["T001"]] * len(fout)
    assert genomen["uitkomst"] != "geweigerd"
    for bericht in fout:
        with pytest.raises(jsonschema.ValidationError):
            toets_schema(client, bericht)


def test_every_kind_that_we_send_fits(wereld: Wereld, zaanstad: str, systeem: Maak, monkeypatch: Any) -> None:
    """Both messages in every form, an empty bulk, one of more pages, and both kinds of signal: ``postbus`` checks them."""
    from vva_berichten import postbus
    from vva_berichten.uitgaand import leveren

    for module in (postbus, leveren):
        monkeypatch.setattr(module, "PER_PAGINA", 1)
    wereld.op(NOVEMBER)
    las, sis, amsterdam, leeg = (systeem(code) for code in ("99AA", "99MA", "0363", zaanstad))
    overstap = las.lever(NUMMER)
    las.lever(bsn(3002), pgn={"onderwijsnummer": "101010108"})
    las.stuur(GANGERS, las.mbo_ganger(bsn(3003), vestiging="weg"))
    sis.meld_aan(NUMMER, "afgewezen", reden={"code": "opleiding_vol", "tekst": ""})
    draai()
    wereld.op(date(2026, 3, 1))
    bulk("2026-03-01")
    draai()
    wereld.op(date(2026, 3, 9))
    sis.meld_aan(NUMMER, "aangemeld", volgnummer=2)
    draai()
    las.vervolgkeuze(overstap, "havo")
    alle = amsterdam.postbus() + leeg.postbus() + las.postbus()
    koppen = [b["signalen"]["kop"] for b in alle if b["berichtType"] == "SIGNAAL"]
    assert {kop["pagina"] for kop in koppen if kop["levering"] == "BULK_0301"} >= {1, 2, 3}
    assert 0 in {kop["aantal"] for kop in koppen}
    typen = {s["signaalType"] for b in alle if b["berichtType"] == "SIGNAAL" for s in b["signalen"]["signalen"]}
    assert typen >= {"NIET_AANGEMELD", "STATUSWIJZIGING", "VERVALLEN"}
    gangers = [b["potentieleMboGanger"] for b in alle if b["berichtType"] == "POTENTIELE_MBO_GANGER"]
    assert {g["isPotentieleMboGanger"] for g in gangers} == {True, False}
    assert {"vestiging" in g for g in gangers} == {True, False}
    assert "101010108" in {g["pgn"].get("onderwijsnummer") for g in gangers}
    statussen = [b["aanmeldstatus"] for b in alle if b["berichtType"] == "AANMELDSTATUS"]
    assert {("voSchool" in s, "gemeentecode" in s) for s in statussen} == {(True, False), (False, True)}
