"""What an mbo finds beside its list: rows of its SIS that could not be applied, no-shows that were reported, an advice.

Everything goes through the feed as an instelling would send it. Nothing that is applied: it would be a gebeurtenis of the real now.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from accounts.actor import Actor, actor_van_lidmaatschap
from accounts.models import Lidmaatschap, Organisatie
from accounts.rechten import Rol
from overstap.basis import geheim
from overstap.demo.scholen import School
from statuses.actions import AanmeldingRij, LeerlingRij, record_aanmeldingen, record_leerlingen
from statuses.models import Aanmelding, Levering, NietVerwerkt, Overstap
from statuses.status import OPEN, TERUG, Status
from statuses.termijnen import kalender

S = Status
# The one instelling of PROC's kind that does not keep who started: position in scholen.MBOS.
ZONDER_START = 7


def vul(mbos: Sequence[Organisatie], school: School, jaar: int, vandaag: date, onderwijsnummer: Iterator[str]) -> None:
    """For one open jaar, within the bereik of the regio, after the rows of leerlingen are written. ``onderwijsnummer``: those that nobody has."""
    _zonder_start(mbos)
    _verzuimloket(jaar, vandaag)
    _adviezen(jaar)
    wanneer = datetime.combine(vandaag, datetime.min.time(), UTC) - timedelta(days=1, hours=-4)
    for mbo in mbos[:2]:
        actor = _medewerker(mbo)
        if actor is not None:
            rijen = [
                *_onbekend(mbo, school, jaar, vandaag, onderwijsnummer),
                *_ouder(mbo, jaar),
                *_tegen_de_regel(mbo, jaar, vandaag),
            ]
            record_aanmeldingen(rijen, mbo=mbo, actor=actor, bron="sis", geleverd=False)
            Levering.objects.filter(organisatie=mbo, soort="aanmeldingen").update(bewaard=len(rijen), geweigerd=2)
    _geen_overstapper(school, jaar)
    NietVerwerkt.objects.filter(overstapjaar=jaar).update(ontvangen_op=wanneer)


def _zonder_start(mbos: Sequence[Organisatie]) -> None:
    zonder = Organisatie.objects.get(pk=mbos[ZONDER_START].pk)
    zonder.instellingen = {**zonder.instellingen, "show": False}
    zonder.save(update_fields=["instellingen"])


def _verzuimloket(jaar: int, vandaag: date) -> None:
    """Half of the no-shows of a week ago were reported."""
    dag = kalender(jaar)["start_mbo"] + timedelta(days=7)
    if dag <= vandaag:
        rijen = (
            Aanmelding.objects.filter(overstapjaar=jaar, aanwezigheid="no_show")
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        Aanmelding.objects.filter(pk__in=list(rijen)[::2]).update(verzuimloket_op=dag)


def _adviezen(jaar: int) -> None:
    """Of who was refused for the vooropleiding, a few were pointed to another opleiding."""
    rijen = Aanmelding.objects.filter(overstapjaar=jaar, status__in=sorted(TERUG), reden_code="vooropleiding").order_by(
        "pk"
    )
    Aanmelding.objects.filter(pk__in=list(rijen.values_list("pk", flat=True)[:5])).update(
        advies="Entree: assistent dienstverlening en zorg"
    )


def _medewerker(mbo: Organisatie) -> Actor | None:
    lid = (
        Lidmaatschap.objects.filter(gebruiker__is_demo=True, rol=Rol.MBO_MEDEWERKER.value, organisatie=mbo)
        .select_related("gebruiker", "organisatie")
        .first()
    )
    return actor_van_lidmaatschap(lid) if lid else None


def _rij(
    pgn: tuple[str, str], aanmeld_id: str, status: Status, dag: date, jaar: int, volgnummer: int = 1, **rest: Any
) -> AanmeldingRij:
    velden: dict[str, Any] = {
        "crebo": "25655",
        "opleiding": "Mbo-verpleegkundige",
        "niveau": 4,
        "leerweg": "bol",
    } | rest
    return AanmeldingRij(aanmeld_id, *pgn, status, dag, volgnummer, jaar, **velden)


def _nummer(overstap: Overstap) -> tuple[str, str]:
    leerling = overstap.leerling
    return leerling.pgn_soort, geheim.ontsleutel(leerling.pgn_versleuteld, leerling.pk).decode()


def _onbekend(
    mbo: Organisatie, school: School, jaar: int, vandaag: date, onderwijsnummer: Iterator[str]
) -> Iterator[AanmeldingRij]:
    """Two whom no school here delivered, and two of the demo school who are not marked."""
    dag = vandaag - timedelta(days=9)
    for i in range(2):
        yield _rij(("own", next(onderwijsnummer)), f"{mbo.code}-O{i}", S.AANGEMELD, dag, jaar)
    rijen = Overstap.objects.filter(
        vestiging_id=school.id, overstapjaar=jaar, gemarkeerd_sinds__isnull=True, bestemming=""
    )
    for i, overstap in enumerate(rijen.filter(onderwijssoort="vmbo").select_related("leerling").order_by("pk")[:2]):
        yield _rij(_nummer(overstap), f"{mbo.code}-N{i}", S.INTAKE, dag, jaar)


def _sis(mbo: Organisatie, jaar: int) -> Any:
    rijen = Aanmelding.objects.filter(mbo=mbo, overstapjaar=jaar, bron="sis", overstap__gesloten_op__isnull=True)
    return rijen.select_related("overstap__leerling").order_by("pk")


def _ouder(mbo: Organisatie, jaar: int) -> Iterator[AanmeldingRij]:
    for a in _sis(mbo, jaar).filter(volgnummer__gt=1)[:2]:
        begin = a.aanmeld_datum or a.status_datum
        yield _rij(
            _nummer(a.overstap),
            a.aanmeld_id,
            S.AANGEMELD,
            begin,
            jaar,
            a.volgnummer - 1,
            crebo=a.crebo,
            opleiding=a.opleiding,
        )


def _tegen_de_regel(mbo: Organisatie, jaar: int, vandaag: date) -> Iterator[AanmeldingRij]:
    """Beëindigd without another aanmelding here."""
    for a in _sis(mbo, jaar).filter(status__in=sorted(OPEN), overstap__aantal_aanmeldingen=1)[:2]:
        yield _rij(
            _nummer(a.overstap),
            a.aanmeld_id,
            S.BEEINDIGD,
            vandaag,
            jaar,
            a.volgnummer + 1,
            crebo=a.crebo,
            opleiding=a.opleiding,
        )


def _geen_overstapper(school: School, jaar: int) -> None:
    """The demo school's own system says "overstapper nee" of one who is marked: a question to its decaan."""
    lid = (
        Lidmaatschap.objects.filter(gebruiker__is_demo=True, rol=Rol.DECAAN.value, organisatie_id=school.organisatie_id)
        .select_related("gebruiker", "organisatie")
        .order_by("gebruiker__email")
        .first()
    )
    overstap = (
        Overstap.objects.filter(
            vestiging_id=school.id, overstapjaar=jaar, leidende_status=S.AANGEMELD, gesloten_op__isnull=True
        )
        .select_related("leerling")
        .order_by("pk")
        .first()
    )
    if lid is None or overstap is None:
        return
    leerling = overstap.leerling
    soort, nummer = _nummer(overstap)
    rij = LeerlingRij(
        soort, nummer, leerling.voornaam, leerling.achternaam, leerling.geboortedatum, overstap.vestiging_id, overstap.regio_id,
        jaar, overstap.onderwijssoort, tussenvoegsel=leerling.tussenvoegsel, gemeente=leerling.gemeente_id, land=leerling.land,
        leerweg=overstap.leerweg or None, overstapper=False,
    )  # fmt: skip
    levering = Levering.objects.filter(organisatie_id=school.organisatie_id, soort="leerlingen")
    zoals_het_was = levering.values("ontvangen_op", "aantal").get()
    record_leerlingen([rij], actor=actor_van_lidmaatschap(lid), bron="las")
    levering.update(**zoals_het_was)
