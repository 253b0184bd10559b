"""Who goes to which school: persons, classes and how each school works; gives every leerling a year (`verloop`)."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from accounts.models import Gemeente
from overstap.demo import randgevallen
from overstap.demo.namen import trek_naam
from overstap.demo.rijen import Persoon, Rijen, Stand
from overstap.demo.scholen import VMBO, School
from overstap.demo.verloop import Aanbod, Dagen, Wie, knip, leef
from statuses.models import BuitenRegio
from statuses.termijnen import kalender

# Per soort or leerweg: the class name, how many in a class, the age on 1 October.
_KLASSEN: Final[dict[str, tuple[str, int, int]]] = {
    "bb": ("4B", 18, 15), "kb": ("4K", 24, 15), "gl": ("4G", 26, 15), "tl": ("4T", 27, 15), "havo": ("5H", 28, 16), "vwo": ("6V", 28, 17),
    "pro": ("PRO5", 16, 16), "vso": ("VSO4", 12, 16), "vavo": ("VAVO", 30, 18), "isk": ("ISK2", 16, 16),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Werkwijze:
    """How one school works: days behind, share without any step, on which days (after 1 September) it marks; never: ()."""

    tempo: int = 0
    zonder: float = 0.03
    markeert: tuple[int, ...] = (22, 36)
    via_las: bool = False
    # The class (as in _KLASSEN) that is delivered and not marked yet.
    niet_gemarkeerd: str = ""


@dataclass(frozen=True, slots=True)
class Buurt:
    """Where leerlingen live: the gemeenten of the regio, and some of elsewhere."""

    eigen: tuple[str, ...]
    elders: tuple[str, ...]

    @classmethod
    def van(cls, regio: str) -> Buurt:
        alle = list(Gemeente.objects.order_by("code").values_list("code", "regio_id"))
        eigen = tuple(code for code, van in alle if van == regio)
        return cls(eigen, tuple(code for code, van in alle if van != regio)[:: max(1, len(alle) // 12)] or eigen)

    def woont(self, rng: Random, gemeente: str) -> str:
        lot = rng.random()
        if lot < 0.80:
            return gemeente
        keuze = self.eigen if lot < 0.96 else self.elders
        return keuze[int(rng.random() * len(keuze))]


def in_orde(werkwijzen: Mapping[uuid.UUID, Werkwijze]) -> dict[uuid.UUID, Werkwijze]:
    """The same schools in a jaar that is over: in the end everybody was marked."""
    return {
        pk: dataclasses.replace(w, markeert=w.markeert or (40, 55), niet_gemarkeerd="") for pk, w in werkwijzen.items()
    }


def werkwijzen(scholen: Sequence[School], voorbeeld: School, rng: Random) -> dict[uuid.UUID, Werkwijze]:
    """Per vestiging how it works: most in time, one in seven behind, one that marked nobody at all."""
    uit: dict[uuid.UUID, Werkwijze] = {}
    met_vmbo = [s for s in scholen if s.vmbo >= 20 and s is not voorbeeld] or list(scholen)
    niemand = met_vmbo[len(met_vmbo) // 3].id
    for i, school in enumerate(scholen):
        markeert = (10 + int(rng.random() * 18), 30 + int(rng.random() * 26))
        achter = i % 7 == 3 and school is not voorbeeld
        uit[school.id] = Werkwijze(
            tempo=38 + int(rng.random() * 20) if achter else int(rng.gauss(0, 6)),
            zonder=0.2 if achter else 0.02 + rng.random() * 0.04,
            markeert=() if school.id == niemand and niemand != voorbeeld.id else markeert,
            via_las=rng.random() < 0.6,
        )
    eigen = uit[voorbeeld.id]
    uit[voorbeeld.id] = Werkwijze(
        0,
        0.04,
        eigen.markeert,
        via_las=False,
        niet_gemarkeerd=min(
            (w for w in VMBO if voorbeeld.aantallen.get(w)), key=lambda w: voorbeeld.aantallen[w], default=""
        ),
    )
    return uit


class Klas:
    """All leerlingen of one overstapjaar in one regio, as of a day."""

    def __init__(
        self, jaar: int, vandaag: date, aanbod: Aanbod, buurt: Buurt, rng: Random, *, tweede: float = 0.17
    ) -> None:
        self.tweede = tweede
        self.jaar, self.aanbod, self.buurt, self.rng = jaar, aanbod, buurt, rng
        k = kalender(jaar)
        self.dagen = Dagen.van(k)
        self.vandaag = vandaag
        # Yesterday: a step of today could be registered later than the clock says.
        self.tot = vandaag.toordinal() - 1
        self.einde = self.dagen.einde
        self.einde_leerplicht = k["einde_leerplichtspoor"].toordinal()
        self.gestart = vandaag >= date(jaar + 1, 9, 7)

    def maak(
        self,
        scholen: Sequence[School],
        werkwijzen: Mapping[uuid.UUID, Werkwijze],
        rijen: Rijen,
        bsn: Iterator[str],
        own: Iterator[str],
        *,
        met_randgevallen: bool,
    ) -> Iterator[Stand]:
        """Collect the rows of every leerling; gives each stand for the counts. Streams: nothing is kept here."""
        gevallen = randgevallen.uitdelen(scholen, self.rng) if met_randgevallen else {}
        for school in scholen:
            wijze = werkwijzen[school.id]
            for weg, aantal in school.aantallen.items():
                bijzonder = gevallen.get((school.id, weg), [])
                for nummer in range(aantal):
                    geval = bijzonder[nummer] if nummer < len(bijzonder) else None
                    yield self._leerling(school, wijze, weg, nummer, rijen, self._pgn(weg, bsn, own), geval)

    def _pgn(self, weg: str, bsn: Iterator[str], own: Iterator[str]) -> tuple[str, str]:
        """Mostly a bsn; who came to the Netherlands lately has an onderwijsnummer first, and bsn's for tests run out."""
        if weg == "isk" and self.rng.random() < 0.5:
            return "own", next(own)
        nummer = next(bsn, None)
        return ("bsn", nummer) if nummer else ("own", next(own))

    def _persoon(self, school: School, weg: str, nummer: int, pgn: tuple[str, str], bezwaar: bool) -> Persoon:
        rng = self.rng
        naam, per_klas, leeftijd = _KLASSEN[weg]
        if school.aantallen[weg] > per_klas and weg != "vavo":
            naam = f"{naam}{nummer // per_klas + 1}"
        extra = int(rng.random() < 0.14) + int(rng.random() < 0.02)
        geboren = date(self.jaar - leeftijd - extra, 10, 1) - timedelta(days=1 + int(rng.random() * 364))
        voornaam, tussen, achternaam = trek_naam(rng)
        lot = rng.random()
        return Persoon(
            pgn[0], pgn[1], voornaam, tussen, achternaam, geboren, self.buurt.woont(rng, school.gemeente), school.id,
            school.organisatie_id, naam, "vmbo" if weg in VMBO else weg, weg if weg in VMBO else None,
            geheim_adres=rng.random() < 0.003, examenkandidaat=weg not in ("pro", "isk"),
            uitstroomprofiel=("vervolgonderwijs" if lot < 0.7 else "arbeidsmarktgericht") if weg == "vso" else "",
            geinformeerd=True if lot < 0.66 else False if lot > 0.985 else None, bezwaar=bezwaar, vestiging=school.code,
        )  # fmt: skip

    def _leerling(
        self,
        school: School,
        wijze: Werkwijze,
        weg: str,
        nummer: int,
        rijen: Rijen,
        pgn: tuple[str, str],
        geval: randgevallen.Geval | None,
    ) -> Stand:
        rng = self.rng
        bezwaar = rng.random() < 0.008
        persoon = self._persoon(school, weg, nummer, pgn, bezwaar)
        if geval is not None:
            return self._randgeval(geval, persoon, rijen)
        gemarkeerd = (
            bool(wijze.markeert) and wijze.niet_gemarkeerd != weg and rng.random() > _ONGEMARKEERD.get(weg, 0.02)
        )
        markeert = tuple(self.dagen.begin + dag for dag in wijze.markeert)
        wie = Wie(
            persoon.onderwijssoort,
            persoon.leerweg,
            wijze.tempo,
            self.tweede,
            wijze.zonder,
            markeert,
            wijze.via_las,
            bezwaar,
        )
        stappen, keuzes = [], {}
        if gemarkeerd:
            verloop = leef(rng, wie, self.dagen, self.aanbod)
            stappen, keuzes = knip(rng, verloop, self.tot, self.einde, self.einde_leerplicht), verloop.aanmeldingen
        pk = rijen.leerling(persoon)
        komt = self._aanwezigheid() if self.gestart else ""
        return rijen.overstap(pk, persoon, stappen, keuzes, aanwezigheid=komt)[1]

    def _aanwezigheid(self) -> str:
        lot = self.rng.random()
        return "show" if lot < 0.9 else "no_show" if lot < 0.94 else ""

    def _randgeval(self, geval: randgevallen.Geval, persoon: Persoon, rijen: Rijen) -> Stand:
        """An edge case by its table, its steps spread evenly between the begin of the jaar and yesterday."""
        anders = geval.pas_aan(persoon, self.buurt.elders)
        verloop = randgevallen.verloop(geval, self.rng, self.dagen.begin, min(self.tot, self.einde), self.aanbod)
        stappen = knip(self.rng, verloop, self.tot, self.einde, self.einde_leerplicht)
        pk = rijen.leerling(anders)
        gesloten = self.vandaag - timedelta(days=9) if geval.vertrokken and stappen else None
        komt = geval.aanwezigheid if self.gestart else ""
        overstap, stand = rijen.overstap(
            pk, anders, stappen, verloop.aanmeldingen, aanwezigheid=komt, gesloten=gesloten
        )
        if geval.buiten and self.tot > self.dagen.begin + 45:
            dag = date.fromordinal(min(self.tot, self.dagen.begin + 40 + int(self.rng.random() * 100)))
            rijen.tabellen[BuitenRegio].append(
                (
                    rijen.sleutel(),
                    rijen.bronnen.regio,
                    overstap,
                    "98ZZ",
                    "ROC Verderop",
                    f"B-{overstap.hex[-8:]}",
                    geval.buiten,
                    dag,
                    1,
                )
            )
        return stand


# Delivered but not going to an mbo, as the school knows: pro to work, havo and vwo are not delivered by the class.
_ONGEMARKEERD: Final = {"pro": 0.3, "vso": 0.2, "havo": 0.05, "vwo": 0.05, "vavo": 0.05}
