"""Two ways to write rows: arrays under row level security as the app, and COPY as the owner (who bypasses it)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, connections, models
from psycopg import Connection, sql

from overstap.demo.rijen import KOLOMMEN

PER_KEER = 4000


def _velden(model: type[models.Model], kolommen: Sequence[str]) -> list[models.Field[Any, Any]]:
    per_naam = {veld.attname: veld for veld in model._meta.concrete_fields}
    return [per_naam[naam] for naam in kolommen]


def _kolom(veld: models.Field[Any, Any]) -> str:
    assert veld.column is not None
    return veld.column


def _soort(veld: models.Field[Any, Any]) -> str:
    doel = veld.target_field if isinstance(veld, models.ForeignKey) else veld
    soort = doel.db_type(connection) or "text"
    return "text" if soort.startswith("varchar") else soort


def voeg_toe(model: type[models.Model], rijen: Sequence[tuple[Any, ...]]) -> None:
    """Insert tuples in the order of KOLOMMEN from arrays, within the bereik that is open."""
    kolommen = KOLOMMEN[model]
    velden = _velden(model, kolommen)
    qn = connection.ops.quote_name
    namen = ", ".join(qn(_kolom(veld)) for veld in velden)
    bron = ", ".join(f"%s::{_soort(veld)}[]" for veld in velden)
    with connection.cursor() as cursor:
        for begin in range(0, len(rijen), PER_KEER):
            arrays = [list(kolom) for kolom in zip(*rijen[begin : begin + PER_KEER], strict=True)]
            cursor.execute(  # names from the model, values as parameters
                f"INSERT INTO {qn(model._meta.db_table)} ({namen}) SELECT * FROM unnest({bron})",  # noqa: S608
                arrays,
            )


def kopieer(verbinding: Connection[Any], model: type[models.Model], rijen: Sequence[tuple[Any, ...]]) -> None:
    """COPY tuples in the order of KOLOMMEN."""
    opdracht = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join([sql.Identifier(_kolom(veld)) for veld in _velden(model, KOLOMMEN[model])]),
    )
    with verbinding.cursor() as cursor, cursor.copy(opdracht) as kopie:
        for rij in rijen:
            kopie.write_row(rij)


def analyseer() -> None:
    """Give the planner statistics of what was just loaded; only the owner may, so where this process knows the owner's login.

    Not within a transaction: nobody else sees its rows yet.
    """
    if connection.in_atomic_block or "eigenaar" not in connections.databases:
        return
    with connections["eigenaar"].cursor() as cursor:
        for model in KOLOMMEN:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
