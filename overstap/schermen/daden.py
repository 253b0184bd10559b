"""Whom an act is about, for many rows at once, and the button at the end of each row in the list of a step."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from overstap.schermen.acties import Doel, Knop, actie_url, tegen
from overstap.schermen.cellen import Daad
from overstap.schermen.lijst import Lijst, rij_url
from overstap.schermen.omgeving import Omgeving
from statuses.models import Aanmelding
from statuses.weergave import alleen_eigen
from statuses.werklijsten import Stap


def doelen_van(lijst: Lijst, rijen: Sequence[Any], o: Omgeving) -> list[Doel]:
    """The rows as acts need them: the overstap with all its aanmeldingen, and the one aanmelding that the row is. One query, and
    none where the list has them already.
    """
    overstappen = {ov.pk: ov for ov in map(lijst.overstap, rijen)}
    per_overstap: dict[uuid.UUID, list[Aanmelding]] = defaultdict(list)
    if not alleen_eigen(o.actor) and all(hasattr(ov, "lijst_aanmeldingen") for ov in overstappen.values()):
        for pk, overstap in overstappen.items():
            per_overstap[pk] = sorted(overstap.lijst_aanmeldingen, key=lambda a: a.nr)  # type: ignore[attr-defined]
    else:
        for aanmelding in Aanmelding.objects.filter(overstap_id__in=overstappen).select_related("mbo").order_by("nr"):
            per_overstap[aanmelding.overstap_id].append(aanmelding)
    return [
        Doel(
            lijst.overstap(rij),
            tuple(per_overstap[lijst.overstap(rij).pk]),
            rij if isinstance(rij, Aanmelding) else None,
        )
        for rij in rijen
    ]


def daden_van(lijst: Lijst, o: Omgeving, stap: Stap | None, rijen: Sequence[Any], deel: str) -> dict[Any, Daad]:
    """Row -> the button of the step, for the rows where it will be accepted; none without a step. One query where there is one."""
    knop = next((a for a in lijst.acties if stap is not None and stap.daad and a.code == stap.daad), None)
    if knop is None or not rijen or not knop.kan_ooit(o):
        return {}
    uit = {}
    for rij, doel in zip(rijen, doelen_van(lijst, rijen, o), strict=True):
        if (url := _adres(lijst, o, knop, rij, doel, deel)) is not None:
            uit[rij.pk] = Daad(knop.knop, url)
    return uit


def _adres(lijst: Lijst, o: Omgeving, knop: Knop, rij: Any, doel: Doel, deel: str) -> str | None:
    """The page of the act; with more than one aanmelding that it can be about, the leerling, to choose there."""
    if not knop.per_aanmelding or doel.aanmelding is not None:
        mag = tegen(knop, o, doel) is None
        pk = doel.pk if knop.per_aanmelding else None
        return actie_url(knop, doel.overstap.pk, deel=deel, aanmelding_id=pk, naar_lijst=True) if mag else None
    zichtbaar = [a for a in doel.aanmeldingen if not alleen_eigen(o.actor) or a.mbo_id == o.actor.organisatie_id]
    kan = [a for a in zichtbaar if tegen(knop, o, replace(doel, aanmelding=a)) is None]
    if len(kan) == 1:
        return actie_url(knop, doel.overstap.pk, deel=deel, aanmelding_id=kan[0].pk, naar_lijst=True)
    return rij_url(lijst, rij, deel) if kan else None
