"""What a delivered row that was not applied means, in words: for the mbo that sent it, and for the school that is asked."""

from __future__ import annotations

from dataclasses import dataclass

from statuses.niet_verwerkt import ANDERE_SCHOOL, NEE, ONBEKEND, OUDER, REGEL


@dataclass(frozen=True, slots=True)
class Uitleg:
    """What is the matter, and what to do about it."""

    kop: str
    wat: str
    doen: str


PER_CODE: dict[str, Uitleg] = {
    ONBEKEND: Uitleg(
        "Leerling niet bekend",
        "Deze leerling is in uw regio (nog) geen overstapper.",
        "U hoeft niets te doen. Zodra de school de leerling aanvinkt, wordt de aanmelding verwerkt.",
    ),
    OUDER: Uitleg(
        "Oudere regel",
        "Er was al een nieuwere regel van deze aanmelding.",
        "Klopt de stand van nu? Dan is het klaar. Klopt zij niet? Stuur de aanmelding opnieuw met een hoger volgnummer.",
    ),
    REGEL: Uitleg(
        "Mag niet volgens de regels",
        "Deze wijziging past niet bij de stand van de aanmelding.",
        "Open de leerling en vergelijk met uw systeem. Pas een van beide aan.",
    ),
}

_OPNIEUW = "Herstel dit in uw systeem en stuur de aanmelding opnieuw met een hoger volgnummer."
# NietVerwerkt.regel of a W303: the code of the rule in statuses/beoordelen.py.
PER_REGEL: dict[str, Uitleg] = {
    "geen_andere_aanmelding": Uitleg(
        PER_CODE[REGEL].kop,
        "'Beëindigd' kan alleen als de leerling bij u nog een andere aanmelding heeft.",
        "Gebruik in uw systeem afgemeld of afgewezen, met een reden.",
    ),
    "reden_onbekend": Uitleg(PER_CODE[REGEL].kop, "De code van de reden is niet bekend.", _OPNIEUW),
    "tekst_ontbreekt": Uitleg(PER_CODE[REGEL].kop, "Bij de reden 'anders' hoort een tekst.", _OPNIEUW),
    "opleiding_ontbreekt": Uitleg(PER_CODE[REGEL].kop, "Er staat geen opleiding bij.", _OPNIEUW),
    "jaar_gesloten": Uitleg(
        PER_CODE[REGEL].kop, "Dit overstapjaar is gesloten.", "U hoeft niets te doen: in dit jaar verandert niets meer."
    ),
    "overstap_gesloten": Uitleg(
        PER_CODE[REGEL].kop,
        "De leerling is vertrokken uit deze regio.",
        "U hoeft niets te doen. De nieuwe regio krijgt de stand van de leerling.",
    ),
    "niet_langs_deze_weg": Uitleg(
        PER_CODE[REGEL].kop,
        "Deze aanmelding was al klaar. Terug naar een eerdere status kan niet met een bestand of koppeling.",
        "Is de leerling niet meer geplaatst of juist wel? Open de leerling en kies 'Corrigeren'.",
    ),
    "na_start_mbo": Uitleg(
        PER_CODE[REGEL].kop,
        "De leerling was al geplaatst en het mbo is begonnen.",
        "Gebruik afgemeld in plaats van afgewezen.",
    ),
    "alleen_vooropleiding": Uitleg(
        PER_CODE[REGEL].kop,
        "Na een plaatsing kan afwijzen alleen om de vooropleiding.",
        "Gebruik afgemeld, of stuur de reden 'vooropleiding' mee.",
    ),
    "": Uitleg(
        PER_CODE[REGEL].kop,
        "Gestart of niet gestart hoort bij een definitieve plaatsing, vanaf de start van het mbo.",
        _OPNIEUW,
    ),
}

VRAGEN: dict[str, Uitleg] = {
    NEE: Uitleg(
        "Aangeleverd als 'geen overstapper'",
        "Uw leerlingsysteem zegt 'geen overstapper'. Hier is de leerling aangevinkt.",
        "Gaat de leerling iets anders doen? Leg de vervolgkeuze vast. Was het vinkje een vergissing? Haal het weg.",
    ),
    ANDERE_SCHOOL: Uitleg(
        "Ook aangeleverd door een andere school",
        "Een andere school in de regio levert deze leerling ook aan.",
        "Gaat de leerling naar die school? Zet de leerling dan over, met alles wat erbij hoort.",
    ),
}


def uitleg_van(code: str, regel: str) -> Uitleg:
    """The words for a row of an mbo; a rule without words of its own gets those of its code."""
    return PER_REGEL.get(regel, PER_CODE[code]) if code == REGEL else PER_CODE[code]
