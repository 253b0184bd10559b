"""One reader per kind of reference data: a file (ours, DUO's, KiesMBO's) in, rows and refusals out. No database.

Each reader names the columns that it needs and takes the rest of the file as it is. What a row refers to (does this
gemeente exist?) is not judged here but in `laden.py`.
"""

import re
from collections import defaultdict
from pathlib import Path

from stdnum.exceptions import ValidationError
from stdnum.nl import brin as brinnummer

from statuses.referentie.bestand import BestandFout, Gelezen, Rij, VeldFout, lees_rijen, lees_tabel
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

MBO_LEERWEGEN = {"BOL": "bol", "BBL": "bbl", "BOL/BBL": "bol/bbl"}
"""As published -> as we write it."""

ONDERWIJSTYPEN = {
    "BB": ("vmbo", "bb"),
    "BB_LWT": ("vmbo", "bb"),
    "KB": ("vmbo", "kb"),
    "GL": ("vmbo", "gl"),
    "TL": ("vmbo", "tl"),
    "HAVO": ("havo", ""),
    "VWO": ("vwo", ""),
}
"""DUO's onderwijstype -> onderwijssoort and leerweg. A leerwerktraject is a form of the basisberoepsgerichte leerweg."""


def brin_veld(rij: Rij, kolom: str, *, lengte: int) -> str:
    """A BRIN (`lengte` 4) or vestigingscode (6) by its official form."""
    waarde = rij.tekst(kolom)
    try:
        code: str = brinnummer.validate(waarde)
    except ValidationError:
        code = ""
    if len(code) != lengte:
        vorm = "een BRIN-nummer zoals 00AA" if lengte == 4 else "een vestigingscode zoals 00AA00"
        raise VeldFout(kolom, "brin", f"Het veld {kolom} bevat '{waarde}', maar verwacht wordt {vorm}.")
    return code


def _regio_veld(rij: Rij, kolom: str) -> str:
    code = rij.volgens(kolom, r"\d{2}", "een regio van twee cijfers, 01 tot en met 40")
    if not 1 <= int(code) <= 40:
        raise VeldFout(kolom, "onbekend", f"Regio {code} bestaat niet; de regio's lopen van 01 tot en met 40.")
    return code


def _gemeente_veld(rij: Rij, kolom: str, *, verplicht: bool = True) -> str:
    return rij.volgens(kolom, r"\d{4}", "een gemeentecode van vier cijfers, zoals 0363", verplicht=verplicht)


def _postcode_veld(rij: Rij, kolom: str) -> str:
    waarde = rij.tekst(kolom, verplicht=False).replace(" ", "").upper()
    return Rij(rij.nummer, {kolom: waarde}).volgens(
        kolom, r"[1-9]\d{3}[A-Z]{2}", "een postcode zoals 1011AB", verplicht=False
    )


def lees_regios(pad: Path) -> Gelezen[RegioRij]:
    """Columns regio, naam or rmc_regio_code, rmc_regio_naam."""
    tabel = lees_tabel(pad, ())
    regio, naam = _kolommen(tabel.kolommen, pad, ("regio", "naam"), ("rmc_regio_code", "rmc_regio_naam"))
    return lees_rijen(
        tabel, lambda rij: RegioRij(_regio_veld(rij, regio), rij.tekst(naam, hoogstens=100)), lambda r: r.code
    )


def lees_gemeenten(pad: Path) -> Gelezen[GemeenteRij]:
    """Columns gemeentecode, provincie, and regio, naam or rmc_regio_code, gemeentenaam."""
    tabel = lees_tabel(pad, ("gemeentecode", "provincie"))
    regio, naam = _kolommen(tabel.kolommen, pad, ("regio", "naam"), ("rmc_regio_code", "gemeentenaam"))

    def maak(rij: Rij) -> GemeenteRij:
        return GemeenteRij(
            code=_gemeente_veld(rij, "gemeentecode"),
            naam=rij.tekst(naam, hoogstens=100),
            provincie=rij.tekst("provincie", hoogstens=40),
            regio=_regio_veld(rij, regio),
        )

    return lees_rijen(tabel, maak, lambda r: r.code)


def lees_subregios(pad: Path) -> Gelezen[SubregioRij]:
    """Columns gemeentecode, subregio, and optional gemeentenaam (or gemeente) and opmerking."""

    def maak(rij: Rij) -> SubregioRij:
        return SubregioRij(
            gemeente=_gemeente_veld(rij, "gemeentecode"),
            gemeentenaam=rij.tekst("gemeentenaam", verplicht=False) or rij.tekst("gemeente", verplicht=False),
            naam=rij.tekst("subregio", hoogstens=100),
            opmerking=rij.tekst("opmerking", verplicht=False),
        )

    return lees_rijen(lees_tabel(pad, ("gemeentecode", "subregio")), maak, lambda r: r.gemeente)


def lees_vestigingen(pad: Path) -> Gelezen[VestigingRij]:
    """The vestigingen with their gemeentecode and onderwijstypen (BB;KB;TL;HAVO ...)."""

    def maak(rij: Rij) -> VestigingRij:
        soorten, leerwegen = soorten_en_leerwegen(rij.tekst("onderwijstypen").split(";"), "onderwijstypen")
        return VestigingRij(
            code=brin_veld(rij, "vestigingscode", lengte=6),
            naam=rij.tekst("vestigingsnaam", hoogstens=160),
            gemeente=_gemeente_veld(rij, "gemeentecode", verplicht=False),
            gemeentenaam=rij.tekst("gemeentenaam"),
            postcode=_postcode_veld(rij, "postcode"),
            onderwijssoorten=soorten,
            leerwegen=leerwegen,
        )

    verplicht = ("vestigingscode", "vestigingsnaam", "gemeentenaam", "gemeentecode", "postcode", "onderwijstypen")
    return lees_rijen(lees_tabel(pad, verplicht), maak, lambda r: r.code)


def soorten_en_leerwegen(typen: list[str], kolom: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """DUO's onderwijstypen as our onderwijssoorten and leerwegen, each once and in the order of the table."""
    gevonden = {kaal for typ in typen if (kaal := typ.strip().upper())}
    onbekend = sorted(gevonden - set(ONDERWIJSTYPEN))
    if onbekend:
        raise VeldFout(
            kolom,
            "onbekend",
            f"Onbekend onderwijstype {', '.join(onbekend)}. Bekend zijn: {', '.join(ONDERWIJSTYPEN)}.",
        )
    paren = [paar for typ, paar in ONDERWIJSTYPEN.items() if typ in gevonden]
    return tuple(dict.fromkeys(soort for soort, _ in paren)), tuple(dict.fromkeys(weg for _, weg in paren if weg))


def lees_mbo_instellingen(pad: Path) -> Gelezen[MboRij]:
    """Columns brin, naam, and optional postcode and regios (codes with spaces between)."""

    def maak(rij: Rij) -> MboRij:
        codes = rij.tekst("regios", verplicht=False).split()
        return MboRij(
            brin=brin_veld(rij, "brin", lengte=4),
            naam=rij.tekst("naam", hoogstens=160),
            postcode=_postcode_veld(rij, "postcode"),
            regios=tuple(_regio_veld(Rij(rij.nummer, {"regios": code}), "regios") for code in codes),
        )

    return lees_rijen(lees_tabel(pad, ("brin", "naam")), maak, lambda r: r.brin)


def lees_mbo_locaties(pad: Path) -> Gelezen[MboLocatieRij]:
    """Where an mbo-instelling teaches; a locatie without gemeente says nothing about a regio and is refused."""

    def maak(rij: Rij) -> MboLocatieRij:
        code = brin_veld(rij, "brin", lengte=4)
        if not rij.tekst("gemeentecode", verplicht=False):
            plek = rij.tekst("locatienaam", verplicht=False) or code
            melding = f"Van locatie {plek} is de gemeente niet bekend, dus ook niet in welke regio zij ligt."
            raise VeldFout("gemeentecode", "leeg", melding)
        return MboLocatieRij(code, _gemeente_veld(rij, "gemeentecode"))

    return lees_rijen(lees_tabel(pad, ("brin", "gemeentecode")), maak)


def lees_opleidingen(pad: Path) -> Gelezen[OpleidingRij]:
    """Columns crebo, niveau, leerweg, and naam or kwalificatie."""
    tabel = lees_tabel(pad, ("crebo", "niveau", "leerweg"))
    (naam,) = _kolommen(tabel.kolommen, pad, ("naam",), ("kwalificatie",))

    def maak(rij: Rij) -> OpleidingRij:
        leerweg = rij.tekst("leerweg").upper()
        if leerweg not in MBO_LEERWEGEN:
            melding = f"Onbekende leerweg '{leerweg}'. Bekend zijn: {', '.join(MBO_LEERWEGEN)}."
            raise VeldFout("leerweg", "onbekend", melding)
        return OpleidingRij(
            crebo=rij.volgens("crebo", r"\d{5}", "een crebonummer van vijf cijfers"),
            naam=rij.tekst(naam),
            niveau=int(rij.volgens("niveau", r"[1-4]", "een niveau van 1 tot en met 4")),
            leerweg=MBO_LEERWEGEN[leerweg],
        )

    return lees_rijen(tabel, maak, lambda r: r.crebo)


def lees_postcodes(pad: Path) -> Gelezen[PostcodeRij]:
    """Our ranges (van, tot, gemeentecode), or a file with one postcode4 per row and its gemeente of now."""
    tabel = lees_tabel(pad, ())
    van, tot, gemeente = _kolommen(
        tabel.kolommen, pad, ("van", "tot", "gemeentecode"), ("postcode4", "postcode4", "gemeentecode_2025_afgeleid")
    )

    def maak(rij: Rij) -> PostcodeRij:
        vorm, uitleg = r"[1-9]\d{3}", "vier cijfers van een postcode, zoals 1011"
        begin, eind = int(rij.volgens(van, vorm, uitleg)), int(rij.volgens(tot, vorm, uitleg))
        if eind < begin:
            raise VeldFout(tot, "volgorde", f"De laatste postcode ({eind}) komt vóór de eerste ({begin}).")
        if not rij.tekst(gemeente, verplicht=False):
            toen = rij.tekst("gemeente_2013", verplicht=False) or "een gemeente die er niet meer is"
            melding = (
                f"Postcode {begin} hoorde bij {toen}; die gemeente is gesplitst, dus de gemeente van nu is niet bekend."
            )
            raise VeldFout(gemeente, "leeg", melding)
        return PostcodeRij(begin, eind, _gemeente_veld(rij, gemeente))

    return lees_rijen(tabel, maak, lambda r: r.van)


def _kolommen(gevonden: tuple[str, ...], pad: Path, *keuzes: tuple[str, ...]) -> tuple[str, ...]:
    """The first choice of column names that the file has, each of them exactly once."""
    for keuze in keuzes:
        if all(gevonden.count(kolom) == 1 for kolom in keuze):
            return keuze
    wensen = " of ".join(" en ".join(dict.fromkeys(keuze)) for keuze in keuzes)
    raise BestandFout(f"In {pad.name} ontbreken kolommen. Nodig: {wensen}. Gevonden: {', '.join(gevonden)[:300]}.")


_KANDIDATEN = re.compile(r"kandidaten_(\d{4})_(\d{4})_(bb|bb_lwt|kb|gl|tl|havo|vwo)")


def lees_kandidaten(pad: Path) -> Gelezen[KandidatenRij]:
    """The candidates in a file of vestigingen, for when DUO's own file is not there; empty without such columns.

    The file counts its "<5" cells per vestiging, not per leerweg, so with one of them every leerweg is a lower bound.
    """
    cellen = "aantal_cellen_kleiner_dan_5"
    tabel = lees_tabel(pad, ("vestigingscode", cellen))
    kolommen = {kolom: m for kolom in tabel.kolommen if (m := _KANDIDATEN.fullmatch(kolom))}

    def maak(rij: Rij) -> list[KandidatenRij]:
        aantal: dict[tuple[str, str], int] = defaultdict(int)
        ondergrens = rij.volgens(cellen, r"\d{1,6}", "een aantal") != "0"
        for kolom, m in kolommen.items():
            soort, leerweg = ONDERWIJSTYPEN[m[3].upper()]
            aantal[f"{m[1]}-{m[2]}", leerweg or soort] += int(rij.volgens(kolom, r"\d{1,6}", "een aantal"))
        code = brin_veld(rij, "vestigingscode", lengte=6)
        return [
            KandidatenRij(code, schooljaar, leerweg, getal, ondergrens)
            for (schooljaar, leerweg), getal in aantal.items()
            if getal
        ]

    per_rij = lees_rijen(tabel, maak)
    platte = [(nummer, kandidaten) for nummer, rijen in per_rij.rijen for kandidaten in rijen]
    # The refusals of this file are those of `lees_vestigingen`; only a wrong count is new here.
    return Gelezen(pad.name, platte, [w for w in per_rij.geweigerd if w.kolom in (*kolommen, cellen)])
