"""How each Eis of overgangen.py is checked: one small pure function per name, and the table that joins them."""

from __future__ import annotations

from collections.abc import Callable

from accounts.rechten import Rol
from statuses.mbo_ganger import vraagt_mbo
from statuses.overgangen import Eis, Via
from statuses.referentie.onderwijs import HAVO_VWO
from statuses.referentie.redenen import CORRECTIE, MARKERING, reden, redenen
from statuses.status import LEERPLICHT_AAN_HET_WERK, OPEN_OF_DEFINITIEF, TERUG, Status
from statuses.verzoek import Context, Geweigerd, Stand, Verzoek

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


def mist_reden(stand: Stand, v: Verzoek) -> bool:
    """It stands at 4 or 5, and its feed did not say why."""
    hier = stand.aanmeldingen.get(v.nr) if v.nr is not None else None
    return hier is not None and hier.status in TERUG and not hier.reden


def _correctie_in_feed(stand: Stand, v: Verzoek, c: Context) -> Geweigerd | None:
    return None if v.via == Via.FEED else _reden_correctie(stand, v, c)


def _zekerheid(stand: Stand, v: Verzoek, c: Context) -> Geweigerd | None:
    if v.zekerheid in ("verwacht", "zeker"):
        return None
    return Geweigerd("zekerheid_onbekend", "Zekerheid is 'verwacht' of 'zeker'.", "veld", "zekerheid")


def _naar_mbo(stand: Stand, v: Verzoek, c: Context) -> Geweigerd | None:
    if v.naar_mbo is None or vraagt_mbo(v.reden_code):
        return None
    return Geweigerd(
        "naar_mbo_hoort_hier_niet",
        "Bij deze reden is al duidelijk of de leerling naar een mbo gaat. Laat het antwoord op die vraag weg.",
        "veld",
        "naarMbo",
    )


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
    Eis.NAAR_MBO: _naar_mbo,
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
