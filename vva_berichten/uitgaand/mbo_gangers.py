"""Bericht 1, sent by itself: who is to be reported as potentiële mbo-ganger, or not any more. Set-based.

Handlers of events see an overstap more than once; what was reported last stands on the overstap, so a repeat sends nothing.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from accounts import instellingen
from accounts.models import Gemeente, Organisatie, Regio
from overstap.basis import klok
from overstap.basis.rls import bereik
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import voeg_toe
from statuses.actions import record_mbo_gangers
from statuses.models import Overstap
from statuses.referentie.onderwijs import HAVO_VWO
from statuses.status import Status
from statuses.termijnen import Kalender, kalender_van, open_jaren
from vva_berichten import geschikt, opstellen, stand
from vva_berichten.codes import Code
from vva_berichten.meegeven import EERDER
from vva_berichten.models import Bericht, GemeldAanGemeente
from vva_berichten.uitgaand.leveren import organisaties_van_gemeenten, verstuur

_PER_KEER = 500


@dataclass(slots=True)
class _Geladen:
    gemeenten: dict[str, Organisatie]
    regio_van: dict[str, str]
    eerder: dict[uuid.UUID, set[str]]


def feiten(overstap: Overstap) -> geschikt.Feiten:
    """What the rules look at; the overstap comes with its leerling."""
    leerling = overstap.leerling
    return geschikt.Feiten(
        gemarkeerd=overstap.gemarkeerd,
        onderwijssoort=overstap.onderwijssoort,
        uitstroomprofiel=overstap.uitstroomprofiel,
        bestemming=overstap.bestemming,
        land=leerling.land,
        gemeente=leerling.gemeente_id,
        vervolgkeuze=overstap.spoor_vo == Status.VERVOLGKEUZE_VO,
        vo_reden=overstap.vo_reden,
        vo_zekerheid=overstap.vo_zekerheid,
        naar_mbo=overstap.vo_naar_mbo,
        gesloten=overstap.gesloten_op is not None,
    )


def bevestigt(overstap: Overstap) -> bool:
    """Whether at this vestiging a person confirms before a ``true`` goes out."""
    return overstap.vestiging.code in instellingen.van_organisatie(overstap.vestiging.organisatie).vva_bevestigen


def meld(regio: str, overstap_ids: Sequence[uuid.UUID], *, bevestigd: bool = False) -> int:
    """Judge these overstappen and send what is to be reported today. Returns how many messages. Safe to repeat.

    A ``true`` of a school that confirms waits for ``bevestigd``; a ``false`` never waits (docs/besluiten/0020).
    """
    rijen = list(
        Overstap.objects.filter(pk__in=list(overstap_ids))
        .select_related("leerling", "vestiging__organisatie")
        .select_for_update(of=("self",))
        .order_by("id")
    )
    dag = klok.vandaag()
    kalenders = _kalenders(regio, {o.overstapjaar for o in rijen})
    te_melden = []
    vervallen = []
    for overstap in rijen:
        oordeel, _ = geschikt.beoordeel(feiten(overstap))
        k = kalenders[overstap.overstapjaar]
        waar = geschikt.wat_te_melden(oordeel, overstap.mbo_ganger, dag, k)
        if waar and not bevestigd and bevestigt(overstap):
            continue
        if waar is not None:
            te_melden.append((overstap, waar))
        elif geschikt.vervalt_stil(oordeel, overstap.mbo_ganger, dag, k):
            vervallen.append(overstap)
    _laat_vervallen(vervallen, dag)
    return _zend(regio, te_melden, dag, kalenders)


def _laat_vervallen(overstappen: Sequence[Overstap], dag: date) -> None:
    """After the schooljaar: no ``false`` any more, only a signal from each gemeente's regio that knew of this leerling."""
    if not overstappen:
        return
    per_regio: dict[str, set[tuple[int, str, bytes, str]]] = defaultdict(set)
    per_id = {o.id: o for o in overstappen}
    for overstap_id, regio in GemeldAanGemeente.objects.filter(overstap_id__in=list(per_id)).values_list(
        "overstap_id", "gemeente__regio_id"
    ):
        o = per_id[overstap_id]
        brin = o.vestiging.organisatie.code
        per_regio[regio].add((o.overstapjaar, o.leerling.pgn_soort, bytes(o.leerling.pgn_index), brin))
    for regio, wie in sorted(per_regio.items()):
        with bereik([regio]):
            verstuur(stand.laat_vervallen(regio, wie, dag))
    record_mbo_gangers([(o.id, False, dag, o.mbo_ganger_volgnummer + 1) for o in overstappen])


def _zend(regio: str, te_melden: Sequence[tuple[Overstap, bool]], dag: date, kalenders: dict[int, Kalender]) -> int:
    if not te_melden:
        return 0
    geladen = _laad(te_melden)
    berichten: list[Bericht] = []
    gemeld: list[GemeldAanGemeente] = []
    for overstap, waar in te_melden:
        nu_in = overstap.leerling.gemeente_id
        naar = [nu_in] if nu_in else []
        if not waar:
            naar += sorted(geladen.eerder[overstap.id] - {nu_in})
        elif nu_in:
            gemeld.append(GemeldAanGemeente(id=nieuwe_sleutel(), regio_id=regio, overstap=overstap, gemeente_id=nu_in))
        codes = [Code.W301.value] if waar and geschikt.te_laat(dag, kalenders[overstap.overstapjaar]) else []
        berichten += [
            _bericht(overstap, waar, dag, code, codes if code == nu_in else [EERDER], geladen)
            for code in naar
            if code in geladen.gemeenten
        ]
    verstuur(berichten)
    voeg_toe(GemeldAanGemeente, gemeld, botsing="ON CONFLICT DO NOTHING")
    record_mbo_gangers([(o.id, waar, dag, o.mbo_ganger_volgnummer + 1) for o, waar in te_melden])
    return len(berichten)


def _laad(te_melden: Sequence[tuple[Overstap, bool]]) -> _Geladen:
    eerder: dict[uuid.UUID, set[str]] = defaultdict(set)
    weg = [o.id for o, waar in te_melden if not waar]
    for overstap, gemeente in GemeldAanGemeente.objects.filter(overstap_id__in=weg).values_list(
        "overstap_id", "gemeente_id"
    ):
        eerder[overstap].add(gemeente)
    codes = {o.leerling.gemeente_id for o, _ in te_melden if o.leerling.gemeente_id}
    codes |= {code for reeks in eerder.values() for code in reeks}
    regio_van = dict(Gemeente.objects.filter(pk__in=sorted(codes)).values_list("code", "regio_id"))
    return _Geladen(organisaties_van_gemeenten(codes), regio_van, eerder)


def sinds(overstap: Overstap, waar: bool, dag: date) -> date:
    """From which day it holds what is reported on ``dag``: of the markering or vervolgkeuze that made it so."""
    if waar:
        momenten = [overstap.gemarkeerd_sinds, overstap.vo_sinds if overstap.mbo_ganger is False else None]
    elif not overstap.gemarkeerd:
        momenten = [overstap.markering_sinds]
    else:
        momenten = [overstap.vo_sinds if overstap.spoor_vo else None]
    return min(max((m for m in momenten if m), default=dag), dag)


def _bericht(overstap: Overstap, waar: bool, dag: date, gemeente: str, codes: list[str], geladen: _Geladen) -> Bericht:
    return opstellen.mbo_ganger(
        school=overstap.vestiging.organisatie,
        vestiging=overstap.vestiging.code,
        gemeente=geladen.gemeenten[gemeente],
        regio=geladen.regio_van[gemeente],
        overstapjaar=overstap.overstapjaar,
        pgn=opstellen.pgn_van_leerling(overstap.leerling),
        waar=waar,
        dag=sinds(overstap, waar, dag),
        volgnummer=overstap.mbo_ganger_volgnummer + 1,
        codes=codes,
    )


def _kalenders(regio: str, jaren: set[int]) -> dict[int, Kalender]:
    eigen = instellingen.van(Regio.objects.get(pk=regio))
    return {jaar: kalender_van(eigen, jaar) for jaar in jaren}


def te_beoordelen(regio: str) -> Q:
    """Filter on Overstap: those of the open jaren whose report may be due; the rules decide per row."""
    nog_niet = Q(gemarkeerd_sinds__isnull=False) & ~Q(mbo_ganger=True) & ~Q(onderwijssoort__in=sorted(HAVO_VWO))
    misschien_weg = Q(mbo_ganger=True) & (Q(gemarkeerd_sinds__isnull=True) | Q(spoor_vo__isnull=False))
    return Q(overstapjaar__in=open_jaren(klok.vandaag())) & (nog_niet | misschien_weg)


def meld_openstaande(regio: str) -> int:
    """The daily look: on 1 October all who were marked before, and after that whatever an event missed."""
    ids = list(Overstap.objects.filter(te_beoordelen(regio)).order_by("id").values_list("id", flat=True))
    return sum(meld(regio, ids[begin : begin + _PER_KEER]) for begin in range(0, len(ids), _PER_KEER))
