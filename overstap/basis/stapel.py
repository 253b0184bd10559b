"""Many rows in one statement: INSERT or UPDATE from arrays. ``unnest`` works under row level security; COPY does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState
from psycopg.types.json import Jsonb

M = TypeVar("M", bound=models.Model)

# Enough for a whole call; an array of this many rows is a few MB.
PER_KEER = 5000


def kale_rij(model: type[M], **waarden: Any) -> M:
    """An unsaved instance for :func:`voeg_toe` without Django's ``__init__``, which costs more than all else in a batch.

    Give every column by its ``attname``; what is left out can not be read.
    """
    rij = model.__new__(model)
    rij.__dict__.update(waarden, _state=ModelState())
    return rij


def _kolommen(model: type[models.Model], namen: Sequence[str] | None) -> list[models.Field[Any, Any]]:
    velden = [v for v in model._meta.concrete_fields if not isinstance(v, models.AutoField)]
    return velden if namen is None else [v for v in velden if v.attname in namen or v.name in namen]


def _kolom(veld: models.Field[Any, Any]) -> str:
    return str(veld.column)


def _lijst(veld: models.Field[Any, Any], rijen: Sequence[models.Model]) -> list[Any]:
    """One column as a list of plain values: an array is dumped by the type of its elements, so they must be of one."""
    waarden = [getattr(rij, veld.attname) for rij in rijen]
    if isinstance(veld, models.BinaryField):
        return [None if waarde is None else bytes(waarde) for waarde in waarden]
    if isinstance(veld, models.IntegerField):
        return [None if waarde is None else int(waarde) for waarde in waarden]
    return waarden


def _soort(veld: models.Field[Any, Any]) -> str:
    doel = veld.target_field if isinstance(veld, models.ForeignKey) else veld
    soort = doel.db_type(connection) or "text"
    return "text" if soort.startswith("varchar") else soort


def _gelijk(waarden: list[Any]) -> bool:
    """Whether a column holds one value throughout: then it is sent once, and not as an array."""
    eerste = waarden[0]
    return all(waarde is eerste or waarde == eerste for waarde in waarden)


def _bron(velden: Sequence[models.Field[Any, Any]], rijen: Sequence[models.Model]) -> tuple[str, str, list[Any]]:
    """The expressions of the columns, the FROM that they need, and the parameters of both in their order."""
    uitdrukkingen, arrays, vast, lijsten = [], [], [], []
    for nummer, veld in enumerate(velden):
        waarden, soort = _lijst(veld, rijen), _soort(veld)
        # At least one array says how many rows there are; the first column is the key.
        gelijk = nummer and _gelijk(waarden)
        if isinstance(veld, models.JSONField):
            waarden = [Jsonb(waarde) for waarde in (waarden[:1] if gelijk else waarden)]
        if gelijk:
            uitdrukkingen.append(f"%s::{soort}")
            vast.append(waarden[0])
        else:
            uitdrukkingen.append(f"rij.k{nummer}")
            arrays.append((f"k{nummer}", f"%s::{soort}[]"))
            lijsten.append(waarden)
    namen, unnest = ", ".join(n for n, _ in arrays), ", ".join(a for _, a in arrays)
    return ", ".join(uitdrukkingen), f"unnest({unnest}) AS rij ({namen})", [*vast, *lijsten]


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
            waarden, bron, parameters = _bron(velden, rijen[begin : begin + PER_KEER])
            cursor.execute(
                f"INSERT INTO {qn(model._meta.db_table)} ({namen}) SELECT {waarden} FROM {bron} {botsing}", parameters
            )
            aantal += cursor.rowcount
    return aantal


def werk_bij(model: type[models.Model], rijen: Sequence[models.Model], kolommen: Sequence[str]) -> int:
    """Update ``kolommen`` of existing rows by primary key, all in one statement. Returns how many rows there were."""
    if not rijen:
        return 0
    sleutel = model._meta.pk
    velden = [sleutel, *(veld for veld in _kolommen(model, kolommen) if veld is not sleutel)]
    qn = connection.ops.quote_name
    namen = ", ".join(qn(_kolom(v)) for v in velden)
    zet = ", ".join(f"{qn(_kolom(v))} = nieuw.{qn(_kolom(v))}" for v in velden[1:])
    aantal = 0
    with connection.cursor() as cursor:
        for begin in range(0, len(rijen), PER_KEER):
            waarden, bron, parameters = _bron(velden, rijen[begin : begin + PER_KEER])
            cursor.execute(
                f"UPDATE {qn(model._meta.db_table)} doel SET {zet} FROM (SELECT {waarden} FROM {bron}) AS nieuw ({namen}) "
                f"WHERE doel.{qn(_kolom(sleutel))} = nieuw.{qn(_kolom(sleutel))}",
                parameters,
            )
            aantal += cursor.rowcount
    return aantal
