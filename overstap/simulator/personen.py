"""The leerlingen of a run. Nobody: numbers that cannot belong to a person, and names that say so.

Each run takes the next numbers (kept in the data folder), so that a sandbox can be played again and again.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from overstap.basis.embedded.paden import lees_json, schrijf_json, slot
from overstap.demo.nummers import bsns, onderwijsnummers
from overstap.simulator.partijen import Bezetting, Partij

_EIGEN_REEKS = 900_000  # the demo takes its onderwijsnummers from the other end


@dataclass(frozen=True, slots=True)
class Leerling:
    """``bekend``: delivered as overstapper, so that Overstap reports by itself. Else only the messages of others say it is there."""

    pgn: tuple[str, str]  # burgerservicenummer or onderwijsnummer, and the number
    voornaam: str
    achternaam: str
    geboortedatum: date
    school: Partij
    gemeente: Partij | None
    onderwijssoort: str
    bekend: bool
    leerweg: str | None = None
    land: str = "NL"
    geheim_adres: bool = False
    uitstroomprofiel: str | None = None
    bestemming: str | None = None

    @property
    def pgn_json(self) -> dict[str, str]:
        return {self.pgn[0]: self.pgn[1]}

    def als_levering(self) -> dict[str, Any]:
        """The row of POST /api/v1/leerlingen. A havist is delivered, not marked: nobody reports that one."""
        rij = {
            "pgn": self.pgn_json,
            "voornaam": self.voornaam,
            "achternaam": self.achternaam,
            "geboortedatum": self.geboortedatum.isoformat(),
            "onderwijssoort": self.onderwijssoort,
            "leerweg": self.leerweg,
            "gemeentecode": self.gemeente.code if self.gemeente else None,
            "land": self.land,
            "geheimAdres": self.geheim_adres,
            "klas": "SIM4",
            "overstapper": self.onderwijssoort != "havo",
            "uitstroomprofiel": self.uitstroomprofiel,
            "bestemming": self.bestemming,
        }
        return {naam: waarde for naam, waarde in rij.items() if waarde is not None}


# The situations of domein.md 5 and vva.md, with how often they occur.
_SOORTEN: tuple[tuple[int, dict[str, Any]], ...] = (
    (8, {"onderwijssoort": "vmbo", "leerweg": "tl"}),
    (4, {"onderwijssoort": "vmbo", "leerweg": "bb"}),
    (2, {"onderwijssoort": "vmbo", "leerweg": "kb", "geheim_adres": True}),
    (2, {"onderwijssoort": "isk"}),
    (2, {"onderwijssoort": "pro"}),
    (1, {"onderwijssoort": "pro", "bestemming": "arbeid"}),
    (1, {"onderwijssoort": "vso", "uitstroomprofiel": "vervolgonderwijs"}),
    (1, {"onderwijssoort": "vso", "uitstroomprofiel": "dagbesteding"}),
    (1, {"onderwijssoort": "vmbo", "leerweg": "gl", "land": "DE"}),
    (1, {"onderwijssoort": "vavo", "ouder": True}),
    (1, {"onderwijssoort": "havo"}),
)


def leerlingen(rng: Random, b: Bezetting, aantal: int, dag: date, nummers: Iterator[tuple[str, str]]) -> list[Leerling]:
    """A third is known to their own LAS and to messages only; the rest is delivered. Each situation occurs at least once."""
    vaak = [situatie for keer, situatie in _SOORTEN for _ in range(keer)]
    rij = itertools.chain((situatie for _, situatie in _SOORTEN), iter(lambda: rng.choice(vaak), None))
    uit = []
    for i in range(aantal):
        bekend = i % 3 != 2
        situatie = dict(next(rij)) if bekend else {"onderwijssoort": "vmbo", "leerweg": "tl"}
        uit.append(_leerling(rng, b, i, dag, next(nummers), bekend, situatie))
    return uit


def _leerling(
    rng: Random, b: Bezetting, nr: int, dag: date, pgn: tuple[str, str], bekend: bool, situatie: dict[str, Any]
) -> Leerling:
    jaren = 24 if situatie.pop("ouder", False) else rng.choice((15, 16, 17))
    gemeente: Partij | None = rng.choice(b.gemeenten if bekend else (*b.gemeenten, *b.ver, *b.dicht))
    return Leerling(
        pgn=pgn,
        voornaam=f"Simulant{nr:04d}",
        achternaam=f"Verzonnen-{pgn[1][-5:]}",
        geboortedatum=date(dag.year - jaren, rng.randint(1, 12), 15) if jaren < 20 else date(dag.year - jaren, 1, 15),
        school=b.scholen[nr % len(b.scholen)],
        gemeente=None if situatie.get("land", "NL") != "NL" else gemeente,
        bekend=bekend,
        **situatie,
    )


def nummers(begin: int, *, met_bsn: bool) -> Iterator[tuple[str, str]]:
    """Onderwijsnummers that the demo does not use; with ``met_bsn`` every other one is a test bsn (9999...)."""
    own = (("onderwijsnummer", nr) for nr in itertools.islice(onderwijsnummers(_EIGEN_REEKS), begin, None))
    if not met_bsn:
        yield from own
        return
    bsn = (("burgerservicenummer", nr) for nr in itertools.islice(bsns(), begin, None))
    for paar in zip(bsn, own, strict=False):
        yield from paar


def volgende(data: Path, aantal: int) -> int:
    """The first free number of this sandbox; the next run starts after it."""
    bestand = data / "simulator.json"
    with slot(data / "simulator.lock"):
        begin = int((lees_json(bestand) or {}).get("volgende", 0))
        schrijf_json(bestand, {"volgende": begin + aantal})
    return begin


def per_school(alle: Sequence[Leerling]) -> dict[Partij, list[Leerling]]:
    uit: dict[Partij, list[Leerling]] = {}
    for leerling in alle:
        uit.setdefault(leerling.school, []).append(leerling)
    return uit
