"""Demo accounts: every role, each at the organisatie where there is something to see. All have the same known password."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from django.contrib.auth.hashers import make_password

from accounts.models import Gebruiker, Lidmaatschap, Organisatie, Subregio, Vestiging
from accounts.rechten import ROL_LABELS, Rol, Soort
from overstap.demo.namen import trek_persoonsnaam
from overstap.demo.scholen import School

# Not a secret: these accounts exist only where OVERSTAP_DEMO is on or `demo` was run, and see invented people.
WACHTWOORD: Final = "overstap-demo-2026"
DOMEIN: Final = "demo.overstap.example"


@dataclass(frozen=True, slots=True)
class Account:
    """One account to be: the part before the @, its role and organisatie, and what narrows it."""

    naam: str
    rol: Rol
    organisatie: uuid.UUID
    vestiging: uuid.UUID | None = None
    subregio: str = ""


@dataclass(frozen=True, slots=True)
class Plaatsen:
    """Where the accounts are: schools by size, instellingen, and the organisaties of gemeenten, subregio's and the regio."""

    regio: str
    scholen: Sequence[School]
    mbos: Sequence[Organisatie]
    samenwerkingsverbanden: dict[str, Organisatie]


def kies_school(scholen: Sequence[School], vmbo: int = 212) -> School:
    """The vmbo-school whose number of leerlingen is nearest to `vmbo`; of about 200 overstappers when it is not given."""
    keuze = [s for s in scholen if s.vmbo] or list(scholen)
    return min(keuze, key=lambda s: (abs(s.vmbo - vmbo), s.code))


def _lijst(p: Plaatsen) -> list[Account]:
    groot = kies_school(p.scholen)
    tweede = kies_school(
        [s for s in p.scholen if s.organisatie_id != groot.organisatie_id] or p.scholen, groot.vmbo // 2
    )
    beheer = Organisatie.objects.get(code=f"RMC{p.regio}", soort=Soort.BEHEERORGANISATIE.value)
    gemeenten = {o.code: o.id for o in Organisatie.objects.filter(soort=Soort.GEMEENTE.value, deelnames__regio=p.regio)}
    subregio, swv = next(iter(p.samenwerkingsverbanden.items()))
    uit = [
        Account("decaan", Rol.DECAAN, groot.organisatie_id, vestiging=groot.id),
        Account("decaan2", Rol.DECAAN, tweede.organisatie_id, vestiging=tweede.id),
        Account("manager", Rol.MANAGER_VO, groot.organisatie_id),
        Account("mbo", Rol.MBO_MEDEWERKER, p.mbos[0].id),
        Account("mbo2", Rol.MBO_MEDEWERKER, p.mbos[-2].id),
        Account("mbomanager", Rol.MBO_MANAGER, p.mbos[0].id),
        Account("leerplicht", Rol.LEERPLICHT, gemeenten.get(groot.gemeente, beheer.id)),
        Account("rmc", Rol.LEERPLICHT, beheer.id),
        Account("aanjager", Rol.AANJAGER, beheer.id, subregio=_subregio_van(groot, subregio)),
        Account("samenwerkingsverband", Rol.SAMENWERKINGSVERBAND, swv.id),
        Account("functioneel", Rol.FUNCTIONEEL_BEHEERDER, groot.organisatie_id),
        Account("beheer", Rol.BEHEERORGANISATIE, beheer.id),
    ]
    hoofdstad = [code for code in ("0363",) if code in gemeenten and code != groot.gemeente]
    return uit + [Account("leerplicht2", Rol.LEERPLICHT, gemeenten[code]) for code in hoofdstad]


def adres_van(naam: str, regio: str) -> str:
    """The e-mail address of a demo account: decaan@..., in another regio than 21 with its code."""
    return f"{naam}{'' if regio == '21' else f'.regio{regio}'}@{DOMEIN}"


def _subregio_van(school: School, anders: str) -> str:
    naam = Subregio.objects.filter(gemeente__code=school.gemeente).values_list("naam", flat=True).first()
    return naam or anders


def maak_accounts(plaatsen: Plaatsen, rng: Random) -> list[dict[str, str]]:
    """Write the accounts; per account what `demo --json` prints."""
    # One hash for all: hashing is slow on purpose, and the password is the same.
    geheim = make_password(WACHTWOORD)
    uit = []
    for account in _lijst(plaatsen):
        gebruiker = Gebruiker.objects.create(
            email=adres_van(account.naam, plaatsen.regio), naam=trek_persoonsnaam(rng), password=geheim, is_demo=True
        )
        lid = Lidmaatschap.objects.create(
            gebruiker=gebruiker, rol=account.rol.value, organisatie_id=account.organisatie
        )
        if account.vestiging:
            lid.vestigingen.set(Vestiging.objects.filter(pk=account.vestiging))
        if account.subregio:
            lid.subregios.set(Subregio.objects.filter(regio_id=plaatsen.regio, naam=account.subregio))
        organisatie = Organisatie.objects.get(pk=account.organisatie)
        uit.append(
            {"email": gebruiker.email, "wachtwoord": WACHTWOORD, "naam": gebruiker.naam, "rol": account.rol.value,
             "rolnaam": ROL_LABELS[account.rol], "organisatie": organisatie.naam, "code": organisatie.code}
        )  # fmt: skip
    return uit
