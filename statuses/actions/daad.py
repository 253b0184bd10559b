"""What an act beside the statussen gives back, and the frame that such acts share: lock, judge each, write the good ones, log."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from accounts import audit
from accounts.actor import Actor
from overstap.basis import klok
from overstap.basis.stapel import werk_bij
from statuses.actions.laden import Geladen, laad
from statuses.beoordelen import Context, Geweigerd, Stand
from statuses.models import Overstap

ONBEKEND = Geweigerd("onbekend", "Deze leerling bestaat niet of is voor u niet zichtbaar.")
NIETS_NIEUWS = Geweigerd("geen_wijziging", "Dit staat er al. Er is niets gewijzigd.", "geen_wijziging")
GROND_ONTBREEKT = Geweigerd(
    "grond_ontbreekt",
    "Er is bezwaar of geen toestemming: over deze leerling mag u deze gegevens niet delen met het mbo.",
)
NIET_GEMARKEERD = Geweigerd("niet_gemarkeerd", "Deze leerling is nog niet aangevinkt als overstapper. Doe dat eerst.")
GESLOTEN = Geweigerd(
    "overstap_gesloten", "Deze leerling is hier vertrokken. Alleen de nieuwe school kan nog iets wijzigen."
)


@dataclass(frozen=True, slots=True)
class Daad:
    """What came of one act, in the order given; ``geweigerd`` is None when it was done."""

    overstap_id: uuid.UUID | None
    geweigerd: Geweigerd | None = None
    aanmelding_id: uuid.UUID | None = None

    @property
    def gelukt(self) -> bool:
        return self.geweigerd is None

    @property
    def melding(self) -> str:
        """The sentence for people; empty when it was done."""
        return self.geweigerd.detail if self.geweigerd else ""


Toets = Callable[[Overstap, Stand, Context], Geweigerd | None]


def open_en_gemarkeerd(overstap: Overstap, stand: Stand, c: Context) -> Geweigerd | None:
    """What every act at a leerling asks: marked, still here, and the jaar not closed."""
    if stand.gesloten:
        return GESLOTEN
    if stand.gemarkeerd_sinds is None:
        return NIET_GEMARKEERD
    einde = c.kalender["einde"]
    if c.vandaag > einde:
        return Geweigerd(
            "jaar_gesloten", f"Dit overstapjaar is gesloten sinds {einde:%d-%m-%Y}. Er kan niets meer in veranderen."
        )
    return None


def beoordeel_elk(ids: Sequence[uuid.UUID], toets: Toets) -> tuple[list[Daad], list[Overstap], Geladen]:
    """Lock and judge: an answer per id in the order given, and the overstappen that may change. Needs a transaction."""
    geladen = laad(ids, [])
    uit: list[Daad] = []
    goed: list[Overstap] = []
    for pk in dict.fromkeys(ids):
        overstap = geladen.overstappen.get(pk)
        tegen = ONBEKEND if overstap is None else toets(overstap, geladen.standen[pk], geladen.context(overstap))
        uit.append(Daad(pk, tegen))
        if overstap is not None and tegen is None:
            goed.append(overstap)
    return uit, goed, geladen


def schrijf(overstappen: Sequence[Overstap], kolommen: Sequence[str], *, versie: bool = True) -> None:
    """Write these columns of changed overstappen. ``versie`` where it is master data or about a spoor (architectuur.md, Settled 2)."""
    nu = klok.nu()
    for overstap in overstappen:
        overstap.gewijzigd_op = nu
        overstap.versie += versie
    werk_bij(Overstap, overstappen, (*kolommen, "gewijzigd_op", "versie"))


def noteer(
    actor: Actor, handeling: str, overstappen: Sequence[Overstap], *, doel: str = "", soort: str = "overstap"
) -> None:
    """One line in the log for the act, with everybody it is about."""
    if overstappen:
        audit.log(
            actor,
            handeling,
            regio=overstappen[0].regio_id,
            object_soort=soort,
            object_id=overstappen[0].id if len(overstappen) == 1 else "",
            doel=doel,
            leerlingen=[(o.regio_id, o.leerling_id) for o in overstappen],
        )
