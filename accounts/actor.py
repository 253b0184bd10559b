"""Who acts: one value that carries everything the rules ask about the person or system behind a request."""

from __future__ import annotations

import dataclasses
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from accounts.models import ApiClient, Deelname, Gebruiker, Lidmaatschap, Organisatie
from accounts.rechten import RECHTEN, ROL_VAN_SYSTEEM, Recht, Rol, Scope, Soort

ActorSoort = Literal["mens", "systeem", "intern"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in one role, an API client, or the system itself. Immutable; made once per request or task."""

    soort: ActorSoort
    id: uuid.UUID | None
    naam: str
    rol: Rol
    organisatie_id: uuid.UUID | None
    organisatie_code: str
    organisatie_naam: str
    organisatie_soort: Soort
    regios: frozenset[str]
    # Empty: all of the organisatie.
    vestiging_ids: frozenset[uuid.UUID] = frozenset()
    subregio_ids: frozenset[uuid.UUID] = frozenset()
    scopes: frozenset[str] = frozenset()
    lidmaatschap_id: uuid.UUID | None = None
    # (organisatie, service) of the mandaten that hold today; an empty service is every one.
    mandaten: frozenset[tuple[uuid.UUID, str]] = field(default=frozenset())
    # When this person looked before: what "since your last visit" counts from. None: not known.
    vorig_bezoek_op: datetime | None = None

    def mag(self, recht: Recht) -> bool:
        """Whether the role gives this right; what is not given is refused."""
        return recht in RECHTEN[self.rol]

    @property
    def regio(self) -> str:
        """The one regio of who works in one; the lowest code for an mbo in several."""
        return min(self.regios)

    @property
    def eigen_organisatie(self) -> uuid.UUID:
        """The organisatie of a person or a system; the intern actor has none and must not ask."""
        assert self.organisatie_id is not None
        return self.organisatie_id

    def gevers(self, dienst: Scope) -> frozenset[uuid.UUID]:
        """The organisaties that let this system act for them in this service, today."""
        return frozenset(gever for gever, welke in self.mandaten if welke in ("", dienst.value))

    def mag_namens(self, organisatie_id: uuid.UUID, dienst: Scope) -> bool:
        """For the own organisatie, or for one that gave a mandaat."""
        return organisatie_id == self.organisatie_id or organisatie_id in self.gevers(dienst)

    @property
    def is_rmc(self) -> bool:
        """Leerplicht at the beheerorganisatie is the RMC-functie: the whole regio."""
        return self.rol == Rol.LEERPLICHT and self.organisatie_soort == Soort.BEHEERORGANISATIE


def _van_organisatie(organisatie: Organisatie, regios: list[str] | None = None) -> dict[str, object]:
    if regios is None:
        regios = list(Deelname.objects.filter(organisatie=organisatie).values_list("regio_id", flat=True))
    return {
        "organisatie_id": organisatie.id,
        "organisatie_code": organisatie.code,
        "organisatie_naam": organisatie.naam,
        "organisatie_soort": Soort(organisatie.soort),
        "regios": frozenset(regios),
    }


def actor_van_lidmaatschap(lidmaatschap: Lidmaatschap) -> Actor:
    """The actor of a person in the role that is active now; asks nothing more when ``scope`` loaded the lidmaatschap."""
    gebruiker: Gebruiker = lidmaatschap.gebruiker
    geladen = lidmaatschap.__dict__
    vestigingen, subregios = geladen.get("in_vestigingen"), geladen.get("in_subregios")
    return Actor(
        soort="mens",
        id=gebruiker.id,
        naam=gebruiker.naam,
        rol=Rol(lidmaatschap.rol),
        vestiging_ids=frozenset(
            lidmaatschap.vestigingen.values_list("id", flat=True) if vestigingen is None else vestigingen
        ),
        subregio_ids=frozenset(lidmaatschap.subregios.values_list("id", flat=True) if subregios is None else subregios),
        lidmaatschap_id=lidmaatschap.id,
        vorig_bezoek_op=lidmaatschap.vorig_bezoek_op,
        **_van_organisatie(lidmaatschap.organisatie, geladen.get("in_regios")),  # type: ignore[arg-type]
    )


def actor_van_client(
    client: ApiClient, scopes: frozenset[str], mandaten: frozenset[tuple[uuid.UUID, str]] = frozenset()
) -> Actor:
    """The actor of an API client; ``scopes`` are those of its token, ``mandaten`` those that hold today."""
    assert client.organisatie is not None
    return Actor(
        soort="systeem",
        id=client.id,
        naam=client.name,
        rol=ROL_VAN_SYSTEEM[client.soort],
        scopes=scopes & frozenset(Scope),
        mandaten=mandaten,
        **_van_organisatie(client.organisatie),  # type: ignore[arg-type]
    )


def actor_namens(actor: Actor, organisatie: Organisatie) -> Actor:
    """The same system, acting for an organisatie that gave it a mandaat: with that one's rows and regio's, not its own.

    The caller has checked the mandaat, and opens the bereik of the new actor's regio's.
    """
    return dataclasses.replace(actor, **_van_organisatie(organisatie))  # type: ignore[arg-type]


def interne_actor_voor(organisatie: Organisatie) -> Actor:
    """The system itself, in the regio's of this organisatie: for a command about it."""
    return interne_actor(frozenset(organisatie.deelnames.values_list("regio_id", flat=True)))


def interne_actor(regios: frozenset[str], rol: Rol = Rol.BEHEERORGANISATIE) -> Actor:
    """The system itself, in a task or a command."""
    return Actor(
        soort="intern",
        id=None,
        naam="Overstap",
        rol=rol,
        organisatie_id=None,
        organisatie_code="",
        organisatie_naam="Overstap",
        organisatie_soort=Soort.BEHEERORGANISATIE,
        regios=regios,
    )
