"""What one call asks, gives back and writes: requests in, gebeurtenissen and the changed rows out, in a constant number of statements."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

import msgspec

from accounts import audit
from accounts.actor import Actor
from accounts.models import LogRegel
from overstap.basis import klok
from overstap.basis.outbox.models import OutboxRegel
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import kale_rij, voeg_toe, werk_bij
from statuses import events
from statuses.actions.laden import Geladen
from statuses.beoordelen import Toegestaan, Uitkomst, Verzoek
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
from statuses.status import Spoor, Status

_SPOOR_NUMMER = {Spoor.MARKERING: SPOOR_MARKERING, Spoor.VO: SPOOR_VO, Spoor.LEERPLICHT: SPOOR_LEERPLICHT}
# What a change on each spoor touches of the overstap, beside what every change touches.
_KOLOMMEN_VAN_SPOOR = {
    Spoor.MARKERING.value: ("gemarkeerd_sinds", "markering_sinds"),
    Spoor.VO.value: ("spoor_vo", "vo_sinds", "vo_reden", "vo_zekerheid", "vo_naar_mbo"),
    Spoor.LEERPLICHT.value: (
        "spoor_leerplicht",
        "leerplicht_sinds",
        "leerplicht_eigenaar_id",
        "leerplicht_gemeente_id",
    ),
    Spoor.AANMELDING.value: ("aantal_aanmeldingen",),
}
_OVERSTAP_KOLOMMEN = ("leidende_status", "leidend_sinds", "volgnr", "versie", "gewijzigd_op")
_AANMELDING_KOLOMMEN = (
    "status", "status_datum", "aanmeld_datum", "volgnummer", "reden_code", "aanwezigheid", "aanwezigheid_op",
    "verzuimloket_op", "startkwalificatie", "crebo", "opleiding", "niveau", "leerweg", "inhoud_hash", "bron", "advies", "teruggevallen_op",
    "teruggevallen_van",
)  # fmt: skip


class AanmeldingVelden(msgspec.Struct, frozen=True):
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


class Wijziging(msgspec.Struct, frozen=True):
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
class Partij:
    """What one call writes."""

    gebeurtenissen: list[Gebeurtenis] = field(default_factory=list)
    toelichtingen: list[Toelichting] = field(default_factory=list)
    nieuw: dict[uuid.UUID, Aanmelding] = field(default_factory=dict)
    gewijzigd: dict[uuid.UUID, Aanmelding] = field(default_factory=dict)
    log: list[tuple[LogRegel, str, uuid.UUID]] = field(default_factory=list)
    sporen: dict[uuid.UUID, list[str]] = field(default_factory=lambda: defaultdict(list))
    eerste: dict[uuid.UUID, int] = field(default_factory=dict)
    nu: datetime = field(default_factory=klok.nu)


def spoor_nummer(v: Verzoek, aanmelding: Aanmelding | None) -> int:
    """The small number of the spoor of a request (statuses/models/gebeurtenis.py)."""
    return _SPOOR_NUMMER.get(v.spoor) or SPOOR_AANMELDING + (aanmelding.nr if aanmelding else 0)


def gebeurtenis(
    overstap: Overstap,
    v: Verzoek,
    uitkomst: Toegestaan,
    aanmelding: Aanmelding | None,
    van: Status | None,
    partij: Partij,
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
        spoor=spoor_nummer(v, aanmelding),
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
        naar_mbo=v.naar_mbo if v.spoor == Spoor.VO and v.naar else None,
        correctie=uitkomst.correctie,
        gemeld_op=v.geldig_op if v.geldig_op != uitkomst.geldig_op else None,
    )
    partij.gebeurtenissen.append(gebeurtenis)
    tekst, voor_school, contact = v.tekst.strip()[:2000], v.voor_school.strip()[:2000], v.contact.strip()[:300]
    if tekst or voor_school or contact:
        partij.toelichtingen.append(
            Toelichting(
                id=nieuwe_sleutel(),
                regio_id=overstap.regio_id,
                gebeurtenis_id=gebeurtenis.id,
                tekst=tekst,
                voor_school=voor_school,
                contact=contact,
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


def schrijf(geladen: Geladen, partij: Partij) -> None:
    """Six statements at the most, whatever the number of rows."""
    ids = dict.fromkeys((*partij.eerste, *(gewijzigde.overstap_id for gewijzigde in partij.gewijzigd.values())))
    geraakt = [geladen.overstappen[pk] for pk in ids]
    for overstap in geraakt:
        overstap.versie += 1
        overstap.gewijzigd_op = partij.nu
    sporen = {spoor for van_een in partij.sporen.values() for spoor in van_een}
    kolommen = [kolom for spoor in sorted(sporen) for kolom in _KOLOMMEN_VAN_SPOOR[spoor]]
    werk_bij(Overstap, geraakt, (*kolommen, *_OVERSTAP_KOLOMMEN))
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
