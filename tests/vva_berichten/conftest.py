"""The API as a supplier, an mbo or a gemeente sees it: real tokens, real HTTP through Django's client."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import ApiClient, Mandaat
from accounts.rechten import Scope
from tests.wereld import Wereld
from vva_berichten.opstellen import oin

GEHEIM = "een-geheim-voor-tests"


@dataclass
class Systeem:
    """One API client of an organisatie."""

    wereld: Wereld
    code: str
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
        """POST and the results; the call as a whole must be accepted."""
        antwoord = self.post(f"/api/v1/vva/{soort}", {"berichten": list(berichten)})
        assert antwoord.status_code == 200, antwoord.content
        resultaten: list[dict[str, Any]] = antwoord.json()["resultaten"]
        return resultaten


_teller = itertools.count(1)


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
        return Systeem(wereld, code, antwoord.json()["access_token"], browser)

    return maak
