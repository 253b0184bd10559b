"""The realtime signals after a bulk: what changes of a leerling in it, to the gemeente, at once. Bron: vva.md, rule 6."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from accounts import instellingen
from accounts.models import Gemeente, Organisatie, Regio
from overstap.basis import geheim, klok
from overstap.basis.stapel import reeks
from statuses.models import Aanmelding, Overstap
from statuses.regiokalender import kalenders
from vva_berichten import opstellen, routering
from vva_berichten.contract.aanmeldstatus import Aanmeldstatus
from vva_berichten.contract.basis import pgn_van
from vva_berichten.contract.signalen import Levering, Signaal, SignaalType
from vva_berichten.models import Bericht, Bulk, BulkRegel, GemeldeAanmelding, MboGanger, Persoon


def na_berichten(
    regio: str,
    gewijzigd: Sequence[MboGanger],
    statussen: Sequence[tuple[Persoon, Aanmeldstatus]],
    ook: Mapping[uuid.UUID, set[str]] | None = None,
) -> list[Bericht]:
    """The realtime signals to the gemeenten that had these leerlingen in a bulk. Bron: vva.md, rule 6.

    ``ook``: per mbo-ganger the gemeenten that were told before, for who hears that it is over.
    """
    personen = {g.persoon for g in gewijzigd} | {p for p, _ in statussen}
    in_bulk, gemeenten_van = _in_bulk(regio, personen)
    if not in_bulk:
        return []
    eerder = {g.id: gemeenten_van.get(g.id, set()) | (ook or {}).get(g.id, set()) for g in in_bulk}
    hier = Gemeente.objects.filter(regio_id=regio, pk__in=_codes(in_bulk, eerder)).values("pk")
    # Who moved to another regio is followed there: no signals about changes from here, only that it is over.
    gemeenten = {o.code: o for o in Organisatie.objects.filter(soort="gemeente", code__in=hier)}
    wie = {g.id for g in in_bulk}
    mag = _mag_weten(regio, in_bulk)
    maak = _Maker(regio, gemeenten)
    standen = _standen_nu([g for g in gewijzigd if g.is_mbo_ganger])
    for ganger in gewijzigd:
        if ganger.id not in wie or ganger.id not in mag:
            continue
        if ganger.is_mbo_ganger:
            maak.wijziging(ganger, *standen.get(ganger.persoon, (None, None, None)))
        else:
            maak.vervallen(ganger, eerder[ganger.id])
    net = {g.id for g in gewijzigd}
    per_persoon: dict[Persoon, list[MboGanger]] = defaultdict(list)
    for ganger in in_bulk:
        if ganger.is_mbo_ganger and ganger.id in mag and ganger.id not in net:
            per_persoon[ganger.persoon].append(ganger)
    for persoon, body in statussen:
        for ganger in per_persoon.get(persoon, ()):
            maak.wijziging(ganger, body.status, body.mbo_instelling, body.status_datum)
    return maak.uit


def na_late_bulk(regio: str, bulks: Sequence[Bulk]) -> list[Bericht]:
    """A bulk that is made late says the stand of its peildatum; what changed since then follows at once."""
    laat = [b for b in bulks if b.peildatum < klok.vandaag()]
    gangers: dict[uuid.UUID, MboGanger] = {}
    peildatum: dict[uuid.UUID, date] = {}
    for regel in BulkRegel.objects.filter(bulk_id__in=[b.id for b in laat]).select_related("mbo_ganger", "bulk"):
        gangers[regel.mbo_ganger_id] = regel.mbo_ganger
        peildatum[regel.mbo_ganger_id] = regel.bulk.peildatum
    if not gangers:
        return []
    eerste = min(peildatum.values())
    later: dict[Persoon, date] = {}
    rijen = GemeldeAanmelding.objects.filter(status_datum__gt=eerste).extra(
        where=["pgn_index = ANY(%s::bytea[])"], params=[reeks([bytes(g.pgn_index) for g in gangers.values()])]
    )
    for rij in rijen:
        later[rij.persoon] = max(rij.status_datum, later.get(rij.persoon, date.min))
    anders = [g for g in gangers.values() if not g.is_mbo_ganger or later.get(g.persoon, date.min) > peildatum[g.id]]
    return na_berichten(regio, anders, [])


def _codes(in_bulk: Sequence[MboGanger], gemeenten_van: dict[uuid.UUID, set[str]]) -> list[str]:
    return sorted({g.gemeente_id for g in in_bulk} | {c for codes in gemeenten_van.values() for c in codes})


def _in_bulk(regio: str, personen: set[Persoon]) -> tuple[list[MboGanger], dict[uuid.UUID, set[str]]]:
    """Of these persons the mbo-gangers that stand in a bulk of a jaar that still runs, and the gemeenten of those bulks."""
    vandaag = klok.vandaag()
    k = kalenders([regio], {jaar for jaar, _, _ in personen})
    indexen = [index for jaar, _, index in personen if k[regio, jaar].loopt(vandaag)]
    if not indexen:
        return [], {}
    gangers = {
        m.id: m
        for m in MboGanger.objects.extra(where=["pgn_index = ANY(%s::bytea[])"], params=[reeks(indexen)]).filter(
            overstapjaar__in={jaar for jaar, _, _ in personen}
        )
        if m.persoon in personen
    }
    gemeenten_van: dict[uuid.UUID, set[str]] = defaultdict(set)
    for ganger, gemeente in BulkRegel.objects.filter(mbo_ganger_id__in=list(gangers)).values_list(
        "mbo_ganger_id", "bulk__gemeente_id"
    ):
        gemeenten_van[ganger].add(gemeente)
    return [g for pk, g in gangers.items() if pk in gemeenten_van or g.in_bulk_elders], gemeenten_van


def _mag_weten(regio: str, gangers: Sequence[MboGanger]) -> set[uuid.UUID]:
    """Rule 5, judged now, where the leerling is known here; who is not known here was judged by the sender."""
    ids = [g.overstap_id for g in gangers if g.overstap_id]
    overstappen = {o.id: o for o in Overstap.objects.filter(pk__in=ids).select_related("leerling")}
    met_diploma = set(
        Aanmelding.objects.filter(overstap_id__in=ids, startkwalificatie=True).values_list("overstap_id", flat=True)
    )
    dag = klok.vandaag()
    grens = routering.leeftijdsgrens(dag, instellingen.van(Regio.objects.get(pk=regio)).leeftijdsgrens)
    uit = set()
    for ganger in gangers:
        overstap = overstappen.get(ganger.overstap_id) if ganger.overstap_id else None
        if overstap is None or routering.gemeente_mag_weten(
            gemeente=overstap.leerling.gemeente_id,
            land=overstap.leerling.land,
            geboortedatum=overstap.leerling.geboortedatum,
            startkwalificatie=overstap.id in met_diploma,
            dag=dag,
            grens=grens,
        ):
            uit.add(ganger.id)
    return uit


Stand = tuple[str | None, str | None, date | None]  # status, mbo, datum
_VOLGORDE = {str(code): n for n, code in enumerate((*routering.INGESCHREVEN, *routering.AANGEMELD))}


def _standen_nu(gangers: Sequence[MboGanger]) -> dict[Persoon, Stand]:
    """The aanmeldstatus that says most of each now: ingeschreven, else open, else the last one. One query."""
    laatste: dict[Persoon, dict[tuple[str, str], GemeldeAanmelding]] = defaultdict(dict)
    if gangers:
        rijen = GemeldeAanmelding.objects.extra(
            where=["pgn_index = ANY(%s::bytea[])"], params=[reeks([bytes(g.pgn_index) for g in gangers])]
        )
        for rij in rijen.order_by("volgnummer"):
            laatste[rij.persoon][(rij.mbo_code, rij.aanmeld_id)] = rij
    uit: dict[Persoon, Stand] = {}
    for persoon, aanmeldingen in laatste.items():
        beste = min(
            aanmeldingen.values(), key=lambda r: (_VOLGORDE.get(r.status, 9), -r.status_datum.toordinal(), r.mbo_code)
        )
        uit[persoon] = (beste.status, beste.mbo_code, beste.status_datum)
    return uit


class _Maker:
    """Collects the signals of one call."""

    def __init__(self, regio: str, gemeenten: dict[str, Organisatie]) -> None:
        self.regio, self.gemeenten = regio, gemeenten
        self.uit: list[Bericht] = []

    def wijziging(self, ganger: MboGanger, status: str | None, mbo: str | None, datum: date | None) -> None:
        """To the gemeente of this moment."""
        self._maak(ganger, ganger.gemeente_id, SignaalType.STATUSWIJZIGING, status, mbo, datum)

    def vervallen(self, ganger: MboGanger, gemeenten: set[str]) -> None:
        """To the gemeente of now and to each that got the bulk."""
        for code in sorted(gemeenten | {ganger.gemeente_id}):
            self._maak(ganger, code, SignaalType.VERVALLEN, None, None, None)

    def _maak(
        self,
        ganger: MboGanger,
        gemeente: str,
        soort: SignaalType,
        status: str | None,
        mbo: str | None,
        datum: date | None,
    ) -> None:
        ontvanger = self.gemeenten.get(gemeente)
        if ontvanger is None:
            return
        nummer = geheim.ontsleutel(ganger.pgn_versleuteld, ganger.id).decode()
        regel = Signaal(
            signaal_type=soort,
            levering=Levering.REALTIME,
            peildatum=klok.vandaag(),
            pgn=pgn_van(ganger.pgn_soort, nummer),
            vo_school=ganger.vestiging or ganger.brin,
            status=status,
            mbo_instelling=mbo,
            status_datum=datum,
        )
        self.uit.append(
            opstellen.signaal(
                gemeente=ontvanger, regio=self.regio, overstapjaar=ganger.overstapjaar, volgnummer=1, regel=regel
            )
        )
