"""Measure /leerlingen as the decaan of the school of 400, in the database of the environment; prints JSON."""

from __future__ import annotations

import json
import statistics
import sys


def main() -> None:
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, setup_test_environment

    setup_test_environment()
    from accounts.models import Gebruiker, Lidmaatschap, Organisatie
    from tests.bench.meten import Klok

    school = Organisatie.objects.get(code="99ZZ")
    gebruiker, _ = Gebruiker.objects.get_or_create(
        email="bench@overstap.example", defaults={"naam": "Bench", "is_demo": True}
    )
    Lidmaatschap.objects.get_or_create(gebruiker=gebruiker, rol="decaan", organisatie=school)
    client = Client()
    client.force_login(gebruiker, backend="allauth.account.auth_backends.AuthenticationBackend")
    for _ in range(3):
        assert client.get("/leerlingen").status_code == 200
    tijden = []
    for _ in range(int(sys.argv[1])):
        with Klok() as k:
            client.get("/leerlingen")
        tijden.append(k.s)
    with CaptureQueriesContext(connection) as vragen:
        client.get("/leerlingen")
    # Session, account, roles and log are there on every page; what the list itself asks is counted.
    eigen = [v for v in vragen.captured_queries if "statuses_" in v["sql"]]
    print(json.dumps({"mediaan": statistics.median(tijden), "queries": len(eigen)}))


if __name__ == "__main__":
    main()
