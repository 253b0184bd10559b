"""Redenen of a regio: added, and ended; never deleted or renamed, since gebeurtenissen hold their code."""

from __future__ import annotations

import re
import unicodedata
import uuid

from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from accounts.models import Regio
from accounts.rechten import Recht
from overstap.basis import klok
from overstap.basis.sleutels import nieuwe_sleutel
from statuses.beoordelen import Geweigerd
from statuses.eigen_redenen import MET_REDEN
from statuses.models import RegioReden
from statuses.referentie.redenen import CORRECTIE, MARKERING, redenen
from statuses.status import Status

_LENGTE = 24


@transaction.atomic
def add_reden(regio: str, status: Status, label: str, tekst_verplicht: bool, *, actor: Actor) -> RegioReden | Geweigerd:
    """Add a reden to the list of one status. The code is made of the label, and stays."""
    _vereis(regio, actor)
    if status not in MET_REDEN:
        return Geweigerd("status_zonder_reden", "Bij deze status hoort geen reden uit een lijst.", "veld", "status")
    Regio.objects.select_for_update().get(pk=regio)  # two at once: the second sees the first
    bestaand = list(RegioReden.objects.filter(regio_id=regio, status=status))
    labels = {r.label.casefold() for r in redenen(status.code)} | {r.label.casefold() for r in bestaand}
    if label.strip().casefold() in labels:
        return Geweigerd("bestaat", "Deze reden staat al in de lijst. Kies een andere tekst.", "veld", "label")
    rij = RegioReden.objects.create(
        id=nieuwe_sleutel(),
        regio_id=regio,
        status=status,
        code=_code(label, {r.code for r in bestaand}),
        label=label.strip(),
        tekst_verplicht=tekst_verplicht,
    )
    _log(actor, "reden.toevoegen", rij)
    return rij


@transaction.atomic
def end_reden(reden_id: uuid.UUID, *, actor: Actor) -> RegioReden | Geweigerd:
    """From today nobody chooses it any more; where it was chosen it stays."""
    return _zet_einde(reden_id, True, actor)


@transaction.atomic
def reopen_reden(reden_id: uuid.UUID, *, actor: Actor) -> RegioReden | Geweigerd:
    """An ended reden can be chosen again."""
    return _zet_einde(reden_id, False, actor)


def _zet_einde(reden_id: uuid.UUID, einde: bool, actor: Actor) -> RegioReden | Geweigerd:
    rij = RegioReden.objects.select_for_update().filter(pk=reden_id, regio_id__in=sorted(actor.regios)).first()
    if rij is None:
        return Geweigerd("onbekend", "Deze reden bestaat niet of hoort niet bij uw regio.")
    _vereis(rij.regio_id, actor)
    if (rij.beeindigd_op is not None) == einde:
        return Geweigerd("geen_wijziging", "Dit was al zo.")
    rij.beeindigd_op = klok.vandaag() if einde else None
    rij.save(update_fields=["beeindigd_op"])
    _log(actor, "reden.beeindigen" if einde else "reden.heropenen", rij)
    return rij


def _vereis(regio: str, actor: Actor) -> None:
    if not actor.mag(Recht.BEHEREN) or regio not in actor.regios:
        raise PermissionError("Alleen de beheerorganisatie van deze regio wijzigt de redenen.")


def _log(actor: Actor, handeling: str, rij: RegioReden) -> None:
    audit.log(
        actor, handeling, regio=rij.regio_id, object_soort="reden", object_id=rij.id, details={"code": rij.code, "status": rij.status}
    )  # fmt: skip


def _code(label: str, bekend: set[str]) -> str:
    """A readable code of at most 24 characters that is nobody else's."""
    plat = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    basis = re.sub(r"[^a-z0-9]+", "_", plat).strip("_")[: _LENGTE - 3].rstrip("_") or "eigen"
    vast = {r.code for voor in [*(s.code for s in MET_REDEN), MARKERING, CORRECTIE] for r in redenen(voor)} | bekend
    return next(code for n in range(1, 1000) if (code := basis if n == 1 else f"{basis}_{n}"[:_LENGTE]) not in vast)


__all__ = ["add_reden", "end_reden", "reopen_reden"]
