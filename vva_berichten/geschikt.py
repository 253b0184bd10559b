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
    if not k["mbo_gangers_vanaf"] <= dag <= k["einde_schooljaar"]:
        return None
    if oordeel == Oordeel.JA and gemeld is not True:
        return True
    if oordeel == Oordeel.NEE and gemeld is True:
        return False
    return None


def vervalt_stil(oordeel: Oordeel, gemeld: bool | None, dag: date, k: Kalender) -> bool:
    """After the schooljaar, until the jaar ends: no message, but who was in a bulk gives a signal."""
    return oordeel == Oordeel.NEE and gemeld is True and k["einde_schooljaar"] < dag <= k["einde"]


def te_laat(dag: date, k: Kalender) -> bool:
    """Outside 1 October - 1 February: accepted, with W301."""
    return not k["mbo_gangers_vanaf"] <= dag <= k["mbo_gangers_tot"]
