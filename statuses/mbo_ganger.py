"""Who goes out as potentiële mbo-ganger: the codes that decide, as data, and the same rule as a filter on Overstap.

``vva_berichten/geschikt.py`` judges one overstap in words by these codes; lists and counts use the filter. A test holds them together.
Bron: domein.md 5, "Situation | Message" and "Life cycle".
"""

from __future__ import annotations

from django.db.models import Q

from statuses.referentie.onderwijs import HAVO_VWO

# Vervolgkeuze: when certain it ends the mbo-ganger; only expected, it keeps or sends ``true``.
WEG_ALS_ZEKER = frozenset({"havo", "vavo", "arbeid", "buitenland"})
WEG_ALTIJD = frozenset({"blijft_in_vo"})
BLIJFT_MBO = frozenset({"mbo_buiten_regio"})
VRAAG_DE_SCHOOL = frozenset({"particulier", "anders"})
# Destination as delivered by the school: known, so certain.
BESTEMMING_WEG = frozenset({"havo", "arbeid", "buitenland"})


def mbo_ganger_q() -> Q:
    """Filter on Overstap: those that go out as ``true``, marked and here."""
    keuze = (
        Q(vo_reden__in=sorted(WEG_ALTIJD | VRAAG_DE_SCHOOL))
        | (Q(vo_reden__in=sorted(WEG_ALS_ZEKER)) & ~Q(vo_zekerheid="verwacht"))
    )  # fmt: skip
    return (
        Q(
            gemarkeerd_sinds__isnull=False,
            gesloten_op__isnull=True,
            leerling__land="NL",
            leerling__gemeente__isnull=False,
        )
        & ~Q(onderwijssoort__in=sorted(HAVO_VWO))
        & ~Q(onderwijssoort="vso", uitstroomprofiel="dagbesteding")
        & (
            (Q(spoor_vo__isnull=False) & ~keuze)
            | (Q(spoor_vo__isnull=True) & ~Q(bestemming__in=sorted(BESTEMMING_WEG)))
        )
    )
