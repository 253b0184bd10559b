"""The edge cases of domein.md 5 as a table: each a short story that is told to a few leerlingen of the current jaar.

Steps are spread evenly from the begin of the jaar to yesterday, so that every status occurs on whatever day the demo starts.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from overstap.demo import teksten
from overstap.demo.rijen import Persoon
from overstap.demo.scholen import School
from overstap.demo.verloop import DECAAN, LEERPLICHT, MBO, PAGINA, SIS, Aanbod, Verloop
from statuses.models import SPOOR_AANMELDING, SPOOR_LEERPLICHT, SPOOR_MARKERING, SPOOR_VO
from statuses.status import Status

S = Status


@dataclass(frozen=True, slots=True)
class Geval:
    """One edge case: for which kinds of leerling, its steps as words, and what differs in the master data.

    A step is "7" (aanmelding 1), "2:7" (aanmelding 2), "lp13", "lp-" (taken back), "vo:havo" (zeker), "vo?havo" (verwacht), "vo-".
    Reden behind a slash: "4/niet_geslaagd". "c8/correctie" is a correctie. `zelfde_mbo`: aanmelding 2 is at the same mbo.
    """

    naam: str
    wegen: tuple[str, ...]
    stappen: str
    aantal: int = 3
    gemarkeerd: bool = True
    persoon: tuple[tuple[str, Any], ...] = ()
    elders: bool = False
    zelfde_mbo: bool = False
    vertrokken: bool = False
    aanwezigheid: str = "show"
    buiten: str = ""  # the status of vva.md that an mbo outside the regio reported

    def pas_aan(self, p: Persoon, elders: Sequence[str]) -> Persoon:
        """The person of this case; one that moved lives in a gemeente of another regio."""
        anders = dict(self.persoon)
        if self.elders:
            anders["gemeente"] = elders[0]
        return dataclasses.replace(p, **anders) if anders else p


_V: Final = ("tl", "kb", "bb", "gl")
GEVALLEN: Final = (
    # every status, whatever the day
    Geval("geplaatst", _V, "7 8 9 10 12", aantal=10),
    Geval("geplaatst zonder aanbod", _V, "7 8 9 12", aantal=8),
    Geval("plaatsing aangeboden", _V, "7 8 9 10", aantal=8),
    Geval("afgemeld", _V, "7 8 4/andere_opleiding", aantal=6),
    Geval("afgewezen", _V, "7 8 5/opleiding_vol", aantal=6),
    Geval("afgewezen in een feed zonder reden", _V, "7 5", aantal=4),
    Geval("beeindigd na herstel", _V, "7 2:7 3 2:4/werk", aantal=3, zelfde_mbo=True),
    Geval("beeindigd, andere open", _V, "7 2:7 2:8 3", aantal=4, zelfde_mbo=True),
    Geval("bij leerplicht", _V, "lp13", aantal=7),
    Geval("leerplicht bezig", _V, "7 5/niet_verschenen lp13 lp14", aantal=6),
    Geval("leerplicht definitief", _V, "lp13 lp14 lp11", aantal=4),
    Geval("leerplicht klaar", _V, "lp13 lp14 lp2", aantal=4),
    Geval("leerplicht klaar en weer aangemeld", _V, "lp13 lp14 lp2 7", aantal=3),
    Geval("leerplicht heropend", _V, "lp13 lp14 lp2 lp14", aantal=2),
    Geval("leerplicht ingetrokken", _V, "lp13 lp-", aantal=2),
    Geval("geplaatst maar bij leerplicht", _V, "7 9 12 lp13", aantal=2),
    Geval("leerplicht zonder toelichting wegens bezwaar", _V, "lp13", aantal=2, persoon=(("bezwaar", True), ("geinformeerd", True))),
    # vervolgkeuze, each reden
    Geval("zeker havo", ("tl", "gl"), "vo:havo", aantal=4),
    Geval("misschien havo", ("tl", "gl"), "vo?havo", aantal=4),
    Geval("misschien havo, toch mbo", ("tl", "gl"), "vo?havo vo- 7", aantal=2),
    Geval("blijft in vo", _V, "vo:blijft_in_vo", aantal=3),
    Geval("mbo buiten de regio", _V, "vo:mbo_buiten_regio", aantal=4, buiten="AANMELDING_ONTVANGEN"),
    Geval("vavo", ("tl",), "vo:vavo", aantal=2),
    Geval("particulier", ("tl", "kb"), "vo:particulier", aantal=2),
    Geval("arbeid", ("bb", "kb", "pro"), "vo:arbeid", aantal=3),
    Geval("buitenland", ("tl",), "vo:buitenland", aantal=2),
    Geval("anders", ("tl", "kb"), "vo:anders", aantal=2),
    Geval("vervolgkeuze met aanmelding", ("tl",), "7 8 vo:havo", aantal=3),
    # signalen
    Geval("dubbele plaatsing", _V, "7 9 2:7 12 2:9 2:12", aantal=3),
    Geval("geplaatst en nog elders open", _V, "7 2:7 9 12", aantal=4),
    Geval("afgewezen met andere open", _V, "7 2:7 5/vooropleiding", aantal=3),
    Geval("niet verschenen", _V, "7 9 12", aantal=5, aanwezigheid="no_show"),
    Geval("buiten de regio aangemeld", _V, "", aantal=3, buiten="AANMELDING_ONTVANGEN"),
    Geval("buiten de regio ingeschreven", _V, "", aantal=2, buiten="INGESCHREVEN"),
    Geval("correctie van een afmelding", _V, "7 8 4/onbekend c8/correctie", aantal=2),
    Geval("heraanmelding", _V, "7 4/persoonlijk 7", aantal=2),
    # persons
    Geval("geheim adres", _V, "7 8", aantal=3, persoon=(("geheim_adres", True),)),
    Geval("woont in het buitenland", ("tl", "kb"), "7", aantal=2, persoon=(("land", "BE"), ("gemeente", None))),
    Geval("verhuisd naar een andere regio", _V, "7 8 9", aantal=3, elders=True),
    Geval("vertrokken naar een andere school", _V, "7", aantal=2, vertrokken=True),
    Geval("havist met hoge kans", ("havo",), "7 8", aantal=3),
    Geval("havist zonder aanmelding", ("havo",), "", aantal=3),
    Geval("pro naar werk", ("pro",), "", aantal=4, gemarkeerd=False, persoon=(("bestemming", "arbeid"),)),
    Geval("pro naar entree", ("pro",), "7 8 9", aantal=3, persoon=(("bestemming", "mbo"),)),
    Geval("vso dagbesteding", ("vso",), "", aantal=4, gemarkeerd=False, persoon=(("uitstroomprofiel", "dagbesteding"),)),
    Geval("vso arbeidsmarktgericht", ("vso",), "7", aantal=2, persoon=(("uitstroomprofiel", "arbeidsmarktgericht"),)),
    Geval("vavo", ("vavo",), "7 8", aantal=3),
    Geval("isk naar entree", ("isk",), "7 9", aantal=3),
    Geval("uitbesteed aan het vavo (Rutte)", ("tl",), "7", aantal=3, persoon=(("uitbesteed_aan", "@vavo"),)),
    Geval("niet geinformeerd, bezwaar", _V, "7", aantal=2, persoon=(("geinformeerd", False), ("bezwaar", True))),
    Geval("vmbo zeker naar havo, niet aangevinkt", ("tl",), "", aantal=2, gemarkeerd=False, persoon=(("bestemming", "havo"),)),
)  # fmt: skip


def uitdelen(scholen: Sequence[School], rng: Random) -> dict[tuple[uuid.UUID, str], list[Geval]]:
    """Which case goes to which class: at most a third of it, and each case at least once when its kind is there at all."""
    vavo = next((s.code[:4] for s in scholen if s.aantallen.get("vavo")), "")
    plek = {(s.id, weg): max(1, aantal // 3) for s in scholen for weg, aantal in s.aantallen.items()}
    uit: dict[tuple[uuid.UUID, str], list[Geval]] = defaultdict(list)
    for geval in GEVALLEN:
        if ("uitbesteed_aan", "@vavo") in geval.persoon:
            geval = dataclasses.replace(geval, persoon=(("uitbesteed_aan", vavo),))
        kan = [sleutel for sleutel, vrij in plek.items() if sleutel[1] in geval.wegen and vrij > 0]
        for _ in range(geval.aantal if kan else 0):
            sleutel = kan[int(rng.random() * len(kan))]
            uit[sleutel].append(geval)
            plek[sleutel] -= 1
            kan = [s for s in kan if plek[s] > 0]
            if not kan:
                break
    return uit


def verloop(geval: Geval, rng: Random, begin: int, tot: int, aanbod: Aanbod) -> Verloop:
    """The steps of a case between two days."""
    v = Verloop()
    if not geval.gemarkeerd:
        return v
    woorden = geval.stappen.split()
    stap = max(0.0, (tot - begin - 4) / (len(woorden) + 1))
    v.zet(begin + min(9, int(stap)), SPOOR_MARKERING, S.ZONDER_AANMELDING, DECAAN)
    bezwaar = ("bezwaar", True) in geval.persoon
    for nummer, woord in enumerate(woorden, start=1):
        _zet(v, geval, woord, begin + int(stap * nummer) + (1 if stap > 2 else 0), rng, aanbod, bezwaar)
    return v


def _zet(v: Verloop, geval: Geval, woord: str, dag: int, rng: Random, aanbod: Aanbod, bezwaar: bool) -> None:
    if woord.startswith("lp"):
        naar = None if woord == "lp-" else int(woord[2:])
        tekst = {13: "" if bezwaar else teksten.LEERPLICHT[0], 11: teksten.AFSPRAAK[0]}.get(naar or 0, "")
        v.zet(dag, SPOOR_LEERPLICHT, naar, DECAAN if naar in (None, 13) else LEERPLICHT, tekst=tekst)
    elif woord == "vo-":
        v.zet(dag, SPOOR_VO, None, DECAAN)
    elif woord.startswith("vo"):
        reden = woord[3:]
        tekst = teksten.ANDERS if reden == "anders" else ""
        zekerheid = "zeker" if woord[2] == ":" else "verwacht"
        v.zet(dag, SPOOR_VO, S.VERVOLGKEUZE_VO, DECAAN, reden=reden, tekst=tekst, zekerheid=zekerheid)
    else:
        nr, _, rest = woord.rpartition(":")
        status, _, reden = rest.removeprefix("c").partition("/")
        handvat = int(nr or 1)
        if handvat not in v.aanmeldingen:
            v.aanmeldingen[handvat] = _keuze(v, geval, handvat, rng, aanbod)
        correctie = rest.startswith("c")
        via = SIS if aanbod.met_sis[v.aanmeldingen[handvat][0]] and not correctie else PAGINA
        v.zet(dag, SPOOR_AANMELDING, int(status), MBO, via=via, aanmelding=handvat, reden=reden, correctie=correctie)


def _keuze(v: Verloop, geval: Geval, handvat: int, rng: Random, aanbod: Aanbod) -> tuple[int, int]:
    while True:
        mbo, opleiding = aanbod.kies(rng, 2 + int(rng.random() * 3))
        if not aanbod.met_sis[mbo] and geval.naam.endswith("zonder reden"):
            continue
        if handvat == 1:
            return mbo, opleiding
        eerste = v.aanmeldingen[1][0]
        if geval.zelfde_mbo:
            keuzes = list(aanbod.opleidingen[eerste].values())
            return eerste, keuzes[-1][int(rng.random() * len(keuzes[-1]))]
        if mbo != eerste:
            return mbo, opleiding
