"""Who is a potentiële mbo-ganger, and why or why not, in words. Pure: readable and testable without a database.

Bron: domein.md 5, the table "Situation | Message" and "Life cycle".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from statuses.mbo_ganger import BESTEMMING_WEG, Gevolg, gevolg_van
from statuses.referentie.onderwijs import HAVO_VWO
from statuses.termijnen import Kalender
from vva_berichten.codes import MELDINGEN, Code


class Oordeel(StrEnum):
    """JA: report or keep ``true``. NEE: not, and ``false`` when reported before. VRAAG: leave it until the school says."""

    JA = "ja"
    NEE = "nee"
    VRAAG = "vraag"


@dataclass(frozen=True, slots=True)
class Feiten:
    """What the rules look at, of one overstap as it stands now."""

    gemarkeerd: bool
    onderwijssoort: str
    uitstroomprofiel: str
    bestemming: str
    land: str
    gemeente: str | None
    vervolgkeuze: bool
    vo_reden: str
    vo_zekerheid: str
    naar_mbo: bool | None = None
    gesloten: bool = False


def beoordeel(f: Feiten) -> tuple[Oordeel, str]:
    """The judgment, and the reason in plain Dutch."""
    if not f.gemarkeerd:
        return Oordeel.NEE, "Niet aangevinkt als overstapper."
    if f.gesloten:
        return Oordeel.NEE, "Vertrokken naar een andere school."
    if f.onderwijssoort in HAVO_VWO:
        return Oordeel.NEE, "Havo en vwo vallen buiten deze melding."
    if f.onderwijssoort == "vso" and f.uitstroomprofiel == "dagbesteding":
        return Oordeel.NEE, "Vso met uitstroomprofiel dagbesteding valt buiten deze melding."
    if f.land != "NL" or not f.gemeente:
        return Oordeel.NEE, "Woont niet in een Nederlandse gemeente."
    return _naar_keuze(f)


def _naar_keuze(f: Feiten) -> tuple[Oordeel, str]:
    if f.vervolgkeuze:
        return _na_vervolgkeuze(f, gevolg_van(f.vo_reden))
    if f.bestemming in BESTEMMING_WEG:
        return Oordeel.NEE, "De school kent een andere bestemming dan het mbo."
    return Oordeel.JA, "Gaat naar verwachting naar het mbo."


def _na_vervolgkeuze(f: Feiten, gevolg: Gevolg) -> tuple[Oordeel, str]:
    if gevolg == Gevolg.VRAAG_DE_SCHOOL:
        return {
            None: (Oordeel.VRAAG, "De vervolgkeuze zegt niet of deze leerling naar een mbo gaat."),
            True: (Oordeel.JA, "Gaat naar een mbo, zegt de school bij de vervolgkeuze."),
            False: (Oordeel.NEE, "Gaat niet naar een mbo, zegt de school bij de vervolgkeuze."),
        }[f.naar_mbo]
    if gevolg == Gevolg.BLIJFT_MBO:
        return Oordeel.JA, "Gaat naar een mbo buiten de regio."
    if gevolg == Gevolg.WEG_ALTIJD or f.vo_zekerheid != "verwacht":
        return Oordeel.NEE, "Gaat niet naar het mbo (vervolgkeuze VO)."
    return Oordeel.JA, "Gaat misschien niet naar het mbo; dat is nog niet zeker."


def wat_te_melden(oordeel: Oordeel, gemeld: bool | None, dag: date, k: Kalender) -> bool | None:
    """What to report today: True, False, or None for nothing (now). ``gemeld`` is what was reported last.

    Before 1 October nothing goes out (the daily job comes back); after the schooljaar nothing does any more.
    """
    if not melden_kan(dag, k):
        return None
    if oordeel == Oordeel.JA and gemeld is not True:
        return True
    if oordeel == Oordeel.NEE and gemeld is True:
        return False
    return None


def vervalt_stil(oordeel: Oordeel, gemeld: bool | None, dag: date, k: Kalender) -> bool:
    """After the schooljaar, until the jaar ends: no message, but who was in a bulk gives a signal."""
    return oordeel == Oordeel.NEE and gemeld is True and k["einde_schooljaar"] < dag <= k["einde"]


class Meldstand(StrEnum):
    """How far the melding of one leerling is. Each has exactly one: the counts add up to the overstappers."""

    GEMELD = "gemeld"
    GEWEIGERD = "geweigerd"  # a system sent it and was refused
    VRAAG = "vraag"  # mbo ja or nee
    KLAAR = "klaar"  # waits for a person at the school
    NOG_NIET = "nog_niet"  # goes by itself
    NIET = "niet"


@dataclass(frozen=True, slots=True)
class Melding:
    """What is known of the melding of one leerling, beside the feiten."""

    gemeld: bool | None = None
    gemeld_op: date | None = None
    bevestigt: bool = False  # the school wants a person in between
    weigering: str = ""  # code of a refusal that stands
    aangesloten: bool = True  # the woongemeente


@dataclass(frozen=True, slots=True)
class Uitleg:
    """The same for people: how far, why, and what must happen (empty: nothing)."""

    stand: Meldstand
    waarom: str
    te_doen: str
    oordeel: Oordeel
    te_bevestigen: bool = False  # a person can report it now; after a refusal too

    @property
    def vraag(self) -> bool:
        """Whether the school is asked "mbo ja of nee?"; reported or not."""
        return self.oordeel == Oordeel.VRAAG


MBO_JA_OF_NEE = "Leg bij de vervolgkeuze vast of deze leerling naar een mbo gaat: ja of nee."
NA_WEIGERING: dict[str, str] = {
    "F101": "Verbeter het nummer in uw leerlingsysteem en verstuur de melding opnieuw.",
    "F102": "Geef in uw leerlingsysteem één nummer op en verstuur de melding opnieuw.",
    "F103": "Verbeter de code van de vestiging in uw leerlingsysteem en verstuur de melding opnieuw.",
    "F104": "Verstuur eerst een melding, of laat de afmelding weg.",
    "F105": "Haal deze leerling uit de meldingen van uw leerlingsysteem.",
    "F106": "Verbeter de woongemeente in uw leerlingsysteem en verstuur de melding opnieuw.",
    "F202": "Verstuur de wijziging opnieuw, met een hoger volgnummer.",
}


def leg_uit(f: Feiten, m: Melding, dag: date, k: Kalender) -> Uitleg:
    """How far the melding is, why, and what must happen now. The order of the tests is that of ``meldstand_q``."""
    oordeel, waarom = beoordeel(f)
    vraag = oordeel == Oordeel.VRAAG
    klaar = m.bevestigt and oordeel == Oordeel.JA and melden_kan(dag, k)
    if m.gemeld:
        return Uitleg(Meldstand.GEMELD, waarom, _na_melding(m, vraag), oordeel)
    if m.weigering:
        zin = f"Het bericht van uw leerlingsysteem is geweigerd ({m.weigering}). {MELDINGEN[Code(m.weigering)]}"
        te_doen = NA_WEIGERING.get(m.weigering, "") + (" Of bevestig de melding hier." if klaar else "")
        return Uitleg(Meldstand.GEWEIGERD, zin, te_doen.strip(), oordeel, klaar)
    if m.gemeld is False and m.gemeld_op:
        waarom = f"Afgemeld op {m.gemeld_op:%d-%m-%Y}. {waarom}"
    if vraag:
        return Uitleg(Meldstand.VRAAG, waarom, MBO_JA_OF_NEE, oordeel)
    if oordeel == Oordeel.NEE:
        return Uitleg(Meldstand.NIET, waarom, "", oordeel)
    if klaar:
        return Uitleg(Meldstand.KLAAR, waarom, "Bevestig de melding.", oordeel, klaar)
    return Uitleg(Meldstand.NOG_NIET, waarom, _wanneer(m, dag, k), oordeel)


def _na_melding(m: Melding, vraag: bool) -> str:
    if vraag:
        return MBO_JA_OF_NEE
    if m.weigering:
        return f"Een later bericht van uw leerlingsysteem is geweigerd ({m.weigering}). {NA_WEIGERING.get(m.weigering, '')}"
    return (
        "" if m.aangesloten else "Niets. De gemeente is nog niet aangesloten (F107); het bericht wacht en gaat vanzelf."
    )


def _wanneer(m: Melding, dag: date, k: Kalender) -> str:
    if dag < k["mbo_gangers_vanaf"]:
        wat = "kunt u de melding bevestigen" if m.bevestigt else "gaat de melding vanzelf"
        return f"Nog niets. Vanaf {k['mbo_gangers_vanaf']:%d-%m-%Y} {wat}."
    if dag > k["einde_schooljaar"]:
        return f"Niets meer. Na {k['einde_schooljaar']:%d-%m-%Y} gaan er geen meldingen meer uit."
    return "Niets. De melding gaat vanzelf, uiterlijk morgenochtend."


def melden_kan(dag: date, k: Kalender) -> bool:
    """Whether a melding can go out on this day: from 1 October until the schooljaar ends."""
    return k["mbo_gangers_vanaf"] <= dag <= k["einde_schooljaar"]


def te_laat(dag: date, k: Kalender) -> bool:
    """Outside 1 October - 1 February: accepted, with W301."""
    return not k["mbo_gangers_vanaf"] <= dag <= k["mbo_gangers_tot"]
