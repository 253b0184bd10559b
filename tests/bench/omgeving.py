"""What the rows share: the days, every regio, the database without row level security, and the API with a real token."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Collection
from datetime import date
from typing import Any

import psycopg
from django.db import connections

from accounts.models import Deelname, Organisatie, Regio
from overstap.basis.rls import bereik

JAAR, PEILDATUM, DAG = 2025, date(2026, 3, 1), date(2026, 3, 19)


def alle_regios() -> list[str]:
    return list(Regio.objects.values_list("code", flat=True))


def als_eigenaar() -> psycopg.Connection[Any]:
    """A connection of its own, for the limit: no rules of row level security."""
    p = connections["eigenaar"].get_connection_params()
    p.pop("cursor_factory", None)
    p.pop("context", None)
    return psycopg.connect(**p)


def landelijk_mbo(regios: Collection[str]) -> Organisatie:
    """An mbo that takes part in all of these regio's; kept for the next run."""
    with bereik(regios):
        mbo, _ = Organisatie.objects.get_or_create(code="97ZZ", soort="mbo", defaults={"naam": "Landelijk mbo"})
        for regio in regios:
            Deelname.objects.get_or_create(organisatie=mbo, regio_id=regio)
    return mbo


def ruim_op(*tabellen: str) -> None:
    """What earlier rounds wrote and rolled back still lies in the tables: after this both sides start alike, each time."""
    with als_eigenaar() as eigenaar:
        eigenaar.autocommit = True
        for tabel in tabellen:
            eigenaar.execute(f"VACUUM (ANALYZE) {tabel}")


def api_client(organisatie: Organisatie, scope: str) -> Callable[[str, str], Any]:
    """Call the API in this process with a real token; gives the answer, which must be 200. To decode it is the client's own time."""
    from django.core.management import call_command
    from django.test import Client

    uit = io.StringIO()
    call_command(
        "maak_systeem",
        "--organisatie",
        organisatie.code,
        "--soort",
        organisatie.soort,
        "--scope",
        scope,
        "--json",
        stdout=uit,
    )
    geheimen = json.loads(uit.getvalue())
    client = Client()
    antwoord = client.post(
        "/oauth/token",
        {
            "grant_type": "client_credentials",
            "client_id": geheimen["client_id"],
            "client_secret": geheimen["client_secret"],
            "scope": scope,
        },
    )
    token = antwoord.json()["access_token"]

    def roep(pad: str, body: str) -> Any:
        antwoord = client.post(pad, body, content_type="application/json", headers={"Authorization": f"Bearer {token}"})
        assert antwoord.status_code == 200, antwoord.content[:500]
        return antwoord

    return roep
