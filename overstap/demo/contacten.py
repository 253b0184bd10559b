"""Contacten of every demo organisatie, with gaps and old addresses as in a real regio, and three meldingen."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from accounts.models import Lidmaatschap, Organisatie
from accounts.rechten import Rol, Soort
from overstap.demo.namen import trek_persoonsnaam
from overstap.gesprekken.models import Contactpersoon, Melding
from statuses.models import Aanmelding, Overstap
from statuses.status import Status

_FUNCTIES = {
    Soort.VO.value: ("Coördinator overstap", "Teamleider bovenbouw", "Decaan"),
    Soort.MBO.value: ("Hoofd instroom", "Medewerker aanmelding", "Intakecoördinator"),
    Soort.GEMEENTE.value: ("Leerplichtambtenaar", "Teamleider RMC", "Beleidsmedewerker"),
    Soort.SAMENWERKINGSVERBAND.value: ("Coördinator", "Adviseur", "Adviseur"),
    Soort.BEHEERORGANISATIE.value: ("Functioneel beheerder", "Secretaris", "Projectleider"),
}


def maak_contacten(regio: str, vandaag: date, rng: Random) -> int:
    """Contacten for the organisaties of the regio; how many."""
    rijen: list[Contactpersoon] = []
    for nummer, organisatie in enumerate(Organisatie.objects.filter(deelnames__regio=regio).order_by("soort", "code")):
        # One in eleven schools told nothing yet.
        if organisatie.soort != Soort.VO.value or nummer % 11:
            rijen += _van(organisatie, regio, nummer, vandaag, rng)
    Contactpersoon.objects.bulk_create(rijen)
    return len(rijen)


def _van(organisatie: Organisatie, regio: str, nummer: int, vandaag: date, rng: Random) -> list[Contactpersoon]:
    mbo = organisatie.soort == Soort.MBO.value
    uit = []
    for plek in range(3 if mbo else 1 + nummer % 2):
        oud = nummer % 5 == 0 or (mbo and plek == 1)
        dagen = 380 + rng.randrange(200) if oud else rng.randrange(20, 340)
        rij = Contactpersoon(
            regio_id=regio,
            organisatie=organisatie,
            naam=trek_persoonsnaam(rng),
            functie=_FUNCTIES[organisatie.soort][plek],
            email=f"contact{plek + 1}@{organisatie.code.lower()}.overstap.example",
            telefoon=f"085 000 {nummer % 100:02d} {plek:02d}",
            bevestigd_op=vandaag - timedelta(days=dagen),
            monitoren=plek == 0,
            aanjagen=plek == 0 and nummer % 7 != 3,
            signaleren=plek == 0 and nummer % 4 != 2,
        )
        if mbo and plek == 2:
            rij.naam, rij.functie, rij.mailbox = "Instroom", "", True
            rij.email = f"instroom@{organisatie.code.lower()}.overstap.example"
        if mbo and plek == 1 and nummer % 3 == 0:
            rij.gestuiterd_op = _op(vandaag - timedelta(days=6))
        uit.append(rij)
    return uit


def _op(dag: date) -> datetime:
    return timezone.make_aware(datetime.combine(dag, time(10, 15)))


def maak_meldingen(regio: str, overstapjaar: int, vandaag: date) -> int:
    """A status that is not right, waiting; one that is with the mbo; and an answered knelpunt. How many."""
    leden = Lidmaatschap.objects.filter(gebruiker__is_demo=True, organisatie__deelnames__regio=regio)
    decaan = leden.filter(rol=Rol.DECAAN.value).order_by("gebruiker__email").first()
    aanjager = leden.filter(rol=Rol.AANJAGER.value).first()
    beheer = Organisatie.objects.filter(deelnames__regio=regio, soort=Soort.BEHEERORGANISATIE.value).first()
    if decaan is None or aanjager is None or beheer is None:
        return 0
    van_school = Overstap.objects.filter(
        overstapjaar=overstapjaar, vestiging__in=decaan.vestigingen.all(), gemarkeerd_sinds__isnull=False
    )
    zonder = van_school.filter(leidende_status=Status.ZONDER_AANMELDING).order_by("pk").first()
    bij_mbo = Aanmelding.objects.filter(overstap__in=van_school, status=Status.AFGEWEZEN).order_by("pk").first()
    wie = {
        "regio_id": regio,
        "melder_id": decaan.gebruiker_id,
        "rol": decaan.rol,
        "organisatie_id": decaan.organisatie_id,
    }
    rijen = [
        Melding(
            regio_id=regio, soort=Melding.Soort.KNELPUNT, melder_id=aanjager.gebruiker_id, rol=aanjager.rol,
            organisatie_id=aanjager.organisatie_id, stand=Melding.Stand.BEANTWOORD, op=_op(vandaag - timedelta(days=21)),
            tekst="Scholen horen pas weken na de kennismaking of er plaats is bij Zorg en Welzijn.",
            antwoord="Besproken met de mbo's. Zij laten voortaan binnen tien dagen na de kennismaking iets weten.",
            beantwoord_op=_op(vandaag - timedelta(days=12)), beantwoord_namens=beheer,
        )
    ]  # fmt: skip
    if zonder:
        tekst = "Deze leerling heeft een bewijs van aanmelding van het mbo. Hier staat nog geen aanmelding."
        op = _op(vandaag - timedelta(days=2))
        rijen.append(Melding(**wie, soort=Melding.Soort.STATUS_KLOPT_NIET, overstap=zonder, tekst=tekst, op=op))
    if bij_mbo:
        rijen.append(
            Melding(
                **wie, soort=Melding.Soort.STATUS_KLOPT_NIET, overstap_id=bij_mbo.overstap_id, op=_op(vandaag - timedelta(days=9)),
                tekst="Volgens de leerling is de afwijzing ingetrokken. De intake staat voor volgende week.",
                stand=Melding.Stand.DOORGEZET, doorgezet_naar_id=bij_mbo.mbo_id, doorgezet_op=_op(vandaag - timedelta(days=8)),
            )
        )  # fmt: skip
    Melding.objects.bulk_create(rijen)
    return len(rijen)
