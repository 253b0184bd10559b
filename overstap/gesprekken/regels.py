"""Between whom a conversation is, about what, and when one may be written in: data and one function, no queries.

Bron: domein.md 3 (the envelop), 1 (who sees it), 7 (the ground; what stays open after the jaar).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

from accounts.rechten import Rol
from statuses.actions.daad import GESLOTEN, NIET_GEMARKEERD
from statuses.beoordelen import Geweigerd
from statuses.grond import Doel, heeft_grond
from statuses.models import Overstap
from statuses.status import Partij
from statuses.termijnen import Kalender

GEEN_GEZONDHEID: Final = "Schrijf niets over gezondheid, een diagnose of een behandeling."


class Soort(StrEnum):
    """The three conversations; the first two are about one aanmelding, the last one about the overstap."""

    VO_MBO = "vo_mbo"
    MBO_LP = "mbo_lp"
    VO_LP = "vo_lp"


PARTIJEN: Final[dict[Soort, tuple[Partij, Partij]]] = {
    Soort.VO_MBO: (Partij.VO, Partij.MBO),
    Soort.MBO_LP: (Partij.MBO, Partij.LEERPLICHT),
    Soort.VO_LP: (Partij.VO, Partij.LEERPLICHT),
}
PER_AANMELDING: Final = frozenset({Soort.VO_MBO, Soort.MBO_LP})

# Who writes for which party; manager, aanjager and the others take part in none.
PARTIJ_VAN_ROL: Final[dict[Rol, Partij]] = {
    Rol.DECAAN: Partij.VO,
    Rol.MBO_MEDEWERKER: Partij.MBO,
    Rol.LEERPLICHT: Partij.LEERPLICHT,
}

# For which purpose a regio may want toestemming: what goes to leerplicht, or what goes to the mbo.
_DOEL: Final[dict[Soort, Doel]] = {Soort.VO_MBO: "mbo", Soort.MBO_LP: "leerplicht", Soort.VO_LP: "leerplicht"}

ROL_MAG_NIET: Final = Geweigerd("rol_mag_niet", "Uw rol voert dit gesprek niet.", "rol")
GEEN_GROND: Final = Geweigerd(
    "grond_ontbreekt",
    "Er is bezwaar of geen toestemming: over deze leerling mag u geen berichten schrijven. Bel zo nodig, zonder gegevens "
    "te delen die niet gedeeld mogen worden.",
)


def soorten_van(partij: Partij) -> tuple[Soort, ...]:
    """The conversations that this party takes part in."""
    return tuple(soort for soort, partijen in PARTIJEN.items() if partij in partijen)


def ander(soort: Soort, partij: Partij) -> Partij:
    """Whom this party talks with; ValueError when it takes no part."""
    een, twee = PARTIJEN[soort]
    if partij not in (een, twee):
        raise ValueError(f"{partij} doet niet mee aan {soort}")
    return twee if partij == een else een


def tegen(soort: Soort, overstap: Overstap, kalender: Kalender, dag: date) -> Geweigerd | None:
    """The rule why nothing may be written, or None. Reading what was written stays possible."""
    if overstap.gesloten_op is not None:
        return GESLOTEN
    if overstap.gemarkeerd_sinds is None:
        return NIET_GEMARKEERD
    einde = kalender["einde"]
    if dag > einde and not _leerplicht_loopt_door(soort, overstap, kalender, dag):
        return Geweigerd(
            "jaar_gesloten", f"Dit overstapjaar is gesloten sinds {einde:%d-%m-%Y}. U kunt nog wel teruglezen."
        )
    return None if heeft_grond(overstap, _DOEL[soort], kalender.regels) else GEEN_GROND


def _leerplicht_loopt_door(soort: Soort, overstap: Overstap, kalender: Kalender, dag: date) -> bool:
    """After the jaar only the leerplichtspoor and its conversations stay open, to 31 August."""
    met_leerplicht = Partij.LEERPLICHT in PARTIJEN[soort] and overstap.spoor_leerplicht is not None
    return met_leerplicht and dag <= kalender["einde_leerplichtspoor"]
