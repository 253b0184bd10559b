"""One believable regio, in one transaction: schools, instellingen, accounts, leerlingen with a history up to today."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from accounts.actor import interne_actor
from accounts.models import Gemeente, Lidmaatschap, Organisatie
from accounts.rechten import Rol, Soort
from accounts.scope import systeem_bereik
from overstap.basis.rls import bereik
from overstap.demo import bevolking, mbo_feed, schrijven, verzonden
from overstap.demo.accounts import Plaatsen, kies_school, maak_accounts
from overstap.demo.afspraken import maak_afspraken
from overstap.demo.beheer import maak_beheer
from overstap.demo.bevolking import Klas
from overstap.demo.contacten import maak_contacten, maak_meldingen
from overstap.demo.gesprekken import maak_gesprekken
from overstap.demo.meldingen import Melder
from overstap.demo.nummers import bsns, onderwijsnummers
from overstap.demo.rijen import Bronnen, Rijen, Sleutels
from overstap.demo.scholen import (
    MBOS,
    School,
    maak_kandidaten,
    maak_mbos,
    maak_samenwerkingsverbanden,
    maak_scholen,
    opleidingen_per_mbo,
)
from overstap.demo.verloop import Aanbod
from overstap.demo.vragen import maak_vragen
from statuses.models import Leerling, Levering
from statuses.status import Status
from statuses.termijnen import jaar_naam, kalender, nieuwste_jaar, open_jaren


class AlGevuld(Exception):
    """The regio has leerlingen already; nothing is written."""


@dataclass(slots=True)
class Verslag:
    """What was made, as `demo --json` prints it."""

    regio: str
    vandaag: date
    overstapjaren: list[str] = field(default_factory=list)
    vestigingen: int = 0
    mbo_instellingen: int = 0
    rijen: Counter[str] = field(default_factory=Counter)
    per_status: Counter[int] = field(default_factory=Counter)
    accounts: list[dict[str, str]] = field(default_factory=list)

    def als_json(self) -> dict[str, Any]:
        return {
            "regio": self.regio,
            "vandaag": self.vandaag.isoformat(),
            "overstapjaren": self.overstapjaren,
            "vestigingen": self.vestigingen,
            "mboInstellingen": self.mbo_instellingen,
            "leerlingen": self.rijen["leerling"],
            "overstappen": self.rijen["overstap"],
            "aanmeldingen": self.rijen["aanmelding"],
            "gebeurtenissen": self.rijen["gebeurtenis"],
            "mboGangers": self.rijen["mboganger"],
            "berichten": self.rijen["bericht"],
            "bulkmeldingen": self.rijen["bulk"],
            "perStatus": {s.code: self.per_status[s.value] for s in Status},
            "accounts": self.accounts,
        }


def bouw(regio: str, leerlingen: int, vandaag: date, zaad: int) -> Verslag:
    """Fill an empty regio as of `vandaag`. Raises :class:`AlGevuld`; deterministic by `zaad` but for the ciphertexts.

    The bulkmeldingen come in a second transaction, when the planner knows how many rows there are; should this process
    end in between, the daily task makes them.
    """
    verslag = _vul(regio, leerlingen, vandaag, zaad)
    schrijven.analyseer()
    with systeem_bereik(regio):
        verslag.rijen["bulk"] = verzonden.maak_bulkmeldingen(regio, vandaag)
    return verslag


def _vul(regio: str, leerlingen: int, vandaag: date, zaad: int) -> Verslag:
    rng = Random(f"{zaad}-{regio}")  # noqa: S311 - made-up data
    verslag = Verslag(regio, vandaag)
    with systeem_bereik(regio):
        if Leerling.objects.exists():
            raise AlGevuld
        scholen = maak_scholen(regio, leerlingen)
        maak_kandidaten(scholen, jaar_naam(nieuwste_jaar(vandaag) - 2))
        mbos = maak_mbos(regio)
        plaatsen = Plaatsen(regio, scholen, mbos, maak_samenwerkingsverbanden(regio))
        verslag.accounts = maak_accounts(plaatsen, rng)
        verslag.vestigingen, verslag.mbo_instellingen = len(scholen), len(mbos)
        bronnen, aanbod = bronnen_en_aanbod(regio, mbos)
        werkwijzen = bevolking.werkwijzen(scholen, kies_school(scholen), rng)
        jaren = [*open_jaren(vandaag)]
        jaren += [jaren[0] - 1] if len(jaren) == 1 else []
        verslag.overstapjaren = [jaar_naam(jaar) for jaar in jaren]
        bsn, own = bsns(), onderwijsnummers()
        buurt = bevolking.Buurt.van(regio)
        for jaar in jaren:
            is_nieuw, is_open = jaar == jaren[0], kalender(jaar).loopt(vandaag)
            melder = Melder.van(kalender(jaar), _verzonden_tot(vandaag, is_open), bronnen, bewaar=is_nieuw)
            rijen = Rijen(bronnen, jaar, Sleutels(Random(f"{zaad}-{regio}-{jaar}-sleutels"), date(jaar, 9, 1)), melder)  # noqa: S311
            klas = Klas(jaar, vandaag, aanbod, buurt, Random(f"{zaad}-{regio}-{jaar}"))  # noqa: S311
            wijzen = werkwijzen if is_nieuw else bevolking.in_orde(werkwijzen)
            for stand in klas.maak(scholen, wijzen, rijen, bsn, own, met_randgevallen=is_nieuw):
                if is_nieuw and stand.leidend:
                    verslag.per_status[int(stand.leidend)] += 1
            # The stand of a leerling who lives elsewhere is kept in the regio of that gemeente.
            with bereik(set(bronnen.regio_van.values())):
                schrijf(rijen, schrijven.voeg_toe, verslag.rijen)
            verslag.rijen["bericht"] += verzonden.verzend(rijen)
            verslag.rijen["event"] += verzonden.vertel(rijen) if is_open else 0
        _leveringen(regio, scholen, mbos, vandaag)
        maak_vragen(regio, jaren[0], vandaag)
        maak_contacten(regio, vandaag, Random(f"{zaad}-{regio}-contacten"))  # noqa: S311
        maak_meldingen(regio, jaren[0], vandaag)
        maak_afspraken(regio, scholen, mbos, jaren, vandaag, Random(f"{zaad}-{regio}-afspraken"))  # noqa: S311
        maak_beheer(regio, jaren[0], interne_actor(frozenset([regio])))
        # While two jaren are open the mbo works on the closing one.
        mbo_feed.vul(mbos, kies_school(scholen), open_jaren(vandaag)[-1], vandaag, own)
        maak_gesprekken(regio, open_jaren(vandaag), vandaag)
    return verslag


def _verzonden_tot(vandaag: date, is_open: bool) -> int:
    """Up to which minute messages count as sent: of an open jaar the last week is left to the worker, a closed one has none."""
    return (vandaag.toordinal() - 7) * 1440 if is_open else 0


def schrijf(rijen: Rijen, weg: Callable[[type[Any], list[tuple[Any, ...]]], None], telling: Counter[str]) -> None:
    """Write what was collected and count it by table."""
    for model, stuk in rijen.leeg():
        weg(model, stuk)
        telling[model._meta.model_name] += len(stuk)


def bronnen_en_aanbod(regio: str, mbos: list[Organisatie]) -> tuple[Bronnen, Aanbod]:
    """What rows point at, and where leerlingen can apply."""
    opleidingen, per_mbo = opleidingen_per_mbo()
    som, grenzen = 0.0, []
    for mbo in MBOS:
        som += mbo.gewicht
        grenzen.append(som)
    gemeenten = dict(
        Organisatie.objects.filter(soort=Soort.GEMEENTE.value, gemeente__regio=regio).values_list("code", "id")
    )
    rmc = Organisatie.objects.get(code=f"RMC{regio}", soort=Soort.BEHEERORGANISATIE.value).id
    bronnen = Bronnen(
        regio,
        tuple(mbo.id for mbo in mbos),
        tuple((o.crebo, o.naam, o.niveau, _leerweg(i, o.leerweg)) for i, o in enumerate(opleidingen)),
        gemeenten,
        _mensen(),
        rmc,
        dict(Gemeente.objects.values_list("code", "regio_id")),
        tuple(mbo.code for mbo in mbos),
    )
    return bronnen, Aanbod(tuple(grenzen), tuple(m.met_sis for m in MBOS), tuple(per_mbo))


def _leerweg(nummer: int, leerweg: str) -> str:
    """Four in five of who may choose take the bol."""
    return "bbl" if leerweg.upper() == "BBL" or nummer % 5 == 0 else "bol"


def _mensen() -> dict[uuid.UUID, uuid.UUID]:
    """Who acts for an organisatie in a history: the demo account there, where there is one."""
    handelend = (Rol.DECAAN, Rol.MBO_MEDEWERKER, Rol.LEERPLICHT)
    leden = Lidmaatschap.objects.filter(gebruiker__is_demo=True, rol__in=[r.value for r in handelend])
    return dict(leden.order_by("-gebruiker__email").values_list("organisatie_id", "gebruiker_id"))


def _leveringen(regio: str, scholen: list[School], mbos: list[Organisatie], vandaag: date) -> None:
    """When each system last delivered: schools in autumn, instellingen last night, and one instelling five days ago."""
    nacht = datetime.combine(vandaag, datetime.min.time(), UTC) - timedelta(days=1) + timedelta(hours=4, minutes=40)
    rijen = []
    gezien: set[uuid.UUID] = set()
    for i, school in enumerate(scholen):
        if school.organisatie_id not in gezien:
            gezien.add(school.organisatie_id)
            rijen.append(Levering(regio_id=regio, organisatie_id=school.organisatie_id, soort="leerlingen",
                                  ontvangen_op=nacht - timedelta(days=i % 9), aantal=school.totaal))  # fmt: skip
    for i, mbo in enumerate(mbos):
        if MBOS[i].met_sis:
            dagen = 4 if i == 3 else 0
            rijen.append(Levering(regio_id=regio, organisatie_id=mbo.id, soort="aanmeldingen",
                                  ontvangen_op=nacht - timedelta(days=dagen), aantal=40 + 90 // (i + 1)))  # fmt: skip
    Levering.objects.bulk_create(rijen)
