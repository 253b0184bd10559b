"""The invented schools, instellingen and samenwerkingsverbanden of the demo: names and BRIN's from 90 on, sizes as in reality.

`data/vestigingen.csv` was made from the published numbers of candidates of regio 21, each a little shaken, under names and
BRIN's of our own: no real school is ever shown with invented figures.
"""

from __future__ import annotations

import csv
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from accounts.models import Deelname, Gemeente, Organisatie, Vestiging
from accounts.rechten import Soort
from statuses.models import Examenkandidaten, Opleiding

TABEL: Final = Path(__file__).parent / "data" / "vestigingen.csv"
VMBO: Final = ("bb", "kb", "gl", "tl")
ANDERE: Final = ("havo", "vwo", "pro", "vso", "vavo", "isk")
# The share of a last class that is delivered at all: of havo and vwo only those who may well go to an mbo.
AANDEEL: Final = {"havo": 0.05, "vwo": 0.012}


@dataclass(frozen=True, slots=True)
class School:
    """One vestiging with how many leerlingen it delivers per leerweg or onderwijssoort."""

    id: uuid.UUID
    organisatie_id: uuid.UUID
    code: str
    gemeente: str
    aantallen: dict[str, int]

    @property
    def vmbo(self) -> int:
        return sum(self.aantallen.get(weg, 0) for weg in VMBO)

    @property
    def totaal(self) -> int:
        return sum(self.aantallen.values())


@dataclass(frozen=True, slots=True)
class MboRij:
    """One invented instelling: share of all aanmeldingen, whether its SIS feeds us, and words in its opleidingen."""

    code: str
    naam: str
    gewicht: float
    met_sis: bool = True
    woorden: tuple[str, ...] = ()


# A dozen of believable size: two large ROC's, some of middle size, and vakscholen with a kind of opleidingen of their own.
MBOS: Final = (
    MboRij("98AA", "ROC Zuiderkoog", 0.31),
    MboRij("98AB", "ROC De Windroos", 0.16),
    MboRij("98AC", "Mbo Stellinggebied", 0.13),
    MboRij("98AD", "ROC Waterwolf", 0.10),
    MboRij("98AE", "Mbo Amstelboog", 0.08),
    MboRij("98AF", "Mediaschool Het Kader", 0.05, woorden=("media", "ontwerp", "game", "animatie", "grafi", "applicatie")),
    MboRij("98AG", "Groen Mbo De Polder", 0.05, woorden=("dier", "plant", "groen", "bloem", "paard", "natuur", "tuin")),
    MboRij("98AH", "Vakschool Hout en Meubel Elzenhof", 0.03, woorden=("meubel", "hout", "interieur", "timmer")),
    MboRij("98AJ", "Luchtvaart en Techniek College De Bolder", 0.03, woorden=("techni", "monteur", "mecha", "vliegtuig")),
    MboRij("98AK", "Mbo Zorgacademie Meerhof", 0.03, woorden=("verzorg", "verple", "zorg", "assistent")),
    MboRij("98AL", "Vakschool Smaak", 0.02, met_sis=False, woorden=("kok", "brood", "horeca", "slager", "gast", "bakker")),
    MboRij("98AM", "Entree Mbo De Opstap", 0.01, met_sis=False, woorden=("assistent",)),
)  # fmt: skip
SWVS: Final = {
    "Zaanstreek": ("SWV9006", "Samenwerkingsverband Zaanbocht"),
    "Waterland": ("SWV9007", "Samenwerkingsverband Waterrijk"),
    "Amsterdam-Diemen": ("SWV9008", "Samenwerkingsverband IJ en Amstel"),
    "Amstelland-Meerlanden": ("SWV9009", "Samenwerkingsverband Meer en Amstel"),
}


def _rijen() -> list[dict[str, str]]:
    with TABEL.open(encoding="utf-8", newline="") as bestand:
        return list(csv.DictReader(bestand))


def _verdeel(ruw: Sequence[float], totaal: int) -> list[int]:
    """Whole numbers in proportion to `ruw` that add up to `totaal` (largest remainders)."""
    som = sum(ruw)
    delen = [deel * totaal / som for deel in ruw]
    uit = [int(deel) for deel in delen]
    volgorde = sorted(range(len(ruw)), key=lambda i: (uit[i] - delen[i], i))
    for i in volgorde[: totaal - sum(uit)]:
        uit[i] += 1
    return uit


def maak_scholen(regio: str, leerlingen: int, vestigingen: int | None = None) -> list[School]:
    """Write the vo-scholen with their vestigingen; how many of `leerlingen` each delivers. What exists already stays.

    The table is that of regio 21. In another regio the same schools stand in its gemeenten, with BRIN's of that regio;
    `vestigingen` takes about so many of them.
    """
    rijen = _rijen()[:: max(1, len(_rijen()) // vestigingen) if vestigingen else 1]
    brins = brins_in(regio, (rij["vestiging"][:4] for rij in _rijen()))
    gemeenten = sorted(Gemeente.objects.filter(regio_id=regio).values_list("code", flat=True))
    plaats = {rij["vestiging"]: _gemeente(gemeenten, i, rij["gemeente"]) for i, rij in enumerate(rijen)}
    codes = {rij["vestiging"]: brins[rij["vestiging"][:4]] + rij["vestiging"][4:] for rij in rijen}
    organisaties = _organisaties({codes[r["vestiging"]][:4]: (r["organisatie"], plaats[r["vestiging"]]) for r in rijen})
    bestaand = set(Vestiging.objects.filter(regio_id=regio).values_list("code", flat=True))
    Vestiging.objects.bulk_create(
        [
            Vestiging(
                organisatie_id=organisaties[codes[rij["vestiging"]][:4]],
                regio_id=regio,
                code=codes[rij["vestiging"]],
                naam=rij["naam"],
                gemeente_id=plaats[rij["vestiging"]],
                onderwijssoorten=_onderwijssoorten(rij),
                leerwegen=[weg for weg in VMBO if int(rij[weg])],
                # Two in three schools agreed that the aanjager sees names.
                deelt_namen=i % 3 != 0,
            )
            for i, rij in enumerate(rijen)
            if codes[rij["vestiging"]] not in bestaand
        ]
    )
    Deelname.objects.bulk_create(
        [Deelname(organisatie_id=pk, regio_id=regio) for pk in organisaties.values()], ignore_conflicts=True
    )
    return _met_aantallen(rijen, codes, regio, leerlingen)


def _gemeente(gemeenten: Sequence[str], nummer: int, code: str) -> str:
    return code if code in gemeenten else gemeenten[nummer % len(gemeenten)]


def _onderwijssoorten(rij: dict[str, str]) -> list[str]:
    vmbo = ["vmbo"] if any(int(rij[weg]) for weg in VMBO) else []
    return vmbo + [soort for soort in ANDERE if int(rij[soort])]


def _organisaties(nodig: dict[str, tuple[str, str]]) -> dict[str, uuid.UUID]:
    """The schools by BRIN, made where they are not there yet; `nodig`: BRIN -> name and gemeente."""
    Organisatie.objects.bulk_create(
        [Organisatie(code=brin, soort=Soort.VO.value, naam=naam, gemeente_id=g) for brin, (naam, g) in nodig.items()],
        ignore_conflicts=True,
    )
    return dict(Organisatie.objects.filter(soort=Soort.VO.value, code__in=nodig).values_list("code", "id"))


def _met_aantallen(rijen: Sequence[dict[str, str]], codes: dict[str, str], regio: str, leerlingen: int) -> list[School]:
    soorten = (*VMBO, *ANDERE)
    ruw = [int(rij[soort]) * AANDEEL.get(soort, 1.0) for rij in rijen for soort in soorten]
    verdeeld = iter(_verdeel(ruw, leerlingen))
    geschreven = {v.code: v for v in Vestiging.objects.filter(regio_id=regio)}
    scholen = []
    for rij in rijen:
        vestiging = geschreven[codes[rij["vestiging"]]]
        aantallen = {soort: aantal for soort in soorten if (aantal := next(verdeeld))}
        scholen.append(School(vestiging.id, vestiging.organisatie_id, vestiging.code, vestiging.gemeente_id, aantallen))
    return scholen


def maak_kandidaten(scholen: Iterable[School], schooljaar: str) -> None:
    """Examen candidates of last year, for "overstappers against examen classes"."""
    Examenkandidaten.objects.bulk_create(
        [
            Examenkandidaten(vestiging_id=school.id, schooljaar=schooljaar, leerweg=weg, aantal=aantal)
            for school in scholen
            for weg, aantal in school.aantallen.items()
            if weg in VMBO
        ]
    )


def brins_in(regio: str, brins: Iterable[str]) -> dict[str, str]:
    """The BRIN's of the table as they are in this regio: its own in regio 21, and from 91AA on elsewhere."""
    geordend = sorted(set(brins))
    if regio == "21":
        return {brin: brin for brin in geordend}
    eerste = (int(regio) - 1) * len(geordend)
    uit = {}
    for nummer, brin in enumerate(geordend, start=eerste):
        cijfer, rest = divmod(nummer, 26 * 26)
        uit[brin] = f"{91 + cijfer}{chr(65 + rest // 26)}{chr(65 + rest % 26)}"
    return uit


def maak_mbos(regio: str) -> list[Organisatie]:
    """The dozen instellingen of this regio. What exists already stays."""
    codes = [mbo.code for mbo in MBOS]
    if regio != "21":
        eerste = (int(regio) - 1) * len(MBOS)
        codes = [f"97{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(eerste, eerste + len(MBOS))]
    Organisatie.objects.bulk_create(
        [Organisatie(code=code, soort=Soort.MBO.value, naam=mbo.naam) for code, mbo in zip(codes, MBOS, strict=True)],
        ignore_conflicts=True,
    )
    alle = {o.code: o for o in Organisatie.objects.filter(soort=Soort.MBO.value, code__in=codes)}
    Deelname.objects.bulk_create(
        [Deelname(organisatie=alle[code], regio_id=regio) for code in codes], ignore_conflicts=True
    )
    return [alle[code] for code in codes]


def opleidingen_per_mbo() -> tuple[list[Opleiding], list[dict[int, tuple[int, ...]]]]:
    """All opleidingen, and per instelling of MBOS its own by niveau, as positions in that list."""
    alle = list(Opleiding.objects.order_by("crebo"))
    uit = []
    for nummer, mbo in enumerate(MBOS):
        per_niveau: dict[int, list[int]] = defaultdict(list)
        for i, opleiding in enumerate(alle):
            naam = opleiding.naam.lower()
            past = any(woord in naam for woord in mbo.woorden) if mbo.woorden else (i + nummer) % 3 != 0
            if past:
                per_niveau[opleiding.niveau].append(i)
        if not per_niveau:
            per_niveau[2] = list(range(min(3, len(alle))))
        uit.append({niveau: tuple(posities[:24]) for niveau, posities in sorted(per_niveau.items())})
    return alle, uit


def maak_samenwerkingsverbanden(regio: str) -> dict[str, Organisatie]:
    """One per subregio, or one for a regio without; by name of the subregio."""
    namen = sorted(
        {n for n in Gemeente.objects.filter(regio_id=regio).values_list("subregio__naam", flat=True) if n}
    ) or [""]
    uit = {}
    for nummer, naam in enumerate(namen):
        code, titel = SWVS.get(naam, (f"SWV9{regio}{nummer}", f"Samenwerkingsverband regio {regio}"))
        # It sees the figures of the schools in its subregio.
        scholen = Vestiging.objects.filter(regio_id=regio).order_by("organisatie__code")
        codes = scholen.filter(gemeente__subregio__naam=naam) if naam else scholen
        organisatie = Organisatie(
            code=code,
            soort=Soort.SAMENWERKINGSVERBAND.value,
            naam=titel,
            instellingen={"scholen": sorted(set(codes.values_list("organisatie__code", flat=True)))},
        )
        uit[naam] = organisatie
    Organisatie.objects.bulk_create(uit.values())
    Deelname.objects.bulk_create([Deelname(organisatie=o, regio_id=regio) for o in uit.values()])
    return uit
