"""The one writer: lock, judge, write the gebeurtenis, keep the stand, log and publish, in one transaction.

One request and five thousand go the same way, with a constant number of statements: the overstappen are locked in the
order of their id, requests are folded over each stand in the order given, arrays write what came out.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from accounts.models import LogRegel
from overstap.basis import klok
from overstap.basis.outbox.models import OutboxRegel
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import kale_rij, voeg_toe, werk_bij
from statuses import events
from statuses.actions.laden import Geladen, laad
from statuses.beoordelen import AanmeldStand, Geweigerd, Toegestaan, Uitkomst, Verzoek, beoordeel
from statuses.models import (
    SPOOR_AANMELDING,
    SPOOR_LEERPLICHT,
    SPOOR_MARKERING,
    SPOOR_VO,
    Aanmelding,
    Gebeurtenis,
    Overstap,
    Toelichting,
)
from statuses.overgangen import Via
from statuses.status import Spoor, Status

_SPOOR_NUMMER = {Spoor.MARKERING: SPOOR_MARKERING, Spoor.VO: SPOOR_VO, Spoor.LEERPLICHT: SPOOR_LEERPLICHT}
_OVERSTAP_KOLOMMEN = (
    "gemarkeerd_sinds", "markering_sinds", "spoor_vo", "vo_sinds", "vo_reden", "vo_zekerheid", "spoor_leerplicht", "leerplicht_sinds",
    "leerplicht_eigenaar_id", "leidende_status", "leidend_sinds", "aantal_aanmeldingen", "volgnr", "versie", "gewijzigd_op",
)  # fmt: skip
_AANMELDING_KOLOMMEN = (
    "status", "status_datum", "aanmeld_datum", "volgnummer", "reden_code", "aanwezigheid", "startkwalificatie", "crebo", "opleiding",
    "niveau", "leerweg", "inhoud_hash", "bron",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AanmeldingVelden:
    """What an aanmelding holds beside its status; needed for a new one, and what a feed changes of a known one."""

    aanmeld_id: str = ""
    crebo: str = ""
    opleiding: str = ""
    niveau: int | None = None
    leerweg: str = ""
    volgnummer: int = 0
    aanmeld_datum: date | None = None
    aanwezigheid: str | None = None
    startkwalificatie: bool | None = None
    inhoud_hash: bytes | None = None


@dataclass(frozen=True, slots=True)
class Wijziging:
    """A request for one overstap; ``aanmelding_id`` where it is about a known aanmelding."""

    overstap_id: uuid.UUID
    verzoek: Verzoek
    aanmelding_id: uuid.UUID | None = None
    velden: AanmeldingVelden | None = None


@dataclass(slots=True)
class Resultaat:
    """What came of one Wijziging, in the order given."""

    overstap_id: uuid.UUID
    uitkomst: Uitkomst
    aanmelding_id: uuid.UUID | None = None
    gebeurtenis_id: uuid.UUID | None = None

    @property
    def gelukt(self) -> bool:
        return isinstance(self.uitkomst, Toegestaan)


@dataclass(slots=True)
class _Partij:
    """What one call writes."""

    gebeurtenissen: list[Gebeurtenis] = field(default_factory=list)
    toelichtingen: list[Toelichting] = field(default_factory=list)
    nieuw: dict[uuid.UUID, Aanmelding] = field(default_factory=dict)
    gewijzigd: dict[uuid.UUID, Aanmelding] = field(default_factory=dict)
    log: list[tuple[LogRegel, str, uuid.UUID]] = field(default_factory=list)
    sporen: dict[uuid.UUID, list[str]] = field(default_factory=lambda: defaultdict(list))
    eerste: dict[uuid.UUID, int] = field(default_factory=dict)
    nu: datetime = field(default_factory=klok.nu)


class VersieGewijzigd(Exception):
    """Somebody else changed this overstap meanwhile; ``versie`` is the one of now."""

    def __init__(self, versie: int) -> None:
        super().__init__("Deze leerling is intussen gewijzigd. Bekijk de nieuwe stand en probeer het opnieuw.")
        self.versie = versie


def change_status(wijziging: Wijziging, *, actor: Actor, versie: int | None = None) -> Resultaat:
    """Change one status; raises :class:`VersieGewijzigd` when ``versie`` is not the one of now."""
    return change_statuses(
        [wijziging], actor=actor, versies={wijziging.overstap_id: versie} if versie is not None else None
    )[0]


def change_statuses(
    wijzigingen: Sequence[Wijziging], *, actor: Actor, bron: str = "", versies: Mapping[uuid.UUID, int] | None = None
) -> list[Resultaat]:
    """Judge and apply requests, each on its own: a refusal leaves the others. Results in the order given.

    ``bron`` is kept on the gebeurtenis; without it the ``via`` of the request. The caller has checked that the actor may
    see these overstappen and that the role has the right; which status may follow which is checked here.
    """
    if not wijzigingen:
        return []
    with transaction.atomic():
        geladen = laad([w.overstap_id for w in wijzigingen], [w.verzoek for w in wijzigingen])
        controleer_versies(geladen, versies)
        partij = _Partij()
        resultaten = [_pas_toe(w, geladen, partij, actor, bron) for w in wijzigingen]
        _schrijf(geladen, partij)
    return resultaten


def controleer_versies(geladen: Geladen, versies: Mapping[uuid.UUID, int] | None) -> None:
    """Raise VersieGewijzigd when one of these overstappen is not as the person saw it."""
    for pk, verwacht in (versies or {}).items():
        if pk in geladen.overstappen and geladen.overstappen[pk].versie != verwacht:
            raise VersieGewijzigd(geladen.overstappen[pk].versie)


def _pas_toe(w: Wijziging, geladen: Geladen, partij: _Partij, actor: Actor, bron: str) -> Resultaat:
    overstap = geladen.overstappen.get(w.overstap_id)
    if overstap is None:
        return Resultaat(
            w.overstap_id,
            Geweigerd("onbekend", "Deze leerling bestaat niet of is voor u niet zichtbaar."),
            w.aanmelding_id,
        )
    stand, verzoek = geladen.standen[overstap.id], w.verzoek
    aanmelding = geladen.aanmelding(overstap.id, w.aanmelding_id)
    nr = aanmelding.nr if aanmelding else None
    if verzoek.nr != nr:
        verzoek = geladen.met_nr(verzoek, nr)
    uitkomst = beoordeel(stand, verzoek, geladen.context(overstap))
    if isinstance(uitkomst, Geweigerd):
        if aanmelding is not None and uitkomst.soort == "geen_wijziging" and w.velden is not None:
            _zet_velden(aanmelding, w.velden, partij)
        return Resultaat(overstap.id, uitkomst, w.aanmelding_id)
    if uitkomst.geldig_op < (stand.sinds(verzoek.spoor, nr) or date.min) and verzoek.invoegen:
        return _voeg_in(w, verzoek, uitkomst, overstap, aanmelding, geladen, partij, actor, bron)
    if verzoek.spoor == Spoor.AANMELDING and aanmelding is None:
        aanmelding = _nieuwe_aanmelding(w, verzoek, uitkomst, overstap, geladen, partij, bron)
    van = None if verzoek.nr is None and verzoek.spoor == Spoor.AANMELDING else stand.van(verzoek.spoor, verzoek.nr)
    if verzoek.begon_op is not None and verzoek.begon_op <= uitkomst.geldig_op:
        begin = dataclasses.replace(verzoek, naar=Status.AANGEMELD, reden_code="", tekst="")
        _gebeurtenis(
            overstap, begin, Toegestaan(uitkomst.overgang, verzoek.begon_op), aanmelding, None, partij, actor, bron
        )
        van = Status.AANGEMELD
    gebeurtenis = _gebeurtenis(overstap, verzoek, uitkomst, aanmelding, van, partij, actor, bron)
    _zet_stand(geladen, overstap, verzoek, uitkomst, aanmelding, w.velden, partij, actor)
    return Resultaat(overstap.id, uitkomst, aanmelding.id if aanmelding else None, gebeurtenis.id)


def _gebeurtenis(
    overstap: Overstap,
    v: Verzoek,
    uitkomst: Toegestaan,
    aanmelding: Aanmelding | None,
    van: Status | None,
    partij: _Partij,
    actor: Actor,
    bron: str,
) -> Gebeurtenis:
    """Add the history row, its text and its log line."""
    overstap.volgnr += 1
    partij.eerste.setdefault(overstap.id, overstap.volgnr)
    partij.sporen[overstap.id].append(v.spoor.value)
    gebeurtenis = kale_rij(
        Gebeurtenis,
        id=nieuwe_sleutel(),
        regio_id=overstap.regio_id,
        overstap_id=overstap.id,
        overstapjaar=overstap.overstapjaar,
        volgnr=overstap.volgnr,
        spoor=_SPOOR_NUMMER.get(v.spoor) or SPOOR_AANMELDING + (aanmelding.nr if aanmelding else 0),
        van=van,
        naar=v.naar,
        geldig_op=uitkomst.geldig_op,
        geregistreerd_op=partij.nu,
        bron=bron or v.via.value,
        actor_soort=actor.soort,
        actor_id=actor.id,
        organisatie_id=actor.organisatie_id,
        reden_code=v.reden_code,
        zekerheid=v.zekerheid if v.spoor == Spoor.VO and v.naar else "",
        correctie=uitkomst.correctie,
        gemeld_op=v.geldig_op if v.geldig_op != uitkomst.geldig_op else None,
    )
    partij.gebeurtenissen.append(gebeurtenis)
    if v.tekst.strip():
        partij.toelichtingen.append(
            Toelichting(
                id=nieuwe_sleutel(),
                regio_id=overstap.regio_id,
                gebeurtenis_id=gebeurtenis.id,
                tekst=v.tekst.strip()[:2000],
            )
        )
    regel = audit.regel(
        actor,
        f"status.{uitkomst.overgang.naam}",
        regio=overstap.regio_id,
        object_soort="overstap",
        object_id=overstap.id,
        doel=v.spoor.value,
    )
    partij.log.append((regel, overstap.regio_id, overstap.leerling_id))
    return gebeurtenis


def _nieuwe_aanmelding(
    w: Wijziging, v: Verzoek, uitkomst: Toegestaan, overstap: Overstap, geladen: Geladen, partij: _Partij, bron: str
) -> Aanmelding:
    velden = w.velden or AanmeldingVelden()
    overstap.aantal_aanmeldingen += 1
    pk = nieuwe_sleutel()
    aanmelding = Aanmelding(
        id=pk,
        regio_id=overstap.regio_id,
        overstap_id=overstap.id,
        overstapjaar=overstap.overstapjaar,
        mbo_id=_bekend(v.mbo_id),
        aanmeld_id=velden.aanmeld_id or str(pk),
        nr=overstap.aantal_aanmeldingen,
        opleiding=v.opleiding,
        bron=bron or v.via.value,
        aanmeld_datum=velden.aanmeld_datum or uitkomst.geldig_op,
    )
    geladen.voeg_toe(aanmelding)
    partij.nieuw[pk] = aanmelding
    return aanmelding


def _bekend(mbo_id: uuid.UUID | None) -> uuid.UUID:
    if mbo_id is None:
        raise ValueError("Een nieuwe aanmelding hoort bij een mbo-instelling.")
    return mbo_id


def _zet_velden(aanmelding: Aanmelding, velden: AanmeldingVelden, partij: _Partij) -> None:
    for naam in (
        "crebo",
        "opleiding",
        "niveau",
        "leerweg",
        "volgnummer",
        "aanmeld_datum",
        "aanwezigheid",
        "startkwalificatie",
        "inhoud_hash",
    ):
        waarde = getattr(velden, naam)
        leeg = waarde is None or (waarde == "" and naam != "aanwezigheid") or (naam == "volgnummer" and waarde == 0)
        if not leeg:
            setattr(aanmelding, naam, waarde)
    if aanmelding.id not in partij.nieuw:
        partij.gewijzigd[aanmelding.id] = aanmelding


def _zet_stand(
    geladen: Geladen,
    overstap: Overstap,
    v: Verzoek,
    uitkomst: Toegestaan,
    aanmelding: Aanmelding | None,
    velden: AanmeldingVelden | None,
    partij: _Partij,
    actor: Actor,
) -> None:
    """Fold the request over the stand, in memory: the next request of the batch sees it."""
    stand = geladen.standen[overstap.id]
    if v.spoor == Spoor.MARKERING:
        stand.gemarkeerd_sinds = overstap.gemarkeerd_sinds = uitkomst.geldig_op if v.naar else None
        stand.markering_sinds = overstap.markering_sinds = uitkomst.geldig_op
    elif v.spoor == Spoor.VO:
        stand.vo = overstap.spoor_vo = v.naar
        stand.vo_sinds = overstap.vo_sinds = uitkomst.geldig_op
        stand.vo_reden = overstap.vo_reden = v.reden_code if v.naar else ""
        stand.vo_zekerheid = overstap.vo_zekerheid = v.zekerheid if v.naar else ""
    elif v.spoor == Spoor.LEERPLICHT:
        stand.leerplicht = overstap.spoor_leerplicht = v.naar
        stand.leerplicht_sinds = overstap.leerplicht_sinds = uitkomst.geldig_op
        if v.naar == Status.LP_IN_BEHANDELING:
            overstap.leerplicht_eigenaar_id = actor.id
    else:
        assert aanmelding is not None
        assert v.naar is not None
        aanmelding.status, aanmelding.status_datum, aanmelding.reden_code = v.naar, uitkomst.geldig_op, v.reden_code
        if v.naar != Status.DEFINITIEF:
            aanmelding.aanwezigheid = ""  # show and no-show belong to this placement
        stand.aanmeldingen[aanmelding.nr] = AanmeldStand(
            aanmelding.nr, aanmelding.mbo_id, v.naar, uitkomst.geldig_op, aanmelding.aanwezigheid, aanmelding.crebo
        )
        _zet_velden(aanmelding, velden or AanmeldingVelden(), partij)
    nieuw = stand.leidend
    if nieuw != overstap.leidende_status:
        overstap.leidende_status = nieuw
        overstap.leidend_sinds = uitkomst.geldig_op if nieuw else None


def _voeg_in(
    w: Wijziging,
    v: Verzoek,
    uitkomst: Toegestaan,
    overstap: Overstap,
    aanmelding: Aanmelding | None,
    geladen: Geladen,
    partij: _Partij,
    actor: Actor,
    bron: str,
) -> Resultaat:
    """Register a forgotten step of the past, and the later ones again behind it, so that today's stand stays."""
    nummer = _SPOOR_NUMMER.get(v.spoor) or SPOOR_AANMELDING + (aanmelding.nr if aanmelding else 0)
    # What stands on this spoor from that day on, day by day, as known now: per geldig_op the last registered.
    later: dict[date, Gebeurtenis] = {}
    for g in Gebeurtenis.objects.filter(overstap_id=overstap.id, spoor=nummer).order_by("volgnr"):
        later = {dag: rij for dag, rij in later.items() if dag < g.geldig_op} | {g.geldig_op: g}
    eerder = [g for dag, g in sorted(later.items()) if dag <= uitkomst.geldig_op]
    van = Status(eerder[-1].naar) if eerder and eerder[-1].naar else None
    if van == v.naar:
        return Resultaat(
            overstap.id,
            Geweigerd("geen_wijziging", "Dit stond er die dag al. Er is niets gewijzigd.", "geen_wijziging"),
            w.aanmelding_id,
        )
    eerste = _gebeurtenis(overstap, v, uitkomst, aanmelding, van, partij, actor, bron)
    vorige = v.naar
    for dag, oud in sorted(later.items()):
        if dag <= uitkomst.geldig_op:
            continue
        naar = Status(oud.naar) if oud.naar else None
        herhaald = Verzoek(v.spoor, naar, v.rol, v.via, dag, oud.reden_code, "", oud.zekerheid, v.nr)
        _gebeurtenis(
            overstap, herhaald, Toegestaan(uitkomst.overgang, dag, True), aanmelding, vorige, partij, actor, bron
        )
        vorige = naar
    return Resultaat(overstap.id, uitkomst, aanmelding.id if aanmelding else None, eerste.id)


def _schrijf(geladen: Geladen, partij: _Partij) -> None:
    """Six statements at the most, whatever the number of rows."""
    geraakt = [geladen.overstappen[pk] for pk in partij.eerste]
    for gewijzigde in partij.gewijzigd.values():
        if gewijzigde.overstap_id not in partij.eerste:
            geraakt.append(geladen.overstappen[gewijzigde.overstap_id])
    for overstap in {o.id: o for o in geraakt}.values():
        overstap.versie += 1
        overstap.gewijzigd_op = partij.nu
    werk_bij(Overstap, list({o.id: o for o in geraakt}.values()), _OVERSTAP_KOLOMMEN)
    voeg_toe(Aanmelding, list(partij.nieuw.values()))
    werk_bij(Aanmelding, list(partij.gewijzigd.values()), _AANMELDING_KOLOMMEN)
    voeg_toe(Gebeurtenis, partij.gebeurtenissen)
    voeg_toe(Toelichting, partij.toelichtingen)
    audit.log_regels([regel for regel, _, _ in partij.log], partij.log)
    uit: list[OutboxRegel] = [
        events.status_gewijzigd(
            geladen.overstappen[pk].regio_id, pk, eerste, geladen.overstappen[pk].volgnr, partij.sporen[pk]
        )
        for pk, eerste in partij.eerste.items()
    ]
    events.publiceer(uit)


__all__ = ["AanmeldingVelden", "Resultaat", "VersieGewijzigd", "Via", "Wijziging", "change_status", "change_statuses"]
