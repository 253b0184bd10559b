"""What the pages of /import show: counts in words, and the columns that a file may have."""

from __future__ import annotations

from dataclasses import dataclass

from overstap.aanlevering.kolommen import SOORTEN
from overstap.aanlevering.uitslag import Uitslag, opsomming, rijen_in_woorden

_UITLEG: dict[str, dict[str, str]] = {
    "leerlingen": {
        "bsn": "Burgerservicenummer.",
        "onderwijsnummer": "Als er geen burgerservicenummer is.",
        "uitstroomprofiel": "Bij vso: vervolgonderwijs, arbeidsmarktgericht of dagbesteding.",
        "bestemming": "Als die bekend is: mbo, havo, arbeid of buitenland.",
        "geboortedatum": "01-05-2009 of 2009-05-01.",
        "gemeentecode": "Vier cijfers, zoals 0363. Of vul de postcode in.",
        "postcode": "Als u de gemeentecode niet heeft.",
        "geheim_adres": "ja of nee.",
        "onderwijssoort": "vmbo, havo, vwo, pro, vso, vavo of isk.",
        "leerweg": "Bij vmbo: bb, kb, gl of tl.",
        "examenkandidaat": "ja of nee.",
        "overstapper": "ja of nee. Leeg verandert niets.",
        "overstapper_sinds": "Leeg is vandaag.",
        "vestiging": "Zoals 00AA00.",
        "overstapjaar": "Zoals 2025-2026.",
        "land": "Twee letters, als de leerling in het buitenland woont.",
    },
    "aanmeldingen": {
        "aanmeld_id": "Het nummer van de aanmelding in uw systeem.",
        "bsn": "Burgerservicenummer.",
        "onderwijsnummer": "Als er geen burgerservicenummer is.",
        "crebo": "Vijf cijfers. Of vul de naam van de opleiding in.",
        "opleiding": "De naam van de opleiding.",
        "niveau": "1 tot en met 4.",
        "leerweg": "bol of bbl.",
        "status": "Zoals aangemeld, intake, voorlopig, definitief, afgemeld of afgewezen.",
        "status_datum": "01-02-2026 of 2026-02-01.",
        "volgnummer": "Een wijziging heeft een hoger nummer.",
        "reden_code": "Bij afgemeld en afgewezen.",
        "reden": "Toelichting in woorden; nodig bij reden anders.",
        "aanwezigheid": "show of no_show, vanaf 1 augustus.",
        "overstapjaar": "Zoals 2025-2026. Leeg: het jaar waarin de leerling overstapper is.",
        "aanmeld_datum": "De dag waarop de leerling zich aanmeldde.",
    },
}


@dataclass(frozen=True, slots=True)
class Telling:
    """One line of the outcome: how many, what, and which rows."""

    aantal: int
    naam: str
    rijen: str
    soort: str


def tellingen(uitslag: Uitslag, toegepast: bool) -> list[Telling]:
    """New, changed, unchanged, refused; in the future tense before it is applied."""
    namen = {
        "nieuw": ("nieuw", "Toegevoegd" if toegepast else "Wordt toegevoegd"),
        "gewijzigd": ("gewijzigd", "Gewijzigd" if toegepast else "Wordt gewijzigd"),
        "ongewijzigd": ("ongewijzigd", "Ongewijzigd" if toegepast else "Blijft ongewijzigd"),
        "geweigerd": ("geweigerd", "Geweigerd" if toegepast else "Wordt geweigerd"),
    }
    return [
        Telling(len(uitslag.rijen[sleutel]), naam, rijen_in_woorden(uitslag.rijen[sleutel][:2000]), soort)
        for sleutel, (soort, naam) in namen.items()
    ]


def kolommen_uitleg(soort: str) -> list[tuple[str, str, str]]:
    """(name, whether it is needed in words, what belongs in it) of each column that is offered."""
    namen, nodig = SOORTEN[soort]
    samen = {veld: groep for groep in nodig for veld in groep}
    uit = []
    for veld in namen:
        if veld in ("pgn", "geinformeerd", "bezwaar", "uitbesteed_aan", "startkwalificatie"):
            continue
        groep = [v for v in samen.get(veld, ()) if v != "pgn"]
        plicht = "Nodig." if len(groep) == 1 else f"Nodig: {opsomming(groep, 'of')}." if groep else ""
        uit.append((veld, plicht, _UITLEG[soort].get(veld, "")))
    return uit
