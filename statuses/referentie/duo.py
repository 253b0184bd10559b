"""DUO's "Examens vmbo, havo en vwo": one row per vestiging and opleiding, with counts per schooljaar.

Semicolons, everything quoted, "<5" where a count is below five. "0" also means: not offered in that jaar.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from statuses.referentie.bestand import BestandFout, Gelezen, Rij, Tabel, VeldFout, lees_rijen, lees_tabel
from statuses.referentie.lezers import ONDERWIJSTYPEN, brin_veld, soorten_en_leerwegen
from statuses.referentie.rijen import KandidatenRij, VestigingRij

OPLEIDINGSSOORTEN = {
    "VMBO B": "BB",
    "VMBO LWT": "BB_LWT",
    "VMBO K": "KB",
    "VMBO G": "GL",
    "VMBO T": "TL",
    "HAVO": "HAVO",
    "VWO": "VWO",
}
"""How an OPLEIDINGSNAAM begins -> onderwijstype."""

VERBORGEN = "<5"

_VERPLICHT = ("vestigingscode", "instellingsnaam_vestiging", "gemeentenaam", "opleidingsnaam")
_TOTAAL = re.compile(r"examenkandidaten_schooljaar_(\d{4})_(\d{4})_totaal")


@dataclass(frozen=True, slots=True)
class ExamenRij:
    """One opleiding at one vestiging; `kandidaten` is None where DUO published "<5"."""

    vestiging: str
    naam: str
    gemeentenaam: str
    onderwijstype: str
    opleiding: str
    kandidaten: int | None


@dataclass(frozen=True, slots=True)
class Examenbestand:
    """The file read whole: its newest schooljaar ("2023-2024") and its rows."""

    schooljaar: str
    gelezen: Gelezen[ExamenRij]


def lees_examens(pad: Path) -> Examenbestand:
    """Read the newest schooljaar of the file."""
    tabel = lees_tabel(pad, _VERPLICHT)
    kolom, schooljaar = _nieuwste_schooljaar(tabel)

    def maak(rij: Rij) -> ExamenRij:
        opleiding = rij.tekst("opleidingsnaam")
        soort = OPLEIDINGSSOORTEN.get(opleiding.split(" - ")[0].strip().upper())
        if soort is None:
            bekend = ", ".join(OPLEIDINGSSOORTEN)
            melding = f"De opleiding '{opleiding}' begint niet met een bekende soort. Bekend zijn: {bekend}."
            raise VeldFout("opleidingsnaam", "onbekend", melding)
        return ExamenRij(
            vestiging=brin_veld(rij, "vestigingscode", lengte=6),
            naam=rij.tekst("instellingsnaam_vestiging", hoogstens=160),
            gemeentenaam=rij.tekst("gemeentenaam"),
            onderwijstype=soort,
            opleiding=opleiding,
            kandidaten=_aantal(rij, kolom),
        )

    return Examenbestand(schooljaar, lees_rijen(tabel, maak, lambda r: (r.vestiging, r.opleiding)))


def kandidaten(bestand: Examenbestand) -> list[tuple[int, KandidatenRij]]:
    """The candidates per vestiging and leerweg (havo and vwo by their own name), with the first row number of each."""
    som: dict[tuple[str, str], int] = defaultdict(int)
    verborgen: set[tuple[str, str]] = set()
    eerste: dict[tuple[str, str], int] = {}
    for nummer, rij in bestand.gelezen.rijen:
        soort, leerweg = ONDERWIJSTYPEN[rij.onderwijstype]
        sleutel = (rij.vestiging, leerweg or soort)
        eerste.setdefault(sleutel, nummer)
        som[sleutel] += rij.kandidaten or 0
        if rij.kandidaten is None:
            verborgen.add(sleutel)
    return [
        (nummer, KandidatenRij(sleutel[0], bestand.schooljaar, sleutel[1], som[sleutel], sleutel in verborgen))
        for sleutel, nummer in eerste.items()
        if som[sleutel] or sleutel in verborgen
    ]


def vestigingen(bestand: Examenbestand) -> Gelezen[VestigingRij]:
    """The vestigingen that the file names, for when no better file of vestigingen is there: no postcode, no gemeentecode."""
    per_code: dict[str, list[tuple[int, ExamenRij]]] = defaultdict(list)
    for nummer, rij in bestand.gelezen.rijen:
        per_code[rij.vestiging].append((nummer, rij))
    gelezen: Gelezen[VestigingRij] = Gelezen(bestand.gelezen.bestand)
    for code, rijen in per_code.items():
        nummer, eerste = rijen[0]
        soorten, leerwegen = soorten_en_leerwegen([rij.onderwijstype for _, rij in rijen], "opleidingsnaam")
        gelezen.rijen.append((nummer, VestigingRij(code, eerste.naam, "", eerste.gemeentenaam, "", soorten, leerwegen)))
    return gelezen


def _nieuwste_schooljaar(tabel: Tabel) -> tuple[str, str]:
    jaren = [(f"{m[1]}-{m[2]}", kolom) for kolom in tabel.kolommen if (m := _TOTAAL.fullmatch(kolom))]
    if not jaren:
        raise BestandFout(f"In {tabel.naam} ontbreekt een kolom EXAMENKANDIDATEN SCHOOLJAAR (jaar) - TOTAAL.")
    schooljaar, kolom = max(jaren)
    return kolom, schooljaar


def _aantal(rij: Rij, kolom: str) -> int | None:
    waarde = rij.volgens(kolom, rf"\d{{1,6}}|{VERBORGEN}", "een aantal, of <5")
    return None if waarde == VERBORGEN else int(waarde)
