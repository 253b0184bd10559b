"""Reader of a file of aanmeldingen: rows of text -> AanmeldingRij. Bron: raakvlakken.md, Files."""

from __future__ import annotations

from datetime import date
from functools import partial

from overstap.aanlevering import waarden
from overstap.aanlevering.bestand import Blad
from overstap.aanlevering.kolommen import AANMELDINGEN, NODIG_AANMELDINGEN, koppel
from overstap.aanlevering.rijen import Gelezen, Rij, lees_rijen
from overstap.basis import klok
from statuses.actions import AanmeldingRij


def lees_aanmeldingen(blad: Blad) -> Gelezen[AanmeldingRij]:
    """Read all rows; raises :class:`BestandFout` for a header that will not do. No queries."""
    koppeling = koppel(blad.kop, AANMELDINGEN, NODIG_AANMELDINGEN)
    vandaag = klok.vandaag()
    return lees_rijen(blad, koppeling, lambda rij: _maak(rij, vandaag))


def _maak(rij: Rij, vandaag: date) -> AanmeldingRij | None:
    soort, pgn = rij.pgn()
    aanmeld_id = rij.veld("aanmeld_id", partial(waarden.tekst, hoogstens=36), verplicht=True)
    status = rij.veld("status", waarden.status, verplicht=True)
    status_datum = rij.veld("status_datum", waarden.datum, verplicht=True)
    volgnummer = rij.veld("volgnummer", partial(waarden.getal, van=1, tot=999_999_999), verplicht=True)
    crebo = rij.veld("crebo", waarden.crebo) or ""
    opleiding = rij.veld("opleiding", partial(waarden.tekst, hoogstens=200)) or ""
    if not rij.rauw("crebo") and not rij.rauw("opleiding"):
        rij.fout(
            "opleiding" if rij.kent("opleiding") else "crebo",
            "T001",
            "De opleiding ontbreekt. Vul een crebonummer of een naam in.",
        )
    niveau = rij.veld("niveau", partial(waarden.getal, van=1, tot=4))
    leerweg = rij.veld("leerweg", waarden.mbo_leerweg) or ""
    reden_code = rij.veld("reden_code", partial(waarden.tekst, hoogstens=24)) or ""
    reden = rij.veld("reden", partial(waarden.tekst, hoogstens=2000)) or ""
    aanwezigheid = rij.veld("aanwezigheid", waarden.aanwezigheid)
    startkwalificatie = rij.veld("startkwalificatie", waarden.ja_nee)
    jaar = rij.veld("overstapjaar", partial(waarden.overstapjaar, vandaag=vandaag))
    aanmeld_datum = rij.veld("aanmeld_datum", waarden.datum)
    if rij.fouten or not (aanmeld_id and status and status_datum and volgnummer):
        return None
    return AanmeldingRij(
        aanmeld_id=aanmeld_id,
        pgn_soort=soort,
        pgn=pgn,
        status=status,
        status_datum=status_datum,
        volgnummer=volgnummer,
        overstapjaar=jaar,
        crebo=crebo,
        opleiding=opleiding,
        niveau=niveau,
        leerweg=leerweg,
        reden_code=reden_code.lower(),
        reden_tekst=reden,
        aanwezigheid=aanwezigheid,
        startkwalificatie=startkwalificatie,
        aanmeld_datum=aanmeld_datum,
    )
