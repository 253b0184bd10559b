"""The leerlingen behind the figures of an aanjager: to look at, by name only where the school opted in."""

from __future__ import annotations

from overstap.schermen import overstaplijst as kolom
from overstap.schermen.filters import OVERSTAP_FILTERS
from overstap.schermen.lijst import Lijst

LEERLINGEN = Lijst(
    pagina="leerlingen",
    titel="Leerlingen",
    eenheid=("leerling", "leerlingen"),
    rijen=kolom.overstappen,
    filters=OVERSTAP_FILTERS,
    kolommen=(
        kolom.VERWIJZING, kolom.SCHOOL, kolom.KLAS, kolom.STATUS, kolom.AANMELDING, kolom.DAGEN, kolom.AAN_ZET, kolom.WAAROM,
    ),
    chips=(
        kolom.CHIP_ALLE, kolom.CHIP_RISICO, kolom.CHIP_ZONDER, kolom.CHIP_TERUG, kolom.CHIP_STILSTAND, kolom.CHIP_PLAATSEN,
        kolom.CHIP_LEERPLICHT, kolom.CHIP_GEPLAATST, kolom.CHIP_VERVOLGKEUZE,
    ),
    sorteer="school",
    naam_orde=("vestiging__naam", "klas"),
    annotaties=kolom.annotaties,
    verrijk=kolom.verrijk,
    naam=kolom.naam,
    cijfers=kolom.CIJFERS,
    leeg="Er zijn geen leerlingen die hierbij passen. Kies een ander filter, of ga naar Scholen.",
)  # fmt: skip
