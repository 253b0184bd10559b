"""Reader of a file of leerlingen: rows of text -> LeerlingRij. Bron: raakvlakken.md, Files; domein.md 6."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import partial

from accounts.models import Gemeente, Vestiging
from overstap.aanlevering import waarden
from overstap.aanlevering.bestand import Blad
from overstap.aanlevering.kolommen import LEERLINGEN, NODIG_LEERLINGEN, koppel
from overstap.aanlevering.rijen import Gelezen, Rij, lees_rijen
from overstap.aanlevering.uitslag import VeldFout, toon
from overstap.basis import klok
from statuses.actions import LeerlingRij
from statuses.referentie.onderwijs import BESTEMMINGEN, ONDERWIJSSOORTEN, UITSTROOMPROFIELEN
from statuses.referentie.postcode import gemeentecodes_bij_postcodes, postcode4


@dataclass(frozen=True, slots=True)
class School:
    """For whom a file is delivered: the vestigingen that may stand in it, and the one for rows that name none."""

    naam: str
    vestigingen: dict[str, Vestiging]
    standaard: Vestiging | None
    overstapjaar: int


@dataclass(frozen=True, slots=True)
class _Bekend:
    """What the rows refer to, looked up once for the whole file."""

    school: School
    gemeenten: dict[str, str]  # code and plain name -> code
    postcodes: dict[str, str]
    andermans: set[str]
    vandaag: date


def lees_leerlingen(blad: Blad, school: School) -> Gelezen[LeerlingRij]:
    """Read all rows; raises :class:`BestandFout` for a header that will not do. Three queries, whatever the number of rows."""
    koppeling = koppel(blad.kop, LEERLINGEN, NODIG_LEERLINGEN)

    def kolom(veld: str) -> set[str]:
        plek = koppeling.plek.get(veld)
        return {cellen[plek] for _, cellen in blad.rijen if plek is not None and plek < len(cellen) and cellen[plek]}

    gemeenten: dict[str, str] = {}
    for code, naam in Gemeente.objects.values_list("code", "naam"):
        gemeenten[code] = gemeenten[_kaal(naam)] = code
    vreemd = {code.upper() for code in kolom("vestiging")} - set(school.vestigingen)
    andermans = set(Vestiging.objects.filter(code__in=vreemd).values_list("code", flat=True)) if vreemd else set()
    bekend = _Bekend(school, gemeenten, gemeentecodes_bij_postcodes(kolom("postcode")), andermans, klok.vandaag())
    return lees_rijen(blad, koppeling, lambda rij: _maak(rij, bekend))


def _maak(rij: Rij, bekend: _Bekend) -> LeerlingRij | None:
    soort, pgn = rij.pgn()
    voornaam = rij.veld("voornaam", partial(waarden.tekst, hoogstens=80), verplicht=True)
    achternaam = rij.veld("achternaam", partial(waarden.tekst, hoogstens=120), verplicht=True)
    tussenvoegsel = rij.veld("tussenvoegsel", partial(waarden.tekst, hoogstens=20)) or ""
    geboren = rij.veld("geboortedatum", waarden.datum, verplicht=True)
    if geboren is not None and geboren.year < 1900:
        rij.fout("geboortedatum", "T001", "Deze geboortedatum ligt voor 1900. Controleer het jaartal.")
    land = rij.veld("land", waarden.land) or "NL"
    gemeente = _gemeente(rij, land, bekend)
    onderwijs, leerweg = _onderwijs(rij)
    vestiging = _vestiging(rij, bekend)
    jaar = rij.veld("overstapjaar", partial(waarden.overstapjaar, vandaag=bekend.vandaag)) or bekend.school.overstapjaar
    klas = _tekst_of_niets(rij, "klas", 20)
    uitbesteed = rij.veld("uitbesteed_aan", _brin) if rij.rauw("uitbesteed_aan") else _leeg(rij, "uitbesteed_aan")
    profiel = rij.veld("uitstroomprofiel", lambda w: waarden.code(w, UITSTROOMPROFIELEN, "uitstroomprofiel"))
    bestemming = rij.veld("bestemming", lambda w: waarden.code(w, BESTEMMINGEN, "bestemming"))
    ja_nee = {
        veld: rij.veld(veld, waarden.ja_nee)
        for veld in ("geheim_adres", "examenkandidaat", "overstapper", "geinformeerd", "bezwaar")
    }
    sinds = rij.veld("overstapper_sinds", waarden.datum)
    if rij.fouten or not (voornaam and achternaam and geboren and onderwijs and vestiging):
        return None
    return LeerlingRij(
        pgn_soort=soort,
        pgn=pgn,
        voornaam=voornaam,
        tussenvoegsel=tussenvoegsel,
        achternaam=achternaam,
        geboortedatum=geboren,
        gemeente=gemeente,
        land=land,
        vestiging_id=vestiging.id,
        regio=vestiging.regio_id,
        overstapjaar=jaar,
        klas=klas,
        onderwijssoort=onderwijs,
        leerweg=leerweg,
        overstapper_sinds=sinds,
        uitstroomprofiel=profiel if profiel is not None else _leeg(rij, "uitstroomprofiel"),
        bestemming=bestemming if bestemming is not None else _leeg(rij, "bestemming"),
        uitbesteed_aan=uitbesteed,
        **ja_nee,
    )


def _leeg(rij: Rij, veld: str) -> str | None:
    """An empty cell empties; a column that is not there leaves what is known."""
    return "" if rij.kent(veld) else None


def _tekst_of_niets(rij: Rij, veld: str, hoogstens: int) -> str | None:
    return rij.veld(veld, partial(waarden.tekst, hoogstens=hoogstens)) if rij.rauw(veld) else _leeg(rij, veld)


def _brin(waarde: str) -> str:
    kaal = waarde.strip().upper()
    if len(kaal) not in (4, 6) or not (kaal.isascii() and kaal.isalnum()):
        raise VeldFout("T001", f"'{toon(waarde)}' is geen BRIN-nummer, zoals 00AA.")
    return kaal


def _kaal(naam: str) -> str:
    plat = unicodedata.normalize("NFKD", naam).casefold()
    return "".join(teken for teken in plat if teken.isalnum())


def _gemeente(rij: Rij, land: str, bekend: _Bekend) -> str | None:
    """The gemeentecode as given (363 is 0363, a name will do), else the one of the postcode; None abroad."""
    gegeven, postcode = rij.rauw("gemeentecode"), rij.rauw("postcode")
    if land != "NL":
        if gegeven:
            rij.fout(
                "gemeentecode",
                "F106",
                "Wie in het buitenland woont, heeft geen Nederlandse gemeente. Maak één van de twee leeg.",
            )
        return None
    if gegeven:
        code = gegeven.zfill(4) if gegeven.isascii() and gegeven.isdigit() else _kaal(gegeven)
        if code not in bekend.gemeenten:
            rij.fout(
                "gemeentecode",
                "F106",
                f"Gemeente '{toon(gegeven)}' is niet bekend. Vul de gemeentecode van vier cijfers in, zoals 0363.",
            )
            return None
        return bekend.gemeenten[code]
    if not postcode:
        veld = "gemeentecode" if rij.kent("gemeentecode") else "postcode"
        rij.fout(veld, "F106", "De woongemeente ontbreekt. Vul een gemeentecode of een postcode in.")
        return None
    if not postcode4(postcode):
        rij.fout(
            "postcode",
            "T001",
            f"'{toon(postcode)}' is geen postcode. Schrijf vier cijfers en twee letters, zoals 1011AB.",
        )
        return None
    if postcode not in bekend.postcodes:
        rij.fout(
            "postcode",
            "F106",
            f"Bij postcode {postcode4(postcode)} is hier geen gemeente bekend. Vul de gemeentecode in.",
        )
        return None
    return bekend.postcodes[postcode]


def _onderwijs(rij: Rij) -> tuple[str | None, str | None]:
    gevonden = rij.veld("onderwijssoort", waarden.onderwijssoort, verplicht=True)
    leerweg = rij.veld("leerweg", waarden.leerweg)
    if gevonden is None:
        return None, None
    soort, uit_woord = gevonden
    if not ONDERWIJSSOORTEN[soort].met_leerweg:
        if leerweg is not None:
            rij.fout(
                "leerweg", "T001", f"Bij {soort} hoort geen leerweg. Maak deze cel leeg, of verbeter de onderwijssoort."
            )
        return soort, None
    if leerweg and uit_woord and leerweg != uit_woord:
        rij.fout("leerweg", "T001", f"De onderwijssoort zegt leerweg {uit_woord}, deze cel {leerweg}. Maak ze gelijk.")
    elif not leerweg and not uit_woord and not rij.rauw("leerweg"):
        rij.fout("leerweg", "T001", "Bij vmbo hoort een leerweg. Vul bb, kb, gl of tl in.")
    return soort, leerweg or uit_woord


def _vestiging(rij: Rij, bekend: _Bekend) -> Vestiging | None:
    """The vestiging named in the row, of this school only; without one that of the file."""
    gegeven, school = rij.rauw("vestiging").upper(), bekend.school
    if gegeven:
        vestiging = school.vestigingen.get(gegeven)
        if vestiging is None and gegeven in bekend.andermans:
            rij.fout(
                "vestiging",
                "F103",
                f"Vestiging {gegeven} hoort niet bij {school.naam}. U levert alleen aan voor uw eigen school.",
            )
        elif vestiging is None:
            eigen = ", ".join(sorted(school.vestigingen)[:8])
            rij.fout("vestiging", "F103", f"Vestiging '{toon(gegeven)}' is niet bekend. Kies uit: {eigen}.")
        return vestiging
    if school.standaard is None:
        eigen = ", ".join(sorted(school.vestigingen)[:8])
        rij.fout(
            "vestiging", "F103", f"{school.naam} heeft meer vestigingen en deze rij noemt er geen. Kies uit: {eigen}."
        )
    return school.standaard
