"""Who looked, who changed, who was refused: one line each, in the transaction of the act, append-only by grant.

Ids and codes only. A look at a list is one line with its leerlingen in LogOnderwerp.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from accounts.models import Gebruiker, Lidmaatschap, LogOnderwerp, LogRegel
from overstap.basis import klok
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import kale_rij, voeg_kolommen_toe, voeg_toe

if TYPE_CHECKING:
    from accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class Weigering:
    """A refusal that has to be written although the view's transaction is rolled back."""

    handeling: str
    object_soort: str = ""
    object_id: str = ""
    code: str = ""


def regel(
    actor: Actor,
    handeling: str,
    *,
    regio: str | None = None,
    object_soort: str = "",
    object_id: object = "",
    doel: str = "",
    uitkomst: str = "gedaan",
    aantal: int = 1,
    details: Mapping[str, Any] | None = None,
    tijdstip: datetime | None = None,
) -> LogRegel:
    """An unsaved line; ``log_regels`` writes many at once. ``tijdstip``: the moment that the lines of one act share, if not now."""
    return kale_rij(
        LogRegel,
        id=nieuwe_sleutel(),
        tijdstip=tijdstip or klok.wandklok(),
        regio_id=regio or (actor.regio if actor.regios else None),
        actor_soort=actor.soort,
        actor_id=actor.id,
        rol=actor.rol.value,
        organisatie_id=actor.organisatie_id,
        handeling=handeling,
        object_soort=object_soort,
        object_id=str(object_id),
        doel=doel,
        uitkomst=uitkomst,
        aantal=aantal,
        details=dict(details or {}),
    )


class Daad(NamedTuple):
    """One of the many acts of a call: what was done, on which spoor, and to which overstap of whom."""

    handeling: str
    doel: str
    regio: str
    overstap: uuid.UUID
    leerling: uuid.UUID


def log_daden(actor: Actor, daden: Sequence[Daad], tijdstip: datetime) -> None:
    """A line for each act, at one moment; without an instance per line. Two statements, whatever the number."""
    gelijk = {**regel(actor, "", object_soort="overstap", tijdstip=tijdstip).__dict__}
    del gelijk["_state"]
    regels: dict[str, list[Any]] = {kolom: [waarde] * len(daden) for kolom, waarde in gelijk.items()}
    regels["id"] = [nieuwe_sleutel() for _ in daden]
    regels["handeling"] = [daad.handeling for daad in daden]
    regels["doel"] = [daad.doel for daad in daden]
    regels["regio_id"] = [daad.regio for daad in daden]
    regels["object_id"] = [str(daad.overstap) for daad in daden]
    voeg_kolommen_toe(LogRegel, regels)
    _over_wie(regels["id"], regels["regio_id"], [daad.leerling for daad in daden])


def log_regels(regels: Iterable[LogRegel], leerlingen: Iterable[tuple[LogRegel, str, uuid.UUID]] = ()) -> None:
    """Write lines and whom they are about: (line, regio, leerling id). Two statements, whatever the number."""
    voeg_toe(LogRegel, list(regels))
    wie = list(leerlingen)
    _over_wie([regel.id for regel, _, _ in wie], [regio for _, regio, _ in wie], [leerling for _, _, leerling in wie])


def _over_wie(regels: Sequence[uuid.UUID], regios: Sequence[str], leerlingen: Sequence[uuid.UUID]) -> None:
    sleutels = [nieuwe_sleutel() for _ in regels]
    kolommen = {"id": sleutels, "regel_id": regels, "regio_id": regios, "leerling_id": leerlingen}
    voeg_kolommen_toe(LogOnderwerp, kolommen)


def log(actor: Actor, handeling: str, *, leerlingen: Iterable[tuple[str, uuid.UUID]] = (), **velden: Any) -> LogRegel:
    """Write one line: an act, or a look at ``leerlingen`` (regio, leerling id)."""
    onderwerpen = list(leerlingen)
    if onderwerpen:
        velden.setdefault("aantal", len(onderwerpen))
    nieuw = regel(actor, handeling, **velden)
    log_regels([nieuw], [(nieuw, regio, leerling) for regio, leerling in onderwerpen])
    return nieuw


def log_weigering(actor: Actor, weigering: Weigering) -> None:
    """Write a refusal; the scope middleware calls it outside the view's transaction."""
    log(
        actor,
        weigering.handeling,
        object_soort=weigering.object_soort,
        object_id=weigering.object_id,
        uitkomst="geweigerd",
        details={"code": weigering.code} if weigering.code else None,
    )


def log_toegang(handeling: str, gebruiker: Gebruiker | None, *, uitkomst: str = "gedaan", code: str = "") -> None:
    """Write what happens before a role is active: logging in and out, a refusal, a session that ends.

    The line stands in the regio of the person's first role, so that its beheerorganisatie can read it. Never an e-mail address:
    of an account that does not exist there is nothing to tell but that it was tried.
    """
    lid: Mapping[str, Any] = (
        Lidmaatschap.objects.filter(gebruiker=gebruiker)
        .order_by("organisatie__naam", "rol", "organisatie__deelnames__regio_id")
        .values("rol", "organisatie_id", "organisatie__deelnames__regio_id")
        .first()
        if gebruiker
        else None
    ) or {}
    nieuw = LogRegel(
        id=nieuwe_sleutel(),
        tijdstip=klok.wandklok(),
        regio_id=lid.get("organisatie__deelnames__regio_id"),
        actor_soort="mens",
        actor_id=gebruiker.id if gebruiker else None,
        rol=lid.get("rol", ""),
        organisatie_id=lid.get("organisatie_id"),
        handeling=handeling,
        object_soort="account",
        object_id=str(gebruiker.id) if gebruiker else "",
        uitkomst=uitkomst,
        details={"code": code} if code else {},
    )
    log_regels([nieuw])
