"""Who owns the status of an overstap: whom a melding can be passed on to. Bron: domein.md 3, BO1; PROC tabel 3.1, eigenaar."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from overstap.gesprekken.post.ontvangers import leerplicht_van
from statuses.models import Aanmelding, Overstap
from statuses.status import STATUSSEN, Partij, Status

LABELS: dict[Partij, str] = {
    Partij.VO: "De school",
    Partij.MBO: "Het mbo van deze aanmelding",
    Partij.LEERPLICHT: "Leerplicht",
}


@dataclass(frozen=True, slots=True)
class Eigenaar:
    """A party that set, or can set, a status of this leerling."""

    partij: Partij
    organisatie_id: uuid.UUID


def eigenaars(overstap: Overstap) -> dict[Partij, Eigenaar]:
    """The parties of this overstap, who owns the leidende status first. Needs vestiging and leerling loaded."""
    uit = {Partij.VO: overstap.vestiging.organisatie_id}
    mbo = (
        Aanmelding.objects.filter(overstap=overstap).order_by("-status", "-nr").values_list("mbo_id", flat=True).first()
    )
    if mbo:
        uit[Partij.MBO] = mbo
    leerplicht = leerplicht_van(overstap.regio_id, [overstap.pk]).get(overstap.pk)
    if leerplicht:
        uit[Partij.LEERPLICHT] = leerplicht
    eerst = STATUSSEN[Status(overstap.leidende_status)].eigenaar if overstap.leidende_status else Partij.VO
    volgorde = sorted(uit, key=lambda p: p != eerst)
    return {p: Eigenaar(p, uit[p]) for p in volgorde}
