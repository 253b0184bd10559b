"""The three database roles, made by a superuser, once and again (idempotent).

`overstap_eigenaar` owns the schema and bypasses row level security (migrations only). `overstap_app` (pages, API) and
`overstap_taken` (relay, jobs over all regio's) obey it. Whatever the owner makes, both may read and write by default privileges;
migrations take rights away where a table is append-only.
"""

from collections.abc import Mapping
from typing import Any

from psycopg import Connection, sql

EIGENAAR = "overstap_eigenaar"
APP = "overstap_app"
TAKEN = "overstap_taken"
ROLLEN = (EIGENAAR, APP, TAKEN)

_KENMERKEN = {
    EIGENAAR: sql.SQL("LOGIN NOSUPERUSER BYPASSRLS CREATEDB NOCREATEROLE"),
    APP: sql.SQL("LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"),
    TAKEN: sql.SQL("LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"),
}


def maak_rollen(verbinding: Connection[Any], wachtwoorden: Mapping[str, str]) -> None:
    """Make or correct the three roles. `verbinding` is a superuser's, in autocommit."""
    # Two starters at once would both see "no such role"; the lock is per session and ends with the block.
    verbinding.execute("SELECT pg_advisory_lock(hashtext('overstap_rollen'))")
    try:
        for rol in ROLLEN:
            bestaat = verbinding.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [rol]).fetchone()
            werkwoord = sql.SQL("ALTER" if bestaat else "CREATE")
            verbinding.execute(
                sql.SQL("{} ROLE {} WITH {} PASSWORD {}").format(
                    werkwoord, sql.Identifier(rol), _KENMERKEN[rol], sql.Literal(wachtwoorden[rol])
                )
            )
    finally:
        verbinding.execute("SELECT pg_advisory_unlock(hashtext('overstap_rollen'))")


def maak_database(verbinding: Connection[Any], naam: str, sjabloon: str | None = None) -> bool:
    """Make the database, owned by the owner role, when it is not there. True when it was made."""
    if verbinding.execute("SELECT 1 FROM pg_database WHERE datname = %s", [naam]).fetchone():
        return False
    opdracht = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(naam), sql.Identifier(EIGENAAR))
    if sjabloon:
        opdracht += sql.SQL(" TEMPLATE {}").format(sql.Identifier(sjabloon))
    verbinding.execute(opdracht)
    return True


def geef_rechten(verbinding: Connection[Any]) -> None:
    """In the database of this (superuser) connection: who may do what with what the owner makes later."""
    app_en_taken = sql.SQL(", ").join([sql.Identifier(APP), sql.Identifier(TAKEN)])
    eigenaar = sql.Identifier(EIGENAAR)
    opdrachten = (
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE, CREATE ON SCHEMA public TO {eigenaar}",
        "GRANT USAGE ON SCHEMA public TO {anderen}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {eigenaar} IN SCHEMA public"
        " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {anderen}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {eigenaar} IN SCHEMA public"
        " GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {anderen}",
    )
    for opdracht in opdrachten:
        verbinding.execute(sql.SQL(opdracht).format(eigenaar=eigenaar, anderen=app_en_taken))
