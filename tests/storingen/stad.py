"""The country that the faults happen in: 342 gemeenten, some schools and mbo's, and the messages that go round, with what must come of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from accounts.actions import create_client
from accounts.models import Deelname, Gemeente, Organisatie, Vestiging
from accounts.rechten import Scope
from overstap.basis.embedded.postgres import Postgres
from overstap.basis.embedded.valkey import Valkey
from overstap.basis.rls import bereik
from overstap.demo.nummers import onderwijsnummers
from tests.databank import Databank
from tests.ketens.huis import Huis
from tests.storingen.las import Antwoorden, Bericht, Systeem, envelop
from vva_berichten.opstellen import oin

DAG, MAART = date(2026, 1, 20), date(2026, 3, 1)
MBO, KOPPELPUNT = "00GT", "01AA"  # of the reference data; the second one takes its statussen from the koppelpunt
SCHOLEN = tuple(f"9{n}ZZ" for n in range(8))
LEZERS, EINDPUNT = (0, 181, 182), 3  # gemeenten that fetch their postbus, and the one that is pushed to
PORTIE = 60


@dataclass
class Werk:
    """The messages of a run per system, in an order that each keeps, and the numbers that must be in the database after it."""

    las: tuple[list[Bericht], list[Bericht]]
    mbo: list[Bericht]
    koppelpunt: list[Bericht]
    leerlingen: list[tuple[int, str]]
    klopt: dict[str, int]
    bulk: dict[str, int]  # gemeente -> rows on 1 March

    @property
    def alle(self) -> list[Bericht]:
        return [*self.las[0], *self.las[1], *self.mbo, *self.koppelpunt]


@dataclass
class Stad:
    """The house, its services, and who lives around it."""

    huis: Huis
    bank: Databank
    postgres: Postgres
    valkey: Valkey
    antwoorden: Antwoorden = field(default_factory=Antwoorden)
    systemen: dict[str, Systeem] = field(default_factory=dict)
    oins: dict[str, str] = field(default_factory=dict)
    gemeenten: list[str] = field(default_factory=list)
    regio_van: dict[str, str] = field(default_factory=dict)  # of a gemeente, and of a school
    werk: Werk = field(init=False)

    def rijen(self, vraag: str) -> list[tuple[Any, ...]]:
        """A look past the walls, as the owner, from outside the house."""
        with psycopg.connect(self.bank.url("DATABASE_URL_EIGENAAR"), autocommit=True) as verbinding:
            return verbinding.execute(vraag).fetchall()

    def getal(self, vraag: str) -> int:
        return int(self.rijen(vraag)[0][0])

    def ganger(self, n: int, nummer: str, *, waar: bool, volgnummer: int) -> Bericht:
        """Bericht 1 about person ``n``: of which school and gemeente follows from the number."""
        school, gemeente = self.school(n), self.gemeente(n)
        van = SCHOLEN[n % 2]
        body = {
            "pgn": {"onderwijsnummer": nummer}, "brin": school, "vestiging": f"{school}00", "isPotentieleMboGanger": waar,
            "studiejaarInstroom": "2026-2027", "gemeentecode": gemeente, "wijzigingsdatum": DAG.isoformat(), "volgnummer": volgnummer,
        }  # fmt: skip
        kop = envelop("POTENTIELE_MBO_GANGER", self.oins[van], self.oins[gemeente], dag=DAG.isoformat())
        return kop | {"potentieleMboGanger": body}

    def status(self, n: int, nummer: str, mbo: str, status: str, volgnummer: int) -> Bericht:
        """Bericht 2 about person ``n``."""
        body = {
            "pgn": {"onderwijsnummer": nummer}, "mboInstelling": mbo, "voSchool": f"{self.school(n)}00", "aanmeldId": f"A-{nummer}",
            "status": status, "statusDatum": DAG.isoformat(), "volgnummer": volgnummer, "studiejaarInstroom": "2026-2027",
            "gemeentecode": self.gemeente(n),
        }  # fmt: skip
        kop = envelop("AANMELDSTATUS", self.oins[mbo], self.oins[self.gemeente(n)], dag=DAG.isoformat())
        return kop | {"aanmeldstatus": body}

    def school(self, n: int) -> str:
        return SCHOLEN[n % len(SCHOLEN)]

    def gemeente(self, n: int) -> str:
        return self.gemeenten[n % len(self.gemeenten)]


def maak_werk(stad: Stad, aantal: int) -> Werk:
    """About ``aantal`` messages: half of them ``true``, a fifth of those ``false`` later, the rest aanmeldstatussen.

    The persons of the koppelpunt are leerlingen that are known here; the others are not.
    """
    nummers: Iterator[str] = onderwijsnummers(1000)
    bekend = max(8, aantal // 50)
    leerlingen = [(n, next(nummers)) for n in range(bekend)]
    gangers = [(n, next(nummers)) for n in range(aantal // 2)]
    aanmelders = gangers[: aantal * 3 // 10]
    weg = [(n, nummer) for n, nummer in gangers if n % 5 == 0]
    verder, anders = [p for p in aanmelders if p[0] % 3 == 0], [p for p in leerlingen if p[0] % 3 == 0]
    las: tuple[list[Bericht], list[Bericht]] = ([], [])
    for n, nummer in gangers:
        las[n % 2].append(stad.ganger(n, nummer, waar=True, volgnummer=1))
    for n, nummer in weg:
        las[n % 2].append(stad.ganger(n, nummer, waar=False, volgnummer=2))
    mbo = [stad.status(n, nummer, MBO, "AANMELDING_ONTVANGEN", 1) for n, nummer in aanmelders]
    mbo += [stad.status(n, nummer, MBO, "LEIDT_NIET_TOT_INSCHRIJVING", 2) for n, nummer in verder]
    koppelpunt = [stad.status(n, nummer, KOPPELPUNT, "AANMELDING_ONTVANGEN", 1) for n, nummer in leerlingen]
    koppelpunt += [stad.status(n, nummer, KOPPELPUNT, "OOK_AANGEBODEN", 2) for n, nummer in anders]
    statussen = [*aanmelders, *verder, *leerlingen, *anders]
    # Kept in the regio of each receiver: of the school and of the gemeente, which can be the same.
    bewaard = sum(len({stad.regio_van[stad.school(n)], stad.regio_van[stad.gemeente(n)]}) for n, _ in statussen)
    geregeld = {n for n, _ in aanmelders} - {n for n, _ in verder}
    bulk = dict.fromkeys(stad.gemeenten, 0)
    for n, _ in gangers:
        bulk[stad.gemeente(n)] += n % 5 != 0 and n not in geregeld
    return Werk(
        las, mbo, koppelpunt, leerlingen,
        {
            "ontvangen": len(las[0]) + len(las[1]) + len(mbo) + len(koppelpunt),
            "mbo-gangers naar gemeenten": len(gangers) + len(weg) + bekend,
            "aanmeldstatussen naar school en gemeente": 2 * len(statussen),
            "stand van mbo-gangers": len(gangers) + bekend,
            "waarvan niet meer": len(weg),
            "meldingen": len(gangers) + len(weg) + bekend,
            "gemelde aanmeldingen": bewaard,
            "aanmeldingen hier": bekend,
            "gebeurtenissen van aanmeldingen": bekend + len(anders),
        },
        bulk,
    )  # fmt: skip


def bouw(huis: Huis, bank: Databank, postgres: Postgres, valkey: Valkey) -> Stad:
    """Reference data, schools, a koppelpunt, and a system for each that sends or fetches."""
    stad = Stad(huis, bank, postgres, valkey)
    huis.omgeving["OVERSTAP_API_PER_MINUUT"] = "0"
    huis.anders["relay"] = "manage.py relay --wacht 0.1 --lease 10"
    argon = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert settings.OVERSTAP_DEMO
    with override_settings(OVERSTAP_VANDAAG=DAG, PASSWORD_HASHERS=argon):
        call_command("laad_referentie", verbosity=0, json=True, stdout=open("/dev/null", "w"))  # noqa: SIM115
        stad.gemeenten = list(Gemeente.objects.order_by("code").values_list("code", flat=True))
        stad.regio_van = dict(Gemeente.objects.values_list("code", "regio_id"))
        _scholen(stad)
        Organisatie.objects.filter(code=KOPPELPUNT, soort="mbo").update(instellingen={"bron": "koppelpunt"})
        organisaties = {(o.code, o.soort): o for o in Organisatie.objects.all()}
        stad.oins = {code: oin(o) for (code, _), o in organisaties.items()}
        scholen = [organisaties[code, "vo"] for code in SCHOLEN]
        _systeem(stad, scholen[0], "vo", [Scope.VVA_MBO_GANGERS, Scope.LEERLINGEN_SCHRIJVEN], scholen[1:])
        _systeem(stad, scholen[1], "vo", [Scope.VVA_MBO_GANGERS], [scholen[0], *scholen[2:]])
        for code in (MBO, KOPPELPUNT):
            _systeem(stad, organisaties[code, "mbo"], "mbo", [Scope.VVA_AANMELDSTATUSSEN], [])
        for code in (stad.gemeenten[n] for n in LEZERS):
            _systeem(stad, organisaties[code, "gemeente"], "gemeente", [Scope.VVA_POSTBUS], [])
    return stad


def _scholen(stad: Stad) -> None:
    """All in regio's of the koppelpunt, so that its statussen become statussen here."""
    for code, regio in zip(SCHOLEN, ("10", "17", "18", "10") * 2, strict=True):
        gemeente = Gemeente.objects.filter(regio_id=regio).order_by("code")[0]
        school = Organisatie.objects.create(code=code, soort="vo", naam=f"School {code}", gemeente=gemeente)
        with bereik([regio]):
            Deelname.objects.create(organisatie=school, regio_id=regio)
            Vestiging.objects.create(
                organisatie=school, regio_id=regio, code=f"{code}00", naam=f"School {code}", gemeente=gemeente,
                onderwijssoorten=["vmbo"],
            )  # fmt: skip
        stad.regio_van[code] = regio


def _systeem(
    stad: Stad, organisatie: Organisatie, soort: str, scopes: list[Scope], mandaten: list[Organisatie]
) -> None:
    nieuw = create_client(organisatie, soort, scopes, mandaten)
    assert nieuw.geheim is not None
    stad.systemen[organisatie.code] = Systeem(
        stad.huis.adres, str(nieuw.client.client_id), nieuw.geheim, stad.antwoorden
    )


def lever_leerlingen(stad: Stad, werk: Werk) -> None:
    """The leerlingen that are known here: delivered by their school, marked; the mbo-ganger message follows by itself."""
    for code in SCHOLEN:
        rijen = [
            {
                "pgn": {"onderwijsnummer": nummer}, "voornaam": "Noor", "achternaam": f"Wit{n}", "klas": "4B", "onderwijssoort": "vmbo",
                "geboortedatum": "2009-05-01", "gemeentecode": stad.gemeente(n), "leerweg": "tl", "overstapper": True,
                "overstapperSinds": "2025-10-03",
            }
            for n, nummer in werk.leerlingen
            if stad.school(n) == code
        ]  # fmt: skip
        inhoud = {"vestiging": f"{code}00", "overstapjaar": "2025-2026", "leerlingen": rijen}
        uit = stad.systemen[SCHOLEN[0]].vraag("POST", "/api/v1/leerlingen", inhoud)["resultaten"]
        assert {r["uitkomst"] for r in uit} == {"verwerkt"}, uit[:3]
