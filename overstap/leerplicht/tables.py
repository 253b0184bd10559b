"""The list of leerplicht/RMC and what it can do, as data: overstappen of who lives in the own gemeente (RMC: the regio)."""

from __future__ import annotations

from accounts.rechten import Recht
from overstap.schermen import overstaplijst as kolom
from overstap.schermen.acties import Actie
from overstap.schermen.berichten import BERICHT
from overstap.schermen.filters import OVERSTAP_FILTERS
from overstap.schermen.lijst import Lijst
from statuses.referentie.redenen import TEKSTVRAGEN, Tekstvraag
from statuses.status import Spoor, Status

S = Status
_MAG = Recht.LEERPLICHT_BEHANDELEN

IN_BEHANDELING = Actie(
    "in_behandeling", "Neem in behandeling", "In behandeling nemen", _MAG, Spoor.LEERPLICHT, S.LP_IN_BEHANDELING,
    uitleg="De school ziet dat u ermee bezig bent. Is de leerling niet door de school aangemeld en geen risicoleerling? "
    "Schrijf dan waarom u de leerling oppakt.",
    bevestig="Neem in behandeling", gelukt="In behandeling genomen", soort="eerst",
    tekst=Tekstvraag("Toelichting", "Alleen nodig als er geen aanleiding in het systeem staat. Zet hier geen gezondheidsgegevens."),
    tekst_verplicht=False, alleen_van=frozenset({None, S.LP_INGESCHAKELD}),
)  # fmt: skip
AFHANDELEN = Actie(
    "afhandelen", "Rond af…", "Afhandelen en teruggeven aan de school", _MAG, Spoor.LEERPLICHT, S.LP_AFGEHANDELD,
    uitleg="U bent klaar. De school is weer aan zet.", bevestig="Rond af", gelukt="Afgehandeld en teruggegeven aan de school",
    tekst=Tekstvraag("Terugkoppeling", "Wat moet de school weten? Zet hier geen gezondheidsgegevens."), tekst_verplicht=False,
    ongedaan="heropenen",
)  # fmt: skip
DEFINITIEF = Actie(
    "afspraak", "Afspraak, start niet op korte termijn…", "Definitief bij leerplicht", _MAG, Spoor.LEERPLICHT, S.LP_DEFINITIEF,
    uitleg="De leerling start niet op korte termijn met onderwijs. Leerplicht blijft aan zet.", bevestig="Leg de afspraak vast",
    gelukt="Afspraak vastgelegd", tekst=TEKSTVRAGEN["lp_definitief"], ongedaan="heropenen",
)  # fmt: skip
HEROPENEN = Actie(
    "heropenen", "Heropen", "Heropenen", _MAG, Spoor.LEERPLICHT, S.LP_IN_BEHANDELING, uitleg="De leerling komt weer bij u in behandeling.",
    bevestig="Heropen", gelukt="Heropend", soort="stil", alleen_van=frozenset({S.LP_DEFINITIEF, S.LP_AFGEHANDELD}),
)  # fmt: skip

LEERLINGEN = Lijst(
    pagina="leerlingen",
    titel="Leerlingen",
    eenheid=("leerling", "leerlingen"),
    rijen=kolom.overstappen,
    filters=OVERSTAP_FILTERS,
    kolommen=(
        kolom.NAAM, kolom.SCHOOL, kolom.KLAS, kolom.WOONT, kolom.STATUS, kolom.MBO, kolom.DAGEN, kolom.AAN_ZET, kolom.WAAROM,
    ),
    chips=(
        kolom.chip_van("Ingeschakeld", S.LP_INGESCHAKELD),
        kolom.chip_van("In behandeling", S.LP_IN_BEHANDELING),
        kolom.chip_van("Afgehandeld of afspraak", S.LP_AFGEHANDELD, S.LP_DEFINITIEF),
        kolom.CHIP_RISICO, kolom.CHIP_ZONDER, kolom.CHIP_TERUG, kolom.CHIP_STILSTAND, kolom.CHIP_GEPLAATST,
        kolom.CHIP_VERVOLGKEUZE, kolom.CHIP_ALLE,
    ),
    acties=(IN_BEHANDELING, AFHANDELEN, DEFINITIEF, HEROPENEN, BERICHT),
    annotaties=kolom.annotaties,
    verrijk=kolom.verrijk,
    naam=kolom.naam,
    cijfers=kolom.CIJFERS,
    leeg="Er zijn geen leerlingen die hierbij passen. Kies een ander filter.",
)  # fmt: skip
