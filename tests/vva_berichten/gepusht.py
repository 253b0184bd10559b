"""Push in tests: an endpoint of one gemeente, a turn of pushing, and what stands afterwards."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

import msgspec
from django.db.models import F

from accounts.models import Organisatie
from overstap.basis.embedded.geheimen import nieuwe_pem
from tests.wereld import Wereld
from vva_berichten import actions, postbus
from vva_berichten.models import Eindpunt, GeparkeerdePush
from vva_berichten.uitgaand.push import push

GEMEENTE = "0362"


@cache
def pem() -> str:
    """A key to sign with, made once: that takes a while."""
    return nieuwe_pem()


def gemeente(wereld: Wereld) -> Organisatie:
    return wereld.organisaties[GEMEENTE]


def zet_eindpunt(wereld: Wereld, url: str) -> Eindpunt:
    with wereld.bereik("21"):
        return actions.save_eindpunt(gemeente(wereld), url, True, actor=wereld.actor("beheerorganisatie"))


def doe_push(wereld: Wereld) -> int:
    return push(gemeente(wereld).pk)[0]


def stand_van(wereld: Wereld) -> Eindpunt:
    return Eindpunt.objects.get(pk=gemeente(wereld).pk)


def later(wereld: Wereld, verschil: timedelta) -> None:
    """Time goes by: all that this endpoint remembers is so much longer ago."""
    tijden = ("wacht_sinds", "opnieuw_na", "geclaimd_tot", "gepusht_op")
    Eindpunt.objects.filter(pk=gemeente(wereld).pk).update(**{veld: F(veld) - verschil for veld in tijden})


def geparkeerd(wereld: Wereld) -> list[GeparkeerdePush]:
    with wereld.bereik("21"):
        return list(GeparkeerdePush.objects.order_by("positie"))


def lees_postbus(wereld: Wereld) -> list[dict[str, Any]]:
    """The postbus as it is, without running what is due (there is no broker here for the wake-up)."""
    with wereld.bereik("21"):
        return [msgspec.json.decode(b) for b in postbus.lees(gemeente(wereld).pk, na=0, limiet=1000).berichten]
