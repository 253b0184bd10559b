"""Which conversations an actor sees and which of them are new: one rule for list, page, block and the number in the menu."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from accounts.actor import Actor
from accounts.models import Gebruiker, Lidmaatschap
from accounts.rechten import Recht, Rol
from overstap.basis import klok
from overstap.gesprekken.models import Bericht, Gesprek
from overstap.gesprekken.regels import PARTIJ_VAN_ROL, Soort, soorten_van
from statuses.models import Aanmelding, Overstap
from statuses.status import Partij
from statuses.zichtbaarheid import Veld, ziet


def partij_van(actor: Actor) -> Partij | None:
    """For which party this actor writes; None for a role that takes part in no conversation."""
    return PARTIJ_VAN_ROL.get(actor.rol) if actor.soort == "mens" and actor.mag(Recht.GESPREKKEN_VOEREN) else None


def zichtbare_soorten(actor: Actor, partij: Partij) -> list[Soort]:
    """The conversations that this party takes part in and this role sees (statuses/zichtbaarheid.py)."""
    return [soort for soort in soorten_van(partij) if ziet(actor, Veld(f"gesprek_{soort}"))]


def zichtbare_gesprekken(actor: Actor) -> QuerySet[Gesprek]:
    """The conversations of the own party about leerlingen that this actor sees; an mbo those at its own aanmeldingen."""
    partij = partij_van(actor)
    if partij is None:
        return Gesprek.objects.none()
    eigen: QuerySet[Gesprek] = Gesprek.objects.filter(soort__in=[s.value for s in zichtbare_soorten(actor, partij)])
    if partij == Partij.MBO:
        return eigen.filter(aanmelding_id__in=Aanmelding.objects.zichtbaar_voor(actor).values("pk"))
    return eigen.filter(overstap_id__in=Overstap.objects.zichtbaar_voor(actor).values("pk"))


def _actief() -> Q:
    return Q(beeindigd_op__isnull=True) | Q(beeindigd_op__gt=klok.vandaag())


def van_mij_q(actor: Actor, partij: Partij) -> Q:
    """What is not with somebody else of the party: of nobody, of this person, or of a colleague who left."""
    veld = f"aan_{partij}"
    # At the own organisatie: after a change of school or a hand-over the gesprek is not with somebody who cannot see it.
    werkt_nog = Lidmaatschap.objects.filter(
        _actief(), gebruiker_id=OuterRef(veld), rol=actor.rol.value, organisatie_id=actor.eigen_organisatie
    )
    return Q(**{f"{veld}__isnull": True}) | Q(**{veld: actor.id}) | Q(~Exists(werkt_nog))


def ongelezen_q(actor: Actor, partij: Partij) -> Q:
    """The other party wrote something that nobody of ours read, and it is not with a colleague."""
    # A conversation has two parties: of the third one the number is 0.
    nieuw = Q()
    for ander in Partij:
        if ander != partij:
            nieuw |= Q(**{f"laatste_{ander}__gt": F(f"gelezen_{partij}")})
    return nieuw & van_mij_q(actor, partij)


def wacht_q(partij: Partij) -> Q:
    """The other party had the last word."""
    return Q(**{f"laatste_{partij}__lt": F("laatste_nr")})


def ongelezen_aantal(actor: Actor) -> Combinable:
    """How many conversations nobody of ours read, as an expression that comes along with another query."""
    partij = partij_van(actor)
    if partij is None:
        return Value(0)
    rijen = zichtbare_gesprekken(actor).filter(ongelezen_q(actor, partij)).order_by()
    geteld = rijen.annotate(alle=Value(1)).values("alle").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(geteld), 0)


def tel_nieuw(gesprekken: Sequence[Gesprek], partij: Partij) -> dict[uuid.UUID, int]:
    """Per conversation how many messages of the other party nobody of ours read. One query."""
    rijen = (
        Bericht.objects.filter(gesprek_id__in=[g.pk for g in gesprekken], nr__gt=F(f"gesprek__gelezen_{partij}"))
        .exclude(partij=partij)
        .values_list("gesprek_id")
        .annotate(aantal=Count("pk"))
    )
    return dict(rijen)


def met_alles(rijen: QuerySet[Gesprek]) -> QuerySet[Gesprek]:
    """With what a page says of each: the leerling, the school and the mbo."""
    return rijen.select_related(
        "overstap__leerling__gemeente",
        "overstap__leerplicht_gemeente",
        "overstap__vestiging__organisatie",
        "aanmelding__mbo",
    )


def collegas(actor: Actor, overstap: Overstap) -> list[tuple[uuid.UUID, str]]:
    """Who of the own organisatie can take this conversation: same role, at work today, and seeing this leerling."""
    leden = Lidmaatschap.objects.filter(
        _actief(), organisatie_id=actor.eigen_organisatie, rol=actor.rol.value, gebruiker__is_active=True
    )
    if actor.rol == Rol.DECAAN:
        leden = leden.filter(Q(vestigingen__isnull=True) | Q(vestigingen=overstap.vestiging_id))
    return list(
        leden.order_by("gebruiker__naam", "gebruiker_id").values_list("gebruiker_id", "gebruiker__naam").distinct()
    )


def namen(ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """The names of people by id; one query."""
    return dict(Gebruiker.objects.filter(pk__in={pk for pk in ids if pk}).values_list("pk", "naam"))
