"""A whole country by COPY, as the owner: regio by regio, in as many processes as there are cores, with flat memory.

Schools come first, through the ORM within each regio's bereik. Then each process fills one regio after the other, every
regio in one transaction of its own, so that a run that was broken off goes on with the regio's that are still empty.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any, Final

import psycopg
from django.db import connections

from accounts.models import Gemeente
from accounts.scope import systeem_bereik
from overstap.demo import bevolking, schrijven
from overstap.demo.accounts import kies_school
from overstap.demo.bouwen import bronnen_en_aanbod, schrijf
from overstap.demo.meldingen import Melder
from overstap.demo.nummers import onderwijsnummers
from overstap.demo.rijen import Bronnen, Rijen, Sleutels
from overstap.demo.scholen import School, maak_mbos, maak_scholen
from overstap.demo.verloop import Aanbod
from statuses.models import Leerling
from statuses.termijnen import kalender, nieuwste_jaar

# Overstappen that are kept in memory before they are written.
PER_KEER: Final = 2500
# Regio 21 keeps its everyday size of some 7,000 in a country of 150,000.
_GEWICHT: Final = {"21": 1.87}
_NUMMERS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """One regio to fill: everything that a process needs to know, so that it reads nothing."""

    regio: str
    scholen: Sequence[School]
    bronnen: Bronnen
    aanbod: Aanbod
    buurt: bevolking.Buurt
    jaren: Sequence[int]
    vandaag: date
    zaad: int
    nummers_vanaf: int


def verdeel(regios: Sequence[str], overstappen: int) -> dict[str, int]:
    """How many overstappen a jaar each regio gets: large and small ones, regio 21 one of the largest."""
    gewicht = {regio: _GEWICHT.get(regio, 0.55 + (int(regio) * 7 % 11) / 11) for regio in regios}
    som = sum(gewicht.values())
    uit = {regio: int(overstappen * deel / som) for regio, deel in gewicht.items()}
    uit[regios[-1]] += overstappen - sum(uit.values())
    return uit


def maak_plannen(regios: int, overstappen: int, jaren: int, zaad: int, vandaag: date) -> list[Plan]:
    """Write the schools and instellingen; a plan per regio that has no leerlingen yet."""
    codes = sorted(Gemeente.objects.values_list("regio_id", flat=True).distinct())
    # Regio 21 is always one of them: it is the everyday one.
    gekozen = sorted(["21", *[code for code in codes if code != "21"]][:regios])
    lijst = [nieuwste_jaar(vandaag) - n for n in range(jaren)]
    plannen = []
    vanaf = 0
    for regio, aantal in verdeel(gekozen, overstappen).items():
        with systeem_bereik(regio):
            if not Leerling.objects.exists():
                scholen = maak_scholen(regio, aantal, vestigingen=max(8, aantal // 55))
                bronnen, aanbod = bronnen_en_aanbod(regio, maak_mbos(regio))
                buurt = bevolking.Buurt.van(regio)
                plannen.append(Plan(regio, scholen, bronnen, aanbod, buurt, lijst, vandaag, zaad, vanaf))
        # One in eleven numbers fails its test; some room on top.
        vanaf += aantal * jaren * 12 // 10
    return plannen


def vul(plan: Plan, verbinding: psycopg.Connection[Any]) -> Counter[str]:
    """Fill one regio in one transaction on the owner's connection; counts by table."""
    telling: Counter[str] = Counter()
    begin = plan.nummers_vanaf % _NUMMERS
    own = itertools.chain(onderwijsnummers(begin), itertools.islice(onderwijsnummers(), begin))
    rng = Random(f"{plan.zaad}-{plan.regio}-land")  # noqa: S311 - made-up data
    werkwijzen = bevolking.in_orde(bevolking.werkwijzen(plan.scholen, kies_school(plan.scholen), rng))

    def weg(model: type[Any], rijen: list[tuple[Any, ...]]) -> None:
        schrijven.kopieer(verbinding, model, rijen)

    with verbinding.transaction():
        for jaar in plan.jaren:
            zaad = f"{plan.zaad}-{plan.regio}-{jaar}-land"
            # What the sender remembers is of use in the newest jaar only: the others are closed.
            tot = (plan.vandaag.toordinal() + 1) * 1440
            melder = Melder.van(kalender(jaar), tot, plan.bronnen, geheugen=jaar == plan.jaren[0])
            rijen = Rijen(plan.bronnen, jaar, Sleutels(Random(f"{zaad}-sleutels"), date(jaar, 9, 1)), melder)  # noqa: S311
            klas = bevolking.Klas(jaar, plan.vandaag, plan.aanbod, plan.buurt, Random(zaad), tweede=0.8)  # noqa: S311
            standen = klas.maak(plan.scholen, werkwijzen, rijen, iter(()), own, met_randgevallen=jaar == plan.jaren[0])
            for _ in _per(standen, PER_KEER):
                schrijf(rijen, weg, telling)
    return telling


def _per(bron: Iterator[Any], aantal: int) -> Iterator[int]:
    """Exhaust `bron`, stopping after every `aantal` items; gives how many there were."""
    while gelezen := sum(1 for _ in itertools.islice(bron, aantal)):
        yield gelezen


def _in_proces(plan: Plan) -> tuple[str, Counter[str]]:
    with _verbind() as verbinding:
        return plan.regio, vul(plan, verbinding)


def _verbind() -> psycopg.Connection[Any]:
    """A connection of its own as the owner, outside Django."""
    parameters = connections["eigenaar"].get_connection_params()
    parameters.pop("cursor_factory", None)
    parameters.pop("context", None)
    verbinding: psycopg.Connection[Any] = psycopg.connect(**parameters)
    # The rows were made by one program from one plan; what is lost in a crash is simply made again.
    verbinding.execute("SET synchronous_commit = off")
    verbinding.commit()
    return verbinding


def vul_alle(plannen: Sequence[Plan], meld: Callable[[str, Counter[str]], None]) -> Counter[str]:
    """Fill all regio's, the largest first, side by side; `meld` is told of each that is done."""
    telling: Counter[str] = Counter()
    # A forked process must not share a connection with this one.
    connections.close_all()
    groot_eerst = sorted(plannen, key=lambda plan: -sum(school.totaal for school in plan.scholen))
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(min(os.cpu_count() or 1, 8), mp_context=context) as groep:
        for klaar in as_completed([groep.submit(_in_proces, plan) for plan in groot_eerst]):
            regio, geteld = klaar.result()
            telling += geteld
            meld(regio, geteld)
    schrijven.analyseer()
    return telling
