"""The demo's conversations: a handful that the demo accounts find, some of them unread."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

from accounts.models import Lidmaatschap
from accounts.rechten import Soort as Soorten
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.demo.accounts import adres_van
from overstap.gesprekken.models import Bericht, BerichtTekst, Gelezen, Gesprek
from overstap.gesprekken.regels import Soort, ander
from statuses.models import Aanmelding, Overstap
from statuses.status import OPEN, TERUG, VAN_LEERPLICHT, Partij

V, M, L = Partij.VO, Partij.MBO, Partij.LEERPLICHT
# Who writes, days ago, the text; and whether the other party read the last one.
Regels = tuple[tuple[Partij, int, str], ...]
ENVELOP: Final[tuple[tuple[Regels, bool], ...]] = (
    (
        (
            (M, 12, "Fijne kennismaking gehad. Wil deze leerling meedoen aan de meeloopdag van volgende week woensdag?"),
            (V, 11, "Ja, graag. Kunt u de tijden naar de leerling en de ouders sturen?"),
            (M, 1, "Dat is gedaan. We starten om 9 uur. Weet u of er vervoer is geregeld?"),
        ),
        False,
    ),
    (
        (
            (V, 20, "De leerling en de ouders willen graag een warme overdracht. Wie kan ik daarvoor bellen?"),
            (M, 18, "Goed om te weten. Onze intaker belt u deze week om een afspraak te maken."),
        ),
        True,
    ),
    (((V, 2, "De leerling hoort graag wanneer de intake is. Kunt u een datum geven?"),), False),
    (((M, 6, "De leerling verscheen niet op de intake. We plannen een nieuwe afspraak. Wilt u er ook naar vragen?"),
      (V, 5, "Dat was door de toetsweek. De leerling komt zeker op de nieuwe afspraak.")), True),
)  # fmt: skip
TERUG_IN_GESPREK: Final[tuple[tuple[Regels, bool], ...]] = (
    (
        (
            (V, 4, "Jammer. Is er een andere opleiding bij u waar deze leerling wel terechtkan?"),
            (M, 1, "Dat denken we wel. Op niveau 2 is nog plek. Laat de leerling zich daarvoor aanmelden."),
        ),
        False,
    ),
)
MET_LEERPLICHT: Final[tuple[tuple[Regels, bool], ...]] = (
    (
        (
            (
                L,
                6,
                "Ik heb de ouders gesproken. De leerling wil een dag meelopen op het mbo. Kan de school dat regelen?",
            ),
            (V, 5, "Ja, dat doe ik deze week."),
            (L, 1, "Is het gelukt met de meeloopdag?"),
        ),
        False,
    ),
    (((V, 3, "De leerling kwam vandaag weer op school. Wilt u daar rekening mee houden?"),), False),
)
MBO_MET_LEERPLICHT: Final[tuple[tuple[Regels, bool], ...]] = (
    (((M, 3, "De leerling reageert niet op onze uitnodigingen. Heeft u contact met het gezin?"),), False),
)


@dataclass(slots=True)
class _Rijen:
    """What is written, in the order in which it points."""

    gesprekken: list[Gesprek] = field(default_factory=list)
    berichten: list[Bericht] = field(default_factory=list)
    teksten: list[BerichtTekst] = field(default_factory=list)
    gelezen: list[Gelezen] = field(default_factory=list)
    aanmeldingen: dict[uuid.UUID, Aanmelding] = field(default_factory=dict)


def maak_gesprekken(regio: str, jaren: Sequence[int], vandaag: date) -> None:
    """Write them for the demo accounts of the regio, about leerlingen of these jaren; needs the bereik of the regio."""
    leden = _leden(regio)
    if V not in leden or M not in leden:
        return
    rijen = _Rijen()
    for jaar in jaren:
        _jaar(rijen, leden, jaar, vandaag)
    Gesprek.objects.bulk_create(rijen.gesprekken)
    Bericht.objects.bulk_create(rijen.berichten)
    BerichtTekst.objects.bulk_create(rijen.teksten)
    Gelezen.objects.bulk_create(rijen.gelezen)
    Aanmelding.objects.bulk_update(rijen.aanmeldingen.values(), ["bericht_vo_op", "bericht_mbo_op"])


def _leden(regio: str) -> dict[Partij, Lidmaatschap]:
    """The first demo account of each party: decaan, mbo and leerplicht."""
    adressen = {adres_van(naam, regio): partij for naam, partij in (("decaan", V), ("mbo", M), ("leerplicht", L))}
    alle = Lidmaatschap.objects.filter(gebruiker__email__in=adressen, organisatie__deelnames__regio=regio)
    rijen = alle.select_related("organisatie", "gebruiker").prefetch_related("vestigingen")
    return {adressen[lid.gebruiker.email]: lid for lid in rijen if lid.organisatie.soort != Soorten.BEHEERORGANISATIE}


def _jaar(rijen: _Rijen, leden: dict[Partij, Lidmaatschap], jaar: int, vandaag: date) -> None:
    vestigingen = [v.pk for v in leden[V].vestigingen.all()]
    van_school: dict[str, object] = {"overstap__vestiging__in": vestigingen, "overstap__bezwaar": False}
    eigen = Aanmelding.objects.filter(
        mbo=leden[M].organisatie_id, overstapjaar=jaar, overstap__gemarkeerd_sinds__isnull=False,
        overstap__gesloten_op__isnull=True, aanmeld_datum__lt=vandaag - timedelta(days=25), **van_school,
    ).select_related("overstap")  # fmt: skip
    open_ = iter(eigen.filter(status__in=sorted(OPEN)).order_by("aanmeld_id"))
    terug = iter(eigen.filter(status__in=sorted(TERUG)).order_by("aanmeld_id"))
    for bron, gesprekken in ((open_, ENVELOP), (terug, TERUG_IN_GESPREK)):
        for (regels, gezien), aanmelding in zip(gesprekken, bron, strict=False):
            _gesprek(rijen, leden, Soort.VO_MBO, regels, gezien, aanmelding.overstap, aanmelding, vandaag)
    if L in leden:
        _met_leerplicht(rijen, leden, jaar, vandaag, list(eigen.filter(status__in=sorted(OPEN))))


def _met_leerplicht(
    rijen: _Rijen, leden: dict[Partij, Lidmaatschap], jaar: int, vandaag: date, eigen: list[Aanmelding]
) -> None:
    woont = {"leerling__gemeente": leden[L].organisatie.code, "bezwaar": False, "gesloten_op": None}
    bij = Overstap.objects.filter(
        overstapjaar=jaar, vestiging__in=[v.pk for v in leden[V].vestigingen.all()],
        spoor_leerplicht__in=sorted(VAN_LEERPLICHT), **woont,
    )  # fmt: skip
    for (regels, gezien), overstap in zip(MET_LEERPLICHT, bij.order_by("id"), strict=False):
        _gesprek(rijen, leden, Soort.VO_LP, regels, gezien, overstap, None, vandaag)
    in_gemeente = Overstap.objects.filter(pk__in=[a.overstap_id for a in eigen], **woont).values_list("pk", flat=True)
    hier = set(in_gemeente)
    kandidaten = (a for a in eigen if a.overstap_id in hier)
    for (regels, gezien), aanmelding in zip(MBO_MET_LEERPLICHT, kandidaten, strict=False):
        _gesprek(rijen, leden, Soort.MBO_LP, regels, gezien, aanmelding.overstap, aanmelding, vandaag)


def _moment(vandaag: date, dagen: int, nummer: int) -> datetime:
    return timezone.make_aware(datetime.combine(vandaag - timedelta(days=dagen), time(9 + nummer * 2, 10 + nummer * 7)))


def _gesprek(
    rijen: _Rijen, leden: dict[Partij, Lidmaatschap], soort: Soort, regels: Regels, gezien: bool, overstap: Overstap,
    aanmelding: Aanmelding | None, vandaag: date,
) -> None:  # fmt: skip
    gesprek = Gesprek(
        id=nieuwe_sleutel(), regio_id=overstap.regio_id, overstap_id=overstap.pk, soort=soort.value, laatste_nr=len(regels),
        aanmelding_id=aanmelding.pk if aanmelding else None,
    )  # fmt: skip
    for nr, (van, dagen, tekst) in enumerate(regels, start=1):
        lid, op, wie = leden[van], _moment(vandaag, dagen, nr - 1), ander(soort, van)
        setattr(gesprek, f"laatste_{van}", nr)
        gesprek.laatste_op = op
        bericht = Bericht(
            id=nieuwe_sleutel(), regio_id=overstap.regio_id, gesprek_id=gesprek.pk, nr=nr, partij=van.value,
            organisatie_id=lid.organisatie_id, door=lid.gebruiker_id, op=op,
        )  # fmt: skip
        rijen.berichten.append(bericht)
        rijen.teksten.append(BerichtTekst(bericht_id=bericht.pk, regio_id=overstap.regio_id, tekst=tekst))
        if nr < len(regels) or gezien:
            setattr(gesprek, f"gelezen_{wie}", nr)
            rijen.gelezen.append(
                Gelezen(
                    id=nieuwe_sleutel(), regio_id=overstap.regio_id, gesprek_id=gesprek.pk, gebruiker_id=leden[wie].gebruiker_id,
                    partij=wie.value, tot=nr, op=op + timedelta(hours=3),
                )
            )  # fmt: skip
        if aanmelding is not None and soort == Soort.VO_MBO:
            setattr(aanmelding, f"bericht_{van}_op", op)
            rijen.aanmeldingen[aanmelding.pk] = aanmelding
    rijen.gesprekken.append(gesprek)


__all__ = ["maak_gesprekken"]
