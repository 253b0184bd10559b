"""The demo's drie vragen, warme overdracht and shared leerlingen: some of every school, chosen, answered, seen, or still waiting."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import voeg_toe
from statuses.models import Aanmelding, DrieVragen, Overstap
from statuses.status import Status

# Per school: chosen and unanswered, answered and not seen, answered and seen, chosen for a warme overdracht.
_DEEL = {"gekozen": 2, "beantwoord": 2, "gezien": 2, "overdracht": 1}
_ANTWOORDEN = ((True, None, False), (None, True, None), (True, True, False), (False, False, True))


def maak_vragen(regio: str, jaar: int, vandaag: date) -> None:
    """Write them as of ``vandaag``, on aanmeldingen in the intake or voorlopig geplaatst; needs the bereik of the regio."""
    aanmeldingen = (
        Aanmelding.objects.filter(
            overstapjaar=jaar, status__in=[Status.INTAKE, Status.VOORLOPIG], overstap__bezwaar=False
        )
        .filter(overstap__gemarkeerd_sinds__isnull=False, overstap__gesloten_op__isnull=True)
        .select_related("overstap")
        .order_by("overstap__vestiging_id", "pk")
    )
    per_school: dict[UUID, list[Aanmelding]] = defaultdict(list)
    gehad: set[UUID] = set()
    for aanmelding in aanmeldingen:
        school = per_school[aanmelding.overstap.vestiging_id]
        if aanmelding.overstap_id not in gehad and len(school) < sum(_DEEL.values()):
            school.append(aanmelding)
            gehad.add(aanmelding.overstap_id)
    delen: dict[str, list[Aanmelding]] = defaultdict(list)
    for school in per_school.values():
        soorten = (soort for soort, aantal in _DEEL.items() for _ in range(aantal))
        for aanmelding, soort in zip(school, soorten, strict=False):
            delen[soort].append(aanmelding)
    gekozen = [a.overstap_id for soort in ("gekozen", "beantwoord", "gezien") for a in delen[soort]]
    week = vandaag - timedelta(days=7)
    Overstap.objects.filter(pk__in=gekozen).update(drie_vragen_gekozen_op=week)
    # The school shares the same one with its samenwerkingsverband.
    Overstap.objects.filter(pk__in=[a.overstap_id for a in delen["overdracht"]]).update(
        warme_overdracht_gekozen_op=week, gedeeld_swv_op=week
    )
    op = timezone.make_aware(datetime.combine(vandaag - timedelta(days=2), time(15, 20)))
    voeg_toe(DrieVragen, [_rij(a, i, op, None) for i, a in enumerate(delen["beantwoord"])])
    voeg_toe(DrieVragen, [_rij(a, i, op, op + timedelta(hours=18)) for i, a in enumerate(delen["gezien"])])


def _rij(aanmelding: Aanmelding, nummer: int, op: datetime, gezien: datetime | None) -> DrieVragen:
    een, twee, drie = _ANTWOORDEN[nummer % len(_ANTWOORDEN)]
    return DrieVragen(
        id=nieuwe_sleutel(), regio_id=aanmelding.regio_id, overstap_id=aanmelding.overstap_id, aanmelding_id=aanmelding.id,
        antwoord_1=een, antwoord_2=twee, antwoord_3=drie, overdracht_op=op if twee else None, beantwoord_op=op, gezien_op=gezien,
    )  # fmt: skip
