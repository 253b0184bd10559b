"""Every transition: who may change which status into which, by which way, and what it needs. Data only.

The one place. Pages take their buttons from it, the API its allowed values, imports and messages their judgement, the
tests their expectation: every pair in it succeeds, every other pair fails. ``beoordelen.py`` reads it.
Bron: domein.md 2, "Transitions"; docs/besluiten/0004.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from accounts.rechten import Rol
from statuses.status import GESTOPT, OPEN, OPEN_OF_DEFINITIEF, Spoor, Status

S = Status


class Via(StrEnum):
    """The way a change comes in. A feed is the SIS or LAS: many rows, no person at the keyboard."""

    PAGINA = "pagina"
    API = "api"
    FEED = "feed"


class Eis(StrEnum):
    """What a transition needs besides the right role and status; each is checked by name in beoordelen.py."""

    REDEN = "reden"  # a coded reason that belongs to the new status
    REDEN_TENZIJ_FEED = "reden_tenzij_feed"
    REDEN_CORRECTIE = "reden_correctie"
    CORRECTIE_IN_FEED = "correctie_in_feed"  # in a feed the higher volgnummer is the reason
    ZEKERHEID = "zekerheid"
    NAAR_MBO = "naar_mbo"  # only at a reden that asks it; an answer may come later
    TOELICHTING = "toelichting"  # without a ground (bezwaar, toestemming): never a text
    TOELICHTING_ZONDER_AANLEIDING = "toelichting_zonder_aanleiding"
    AFSPRAAK = "afspraak"
    KANS_BEVESTIGD = "kans_bevestigd"  # havo and vwo
    GEEN_AANMELDING_OPEN = "geen_aanmelding_open"
    LEERPLICHT_NIET_BEZIG = "leerplicht_niet_bezig"
    VOOR_BEGINSTAND_OF_MANAGER = "voor_beginstand_of_manager"
    ANDERE_BIJ_DIT_MBO = "andere_bij_dit_mbo"
    VOOR_START_MBO = "voor_start_mbo"
    REDEN_VOOROPLEIDING = "reden_vooropleiding"
    OPLEIDING = "opleiding"


@dataclass(frozen=True, slots=True)
class Overgang:
    """One row: on ``spoor`` from one of ``van`` to one of ``naar``; None is "nothing on this spoor"."""

    naam: str
    spoor: Spoor
    van: frozenset[Status | None]
    naar: frozenset[Status | None]
    door: frozenset[Rol]
    bron: str
    via: frozenset[Via] = frozenset(Via)
    eisen: tuple[Eis, ...] = ()


_HAND = frozenset({Via.PAGINA, Via.API})
_FEED = frozenset({Via.FEED})
_DECAAN = frozenset({Rol.DECAAN})
_VO = frozenset({Rol.DECAAN, Rol.MANAGER_VO})
_MBO = frozenset({Rol.MBO_MEDEWERKER})
_LP = frozenset({Rol.LEERPLICHT})
_NIETS: frozenset[Status | None] = frozenset({None})


def _set(*statussen: Status | None) -> frozenset[Status | None]:
    return frozenset(statussen)


def _vooruit() -> tuple[Overgang, ...]:
    return tuple(
        Overgang(
            "vooruit",
            Spoor.AANMELDING,
            _set(van),
            frozenset(n for n in OPEN_OF_DEFINITIEF if n > van),
            _MBO,
            "domein.md 2: forward by any number",
        )
        for van in sorted(OPEN)
    )


def _terug() -> tuple[Overgang, ...]:
    return tuple(
        Overgang(
            "stap_terug",
            Spoor.AANMELDING,
            _set(van),
            frozenset(n for n in OPEN if n < van),
            _MBO,
            "domein.md 2: backward only as a correctie with a reason",
            eisen=(Eis.CORRECTIE_IN_FEED,),
        )
        for van in sorted(OPEN)[1:]
    )


OVERGANGEN: tuple[Overgang, ...] = (
    # --- markering
    Overgang(
        "markeren",
        Spoor.MARKERING,
        _NIETS,
        _set(S.ZONDER_AANMELDING),
        _DECAAN,
        "Procedure 5, aanvinken; voetnoot 6",
        eisen=(Eis.KANS_BEVESTIGD,),
    ),
    Overgang(
        "markering_weg",
        Spoor.MARKERING,
        _set(S.ZONDER_AANMELDING),
        _NIETS,
        _VO,
        "domein.md 2: reden vergissing of dubbel",
        via=_HAND,
        eisen=(Eis.REDEN, Eis.GEEN_AANMELDING_OPEN, Eis.LEERPLICHT_NIET_BEZIG, Eis.VOOR_BEGINSTAND_OF_MANAGER),
    ),
    # --- vo
    Overgang(
        "vervolgkeuze",
        Spoor.VO,
        _set(None, S.VERVOLGKEUZE_VO),
        _set(S.VERVOLGKEUZE_VO),
        _DECAAN,
        "Procedure 3.1, status 6",
        via=_HAND,
        eisen=(Eis.REDEN, Eis.ZEKERHEID, Eis.NAAR_MBO),
    ),
    Overgang(
        "vervolgkeuze_weg",
        Spoor.VO,
        _set(S.VERVOLGKEUZE_VO),
        _NIETS,
        _DECAAN,
        "Procedure 3, status staat niet vast",
        via=_HAND,
    ),
    # --- leerplicht
    Overgang(
        "leerplicht_inschakelen",
        Spoor.LEERPLICHT,
        _set(None, S.LP_AFGEHANDELD, S.LP_DEFINITIEF),
        _set(S.LP_INGESCHAKELD),
        _DECAAN,
        "Procedure 3.1, status 13",
        via=_HAND,
        eisen=(Eis.TOELICHTING,),
    ),
    Overgang(
        "inschakelen_intrekken",
        Spoor.LEERPLICHT,
        _set(S.LP_INGESCHAKELD),
        _NIETS,
        _DECAAN,
        "domein.md 2: not yet taken up",
        via=_HAND,
    ),
    Overgang(
        "in_behandeling_nemen",
        Spoor.LEERPLICHT,
        _set(None, S.LP_INGESCHAKELD),
        _set(S.LP_IN_BEHANDELING),
        _LP,
        "Procedure 3.1, status 14",
        via=_HAND,
        eisen=(Eis.TOELICHTING_ZONDER_AANLEIDING,),
    ),
    Overgang(
        "afhandelen",
        Spoor.LEERPLICHT,
        _set(S.LP_IN_BEHANDELING),
        _set(S.LP_AFGEHANDELD),
        _LP,
        "Procedure 3.1, status 2",
        via=_HAND,
    ),
    Overgang(
        "definitief_bij_leerplicht",
        Spoor.LEERPLICHT,
        _set(S.LP_IN_BEHANDELING),
        _set(S.LP_DEFINITIEF),
        _LP,
        "Procedure 3.1, status 11",
        via=_HAND,
        eisen=(Eis.AFSPRAAK,),
    ),
    Overgang(
        "heropenen",
        Spoor.LEERPLICHT,
        _set(S.LP_DEFINITIEF, S.LP_AFGEHANDELD),
        _set(S.LP_IN_BEHANDELING),
        _LP,
        "domein.md 2: reopen",
        via=_HAND,
    ),
    # --- aanmelding
    Overgang(
        "aanmelden",
        Spoor.AANMELDING,
        _NIETS,
        _set(S.AANGEMELD),
        _MBO,
        "Procedure 3.1, status 7",
        eisen=(Eis.OPLEIDING,),
    ),
    Overgang(
        "aanmelden_in_feed",
        Spoor.AANMELDING,
        _NIETS,
        _set(S.INTAKE, S.VOORLOPIG, S.OOK_AFGEDRUKT, S.DEFINITIEF, S.AFGEMELD, S.AFGEWEZEN),
        _MBO,
        "domein.md 2: in a feed its history begins there",
        via=_FEED,
        eisen=(Eis.OPLEIDING,),
    ),
    *_vooruit(),
    *_terug(),
    Overgang(
        "afmelden",
        Spoor.AANMELDING,
        frozenset(OPEN_OF_DEFINITIEF),
        _set(S.AFGEMELD),
        _MBO,
        "Procedure 3.1, status 4; 5, registreer de reden",
        eisen=(Eis.REDEN_TENZIJ_FEED,),
    ),
    Overgang(
        "afwijzen",
        Spoor.AANMELDING,
        frozenset(OPEN),
        _set(S.AFGEWEZEN),
        _MBO,
        "Procedure 3.1, status 5; 5, registreer de reden",
        eisen=(Eis.REDEN_TENZIJ_FEED,),
    ),
    Overgang(
        "afwijzen_na_plaatsing",
        Spoor.AANMELDING,
        _set(S.DEFINITIEF),
        _set(S.AFGEWEZEN),
        _MBO,
        "domein.md 2: 5 from 12 only before the start, reden vooropleiding",
        eisen=(Eis.VOOR_START_MBO, Eis.REDEN_VOOROPLEIDING),
    ),
    Overgang(
        "beeindigen",
        Spoor.AANMELDING,
        frozenset(OPEN_OF_DEFINITIEF),
        _set(S.BEEINDIGD),
        _MBO,
        "Procedure 3.1, status 3",
        eisen=(Eis.ANDERE_BIJ_DIT_MBO,),
    ),
    *(
        Overgang(
            "reden_aanvullen",
            Spoor.AANMELDING,
            _set(status),
            _set(status),
            _MBO,
            "domein.md 2: a feed without a reden is applied; MB4, once",
            eisen=(Eis.REDEN,),
        )
        for status in (S.AFGEMELD, S.AFGEWEZEN)
    ),
    Overgang(
        "heraanmelden", Spoor.AANMELDING, frozenset(GESTOPT), _set(S.AANGEMELD), _MBO, "domein.md 2: heraanmelding"
    ),
    *(
        Overgang(
            "correctie",
            Spoor.AANMELDING,
            _set(van),
            frozenset({*OPEN_OF_DEFINITIEF, S.AFGEMELD, S.AFGEWEZEN} - {van}),
            _MBO,
            "domein.md 2: correctie with a reason, page and API only",
            via=_HAND,
            eisen=(Eis.REDEN_CORRECTIE,),
        )
        for van in (S.DEFINITIEF, S.AFGEMELD, S.AFGEWEZEN)
    ),
)


# The table never changes while we run: each question is answered by going through it once.
@cache
def overgangen(spoor: Spoor, van: Status | None, naar: Status | None) -> tuple[Overgang, ...]:
    """The rows for a pair on a spoor; empty when nobody may ever do this."""
    return tuple(o for o in OVERGANGEN if o.spoor == spoor and van in o.van and naar in o.naar)


@cache
def mogelijk(spoor: Spoor, van: Status | None, rol: Rol, via: Via) -> tuple[Overgang, ...]:
    """What this role may do from here, by this way: the buttons of a page and the allowed values of the API."""
    return tuple(o for o in OVERGANGEN if o.spoor == spoor and van in o.van and rol in o.door and via in o.via)


@cache
def zet_ooit(rol: Rol, naar: Status | None, spoor: Spoor) -> bool:
    """Whether this role ever sets this status; if not, the API answers 403 instead of 409."""
    return any(rol in o.door and naar in o.naar and o.spoor == spoor for o in OVERGANGEN)
