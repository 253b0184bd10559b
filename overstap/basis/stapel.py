"""Many rows in one statement: INSERT or UPDATE from arrays. ``unnest`` works under row level security; COPY does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from psycopg.types.json import Jsonb

# Enough for a whole call; an array of this many rows is a few MB.
PER_KEER = 5000


def _kolommen(model: type[models.Model], namen: Sequence[str] | None) -> list[models.Field[Any, Any]]:
    velden = [v for v in model._meta.concrete_fields if not isinstance(v, models.AutoField)]
    return velden if namen is None else [v for v in velden if v.attname in namen or v.name in namen]


def _kolom(veld: models.Field[Any, Any]) -> str:
    return str(veld.column)


def _lijst(veld: models.Field[Any, Any], rijen: Sequence[models.Model]) -> list[Any]:
    """One column as a list of plain values: an array is dumped by the type of its elements, so they must be of one."""
    waarden = [getattr(rij, veld.attname) for rij in rijen]
    if isinstance(veld, models.JSONField):
        return [Jsonb(waarde) for waarde in waarden]
    if isinstance(veld, models.BinaryField):
        return [None if waarde is None else bytes(waarde) for waarde in waarden]
    if isinstance(veld, models.IntegerField):
        return [None if waarde is None else int(waarde) for waarde in waarden]
    return waarden


def _arrays(velden: Sequence[models.Field[Any, Any]], rijen: Sequence[models.Model]) -> tuple[str, list[list[Any]]]:
    """``unnest(%s::type[], ...)`` and its parameters, a list per column."""
    soorten = []
    for veld in velden:
        doel = veld.target_field if isinstance(veld, models.ForeignKey) else veld
        soort = doel.db_type(connection) or "text"
        soorten.append(
            f"%s::{'text' if soort.startswith('varchar') else soort.split(' ')[0] if soort.startswith('serial') else soort}[]"
        )
    return f"unnest({', '.join(soorten)})", [_lijst(veld, rijen) for veld in velden]


def voeg_toe(
    model: type[models.Model],
    rijen: Sequence[models.Model],
    *,
    kolommen: Sequence[str] | None = None,
    botsing: str = "",
) -> int:
    """Insert unsaved instances; ``kolommen`` leaves the others to their database default. Returns how many were inserted.

    ``botsing`` is an ON CONFLICT clause, as SQL, written in code and never from input.
    """
    if not rijen:
        return 0
    velden = _kolommen(model, kolommen)
    qn = connection.ops.quote_name
    namen = ", ".join(qn(_kolom(v)) for v in velden)
    aantal = 0
    with connection.cursor() as cursor:
        for begin in range(0, len(rijen), PER_KEER):
            bron, arrays = _arrays(velden, rijen[begin : begin + PER_KEER])
            cursor.execute(f"INSERT INTO {qn(model._meta.db_table)} ({namen}) SELECT * FROM {bron} {botsing}", arrays)
            aantal += cursor.rowcount
    return aantal


def werk_bij(model: type[models.Model], rijen: Sequence[models.Model], kolommen: Sequence[str]) -> int:
    """Update ``kolommen`` of existing rows by primary key, all in one statement. Returns how many rows there were."""
    if not rijen:
        return 0
    sleutel = model._meta.pk
    velden = [sleutel, *_kolommen(model, kolommen)]
    qn = connection.ops.quote_name
    namen = ", ".join(qn(_kolom(v)) for v in velden)
    zet = ", ".join(f"{qn(_kolom(v))} = nieuw.{qn(_kolom(v))}" for v in velden[1:])
    aantal = 0
    with connection.cursor() as cursor:
        for begin in range(0, len(rijen), PER_KEER):
            bron, arrays = _arrays(velden, rijen[begin : begin + PER_KEER])
            cursor.execute(
                f"UPDATE {qn(model._meta.db_table)} doel SET {zet} FROM {bron} AS nieuw ({namen}) "
                f"WHERE doel.{qn(_kolom(sleutel))} = nieuw.{qn(_kolom(sleutel))}",
                arrays,
            )
            aantal += cursor.rowcount
    return aantal
