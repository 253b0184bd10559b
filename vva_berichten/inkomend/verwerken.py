"""Process what was received: route it on, keep the stand, tell the overstap. Outbox handler; safe to repeat.

An mbo-ganger message goes to its gemeente. An aanmeldstatus goes to the latende school and the woongemeente where rule 5
allows; from an mbo outside the regio it also stands on the fourth line of the overstap. From an mbo whose source is the
koppelpunt it also becomes the status here (``koppelpunt``).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.instellingen import lees
from accounts.models import Gemeente, Organisatie, Regio, Vestiging
from overstap.basis import geheim, klok
from overstap.basis.rls import bereik
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import reeks, voeg_toe, werk_bij
from statuses.actions import record_buiten_regio, record_mbo_gangers
from statuses.models import Aanmelding, BuitenRegio, Overstap
from vva_berichten import opstellen, routering, stand
from vva_berichten.codes import Code
from vva_berichten.contract.aanmeldstatus import Aanmeldstatus, AanmeldstatusCode
from vva_berichten.contract.potentiele_mbo_ganger import PotentieleMboGanger
from vva_berichten.inkomend import koppelpunt
from vva_berichten.inkomend.eerder import eerder_gemeld
from vva_berichten.inkomend.omgeving import Namen, namen, overstappen
from vva_berichten.meegeven import EERDER, kopieen
from vva_berichten.models import (
    Bericht,
    GelijkVolgnummer,
    GemeldAanGemeente,
    Persoon,
    Richting,
    Soort,
    VerzondenAanmeldstatus,
)
from vva_berichten.uitgaand.leveren import verstuur


@dataclass(frozen=True, slots=True)
class _Rij:
    bericht: Bericht
    body: Any
    index: bytes

    @property
    def persoon(self) -> Persoon:
        return self.bericht.overstapjaar, self.body.pgn.soort, self.index

    def heeft(self, code: Code) -> bool:
        return code.value in self.bericht.codes.split()


def verwerk_inkomend(regio: str, inhouden: list[dict[str, Any]]) -> None:
    """Outbox handler, within the bereik of the regio where the messages are kept."""
    ids = [uuid.UUID(pk) for inhoud in inhouden for pk in inhoud["berichten"]]
    gevonden = {
        b.id: b
        for b in Bericht.objects.filter(pk__in=ids, richting=Richting.IN, verwerkt_op__isnull=True)
        .select_for_update(of=("self",))
        .order_by("id")
    }
    berichten = [gevonden[pk] for pk in ids if pk in gevonden]
    gangers: list[_Rij] = []
    statussen: list[_Rij] = []
    for bericht in berichten:
        gelezen = opstellen.lees(bericht)
        ganger = bericht.soort == Soort.MBO_GANGER
        body = gelezen.potentiele_mbo_ganger if ganger else gelezen.aanmeldstatus
        (gangers if ganger else statussen).append(
            _Rij(bericht, body, geheim.blinde_index(body.pgn.soort, body.pgn.nummer))
        )
    _mbo_gangers(regio, gangers)
    _aanmeldstatussen(regio, statussen)
    nu = klok.nu()
    for bericht in berichten:
        bericht.verwerkt_op = nu
    werk_bij(Bericht, berichten, ("verwerkt_op",))


def _mbo_gangers(regio: str, rijen: Sequence[_Rij]) -> None:
    """On to the gemeente; a late lower volgnummer (W302) only fills in the history of the stand.

    Who was reported in more than one regio (a move that we only know of by these messages) is known in each of them.
    """
    if not rijen:
        return
    oud = [(r.bericht, opstellen.lees(r.bericht)) for r in rijen if r.heeft(Code.W302)]
    if oud:
        stand.op_een_rij(regio)
        verstuur(stand.verwerk(regio, oud))
    nieuw = [r for r in rijen if not r.heeft(Code.W302)]
    eerder = eerder_gemeld(
        {bytes(r.bericht.sleutel): r.body.volgnummer for r in nieuw if not r.body.is_potentiele_mbo_ganger}
    )
    # Message and receiver: the gemeente that it names, and for a "false" each that was told before.
    naar = []
    for r in nieuw:
        ook = set() if r.body.is_potentiele_mbo_ganger else eerder.get(bytes(r.bericht.sleutel), set())
        naar += [(r, code) for code in (r.body.gemeentecode, *sorted(ook - {r.body.gemeentecode}))]
    n = namen({r.body.brin for r in nieuw}, (), {code for _, code in naar}, ())
    uit = []
    for r, code in naar:
        body: PotentieleMboGanger = r.body
        gemeente_regio, gemeente = n.gemeenten[code]
        uit.append(
            opstellen.mbo_ganger(
                school=n.scholen[body.brin],
                vestiging=body.vestiging or "",
                gemeente=gemeente,
                regio=gemeente_regio,
                overstapjaar=r.bericht.overstapjaar,
                pgn=body.pgn,
                waar=body.is_potentiele_mbo_ganger,
                dag=body.wijzigingsdatum,
                volgnummer=body.volgnummer,
                codes=[c for c in r.bericht.codes.split() if c == Code.W301.value]
                + ([EERDER] if code != body.gemeentecode else []),
            )
        )
    verstuur(uit)
    verstuur(kopieen({bytes(r.bericht.sleutel) for r in rijen}))  # after: it looks at what was sent just now too
    _vertel_de_school(nieuw, n)


def _vertel_de_school(rijen: Sequence[_Rij], n: Namen) -> None:
    """The overstap of the school knows what was reported, so that nothing is reported twice."""
    regios = {regio for r in rijen for regio in n.school_regios.get(r.body.brin, ())}
    if not regios:
        return
    with bereik(regios):
        hier = overstappen([r.index for r in rijen])
        standen: dict[uuid.UUID, tuple[uuid.UUID, bool, Any, int]] = {}
        gemeld = []
        for r in sorted(rijen, key=lambda r: r.body.volgnummer):
            overstap = hier.get(r.persoon)
            if overstap is None or overstap.vestiging.code[:4] != r.body.brin:
                continue
            if r.body.volgnummer > overstap.mbo_ganger_volgnummer:
                waar = r.body.is_potentiele_mbo_ganger
                standen[overstap.id] = (overstap.id, waar, r.body.wijzigingsdatum, r.body.volgnummer)
                if waar:
                    gemeld.append(_gemeld(overstap, r.body.gemeentecode))
        voeg_toe(GemeldAanGemeente, gemeld, botsing="ON CONFLICT DO NOTHING")
        record_mbo_gangers(list(standen.values()))


def _gemeld(overstap: Overstap, gemeente: str) -> GemeldAanGemeente:
    return GemeldAanGemeente(
        id=nieuwe_sleutel(), regio_id=overstap.regio_id, overstap_id=overstap.id, gemeente_id=gemeente
    )


def _aanmeldstatussen(regio: str, rijen: Sequence[_Rij]) -> None:
    """Route each to vo and gemeente; outside the regio of the school also to the fourth line."""
    nieuw = [r for r in rijen if not r.heeft(Code.W302)]
    if not nieuw:
        return
    scholen = {str(r.body.vo_school) for r in nieuw if r.body.vo_school}
    mbos = {r.body.mbo_instelling for r in nieuw}
    n = namen({s[:4] for s in scholen}, scholen, {r.body.gemeentecode for r in nieuw if r.body.gemeentecode}, mbos)
    regios = {regio} | {x for m in mbos for x in n.mbo_regios.get(m, ())}
    regios |= {x for s in scholen for x in n.school_regios.get(s[:4], ())}
    with bereik(regios):
        hier = {p: o for p, o in overstappen([r.index for r in nieuw]).items() if o.gemarkeerd}
        met_diploma = set(
            Aanmelding.objects.filter(
                overstap_id__in=[o.id for o in hier.values()], startkwalificatie=True
            ).values_list("overstap_id", flat=True)
        )
        _buiten_de_regio(nieuw, hier, n)
        _gelijke_volgnummers(nieuw)
    router = _Router(n, hier, met_diploma)
    uit = [bericht for r in nieuw for bericht in router.berichten(r)]
    with bereik({b.regio_id for b in uit} or {regio}):
        verstuur(_zonder_dubbele(uit))
    koppelpunt.pas_toe([(r.bericht.overstapjaar, r.body) for r in nieuw], n)


def _gelijke_volgnummers(rijen: Sequence[_Rij]) -> None:
    """What says something else under a volgnummer that we used ourselves goes to nobody: afstemming shows it to the mbo."""
    eigen = {
        (v.aanmelding.overstapjaar, v.aanmelding.mbo.code[:4], v.aanmelding.aanmeld_id): v
        for v in VerzondenAanmeldstatus.objects.filter(
            aanmelding__mbo__code__in={r.body.mbo_instelling for r in rijen},
            aanmelding__aanmeld_id__in={r.body.aanmeld_id for r in rijen},
        ).select_related("aanmelding__mbo")
    }
    nieuw: dict[tuple[int, str, str], GelijkVolgnummer] = {}
    for r in rijen:
        sleutel = (r.bericht.overstapjaar, r.body.mbo_instelling, r.body.aanmeld_id)
        onze = eigen.get(sleutel)
        if onze is None or onze.volgnummer != r.body.volgnummer or onze.status == r.body.status:
            continue
        nieuw[sleutel] = GelijkVolgnummer(
            id=nieuwe_sleutel(),
            regio_id=onze.regio_id,
            overstapjaar=r.bericht.overstapjaar,
            pgn_soort=r.body.pgn.soort,
            pgn_index=r.index,
            mbo_code=r.body.mbo_instelling,
            aanmeld_id=r.body.aanmeld_id,
            volgnummer=r.body.volgnummer,
            status=r.body.status,
            status_datum=r.body.status_datum,
        )
    voeg_toe(GelijkVolgnummer, list(nieuw.values()), botsing=_LAATSTE)


_LAATSTE = (
    "ON CONFLICT (regio_id, overstapjaar, mbo_code, aanmeld_id) DO UPDATE SET pgn_soort = EXCLUDED.pgn_soort, "
    "pgn_index = EXCLUDED.pgn_index, volgnummer = EXCLUDED.volgnummer, status = EXCLUDED.status, "
    "status_datum = EXCLUDED.status_datum"
)


def _zonder_dubbele(berichten: Sequence[Bericht]) -> list[Bericht]:
    """What a receiver already got (this volgnummer of this aanmelding, or a higher one) is not sent again."""
    al: dict[tuple[bytes, Any], int] = {}
    for sleutel, ontvanger, volgnummer in (
        Bericht.objects.filter(richting=Richting.UIT)
        .extra(where=["sleutel = ANY(%s::bytea[])"], params=[reeks([bytes(b.sleutel) for b in berichten])])
        .values_list("sleutel", "ontvanger_id", "volgnummer")
    ):
        al[(bytes(sleutel), ontvanger)] = max(volgnummer, al.get((bytes(sleutel), ontvanger), 0))
    uit = []
    for bericht in berichten:
        sleutel = (bytes(bericht.sleutel), bericht.ontvanger_id)
        if bericht.volgnummer > al.get(sleutel, 0):
            al[sleutel] = bericht.volgnummer
            uit.append(bericht)
    return uit


def _buiten_de_regio(rijen: Sequence[_Rij], hier: dict[Persoon, Overstap], n: Namen) -> None:
    """An mbo that takes no part in the regio of the school: its own line, never a status of ours."""
    regels: dict[tuple[uuid.UUID, str, str], BuitenRegio] = {}
    for r in rijen:
        overstap = hier.get(r.persoon)
        if overstap is None or overstap.regio_id in n.mbo_regios.get(r.body.mbo_instelling, set()):
            continue
        sleutel = (overstap.id, r.body.mbo_instelling, r.body.aanmeld_id)
        if sleutel not in regels or regels[sleutel].volgnummer < r.body.volgnummer:
            regels[sleutel] = buiten_regio(overstap, r.body, n.mbos[r.body.mbo_instelling].naam)
    if regels:
        record_buiten_regio(list(regels.values()))


def buiten_regio(overstap: Overstap, body: Aanmeldstatus, naam: str) -> BuitenRegio:
    return BuitenRegio(
        id=nieuwe_sleutel(),
        regio_id=overstap.regio_id,
        overstap_id=overstap.id,
        mbo_code=body.mbo_instelling,
        mbo_naam=naam,
        aanmeld_id=body.aanmeld_id,
        status=body.status,
        status_datum=body.status_datum,
        volgnummer=body.volgnummer,
    )


class _Router:
    """Who gets an aanmeldstatus: judged now. Reference data of the receivers is read once per call."""

    def __init__(self, n: Namen, hier: dict[Persoon, Overstap], met_diploma: set[uuid.UUID]) -> None:
        self.n, self.hier, self.met_diploma = n, hier, met_diploma
        codes = {o.leerling.gemeente_id for o in hier.values() if o.leerling.gemeente_id} | set(n.gemeenten)
        self.regio_van = dict(Gemeente.objects.filter(pk__in=sorted(codes)).values_list("code", "regio_id"))
        self.gemeenten = {o.code: o for o in Organisatie.objects.filter(soort="gemeente", code__in=sorted(codes))}
        dag = klok.vandaag()
        self.grenzen = {
            code: routering.leeftijdsgrens(dag, lees(gekozen).leeftijdsgrens)
            for code, gekozen in Regio.objects.filter(pk__in=set(self.regio_van.values())).values_list(
                "code", "instellingen"
            )
        }

    def berichten(self, r: _Rij) -> list[Bericht]:
        overstap = self.hier.get(r.persoon)
        uit = []
        if (school := self._school(r, overstap)) is not None:
            uit.append(self._maak(r, *school))
        if (gemeente := self._gemeente(r, overstap)) is not None:
            uit.append(self._maak(r, self.gemeenten[gemeente], self.regio_van[gemeente], None))
        return uit

    def _school(self, r: _Rij, overstap: Overstap | None) -> tuple[Organisatie, str, str] | None:
        """The latende school: the one of the overstap here, else the one that the message names."""
        if overstap is not None:
            return overstap.vestiging.organisatie, overstap.regio_id, overstap.vestiging.code
        code = str(r.body.vo_school or "")
        if not code:
            return None
        vestiging: Vestiging | None = self.n.vestigingen.get(code)
        regio = vestiging.regio_id if vestiging else min(self.n.school_regios.get(code, {""}))
        return (self.n.scholen[code[:4]], regio, code) if regio else None

    def _gemeente(self, r: _Rij, overstap: Overstap | None) -> str | None:
        """The woongemeente of this moment where the leerling is known here, else the one that the message names."""
        if overstap is None:
            code = str(r.body.gemeentecode or "")
            return code if code in self.gemeenten and code in self.regio_van else None
        leerling = overstap.leerling
        code = leerling.gemeente_id or ""
        mag = code in self.gemeenten and routering.gemeente_mag_weten(
            gemeente=code,
            land=leerling.land,
            geboortedatum=leerling.geboortedatum,
            startkwalificatie=overstap.id in self.met_diploma,
            dag=klok.vandaag(),
            grens=self.grenzen[self.regio_van[code]],
        )
        return code if mag else None

    def _maak(self, r: _Rij, ontvanger: Organisatie, regio: str, vo_school: str | None) -> Bericht:
        body: Aanmeldstatus = r.body
        return opstellen.aanmeldstatus(
            mbo_code=body.mbo_instelling,
            mbo=self.n.mbos[body.mbo_instelling],
            ontvanger=ontvanger,
            regio=regio,
            overstapjaar=r.bericht.overstapjaar,
            pgn=body.pgn,
            aanmeld_id=body.aanmeld_id,
            status=AanmeldstatusCode(body.status),
            status_datum=body.status_datum,
            aanmeld_datum=body.aanmeld_datum or None,
            volgnummer=body.volgnummer,
            vo_school=vo_school,
        )
