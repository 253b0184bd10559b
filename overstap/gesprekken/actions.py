"""Writes of the envelop: messages, for one and for many; read marks; handing on to a colleague. Nobody else writes these rows.

The callers take the overstappen and aanmeldingen through their doors; what is judged here is who may write where.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max, Q

from accounts import audit
from accounts.actor import Actor
from overstap.basis import klok
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import voeg_toe, werk_bij
from overstap.gesprekken import events
from overstap.gesprekken.lezen import collegas, partij_van, van_mij_q
from overstap.gesprekken.models import Bericht, BerichtTekst, Gelezen, Gesprek
from overstap.gesprekken.regels import PARTIJEN, PER_AANMELDING, ROL_MAG_NIET, Soort, ander, tegen
from statuses.actions import Daad, record_berichten
from statuses.actions.daad import NIETS_NIEUWS, ONBEKEND, noteer
from statuses.actions.laden import Geladen, laad
from statuses.beoordelen import Geweigerd
from statuses.models import Overstap
from statuses.status import Partij

INTUSSEN = Geweigerd(
    "intussen", "Intussen is er een bericht bij gekomen. Lees het eerst. Uw tekst staat hieronder nog klaar."
)


@dataclass(frozen=True, slots=True)
class Waarover:
    """About which overstap or aanmelding, with which other party: that names one conversation, begun or not."""

    soort: Soort
    overstap_id: uuid.UUID
    aanmelding_id: uuid.UUID | None = None

    @property
    def sleutel(self) -> tuple[str, uuid.UUID]:
        return self.soort.value, self.aanmelding_id or self.overstap_id


@dataclass(slots=True)
class _Partij:
    """What one call writes."""

    gesprekken: dict[tuple[str, uuid.UUID], Gesprek]
    nieuw: list[Gesprek] = field(default_factory=list)
    berichten: list[tuple[Gesprek, Bericht]] = field(default_factory=list)
    overstappen: dict[uuid.UUID, Overstap] = field(default_factory=dict)


def write_berichten(waarover: Sequence[Waarover], tekst: str, *, actor: Actor, gezien: int | None = None) -> list[Daad]:
    """One text in each of these conversations, begun where there is none yet; an answer per one, in the order given.

    ``gezien``: the last message that the writer saw; a later one refuses (``intussen``), so that nobody answers past another.
    A constant number of queries.
    """
    van = partij_van(actor)
    with transaction.atomic():
        geladen = laad([w.overstap_id for w in waarover], [])
        partij = _Partij(_bestaande(waarover))
        uit = [_schrijf(w, tekst, actor, van, gezien, geladen, partij) for w in waarover]
        if van is not None and partij.berichten:
            _bewaar(partij, tekst, actor, van)
    return uit


def _bestaande(waarover: Sequence[Waarover]) -> dict[tuple[str, uuid.UUID], Gesprek]:
    """The conversations that were begun already. The lock on their overstap keeps two writers apart."""
    rijen = Gesprek.objects.filter(overstap_id__in={w.overstap_id for w in waarover})
    return {(g.soort, g.aanmelding_id or g.overstap_id): g for g in rijen}


def _schrijf(
    w: Waarover, tekst: str, actor: Actor, van: Partij | None, gezien: int | None, geladen: Geladen, partij: _Partij
) -> Daad:
    """Judge one, and put its message down in ``partij``."""
    overstap = geladen.overstappen.get(w.overstap_id)
    fout = _oordeel(w, van, overstap, geladen)
    if fout is not None or overstap is None or van is None:
        return Daad(w.overstap_id, fout or ONBEKEND, w.aanmelding_id)
    gesprek = partij.gesprekken.get(w.sleutel)
    laatste = gesprek.laatste_nr if gesprek else 0
    if gezien is not None and laatste != gezien:
        zelf = gesprek is not None and _al_verstuurd(gesprek, tekst, actor, gezien)
        return Daad(w.overstap_id, NIETS_NIEUWS if zelf else INTUSSEN, w.aanmelding_id)
    nu = klok.nu()
    if gesprek is None:
        gesprek = Gesprek(
            id=nieuwe_sleutel(), regio_id=overstap.regio_id, overstap_id=overstap.pk, aanmelding_id=w.aanmelding_id,
            soort=w.soort.value,
        )  # fmt: skip
        partij.gesprekken[w.sleutel] = gesprek
        partij.nieuw.append(gesprek)
    gesprek.laatste_nr, gesprek.laatste_op = laatste + 1, nu
    setattr(gesprek, f"laatste_{van}", gesprek.laatste_nr)
    bericht = Bericht(
        id=nieuwe_sleutel(), regio_id=overstap.regio_id, gesprek_id=gesprek.pk, nr=gesprek.laatste_nr, partij=van.value,
        organisatie_id=actor.eigen_organisatie, door=actor.id, op=nu,
    )  # fmt: skip
    partij.berichten.append((gesprek, bericht))
    partij.overstappen[overstap.pk] = overstap
    return Daad(w.overstap_id, None, w.aanmelding_id)


def _oordeel(w: Waarover, van: Partij | None, overstap: Overstap | None, geladen: Geladen) -> Geweigerd | None:
    if overstap is None:
        return ONBEKEND
    if van is None or van not in PARTIJEN[w.soort]:
        return ROL_MAG_NIET
    past = (w.aanmelding_id is not None) == (w.soort in PER_AANMELDING)
    if not past or (w.aanmelding_id and geladen.aanmelding(w.overstap_id, w.aanmelding_id) is None):
        return ONBEKEND
    context = geladen.context(overstap)
    return tegen(w.soort, overstap, context.kalender, context.vandaag)


def _al_verstuurd(gesprek: Gesprek, tekst: str, actor: Actor, gezien: int) -> bool:
    """Whether the only thing that came since is this same text of this same person: a form that was sent twice."""
    return (
        gesprek.laatste_nr == gezien + 1
        and BerichtTekst.objects.filter(
            bericht__gesprek=gesprek, bericht__nr=gesprek.laatste_nr, bericht__door=actor.id, tekst=tekst
        ).exists()
    )


def _bewaar(partij: _Partij, tekst: str, actor: Actor, van: Partij) -> None:
    berichten = [bericht for _, bericht in partij.berichten]
    nieuw = {g.pk for g in partij.nieuw}
    oud = {g.pk: g for g, _ in partij.berichten if g.pk not in nieuw}
    voeg_toe(Gesprek, partij.nieuw)
    werk_bij(Gesprek, list(oud.values()), ("laatste_nr", "laatste_op", f"laatste_{van}"))
    voeg_toe(Bericht, berichten)
    voeg_toe(BerichtTekst, [BerichtTekst(bericht_id=b.pk, regio_id=b.regio_id, tekst=tekst) for b in berichten])
    aan_mbo = [g.aanmelding_id for g, _ in partij.berichten if g.soort == Soort.VO_MBO and g.aanmelding_id]
    if aan_mbo:
        record_berichten(aan_mbo, van, actor=actor)
    noteer(actor, "bericht.geschreven", list(partij.overstappen.values()), soort="gesprek")
    events.publiceer([events.bericht_geschreven(g, b, ander(Soort(g.soort), van)) for g, b in partij.berichten])


def mark_read(gesprek: Gesprek, *, actor: Actor) -> None:
    """This person sees all that stands there now. For the party it counts as read, unless it is with a colleague."""
    partij = partij_van(actor)
    if partij is None or actor.id is None:
        return
    tot = getattr(gesprek, f"laatste_{ander(Soort(gesprek.soort), partij)}")
    if not tot:
        return
    with transaction.atomic():
        rij = Gelezen(
            id=nieuwe_sleutel(), regio_id=gesprek.regio_id, gesprek_id=gesprek.pk, gebruiker_id=actor.id, partij=partij.value,
            tot=tot, op=klok.nu(),
        )  # fmt: skip
        voeg_toe(Gelezen, [rij], botsing="ON CONFLICT DO NOTHING")
        veld = f"gelezen_{partij}"
        Gesprek.objects.filter(van_mij_q(actor, partij), Q(**{f"{veld}__lt": tot}), pk=gesprek.pk).update(**{veld: tot})


def hand_on(gesprek_id: uuid.UUID, aan: uuid.UUID | None, *, actor: Actor, van: uuid.UUID | None) -> Geweigerd | None:
    """Give the conversation to a colleague of the own organisatie, or back to all (None). ``van``: whose it was for the giver.

    From then on it is new until that colleague read it. Tells the colleague through an event.
    """
    partij = partij_van(actor)
    if partij is None:
        return ROL_MAG_NIET
    veld = f"aan_{partij}"
    with transaction.atomic():
        gesprek = Gesprek.objects.select_related("overstap").select_for_update(of=("self",)).get(pk=gesprek_id)
        if getattr(gesprek, veld) != van:
            return Geweigerd(
                "intussen", "Een collega heeft dit gesprek intussen aan iemand anders gegeven. Kijk eerst aan wie."
            )
        if aan == van:
            return NIETS_NIEUWS
        if aan is not None and aan not in {pk for pk, _ in collegas(actor, gesprek.overstap)}:
            return Geweigerd(
                "geen_collega", "Kies een collega uit de lijst. Alleen wie deze leerling mag zien, staat erin."
            )
        gelezen = Gelezen.objects.filter(gesprek=gesprek, partij=partij.value)
        if aan is not None:
            gelezen = gelezen.filter(gebruiker_id=aan)
        tot: int = gelezen.aggregate(tot=Max("tot"))["tot"] or 0
        Gesprek.objects.filter(pk=gesprek.pk).update(**{veld: aan, f"gelezen_{partij}": tot})
        audit.log(
            actor, "gesprek.doorgegeven", regio=gesprek.regio_id, object_soort="gesprek", object_id=gesprek.pk,
            leerlingen=[(gesprek.regio_id, gesprek.overstap.leerling_id)],
        )  # fmt: skip
        if aan is not None and aan != actor.id:
            events.publiceer([events.gesprek_doorgegeven(gesprek, partij, aan)])
    return None
