"""The API as a supplier, an mbo or a gemeente sees it: real tokens, real HTTP through Django's client."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import ApiClient, Deelname, Gemeente, Mandaat, Organisatie
from accounts.rechten import Scope
from tests.vva_berichten.gepusht import GEMEENTE, pem
from tests.vva_berichten.hulp import NOVEMBER, alles, draai, toets_schema
from tests.vva_berichten.ontvanger import Ontvanger, luister
from tests.wereld import Wereld
from vva_berichten.opstellen import oin

GEHEIM = "een-geheim-voor-tests"


@dataclass
class Systeem:
    """One API client of an organisatie."""

    wereld: Wereld
    code: str
    client_id: str
    token: str
    client: Client

    @property
    def _koppen(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, pad: str) -> Any:
        return self.client.get(pad, headers=self._koppen)

    def post(self, pad: str, inhoud: Any) -> Any:
        return self.client.post(pad, inhoud, content_type="application/json", headers=self._koppen)

    def envelop(self, soort: str, **extra: Any) -> dict[str, Any]:
        return {
            "berichtId": str(uuid.uuid4()),
            "berichtType": soort,
            "contractVersie": "1.0.0",
            "verzendendeInstantie": oin(self.wereld.organisaties[self.code]),
            "ontvangendeInstantie": "00000099000000363000",
            "datumTijd": "2025-11-15T09:00:00+01:00",
        } | extra

    def mbo_ganger(self, nummer: str, *, envelop: dict[str, Any] | None = None, **velden: Any) -> dict[str, Any]:
        """A message 1 of 99AA; a field that is "weg" is left out."""
        body = {
            "pgn": {"burgerservicenummer": nummer},
            "brin": "99AA",
            "vestiging": "99AA00",
            "isPotentieleMboGanger": True,
            "studiejaarInstroom": "2026-2027",
            "gemeentecode": "0363",
            "wijzigingsdatum": "2025-11-15",
            "volgnummer": 1,
        } | velden
        return self.envelop("POTENTIELE_MBO_GANGER", **(envelop or {})) | {
            "potentieleMboGanger": {k: v for k, v in body.items() if v != "weg"}
        }

    def aanmeldstatus(self, nummer: str, *, envelop: dict[str, Any] | None = None, **velden: Any) -> dict[str, Any]:
        """A message 2 of this mbo, about a new aanmelding unless ``aanmeldId`` is given."""
        body = {
            "pgn": {"burgerservicenummer": nummer},
            "mboInstelling": self.code,
            "aanmeldId": f"V-{next(_teller)}",
            "status": "AANMELDING_ONTVANGEN",
            "statusDatum": "2026-02-02",
            "volgnummer": 1,
            "studiejaarInstroom": "2026-2027",
        } | velden
        return self.envelop("AANMELDSTATUS", **(envelop or {})) | {"aanmeldstatus": body}

    def stuur(self, soort: str, *berichten: Any) -> list[dict[str, Any]]:
        """POST and the results; the call as a whole must be accepted, and what is taken fits the published schema."""
        antwoord = self.post(f"/api/v1/vva/{soort}", {"berichten": list(berichten)})
        assert antwoord.status_code == 200, antwoord.content
        resultaten: list[dict[str, Any]] = antwoord.json()["resultaten"]
        for bericht, resultaat in zip(berichten, resultaten, strict=True):
            if resultaat["uitkomst"] != "geweigerd":
                toets_schema(self.client, bericht)
        return resultaten

    def postbus(self, limiet: int = 1000) -> list[dict[str, Any]]:
        """The own postbus from its beginning, page by page, after all work that waits is done. Each fits the schema."""
        draai()
        uit: list[dict[str, Any]] = []
        pad: str | None = f"/api/v1/vva/postbus?na=0&limiet={limiet}"
        while pad:
            antwoord = self.get(pad)
            assert antwoord.status_code == 200, antwoord.content
            uit += antwoord.json()["berichten"]
            pad = antwoord.json()["volgende"]
        for bericht in uit:
            toets_schema(self.client, bericht)
        return uit

    def lever(self, nummer: str, vestiging: str = "99AA00", **velden: Any) -> str:
        """A LAS delivers one leerling, a marked vmbo-leerling from Amsterdam unless ``velden`` differ; the overstapId."""
        leerling = {
            "pgn": {"burgerservicenummer": nummer},
            "voornaam": "Noor",
            "achternaam": "Postma",
            "geboortedatum": "2009-05-01",
            "gemeentecode": "0363",
            "klas": "4B",
            "onderwijssoort": "vmbo",
            "leerweg": "tl" if velden.get("onderwijssoort", "vmbo") == "vmbo" else None,
            "overstapper": True,
        } | velden
        inhoud = {"vestiging": vestiging, "overstapjaar": "2025-2026", "leerlingen": [leerling]}
        overstap: str = self._rij("/api/v1/leerlingen", inhoud)["overstapId"]
        return overstap

    def meld_aan(self, nummer: str, status: str = "aangemeld", *, volgnummer: int = 1, **velden: Any) -> dict[str, Any]:
        """A SIS delivers one aanmelding, with the status of today; the answer to it."""
        aanmelding = {
            "aanmeldId": f"S-{nummer}",
            "pgn": {"burgerservicenummer": nummer},
            "overstapjaar": "2025-2026",
            "opleiding": {"crebo": "25491", "naam": "Verzorgende IG", "niveau": 3, "leerweg": "bol"},
            "status": status,
            "statusDatum": self.wereld.vandaag.isoformat(),
            "volgnummer": volgnummer,
        } | velden
        return self._rij("/api/v1/aanmeldingen", {"aanmeldingen": [aanmelding]})

    def _rij(self, pad: str, inhoud: Any) -> dict[str, Any]:
        antwoord = self.post(pad, inhoud)
        assert antwoord.status_code == 200, antwoord.content
        resultaat: dict[str, Any] = antwoord.json()["resultaten"][0]
        assert resultaat["uitkomst"] != "geweigerd", resultaat
        return resultaat

    def zet(self, overstap: str, naar: str | None, **velden: Any) -> None:
        """A status change of one overstap over the API."""
        koppen = self._koppen | {"If-Match": "*"}
        pad = f"/api/v1/overstappen/{overstap}/gebeurtenissen"
        antwoord = self.client.post(pad, {"naar": naar} | velden, content_type="application/json", headers=koppen)
        assert antwoord.status_code == 201, antwoord.content

    def vervolgkeuze(self, overstap: str, reden: str, zekerheid: str = "zeker") -> None:
        """The school says where this leerling goes instead of to the mbo."""
        self.zet(overstap, "vervolgkeuze_vo", reden={"code": reden, "tekst": ""}, zekerheid=zekerheid)


_teller = itertools.count(1)


@pytest.fixture
def wereld(db: None, settings: Any, request: pytest.FixtureRequest) -> Wereld:
    """The cast with its own events handled, so that a test's outbox holds what it did itself; not so with `onverwerkt`."""
    return Wereld(settings, verwerkt=request.node.get_closest_marker("onverwerkt") is None)


@pytest.fixture
def systeem(wereld: Wereld, settings: Any) -> Callable[..., Systeem]:
    """``systeem("99AA")`` logs a client of that organisatie in; ``mandaat`` names others it may act for."""
    settings.OVERSTAP_API_PER_MINUUT = 0
    cache.clear()

    def maak(code: str, *, mandaat: tuple[str, ...] = (), scopes: str | None = None) -> Systeem:
        organisatie = wereld.organisaties[code]
        client = ApiClient(
            organisatie=organisatie,
            soort=str(organisatie.soort),
            name=f"test {code}",
            client_type="confidential",
            authorization_grant_type="client-credentials",
            client_secret=GEHEIM,
            scopes=" ".join(Scope) if scopes is None else scopes,
        )
        client.save()
        for ander in mandaat:
            Mandaat.objects.create(client=client, organisatie=wereld.organisaties[ander], vanaf=date(2025, 9, 1))
        browser = Client()
        antwoord = browser.post(
            "/oauth/token",
            {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": GEHEIM},
        )
        assert antwoord.status_code == 200, antwoord.content
        return Systeem(wereld, code, client.client_id, antwoord.json()["access_token"], browser)

    return maak


@pytest.fixture
def zaanstad(wereld: Wereld) -> str:
    """A gemeente of regio 21 in which nobody of the cast lives, for ``systeem("0479")``."""
    with wereld.bereik():
        Gemeente.objects.create(
            code="0479", naam="Zaanstad", provincie="Noord-Holland", regio_id="21", subregio=wereld.subregios["0363"]
        )
        organisatie = Organisatie.objects.create(code="0479", soort="gemeente", naam="Gemeente Zaanstad")
        Deelname.objects.create(organisatie=organisatie, regio_id="21")
    wereld.organisaties["0479"] = organisatie
    return "0479"


@pytest.fixture
def ontvanger(wereld: Wereld, settings: Any) -> Iterator[Ontvanger]:
    """A gemeente with messages in its postbus, and a server that accepts all; no endpoint yet."""
    settings.OVERSTAP_PUSH_SLEUTELS, settings.OVERSTAP_PUSH_INTERN = pem(), True
    wereld.op(NOVEMBER)
    wereld.overstappen_van([wereld.rij("99AA01", overstapper_sinds=date(2025, 10, 3)) for _ in range(5)])
    alles(wereld, GEMEENTE)
    with luister(Ontvanger(jwks=lambda: Client().get("/.well-known/jwks.json").json())) as server:
        yield server
