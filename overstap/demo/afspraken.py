"""What the demo's regio agreed: doorlooptijden, holidays, and what the aanjager heard from some of the schools."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from accounts.actions import change_organisatie_settings, change_settings
from accounts.actor import interne_actor
from accounts.models import Lidmaatschap, Organisatie
from accounts.rechten import Rol
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.demo.scholen import School
from statuses.models import SchoolContact
from statuses.termijnen import kalender

DOORLOOPTIJDEN = {"aangemeld": 21, "intake": 42, "voorlopig": 60, "ook_afgedrukt": 28}
# The second instelling agreed on a quicker first talk, and gives itself more time for the rest.
EIGEN = {1: {"aangemeld": 14, "intake": 56}}
# The school holidays of the north, as the ministry published them.
VAKANTIES = [
    ["2024-10-26", "2024-11-03"], ["2024-12-21", "2025-01-05"], ["2025-02-15", "2025-02-23"], ["2025-04-26", "2025-05-04"],
    ["2025-07-12", "2025-08-24"], ["2025-10-18", "2025-10-26"], ["2025-12-20", "2026-01-04"], ["2026-02-21", "2026-03-01"],
    ["2026-04-25", "2026-05-03"], ["2026-07-04", "2026-08-16"],
]  # fmt: skip
_GEZEGD = (
    ("AJ1", "besproken", "De aanlevering uit het LAS komt volgende week."),
    ("AJ1", "besproken", "Alle klassen staan erin."),
    ("AJ2", "besproken", "De decaan belt de ouders van wie nog niets koos."),
    ("AJ3", "klopt", "Deze leerlingen wachten op hun diploma."),
    ("AJ3", "achterstand", "De school werkt de lijst deze week bij."),
    ("AJ3", "steun_nodig", "Graag hulp bij de aanmeldingen voor entree."),
)


def maak_afspraken(
    regio: str, scholen: Sequence[School], mbos: Sequence[Organisatie], jaren: Sequence[int], vandaag: date, rng: Random
) -> None:
    """Write them as of ``vandaag``; needs the bereik of the regio."""
    actor = interne_actor(frozenset([regio]), Rol.BEHEERORGANISATIE)
    change_settings(regio, {"doorlooptijden": DOORLOOPTIJDEN, "vakanties": VAKANTIES}, actor=actor)
    for nummer, dagen in EIGEN.items():
        if nummer < len(mbos):
            change_organisatie_settings(mbos[nummer], {"doorlooptijden": dagen}, actor=actor)
    for jaar in jaren:
        SchoolContact.objects.bulk_create(_contacten(regio, scholen, jaar, vandaag, rng))


def _contacten(regio: str, scholen: Sequence[School], jaar: int, vandaag: date, rng: Random) -> list[SchoolContact]:
    """Six talks of the aanjager with schools of the own subregio, each in its season and none after today."""
    aanjager = Lidmaatschap.objects.filter(
        rol=Rol.AANJAGER, gebruiker__is_demo=True, organisatie__deelnames__regio=regio
    ).first()  # fmt: skip
    wie = aanjager.gebruiker_id if aanjager else None
    gemeenten = set(aanjager.subregios.values_list("gemeente", flat=True)) if aanjager else set()
    eigen = [s for s in scholen if s.gemeente in gemeenten] or scholen
    k = kalender(jaar)
    dagen = {
        "AJ1": k["beginstand"] + timedelta(4),
        "AJ2": k["bulk_0301"] + timedelta(9),
        "AJ3": k["aanmelden_voor"] + timedelta(12),
    }
    gekozen = rng.sample(sorted(eigen, key=lambda s: s.code), min(len(eigen), len(_GEZEGD)))
    uit = []
    for school, (stap, antwoord, notitie) in zip(gekozen, _GEZEGD, strict=False):
        if dagen[stap] < vandaag:
            op = timezone.make_aware(datetime.combine(dagen[stap], time(10, 30)))
            uit.append(
                SchoolContact(
                    id=nieuwe_sleutel(), regio_id=regio, vestiging_id=school.id, overstapjaar=jaar, stap=stap, antwoord=antwoord,
                    notitie=notitie, door=wie, op=op,
                )
            )  # fmt: skip
    return uit


__all__ = ["maak_afspraken"]
