"""What people see of conversations: with whom, about what, and the messages with who read them. Presentation, no rules."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from accounts.actor import Actor
from overstap.gesprekken.lezen import namen
from overstap.gesprekken.models import Bericht, Gelezen, Gesprek
from overstap.gesprekken.regels import Soort, ander
from statuses.models import Aanmelding, Overstap
from statuses.status import Partij
from statuses.zichtbaarheid import Veld, ziet


@dataclass(frozen=True, slots=True)
class BerichtBeeld:
    """One message. ``gelezen_op``: when the other party first read it, for an own one."""

    wie: str
    organisatie: str
    op: datetime
    tekst: str
    eigen: bool
    nieuw: bool
    gelezen_op: datetime | None


def met_wie(soort: Soort, partij: Partij, overstap: Overstap, aanmelding: Aanmelding | None) -> str:
    """The other party in words: the school, the mbo, or leerplicht with its gemeente."""
    wie = ander(soort, partij)
    if wie == Partij.VO:
        return overstap.vestiging.naam
    if wie == Partij.MBO:
        assert aanmelding is not None
        return aanmelding.mbo.naam
    # Handed over within the regio: that one talks now.
    gemeente = overstap.leerplicht_gemeente or overstap.leerling.gemeente
    # Who lives in a gemeente of another regio is with the RMC-functie of the school's regio (domein.md 1).
    eigen = gemeente is not None and gemeente.regio_id == overstap.regio_id
    return f"leerplicht {gemeente.naam}" if eigen and gemeente else "leerplicht (RMC)"


def waarover(actor: Actor, soort: Soort, aanmelding: Aanmelding | None) -> str:
    """The opleiding, for who sees it; for leerplicht that talks about one of several aanmeldingen, nothing."""
    return aanmelding.opleiding if aanmelding is not None and ziet(actor, Veld.OPLEIDING) else ""


def berichten_van(
    gesprekken: Sequence[Gesprek], partij: Partij, actor: Actor, *, laatste: int | None = None
) -> dict[uuid.UUID, list[BerichtBeeld]]:
    """The messages per conversation, the oldest first; ``laatste`` only that many of each. Three queries."""
    rijen = Bericht.objects.filter(gesprek_id__in=[g.pk for g in gesprekken]).select_related("inhoud", "organisatie")
    if laatste is not None:
        rijen = rijen.filter(nr__gt=F("gesprek__laatste_nr") - laatste)
    berichten = list(rijen.order_by("gesprek_id", "nr"))
    mensen = namen({b.door for b in berichten})
    marken = defaultdict(list)
    gelezen = Gelezen.objects.filter(gesprek_id__in={b.gesprek_id for b in berichten}).exclude(partij=partij.value)
    for marke in gelezen.order_by("op"):
        marken[marke.gesprek_id].append(marke)
    tot = {g.pk: getattr(g, f"gelezen_{partij}") for g in gesprekken}
    uit: dict[uuid.UUID, list[BerichtBeeld]] = defaultdict(list)
    for b in berichten:
        eigen = b.partij == partij
        inhoud = getattr(b, "inhoud", None)
        uit[b.gesprek_id].append(
            BerichtBeeld(
                wie="U" if b.door == actor.id else mensen.get(b.door, "") if b.door else "",
                organisatie=b.organisatie.naam,
                op=b.op,
                tekst=inhoud.tekst if inhoud else "",
                eigen=eigen,
                nieuw=not eigen and b.nr > tot[b.gesprek_id],
                gelezen_op=next((m.op for m in marken[b.gesprek_id] if m.tot >= b.nr), None) if eigen else None,
            )
        )
    return uit
