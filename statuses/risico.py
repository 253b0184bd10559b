"""Who is a risicoleerling, and the signalen beside it. One rule each, as SQL, for lists, counts, API and Excel alike.

Bron: Overstapprocedure RMC 21, hoofdstuk 3; domein.md 2, "Risicoleerling" and "signalen".
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q

from overstap.basis import klok
from statuses.models import Aanmelding, BuitenRegio, Overstap
from statuses.referentie.onderwijs import HAVO_VWO
from statuses.status import LEERPLICHT_AAN_HET_WERK, OPEN, OPEN_OF_DEFINITIEF, TERUG, Status
from statuses.termijnen import Kalender, kalender

S = Status
ALTIJD = frozenset({S.AFGEMELD, S.AFGEWEZEN, S.LP_INGESCHAKELD, S.LP_IN_BEHANDELING})
VEILIG_NA_1_OKTOBER = frozenset({S.VERVOLGKEUZE_VO, S.LP_DEFINITIEF, S.DEFINITIEF})
# Until an instelling agreed on its own norm per step (issue 3): days without a change before it is a stilstand.
STILSTAND_DAGEN = 42


def _buiten_regio() -> Exists:
    return Exists(BuitenRegio.objects.filter(overstap_id=OuterRef("pk")))


def risico_q(k: Kalender, dag: date) -> Q:
    """Filter on Overstap: the risicoleerlingen of this jaar on this day. Marked overstappen only."""
    zonder = Q(leidende_status=S.ZONDER_AANMELDING) & ~Q(onderwijssoort__in=sorted(HAVO_VWO)) & ~Q(_buiten_regio())
    q = Q(leidende_status__in=sorted(ALTIJD))
    if dag >= k["risico_zonder_aanmelding"]:
        q |= zonder
    if dag >= k["leerplicht_aan_zet"]:
        overig = sorted(set(S) - VEILIG_NA_1_OKTOBER - ALTIJD - {S.ZONDER_AANMELDING, S.LP_AFGEHANDELD})
        q |= Q(leidende_status__in=overig)
    # Who leerplicht handed back is one again only after a later change of an aanmelding.
    later = Aanmelding.objects.filter(overstap_id=OuterRef("pk"), status_datum__gt=OuterRef("leerplicht_sinds"))
    return q & (~Q(spoor_leerplicht=S.LP_AFGEHANDELD) | Q(spoor_leerplicht__isnull=True) | Q(Exists(later)))


class Signaal(StrEnum):
    """Why this leerling deserves a look; never a status."""

    STILSTAND = "stilstand"
    NO_SHOW = "no_show"
    TERUGVAL = "terugval"
    AFGEWEZEN_MET_ANDERE_OPEN = "afgewezen_met_andere_open"
    DUBBELE_PLAATSING = "dubbele_plaatsing"
    VERVOLGKEUZE_MET_AANMELDING = "vervolgkeuze_met_aanmelding"
    BUITEN_DE_REGIO = "buiten_de_regio"
    GEPLAATST_MAAR_BIJ_LEERPLICHT = "geplaatst_maar_bij_leerplicht"


def _aanmelding(**filters: object) -> Exists:
    return Exists(Aanmelding.objects.filter(overstap_id=OuterRef("pk"), **filters))


def signaal_q(signaal: Signaal, k: Kalender, dag: date) -> Q:
    """Filter on Overstap: those with this signaal on this day."""
    open_ = sorted(OPEN)
    if signaal == Signaal.STILSTAND:
        grens = dag - timedelta(days=STILSTAND_DAGEN)
        return Q(leidende_status__in=[*open_, S.ZONDER_AANMELDING], leidend_sinds__lte=grens)
    if signaal == Signaal.NO_SHOW:
        return Q(_aanmelding(status=S.DEFINITIEF, aanwezigheid="no_show"))
    if signaal == Signaal.TERUGVAL:
        return Q(leidende_status__in=sorted(TERUG), leidend_sinds__gte=dag - timedelta(days=7))
    if signaal == Signaal.AFGEWEZEN_MET_ANDERE_OPEN:
        return Q(_aanmelding(status=S.AFGEWEZEN)) & Q(_aanmelding(status__in=open_))
    if signaal == Signaal.DUBBELE_PLAATSING:
        tweede = Aanmelding.objects.filter(
            overstap_id=OuterRef("overstap_id"), status=S.DEFINITIEF, nr__gt=OuterRef("nr")
        )
        return Q(Exists(Aanmelding.objects.filter(Exists(tweede), overstap_id=OuterRef("pk"), status=S.DEFINITIEF)))
    if signaal == Signaal.VERVOLGKEUZE_MET_AANMELDING:
        open_of = sorted(OPEN_OF_DEFINITIEF)
        return Q(spoor_vo=S.VERVOLGKEUZE_VO) & ~Q(vo_reden="mbo_buiten_regio") & Q(_aanmelding(status__in=open_of))
    if signaal == Signaal.BUITEN_DE_REGIO:
        return Q(_buiten_regio())
    return Q(spoor_leerplicht__in=sorted(LEERPLICHT_AAN_HET_WERK)) & Q(_aanmelding(status=S.DEFINITIEF))


def met_aanleiding(ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Those that leerplicht may take up without a toelichting: risico, no-show or in a bulk. Bron: domein.md 2."""
    dag = klok.vandaag()
    rijen = Overstap.objects.filter(pk__in=list(ids))
    uit: set[uuid.UUID] = set()
    for jaar in rijen.values_list("overstapjaar", flat=True).distinct():
        k = kalender(jaar)
        aanleiding = risico_q(k, dag) | signaal_q(Signaal.NO_SHOW, k, dag) | Q(in_bulk_op__isnull=False)
        uit |= set(rijen.filter(aanleiding, overstapjaar=jaar).values_list("pk", flat=True))
    return uit
