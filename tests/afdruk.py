"""A print of what stands in the database, taken once per process, put back in a later test's transaction.

A cast that is made through the real actions costs a third of a second; putting its rows back costs a tenth of that. Both
go through the app's own login: row level security and every constraint see each row again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

# Tables in an order in which each comes after the ones that it points at; from the catalogue, so that composite keys count too.
_TABELLEN = """
    SELECT c.oid::int, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> 'django_migrations' ORDER BY c.relname
"""
_WIJST_NAAR = "SELECT conrelid::int, confrelid::int FROM pg_constraint WHERE contype = 'f' AND conrelid <> confrelid"
_REEKSEN = """
    SELECT t.relname, a.attname, s.relname FROM pg_depend d
    JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' JOIN pg_class t ON t.oid = d.refobjid
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
    WHERE d.deptype IN ('a', 'i')
"""


@dataclass(frozen=True)
class Afdruk:
    """The rows per table, as PostgreSQL itself writes them, and how far each sequence was."""

    opdrachten: tuple[tuple[str, str], ...]  # statement, rows
    reeksen: tuple[tuple[str, int], ...]


def neem_af(al_gevuld: frozenset[str] = frozenset()) -> Afdruk:
    """Print every table with rows but ``al_gevuld``, those that the migrations filled. Needs an open bereik."""
    with connection.cursor() as cursor:
        opdrachten, grootste = [], {}
        for tabel in _op_volgorde(cursor):
            if tabel in al_gevuld:
                continue
            cursor.execute(sql.SQL("SELECT json_agg(t)::text, count(*) FROM {} t").format(sql.Identifier(tabel)))
            rijen, aantal = cursor.fetchone() or (None, 0)
            if aantal:
                opdracht = sql.SQL("INSERT INTO {0} SELECT * FROM json_populate_recordset(null::{0}, %s)")
                opdrachten.append((opdracht.format(sql.Identifier(tabel)).as_string(), str(rijen)))
                grootste[tabel] = aantal
        cursor.execute(_REEKSEN)
        reeksen = []
        for tabel, kolom, reeks in cursor.fetchall():
            if tabel in grootste:
                vraag = sql.SQL("SELECT max({}) FROM {}").format(sql.Identifier(kolom), sql.Identifier(tabel))
                cursor.execute(vraag)
                reeksen.append((reeks, (cursor.fetchone() or (0,))[0]))
    return Afdruk(tuple(opdrachten), tuple(reeksen))


def zet_terug(afdruk: Afdruk) -> None:
    """Insert the rows again, in this transaction. Needs an open bereik that holds them."""
    with connection.cursor() as cursor:
        for opdracht, rijen in afdruk.opdrachten:
            cursor.execute(opdracht, [rijen])
        for reeks, tot in afdruk.reeksen:
            # Only forward: a fresh clone of the template begins at one again.
            vraag = "SELECT nextval(%s) FROM generate_series((SELECT last_value FROM {}), %s)"
            cursor.execute(sql.SQL(vraag).format(sql.Identifier(reeks)), [reeks, tot])


def gevulde_tabellen() -> frozenset[str]:
    """Which tables hold rows now."""
    with connection.cursor() as cursor:
        return frozenset(t for t in _op_volgorde(cursor) if _heeft_rijen(cursor, t))


def _heeft_rijen(cursor: Any, tabel: str) -> bool:
    cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(tabel)))
    return bool(cursor.fetchone()[0])


def _op_volgorde(cursor: Any) -> list[str]:
    cursor.execute(_TABELLEN)
    namen = dict(cursor.fetchall())
    cursor.execute(_WIJST_NAAR)
    nodig: dict[int, set[int]] = {oid: set() for oid in namen}
    for van, naar in cursor.fetchall():
        if van in namen and naar in namen:
            nodig[van].add(naar)
    uit: list[str] = []
    gedaan: set[int] = set()

    def bezoek(oid: int) -> None:
        if oid not in gedaan:
            gedaan.add(oid)
            for ander in sorted(nodig[oid]):
                bezoek(ander)
            uit.append(namen[oid])

    for oid in namen:
        bezoek(oid)
    return uit
