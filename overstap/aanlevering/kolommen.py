"""Which columns a file may have, and under which names systems export them. Data; the code below only looks up.

The first name of each is ours (raakvlakken.md) and stays; the others are as Magister, Somtoday, Eduarte, Presentis and the
mbo systems write them, compared without case, accents, spaces and punctuation. Earlier names go before later ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from overstap.aanlevering.uitslag import BestandFout, opsomming, toon

Namen = Mapping[str, tuple[str, ...]]

_PGN: dict[str, tuple[str, ...]] = {
    "bsn": ("bsn", "burgerservicenummer", "bsnnummer", "sofinummer"),
    "onderwijsnummer": ("onderwijsnummer", "onderwijsnr", "own", "ownummer", "onderwijsnummerocw"),
    "pgn": (
        "pgn",
        "persoonsgebonden nummer",
        "bsn/onderwijsnummer",
        "bsn of onderwijsnummer",
        "bsn/own",
        "bsn/ocw-nummer",
    ),
}

LEERLINGEN: Namen = _PGN | {
    "voornaam": ("voornaam", "roepnaam", "voornamen", "eerste voornaam"),
    "tussenvoegsel": ("tussenvoegsel", "tussenvoegsels", "voorvoegsel", "voorvoegsels", "tussenv", "tv"),
    "achternaam": ("achternaam", "geslachtsnaam", "familienaam", "achternaam leerling"),
    "geboortedatum": ("geboortedatum", "geb. datum", "geb.dat.", "gebdatum", "geboorte datum", "datum geboorte"),
    "gemeentecode": ("gemeentecode", "gemeente code", "woongemeentecode", "gemeentenummer", "cbs-code gemeente", "woongemeente",
                     "gemeente", "gemeentenaam"),
    "postcode": ("postcode", "pc", "postcode woonadres", "woonadres postcode"),
    "geheim_adres": ("geheim_adres", "geheim adres", "adres geheim", "geheim", "adresgeheim", "indicatie geheim"),
    "klas": ("klas", "stamklas", "stamgroep", "klascode", "klas/groep", "basisgroep", "lesgroep"),
    "onderwijssoort": ("onderwijssoort", "schoolsoort", "onderwijstype", "schooltype", "niveau", "opleiding", "studie"),
    "leerweg": ("leerweg", "vmbo leerweg", "leerweg vmbo"),
    "examenkandidaat": ("examenkandidaat", "examenkand.", "examen", "is examenkandidaat", "eindexamenkandidaat"),
    "overstapper": ("overstapper", "categorie overstapper", "overstap", "overstap mbo", "overstapper mbo"),
    "overstapper_sinds": ("overstapper_sinds", "overstapper vanaf", "datum overstapper"),
    "vestiging": ("vestiging", "vestigingscode", "brin vestiging", "brinvest", "brin6", "vestigingsnummer", "brin vestigingsnummer"),
    "overstapjaar": ("overstapjaar", "schooljaar"),
    "land": ("land", "landcode", "woonland", "land woonadres"),
    "uitstroomprofiel": ("uitstroomprofiel", "uitstroomprofiel vso", "profiel vso"),
    "bestemming": ("bestemming", "uitstroombestemming"),
    "geinformeerd": ("geinformeerd", "ouders geinformeerd"),
    "bezwaar": ("bezwaar", "bezwaar gegevens"),
    "uitbesteed_aan": ("uitbesteed_aan", "uitbesteed aan", "brin uitbesteding"),
}  # fmt: skip

AANMELDINGEN: Namen = _PGN | {
    "aanmeld_id": ("aanmeld_id", "aanmeldid", "aanmeldnummer", "aanmeldingsnummer", "aanmelding id", "aanmeldingid"),
    "crebo": ("crebo", "crebonummer", "crebocode", "crebonr"),
    "opleiding": ("opleiding", "opleidingsnaam", "naam opleiding", "opleidingnaam", "kwalificatie"),
    "niveau": ("niveau", "opleidingsniveau", "niveau opleiding", "mbo niveau"),
    "leerweg": ("leerweg", "leertraject", "bol/bbl"),
    "status": ("status", "aanmeldstatus", "status aanmelding", "aanmeldingsstatus"),
    "status_datum": ("status_datum", "statusdatum", "datum status", "status per", "status sinds"),
    "volgnummer": ("volgnummer", "volgnr", "versie"),
    "reden_code": ("reden_code", "redencode", "code reden"),
    "reden": ("reden", "reden tekst", "reden omschrijving", "toelichting reden"),
    "aanwezigheid": ("aanwezigheid", "show/no-show", "show no show", "no-show", "noshow"),
    "startkwalificatie": ("startkwalificatie", "heeft startkwalificatie"),
    "overstapjaar": ("overstapjaar",),
    "aanmeld_datum": ("aanmeld_datum", "aanmelddatum", "datum aanmelding", "datum aangemeld", "aanmeldingsdatum"),
}  # fmt: skip

# Of each group at least one column must be there.
NODIG_LEERLINGEN: tuple[tuple[str, ...], ...] = (
    ("bsn", "onderwijsnummer", "pgn"), ("voornaam",), ("achternaam",), ("geboortedatum",), ("gemeentecode", "postcode"),
    ("onderwijssoort",),
)  # fmt: skip
NODIG_AANMELDINGEN: tuple[tuple[str, ...], ...] = (
    ("aanmeld_id",), ("bsn", "onderwijsnummer", "pgn"), ("crebo", "opleiding"), ("status",), ("status_datum",), ("volgnummer",),
)  # fmt: skip
SOORTEN: Mapping[str, tuple[Namen, tuple[tuple[str, ...], ...]]] = {
    "leerlingen": (LEERLINGEN, NODIG_LEERLINGEN),
    "aanmeldingen": (AANMELDINGEN, NODIG_AANMELDINGEN),
}
# Known, but not offered by name in a sentence about what is missing.
_STIL = {"pgn"}


@dataclass(frozen=True, slots=True)
class Koppeling:
    """Where each veld stands in the file and what the file calls it; and which columns are left out."""

    plek: dict[str, int]
    naam: dict[str, str]
    onbekend: list[str]


def kaal(kop: str) -> str:
    """A header without what people vary: "Geb. datum" -> gebdatum."""
    plat = unicodedata.normalize("NFKD", kop).casefold()
    return re.sub(r"[^a-z0-9]", "", plat)


def koppel(kop: list[str], namen: Namen, nodig: tuple[tuple[str, ...], ...]) -> Koppeling:
    """Match the header with the known names; raises :class:`BestandFout` that lists what is missing or double."""
    kale = [kaal(k) for k in kop]
    plek: dict[str, int] = {}
    for veld, keuzes in namen.items():
        for keuze in keuzes:
            plekken = [i for i, k in enumerate(kale) if k == kaal(keuze) and i not in plek.values()]
            if len(plekken) > 1:
                raise BestandFout(
                    f"De kolom '{kop[plekken[0]]}' staat {len(plekken)} keer in de kopregel. Houd er één over."
                )
            if plekken:
                plek[veld] = plekken[0]
                break
    ontbreekt = [groep for groep in nodig if not any(veld in plek for veld in groep)]
    if ontbreekt:
        woorden = opsomming(opsomming([v for v in groep if v not in _STIL], "of") for groep in ontbreekt)
        meervoud = "ontbreken de kolommen" if len(ontbreekt) > 1 else "ontbreekt de kolom"
        raise BestandFout(
            f"In dit bestand {meervoud} {woorden}. Zet boven de tabel één kopregel met de namen van de kolommen en lever het opnieuw aan."
        )
    gebruikt = set(plek.values())
    onbekend = [toon(k) for i, k in enumerate(kop) if k and i not in gebruikt]
    return Koppeling(plek, {veld: kop[i] for veld, i in plek.items()}, onbekend)
