"""What an mbo delivers: aanmeldingen from its SIS, by API or file. Set-based; per row an answer, and nothing is lost."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import msgspec
from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from accounts.models import Organisatie
from overstap.basis import geheim, klok
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import reeks, voeg_toe
from statuses.actions.leveringen import record_levering
from statuses.actions.met_de_hand import one_by_one
from statuses.actions.rijen import RijUitkomst, geweigerd
from statuses.actions.schrijven import AanmeldingVelden, Wijziging, change_statuses
from statuses.beoordelen import Context, Geweigerd, Verzoek, beoordeel_aanwezigheid
from statuses.models import Aanmelding, NietVerwerkt, Overstap
from statuses.overgangen import Via
from statuses.regiokalender import kalenders
from statuses.status import Spoor, Status
from statuses.termijnen import Kalender, nieuwste_jaar, open_jaren

_KLAAR_IN_OUDE_JAAR = frozenset({Status.DEFINITIEF, Status.VERVOLGKEUZE_VO})
_Sleutel = tuple[int, str]  # overstapjaar, aanmeld_id


class AanmeldingRij(msgspec.Struct, frozen=True):
    """One delivered aanmelding, checked by the reader. ``overstapjaar`` None: see domein.md 6 for which one it becomes."""

    aanmeld_id: str
    pgn_soort: str
    pgn: str
    status: Status
    status_datum: date
    volgnummer: int
    overstapjaar: int | None = None
    crebo: str = ""
    opleiding: str = ""
    niveau: int | None = None
    leerweg: str = ""
    reden_code: str = ""
    reden_tekst: str = ""
    aanwezigheid: str | None = None  # None: says nothing; "": neither; show; no_show
    startkwalificatie: bool | None = None
    aanmeld_datum: date | None = None

    @property
    def hash(self) -> bytes:
        """Of the content as sent, to tell a repeat from a contradiction."""
        return hashlib.sha256(msgspec.json.encode(self)).digest()


class _Overstap(NamedTuple):
    """What must be known of an overstap before its rows are locked and judged."""

    id: uuid.UUID
    regio_id: str
    gemarkeerd_sinds: date | None
    leidende_status: int | None


class _Aanmelding(NamedTuple):
    """The same of an aanmelding, with the pgn_index of its leerling."""

    id: uuid.UUID
    nr: int
    overstap_id: uuid.UUID
    volgnummer: int
    inhoud_hash: bytes | None
    pgn_index: bytes


@dataclass(slots=True)
class _Bekend:
    """What is known here of the leerlingen and aanmeldingen of a call."""

    overstappen: dict[tuple[bytes, int], _Overstap]
    aanmeldingen: dict[_Sleutel, _Aanmelding]
    jaren: dict[str, int]
    vandaag: date
    kalenders: dict[tuple[str, int], Kalender]


def record_aanmeldingen(
    rijen: Sequence[AanmeldingRij],
    *,
    mbo: Organisatie,
    actor: Actor,
    bron: str,
    geleverd: bool = True,
    antwoord_gegeven: bool = False,
) -> list[RijUitkomst]:
    """Apply delivered aanmeldingen of one mbo in the order of their volgnummer. Answers in the order sent.

    What cannot be applied is kept (NietVerwerkt) and answered ``opgeslagen``: an older volgnummer (W302), a broken rule
    (W303), no marked overstap here (W304). The caller has checked that the actor may deliver for this mbo. ``geleverd``
    False: these were kept from before, the mbo delivers nothing now. ``antwoord_gegeven``: the sender hears nothing any more
    (a message of the koppelpunt), so what would be refused is kept as W303.
    """
    uitkomsten: list[RijUitkomst | None] = [None] * len(rijen)
    with transaction.atomic():
        one_by_one(mbo.id)
        indexen = [geheim.blinde_index(rij.pgn_soort, rij.pgn) for rij in rijen]
        ronde = list(range(len(rijen)))
        while ronde:
            # Of each aanmelding the lowest volgnummer first; the next ones in the next round, judged by what came out.
            bekend = _zoek(rijen, indexen, mbo, ronde, actor.regios)
            per_sleutel: dict[_Sleutel, list[int]] = defaultdict(list)
            for i in ronde:
                per_sleutel[(_jaar(rijen[i], indexen[i], bekend), rijen[i].aanmeld_id)].append(i)
            nu = [min(lijst, key=lambda i: (rijen[i].volgnummer, i)) for lijst in per_sleutel.values()]
            _ronde(rijen, indexen, sorted(nu), bekend, uitkomsten, mbo, actor, bron, antwoord_gegeven)
            gedaan = set(nu)
            ronde = [i for i in ronde if i not in gedaan]
        klaar = [u for u in uitkomsten if u is not None]
        geweigerd_, bewaard = (sum(u.uitkomst == soort for u in klaar) for soort in ("geweigerd", "opgeslagen"))
        if geleverd:
            record_levering(actor.regios, mbo.id, "aanmeldingen", len(rijen), geweigerd_, bewaard)
        audit.log(
            actor,
            "aanmeldingen.aangeleverd",
            object_soort="organisatie",
            object_id=mbo.id,
            doel=bron,
            aantal=len(rijen),
        )
    return klaar


def _zoek(
    rijen: Sequence[AanmeldingRij],
    indexen: Sequence[bytes],
    mbo: Organisatie,
    ronde: Sequence[int],
    regios: Collection[str],
) -> _Bekend:
    aanmeldingen: dict[_Sleutel, _Aanmelding] = {}
    jaren: dict[str, int] = {}
    gevonden = Aanmelding.objects.filter(mbo=mbo).extra(
        where=["aanmeld_id = ANY(%s::text[])"], params=[reeks([rijen[i].aanmeld_id for i in ronde])]
    )
    velden = ("id", "nr", "overstap_id", "volgnummer", "inhoud_hash", "overstap__leerling__pgn_index")
    for jaar, aanmeld_id, *rij in gevonden.order_by("overstapjaar").values_list("overstapjaar", "aanmeld_id", *velden):
        aanmeldingen[(jaar, aanmeld_id)] = _Aanmelding(*rij)
        jaren[aanmeld_id] = jaar
    # As a subquery it reaches the leerlingen by pgn alone. With = ANY the planner looks for every pgn in every regio: at forty half
    # a second.
    bekend = Overstap.objects.extra(
        where=["statuses_leerling.pgn_index IN (SELECT unnest(%s::bytea[]))"],
        params=[reeks([indexen[i] for i in ronde])],
    )
    overstappen: dict[tuple[bytes, int], _Overstap] = {}
    # A leerling of two regio's: the marked one goes before the unmarked one.
    for index, jaar, *rij in bekend.order_by("gemarkeerd_sinds", "id").values_list(
        "leerling__pgn_index", "overstapjaar", "id", "regio_id", "gemarkeerd_sinds", "leidende_status"
    ):
        overstappen.setdefault((bytes(index), jaar), _Overstap(*rij))
    genoemd = {rijen[i].overstapjaar for i in ronde} | set(jaren.values()) | set(open_jaren(klok.vandaag()))
    k = kalenders(regios, {jaar for jaar in genoemd if jaar is not None})
    return _Bekend(overstappen, aanmeldingen, jaren, klok.vandaag(), k)


def _jaar(rij: AanmeldingRij, index: bytes, bekend: _Bekend) -> int:
    """The overstapjaar: as sent; of the known aanmelding; until 15 October the closing one for who is not ready there."""
    if rij.overstapjaar is not None:
        return rij.overstapjaar
    if rij.aanmeld_id in bekend.jaren:
        return bekend.jaren[rij.aanmeld_id]
    for jaar in open_jaren(bekend.vandaag)[1:]:
        oud = bekend.overstappen.get((index, jaar))
        if oud is not None and oud.gemarkeerd_sinds and oud.leidende_status not in _KLAAR_IN_OUDE_JAAR:
            return jaar
    return nieuwste_jaar(bekend.vandaag)


def _ronde(
    rijen: Sequence[AanmeldingRij],
    indexen: Sequence[bytes],
    nu: Sequence[int],
    bekend: _Bekend,
    uitkomsten: list[RijUitkomst | None],
    mbo: Organisatie,
    actor: Actor,
    bron: str,
    antwoord_gegeven: bool,
) -> None:
    wijzigingen: list[Wijziging] = []
    van_rij: list[int] = []
    bewaren: list[NietVerwerkt] = []
    for i in nu:
        rij, jaar = rijen[i], _jaar(rijen[i], indexen[i], bekend)
        antwoord, code = _vooraf(rij, indexen[i], jaar, bekend)
        overstap = bekend.overstappen.get((indexen[i], jaar))
        if antwoord is not None:
            regel = ""
            if antwoord_gegeven and antwoord.uitkomst == "geweigerd":
                regel, code = antwoord.codes[0], "W303"
                antwoord = RijUitkomst("opgeslagen", [code], antwoord.melding, None, rij.aanmeld_id, "geweigerd")
            uitkomsten[i] = antwoord
            if code:
                bewaren.extend(_bewaar(rij, indexen[i], jaar, overstap, mbo, actor, code, regel, bron=bron))
            continue
        assert overstap is not None
        for wijziging in _wijzigingen(rij, jaar, overstap, bekend, mbo, actor):
            wijzigingen.append(wijziging)
            van_rij.append(i)
    for i, resultaat in zip(van_rij, change_statuses(wijzigingen, actor=actor, bron=bron), strict=True):
        rij = rijen[i]
        uitkomst = resultaat.uitkomst
        if isinstance(uitkomst, Geweigerd) and uitkomst.soort != "geen_wijziging":
            if uitkomst.code.startswith("datum_") and not antwoord_gegeven:
                uitkomsten[i] = geweigerd("T001", uitkomst.detail, "status_datum", rij.aanmeld_id)
                continue
            uitkomsten[i] = RijUitkomst(
                "opgeslagen", ["W303"], uitkomst.detail, resultaat.overstap_id, rij.aanmeld_id, "geweigerd"
            )
            overstap = bekend.overstappen.get((indexen[i], _jaar(rij, indexen[i], bekend)))
            jaar = _jaar(rij, indexen[i], bekend)
            bewaren.extend(_bewaar(rij, indexen[i], jaar, overstap, mbo, actor, "W303", uitkomst.code, bron=bron))
        else:
            nieuw = (_jaar(rij, indexen[i], bekend), rij.aanmeld_id) not in bekend.aanmeldingen
            uitkomsten[i] = RijUitkomst(
                "verwerkt", [], "", resultaat.overstap_id, rij.aanmeld_id, "nieuw" if nieuw else "gewijzigd"
            )
    voeg_toe(NietVerwerkt, bewaren, botsing="ON CONFLICT DO NOTHING")


def _vooraf(rij: AanmeldingRij, index: bytes, jaar: int, bekend: _Bekend) -> tuple[RijUitkomst | None, str]:
    """What is decided before any rule: dates, volgnummer, whose it is. (None, "") when the rules may judge."""
    k, vandaag = _kalender(bekend, bekend.overstappen.get((index, jaar)), jaar), bekend.vandaag
    for veld, dag in (("status_datum", rij.status_datum), ("aanmeld_datum", rij.aanmeld_datum)):
        if dag is not None and dag > vandaag:
            return geweigerd(
                "T001", "De datum ligt in de toekomst. Lever vandaag of een eerdere dag aan.", veld, rij.aanmeld_id
            ), ""
        if dag is not None and dag < k["begin"]:
            begin = f"{k['begin']:%d-%m-%Y}"
            return geweigerd(
                "T001",
                f"De datum ligt voor het begin van overstapjaar {jaar}-{jaar + 1}, {begin}.",
                veld,
                rij.aanmeld_id,
            ), ""
    if rij.aanwezigheid and (tegen := beoordeel_aanwezigheid(rij.status, "", rij.aanwezigheid, Context(vandaag, k))):
        return RijUitkomst("opgeslagen", ["W303"], tegen.detail, None, rij.aanmeld_id, "geweigerd"), "W303"
    aanmelding = bekend.aanmeldingen.get((jaar, rij.aanmeld_id))
    if aanmelding is not None:
        if aanmelding.pgn_index != index:
            return geweigerd(
                "F202",
                "Dit aanmeldId hoort bij een andere leerling. Gebruik een nieuw aanmeldId.",
                "aanmeld_id",
                rij.aanmeld_id,
            ), ""
        if rij.volgnummer < aanmelding.volgnummer:
            melding = f"Er is al een hoger volgnummer bekend ({aanmelding.volgnummer}). Deze regel is bewaard en verandert niets."
            return RijUitkomst("opgeslagen", ["W302"], melding, aanmelding.overstap_id, rij.aanmeld_id), "W302"
        if rij.volgnummer == aanmelding.volgnummer and aanmelding.inhoud_hash is not None:
            if aanmelding.inhoud_hash == rij.hash:
                return RijUitkomst("alVerwerkt", [], "", aanmelding.overstap_id, rij.aanmeld_id), ""
            melding = "Dit volgnummer is al gebruikt met andere gegevens. Geef een wijziging een hoger volgnummer."
            return geweigerd("F202", melding, "volgnummer", rij.aanmeld_id), ""
    overstap = bekend.overstappen.get((index, jaar))
    if overstap is None or overstap.gemarkeerd_sinds is None:
        melding = "Deze leerling is hier (nog) geen overstapper. De aanmelding is bewaard en telt mee zodra de school de leerling aanvinkt."
        return RijUitkomst("opgeslagen", ["W304"], melding, None, rij.aanmeld_id), "W304"
    return None, ""


def _kalender(bekend: _Bekend, overstap: _Overstap | None, jaar: int) -> Kalender:
    """Of the regio of the leerling; of one that is not known here the regio whose jaar begins first."""
    if overstap is not None:
        return bekend.kalenders[(overstap.regio_id, jaar)]
    return min((k for (_, van), k in bekend.kalenders.items() if van == jaar), key=lambda k: k["begin"])


def _wijzigingen(
    rij: AanmeldingRij, jaar: int, overstap: _Overstap, bekend: _Bekend, mbo: Organisatie, actor: Actor
) -> list[Wijziging]:
    aanmelding = bekend.aanmeldingen.get((jaar, rij.aanmeld_id))
    velden = AanmeldingVelden(
        rij.aanmeld_id,
        rij.crebo,
        rij.opleiding,
        rij.niveau,
        rij.leerweg,
        rij.volgnummer,
        rij.aanmeld_datum,
        rij.aanwezigheid,
        rij.startkwalificatie,
        rij.hash,
    )
    verzoek = Verzoek(
        Spoor.AANMELDING,
        rij.status,
        actor.rol,
        Via.FEED,
        rij.status_datum,
        rij.reden_code,
        rij.reden_tekst,
        nr=aanmelding.nr if aanmelding else None,
        mbo_id=mbo.id,
        opleiding=rij.opleiding or rij.crebo,
        begon_op=rij.aanmeld_datum if aanmelding is None and rij.status != Status.AANGEMELD else None,
    )
    return [Wijziging(overstap.id, verzoek, aanmelding.id if aanmelding else None, velden)]


def _bewaar(
    rij: AanmeldingRij,
    index: bytes,
    jaar: int,
    overstap: _Overstap | None,
    mbo: Organisatie,
    actor: Actor,
    code: str,
    regel: str = "",
    *,
    bron: str,
) -> list[NietVerwerkt]:
    """One row per regio in which the mbo takes part, so that the school that marks the leerling later finds it."""
    inhoud = json.dumps({**msgspec.structs.asdict(rij), "bron": bron}, default=str)
    regios = [overstap.regio_id] if overstap is not None else sorted(actor.regios)
    uit = []
    for regio in regios:
        pk = nieuwe_sleutel()
        uit.append(
            NietVerwerkt(
                id=pk,
                regio_id=regio,
                mbo_id=mbo.id,
                overstap_id=overstap.id if overstap else None,
                overstapjaar=jaar,
                soort="aanmelding",
                sleutel=rij.aanmeld_id,
                volgnummer=rij.volgnummer,
                pgn_index=index,
                code=code,
                regel=regel,
                inhoud=geheim.versleutel(inhoud, pk),
                ontvangen_op=klok.nu(),
            )
        )
    return uit
