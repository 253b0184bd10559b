"""How a year goes for one leerling: the steps, in order, from markering to start. Pure: a Random, a calendar, no database.

Every step obeys statuses/overgangen.py (tests/demo replays them through `beoordeel`). A whole year is drawn and then cut at
"today", so what is left is always a history that can have happened up to then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Final

from overstap.demo import teksten
from statuses.models import SPOOR_AANMELDING, SPOOR_LEERPLICHT, SPOOR_MARKERING, SPOOR_VO
from statuses.status import Status
from statuses.termijnen import Kalender

S = Status
PAGINA, SIS, LAS = "pagina", "sis", "las"
_DAG: Final = 1440  # minutes
DECAAN, MBO, LEERPLICHT = "decaan", "mbo_medewerker", "leerplicht"


@dataclass(frozen=True, slots=True)
class Dagen:
    """The calendar of one jaar as day numbers (`date.toordinal`): adding days is all that is done with them."""

    begin: int
    beginstand: int
    april: int
    diploma: int
    start_mbo: int
    oktober: int
    einde: int

    @classmethod
    def van(cls, k: Kalender) -> Dagen:
        return cls(
            k["begin"].toordinal(),
            k["beginstand"].toordinal(),
            k["risico_zonder_aanmelding"].toordinal(),
            date(k.overstapjaar + 1, 6, 22).toordinal(),
            date(k.overstapjaar + 1, 8, 31).toordinal(),
            k["verantwoordelijk_vo_tot"].toordinal(),
            k["einde"].toordinal(),
        )


@dataclass(slots=True)
class Stap:
    """One gebeurtenis to be: on which day it holds, on which spoor, to which status, by whom and by which way."""

    dag: int
    spoor: int
    naar: int | None
    door: str
    via: str = PAGINA
    aanmelding: int = 0  # which one of this leerling, from 1; 0 on the other sporen
    reden: str = ""
    tekst: str = ""
    zekerheid: str = ""
    correctie: bool = False
    geregistreerd: int = 0  # minutes of Coordinated Universal Time since day number 0, set by `knip`


@dataclass(slots=True)
class Verloop:
    """The steps of one leerling, and the mbo and opleiding (positions in their lists) of each aanmelding."""

    stappen: list[Stap] = field(default_factory=list)
    aanmeldingen: dict[int, tuple[int, int]] = field(default_factory=dict)

    def zet(self, dag: int, spoor: int, naar: int | None, door: str, **rest: str | int | bool) -> None:
        self.stappen.append(Stap(dag, spoor, naar, door, **rest))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Aanbod:
    """Where one can apply: per mbo its share, whether its SIS feeds us, and its opleidingen by niveau (positions)."""

    gewichten: tuple[float, ...]  # cumulative, the last one is 1.0
    met_sis: tuple[bool, ...]
    opleidingen: tuple[dict[int, tuple[int, ...]], ...]

    def kies(self, rng: Random, niveau: int) -> tuple[int, int]:
        lot = rng.random()
        mbo = next((i for i, grens in enumerate(self.gewichten) if lot < grens), 0)
        per_niveau = self.opleidingen[mbo]
        keuzes = per_niveau.get(niveau) or next(iter(per_niveau.values()))
        return mbo, keuzes[int(rng.random() * len(keuzes))]


@dataclass(frozen=True, slots=True)
class Wie:
    """What decides how the year goes: the leerling's kind of school, and how the school works."""

    onderwijssoort: str
    leerweg: str | None
    tempo: int = 0  # days that this school is later than others
    tweede: float = 0.17  # share that applies at two places at once
    zonder: float = 0.03  # share that does nothing by itself
    markeert: tuple[int, ...] = ()  # days on which the school marks its classes
    via_las: bool = False
    bezwaar: bool = False


# Share per kind of school of who does not go to an mbo here: (reden, share). Bron of the order of size: vo-mbo practice, invented.
_ANDERS: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "tl": (("havo", 0.15), ("mbo_buiten_regio", 0.03), ("blijft_in_vo", 0.03), ("particulier", 0.004), ("vavo", 0.004), ("buitenland", 0.004), ("anders", 0.003)),
    "gl": (("havo", 0.10), ("mbo_buiten_regio", 0.03), ("blijft_in_vo", 0.03), ("particulier", 0.003), ("anders", 0.003)),
    "kb": (("blijft_in_vo", 0.04), ("mbo_buiten_regio", 0.03), ("havo", 0.01), ("arbeid", 0.005), ("anders", 0.003)),
    "bb": (("blijft_in_vo", 0.04), ("mbo_buiten_regio", 0.02), ("arbeid", 0.015), ("anders", 0.004)),
    "pro": (("arbeid", 0.10), ("blijft_in_vo", 0.06)),
    "vso": (("arbeid", 0.08), ("blijft_in_vo", 0.12)),
    "isk": (("blijft_in_vo", 0.10), ("buitenland", 0.02)),
    "vavo": (("vavo", 0.06), ("anders", 0.02)),
    "havo": (("blijft_in_vo", 0.20), ("mbo_buiten_regio", 0.06), ("buitenland", 0.02)),
    "vwo": (("blijft_in_vo", 0.20), ("buitenland", 0.05)),
}  # fmt: skip
_NIVEAUS: Final = {"bb": (2, 2, 2, 3), "kb": (3, 4, 3, 4, 2), "gl": (4, 4, 3), "tl": (4, 4, 4, 3), "pro": (1, 2), "vso": (1, 2, 2, 3),
                   "isk": (1, 2), "vavo": (4, 3), "havo": (4,), "vwo": (4,)}  # fmt: skip


def leef(rng: Random, wie: Wie, k: Dagen, aanbod: Aanbod) -> Verloop:
    """A whole year of one leerling that gets marked; uncut and unsorted."""
    v = Verloop()
    gemarkeerd = wie.markeert[int(rng.random() * len(wie.markeert))] if wie.markeert else k.begin + 30
    v.zet(gemarkeerd, SPOOR_MARKERING, S.ZONDER_AANMELDING, DECAAN, via=LAS if wie.via_las else PAGINA)
    if rng.random() < 0.004 and gemarkeerd + 12 < k.beginstand:
        v.zet(gemarkeerd + 10, SPOOR_MARKERING, None, DECAAN, reden="vergissing" if rng.random() < 0.7 else "dubbel")
        return v
    lot = rng.random()
    for reden, deel in _ANDERS[wie.leerweg or wie.onderwijssoort]:
        lot -= deel
        if lot < 0:
            _andere_weg(rng, v, wie, k, aanbod, gemarkeerd, reden)
            return v
    if rng.random() < wie.zonder:
        _zonder(rng, v, wie, k, aanbod, gemarkeerd)
    else:
        midden = k.begin + 132 + wie.tempo
        _zoek_plek(rng, v, wie, k, aanbod, max(gemarkeerd + 1, k.begin + 31, int(rng.gauss(midden, 34))), 0)
    return v


def _niveau(rng: Random, wie: Wie) -> int:
    keuzes = _NIVEAUS[wie.leerweg or wie.onderwijssoort]
    return keuzes[int(rng.random() * len(keuzes))]


def _nieuwe(rng: Random, v: Verloop, wie: Wie, aanbod: Aanbod, mbo: int | None = None) -> tuple[int, str]:
    """A new aanmelding: its handle and the way its status comes in."""
    gekozen, opleiding = aanbod.kies(rng, _niveau(rng, wie))
    if mbo is not None:
        per_niveau = list(aanbod.opleidingen[mbo].values())
        keuzes = per_niveau[int(rng.random() * len(per_niveau))]
        gekozen, opleiding = mbo, keuzes[int(rng.random() * len(keuzes))]
    handvat = len(v.aanmeldingen) + 1
    v.aanmeldingen[handvat] = (gekozen, opleiding)
    return handvat, SIS if aanbod.met_sis[gekozen] else PAGINA


def _traject(rng: Random, v: Verloop, k: Dagen, nr: int, via: str, start: int, stoppen: int) -> tuple[int, int]:
    """Aangemeld on `start`, and onwards; `stoppen` is how many steps it makes at most. Gives the last status and its day."""
    dag, status = start, int(S.AANGEMELD)
    v.zet(dag, SPOOR_AANMELDING, status, MBO, via=via, aanmelding=nr)
    # Four in ten instellingen offer a place in so many words; the others go from voorlopig to definitief.
    for naar in (S.INTAKE, S.VOORLOPIG, S.OOK_AFGEDRUKT, S.DEFINITIEF):
        if stoppen == 0:
            break
        if (naar == S.OOK_AFGEDRUKT and rng.random() < 0.6) or (naar == S.INTAKE and rng.random() < 0.08):
            continue
        dag += 6 + int(rng.random() * (24 if naar != S.VOORLOPIG else 40))
        if naar == S.DEFINITIEF and rng.random() > 0.06:
            dag = max(dag, k.diploma + int(rng.random() * 62))
        status, stoppen = int(naar), stoppen - 1
        v.zet(dag, SPOOR_AANMELDING, status, MBO, via=via, aanmelding=nr)
        if naar == S.VOORLOPIG and rng.random() < 0.006:
            # The mbo set it too early and takes the step back: in a feed a higher volgnummer, by hand with a reason.
            terug = "" if via == SIS else "correctie"
            dag += 3
            v.zet(dag, SPOOR_AANMELDING, S.INTAKE, MBO, via=via, aanmelding=nr, correctie=True, reden=terug)
            dag += 9
            v.zet(dag, SPOOR_AANMELDING, S.VOORLOPIG, MBO, via=via, aanmelding=nr)
    return status, dag


def _zoek_plek(rng: Random, v: Verloop, wie: Wie, k: Dagen, aanbod: Aanbod, start: int, ronde: int) -> None:
    """Apply, and see what comes of it: a place, or afgemeld or afgewezen and then once more, leerplicht, or nothing."""
    nr, via = _nieuwe(rng, v, wie, aanbod)
    lot, kans = rng.random(), wie.tweede
    if lot < 0.86 - 0.08 * ronde:
        stil = rng.random() < 0.03
        status, dag = _traject(rng, v, k, nr, via, start, int(rng.random() * 3) if stil else 4)
        geplaatst = dag if status == S.DEFINITIEF else dag + 30
        while ronde == 0 and not stil and rng.random() < kans:
            _tweede(rng, v, wie, k, aanbod, nr, start, geplaatst)
            kans *= 0.4
        if stil and rng.random() < 0.5:
            _leerplicht(rng, v, wie, k, dag + 90)
        return
    if lot < 0.94:
        _, dag = _traject(rng, v, k, nr, via, start, int(rng.random() * 4))
        dag += 4 + int(rng.random() * 25)
        reden = teksten.AFGEMELD[int(rng.random() * len(teksten.AFGEMELD))]
        v.zet(dag, SPOOR_AANMELDING, S.AFGEMELD, MBO, via=via, aanmelding=nr, reden=_in_feed(rng, via, reden))
    else:
        _, dag = _traject(rng, v, k, nr, via, start, int(rng.random() * 2))
        dag += 6 + int(rng.random() * 30)
        reden = teksten.AFGEWEZEN[int(rng.random() * len(teksten.AFGEWEZEN))]
        v.zet(dag, SPOOR_AANMELDING, S.AFGEWEZEN, MBO, via=via, aanmelding=nr, reden=_in_feed(rng, via, reden))
    verder = rng.random()
    if verder < 0.62 and ronde < 2:
        _zoek_plek(rng, v, wie, k, aanbod, dag + 3 + int(rng.random() * 30), ronde + 1)
    elif verder < 0.85:
        _leerplicht(rng, v, wie, k, dag + 14 + int(rng.random() * 40))


def _in_feed(rng: Random, via: str, reden: str) -> str:
    """A feed leaves the reden out now and then (werklijst MB4)."""
    return "" if via == SIS and rng.random() < 0.15 else reden


def _tweede(
    rng: Random, v: Verloop, wie: Wie, k: Dagen, aanbod: Aanbod, eerste: int, start: int, geplaatst: int
) -> None:
    """A second application beside the first one, which got a place on day `geplaatst`."""
    mbo = v.aanmeldingen[eerste][0]
    zelfde = rng.random() < 0.4
    nr, via = _nieuwe(rng, v, wie, aanbod, mbo if zelfde else None)
    begin = start + 2 + int(rng.random() * 25)
    _, dag = _traject(rng, v, k, nr, via, begin, int(rng.random() * 3))
    if rng.random() < 0.15:
        return  # forgotten: geplaatst and still open elsewhere (VO3a)
    dag = max(dag, geplaatst) + 2 + int(rng.random() * 14)
    if zelfde or v.aanmeldingen[nr][0] == mbo:
        v.zet(dag, SPOOR_AANMELDING, S.BEEINDIGD, MBO, via=via, aanmelding=nr)
    else:
        v.zet(dag, SPOOR_AANMELDING, S.AFGEMELD, MBO, via=via, aanmelding=nr, reden="andere_instelling")


def _andere_weg(rng: Random, v: Verloop, wie: Wie, k: Dagen, aanbod: Aanbod, vanaf: int, reden: str) -> None:
    """Not to an mbo here: vervolgkeuze, first verwacht and later zeker, sometimes with an application just in case."""
    tekst = teksten.ANDERS if reden == "anders" else ""
    vroeg = max(vanaf + 1, k.begin + 60 + int(rng.random() * 160))
    laat = max(vroeg + 1, k.diploma - 6 + int(rng.random() * 40))
    if rng.random() < 0.35 and reden in ("havo", "blijft_in_vo", "mbo_buiten_regio"):
        nr, via = _nieuwe(rng, v, wie, aanbod)
        _, dag = _traject(
            rng, v, k, nr, via, max(vanaf + 1, k.begin + 40 + int(rng.random() * 120)), int(rng.random() * 3)
        )
        if rng.random() < 0.8:
            dag = max(dag, laat) + 1 + int(rng.random() * 12)
            v.zet(dag, SPOOR_AANMELDING, S.AFGEMELD, MBO, via=via, aanmelding=nr, reden="persoonlijk")
    if rng.random() < 0.5:
        v.zet(vroeg, SPOOR_VO, S.VERVOLGKEUZE_VO, DECAAN, reden=reden, tekst=tekst, zekerheid="verwacht")
        if rng.random() < 0.12 and reden in ("havo", "blijft_in_vo"):
            # Changed their mind: the vervolgkeuze goes, an application comes.
            v.zet(vroeg + 20, SPOOR_VO, None, DECAAN)
            _zoek_plek(rng, v, wie, k, aanbod, vroeg + 25, 1)
            return
    v.zet(laat, SPOOR_VO, S.VERVOLGKEUZE_VO, DECAAN, reden=reden, tekst=tekst, zekerheid="zeker")


def _zonder(rng: Random, v: Verloop, wie: Wie, k: Dagen, aanbod: Aanbod, vanaf: int) -> None:
    """No application by itself: late, through leerplicht, or never."""
    lot = rng.random()
    if lot < 0.45:
        _zoek_plek(rng, v, wie, k, aanbod, max(vanaf + 1, k.april - 12 + int(rng.random() * 120)), 1)
    elif lot < 0.9:
        _leerplicht(rng, v, wie, k, max(vanaf + 5, k.april - 60 + int(rng.random() * 150)))


def _leerplicht(rng: Random, v: Verloop, wie: Wie, k: Dagen, dag: int) -> None:
    """The decaan calls leerplicht in, or leerplicht starts by itself; then it takes its time."""
    tekst = "" if wie.bezwaar else teksten.LEERPLICHT[int(rng.random() * len(teksten.LEERPLICHT))]
    if rng.random() < 0.88:
        v.zet(dag, SPOOR_LEERPLICHT, S.LP_INGESCHAKELD, DECAAN, tekst=tekst)
        if rng.random() < 0.05:
            v.zet(dag + 2, SPOOR_LEERPLICHT, None, DECAAN)
            return
        dag += 3 + int(rng.random() * 18)
        v.zet(dag, SPOOR_LEERPLICHT, S.LP_IN_BEHANDELING, LEERPLICHT)
    else:
        v.zet(dag, SPOOR_LEERPLICHT, S.LP_IN_BEHANDELING, LEERPLICHT, tekst=teksten.EIGEN_ONDERZOEK)
    dag += 18 + int(rng.random() * 60)
    lot = rng.random()
    if lot < 0.5:
        v.zet(dag, SPOOR_LEERPLICHT, S.LP_AFGEHANDELD, LEERPLICHT)
    elif lot < 0.8:
        afspraak = teksten.AFSPRAAK[int(rng.random() * len(teksten.AFSPRAAK))]
        v.zet(dag, SPOOR_LEERPLICHT, S.LP_DEFINITIEF, LEERPLICHT, tekst=afspraak)
        if rng.random() < 0.1:
            v.zet(dag + 25, SPOOR_LEERPLICHT, S.LP_IN_BEHANDELING, LEERPLICHT)


def knip(rng: Random, v: Verloop, tot: int, einde: int, einde_leerplicht: int) -> list[Stap]:
    """The steps in the order of their day that were registered up to and including day `tot`, with when that was.

    A feed comes in the night after, a page is now and then filled in some days late. After the close of the jaar only
    leerplicht goes on. The first step that is too late ends it: what follows was registered later still.
    """
    uit: list[Stap] = []
    vorige = 0
    for stap in sorted(v.stappen, key=lambda s: s.dag):
        grens = einde_leerplicht if stap.spoor == SPOOR_LEERPLICHT else einde
        if stap.dag > grens:
            continue
        lot = rng.random()
        if stap.via == PAGINA:
            minuut = (stap.dag + (int(lot * 30) if lot < 0.12 else 0)) * _DAG + 480 + int(lot * 510)
        else:
            minuut = (stap.dag + int(lot * 2.3)) * _DAG + 330 + int(lot * 60)
        minuut = max(min(minuut, grens * _DAG + 1200), vorige + 1, stap.dag * _DAG + 300)
        if minuut >= (tot + 1) * _DAG:
            break
        stap.geregistreerd = vorige = minuut
        uit.append(stap)
    return uit
