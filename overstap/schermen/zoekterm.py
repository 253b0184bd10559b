"""The name that somebody searches for: kept in the session, unreadable there, and never in an address or a log.

The table of sessions knows no walls between regio's; so what stands in it names nobody.
"""

from __future__ import annotations

import base64
import binascii

from django.http import HttpRequest

from accounts.actor import Actor
from overstap.basis import geheim

_SESSIE = "zoek"


def vercijfer(actor: Actor, term: str) -> str:
    """As text that only this person's requests turn back."""
    assert actor.id is not None
    return base64.b64encode(geheim.versleutel(term, actor.id)).decode()


def ontcijfer(actor: Actor, waarde: str) -> str:
    """The term, empty for nothing; raises ``geheim.Onleesbaar`` for another person's."""
    assert actor.id is not None
    return geheim.ontsleutel(base64.b64decode(waarde), actor.id).decode() if waarde else ""


def bewaar(request: HttpRequest, actor: Actor, term: str) -> None:
    request.session[_SESSIE] = vercijfer(actor, term) if term else ""


def zoekterm(request: HttpRequest, actor: Actor) -> str:
    """What this person searches for now; nothing when its key is gone."""
    try:
        return ontcijfer(actor, request.session.get(_SESSIE, ""))
    except (geheim.Onleesbaar, binascii.Error):
        return ""
