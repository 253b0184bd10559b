"""Who goes out as potentiële mbo-ganger: the codes that decide, as data, and the same rule as a filter on Overstap.

``vva_berichten/geschikt.py`` judges one overstap in words by these codes; lists and counts use the filter. A test holds them together.
Bron: domein.md 5, "Situation | Message" and "Life cycle".
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from django.db.models import Q

from statuses.referentie.onderwijs import HAVO_VWO


class Gevolg(StrEnum):
    """What a vervolgkeuze does to the mbo-ganger."""

    WEG_ALS_ZEKER = "weg_als_zeker"  # only expected, it keeps or sends ``true``
    WEG_ALTIJD = "weg_altijd"
    BLIJFT_MBO = "blijft_mbo"
    VRAAG_DE_SCHOOL = "vraag_de_school"  # mbo ja or nee; until the answer what was reported stays


GEVOLG: Final[Mapping[str, Gevolg]] = MappingProxyType(
    {
        "havo": Gevolg.WEG_ALS_ZEKER,
        "vavo": Gevolg.WEG_ALS_ZEKER,
        "arbeid": Gevolg.WEG_ALS_ZEKER,
        "buitenland": Gevolg.WEG_ALS_ZEKER,
        "blijft_in_vo": Gevolg.WEG_ALTIJD,
        "mbo_buiten_regio": Gevolg.BLIJFT_MBO,
        "particulier": Gevolg.VRAAG_DE_SCHOOL,
        "anders": Gevolg.VRAAG_DE_SCHOOL,
    }
)
"""Per reden of a vervolgkeuze. Of a reden that a regio added nobody knows it: there the school is asked too."""


def gevolg_van(reden: str) -> Gevolg:
    return GEVOLG.get(reden, Gevolg.VRAAG_DE_SCHOOL)


def vraagt_mbo(reden: str) -> bool:
    """Whether this vervolgkeuze asks the school "mbo ja of nee?"."""
    return gevolg_van(reden) == Gevolg.VRAAG_DE_SCHOOL


def _met(gevolg: Gevolg) -> list[str]:
    return sorted(code for code, g in GEVOLG.items() if g == gevolg)


# Destination as delivered by the school: known, so certain.
BESTEMMING_WEG = frozenset({"havo", "arbeid", "buitenland"})


def mbo_ganger_q() -> Q:
    """Filter on Overstap: those that go out as ``true``, marked and here."""
    keuze = (
        Q(vo_reden__in=_met(Gevolg.BLIJFT_MBO))
        | Q(vo_reden__in=_met(Gevolg.WEG_ALS_ZEKER), vo_zekerheid="verwacht")
        | _vraagt_q() & Q(vo_naar_mbo=True)
    )  # fmt: skip
    return in_bereik_q() & (
        (Q(spoor_vo__isnull=False) & keuze)
        | (Q(spoor_vo__isnull=True) & ~Q(bestemming__in=sorted(BESTEMMING_WEG)))
    )  # fmt: skip


def vraag_q() -> Q:
    """Filter on Overstap: those of whom the school has not said yet "mbo ja of nee"."""
    return in_bereik_q() & Q(spoor_vo__isnull=False, vo_naar_mbo__isnull=True) & _vraagt_q()


def in_bereik_q() -> Q:
    """Filter on Overstap: those whom the law is about at all, whatever they choose."""
    return (
        Q(
            gemarkeerd_sinds__isnull=False,
            gesloten_op__isnull=True,
            leerling__land="NL",
            leerling__gemeente__isnull=False,
        )
        & ~Q(onderwijssoort__in=sorted(HAVO_VWO))
        & ~Q(onderwijssoort="vso", uitstroomprofiel="dagbesteding")
    )


def _vraagt_q() -> Q:
    return ~Q(vo_reden__in=sorted(c for c, g in GEVOLG.items() if g != Gevolg.VRAAG_DE_SCHOOL))
