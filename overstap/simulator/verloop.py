"""A whole run: connect, deliver, storm, move house, contradict, and look whether everybody ends with what was meant."""

from __future__ import annotations

import itertools
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from random import Random

from overstap.simulator import berichten as b
from overstap.simulator import bulk
from overstap.simulator.berichten import Bericht, Vreemd
from overstap.simulator.botsing import laat_botsen
from overstap.simulator.http import Onbereikbaar, is_hier
from overstap.simulator.ontvangers import Ontvanger
from overstap.simulator.orakel import Orakel, te_laat
from overstap.simulator.partijen import Bezetting, Partij, Systeem, heeft_eindpunt, sluit_aan, zet_eindpunt
from overstap.simulator.personen import Leerling, leerlingen, nummers, per_school
from overstap.simulator.push import PushOntvanger
from overstap.simulator.storing import Geteld, Storing, Zending, draaiboek
from overstap.simulator.verslag import Verslag, vergelijk
from overstap.simulator.zenders import Logboek, lever_aan, systeem_voor, zend

VREEMDE_NUMMERS = 40  # numbers beside the leerlingen: for a `false` of somebody who was never reported


@dataclass(frozen=True, slots=True)
class Opdracht:
    """What to play. ``begin``: the first number to use. ``wacht``: seconds without any progress before it gives up."""

    adres: str
    regio: str
    dag: date
    aantal: int
    zaad: int
    storing: str
    kansen: Storing
    begin: int = 0
    met_bsn: bool = False
    push: bool = True
    wacht: float = 150.0  # a push that waits is tried again every minute
    meld: Callable[[str], None] = field(default=lambda _regel: None)


def speel(opdracht: Opdracht) -> Verslag:
    """Play it all. Raises Onbereikbaar or Onvoldoende with a Dutch sentence; what differs stands in the report."""
    rng = Random(opdracht.zaad)  # noqa: S311 - a play, not a secret
    bezetting = sluit_aan(opdracht.adres, opdracht.regio, rng)
    spel = Spel(opdracht, rng, bezetting)
    begin = time.monotonic()
    with spel.lezers():
        for naam, stap in (
            ("leerlingen aanleveren", spel.lever_leerlingen),
            ("berichten verzenden", spel.storm),
            ("verhuizen, en daarna nog een status", spel.verhuizing),
            ("tegenspreken en herhalen", spel.tegenspraak),
            ("botsen: even niet beschikbaar", spel.botsing),
            ("bulkmelding", spel.bulkmelding),
        ):
            opdracht.meld(naam)
            stap()
            spel.wacht_tot_gelijk()
    opdracht.meld("alles nog eens lezen")
    for ontvanger in spel.ontvangers:
        if not ontvanger.fout:
            ontvanger.lees_alles_na()
    return spel.verslag(time.monotonic() - begin)


class Spel:
    """The state of a run: who plays, what was meant, what was sent."""

    def __init__(self, opdracht: Opdracht, rng: Random, bezetting: Bezetting) -> None:
        self.opdracht, self.rng, self.bezetting = opdracht, rng, bezetting
        self.orakel = Orakel(opdracht.dag)
        self.logboek, self.geteld = Logboek(), Geteld()
        gepusht = self._gepusht()
        self.ontvangers = [self._ontvanger(systeem, systeem.van in gepusht) for systeem in bezetting.ontvangers]
        reeks = nummers(opdracht.begin, met_bsn=opdracht.met_bsn)
        self.leerlingen = leerlingen(rng, bezetting, opdracht.aantal, opdracht.dag, reeks)
        self._vreemde = itertools.islice(reeks, VREEMDE_NUMMERS * 10)
        self.goede: list[tuple[Bericht, Leerling, Partij]] = []
        self.codes: set[str] = set()
        self.bulks: dict[str, list[int]] = defaultdict(list)  # per kind how many leerlingen, one number per gemeente

    @contextmanager
    def lezers(self) -> Iterator[None]:
        """Every receiver reads in a thread of its own, from before the first message until after the last."""
        draden = [
            threading.Thread(target=o.lees_door, name=o.systeem.van.sleutel, daemon=True) for o in self.ontvangers
        ]
        for ontvanger in self.ontvangers:
            ontvanger.haal_in()
        for draad in draden:
            draad.start()
        try:
            self._eindpunten(actief=True)
            yield
        finally:
            self._eindpunten(actief=False)
            for ontvanger in self.ontvangers:
                ontvanger.stop()
            for draad in draden:
                draad.join(timeout=60)

    def _gepusht(self) -> list[Partij]:
        """One gemeente, when Overstap can reach us and nobody set an endpoint for it; with others beside it that read."""
        if not self.opdracht.push or not is_hier(self.opdracht.adres):
            return []
        return [g for g in self.bezetting.gemeenten if not heeft_eindpunt(g)][:1]

    def _ontvanger(self, systeem: Systeem, gepusht: bool) -> Ontvanger:
        rng = Random(f"{self.opdracht.zaad} {systeem.van.sleutel}")  # noqa: S311 - a play, not a secret
        crash = self.opdracht.kansen.crash
        return PushOntvanger(systeem, rng, crash, self.opdracht.adres) if gepusht else Ontvanger(systeem, rng, crash)

    def _eindpunten(self, *, actief: bool) -> None:
        for ontvanger in self.ontvangers:
            if isinstance(ontvanger, PushOntvanger):
                zet_eindpunt(ontvanger.systeem.van, self.opdracht.regio, ontvanger.url, actief=actief)

    # --- The acts -----------------------------------------------------------------------------------------------------------

    def lever_leerlingen(self) -> None:
        """A LAS delivers who is overstapper; Overstap reports them to the gemeente by itself."""
        bekend = [leerling for leerling in self.leerlingen if leerling.bekend]
        for leerling in bekend:
            self.orakel.aangeleverd(leerling)
        self._lever(bekend)

    def storm(self) -> None:
        """Every sender at once: right messages in wrong orders, and wrong ones between them."""
        for leerling in self.leerlingen:
            if not leerling.bekend:
                self._mbo_ganger_van(leerling)
            self._aanmeldingen_van(leerling)
        self._zend_per_systeem([bericht for bericht, _, _ in self.goede])

    def verhuizing(self) -> None:
        """Some move within the regio: the next aanmeldstatus goes to the gemeente of that moment (rule 7)."""
        plekken = self.bezetting.gemeenten
        verhuizers = []
        for i, leerling in enumerate(self.leerlingen):
            if leerling.bekend and leerling.gemeente in plekken and len(plekken) > 1 and i % 4 == 0:
                nieuw = replace(leerling, gemeente=next(g for g in plekken if g != leerling.gemeente))
                self.leerlingen[i] = nieuw
                verhuizers.append(nieuw)
                self.orakel.verhuisd(nieuw)
        if verhuizers:
            self._lever(verhuizers)
        vervolg = [self._vervolg(bericht, leerling) for bericht, leerling in self._laatste_statussen(verhuizers)]
        self._zend_per_systeem(vervolg)

    def tegenspraak(self) -> None:
        """After all of it: the same again, the same with other content, an older one, and a havist."""
        altijd: list[Bericht] = []
        for soort in (b.MBO_GANGERS, b.AANMELDSTATUSSEN):
            eigen = [bericht for bericht, _, _ in self.goede if bericht.soort == soort][:5]
            altijd += eigen
            altijd += [self._andere_inhoud(bericht, vers=vers) for bericht in eigen for vers in (True, False)]
            if eigen:
                self.codes.add("F202")
        for leerling in self.leerlingen:
            if leerling.onderwijssoort == "havo" and leerling.gemeente is not None:
                las = systeem_voor(self.bezetting.las, leerling.school).van
                goed = b.mbo_ganger(
                    leerling, las, leerling.gemeente, self.opdracht.dag, 1, waar=True, altijd=frozenset()
                )
                altijd.append(goed.anders(moet="F105"))
                self.codes.add("F105")
        self._zend_per_systeem(altijd, met_fouten=False)
        # Who is an overstapper here, is delivered as none: nothing changes, a person is asked.
        toch_niet = [leerling for leerling in self.leerlingen if leerling.bekend and leerling.onderwijssoort != "havo"]
        self._lever(toch_niet[:2], toch_niet=True)
        self.codes |= {"W303"} if toch_niet else set()

    def botsing(self) -> None:
        """A call that Overstap can not take for a moment (T004): sent again, and taken once."""
        kandidaten = [leerling for leerling in self.leerlingen if leerling.bekend and leerling.gemeente is not None]
        for bericht, leerling in self._laatste_statussen(kandidaten)[:1]:
            self.codes.add("T004")
            vervolg = self._vervolg(bericht, leerling)
            sis = systeem_voor(self.bezetting.sis, vervolg.van)
            laat_botsen(vervolg, sis, self.opdracht.regio, partial(zend, sis, [Zending((vervolg,))], self.logboek))

    def bulkmelding(self) -> None:
        """On 1 March and 15 June: who is in the bulk of each gemeente, and nobody else."""
        wie = self.bezetting
        for gemeente, bulks in bulk.maak((*wie.gemeenten, *wie.ver, *wie.dicht), self.opdracht.dag).items():
            if gemeente.aangesloten:
                self.orakel.bulks[gemeente.sleutel] = bulks
                for soort, _ in bulks:
                    self.bulks[soort].append(len(self.orakel.in_bulk(gemeente, soort)))

    # --- What they consist of -------------------------------------------------------------------------------------------------

    def _lever(self, alle: Sequence[Leerling], *, toch_niet: bool = False) -> None:
        eerste = self.opdracht.dag.year - (0 if self.opdracht.dag.month >= 9 else 1)
        for school, eigen in per_school(alle).items():
            las = systeem_voor(self.bezetting.las, school)
            lever_aan(las, school, eigen, f"{eerste}-{eerste + 1}", self.logboek, toch_niet=toch_niet)

    def _mbo_ganger_van(self, leerling: Leerling) -> None:
        """`true`; sometimes taken back, sometimes again after that. Volgnummers with a hole now and then."""
        assert leerling.gemeente is not None
        las = systeem_voor(self.bezetting.las, leerling.school).van
        gedrag = {"W301"} if te_laat(self.opdracht.dag) else set()
        dicht = self._wacht(leerling.gemeente)
        self.codes |= gedrag
        volgnummer = 0
        for keer in range(self.rng.choice((1, 1, 2, 3))):
            volgnummer += self.rng.choice((1, 1, 2)) if keer else 1
            waar = keer % 2 == 0
            self._bedoel(
                b.mbo_ganger(
                    leerling, las, leerling.gemeente, self.opdracht.dag, volgnummer, waar=waar,
                    altijd=frozenset(dicht | (gedrag if waar else set())),
                ),
                leerling, leerling.gemeente,
            )  # fmt: skip

    def _wacht(self, naar: Partij) -> frozenset[str]:
        """F107 for a gemeente that is not connected; a school always is."""
        wacht = frozenset() if naar.aangesloten else frozenset({"F107"})
        self.codes |= wacht
        return wacht

    def _aanmeldingen_van(self, leerling: Leerling) -> None:
        """Nought to two aanmeldingen, each with one to four statuses, at an mbo inside or outside the regio."""
        altijd: frozenset[str] = frozenset()
        if not leerling.bekend or leerling.onderwijssoort == "havo":
            altijd = frozenset({"W304"})
            self.codes.add("W304")
        if leerling.onderwijssoort == "havo":
            return  # not marked, so not applied: nothing to compare
        for mbo in self.rng.sample(self.bezetting.mbos, min(len(self.bezetting.mbos), self.rng.choice((0, 1, 1, 2)))):
            aanmeld_id = f"SIM-{leerling.school.code}-{self.rng.getrandbits(64):016x}"
            for volgnummer, status in enumerate(self.rng.choices(b.STATUSSEN, k=self.rng.randint(1, 4)), start=1):
                for naar in self._ontvangers_van(leerling):
                    sis = systeem_voor(self.bezetting.sis, mbo).van
                    bericht = b.aanmeldstatus(
                        leerling, sis, mbo, naar, self.opdracht.dag, aanmeld_id, status, volgnummer,
                        altijd=altijd | self._wacht(naar),
                    )  # fmt: skip
                    self._bedoel(bericht, leerling, naar)

    def _ontvangers_van(self, leerling: Leerling) -> tuple[Partij, ...]:
        """Whom the mbo itself names: the school, and the gemeente where there is one."""
        return (leerling.school,) if leerling.gemeente is None else (leerling.school, leerling.gemeente)

    def _bedoel(self, bericht: Bericht, leerling: Leerling, naar: Partij) -> None:
        self.orakel.bedoeld(bericht, leerling, naar)
        self.goede.append((bericht, leerling, naar))

    def _laatste_statussen(self, verhuizers: Sequence[Leerling]) -> list[tuple[Bericht, Leerling]]:
        """The last message of each aanmelding of who moved."""
        per_pgn = {leerling.pgn: leerling for leerling in verhuizers}
        laatste: dict[str, tuple[Bericht, Leerling]] = {}
        for bericht, leerling, _ in self.goede:
            if bericht.soort == b.AANMELDSTATUSSEN and leerling.pgn in per_pgn:
                laatste[bericht.romp["aanmeldId"]] = (bericht, per_pgn[leerling.pgn])
        return list(laatste.values())

    def _vervolg(self, vorige: Bericht, leerling: Leerling) -> Bericht:
        assert leerling.gemeente is not None
        mbo, romp = vorige.van, vorige.romp
        nieuw = b.aanmeldstatus(
            leerling, systeem_voor(self.bezetting.sis, mbo).van, mbo, leerling.gemeente, self.opdracht.dag,
            romp["aanmeldId"], self.rng.choice(b.STATUSSEN), romp["volgnummer"] + 1, altijd=self._wacht(leerling.gemeente),
        )  # fmt: skip
        self._bedoel(nieuw, leerling, leerling.gemeente)
        return nieuw

    def _andere_inhoud(self, bericht: Bericht, *, vers: bool) -> Bericht:
        """The same key and volgnummer (and berichtId, unless ``vers``) that says something else."""
        if bericht.soort == b.MBO_GANGERS:
            return bericht.anders(
                moet="F202", vers=vers, isPotentieleMboGanger=not bericht.romp["isPotentieleMboGanger"]
            )
        andere = next(status for status in b.STATUSSEN if status != bericht.romp["status"])
        return bericht.anders(moet="F202", vers=vers, status=andere)

    def _zend_per_systeem(self, alle: Sequence[Bericht], *, met_fouten: bool = True) -> None:
        """Distort and send; the senders work beside each other."""
        systemen = [*self.bezetting.las, *self.bezetting.sis]
        taken = []
        for systeem in systemen:
            eigen = [bericht for bericht in alle if bericht.van in systeem.voor and self._van(systeem, bericht)]
            if met_fouten and self.opdracht.kansen.fouten and eigen:
                fout = b.fouten(self.rng, eigen, self.opdracht.kansen.fouten, self._vreemd(systeem))
                self.codes |= {bericht.moet for bericht in fout}
                for bericht in fout:
                    eigen.insert(self.rng.randrange(len(eigen) + 1), bericht)
            taken.append((systeem, draaiboek(self.rng, eigen, self.opdracht.kansen, self.geteld)))
        with ThreadPoolExecutor(len(taken)) as draden:
            klaar = [
                draden.submit(zend, systeem, zendingen, self.logboek, gelijktijdig=self.opdracht.kansen.gelijktijdig)
                for systeem, zendingen in taken
            ]
        for taak in klaar:
            taak.result()

    @staticmethod
    def _van(systeem: Systeem, bericht: Bericht) -> bool:
        """A LAS sends the one kind, a SIS the other: an AOC is vo and mbo under one code."""
        return (systeem.naam == "LAS") == (bericht.soort == b.MBO_GANGERS)

    def _vreemd(self, systeem: Systeem) -> Vreemd:
        def pgn() -> dict[str, str]:
            soort, nummer = next(self._vreemde)
            self.orakel.pgns.add(nummer)
            return {soort: nummer}

        vo = next((s for s in self.bezetting.scholen if s not in systeem.voor), None)
        mbo = next((m for m in self.bezetting.mbos if m not in systeem.voor), None)
        return Vreemd(pgn, vo, mbo, self.bezetting.onbekend)

    # --- The end --------------------------------------------------------------------------------------------------------------

    def wacht_tot_gelijk(self) -> None:
        """Until every receiver holds what was meant, or nothing has moved for a while: then the report says what is missing."""
        gezien, sinds = -1, time.monotonic()
        while not all(vergelijk(o, self.orakel).goed for o in self.ontvangers):
            if any(o.fout for o in self.ontvangers):
                raise Onbereikbaar(next(o.fout for o in self.ontvangers if o.fout))
            nu = sum(len(o.getuige.rij) + o.bevestigingen for o in self.ontvangers)
            if nu != gezien:
                gezien, sinds = nu, time.monotonic()
            elif time.monotonic() - sinds > self.opdracht.wacht:
                return
            time.sleep(0.2)

    def verslag(self, seconden: float) -> Verslag:
        o = self.opdracht
        for systeem in (*self.bezetting.las, *self.bezetting.sis):
            self.logboek.even_niet(systeem.lijn.later)
        return Verslag(
            o.adres, o.regio, o.dag, o.zaad, o.storing, self.bezetting, self.logboek, self.geteld, self.ontvangers,
            len(self.leerlingen), seconden,
            verschillen=[vergelijk(ontvanger, self.orakel) for ontvanger in self.ontvangers],
            verwachte_codes=frozenset(self.codes),
            bulks=[(soort, len(aantallen), sum(aantallen)) for soort, aantallen in sorted(self.bulks.items())],
        )  # fmt: skip
