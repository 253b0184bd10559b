"""Messages as an outside system writes them: plain JSON after vva.md, right ones and wrong ones.

Nothing of our own contract is used: when both disagree, the run shows it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from random import Random
from typing import Any

from overstap.simulator.partijen import Partij
from overstap.simulator.personen import Leerling

MBO_GANGERS, AANMELDSTATUSSEN = "potentiele-mbo-gangers", "aanmeldstatussen"
STATUSSEN = (
    "AANMELDING_ONTVANGEN",
    "OOK_AANGEBODEN",
    "LEIDT_NIET_TOT_INSCHRIJVING",
    "INGETROKKEN",
    "INGESCHREVEN",
)
_ROMP = {MBO_GANGERS: "potentieleMboGanger", AANMELDSTATUSSEN: "aanmeldstatus"}
_TYPE = {MBO_GANGERS: "POTENTIELE_MBO_GANGER", AANMELDSTATUSSEN: "AANMELDSTATUS"}


@dataclass(frozen=True, slots=True)
class Bericht:
    """A message and what its sender may get as an answer.

    ``moet``: the error code that refuses it, empty for a good one. ``altijd``: codes that come with a good one when it is new.
    """

    soort: str
    van: Partij
    inhoud: dict[str, Any]
    moet: str = ""
    altijd: frozenset[str] = field(default=frozenset())

    @property
    def id(self) -> str:
        return str(self.inhoud["berichtId"])

    @property
    def romp(self) -> dict[str, Any]:
        romp: dict[str, Any] = self.inhoud[_ROMP[self.soort]]
        return romp

    def klopt(self, uitkomst: str, codes: list[str]) -> bool:
        """Is this an answer that the contract allows?"""
        if self.moet:
            return uitkomst == "geweigerd" and codes == [self.moet]
        gekregen = set(codes)
        if uitkomst == "geweigerd" or not gekregen <= self.altijd | {"W302"}:
            return False
        # A repeat, or an older one than is known: what came with the first answer need not come again.
        return uitkomst == "alVerwerkt" or "W302" in gekregen or self.altijd <= gekregen

    def anders(self, *, moet: str, vers: bool = True, weg: str = "", envelop: Any = None, **romp: Any) -> Bericht:
        """The same with other fields, as one that is refused with ``moet``. ``vers``: under a berichtId of its own."""
        inhoud = {**self.inhoud, _ROMP[self.soort]: {**self.romp, **romp}, **(envelop or {})}
        if vers:
            inhoud["berichtId"] = str(uuid.uuid4())
        inhoud[_ROMP[self.soort]].pop(weg, None)
        return replace(self, inhoud=inhoud, moet=moet, altijd=frozenset())


def studiejaar(dag: date) -> str:
    """The year of entry after the overstapjaar of this day (which begins on 1 September): "2026-2027"."""
    eerste = dag.year + (1 if dag.month >= 9 else 0)
    return f"{eerste}-{eerste + 1}"


def mbo_ganger(
    leerling: Leerling, las: Partij, gemeente: Partij, dag: date, volgnummer: int, *, waar: bool, altijd: frozenset[str]
) -> Bericht:
    """Bericht 1 of a school, sent by its own LAS or by the supplier that has its mandaat."""
    romp = {
        "pgn": leerling.pgn_json,
        "brin": leerling.school.code,
        "vestiging": leerling.school.vestiging,
        "isPotentieleMboGanger": waar,
        "studiejaarInstroom": studiejaar(dag),
        "gemeentecode": gemeente.code,
        "wijzigingsdatum": dag.isoformat(),
        "volgnummer": volgnummer,
    }
    return Bericht(
        MBO_GANGERS, leerling.school, _envelop(MBO_GANGERS, las, leerling.school, gemeente, romp), altijd=altijd
    )


def aanmeldstatus(
    leerling: Leerling, sis: Partij, mbo: Partij, naar: Partij, dag: date, aanmeld_id: str, status: str, volgnummer: int,
    *, altijd: frozenset[str] = frozenset(),
) -> Bericht:  # fmt: skip
    """Bericht 2 of an mbo to one receiver: ``voSchool`` towards vo, ``gemeentecode`` towards a gemeente."""
    romp = {
        "pgn": leerling.pgn_json,
        "mboInstelling": mbo.code,
        "aanmeldId": aanmeld_id,
        "status": status,
        "statusDatum": dag.isoformat(),
        "volgnummer": volgnummer,
        "studiejaarInstroom": studiejaar(dag),
    }
    romp |= {"voSchool": naar.vestiging} if naar.soort == "vo" else {"gemeentecode": naar.code}
    return Bericht(AANMELDSTATUSSEN, mbo, _envelop(AANMELDSTATUSSEN, sis, mbo, naar, romp), altijd=altijd)


def _envelop(soort: str, verzender: Partij, namens: Partij, naar: Partij, romp: dict[str, Any]) -> dict[str, Any]:
    inhoud: dict[str, Any] = {
        "berichtId": str(uuid.uuid4()),
        "berichtType": _TYPE[soort],
        "contractVersie": "1.0.0",
        "verzendendeInstantie": verzender.oin,
        "ontvangendeInstantie": naar.oin,
        "datumTijd": datetime.now().astimezone().isoformat(timespec="seconds"),  # noqa: TID251 - the clock of an outsider
        _ROMP[soort]: romp,
    }
    return inhoud if verzender == namens else inhoud | {"namens": namens.oin}


Fout = Callable[[Bericht, "Vreemd"], Bericht]


@dataclass(frozen=True, slots=True)
class Vreemd:
    """What a wrong message needs beside a right one: numbers nobody has reported, and an organisatie without mandaat."""

    pgn: Callable[[], dict[str, str]]
    andere_school: Partij | None
    andere_mbo: Partij | None
    brin: str  # that nobody has


def _hoger(bericht: Bericht) -> int:
    """A volgnummer that would win if the message were accepted: then the comparison at the end shows it."""
    return int(bericht.romp["volgnummer"]) + 900


_BSN_FOUT = {"burgerservicenummer": "999900019"}
_BEIDE = {"burgerservicenummer": "999900018", "onderwijsnummer": "109000001"}

_ALGEMEEN: tuple[Fout, ...] = (
    lambda b, v: b.anders(moet="T001", weg="volgnummer"),
    lambda b, v: b.anders(moet="T001", volgnummer=_hoger(b), studiejaarInstroom=None),
    lambda b, v: b.anders(moet="T001", volgnummer=_hoger(b), achternaam="Verzonnen-Teveel"),
    lambda b, v: b.anders(moet="T001", volgnummer=_hoger(b), envelop={"contractVersie": "2.0.0"}),
    lambda b, v: b.anders(moet="F101", volgnummer=_hoger(b), pgn=_BSN_FOUT),
    lambda b, v: b.anders(moet="F102", volgnummer=_hoger(b), pgn=_BEIDE),
    lambda b, v: b.anders(moet="F102", volgnummer=_hoger(b), pgn={}),
)
_BIJ_MBO_GANGER: tuple[Fout, ...] = (
    *_ALGEMEEN,
    lambda b, v: b.anders(moet="T001", volgnummer=_hoger(b), brin="0AAA"),
    lambda b, v: b.anders(moet="F103", volgnummer=_hoger(b), brin=v.brin, weg="vestiging"),
    lambda b, v: b.anders(moet="F103", volgnummer=_hoger(b), vestiging=f"{v.brin}01"),
    lambda b, v: b.anders(moet="F106", volgnummer=_hoger(b), gemeentecode="9998"),
    lambda b, v: b.anders(moet="F104", volgnummer=1, isPotentieleMboGanger=False, pgn=v.pgn()),
)
_BIJ_AANMELDSTATUS: tuple[Fout, ...] = (
    *_ALGEMEEN,
    lambda b, v: b.anders(moet="F103", volgnummer=_hoger(b), mboInstelling=v.brin),
    lambda b, v: b.anders(moet="F106", volgnummer=_hoger(b), gemeentecode="9998", weg="voSchool"),
    lambda b, v: b.anders(moet="F201", volgnummer=_hoger(b), status="WORDT_NAGEBELD"),
)


def fouten(rng: Random, goed: list[Bericht], aantal: int, vreemd: Vreemd) -> list[Bericht]:
    """Wrong messages made from right ones: each kind in turn, from a random one."""
    per_soort = {soort: [b for b in goed if b.soort == soort] for soort in _ROMP}
    uit = []
    for soort, recepten in ((MBO_GANGERS, _BIJ_MBO_GANGER), (AANMELDSTATUSSEN, _BIJ_AANMELDSTATUS)):
        reeks = [*recepten, *_zonder_mandaat(soort, vreemd)]
        if per_soort[soort]:
            uit += [reeks[i % len(reeks)](rng.choice(per_soort[soort]), vreemd) for i in range(aantal)]
    return uit


def _zonder_mandaat(soort: str, vreemd: Vreemd) -> list[Fout]:
    """T003: speaking for a school or mbo that gave this supplier no mandaat."""
    school, mbo = vreemd.andere_school, vreemd.andere_mbo
    if soort == MBO_GANGERS and school is not None:
        envelop = {"namens": school.oin}
        return [lambda b, v: b.anders(moet="T003", brin=school.code, vestiging=school.vestiging, envelop=envelop)]
    if soort == AANMELDSTATUSSEN and mbo is not None:
        return [lambda b, v: b.anders(moet="T003", mboInstelling=mbo.code, envelop={"namens": mbo.oin})]
    return []
