"""`manage.py maak_rollen`: the three database roles, the database and their rights, made by a superuser. Safe to repeat."""

import os
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
from django.core.management.base import BaseCommand, CommandError

from overstap.basis import rollen

VARIABELEN = {
    rollen.APP: "DATABASE_URL",
    rollen.EIGENAAR: "DATABASE_URL_EIGENAAR",
    rollen.TAKEN: "DATABASE_URL_TAKEN",
}


class Command(BaseCommand):
    help = (
        "Maakt de databaserollen overstap_eigenaar, overstap_app en overstap_taken, met de wachtwoorden uit DATABASE_URL, "
        "DATABASE_URL_EIGENAAR en DATABASE_URL_TAKEN. DATABASE_URL_SUPERUSER wijst de server aan."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        superuser = os.environ.get("DATABASE_URL_SUPERUSER")
        if not superuser:
            raise CommandError("DATABASE_URL_SUPERUSER ontbreekt: de URL van een superuser van de databaseserver.")
        wachtwoorden = {rol: _wachtwoord(rol, variabele) for rol, variabele in VARIABELEN.items()}
        # The owner's URL names the database as the server knows it; the app's may go through PgBouncer.
        database = urlsplit(os.environ["DATABASE_URL_EIGENAAR"]).path.strip("/")
        try:
            with psycopg.connect(superuser, autocommit=True, connect_timeout=10) as verbinding:
                rollen.maak_rollen(verbinding, wachtwoorden)
                nieuw = rollen.maak_database(verbinding, database)
            with psycopg.connect(superuser, dbname=database, autocommit=True, connect_timeout=10) as verbinding:
                rollen.geef_rechten(verbinding)
        except psycopg.Error as fout:
            raise CommandError(f"De rollen zijn niet gemaakt: {fout}") from None
        self.stdout.write(
            f"Rollen {', '.join(rollen.ROLLEN)} staan klaar; database {database} {'gemaakt' if nieuw else 'was er al'}."
        )


def _wachtwoord(rol: str, variabele: str) -> str:
    """The password in the URL, which must be that role's."""
    delen = urlsplit(os.environ.get(variabele, ""))
    if unquote(delen.username or "") != rol or not delen.password:
        raise CommandError(
            f"{variabele} moet inloggen als {rol}, met een wachtwoord: postgresql://{rol}:...@host/overstap."
        )
    return unquote(delen.password)
