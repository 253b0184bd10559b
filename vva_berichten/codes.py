"""Every code of the contract and its sentence: data only. Bron: vva.md, Outcomes."""

from __future__ import annotations

from enum import StrEnum


class Uitkomst(StrEnum):
    VERWERKT = "verwerkt"
    AL_VERWERKT = "alVerwerkt"
    OPGESLAGEN = "opgeslagen"
    GEWEIGERD = "geweigerd"


class Code(StrEnum):
    T001 = "T001"
    T002 = "T002"
    T003 = "T003"
    T004 = "T004"
    F101 = "F101"
    F102 = "F102"
    F103 = "F103"
    F104 = "F104"
    F105 = "F105"
    F106 = "F106"
    F107 = "F107"
    F201 = "F201"
    F202 = "F202"
    W301 = "W301"
    W302 = "W302"
    W303 = "W303"
    W304 = "W304"


MELDINGEN: dict[Code, str] = {
    Code.T001: "Het bericht past niet op het schema.",
    Code.T002: "De handtekening of het certificaat is niet geldig.",
    Code.T003: "Er is geen mandaat om voor deze instelling te verzenden. Vraag de instelling om een mandaat.",
    Code.T004: "De voorziening is tijdelijk niet beschikbaar. Probeer het later opnieuw.",
    Code.F101: "Het persoonsgebonden nummer is niet geldig (elfproef). Controleer het nummer.",
    Code.F102: "Geef precies één nummer: burgerservicenummer of onderwijsnummer.",
    Code.F103: "De school of vestiging is niet bekend, of de vestiging hoort niet bij deze school.",
    Code.F104: "Deze leerling is niet eerder als potentiële mbo-ganger gemeld. Een afmelding kan dan niet.",
    Code.F105: "Deze leerling volgt onderwijs dat niet meetelt (havo, vwo of dagbesteding).",
    Code.F106: "De gemeente is niet bekend of ligt niet in Nederland.",
    Code.F107: "De gemeente is nog niet aangesloten. Het bericht is bewaard en gaat uit zodra dat zo is.",
    Code.F201: "Deze status bestaat niet. Gebruik een van de vijf statussen van het contract.",
    Code.F202: "Dit is al eerder verstuurd met andere gegevens. Geef een wijziging een hoger volgnummer en een nieuw berichtId.",
    Code.W301: "Aangenomen. Melden hoort tussen 1 oktober en 1 februari te gebeuren.",
    Code.W302: "Er is al een hoger volgnummer bekend. Dit bericht is bewaard en verandert niets.",
    Code.W303: "Dit past niet bij de stand van nu. Het bericht is bewaard en een medewerker kijkt ernaar.",
    Code.W304: "Deze leerling is hier (nog) geen overstapper. Het bericht is bewaard.",
}

# Which outcome a code brings; W301 goes with an accepted message.
UITKOMST_VAN: dict[Code, Uitkomst] = {
    **dict.fromkeys((c for c in Code if c.value[0] in "TF"), Uitkomst.GEWEIGERD),
    Code.F107: Uitkomst.OPGESLAGEN,
    Code.W301: Uitkomst.VERWERKT,
    Code.W302: Uitkomst.OPGESLAGEN,
    Code.W303: Uitkomst.OPGESLAGEN,
    Code.W304: Uitkomst.OPGESLAGEN,
}


def uitkomst_van(codes: list[str]) -> Uitkomst:
    """The outcome of a message with these codes: the gravest one wins."""
    uitkomsten = {UITKOMST_VAN[Code(c)] for c in codes}
    for uitkomst in (Uitkomst.GEWEIGERD, Uitkomst.OPGESLAGEN):
        if uitkomst in uitkomsten:
            return uitkomst
    return Uitkomst.VERWERKT


def melding_van(codes: list[str], extra: str = "") -> str:
    """The sentence to a list of codes; ``extra`` says where."""
    return " ".join([*(MELDINGEN[Code(c)] for c in codes), extra]).strip()
