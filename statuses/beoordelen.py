"""One pure function judges one request and five thousand alike: ``beoordeel(stand, verzoek, context) -> uitkomst``.

It reads the table in overgangen.py and checks each Eis by name (eisen.py). No database, no clock: everything it needs is given.
"""

from __future__ import annotations

from statuses import overgangen as tabel
from statuses.eisen import CONTROLES, mist_reden
from statuses.overgangen import Overgang, Via
from statuses.referentie.redenen import CORRECTIE, MARKERING, redenen
from statuses.status import Spoor, Status
from statuses.verzoek import AanmeldStand, Context, Geweigerd, Stand, Toegestaan, Uitkomst, Verzoek


def _tijd(v: Verzoek, c: Context) -> Geweigerd | None:
    k = c.kalender
    if v.geldig_op > c.vandaag:
        return Geweigerd(
            "datum_in_toekomst", "De datum ligt in de toekomst. Kies vandaag of een eerdere dag.", "veld", "geldigOp"
        )
    if v.geldig_op < k["begin"]:
        return Geweigerd(
            "datum_voor_jaar",
            f"De datum ligt voor het begin van dit overstapjaar, {k['begin']:%d-%m-%Y}. Kies een latere dag.",
            "veld",
            "geldigOp",
        )
    grens = k["einde_leerplichtspoor"] if v.spoor == Spoor.LEERPLICHT else k["einde"]
    if c.vandaag > grens:
        return Geweigerd(
            "jaar_gesloten", f"Dit overstapjaar is gesloten sinds {grens:%d-%m-%Y}. Er kan niets meer in veranderen."
        )
    return None


def _zelfde(stand: Stand, v: Verzoek, van: Status | None) -> bool:
    """Whether the request repeats what already holds; a vervolgkeuze with another reden or zekerheid does not."""
    if v.naar != van or (v.spoor == Spoor.AANMELDING and v.nr is None):
        return False
    if v.spoor == Spoor.VO and van is not None:
        return (v.reden_code, v.zekerheid, v.naar_mbo) == (stand.vo_reden, stand.vo_zekerheid, stand.vo_naar_mbo)
    if v.reden_code and mist_reden(stand, v):
        return False
    return not v.invoegen


def _vreemde_reden(v: Verzoek, c: Context) -> Geweigerd | None:
    """A code that nobody asked for is a text in disguise, for eyes that may see codes and no texts. A feed sends what it has."""
    if not v.reden_code or v.reden_code == CORRECTIE or v.via == Via.FEED:
        return None
    sleutel = v.naar.code if v.naar and v.spoor != Spoor.MARKERING else MARKERING
    if v.reden_code in {r.code for r in redenen(sleutel, c.extra_redenen.get(sleutel, ()))}:
        return None
    return Geweigerd(
        "reden_onbekend", "Deze reden hoort hier niet. Laat de reden weg of kies een andere.", "veld", "reden.code"
    )


def beoordeel(stand: Stand, v: Verzoek, c: Context) -> Uitkomst:
    """Whether this may happen: a row of the table whose eisen all hold, or the rule that stands in the way."""
    van = stand.van(v.spoor, v.nr)
    if not tabel.zet_ooit(v.rol, v.naar, v.spoor):
        return Geweigerd("rol_mag_niet", "Uw rol zet deze status nooit.", "rol")
    if stand.gesloten:
        return Geweigerd(
            "overstap_gesloten", "Deze leerling is hier vertrokken. Alleen de nieuwe school kan nog iets wijzigen."
        )
    if (fout := _tijd(v, c)) is not None:
        return fout
    if v.spoor != Spoor.MARKERING and stand.gemarkeerd_sinds is None:
        return Geweigerd("niet_gemarkeerd", "Deze leerling is nog niet aangevinkt als overstapper. Doe dat eerst.")
    if _zelfde(stand, v, van):
        return Geweigerd("geen_wijziging", "Dit staat er al. Er is niets gewijzigd.", "geen_wijziging")
    rijen = tabel.overgangen(v.spoor, van, v.naar)
    hier = [o for o in rijen if v.rol in o.door and v.via in o.via]
    if not hier:
        return _geen_overgang(van, v, rijen)
    if (fout := _vreemde_reden(v, c)) is not None:
        return fout
    redenen_tegen: list[Geweigerd] = []
    for overgang in hier:
        tegen = next((fout for eis in overgang.eisen if (fout := CONTROLES[eis](stand, v, c)) is not None), None)
        if tegen is None:
            return _op_datum(stand, v, overgang, van)
        redenen_tegen.append(tegen)
    # Several rows may fit a pair (12 to 4 is afmelden, or a correctie); the first one is the ordinary way.
    return redenen_tegen[0]


def _geen_overgang(van: Status | None, v: Verzoek, rijen: tuple[Overgang, ...]) -> Geweigerd:
    van_label = van.label if van else "niets"
    naar_label = v.naar.label if v.naar else "niets"
    if rijen:
        wie = sorted({rol.value for o in rijen for rol in o.door})
        return Geweigerd(
            "niet_langs_deze_weg",
            f"Van '{van_label}' naar '{naar_label}' kan niet langs deze weg of door deze rol ({', '.join(wie)}).",
        )
    return Geweigerd("geen_overgang", f"Van '{van_label}' naar '{naar_label}' bestaat niet. Kies een andere status.")


def _op_datum(stand: Stand, v: Verzoek, overgang: Overgang, van: Status | None) -> Uitkomst:
    """From which day it holds. Before the last gebeurtenis of the spoor only as a correctie; a feed's forward step moves up."""
    sinds = stand.sinds(v.spoor, v.nr)
    if overgang.naam == "reden_aanvullen":
        return Toegestaan(overgang, sinds or v.geldig_op)
    terug = overgang.naam in ("stap_terug", "correctie")
    correctie = terug or v.correctie or v.invoegen or v.reden_code == CORRECTIE
    if sinds is None or v.geldig_op >= sinds or correctie:
        return Toegestaan(overgang, v.geldig_op, correctie)
    if v.via == Via.FEED:
        return Toegestaan(overgang, sinds)
    return Geweigerd(
        "datum_voor_vorige",
        f"De vorige wijziging is van {sinds:%d-%m-%Y}. Een eerdere datum kan alleen als correctie.",
        "regel",
        "geldigOp",
    )


def beoordeel_aanwezigheid(status: Status, nu: str, nieuw: str, c: Context) -> Geweigerd | None:
    """Whether show, no_show or "" (neither) may be set. An attribute and not a status. Bron: domein.md 2; Procedure, voetnoot 5."""
    start, einde = c.kalender["start_mbo"], c.kalender["einde"]
    if c.vandaag > einde:
        return Geweigerd(
            "jaar_gesloten", f"Dit overstapjaar is gesloten sinds {einde:%d-%m-%Y}. Er kan niets meer in veranderen."
        )
    if status != Status.DEFINITIEF or c.vandaag < start:
        return Geweigerd(
            "aanwezigheid_te_vroeg",
            f"Gestart of niet gestart hoort bij een definitieve plaatsing, vanaf de start van het mbo ({start:%d-%m-%Y}).",
        )
    if nu == nieuw:
        return Geweigerd("geen_wijziging", "Dit staat er al. Er is niets gewijzigd.", "geen_wijziging")
    return None


__all__ = [
    "AanmeldStand", "Context", "Geweigerd", "Stand", "Toegestaan", "Uitkomst", "Verzoek", "beoordeel", "beoordeel_aanwezigheid",
]  # fmt: skip
