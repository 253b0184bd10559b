"""For whom a file is: the school with its vestigingen, or the mbo. Raises :class:`BestandFout` with a Dutch sentence."""

from __future__ import annotations

import dataclasses
import uuid

from accounts.actor import Actor, interne_actor
from accounts.models import Deelname, Organisatie, Vestiging
from accounts.rechten import Rol, Soort
from overstap.aanlevering.leerlingen import School
from overstap.aanlevering.uitslag import BestandFout, toon
from overstap.basis import klok
from statuses.termijnen import nieuwste_jaar


def organisatie_van(actor: Actor) -> Organisatie:
    """The organisatie of who acts for one; raises ``Organisatie.DoesNotExist`` for the system itself."""
    return Organisatie.objects.get(id=actor.organisatie_id or uuid.UUID(int=0))


def vestigingen_van(actor: Actor) -> list[Vestiging]:
    """The vestigingen that this actor may deliver for, in the order of their code."""
    alle = Vestiging.objects.filter(organisatie=organisatie_van(actor), regio_id__in=actor.regios).order_by("code")
    return [v for v in alle if not actor.vestiging_ids or v.id in actor.vestiging_ids]


def school_van(actor: Actor, vestiging: str = "", overstapjaar: int | None = None) -> School:
    """The school of the actor; ``vestiging`` is for rows that name none (the only one, when there is one)."""
    vestigingen = {v.code: v for v in vestigingen_van(actor)}
    standaard = vestigingen.get(vestiging) or (next(iter(vestigingen.values())) if len(vestigingen) == 1 else None)
    return School(actor.organisatie_naam, vestigingen, standaard, overstapjaar or nieuwste_jaar(klok.vandaag()))


def actor_voor(code: str, soort: str) -> tuple[Actor, str]:
    """Who the command ``importeer`` acts as, and the vestiging when the code names one ("00AA00")."""
    schoon = code.strip().upper()
    rol, organisatiesoort = {
        "leerlingen": (Rol.DECAAN, Soort.VO),
        "aanmeldingen": (Rol.MBO_MEDEWERKER, Soort.MBO),
    }[soort]
    vestiging = schoon if len(schoon) == 6 and soort == "leerlingen" else ""
    organisatie = _zoek(vestiging, schoon, organisatiesoort)
    actor = dataclasses.replace(
        interne_actor(
            frozenset(Deelname.objects.filter(organisatie=organisatie).values_list("regio_id", flat=True)), rol
        ),
        organisatie_id=organisatie.id,
        organisatie_code=organisatie.code,
        organisatie_naam=organisatie.naam,
        organisatie_soort=organisatiesoort,
    )
    if not actor.regios:
        raise BestandFout(
            f"{organisatie.naam} ({organisatie.code}) doet in geen enkele regio mee. Meld de organisatie eerst aan."
        )
    return actor, vestiging


def _zoek(vestiging: str, code: str, soort: Soort) -> Organisatie:
    if vestiging:
        gevonden = Vestiging.objects.select_related("organisatie").filter(code=vestiging).first()
        organisatie = gevonden.organisatie if gevonden else None
    else:
        organisatie = Organisatie.objects.filter(code=code, soort=soort).first()
    if organisatie is None:
        wat = {Soort.VO: "vo-school of vestiging", Soort.MBO: "mbo-instelling"}[soort]
        vorm = "een BRIN zoals 00AA of een vestiging zoals 00AA00" if soort == Soort.VO else "een BRIN zoals 00AA"
        raise BestandFout(f"Er is geen {wat} met code '{toon(code)}'. Geef met --organisatie {vorm}.")
    return organisatie
