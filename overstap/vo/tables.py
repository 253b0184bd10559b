"""The list of a school, as data."""

from __future__ import annotations

from overstap.schermen import overstaplijst as kolom
from overstap.schermen.filters import OVERSTAP_FILTERS
from overstap.schermen.lijst import Chip, Lijst
from overstap.vo import klassen
from overstap.vo.acties import ACTIES

LEERLINGEN: Lijst = Lijst(
    pagina="leerlingen",
    titel="Leerlingen",
    eenheid=("leerling", "leerlingen"),
    rijen=kolom.overstappen,
    filters=OVERSTAP_FILTERS,
    kolommen=(
        kolom.NAAM, kolom.KLAS, kolom.STATUS, kolom.AANMELDING, kolom.DAGEN, kolom.AAN_ZET, kolom.WAAROM,
    ),
    chips=(
        kolom.CHIP_ALLE, kolom.CHIP_RISICO, kolom.CHIP_ZONDER, kolom.CHIP_TERUG, kolom.CHIP_STILSTAND,
        kolom.CHIP_PLAATSEN, kolom.CHIP_LEERPLICHT, kolom.CHIP_GEPLAATST, kolom.CHIP_VERVOLGKEUZE,
        Chip("Nog niet aangevinkt", {"gemarkeerd": "nee"}),
    ),
    acties=ACTIES,
    standaard={"gemarkeerd": "ja"},
    annotaties=kolom.annotaties,
    verrijk=kolom.verrijk,
    naam=kolom.naam,
    cijfers=kolom.CIJFERS,
    keuzecijfers=kolom.mbos,
    kop=lambda o, vraag: klassen.kop(LEERLINGEN, o, vraag),
    leeg="Er staan nog geen leerlingen die hierbij passen. Lever een bestand aan, of vink overstappers aan.",
)  # fmt: skip
