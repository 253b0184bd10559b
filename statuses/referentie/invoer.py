"""Which files a load reads, and everything in them, read before anything is written.

Every kind has a small file of our own in `data/`; a published file in the folder that was given comes in its place.
Vo-vestigingen, candidates and locaties have no file of our own.
"""

from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from statuses.referentie import duo, lezers
from statuses.referentie.bestand import BestandFout, Gelezen
from statuses.referentie.rijen import (
    GemeenteRij,
    KandidatenRij,
    MboLocatieRij,
    MboRij,
    OpleidingRij,
    PostcodeRij,
    RegioRij,
    SubregioRij,
    VestigingRij,
)

EIGEN = Path(__file__).parent / "data"

PATRONEN = {
    "regios": "rmc_regios*.csv",
    "gemeenten": "gemeenten_*.csv",
    "subregios": "rmc_regio_*_gemeenten_subregios*.csv",
    "vestigingen": "vo_vestigingen*.csv",
    "examens": "duo_examenkandidaten*.csv",
    "mbo_instellingen": "mbo_instellingen*.csv",
    "mbo_locaties": "mbo_locaties*.csv",
    "opleidingen": "crebo*.csv",
    "postcodes": "postcode4*.csv",
}
"""How the published files are named. Of several that fit, the last by name counts: names end in their year."""

EIGEN_BESTANDEN = {
    "regios": "regios.csv",
    "gemeenten": "gemeenten.csv",
    "subregios": "subregios.csv",
    "mbo_instellingen": "mbo_instellingen.csv",
    "opleidingen": "opleidingen.csv",
    "postcodes": "postcodes_regio_21.csv",
}


@dataclass(slots=True)
class Invoer:
    """All rows to load; a kind without a file is empty."""

    regios: Gelezen[RegioRij]
    gemeenten: Gelezen[GemeenteRij]
    subregios: Gelezen[SubregioRij]
    mbo_instellingen: Gelezen[MboRij]
    opleidingen: Gelezen[OpleidingRij]
    postcodes: Gelezen[PostcodeRij]
    vestigingen: Gelezen[VestigingRij] = field(default_factory=lambda: Gelezen(""))
    kandidaten: Gelezen[KandidatenRij] = field(default_factory=lambda: Gelezen(""))
    mbo_locaties: Gelezen[MboLocatieRij] = field(default_factory=lambda: Gelezen(""))


def kies_bestanden(map_: Path | None) -> dict[str, Path]:
    """The file per kind: from `map_` when it is there, else our own."""
    bestanden = {soort: EIGEN / naam for soort, naam in EIGEN_BESTANDEN.items()}
    if map_ is None:
        return bestanden
    if not map_.is_dir():
        raise BestandFout(f"De map {map_} is er niet, of is geen map.")
    try:
        namen = sorted(pad.name for pad in map_.iterdir() if pad.is_file())
    except OSError as fout:
        raise BestandFout(f"De map {map_} is niet te lezen: {fout.strerror}.") from fout
    gevonden = {
        soort: map_ / passend[-1]
        for soort, patroon in PATRONEN.items()
        if (passend := [naam for naam in namen if fnmatch(naam.lower(), patroon)])
    }
    if not gevonden:
        raise BestandFout(f"In de map {map_} staat geen bekend bestand. Verwacht: {', '.join(PATRONEN.values())}.")
    return bestanden | gevonden


def lees_invoer(map_: Path | None) -> Invoer:
    """Read every file; raises `BestandFout` when one cannot be used at all, or has rows and not one good one."""
    pad = kies_bestanden(map_)
    invoer = Invoer(
        regios=lezers.lees_regios(pad["regios"]),
        gemeenten=lezers.lees_gemeenten(pad["gemeenten"]),
        subregios=lezers.lees_subregios(pad["subregios"]),
        mbo_instellingen=lezers.lees_mbo_instellingen(pad["mbo_instellingen"]),
        opleidingen=lezers.lees_opleidingen(pad["opleidingen"]),
        postcodes=lezers.lees_postcodes(pad["postcodes"]),
    )
    if "mbo_locaties" in pad:
        invoer.mbo_locaties = lezers.lees_mbo_locaties(pad["mbo_locaties"])
    if "vestigingen" in pad:
        invoer.vestigingen = lezers.lees_vestigingen(pad["vestigingen"])
    if "examens" in pad:
        examens = duo.lees_examens(pad["examens"])
        _controleer(invoer, examens.gelezen)
        _voeg_examens_toe(invoer, examens)
    elif "vestigingen" in pad:
        invoer.kandidaten = lezers.lees_kandidaten(pad["vestigingen"])
    _controleer(invoer)
    return invoer


def _voeg_examens_toe(invoer: Invoer, examens: duo.Examenbestand) -> None:
    invoer.kandidaten = Gelezen(examens.gelezen.bestand, duo.kandidaten(examens), examens.gelezen.geweigerd)
    if not invoer.vestigingen.rijen:
        invoer.vestigingen = duo.vestigingen(examens)


def _controleer(invoer: Invoer, *examens: Gelezen[duo.ExamenRij]) -> None:
    bestanden: tuple[Gelezen[Any], ...] = (
        invoer.regios,
        invoer.gemeenten,
        invoer.subregios,
        invoer.mbo_instellingen,
        invoer.opleidingen,
        invoer.postcodes,
        invoer.vestigingen,
        invoer.mbo_locaties,
        *examens,
    )
    for gelezen in bestanden:
        if gelezen.bestand and not gelezen.rijen:
            reden = gelezen.geweigerd[0].melding if gelezen.geweigerd else "Na de kopregel staat er niets."
            raise BestandFout(f"Geen enkele rij van {gelezen.bestand} kan worden geladen. {reden}")
