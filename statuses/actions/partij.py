"""What one call asks, gives back and writes: requests in, gebeurtenissen and the changed rows out, in a constant number of statements."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime

import msgspec

from accounts import audit
from accounts.actor import Actor
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
class Geraakt:
    """An overstap with new gebeurtenissen: the volgnr of the first one, and on which sporen."""

    overstap: Overstap
    eerste: int
    sporen: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Partij:
    """What one call writes."""

    gebeurtenissen: list[Gebeurtenis] = field(default_factory=list)
    toelichtingen: list[Toelichting] = field(default_factory=list)
    nieuw: list[Aanmelding] = field(default_factory=list)
    gewijzigd: dict[uuid.UUID, Aanmelding] = field(default_factory=dict)
    log: list[audit.Daad] = field(default_factory=list)
    geraakt: dict[uuid.UUID, Geraakt] = field(default_factory=dict)
    nu: datetime = field(default_factory=klok.nu)
    wandklok: datetime = field(default_factory=klok.wandklok)


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
    spoor, regio = v.spoor.value, overstap.regio_id
    geraakt = partij.geraakt.get(overstap.id)
    if geraakt is None:
        geraakt = partij.geraakt[overstap.id] = Geraakt(overstap, overstap.volgnr)
    geraakt.sporen.append(spoor)
    gebeurtenis = kale_rij(
        Gebeurtenis,
        id=nieuwe_sleutel(),
        regio_id=regio,
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
                regio_id=regio,
                gebeurtenis_id=gebeurtenis.id,
                tekst=tekst,
                voor_school=voor_school,
                contact=contact,
            )
        )
    partij.log.append(audit.Daad(f"status.{uitkomst.overgang.naam}", spoor, regio, overstap.id, overstap.leerling_id))
    return gebeurtenis


def schrijf(geladen: Geladen, partij: Partij, actor: Actor) -> None:
    """Six statements at the most, whatever the number of rows."""
    overstappen = [geraakt.overstap for geraakt in partij.geraakt.values()]
    # Of a feed that changed only what an aanmelding holds beside its status.
    zonder = {a.overstap_id: None for a in partij.gewijzigd.values() if a.overstap_id not in partij.geraakt}
    overstappen += [geladen.overstappen[pk] for pk in zonder]
    for overstap in overstappen:
        overstap.versie += 1
        overstap.gewijzigd_op = partij.nu
    sporen = {spoor for geraakt in partij.geraakt.values() for spoor in geraakt.sporen}
    kolommen = [kolom for spoor in sorted(sporen) for kolom in _KOLOMMEN_VAN_SPOOR[spoor]]
    werk_bij(Overstap, overstappen, (*kolommen, *_OVERSTAP_KOLOMMEN))
    voeg_toe(Aanmelding, partij.nieuw)
    werk_bij(Aanmelding, list(partij.gewijzigd.values()), _AANMELDING_KOLOMMEN)
    voeg_toe(Gebeurtenis, partij.gebeurtenissen)
    voeg_toe(Toelichting, partij.toelichtingen)
    audit.log_daden(actor, partij.log, partij.wandklok)
    uit: list[OutboxRegel] = [
        events.status_gewijzigd(g.overstap.regio_id, pk, g.eerste, g.overstap.volgnr, g.sporen)
        for pk, g in partij.geraakt.items()
    ]
    events.publiceer(uit)
