"""One pure function judges one request and five thousand alike: ``beoordeel(stand, verzoek, context) -> uitkomst``.

It reads the table in overgangen.py and checks each Eis by name. No database, no clock: everything it needs is given.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from accounts.rechten import Rol
from statuses import overgangen as tabel
from statuses.overgangen import Eis, Overgang, Via
from statuses.referentie.onderwijs import HAVO_VWO
from statuses.referentie.redenen import CORRECTIE, MARKERING, Reden, reden, redenen
from statuses.status import LEERPLICHT_AAN_HET_WERK, OPEN_OF_DEFINITIEF, TERUG, Spoor, Status
from statuses.termijnen import Kalender

Soort = Literal["regel", "veld", "rol", "geen_wijziging"]


@dataclass(slots=True)
class AanmeldStand:
    """The stand of one aanmelding within its overstap."""

    nr: int
    mbo_id: uuid.UUID
    status: Status
    sinds: date
    aanwezigheid: str = ""
    crebo: str = ""
    reden: str = ""


@dataclass(slots=True)
class Stand:
    """What holds for one overstap now. Mutable: a batch folds its requests over it one by one."""

    gemarkeerd_sinds: date | None = None
    onderwijssoort: str = "vmbo"
    vo: Status | None = None
    vo_sinds: date | None = None
    vo_reden: str = ""
    vo_zekerheid: str = ""
    leerplicht: Status | None = None
    leerplicht_sinds: date | None = None
    markering_sinds: date | None = None  # of the last markering gebeurtenis, off included
    aanmeldingen: dict[int, AanmeldStand] = field(default_factory=dict)
    gesloten: bool = False
    grondslag: bool = True  # texts may go to leerplicht: no bezwaar, and consent where the regio wants it
    grondslag_mbo: bool = True  # and to the mbo
    aanleiding: bool = False  # risico, no-show or in a bulk: leerplicht may start without a toelichting

    @property
    def leidend(self) -> Status | None:
        from statuses.status import leidende_status

        return leidende_status(
            self.gemarkeerd_sinds is not None,
            self.vo,
            self.leerplicht,
            frozenset(int(a.status) for a in self.aanmeldingen.values()),
        )

    def van(self, spoor: Spoor, nr: int | None) -> Status | None:
        """What stands on a spoor now."""
        if spoor == Spoor.MARKERING:
            return Status.ZONDER_AANMELDING if self.gemarkeerd_sinds else None
        if spoor == Spoor.VO:
            return self.vo
        if spoor == Spoor.LEERPLICHT:
            return self.leerplicht
        return self.aanmeldingen[nr].status if nr in self.aanmeldingen else None

    def sinds(self, spoor: Spoor, nr: int | None) -> date | None:
        """Since when; also for a spoor that was taken back."""
        if spoor == Spoor.MARKERING:
            return self.markering_sinds
        if spoor == Spoor.VO:
            return self.vo_sinds
        if spoor == Spoor.LEERPLICHT:
            return self.leerplicht_sinds
        return self.aanmeldingen[nr].sinds if nr in self.aanmeldingen else None


@dataclass(frozen=True, slots=True)
class Verzoek:
    """One wish: on this spoor to this status (None: take it back), by this role and way, as of ``geldig_op``."""

    spoor: Spoor
    naar: Status | None
    rol: Rol
    via: Via
    geldig_op: date
    reden_code: str = ""
    tekst: str = ""
    zekerheid: str = ""
    nr: int | None = None  # of the aanmelding; None for a new one
    mbo_id: uuid.UUID | None = None
    opleiding: str = ""
    kans_bevestigd: bool = False
    advies: str = ""  # at 4 and 5: which other opleiding the mbo advises
    correctie: bool = False
    invoegen: bool = False
    # Beside ``tekst``: what leerplicht tells the school, and whom it can reach there.
    voor_school: str = ""
    contact: str = ""
    # In a feed, of a new aanmelding: when the leerling applied; a 7 on that day comes first.
    begon_op: date | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What the rules need beside the stand: today, the calendar, and the redenen that the regio added per status code."""

    vandaag: date
    kalender: Kalender
    extra_redenen: Mapping[str, tuple[Reden, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Toegestaan:
    """Allowed, by which row of the table, and from which day it holds."""

    overgang: Overgang
    geldig_op: date
    correctie: bool = False


@dataclass(frozen=True, slots=True)
class Geweigerd:
    """Refused: the name of the rule, and a sentence that says what to do. ``veld`` when one field is wrong."""

    code: str
    detail: str
    soort: Soort = "regel"
    veld: str = ""


Uitkomst = Toegestaan | Geweigerd
_Controle = Callable[[Stand, Verzoek, Context], Geweigerd | None]


def _reden(voor: str) -> _Controle:
    def controle(stand: Stand, v: Verzoek, c: Context) -> Geweigerd | None:
        sleutel = voor or (v.naar.code if v.naar else MARKERING)
        extra = c.extra_redenen.get(sleutel, ())
        codes = ", ".join(r.code for r in redenen(sleutel, extra))
        if not v.reden_code:
            return Geweigerd("reden_ontbreekt", f"Geef een reden. Kies uit: {codes}.", "veld", "reden.code")
        try:
            gekozen = reden(sleutel, v.reden_code, extra)
        except ValueError:
            return Geweigerd("reden_onbekend", f"Deze reden hoort hier niet. Kies uit: {codes}.", "veld", "reden.code")
        if gekozen.tekst_verplicht and not v.tekst.strip():
            return Geweigerd(
                "tekst_ontbreekt",
                "Bij de reden 'anders' hoort een tekst. Schrijf kort wat er is.",
                "veld",
                "reden.tekst",
            )
        return None

    return controle


def _reden_tenzij_feed(stand: Stand, v: Verzoek, c: Context) -> Geweigerd | None:
    if v.via == Via.FEED and not v.reden_code:
        return None
    return _reden("")(stand, v, c)


def _reden_correctie(stand: Stand, v: Verzoek, c: Context) -> Geweigerd | None:
    if v.reden_code == CORRECTIE:
        return None
    return Geweigerd(
        "alleen_als_correctie",
        "Deze stap terug kan alleen als correctie. Kies de reden 'correctie' en zeg wat er fout was.",
        "regel",
        "reden.code",
    )


def _mist_reden(stand: Stand, v: Verzoek) -> bool:
    """It stands at 4 or 5, and its feed did not say why."""
    hier = stand.aanmeldingen.get(v.nr) if v.nr is not None else None
    return hier is not None and hier.status in TERUG and not hier.reden


def _correctie_in_feed(stand: Stand, v: Verzoek, c: Context) -> Geweigerd | None:
    return None if v.via == Via.FEED else _reden_correctie(stand, v, c)


def _zekerheid(stand: Stand, v: Verzoek, c: Context) -> Geweigerd | None:
    if v.zekerheid in ("verwacht", "zeker"):
        return None
    return Geweigerd("zekerheid_onbekend", "Zekerheid is 'verwacht' of 'zeker'.", "veld", "zekerheid")


def _toelichting(stand: Stand, v: Verzoek, c: Context) -> Geweigerd | None:
    if not stand.grondslag:
        if v.tekst.strip():
            return Geweigerd(
                "toelichting_mag_niet",
                "Er is bezwaar of geen toestemming: bij deze leerling mag geen toelichting mee. Schakel leerplicht in zonder tekst.",
                "veld",
                "reden.tekst",
            )
        return None
    if v.tekst.strip():
        return None
    return Geweigerd(
        "toelichting_ontbreekt",
        "Schrijf een toelichting voor leerplicht: wat speelt er, wat is al gedaan?",
        "veld",
        "reden.tekst",
    )


def _toelichting_zonder_aanleiding(stand: Stand, v: Verzoek, c: Context) -> Geweigerd | None:
    if stand.leerplicht == Status.LP_INGESCHAKELD or stand.aanleiding or v.tekst.strip():
        return None
    return Geweigerd(
        "toelichting_ontbreekt",
        "Deze leerling is niet aangemeld door de school en geen risicoleerling. Schrijf waarom u de leerling in behandeling neemt.",
        "veld",
        "reden.tekst",
    )


def _afspraak(stand: Stand, v: Verzoek, c: Context) -> Geweigerd | None:
    if v.tekst.strip():
        return None
    return Geweigerd(
        "afspraak_ontbreekt", "Schrijf welke afspraak er met de leerling is gemaakt.", "veld", "reden.tekst"
    )


def _kans_bevestigd(stand: Stand, v: Verzoek, c: Context) -> Geweigerd | None:
    if stand.onderwijssoort not in HAVO_VWO or v.kans_bevestigd or v.via == Via.FEED:
        return None
    return Geweigerd(
        "kans_niet_bevestigd",
        "Zet een havo- of vwo-leerling er alleen in als de kans op het mbo groot is. Bevestig dat bij het aanvinken.",
        "veld",
        "kansBevestigd",
    )


def _geen_aanmelding_open(stand: Stand, v: Verzoek, c: Context) -> Geweigerd | None:
    if not any(a.status in OPEN_OF_DEFINITIEF for a in stand.aanmeldingen.values()):
        return None
    return Geweigerd(
        "aanmelding_open",
        "Er is nog een aanmelding open. Leg een vervolgkeuze VO vast in plaats van het vinkje weg te halen.",
    )


def _leerplicht_niet_bezig(stand: Stand, v: Verzoek, c: Context) -> Geweigerd | None:
    if stand.leerplicht not in LEERPLICHT_AAN_HET_WERK:
        return None
    return Geweigerd("leerplicht_bezig", "Leerplicht is met deze leerling bezig. Het vinkje kan er nu niet af.")


def _voor_beginstand(stand: Stand, v: Verzoek, c: Context) -> Geweigerd | None:
    dag = c.kalender["beginstand"]
    if c.vandaag <= dag or v.rol == Rol.MANAGER_VO:
        return None
    return Geweigerd(
        "na_beginstand", f"Na {dag:%d-%m-%Y} kan alleen de manager vo het vinkje weghalen: het telt mee in de ambities."
    )


def _andere_bij_dit_mbo(stand: Stand, v: Verzoek, c: Context) -> Geweigerd | None:
    deze = next((a for a in stand.aanmeldingen.values() if a.nr == v.nr), None)
    anderen = [a for a in stand.aanmeldingen.values() if a is not deze and deze is not None and a.mbo_id == deze.mbo_id]
    if any(a.status in OPEN_OF_DEFINITIEF for a in anderen):
        return None
    return Geweigerd(
        "geen_andere_aanmelding",
        "Beëindigen kan alleen als de leerling bij dezelfde instelling een andere aanmelding open of definitief heeft. "
        "Gebruik anders afmelden of afwijzen.",
    )


def _voor_start_mbo(stand: Stand, v: Verzoek, c: Context) -> Geweigerd | None:
    dag = c.kalender["start_mbo"]
    gestart = any(a.nr == v.nr and a.aanwezigheid == "show" for a in stand.aanmeldingen.values())
    if v.geldig_op < dag and not gestart:
        return None
    return Geweigerd("na_start_mbo", f"Na een definitieve plaatsing kan afwijzen alleen vóór de start, {dag:%d-%m-%Y}.")


def _reden_vooropleiding(stand: Stand, v: Verzoek, c: Context) -> Geweigerd | None:
    if v.reden_code == "vooropleiding":
        return None
    return Geweigerd(
        "alleen_vooropleiding",
        "Na een definitieve plaatsing kan afwijzen alleen met de reden 'vooropleiding'.",
        "regel",
        "reden.code",
    )


def _opleiding(stand: Stand, v: Verzoek, c: Context) -> Geweigerd | None:
    if v.opleiding.strip():
        return None
    return Geweigerd(
        "opleiding_ontbreekt", "Kies de opleiding waarvoor de leerling zich aanmeldt.", "veld", "opleiding"
    )


CONTROLES: dict[Eis, _Controle] = {
    Eis.REDEN: _reden(""),
    Eis.REDEN_TENZIJ_FEED: _reden_tenzij_feed,
    Eis.REDEN_CORRECTIE: _reden_correctie,
    Eis.CORRECTIE_IN_FEED: _correctie_in_feed,
    Eis.ZEKERHEID: _zekerheid,
    Eis.TOELICHTING: _toelichting,
    Eis.TOELICHTING_ZONDER_AANLEIDING: _toelichting_zonder_aanleiding,
    Eis.AFSPRAAK: _afspraak,
    Eis.KANS_BEVESTIGD: _kans_bevestigd,
    Eis.GEEN_AANMELDING_OPEN: _geen_aanmelding_open,
    Eis.LEERPLICHT_NIET_BEZIG: _leerplicht_niet_bezig,
    Eis.VOOR_BEGINSTAND_OF_MANAGER: _voor_beginstand,
    Eis.ANDERE_BIJ_DIT_MBO: _andere_bij_dit_mbo,
    Eis.VOOR_START_MBO: _voor_start_mbo,
    Eis.REDEN_VOOROPLEIDING: _reden_vooropleiding,
    Eis.OPLEIDING: _opleiding,
}


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
        return (v.reden_code, v.zekerheid) == (stand.vo_reden, stand.vo_zekerheid)
    if v.reden_code and _mist_reden(stand, v):
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
