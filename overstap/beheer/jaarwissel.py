"""A new overstapjaar: what is made ready, and what goes of the jaar that ends. Shown before it is done, and done twice it does nothing.

Leerlingen are delivered anew; redenen, doorlooptijden, drie vragen, texts, accounts and contacten hold for every jaar. Per jaar are
only the calendar and the ambities: what the regio chose for the last jaar is copied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts import actions
from accounts.actor import Actor
from accounts.instellingen import Vakantie, van
from accounts.models import Regio
from overstap.basis import klok
from overstap.beheer.kalender import NAMEN
from overstap.beheer.sectie import in_woorden
from rapportages.indicatoren import Ambitie, ambities_van
from statuses.actions import erase_niet_verwerkt, erase_unmarked
from statuses.termijnen import Kalender, jaar_naam, kalender, kalender_van, nieuwste_jaar, open_jaren
from vva_berichten.opruimen import erase_geweigerd, erase_withdrawn

SLEUTELS = ("ambities_jaren", "kalender_jaren", "klaargezet")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a new jaar gets: the settings to store, and the same in words."""

    jaar: int
    klaar: bool
    wijzigingen: Mapping[str, Any]
    kalender: Kalender
    ambities: tuple[Ambitie, ...]
    vakanties: tuple[Vakantie, ...]

    @property
    def naam(self) -> str:
        return jaar_naam(self.jaar)

    @property
    def datums(self) -> list[tuple[str, str]]:
        """(date in words, what it is), with those that differ from the default marked."""
        standaard = kalender(self.jaar)
        eigen = {n: "" if self.kalender[n] == standaard[n] else " (eigen datum van uw regio)" for n in NAMEN}
        return [(in_woorden(self.kalender[n]), f"{label}{eigen[n]}") for n, (label, _) in NAMEN.items()]

    @property
    def percentages(self) -> list[tuple[str, str]]:
        return [(in_woorden(a.datum(self.kalender)), f"{a.norm}% {a.label}") for a in self.ambities]


def plan(regio: Regio, jaar: int) -> Plan:
    """What this regio gets for this jaar; ``klaar`` when it was made before."""
    gekozen = van(regio)
    klaar = jaar in gekozen.klaargezet
    nieuw: dict[str, Any] = dict(regio.instellingen)
    if not klaar:
        for sleutel in ("kalender_jaren", "ambities_jaren"):
            alle = dict(nieuw.get(sleutel) or {})
            # What somebody chose for the new jaar already goes before the copy.
            samen = {**(alle.get(str(jaar - 1)) or {}), **(alle.get(str(jaar)) or {})}
            nieuw[sleutel] = {**alle, **({str(jaar): samen} if samen else {})} or None
        nieuw["klaargezet"] = sorted({*gekozen.klaargezet, jaar})
    wordt = van(Regio(instellingen=nieuw))
    k = kalender_van(wordt, jaar)
    vakanties = tuple(v for v in wordt.vakanties if v.tot >= k["begin"] and v.van <= k["einde"])
    return Plan(jaar, klaar, {s: nieuw.get(s) for s in SLEUTELS}, k, ambities_van(wordt, jaar), vakanties)


def zet_klaar(regio: str, jaar: int, *, actor: Actor) -> Plan:
    """Make this jaar ready in a regio; nothing happens when it is. Raises actions.Gewijzigd when a colleague was at it meanwhile."""
    rij = Regio.objects.get(pk=regio)
    gemaakt = plan(rij, jaar)
    if not gemaakt.klaar:
        versie = actions.versie_van(rij.instellingen, SLEUTELS)
        actions.change_settings(regio, gemaakt.wijzigingen, actor=actor, versie=versie, doel=f"overstapjaar {jaar}")
    return gemaakt


@dataclass(frozen=True, slots=True)
class Uitkomst:
    """What a day brought: the jaar that was made ready now, and how many rows went."""

    klaargezet: int | None
    ongemarkeerd: int
    niet_verwerkt: int


def dagelijks(regio: str, *, actor: Actor) -> Uitkomst:
    """What is due today and not done yet: the new jaar from 1 September on, and what has to go. Safe to run twice."""
    jaar = nieuwste_jaar(klok.vandaag())
    nieuw = not zet_klaar(regio, jaar, actor=actor).klaar
    erase_withdrawn(regio, actor=actor)
    erase_geweigerd(regio, actor=actor)
    return Uitkomst(
        jaar if nieuw else None, erase_unmarked(regio, actor=actor), erase_niet_verwerkt(regio, actor=actor)
    )


def voorgesteld_jaar(dag: date) -> int:
    """Which jaar is to prepare: the next one, and while two jaren are open the one that just began."""
    jaren = open_jaren(dag)
    return jaren[0] if len(jaren) > 1 else jaren[0] + 1
