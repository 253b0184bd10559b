"""Who must hear of something: the functional mailbox of an organisatie, else its people by preference, else its contacts."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet

from accounts.models import Lidmaatschap, Organisatie
from accounts.rechten import Rol, Soort
from overstap.basis import klok
from overstap.gesprekken.models import Contactpersoon, Voorkeur
from overstap.gesprekken.regels import PARTIJ_VAN_ROL
from statuses.models import Overstap
from statuses.status import Partij

ROL_VAN_PARTIJ: Final[dict[Partij, Rol]] = {partij: rol for rol, partij in PARTIJ_VAN_ROL.items()}
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


def leerplicht_van(regio: str, overstappen: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Overstap -> the organisatie of leerplicht: the gemeente that has the leerling, else the RMC-functie. Two queries."""
    gemeenten: dict[str, uuid.UUID] = {}
    rmc: uuid.UUID | None = None
    soorten = [Soort.GEMEENTE.value, Soort.BEHEERORGANISATIE.value]
    rijen = Organisatie.objects.filter(deelnames__regio=regio, soort__in=soorten)
    for pk, code, soort in rijen.values_list("pk", "code", "soort"):
        if soort == Soort.GEMEENTE.value:
            gemeenten[code] = pk
        else:
            rmc = pk
    waar = Overstap.objects.filter(pk__in=list(overstappen)).values_list(
        "pk", "leerplicht_gemeente_id", "leerling__gemeente_id"
    )
    alle = {pk: gemeenten.get(over or woont or "", rmc) for pk, over, woont in waar}
    return {pk: organisatie for pk, organisatie in alle.items() if organisatie}
