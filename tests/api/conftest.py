"""A small country for the API: two regio's, an organisatie of every kind in each, a client of every kind with every scope."""

from __future__ import annotations

import itertools
import pickle
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.actor import Actor, actor_van_client
from accounts.models import ApiClient, Deelname, Gemeente, Organisatie, Regio, Vestiging
from accounts.rechten import Scope
from overstap.basis.geheim import ontsleutel
from overstap.basis.rls import bereik
from statuses.actions import record_aanmeldingen, record_leerlingen
from statuses.actions.aanmeldingen import AanmeldingRij
from statuses.actions.rijen import LeerlingRij
from statuses.models import Overstap
from statuses.status import Status
from tests.afdruk import Afdruk, gevulde_tabellen, neem_af, zet_terug

VANDAAG = date(2026, 3, 20)
GEHEIM = "een-geheim-voor-tests"
SOORTEN = ("vo", "mbo", "gemeente", "rmc", "samenwerkingsverband", "beheerorganisatie")


@dataclass
class Api:
    """A client with its token; calls answer with Django's test response."""

    client: Client
    token: str = ""
    actor: Actor | None = None

    def _koppen(self, extra: dict[str, str]) -> dict[str, str]:
        return ({"Authorization": f"Bearer {self.token}"} if self.token else {}) | extra

    def get(self, pad: str, vraag: dict[str, Any] | None = None, **koppen: str) -> Any:
        return self.client.get(
            pad, vraag or {}, headers=self._koppen({k.replace("_", "-"): v for k, v in koppen.items()})
        )

    def post(self, pad: str, inhoud: Any, **koppen: str) -> Any:
        return self.client.post(
            pad,
            inhoud,
            content_type="application/json",
            headers=self._koppen({k.replace("_", "-"): v for k, v in koppen.items()}),
        )


@dataclass
class Land:
    """What the tests stand on."""

    regio: Regio
    andere_regio: Regio
    gemeente: Gemeente
    andere_gemeente: Gemeente
    school: Organisatie
    andere_school: Organisatie
    vestiging: Vestiging
    andere_vestiging: Vestiging
    mbo: Organisatie
    ander_mbo: Organisatie
    clients: dict[str, ApiClient]
    teller: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def rij(self, vestiging: Vestiging, jaar: int = 2025, **velden: Any) -> LeerlingRij:
        """One leerling as a LAS delivers it, with a bsn of its own."""
        standaard: dict[str, Any] = {
            "pgn_soort": "bsn",
            "pgn": bsn(next(self.teller)),
            "voornaam": "Noor",
            "tussenvoegsel": "de",
            "achternaam": "Wit",
            "geboortedatum": date(2009, 5, 1),
            "gemeente": self.gemeente.code,
            "vestiging_id": vestiging.id,
            "regio": vestiging.regio_id,
            "overstapjaar": jaar,
            "klas": "4B",
            "onderwijssoort": "vmbo",
            "leerweg": "bb",
            "overstapper": True,
            "overstapper_sinds": date(2025, 10, 3),
        }
        return LeerlingRij(**(standaard | velden))

    def leerling(self, *, vestiging: Vestiging | None = None, jaar: int = 2025, **velden: Any) -> uuid.UUID:
        """An overstap at the school (or another vestiging), delivered as a LAS does; its id."""
        waar = vestiging or self.vestiging
        with bereik([waar.regio_id]):
            (uit,) = record_leerlingen(
                [self.rij(waar, jaar, **velden)], actor=self.actor("vo", waar.organisatie), bron="las"
            )
        assert uit.overstap_id is not None, uit
        return uit.overstap_id

    def aanmeldrij(self, pgn: str, status: Status = Status.INTAKE, **velden: Any) -> AanmeldingRij:
        standaard: dict[str, Any] = {
            "aanmeld_id": f"A-{next(self.teller)}",
            "pgn_soort": "bsn",
            "pgn": pgn,
            "status": status,
            "status_datum": date(2026, 2, 2),
            "volgnummer": 1,
            "overstapjaar": 2025,
            "crebo": "25491",
            "opleiding": "Verzorgende IG",
            "niveau": 3,
            "leerweg": "bol",
        }
        return AanmeldingRij(**(standaard | velden))

    def met_aanmelding(self, aantal: int) -> None:
        """So many leerlingen with one aanmelding each, in two calls."""
        rijen = [self.rij(self.vestiging) for _ in range(aantal)]
        with bereik(["21", "22"]):
            record_leerlingen(rijen, actor=self.actor("vo", self.school), bron="las")
            aanmeldingen = [self.aanmeldrij(rij.pgn) for rij in rijen]
            uit = record_aanmeldingen(aanmeldingen, mbo=self.mbo, actor=self.actor("mbo", self.mbo), bron="sis")
        assert {u.uitkomst for u in uit} == {"verwerkt"}

    def aanmelding(self, overstap: uuid.UUID, status: Status = Status.INTAKE, **velden: Any) -> str:
        """An aanmelding of that leerling at the mbo; its aanmeldId."""
        mbo = velden.pop("mbo", self.mbo)
        with bereik([self.regio.code, self.andere_regio.code]):
            persoon = Overstap.objects.select_related("leerling").get(pk=overstap).leerling
            rij = self.aanmeldrij(ontsleutel(persoon.pgn_versleuteld, persoon.id).decode(), status, **velden)
            (uit,) = record_aanmeldingen([rij], mbo=mbo, actor=self.actor("mbo", mbo), bron="sis")
        assert uit.uitkomst == "verwerkt", uit
        return rij.aanmeld_id

    def actor(self, soort: str, organisatie: Organisatie) -> Actor:
        client = ApiClient(organisatie=organisatie, soort=soort, name="test")
        return actor_van_client(client, frozenset(Scope), frozenset())


def _bsns() -> Iterator[str]:
    for begin in itertools.count(99990000):
        laatste = sum(int(c) * (9 - i) for i, c in enumerate(str(begin))) % 11
        if laatste < 10:
            yield f"{begin}{laatste}"


_BSNS = list(itertools.islice(_bsns(), 6000))


def bsn(nummer: int) -> str:
    """The nth synthetic bsn: starts with 9999 and passes the eleven-test."""
    return _BSNS[nummer]


def maak_client(organisatie: Organisatie, soort: str, scopes: str | None = None) -> ApiClient:
    client = ApiClient(
        organisatie=organisatie,
        soort=soort,
        name=f"{organisatie.code} {soort}",
        client_type="confidential",
        authorization_grant_type="client-credentials",
        client_secret=GEHEIM,
        scopes=" ".join(Scope) if scopes is None else scopes,
    )
    client.save()
    return client


@pytest.fixture(autouse=True)
def _schoon(settings: Any) -> Iterator[None]:
    settings.OVERSTAP_VANDAAG = VANDAAG
    settings.OVERSTAP_API_PER_MINUUT = 0
    cache.clear()
    yield
    cache.clear()


_bewaard: list[tuple[Afdruk, bytes]] = []  # of this process, once it was made


@pytest.fixture
def land(db: None) -> Land:
    """Made by the first test of a process; for the others its rows are put back."""
    with bereik(["21", "22"]):
        if _bewaard:
            afdruk, eigen = _bewaard[0]
            zet_terug(afdruk)
            land: Land = pickle.loads(eigen)
            return land
        al_gevuld = gevulde_tabellen()
        land = _maak_land()
        _bewaard.append((neem_af(al_gevuld), pickle.dumps(land)))
    return land


def _maak_land() -> Land:
    regio, andere = Regio(code="21", naam="Regio 21"), Regio(code="22", naam="Regio 22")
    Regio.objects.bulk_create([regio, andere], ignore_conflicts=True)
    with bereik(["21", "22"]):
        gemeente = Gemeente.objects.get_or_create(code="0363", defaults={"naam": "Amsterdam", "regio": regio})[0]
        ander = Gemeente.objects.get_or_create(code="0479", defaults={"naam": "Zaanstad", "regio": andere})[0]

        def organisatie(code: str, soort: str, *regios: Regio) -> Organisatie:
            nieuw = Organisatie.objects.create(code=code, soort=soort, naam=f"{soort} {code}")
            Deelname.objects.bulk_create([Deelname(organisatie=nieuw, regio=r) for r in regios])
            return nieuw

        school, andere_school = organisatie("90AA", "vo", regio), organisatie("90BB", "vo", andere)
        mbo, ander_mbo = organisatie("95LX", "mbo", regio, andere), organisatie("95MX", "mbo", regio)

        def vestiging(code: str, van: Organisatie, in_: Gemeente, r: Regio) -> Vestiging:
            return Vestiging.objects.create(organisatie=van, regio=r, code=code, naam=code, gemeente=in_)

        vest, andere_vest = (
            vestiging("90AA00", school, gemeente, regio),
            vestiging("90BB00", andere_school, ander, andere),
        )
        rmc = organisatie("TEST21", "beheerorganisatie", regio)
        organisaties = {
            "vo": school,
            "mbo": mbo,
            "gemeente": organisatie("0363", "gemeente", regio),
            "rmc": rmc,
            "samenwerkingsverband": organisatie("SWV99", "samenwerkingsverband", regio),
            "beheerorganisatie": rmc,
        }
    clients = {soort: maak_client(organisaties[soort], soort) for soort in SOORTEN}
    return Land(regio, andere, gemeente, ander, school, andere_school, vest, andere_vest, mbo, ander_mbo, clients)


def haal_token(client: Client, api_client: ApiClient, scope: str | None = None) -> Any:
    inhoud = {"grant_type": "client_credentials", "client_id": api_client.client_id, "client_secret": GEHEIM}
    if scope is not None:
        inhoud["scope"] = scope
    return client.post("/oauth/token", inhoud)


@pytest.fixture
def api(land: Land, client: Client) -> Callable[[str], Api]:
    """``api("vo")``: a caller of that kind with a fresh token and every scope; ``api("")``: without a token."""

    def maak(soort: str, scope: str | None = None) -> Api:
        if not soort:
            return Api(client)
        token = haal_token(client, land.clients[soort], scope).json()["access_token"]
        return Api(client, token, land.actor(soort, land.clients[soort].organisatie))  # type: ignore[arg-type]

    return maak
