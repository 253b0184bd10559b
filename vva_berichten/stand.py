"""The stand per mbo-ganger in the gemeente's regio, kept by what is delivered there; and the signals that follow a bulk.

The highest volgnummer wins, whatever the order of arrival. What is known by pgn alone (an aanmeldstatus before the school
reports) counts as soon as the mbo-ganger is there.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from accounts.models import Organisatie
from overstap.basis import geheim, slot
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import reeks, voeg_toe, werk_bij
from statuses.actions import record_buiten_regio
from statuses.models import BuitenRegio, Overstap
from vva_berichten import meegeven, signalen
from vva_berichten.contract.aanmeldstatus import Aanmeldstatus
from vva_berichten.contract.potentiele_mbo_ganger import PotentieleMboGanger
from vva_berichten.meegeven import EERDER, IN_BULK, NIEUWS, VERHUISD
from vva_berichten.models import Bericht, GemeldeAanmelding, MboGanger, MboGangerMelding, Persoon, Soort

_STAND = ("is_mbo_ganger", "volgnummer", "wijzigingsdatum", "gemeente_id", "vestiging", "in_bulk_elders")


@dataclass(slots=True)
class _Gevolg:
    """What messages did to the stand."""

    gewijzigd: list[MboGanger] = field(default_factory=list)  # whose true or false changed
    verzet: list[MboGanger] = field(default_factory=list)  # who may live in another gemeente now
    ook: dict[uuid.UUID, set[str]] = field(default_factory=lambda: defaultdict(set))  # who else hears that it is over


def op_een_rij(regio: str) -> None:
    """Deliveries in one regio keep the stand one after the other; always the first lock that is taken."""
    slot.neem(f"vva-stand:{regio}")


def verwerk(regio: str, berichten: Sequence[tuple[Bericht, Any]]) -> list[Bericht]:
    """Apply delivered messages to the stand; returns what follows from it, not yet sent. A constant number of queries.

    Those are the signals to gemeenten, and what goes after a leerling who lives in another regio now.
    """
    gangers = [(b, d.potentiele_mbo_ganger) for b, d in berichten if b.soort == Soort.MBO_GANGER]
    statussen = [(b.overstapjaar, d.aanmeldstatus) for b, d in berichten if b.soort == Soort.AANMELDSTATUS]
    gevolg = _verwerk_mbo_gangers(regio, gangers)
    nieuw = _verwerk_aanmeldstatussen(regio, statussen)
    # What came along with a move is no news.
    oud = {
        id(d.aanmeldstatus)
        for b, d in berichten
        if b.soort == Soort.AANMELDSTATUS and b.uitkomst == VERHUISD and NIEUWS not in b.codes.split()
    }
    signaal = signalen.na_berichten(
        regio, gevolg.gewijzigd, [(p, body) for p, body in nieuw if id(body) not in oud], gevolg.ook
    )
    return [*signaal, *meegeven.achterna(regio, gevolg.verzet, nieuw, oud)]


def _persoon(jaar: int, body: PotentieleMboGanger | Aanmeldstatus) -> Persoon:
    return jaar, body.pgn.soort, geheim.blinde_index(body.pgn.soort, body.pgn.nummer)


def _verwerk_mbo_gangers(regio: str, berichten: Sequence[tuple[Bericht, PotentieleMboGanger]]) -> _Gevolg:
    """Keep each melding and the stand."""
    gevolg = _Gevolg()
    if not berichten:
        return gevolg
    personen = [_persoon(b.overstapjaar, body) for b, body in berichten]
    bekend = {
        (*m.persoon, m.brin): m
        for m in MboGanger.objects.extra(
            where=["pgn_index = ANY(%s::bytea[])"], params=[reeks([p[2] for p in personen])]
        )
    }
    overstappen = _overstappen(personen)
    nieuw: dict[uuid.UUID, MboGanger] = {}
    was: dict[uuid.UUID, tuple[bool | None, str]] = {}  # before these messages: mbo-ganger or not, and the gemeente
    geraakt: dict[uuid.UUID, MboGanger] = {}
    meldingen = []
    for persoon, (bericht, body) in zip(personen, berichten, strict=True):
        codes = bericht.codes.split()
        ganger = bekend.get((*persoon, body.brin))
        if ganger is None:
            ganger = _nieuwe(regio, persoon, body, overstappen.get((*persoon, body.brin)))
            bekend[(*persoon, body.brin)] = nieuw[ganger.id] = ganger
            # A new one that came by itself lives here; one that came along with others may not.
            was[ganger.id] = None, "" if bericht.uitkomst == VERHUISD else ganger.gemeente_id
        was.setdefault(ganger.id, (ganger.is_mbo_ganger, ganger.gemeente_id))
        if _pas_toe(ganger, body, codes):
            geraakt[ganger.id] = ganger
        if EERDER in codes:
            gevolg.ook[ganger.id].add(body.gemeentecode)
        meldingen.append(_melding(regio, ganger, body))
    voeg_toe(MboGanger, list(nieuw.values()))
    werk_bij(MboGanger, [g for pk, g in geraakt.items() if pk not in nieuw], _STAND)
    voeg_toe(MboGangerMelding, meldingen, botsing="ON CONFLICT DO NOTHING")
    gevolg.gewijzigd = [g for g in geraakt.values() if was[g.id][0] not in (None, g.is_mbo_ganger)]
    gevolg.verzet = [g for g in (nieuw | geraakt).values() if was[g.id][1] != g.gemeente_id or g.in_bulk_elders]
    return gevolg


def _pas_toe(ganger: MboGanger, body: PotentieleMboGanger, codes: Collection[str]) -> bool:
    """Let the highest volgnummer win; returns whether something changed.

    The gemeente is the one of the message itself, never of a copy to who was told before.
    """
    voor = [getattr(ganger, veld) for veld in _STAND]
    gemeente = ganger.gemeente_id
    if body.volgnummer > ganger.volgnummer:
        _zet(ganger, body)
        if EERDER in codes:
            ganger.gemeente_id = gemeente
    elif body.volgnummer == ganger.volgnummer and EERDER not in codes:
        ganger.gemeente_id = body.gemeentecode
    ganger.in_bulk_elders = ganger.in_bulk_elders or IN_BULK in codes
    return voor != [getattr(ganger, veld) for veld in _STAND]


def _nieuwe(regio: str, persoon: Persoon, body: PotentieleMboGanger, overstap: uuid.UUID | None) -> MboGanger:
    pk = nieuwe_sleutel()
    ganger = MboGanger(
        id=pk,
        regio_id=regio,
        overstapjaar=persoon[0],
        pgn_soort=persoon[1],
        pgn_index=persoon[2],
        pgn_versleuteld=geheim.versleutel(body.pgn.nummer, pk),
        brin=body.brin,
        overstap_id=overstap,
    )
    _zet(ganger, body)
    return ganger


def _zet(ganger: MboGanger, body: PotentieleMboGanger) -> None:
    ganger.is_mbo_ganger = body.is_potentiele_mbo_ganger
    ganger.volgnummer = body.volgnummer
    ganger.wijzigingsdatum = body.wijzigingsdatum
    ganger.gemeente_id = body.gemeentecode
    ganger.vestiging = body.vestiging or ""


def _melding(regio: str, ganger: MboGanger, body: PotentieleMboGanger) -> MboGangerMelding:
    return MboGangerMelding(
        id=nieuwe_sleutel(),
        regio_id=regio,
        mbo_ganger=ganger,
        volgnummer=body.volgnummer,
        is_mbo_ganger=body.is_potentiele_mbo_ganger,
        wijzigingsdatum=body.wijzigingsdatum,
    )


def _overstappen(personen: Iterable[Persoon]) -> dict[tuple[int, str, bytes, str], uuid.UUID]:
    """The overstap in this regio of each person and school."""
    rijen = (
        Overstap.objects.extra(
            where=["statuses_leerling.pgn_index = ANY(%s::bytea[])"], params=[reeks([p[2] for p in personen])]
        )
        .filter(leerling__isnull=False)
        .values_list("overstapjaar", "leerling__pgn_soort", "leerling__pgn_index", "vestiging__organisatie__code", "id")
    )
    return {(jaar, soort, bytes(index), brin): pk for jaar, soort, index, brin, pk in rijen}


def laat_vervallen(regio: str, wie: Collection[tuple[int, str, bytes, str]], dag: date) -> list[Bericht]:
    """After the schooljaar no message goes out any more; the stand ends here, and who was in a bulk gives a VERVALLEN.

    ``wie``: overstapjaar, pgn_soort, pgn_index, brin. Returns the signals, not yet sent.
    """
    op_een_rij(regio)
    gangers = [
        m
        for m in MboGanger.objects.filter(is_mbo_ganger=True).extra(
            where=["pgn_index = ANY(%s::bytea[])"], params=[reeks([index for _, _, index, _ in wie])]
        )
        if (*m.persoon, m.brin) in wie
    ]
    for ganger in gangers:
        ganger.is_mbo_ganger, ganger.wijzigingsdatum = False, dag
        ganger.volgnummer += 1
    werk_bij(MboGanger, gangers, ("is_mbo_ganger", "volgnummer", "wijzigingsdatum"))
    meldingen = [
        MboGangerMelding(
            id=nieuwe_sleutel(),
            regio_id=regio,
            mbo_ganger=ganger,
            volgnummer=ganger.volgnummer,
            is_mbo_ganger=False,
            wijzigingsdatum=dag,
        )
        for ganger in gangers
    ]
    voeg_toe(MboGangerMelding, meldingen, botsing="ON CONFLICT DO NOTHING")
    return signalen.na_berichten(regio, gangers, [])


def koppel(regio: str, overstap_ids: Sequence[uuid.UUID]) -> None:
    """A leerling came or changed here: tie the stand to the overstap, and let it follow a move within the regio."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE vva_berichten_mboganger m SET overstap_id = o.id, gemeente_id = COALESCE(g.code, m.gemeente_id) "
            "FROM statuses_overstap o JOIN statuses_leerling l ON l.id = o.leerling_id "
            "JOIN accounts_vestiging v ON v.id = o.vestiging_id JOIN accounts_organisatie s ON s.id = v.organisatie_id "
            "LEFT JOIN accounts_gemeente g ON g.code = l.gemeente_id AND g.regio_id = %s "
            "WHERE o.id = ANY(%s) AND m.regio_id = %s AND m.pgn_index = l.pgn_index AND m.pgn_soort = l.pgn_soort "
            "AND m.overstapjaar = o.overstapjaar AND m.brin = s.code "
            "AND (m.overstap_id IS DISTINCT FROM o.id OR (g.code IS NOT NULL AND m.gemeente_id <> g.code))",
            [regio, list(overstap_ids), regio],
        )


def bewaarde_van_buiten(regio: str, overstap_ids: Sequence[uuid.UUID]) -> None:
    """A leerling was marked: what mbo's outside the regio reported before (W304) stands on the fourth line from now on."""
    overstappen = {
        (o.overstapjaar, o.leerling.pgn_soort, bytes(o.leerling.pgn_index)): o
        for o in Overstap.objects.filter(pk__in=list(overstap_ids), gemarkeerd_sinds__isnull=False).select_related(
            "leerling"
        )
    }
    eigen = Organisatie.objects.filter(soort="mbo", deelnames__regio_id=regio).values_list("code", flat=True)
    rijen = (
        GemeldeAanmelding.objects.extra(
            where=["pgn_index = ANY(%s::bytea[])"], params=[reeks([p[2] for p in overstappen])]
        )
        .exclude(mbo_code__in=list(eigen))
        .order_by("volgnummer")
    )
    laatste: dict[tuple[uuid.UUID, str, str], GemeldeAanmelding] = {}
    for rij in rijen:
        overstap = overstappen.get(rij.persoon)
        if overstap is not None:
            laatste[(overstap.id, rij.mbo_code, rij.aanmeld_id)] = rij
    if not laatste:
        return
    codes = {rij.mbo_code for rij in laatste.values()}
    namen = dict(Organisatie.objects.filter(soort="mbo", code__in=codes).values_list("code", "naam"))
    record_buiten_regio(
        [
            BuitenRegio(
                id=nieuwe_sleutel(),
                regio_id=regio,
                overstap_id=overstap_id,
                mbo_code=rij.mbo_code,
                mbo_naam=namen.get(rij.mbo_code, ""),
                aanmeld_id=rij.aanmeld_id,
                status=rij.status,
                status_datum=rij.status_datum,
                volgnummer=rij.volgnummer,
            )
            for (overstap_id, _, _), rij in laatste.items()
        ]
    )


def _verwerk_aanmeldstatussen(
    regio: str, bodies: Sequence[tuple[int, Aanmeldstatus]]
) -> list[tuple[Persoon, Aanmeldstatus]]:
    """Keep each aanmeldstatus; returns those that are now the newest of their aanmelding."""
    if not bodies:
        return []
    personen = [_persoon(jaar, body) for jaar, body in bodies]
    hoogste: dict[tuple[int, str, bytes, str, str], int] = defaultdict(int)
    for rij in GemeldeAanmelding.objects.extra(
        where=["pgn_index = ANY(%s::bytea[])"], params=[reeks([p[2] for p in personen])]
    ):
        sleutel = (*rij.persoon, rij.mbo_code, rij.aanmeld_id)
        hoogste[sleutel] = max(hoogste[sleutel], rij.volgnummer)
    rijen, nieuw = [], []
    for persoon, (_, body) in zip(personen, bodies, strict=True):
        rijen.append(
            GemeldeAanmelding(
                id=nieuwe_sleutel(),
                regio_id=regio,
                overstapjaar=persoon[0],
                pgn_soort=persoon[1],
                pgn_index=persoon[2],
                mbo_code=body.mbo_instelling,
                aanmeld_id=body.aanmeld_id,
                volgnummer=body.volgnummer,
                status=body.status,
                status_datum=body.status_datum,
            )
        )
        sleutel = (*persoon, body.mbo_instelling, body.aanmeld_id)
        if body.volgnummer > hoogste[sleutel]:
            hoogste[sleutel] = body.volgnummer
            nieuw.append((persoon, body))
    voeg_toe(GemeldeAanmelding, rijen, botsing="ON CONFLICT DO NOTHING")
    return nieuw
