"""Who is a risicoleerling, and the signalen beside it. One rule each, as SQL, for lists, counts, API and Excel alike.

Bron: Overstapprocedure RMC 21, hoofdstuk 3; domein.md 2, "Risicoleerling" and "signalen".
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from overstap.basis import klok
from statuses.looptijd import grens
from statuses.models import Aanmelding, BuitenRegio, Overstap
from statuses.referentie.onderwijs import HAVO_VWO
from statuses.regels import Regels
from statuses.regiokalender import kalenders
from statuses.status import LEERPLICHT_AAN_HET_WERK, OPEN, OPEN_OF_DEFINITIEF, Status
from statuses.termijnen import Kalender

S = Status
ALTIJD = frozenset({S.AFGEMELD, S.AFGEWEZEN, S.LP_INGESCHAKELD, S.LP_IN_BEHANDELING})
VEILIG_NA_1_OKTOBER = frozenset({S.VERVOLGKEUZE_VO, S.LP_DEFINITIEF, S.DEFINITIEF})
# Of an aanmelding outside the regio that stopped: it explains nothing any more (vva.md, the five statussen).
BUITEN_GESTOPT = ("LEIDT_NIET_TOT_INSCHRIJVING", "INGETROKKEN")
# What a viewer who never looked before, and a system, calls recent.
TERUGVAL_DAGEN = 7
DOELGROEPEN = ("havo_vwo", "overig")


def doelgroep_q(doelgroep: str) -> Q:
    """Filter on Overstap: havisten and vwo'ers apart, or all others. Risk counts leave the first out. Bron: domein.md 8."""
    if doelgroep not in DOELGROEPEN:
        raise ValueError(f"onbekende doelgroep: {doelgroep}")
    havo_vwo = Q(onderwijssoort__in=sorted(HAVO_VWO))
    return havo_vwo if doelgroep == "havo_vwo" else ~havo_vwo


def buiten_regio() -> Exists:
    """On Overstap: an aanmelding outside the regio that still runs."""
    return Exists(BuitenRegio.objects.filter(overstap_id=OuterRef("pk")).exclude(status__in=BUITEN_GESTOPT))


def risico_q(k: Kalender, dag: date) -> Q:
    """Filter on Overstap: the risicoleerlingen of this jaar on this day. Marked overstappen only."""
    zonder = Q(leidende_status=S.ZONDER_AANMELDING) & doelgroep_q("overig") & ~Q(buiten_regio())
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


def _aanmelding(mbo: uuid.UUID | None, *q: Q, **filters: object) -> Exists:
    """On Overstap: an aanmelding such as this, at this mbo when one is given."""
    rijen = Aanmelding.objects.filter(*q, overstap_id=OuterRef("pk"), **filters)
    return Exists(rijen.filter(mbo_id=mbo) if mbo else rijen)


def over_tijd_q(regels: Regels, dag: date) -> Q:
    """Filter on Aanmelding: at 7, 8, 9 or 10 for longer than that instelling agreed for that step, holidays left out.

    One date per distinct number of days: no arithmetic in the database.
    """
    uit = Q(pk__in=[])
    for status in sorted(OPEN):
        eigen: dict[int, list[uuid.UUID]] = defaultdict(list)
        for mbo, dagen in regels.per_mbo.items():
            if status in dagen:
                eigen[dagen[status]].append(mbo)
        deel = Q(pk__in=[])
        for norm, mbos in eigen.items():
            deel |= Q(mbo_id__in=sorted(mbos), status_datum__lte=grens(dag, norm, regels.vakanties))
        if status in regels.doorlooptijden:
            gewoon = Q(status_datum__lte=grens(dag, regels.doorlooptijden[status], regels.vakanties))
            anders = sorted(mbo for mbos in eigen.values() for mbo in mbos)
            deel |= gewoon & ~Q(mbo_id__in=anders) if anders else gewoon
        uit |= Q(status=status) & deel
    return uit


def zonder_stil_q(regels: Regels, dag: date) -> Q:
    """Filter on Overstap: marked, without an aanmelding, and nothing happened for the number of weeks that the regio chose."""
    return Q(
        leidende_status=S.ZONDER_AANMELDING, leidend_sinds__lte=dag - timedelta(weeks=regels.stilstand_weken_zonder)
    )


def sinds_wanneer(dag: date, gezien: datetime | None) -> datetime:
    """Since when a fall counts for this viewer: its last look, or the last seven days."""
    return gezien or timezone.make_aware(datetime.combine(dag - timedelta(days=TERUGVAL_DAGEN), datetime.min.time()))


def teruggevallen_q(dag: date, gezien: datetime | None = None, mbo: uuid.UUID | None = None) -> Q:
    """Filter on Aanmelding: fell since the viewer last looked, and none of the others (there) stands where it stood, or higher."""
    elders = Aanmelding.objects.filter(
        overstap_id=OuterRef("overstap_id"),
        status__in=sorted(OPEN_OF_DEFINITIEF),
        status__gte=OuterRef("teruggevallen_van"),
    )
    elders = elders.filter(mbo_id=mbo) if mbo else elders
    return ~Q(Exists(elders)) & Q(teruggevallen_op__gte=sinds_wanneer(dag, gezien))


def _dubbel(mbo: uuid.UUID | None) -> Q:
    tweede = Aanmelding.objects.filter(overstap_id=OuterRef("overstap_id"), status=S.DEFINITIEF, nr__gt=OuterRef("nr"))
    tweede = tweede.filter(mbo_id=mbo) if mbo else tweede
    return Q(_aanmelding(mbo, Q(Exists(tweede)), status=S.DEFINITIEF))


def signaal_q(
    signaal: Signaal, k: Kalender, dag: date, *, gezien: datetime | None = None, mbo: uuid.UUID | None = None
) -> Q:
    """Filter on Overstap: those with this signaal on this day.

    ``gezien``: when the viewer last looked, for terugval. ``mbo``: over the aanmeldingen at this instelling alone, with
    ``eigen_status`` annotated (statuses/eigen.py); what stands on the other sporen is none of its business.
    """
    open_, leidend = sorted(OPEN), "eigen_status" if mbo else "leidende_status"
    if signaal == Signaal.STILSTAND:
        # The aanmelding that leads: a slow one beside a faster one keeps nobody waiting.
        stil = _aanmelding(mbo, over_tijd_q(k.regels, dag), status=OuterRef(leidend))
        q = Q(stil, **{f"{leidend}__in": open_})
        return q if mbo else q | zonder_stil_q(k.regels, dag)
    if signaal == Signaal.NO_SHOW:
        return Q(_aanmelding(mbo, status=S.DEFINITIEF, aanwezigheid="no_show"))
    if signaal == Signaal.TERUGVAL:
        return Q(_aanmelding(mbo, teruggevallen_q(dag, gezien, mbo)))
    if signaal == Signaal.AFGEWEZEN_MET_ANDERE_OPEN:
        return Q(_aanmelding(mbo, status=S.AFGEWEZEN)) & Q(_aanmelding(mbo, status__in=open_))
    if signaal == Signaal.DUBBELE_PLAATSING:
        return _dubbel(mbo)
    if mbo:
        return Q(pk__in=[])
    if signaal == Signaal.VERVOLGKEUZE_MET_AANMELDING:
        open_of = sorted(OPEN_OF_DEFINITIEF)
        return (
            Q(spoor_vo=S.VERVOLGKEUZE_VO) & ~Q(vo_reden="mbo_buiten_regio") & Q(_aanmelding(None, status__in=open_of))
        )
    if signaal == Signaal.BUITEN_DE_REGIO:
        return Q(buiten_regio())
    return Q(spoor_leerplicht__in=sorted(LEERPLICHT_AAN_HET_WERK)) & Q(_aanmelding(None, status=S.DEFINITIEF))


def met_aanleiding(
    ids: Iterable[uuid.UUID], kalender_van: Mapping[tuple[str, int], Kalender] | None = None
) -> set[uuid.UUID]:
    """Those that leerplicht may take up without a toelichting: risico, no-show or in a bulk. Bron: domein.md 2."""
    dag = klok.vandaag()
    rijen = Overstap.objects.filter(pk__in=list(ids))
    sleutels = set(rijen.values_list("regio_id", "overstapjaar"))
    k = kalender_van or kalenders({regio for regio, _ in sleutels}, {jaar for _, jaar in sleutels})
    uit: set[uuid.UUID] = set()
    for regio, jaar in sleutels:
        hier = k[(regio, jaar)]
        aanleiding = risico_q(hier, dag) | signaal_q(Signaal.NO_SHOW, hier, dag) | Q(in_bulk_op__isnull=False)
        uit |= set(rijen.filter(aanleiding, regio_id=regio, overstapjaar=jaar).values_list("pk", flat=True))
    return uit
