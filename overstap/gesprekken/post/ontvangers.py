"""Who must hear of something: the functional mailbox of an organisatie, else its people by preference, else its contacts."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet

from accounts.models import Lidmaatschap
from accounts.rechten import Rol
from overstap.basis import klok
from overstap.gesprekken.models import Contactpersoon, Voorkeur

_VESTIGINGEN = Lidmaatschap.vestigingen.through.objects.filter(lidmaatschap=OuterRef("pk")).values("vestiging_id")


@dataclass(frozen=True, slots=True)
class Ontvanger:
    """One lidmaatschap or contact, and whether it wants a mail at once. Empty ``vestigingen``: all of the organisatie."""

    direct: bool
    lidmaatschap: uuid.UUID | None = None
    contact: uuid.UUID | None = None
    gebruiker: uuid.UUID | None = None
    vestigingen: frozenset[uuid.UUID] = frozenset()

    def werkt_op(self, vestiging: uuid.UUID) -> bool:
        return not self.vestigingen or vestiging in self.vestigingen


def actieve_leden(rollen: Iterable[Rol]) -> QuerySet[Lidmaatschap]:
    """The lidmaatschappen of today, of people who can log in."""
    loopt = Q(beeindigd_op__isnull=True) | Q(beeindigd_op__gt=klok.vandaag())
    return Lidmaatschap.objects.filter(loopt, rol__in=[r.value for r in rollen], gebruiker__is_active=True)


def leden_van(organisaties: Iterable[uuid.UUID], rollen: Iterable[Rol], keuze: str) -> dict[uuid.UUID, list[Ontvanger]]:
    """Per organisatie its people in these roles who want to hear; ``keuze`` names a choice of Voorkeur. One query."""
    uit: dict[uuid.UUID, list[Ontvanger]] = defaultdict(list)
    rijen = actieve_leden(rollen).filter(organisatie_id__in=set(organisaties))
    standaard = getattr(Voorkeur(), keuze)
    for pk, organisatie, gebruiker, wijze, vestigingen in rijen.values_list(
        "pk", "organisatie_id", "gebruiker_id", f"voorkeur__{keuze}", ArraySubquery(_VESTIGINGEN)
    ):
        wijze = wijze or standaard
        if wijze != Voorkeur.NIET:
            direct = wijze == Voorkeur.DIRECT
            uit[organisatie].append(
                Ontvanger(direct, lidmaatschap=pk, gebruiker=gebruiker, vestigingen=frozenset(vestigingen))
            )
    return uit


def ontvangers_van(organisaties: Iterable[uuid.UUID], rollen: Iterable[Rol]) -> dict[uuid.UUID, list[Ontvanger]]:
    """Per organisatie who hears of a message: the mailbox that works, else its people, else its other contacts. Two queries."""
    ids = set(organisaties)
    mailboxen: dict[uuid.UUID, list[Ontvanger]] = defaultdict(list)
    contacten: dict[uuid.UUID, list[Ontvanger]] = defaultdict(list)
    for pk, organisatie, mailbox in Contactpersoon.objects.filter(
        organisatie_id__in=ids, gestuiterd_op__isnull=True
    ).values_list("pk", "organisatie_id", "mailbox"):
        (mailboxen if mailbox else contacten)[organisatie].append(Ontvanger(True, contact=pk))
    rollen = tuple(rollen)
    leden = leden_van(ids, rollen, "berichten")
    # Who has people that chose not to be mailed is reached all the same: they see it on their page.
    bemand = set(
        actieve_leden(rollen).filter(organisatie_id__in=ids - set(leden)).values_list("organisatie_id", flat=True)
    )
    return {pk: mailboxen.get(pk) or leden.get(pk) or ([] if pk in bemand else contacten.get(pk, [])) for pk in ids}
