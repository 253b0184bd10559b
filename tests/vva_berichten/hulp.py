"""What the tests of VVA share: run what is due, and read a postbus as its owner would."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import jsonschema
import msgspec
from django.core.management import call_command
from django.test import Client

from accounts.models import Organisatie, Regio
from overstap.basis.outbox.models import OutboxRegel
from overstap.basis.rls import bereik
from overstap.management.commands.relay import leeg_outbox
from tests.wereld import Wereld
from vva_berichten import postbus

NOVEMBER = date(2025, 11, 15)

_SCHEMA_VAN = {
    "POTENTIELE_MBO_GANGER": "potentiele-mbo-ganger",
    "AANMELDSTATUS": "aanmeldstatus",
    "SIGNAAL": "signalen",
}
_toetsen: dict[str, jsonschema.Draft202012Validator] = {}


def toets_schema(client: Client, bericht: Any) -> None:
    """A message fits the JSON Schema that is served for its berichtType; raises ValidationError otherwise."""
    naam = _SCHEMA_VAN[bericht["berichtType"]]
    if naam not in _toetsen:
        antwoord = client.get(f"/api/v1/vva/schema/{naam}")
        jsonschema.Draft202012Validator.check_schema(antwoord.json())
        _toetsen[naam] = jsonschema.Draft202012Validator(
            antwoord.json(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
        )
    _toetsen[naam].validate(bericht)


def gangers_in(berichten: Sequence[dict[str, Any]], nummer: str) -> list[dict[str, Any]]:
    """What these messages of a postbus say about this bsn as mbo-ganger, in order."""
    return _over(berichten, "potentieleMboGanger", nummer)


def statussen_in(berichten: Sequence[dict[str, Any]], nummer: str) -> list[dict[str, Any]]:
    """The aanmeldstatussen of this bsn among these messages, in order."""
    return _over(berichten, "aanmeldstatus", nummer)


def signalen_in(berichten: Sequence[dict[str, Any]], nummer: str, levering: str) -> list[dict[str, Any]]:
    """The signals about this bsn of one levering, over all pages."""
    return [
        s
        for b in berichten
        if b["berichtType"] == "SIGNAAL" and b["signalen"]["kop"]["levering"] == levering
        for s in b["signalen"]["signalen"]
        if s["pgn"].get("burgerservicenummer") == nummer
    ]


def _over(berichten: Sequence[dict[str, Any]], veld: str, nummer: str) -> list[dict[str, Any]]:
    return [b[veld] for b in berichten if b.get(veld, {}).get("pgn", {}).get("burgerservicenummer") == nummer]


def bulk(peildatum: str) -> dict[str, Any]:
    """The operator's command: make the bulkmeldingen of this day for every gemeente; what it says."""
    uit = io.StringIO()
    call_command("bulkmelding", peildatum=peildatum, json=True, stdout=uit)
    document: dict[str, Any] = json.loads(uit.getvalue())
    return document


def draai() -> None:
    """Run the outbox dry; nothing may be left that failed."""
    leeg_outbox()
    with bereik(Regio.objects.values_list("code", flat=True)):
        fouten = list(OutboxRegel.objects.filter(afgehandeld_op__isnull=True).values_list("soort", "fout"))
    assert not fouten, fouten


def alles(wereld: Wereld, code: str) -> list[dict[str, Any]]:
    """Every message in the postbus of a gemeente or school, from the beginning, after the outbox ran dry."""
    draai()
    organisatie = wereld.organisaties[code]
    uit: list[dict[str, Any]] = []
    na = 0
    with wereld.bereik():
        while True:
            bladzijde = postbus.lees(organisatie.id, na=na, limiet=1000)
            uit += [msgspec.json.decode(bericht) for bericht in bladzijde.berichten]
            if not bladzijde.meer:
                return uit
            na = bladzijde.cursor


def mbo_gangers(wereld: Wereld, code: str, nummer: str) -> list[tuple[bool, int]]:
    """What the gemeente was told about this bsn: (is mbo-ganger, volgnummer), in order."""
    return [
        (b["potentieleMboGanger"]["isPotentieleMboGanger"], b["potentieleMboGanger"]["volgnummer"])
        for b in alles(wereld, code)
        if b["berichtType"] == "POTENTIELE_MBO_GANGER"
        and b["potentieleMboGanger"]["pgn"].get("burgerservicenummer") == nummer
    ]


def aanmeldstatussen(wereld: Wereld, code: str, nummer: str) -> list[str]:
    """The statuses that this receiver got about this bsn, in order."""
    return [
        b["aanmeldstatus"]["status"]
        for b in alles(wereld, code)
        if b["berichtType"] == "AANMELDSTATUS" and b["aanmeldstatus"]["pgn"].get("burgerservicenummer") == nummer
    ]


def signalen(wereld: Wereld, code: str, levering: str) -> list[dict[str, Any]]:
    """The signals of one levering, all pages."""
    return [
        s
        for b in alles(wereld, code)
        if b["berichtType"] == "SIGNAAL" and b["signalen"]["kop"]["levering"] == levering
        for s in b["signalen"]["signalen"]
    ]


def zet_aansluiting(beheer: Client, gemeente: Organisatie, *, wacht: bool) -> None:
    """Connect a gemeente, or let it wait, on its page; what waited goes out with the next ``draai``."""
    pad = f"/beheer/organisaties/{gemeente.pk}/afspraken"
    versie = re.search(r'name="versie" value="([^"]*)"', beheer.get(pad).content.decode())
    assert versie  # what the form opened with
    antwoord = beheer.post(pad, {"versie": versie[1]} | ({"wacht": "on"} if wacht else {}))
    assert antwoord.status_code == 302, antwoord.content
