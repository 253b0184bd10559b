"""What travels when the stand of a leerling concerns more than one regio: messages that nobody reads (``VERHUISD``).

A leerling moves; the school names another gemeente, or the mbo still names the former one. Every regio that was ever told of this
leerling holds all that was reported, so that the highest volgnummer decides there too; where the leerling lives now stands on the
row, and one regio only has it in its bulk. Aanmeldstatussen follow to the regio where the leerling lives. Bron: vva.md, rules 2, 4 and 7.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from accounts.models import Organisatie, Regio
from overstap.basis import geheim
from overstap.basis.rls import bereik
from overstap.basis.stapel import reeks
from vva_berichten import opstellen
from vva_berichten.contract.aanmeldstatus import Aanmeldstatus, AanmeldstatusCode
from vva_berichten.contract.basis import Pgn, pgn_van
from vva_berichten.contract.potentiele_mbo_ganger import PotentieleMboGanger
from vva_berichten.models import Bericht, BulkRegel, GemeldeAanmelding, MboGanger, Persoon, Soort

VERHUISD = "verhuisd"  # uitkomst of a message that takes the stand to another regio, and that nobody reads
# In the codes of a message, for the stand alone:
IN_BULK = "IN_BULK"  # a bulk in another regio had this leerling
EERDER = "EERDER"  # its receiver was told before and hears that it is over; the leerling does not live there
NIEUWS = "NIEUWS"  # an aanmeldstatus that came after the move: the gemeente gets its signal


def bekende_statussen(gangers: Collection[MboGanger]) -> dict[Persoon, list[GemeldeAanmelding]]:
    """Every aanmeldstatus of these persons that reached this regio, a lower volgnummer first. One query."""
    uit: dict[Persoon, list[GemeldeAanmelding]] = defaultdict(list)
    rijen = GemeldeAanmelding.objects.extra(
        where=["pgn_index = ANY(%s::bytea[])"], params=[reeks([bytes(g.pgn_index) for g in gangers])]
    )
    for rij in rijen.order_by("volgnummer"):
        uit[rij.persoon].append(rij)
    return uit


def in_een_bulk(gangers: Collection[MboGanger]) -> set[uuid.UUID]:
    """Which of these stood in a bulk, here or in a regio where they came from. One query."""
    hier = BulkRegel.objects.filter(mbo_ganger_id__in=[g.id for g in gangers]).values_list("mbo_ganger_id", flat=True)
    return {*hier, *(g.id for g in gangers if g.in_bulk_elders)}


def status_bericht(
    rij: GemeldeAanmelding | Aanmeldstatus, *, gemeente: Organisatie, regio: str, overstapjaar: int, pgn: Pgn
) -> Bericht:
    """An aanmeldstatus that follows its leerling to this gemeente's regio."""
    bericht = opstellen.aanmeldstatus(
        mbo_code=rij.mbo_code if isinstance(rij, GemeldeAanmelding) else rij.mbo_instelling,
        mbo=None,
        ontvanger=gemeente,
        regio=regio,
        overstapjaar=overstapjaar,
        pgn=pgn,
        aanmeld_id=rij.aanmeld_id,
        status=AanmeldstatusCode(rij.status),
        status_datum=rij.status_datum,
        aanmeld_datum=None,
        volgnummer=rij.volgnummer,
        vo_school=None,
    )
    bericht.uitkomst = VERHUISD
    return bericht


def _buiten_beeld(bericht: Bericht) -> Bericht:
    """A copy is no message that its receiver got: it stands under a key of its own."""
    bericht.uitkomst, bericht.sleutel = VERHUISD, _sleutel_van_kopie(bytes(bericht.sleutel))
    return bericht


def _sleutel_van_kopie(sleutel: bytes) -> bytes:
    return opstellen.merk("verhuisd", sleutel.hex())


# --- What was reported of a leerling, to every regio that was told ------------------------------------------------------


@dataclass(slots=True)
class _Gemeld:
    """What is known of one mbo-ganger over all regio's: which message says it, and where each volgnummer is."""

    bron: dict[int, uuid.UUID] = field(default_factory=dict)
    waar: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    @property
    def mist(self) -> list[tuple[str, int]]:
        return [(regio, v) for regio, er in sorted(self.waar.items()) for v in sorted(self.bron.keys() - er)]


def kopieen(sleutels: Iterable[bytes]) -> list[Bericht]:
    """What each regio that was told of these mbo-gangers still lacks of what was reported in another; not yet sent.

    From the stored messages alone, so that order, repeats and resending make no difference. Two queries, and two more where
    somebody is known in more than one regio.
    """
    echt = {_sleutel_van_kopie(s): s for s in sleutels}
    if not echt:
        return []
    alles: dict[bytes, _Gemeld] = defaultdict(_Gemeld)
    with bereik(Regio.objects.values_list("code", flat=True)):
        rijen = Bericht.objects.filter(soort=Soort.MBO_GANGER).extra(
            where=["sleutel = ANY(%s::bytea[])"], params=[reeks([*echt, *echt.values()])]
        )
        # What was received says it in the sender's own words: it goes before what we sent on.
        for pk, sleutel, volgnummer, regio, codes in rijen.order_by("-richting", "id").values_list(
            "id", "sleutel", "volgnummer", "regio_id", "codes"
        ):
            if EERDER in codes.split():
                continue
            gemeld = alles[echt.get(bytes(sleutel), bytes(sleutel))]
            gemeld.waar[regio].add(volgnummer)
            gemeld.bron[volgnummer] = pk
        ontbreekt = [(regio, g.bron[v]) for g in alles.values() for regio, v in g.mist]
        if not ontbreekt:
            return []
        bronnen = {b.id: b for b in Bericht.objects.filter(pk__in={pk for _, pk in ontbreekt})}
        return _kopieer([(regio, bronnen[pk]) for regio, pk in ontbreekt])


def _kopieer(naar: Sequence[tuple[str, Bericht]]) -> list[Bericht]:
    gelezen: dict[uuid.UUID, PotentieleMboGanger] = {b.id: opstellen.lees(b).potentiele_mbo_ganger for _, b in naar}
    scholen, gemeenten = _organisaties(
        {body.brin for body in gelezen.values()}, {body.gemeentecode for body in gelezen.values()}
    )
    return [
        _buiten_beeld(
            opstellen.mbo_ganger(
                school=scholen[body.brin],
                vestiging=body.vestiging or "",
                gemeente=gemeenten[body.gemeentecode],
                regio=regio,
                overstapjaar=bron.overstapjaar,
                pgn=body.pgn,
                waar=body.is_potentiele_mbo_ganger,
                dag=body.wijzigingsdatum,
                volgnummer=body.volgnummer,
                codes=[],
            )
        )
        for regio, bron in naar
        for body in [gelezen[bron.id]]
    ]


def _organisaties(brins: set[str], codes: set[str]) -> tuple[dict[str, Organisatie], dict[str, Organisatie]]:
    """Schools and gemeenten by their code. One query."""
    per: dict[str, dict[str, Organisatie]] = {"vo": {}, "gemeente": {}}
    for o in Organisatie.objects.filter(soort="vo", code__in=brins) | Organisatie.objects.filter(
        soort="gemeente", code__in=codes
    ):
        per[str(o.soort)][o.code] = o
    return per["vo"], per["gemeente"]


# --- What this regio knows beside it, to where the leerling lives now ---------------------------------------------------


def achterna(
    regio: str, verzet: Sequence[MboGanger], nieuw: Sequence[tuple[Persoon, Aanmeldstatus]], oud: Collection[int]
) -> list[Bericht]:
    """What follows who lives in another regio now; not yet sent.

    ``verzet``: whose gemeente may have changed: all that is known goes along. ``nieuw``: the aanmeldstatussen that came in, of
    which those in ``oud`` (by id) were known before the move.
    """
    weg = _elders(regio, [m.id for m in verzet])
    volgers = _elders_bij(regio, {p for p, _ in nieuw})
    if not weg and not volgers:
        return []
    scholen, gemeenten = _organisaties({m.brin for m, _ in weg}, {m.gemeente_id for m, _ in [*weg, *volgers]})
    uit: list[Bericht] = []
    per_persoon: dict[Persoon, list[Aanmeldstatus]] = defaultdict(list)
    for persoon, body in nieuw:
        per_persoon[persoon].append(body)
    for m, naar in volgers:
        for body in per_persoon[m.persoon]:
            bericht = status_bericht(
                body, gemeente=gemeenten[m.gemeente_id], regio=naar, overstapjaar=m.overstapjaar, pgn=body.pgn
            )
            bericht.codes = "" if id(body) in oud else NIEUWS
            uit.append(_buiten_beeld(bericht))
    if weg:
        gangers = [m for m, _ in weg]
        statussen, in_bulk = bekende_statussen(gangers), in_een_bulk(gangers)
        for m, naar in weg:
            pgn = pgn_van(m.pgn_soort, geheim.ontsleutel(m.pgn_versleuteld, m.id).decode())
            gemeente = gemeenten[m.gemeente_id]
            if m.id in in_bulk:
                uit.append(_buiten_beeld(_stand_bericht(m, scholen[m.brin], gemeente, naar, pgn)))
            for rij in statussen.get(m.persoon, ()):
                uit.append(
                    _buiten_beeld(
                        status_bericht(rij, gemeente=gemeente, regio=naar, overstapjaar=m.overstapjaar, pgn=pgn)
                    )
                )
    return uit


def _elders(regio: str, ids: Sequence[uuid.UUID]) -> list[tuple[MboGanger, str]]:
    """Of these mbo-gangers those who live in another regio now, each with that regio."""
    if not ids:
        return []
    rijen = MboGanger.objects.filter(pk__in=ids).exclude(gemeente__regio_id=regio).select_related("gemeente")
    return [(m, m.gemeente.regio_id) for m in rijen.order_by("id")]


def _elders_bij(regio: str, personen: set[Persoon]) -> list[tuple[MboGanger, str]]:
    """Those of these persons who were reported here and live in another regio now."""
    if not personen:
        return []
    rijen = (
        MboGanger.objects.extra(where=["pgn_index = ANY(%s::bytea[])"], params=[reeks([p[2] for p in personen])])
        .exclude(gemeente__regio_id=regio)
        .select_related("gemeente")
    )
    return [(m, m.gemeente.regio_id) for m in rijen.order_by("id") if m.persoon in personen]


def _stand_bericht(m: MboGanger, school: Organisatie, gemeente: Organisatie, regio: str, pgn: Pgn) -> Bericht:
    """The stand as it is here, with the news that a bulk had this leerling."""
    return opstellen.mbo_ganger(
        school=school,
        vestiging=m.vestiging,
        gemeente=gemeente,
        regio=regio,
        overstapjaar=m.overstapjaar,
        pgn=pgn,
        waar=m.is_mbo_ganger,
        dag=m.wijzigingsdatum,
        volgnummer=m.volgnummer,
        codes=[IN_BULK],
    )
