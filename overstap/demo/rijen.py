"""From a verloop to rows of the tables: leerling, overstap, aanmelding, gebeurtenis, toelichting. Folds as the actions do."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any, Final

from overstap.demo import meldingen, teksten
from overstap.demo.meldingen import Melder, Melding
from overstap.demo.verloop import DECAAN, LEERPLICHT, MBO, PAGINA, Stap
from statuses.models import (
    SPOOR_AANMELDING,
    SPOOR_LEERPLICHT,
    SPOOR_MARKERING,
    SPOOR_VO,
    Aanmelding,
    BuitenRegio,
    Gebeurtenis,
    Leerling,
    Overstap,
    Toelichting,
    spoor_van_nummer,
)
from statuses.status import TERUG, Status

# The columns of each table that are written, in the order of the tuples below; what is not named has a database default.
KOLOMMEN: Final[dict[type[Any], tuple[str, ...]]] = {
    Leerling: ("id", "regio_id", "pgn_soort", "pgn_index", "pgn_versleuteld", "voornaam", "tussenvoegsel", "achternaam", "zoeknaam",
               "geboortedatum", "gemeente_id", "land", "geheim_adres"),
    Overstap: ("id", "regio_id", "leerling_id", "overstapjaar", "vestiging_id", "klas", "onderwijssoort", "leerweg", "examenkandidaat",
               "uitstroomprofiel", "bestemming", "uitbesteed_aan", "geinformeerd", "bezwaar", "gemarkeerd_sinds", "markering_sinds",
               "spoor_vo", "vo_sinds", "vo_reden", "vo_zekerheid", "spoor_leerplicht", "leerplicht_sinds", "leerplicht_eigenaar_id",
               "leidende_status", "leidend_sinds", "aantal_aanmeldingen", "volgnr", "versie", "gewijzigd_op", "mbo_ganger",
               "mbo_ganger_gemeld_op", "mbo_ganger_volgnummer", "in_bulk_op", "gesloten_op"),
    Aanmelding: ("id", "regio_id", "overstap_id", "mbo_id", "overstapjaar", "aanmeld_id", "nr", "crebo", "opleiding", "niveau", "leerweg",
                 "status", "status_datum", "aanmeld_datum", "volgnummer", "reden_code", "aanwezigheid", "startkwalificatie", "bron",
                 "teruggevallen_op", "teruggevallen_van", "aanwezigheid_op"),
    Gebeurtenis: ("id", "regio_id", "overstap_id", "overstapjaar", "volgnr", "spoor", "van", "naar", "geldig_op", "geregistreerd_op",
                  "bron", "actor_soort", "actor_id", "organisatie_id", "reden_code", "zekerheid", "correctie"),
    Toelichting: ("id", "regio_id", "gebeurtenis_id", "tekst", "voor_school"),
    BuitenRegio: ("id", "regio_id", "overstap_id", "mbo_code", "mbo_naam", "aanmeld_id", "status", "status_datum", "volgnummer"),
    **meldingen.KOLOMMEN,
}  # fmt: skip

dag_van = lru_cache(maxsize=4096)(date.fromordinal)


def moment(minuten: int) -> datetime:
    """The aware time of a number of minutes since day number 0."""
    dag, minuut = divmod(minuten, 1440)
    return datetime.combine(dag_van(dag), datetime.min.time(), UTC) + timedelta(minutes=minuut)


class Sleutels:
    """uuid's of version 7 from a Random: rising, and the same for the same zaad."""

    def __init__(self, rng: Random, dag: date) -> None:
        self._bits = rng.getrandbits
        self._tijd = int(datetime.combine(dag, datetime.min.time(), UTC).timestamp() * 1000)

    def __call__(self) -> uuid.UUID:
        self._tijd += 1
        laag = self._bits(74)
        return uuid.UUID(
            int=(self._tijd << 80) | (7 << 76) | ((laag >> 62) << 64) | (2 << 62) | (laag & ((1 << 62) - 1))
        )


@dataclass(frozen=True, slots=True)
class Persoon:
    """The master data of one leerling in one jaar, before keys and ciphertext."""

    pgn_soort: str
    pgn: str
    voornaam: str
    tussenvoegsel: str
    achternaam: str
    geboortedatum: date
    gemeente: str | None
    vestiging_id: uuid.UUID
    school_id: uuid.UUID  # of the organisatie
    klas: str
    onderwijssoort: str
    leerweg: str | None
    land: str = "NL"
    geheim_adres: bool = False
    examenkandidaat: bool = True
    uitstroomprofiel: str = ""
    bestemming: str = ""
    uitbesteed_aan: str = ""
    geinformeerd: bool | None = None
    bezwaar: bool = False
    vestiging: str = ""  # its code


@dataclass(frozen=True, slots=True)
class Bronnen:
    """What rows point at: instellingen and opleidingen by position, gemeenten as organisatie, people by organisatie."""

    regio: str
    mbos: tuple[uuid.UUID, ...]
    opleidingen: tuple[tuple[str, str, int, str], ...]  # crebo, naam, niveau, leerweg
    gemeenten: Mapping[str, uuid.UUID]
    mensen: Mapping[uuid.UUID, uuid.UUID]
    rmc: uuid.UUID
    regio_van: Mapping[str, str]  # of every gemeente
    mbo_codes: tuple[str, ...]


@dataclass(slots=True)
class Stand:
    """What holds for one overstap after the steps so far."""

    gemarkeerd_sinds: int | None = None
    markering_sinds: int | None = None
    vo: int | None = None
    vo_sinds: int | None = None
    vo_reden: str = ""
    vo_zekerheid: str = ""
    leerplicht: int | None = None
    leerplicht_sinds: int | None = None
    eigenaar: uuid.UUID | None = None
    leidend: int | None = None
    leidend_sinds: int | None = None
    # Per aanmelding, in the order of its first step: status, day, reden, number of steps, first day, bron, when it fell and from where.
    aanmeldingen: dict[int, list[Any]] = field(default_factory=dict)

    def pas_toe(self, stap: Stap) -> int | None:
        """Fold one step over the stand, as statuses.actions.schrijven does; gives what stood there before."""
        van: int | None
        if stap.spoor == SPOOR_AANMELDING:
            oud = self.aanmeldingen.get(stap.aanmelding)
            van = oud[0] if oud else None
            if oud is None:
                self.aanmeldingen[stap.aanmelding] = [
                    stap.naar,
                    stap.dag,
                    stap.reden,
                    1,
                    stap.dag,
                    stap.via,
                    None,
                    None,
                ]
            else:
                if oud[0] >= Status.AANGEMELD and stap.naar in TERUG:
                    oud[6], oud[7] = stap.geregistreerd, int(oud[0])
                elif (stap.naar or 0) >= (oud[7] or 0):
                    oud[6] = oud[7] = None
                oud[0], oud[1], oud[2], oud[3] = stap.naar, stap.dag, stap.reden, oud[3] + 1
        elif stap.spoor == SPOOR_MARKERING:
            van = Status.ZONDER_AANMELDING.value if self.gemarkeerd_sinds else None
            self.gemarkeerd_sinds = stap.dag if stap.naar else None
            self.markering_sinds = stap.dag
        elif stap.spoor == SPOOR_VO:
            van, self.vo, self.vo_sinds = self.vo, stap.naar, stap.dag
            self.vo_reden, self.vo_zekerheid = (stap.reden, stap.zekerheid) if stap.naar else ("", "")
        else:
            van, self.leerplicht, self.leerplicht_sinds = self.leerplicht, stap.naar, stap.dag
        nieuw = self._leidend()
        if nieuw != self.leidend:
            self.leidend, self.leidend_sinds = nieuw, stap.dag if nieuw else None
        return van

    def _leidend(self) -> int | None:
        if self.gemarkeerd_sinds is None:
            return None
        hoogste: int = max(1, self.vo or 1, self.leerplicht or 1, *(a[0] for a in self.aanmeldingen.values()))
        return hoogste


class Rijen:
    """Collects the rows of one regio and jaar; `leeg` hands them over and starts anew, so that memory stays flat."""

    def __init__(self, bronnen: Bronnen, overstapjaar: int, sleutels: Sleutels, melder: Melder) -> None:
        self.bronnen, self.jaar, self.sleutel, self.melder = bronnen, overstapjaar, sleutels, melder
        # What the demo still sends: messages of the past, and events for what was registered after `melder.tot`.
        self.gemeld: list[tuple[Persoon, Melding]] = []
        self.recent: list[tuple[uuid.UUID, int, int, set[str]]] = []
        self.tabellen: dict[type[Any], list[tuple[Any, ...]]] = defaultdict(list)
        self._aanmeldingen = 0

    def leeg(self) -> Iterator[tuple[type[Any], list[tuple[Any, ...]]]]:
        for model in KOLOMMEN:
            rijen, self.tabellen[model] = self.tabellen[model], []
            if rijen:
                yield model, rijen

    def leerling(self, p: Persoon) -> uuid.UUID:
        """The row of a person, pgn encrypted and indexed as in reality."""
        from overstap.basis import geheim
        from statuses.zoeken import zoeknaam

        pk = self.sleutel()
        self.tabellen[Leerling].append(
            (pk, self.bronnen.regio, p.pgn_soort, geheim.blinde_index(p.pgn_soort, p.pgn), geheim.versleutel(p.pgn, pk), p.voornaam,
             p.tussenvoegsel, p.achternaam, zoeknaam(p.achternaam, p.voornaam), p.geboortedatum, p.gemeente, p.land, p.geheim_adres)
        )  # fmt: skip
        return pk

    def overstap(
        self,
        leerling: uuid.UUID,
        p: Persoon,
        stappen: list[Stap],
        keuzes: Mapping[int, tuple[int, int]],
        *,
        aanwezigheid: str = "",
        gewijzigd: datetime | None = None,
        gesloten: date | None = None,
    ) -> tuple[uuid.UUID, Stand]:
        """The overstap with its aanmeldingen and history."""
        pk, stand = self.sleutel(), Stand()
        volgorde: dict[int, int] = {}
        for volgnr, stap in enumerate(stappen, start=1):
            if stap.spoor == SPOOR_AANMELDING:
                volgorde.setdefault(stap.aanmelding, len(volgorde) + 1)
            self._gebeurtenis(pk, p, volgnr, stap, stand, volgorde, keuzes)
        gemaakt: dict[int, tuple[uuid.UUID, str, int]] = {}
        for handvat, (status, dag, reden, aantal, eerste, via, terug, terug_van) in stand.aanmeldingen.items():
            mbo, opleiding = keuzes[handvat]
            crebo, naam, niveau, leerweg = self.bronnen.opleidingen[opleiding]
            self._aanmeldingen += 1
            komt = aanwezigheid if status == Status.DEFINITIEF else ""
            aanmeld_id = f"{self.bronnen.regio}-{self.jaar % 100:02}-{self._aanmeldingen:06}"
            gemaakt[handvat] = (self.sleutel(), aanmeld_id, mbo)
            self.tabellen[Aanmelding].append(
                (gemaakt[handvat][0], self.bronnen.regio, pk, self.bronnen.mbos[mbo], self.jaar, aanmeld_id, volgorde[handvat], crebo, naam,
                 niveau, leerweg, int(status), dag_van(dag), dag_van(eerste), aantal, reden, komt, None if aantal % 3 == 0 else False, via,
                 None if terug is None else moment(terug), terug_van, dag_van(dag) if komt else None)
            )  # fmt: skip
        gemeld = self.melder.mbo_ganger(p, stappen, gesloten)
        ganger = (gemeld[-1].waar, dag_van(gemeld[-1].dag), gemeld[-1].volgnummer) if gemeld else (None, None, 0)
        laatste = moment(stappen[-1].geregistreerd) if stappen else gewijzigd
        self.tabellen[Overstap].append(
            (pk, self.bronnen.regio, leerling, self.jaar, p.vestiging_id, p.klas, p.onderwijssoort, p.leerweg, p.examenkandidaat,
             p.uitstroomprofiel, p.bestemming, p.uitbesteed_aan, p.geinformeerd, p.bezwaar, _dag(stand.gemarkeerd_sinds),
             _dag(stand.markering_sinds), stand.vo, _dag(stand.vo_sinds), stand.vo_reden, stand.vo_zekerheid, stand.leerplicht,
             _dag(stand.leerplicht_sinds), stand.eigenaar, stand.leidend, _dag(stand.leidend_sinds), len(stand.aanmeldingen),
             len(stappen), 1 + len(stappen), laatste or datetime(self.jaar, 9, 1, tzinfo=UTC), *ganger, None, gesloten)
        )  # fmt: skip
        self._meldingen(pk, p, stappen, gemeld, gemaakt)
        return pk, stand

    def _meldingen(
        self,
        overstap: uuid.UUID,
        p: Persoon,
        stappen: Sequence[Stap],
        gemeld: list[Melding],
        gemaakt: Mapping[int, tuple[uuid.UUID, str, int]],
    ) -> None:
        self.melder.schrijf_mbo_ganger(self, overstap, p, gemeld)
        self.gemeld += [(p, melding) for melding in gemeld] if self.melder.bewaar else []
        if gemaakt:
            self.melder.schrijf_aanmeldingen(self, p, stappen, gemaakt)
        laat = [(n, s) for n, s in enumerate(stappen, start=1) if s.geregistreerd > self.melder.tot]
        if laat:
            sporen = {spoor_van_nummer(stap.spoor).value for _, stap in laat}
            self.recent.append((overstap, laat[0][0], laat[-1][0], sporen))

    def _gebeurtenis(
        self,
        overstap: uuid.UUID,
        p: Persoon,
        volgnr: int,
        stap: Stap,
        stand: Stand,
        volgorde: Mapping[int, int],
        keuzes: Mapping[int, tuple[int, int]],
    ) -> None:
        pk, van = self.sleutel(), stand.pas_toe(stap)
        organisatie = self._organisatie(p, stap, keuzes)
        mens = self.bronnen.mensen.get(organisatie) if stap.via == PAGINA else None
        if stap.naar == Status.LP_IN_BEHANDELING:
            stand.eigenaar = mens
        spoor = SPOOR_AANMELDING + volgorde[stap.aanmelding] if stap.spoor == SPOOR_AANMELDING else stap.spoor
        self.tabellen[Gebeurtenis].append(
            (pk, self.bronnen.regio, overstap, self.jaar, volgnr, spoor, van, None if stap.naar is None else int(stap.naar),
             dag_van(stap.dag), moment(stap.geregistreerd), stap.via, "mens" if stap.via == PAGINA else "systeem", mens, organisatie,
             stap.reden, stap.zekerheid if stap.spoor == SPOOR_VO and stap.naar else "", stap.correctie)
        )  # fmt: skip
        klaar = stap.naar == Status.LP_AFGEHANDELD
        voor_school = teksten.TERUGKOPPELING[volgnr % len(teksten.TERUGKOPPELING)] if klaar else ""
        if stap.tekst or voor_school:
            self.tabellen[Toelichting].append((self.sleutel(), self.bronnen.regio, pk, stap.tekst, voor_school))

    def _organisatie(self, p: Persoon, stap: Stap, keuzes: Mapping[int, tuple[int, int]]) -> uuid.UUID:
        if stap.door == MBO:
            return self.bronnen.mbos[keuzes[stap.aanmelding][0]]
        if stap.door == LEERPLICHT:
            return self.bronnen.gemeenten.get(p.gemeente or "", self.bronnen.rmc)
        assert stap.door == DECAAN
        return p.school_id


def _dag(nummer: int | None) -> date | None:
    return None if nummer is None else dag_van(nummer)


__all__ = ["KOLOMMEN", "SPOOR_LEERPLICHT", "Bronnen", "Persoon", "Rijen", "Sleutels", "Stand", "dag_van", "moment"]
