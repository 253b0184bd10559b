"""One school, two mbo's and a gemeente in one regio: enough for the rules of the writer."""

import dataclasses
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import pytest
from pytest_django import Settings

from accounts.actor import Actor
from accounts.models import Deelname, Gemeente, Organisatie, Regio, Vestiging
from accounts.rechten import Rol, Soort
from overstap.basis.rls import bereik
from statuses.actions import (
    AanmeldingRij,
    LeerlingRij,
    Resultaat,
    Wijziging,
    change_status,
    record_aanmeldingen,
    record_leerlingen,
)
from statuses.beoordelen import Verzoek
from statuses.models import Aanmelding, Overstap
from statuses.overgangen import Via
from statuses.status import Spoor, Status
from statuses.werklijsten import PER_ID

VANDAAG = date(2026, 3, 20)


@dataclass
class Klein:
    """The small world, and the shortest way to act in it."""

    school: Organisatie
    vestiging: Vestiging
    mbo: Organisatie
    mbo2: Organisatie
    gemeente: Organisatie
    bsns: Iterator[str] = field(default_factory=lambda: (str(999900000 + n) for n in range(10_000)))

    def actor(self, rol: Rol, organisatie: Organisatie | None = None) -> Actor:
        van_rol = {
            Rol.DECAAN: self.school,
            Rol.MANAGER_VO: self.school,
            Rol.MBO_MEDEWERKER: self.mbo,
            Rol.LEERPLICHT: self.gemeente,
        }
        o = organisatie or van_rol[rol]
        return Actor("intern", None, "test", rol, o.id, o.code, o.naam, Soort(o.soort), frozenset(["21"]))

    def speler(self, stap: str) -> Actor:
        """Who has this step: a person of the small world, seeing what the role sees."""
        (rol,) = PER_ID[stap].rollen
        actor = self.aanjager() if rol == Rol.AANJAGER else self.actor(rol)
        return dataclasses.replace(actor, soort="mens")

    def aanjager(self) -> Actor:
        return Actor(
            "intern", None, "test", Rol.AANJAGER, self.gemeente.id, "RMC21", "RMC", Soort.BEHEERORGANISATIE, frozenset(["21"])
        )  # fmt: skip

    def rij(self, **anders: object) -> LeerlingRij:
        velden: dict[str, object] = {
            "pgn_soort": "bsn",
            "pgn": next(self.bsns),
            "voornaam": "Noor",
            "achternaam": "Wit",
            "geboortedatum": date(2009, 5, 1),
            "vestiging_id": self.vestiging.id,
            "regio": "21",
            "overstapjaar": 2025,
            "onderwijssoort": "vmbo",
            "leerweg": "bb",
            "gemeente": "0363",
            "klas": "4B",
            "overstapper": True,
            "overstapper_sinds": date(2025, 10, 3),
        }
        return LeerlingRij(**(velden | anders))  # type: ignore[arg-type]

    def leerling(self, **anders: object) -> Overstap:
        (uitkomst,) = record_leerlingen([self.rij(**anders)], actor=self.actor(Rol.DECAAN), bron="las")
        return Overstap.objects.get(pk=uitkomst.overstap_id)

    def aanmelding(
        self,
        overstap: Overstap,
        status: Status = Status.AANGEMELD,
        mbo: Organisatie | None = None,
        dag: date = date(2026, 1, 12),
    ) -> Aanmelding:
        resultaat = self.wijzig(
            overstap,
            Spoor.AANMELDING,
            status,
            Rol.MBO_MEDEWERKER,
            via=Via.FEED,
            mbo_id=(mbo or self.mbo).id,
            opleiding="Verzorgende IG",
            dag=dag,
        )
        return Aanmelding.objects.get(pk=resultaat.aanmelding_id)

    def wijzig(
        self, overstap: Overstap, spoor: Spoor, naar: Status | None, rol: Rol, *, aanmelding: Aanmelding | None = None, versie: int | None = None,
        via: Via = Via.PAGINA, dag: date = VANDAAG, **velden: object,
    ) -> Resultaat:  # fmt: skip
        verzoek = Verzoek(spoor, naar, rol, via, dag, **velden)  # type: ignore[arg-type]
        return change_status(
            Wijziging(overstap.id, verzoek, aanmelding.id if aanmelding else None), actor=self.actor(rol), versie=versie
        )

    def feed(self, *rijen: AanmeldingRij, mbo: Organisatie | None = None) -> list[str]:
        uit = record_aanmeldingen(
            list(rijen), mbo=mbo or self.mbo, actor=self.actor(Rol.MBO_MEDEWERKER, mbo), bron="sis"
        )
        return [f"{u.uitkomst}:{','.join(u.codes)}" for u in uit]


def maak_klein() -> Klein:
    """The rows; needs a bereik of regio 21."""
    Gemeente.objects.create(code="0363", naam="Amsterdam", regio_id="21")
    organisaties = [
        Organisatie.objects.create(code=code, soort=soort, naam=naam)
        for code, soort, naam in (
            ("99AA", "vo", "Het Baken"),
            ("98AA", "mbo", "ROC Een"),
            ("98AB", "mbo", "ROC Twee"),
            ("0363", "gemeente", "Amsterdam"),
        )
    ]
    for organisatie in organisaties:
        Deelname.objects.create(organisatie=organisatie, regio_id="21")
    school, mbo, mbo2, gemeente = organisaties
    vestiging = Vestiging.objects.create(
        organisatie=school, regio_id="21", code="99AA00", naam="Het Baken", gemeente_id="0363"
    )
    return Klein(school, vestiging, mbo, mbo2, gemeente)


@pytest.fixture
def klein(db: None, settings: Settings) -> Iterator[Klein]:
    settings.OVERSTAP_VANDAAG = VANDAAG
    Regio.objects.get_or_create(code="21", defaults={"naam": "Agglomeratie Amsterdam"})
    with bereik(["21"]):
        yield maak_klein()


def bsn(nummer: int) -> str:
    return str(999900000 + nummer)


def nieuwe_id() -> uuid.UUID:
    return uuid.uuid4()
