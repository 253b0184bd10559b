"""Bericht 2, sent by itself on every change of the mapped status: to the vo-school and, where rule 5 allows, the gemeente.

The gebeurtenissen are read in their order from where the last reading stopped, so that two quick changes are two messages
and an event that is seen twice sends nothing.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from accounts.instellingen import lees, van_organisatie
from accounts.models import Gemeente, Organisatie, Regio
from overstap.basis import klok
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import voeg_toe, werk_bij
from statuses.models import SPOOR_AANMELDING, Aanmelding, Gebeurtenis, Overstap
from statuses.status import Status
from vva_berichten import opstellen, routering
from vva_berichten.contract.aanmeldstatus import AanmeldstatusCode
from vva_berichten.contract.basis import Pgn
from vva_berichten.models import Bericht, VerzondenAanmeldstatus
from vva_berichten.uitgaand.leveren import organisaties_van_gemeenten, verstuur


@dataclass(slots=True)
class _Partij:
    """What one call reads and writes."""

    gemeenten: dict[str, Organisatie]
    regio_van: dict[str, str]
    grenzen: dict[str, int]
    met_diploma: set[uuid.UUID]
    berichten: list[Bericht] = field(default_factory=list)
    nieuw: list[VerzondenAanmeldstatus] = field(default_factory=list)
    gewijzigd: list[VerzondenAanmeldstatus] = field(default_factory=list)


def meld(regio: str, overstap_ids: Sequence[uuid.UUID]) -> int:
    """Send what changed of the aanmeldingen of these overstappen. Returns how many messages. Safe to repeat."""
    ids = sorted(set(overstap_ids))
    overstappen = {
        o.id: o
        for o in Overstap.objects.filter(pk__in=ids)
        .select_related("leerling", "vestiging__organisatie")
        .select_for_update(of=("self",))
        .order_by("id")
    }
    aanmeldingen = {
        (a.overstap_id, a.nr): a for a in Aanmelding.objects.filter(overstap_id__in=ids).select_related("mbo")
    }
    verzonden = {
        v.aanmelding_id: v
        for v in VerzondenAanmeldstatus.objects.filter(aanmelding_id__in=[a.id for a in aanmeldingen.values()])
    }
    per_aanmelding: dict[tuple[uuid.UUID, int], list[Gebeurtenis]] = defaultdict(list)
    for g in Gebeurtenis.objects.filter(overstap_id__in=ids, spoor__gte=SPOOR_AANMELDING).order_by("volgnr"):
        per_aanmelding[(g.overstap_id, g.spoor - SPOOR_AANMELDING)].append(g)
    partij = _partij(overstappen.values(), aanmeldingen.values())
    for sleutel, gebeurtenissen in per_aanmelding.items():
        aanmelding = aanmeldingen.get(sleutel)
        if aanmelding is not None and sleutel[0] in overstappen:
            _volg(overstappen[sleutel[0]], aanmelding, gebeurtenissen, verzonden.get(aanmelding.id), partij)
    verstuur(partij.berichten)
    voeg_toe(VerzondenAanmeldstatus, partij.nieuw)
    werk_bij(VerzondenAanmeldstatus, partij.gewijzigd, ("status", "volgnummer", "gelezen_tot"))
    return len(partij.berichten)


def _partij(rijen: Collection[Overstap], aanmeldingen: Collection[Aanmelding]) -> _Partij:
    codes = {o.leerling.gemeente_id for o in rijen if o.leerling.gemeente_id}
    regio_van = dict(Gemeente.objects.filter(pk__in=sorted(codes)).values_list("code", "regio_id"))
    dag = klok.vandaag()
    gekozen = Regio.objects.filter(pk__in=sorted(set(regio_van.values()))).values_list("code", "instellingen")
    return _Partij(
        gemeenten=organisaties_van_gemeenten(codes),
        regio_van=regio_van,
        grenzen={code: routering.leeftijdsgrens(dag, lees(json).leeftijdsgrens) for code, json in gekozen},
        met_diploma={a.overstap_id for a in aanmeldingen if a.startkwalificatie},
    )


def _volg(
    overstap: Overstap, aanmelding: Aanmelding, gebeurtenissen: Sequence[Gebeurtenis],
    vorige: VerzondenAanmeldstatus | None, partij: _Partij,
) -> None:  # fmt: skip
    """Fold the gebeurtenissen that were not read yet; each change of the mapped status is a message."""
    gelezen = vorige.gelezen_tot if vorige else 0
    nieuw = [g for g in gebeurtenissen if g.volgnr > gelezen]
    if not nieuw:
        return
    stand = vorige or VerzondenAanmeldstatus(
        id=nieuwe_sleutel(), regio_id=overstap.regio_id, aanmelding=aanmelding, status="", volgnummer=0, gelezen_tot=0
    )
    pgn: Pgn | None = None
    for gebeurtenis in nieuw:
        stand.gelezen_tot = gebeurtenis.volgnr
        code = _afbeelding(aanmelding, gebeurtenis)
        if code is None or code == stand.status:
            continue
        pgn = pgn or opstellen.pgn_van_leerling(overstap.leerling)
        stand.status = code.value
        # Never below the volgnummer of the SIS, so that its own messages about the same aanmelding stay in one order.
        stand.volgnummer = max(stand.volgnummer + 1, aanmelding.volgnummer)
        if gebeurtenis.bron == routering.KOPPELPUNT:  # the message that it came from was sent on as it was
            continue
        _adresseer(overstap, aanmelding, gebeurtenis, code, stand.volgnummer, pgn, partij)
    (partij.gewijzigd if vorige else partij.nieuw).append(stand)


def _afbeelding(aanmelding: Aanmelding, gebeurtenis: Gebeurtenis) -> AanmeldstatusCode | None:
    if gebeurtenis.naar is None:
        return None
    afwijkingen = van_organisatie(aanmelding.mbo).aanmeldstatus
    return routering.aanmeldstatus_van(Status(gebeurtenis.naar), gebeurtenis.geldig_op, afwijkingen)


def _adresseer(
    overstap: Overstap, aanmelding: Aanmelding, gebeurtenis: Gebeurtenis, code: AanmeldstatusCode, volgnummer: int,
    pgn: Pgn, partij: _Partij,
) -> None:  # fmt: skip
    """To the latende school, and to the woongemeente of this moment where rule 5 lets it know. Judged now, at sending."""
    leerling = overstap.leerling
    ontvangers: list[tuple[Organisatie, str, str | None]] = [
        (overstap.vestiging.organisatie, overstap.regio_id, overstap.vestiging.code)
    ]
    gemeente = partij.gemeenten.get(leerling.gemeente_id or "")
    if gemeente is not None:
        regio = partij.regio_van[gemeente.code]
        if routering.gemeente_mag_weten(
            gemeente=leerling.gemeente_id, land=leerling.land, geboortedatum=leerling.geboortedatum,
            startkwalificatie=overstap.id in partij.met_diploma, dag=klok.vandaag(), grens=partij.grenzen[regio],
        ):  # fmt: skip
            ontvangers.append((gemeente, regio, None))
    for ontvanger, regio, vo_school in ontvangers:
        partij.berichten.append(
            opstellen.aanmeldstatus(
                mbo_code=aanmelding.mbo.code[:4],
                mbo=aanmelding.mbo,
                ontvanger=ontvanger,
                regio=regio,
                overstapjaar=overstap.overstapjaar,
                pgn=pgn,
                aanmeld_id=aanmelding.aanmeld_id,
                status=code,
                status_datum=gebeurtenis.geldig_op,
                aanmeld_datum=aanmelding.aanmeld_datum,
                volgnummer=volgnummer,
                vo_school=vo_school,
            )
        )
