"""Many rows in one statement: INSERT or UPDATE from arrays. ``unnest`` works under row level security; COPY does not."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, TypeVar

import msgspec
from django.db import connection, models
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)

# Enough for a whole call; an array of this many rows is a few MB.
PER_KEER = 5000


def kale_rij(model: type[M], **waarden: Any) -> M:
    """An unsaved instance for :func:`voeg_toe` without Django's ``__init__``, which costs more than all else in a batch.

    Give every column by its ``attname``; what is left out can not be read.
    """
    rij = model.__new__(model)
    waarden["_state"] = ModelState()
    rij.__dict__ = waarden
    return rij


@cache
def _leeg(model: type[models.Model]) -> dict[str, Any]:
    """The defaults that are plain values; what is made for each row (a key, now) is not among them."""
    return {
        veld.attname: veld.get_default()
        for veld in model._meta.concrete_fields
        if not callable(veld.default) or not (veld.has_default() or veld.has_db_default())
    }


def nieuwe_rij(model: type[M], **waarden: Any) -> M:
    """The same with the model's defaults for what is left out; give the columns whose default is made for each row."""
    return kale_rij(model, **{**_leeg(model), **waarden})


def lees(rijen: models.QuerySet[M], *, zonder: Collection[str] = ()) -> list[M]:
    """The rows of a queryset as instances, like :func:`kale_rij`: no ``__init__``, nothing joined.

    ``zonder`` names columns that nobody will read; who does costs a query, as with ``defer``.
    """
    model, db = rijen.model, rijen.db
    namen = [veld.attname for veld in model._meta.concrete_fields if veld.attname not in zonder]
    uit = []
    for waarden in rijen.values_list(*namen):
        rij = model.__new__(model)
        rij.__dict__ = dict(zip(namen, waarden, strict=True))
        stand = rij._state = ModelState()
        stand.adding, stand.db = False, db
        uit.append(rij)
    return uit


def _kolommen(model: type[models.Model], namen: Sequence[str] | None) -> list[models.Field[Any, Any]]:
    velden = [v for v in model._meta.concrete_fields if not isinstance(v, models.AutoField)]
    return velden if namen is None else [v for v in velden if v.attname in namen or v.name in namen]


def _kolom(veld: models.Field[Any, Any]) -> str:
    return str(veld.column)


def _lijsten(velden: Sequence[models.Field[Any, Any]], rijen: Sequence[models.Model]) -> Sequence[Sequence[Any]]:
    """Each column as plain values. Not by getattr: Django answers for a foreign key with a function of its own."""
    if len(velden) == 1:
        return [[rij.__dict__[velden[0].attname] for rij in rijen]]
    van_een = itemgetter(*(veld.attname for veld in velden))
    return list(zip(*[van_een(rij.__dict__) for rij in rijen], strict=True))


def _reeks(delen: Iterable[str]) -> str:
    return "{" + ",".join(delen) + "}"


def _uuids(waarden: Sequence[Any]) -> str:
    return _reeks(["NULL" if waarde is None else f"{waarde.int:032x}" for waarde in waarden])


def _kaal(waarden: Sequence[Any]) -> str:
    """Values whose text needs no quotes within an array: days, booleans."""
    return _reeks(["NULL" if waarde is None else str(waarde) for waarde in waarden])


def _getallen(waarden: Sequence[Any]) -> str:
    """An IntEnum is its number."""
    return _reeks(["NULL" if waarde is None else str(int(waarde)) for waarde in waarden])


def _aangehaald(tekst: str) -> str:
    return '"' + tekst.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _teksten(waarden: Sequence[Any]) -> str:
    teksten = ["NULL" if waarde is None else str(waarde) for waarde in waarden]
    samen = '","'.join(teksten)
    # Nearly always there is nothing to escape, and then all are quoted at once.
    if None not in waarden and "\\" not in samen and samen.count('"') == 2 * (len(teksten) - 1):
        return f'{{"{samen}"}}'
    return _reeks(
        [tekst if waarde is None else _aangehaald(tekst) for waarde, tekst in zip(waarden, teksten, strict=True)]
    )


def _bytes(waarden: Sequence[Any]) -> str:
    return _reeks(["NULL" if waarde is None else f'"\\\\x{bytes(waarde).hex()}"' for waarde in waarden])


def _json(waarden: Sequence[Any]) -> str:
    return _reeks([_aangehaald(msgspec.json.encode(waarde).decode()) for waarde in waarden])


# How a column becomes one text that PostgreSQL reads as an array. psycopg's own way quotes each element twice over,
# which for a large call costs as much as the statement itself. The first kind that fits counts.
_ARRAYS: tuple[tuple[type[models.Field[Any, Any]], Callable[[Sequence[Any]], str]], ...] = (
    (models.JSONField, _json),
    (models.BinaryField, _bytes),
    (models.IntegerField, _getallen),
    (models.UUIDField, _uuids),
    (models.BooleanField, _kaal),
    (models.DateTimeField, _teksten),
    (models.DateField, _kaal),
    (models.CharField, _teksten),
    (models.TextField, _teksten),
)


def reeks(waarden: Sequence[uuid.UUID] | Sequence[bytes] | Sequence[str]) -> str:
    """Values of one type as the text of an array: for ``= ANY(%s::uuid[])`` and its like (bytea, text)."""
    eerste = waarden[0] if waarden else ""
    return (_bytes if isinstance(eerste, bytes | memoryview) else _teksten if isinstance(eerste, str) else _uuids)(
        waarden
    )


def _soort(veld: models.Field[Any, Any]) -> str:
    doel = veld.target_field if isinstance(veld, models.ForeignKey) else veld
    soort = doel.db_type(connection) or "text"
    return "text" if soort.startswith("varchar") else soort


def _gelijk(waarden: Sequence[Any]) -> bool:
    """Whether a column holds one value throughout: then it is sent once, and not as an array."""
    eerste = waarden[0]
    return bool(waarden[-1] == eerste) and waarden.count(eerste) == len(waarden)


def _array(veld: models.Field[Any, Any], waarden: Sequence[Any]) -> Any:
    doel = veld.target_field if isinstance(veld, models.ForeignKey) else veld
    maak = next((maak for soort, maak in _ARRAYS if isinstance(doel, soort)), None)
    return list(waarden) if maak is None else maak(waarden)


def _bron(velden: Sequence[models.Field[Any, Any]], kolommen: Sequence[Sequence[Any]]) -> tuple[str, str, list[Any]]:
    """The expressions of the columns, the FROM that they need, and the parameters of both in their order."""
    uitdrukkingen, arrays, vast, lijsten = [], [], [], []
    for nummer, (veld, waarden) in enumerate(zip(velden, kolommen, strict=True)):
        soort = _soort(veld)
        # At least one array says how many rows there are; the first column is the key.
        if nummer and _gelijk(waarden):
            uitdrukkingen.append(f"(%s::{soort}[])[1]")
            vast.append(_array(veld, waarden[:1]))
        else:
            uitdrukkingen.append(f"rij.k{nummer}")
            arrays.append((f"k{nummer}", f"%s::{soort}[]"))
            lijsten.append(_array(veld, waarden))
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
    velden = _kolommen(model, kolommen)
    keren = [rijen[begin : begin + PER_KEER] for begin in range(0, len(rijen), PER_KEER)]
    return sum(_voeg_toe(model, velden, _lijsten(velden, keer), botsing) for keer in keren)


def voeg_kolommen_toe(model: type[models.Model], kolommen: Mapping[str, Sequence[Any]]) -> int:
    """The same for rows that are nothing but a few columns, given by ``attname``: no instance is made of them."""
    velden = _kolommen(model, list(kolommen))
    lijsten = [kolommen[veld.attname] for veld in velden]
    keren = range(0, len(lijsten[0]), PER_KEER)
    return sum(_voeg_toe(model, velden, [lijst[begin : begin + PER_KEER] for lijst in lijsten]) for begin in keren)


def _voeg_toe(
    model: type[models.Model],
    velden: Sequence[models.Field[Any, Any]],
    kolommen: Sequence[Sequence[Any]],
    botsing: str = "",
) -> int:
    qn = connection.ops.quote_name
    namen = ", ".join(qn(_kolom(v)) for v in velden)
    waarden, bron, parameters = _bron(velden, kolommen)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {qn(model._meta.db_table)} ({namen}) SELECT {waarden} FROM {bron} {botsing}", parameters
        )
        return int(cursor.rowcount)


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
            waarden, bron, parameters = _bron(velden, _lijsten(velden, rijen[begin : begin + PER_KEER]))
            cursor.execute(
                f"UPDATE {qn(model._meta.db_table)} doel SET {zet} FROM (SELECT {waarden} FROM {bron}) AS nieuw ({namen}) "
                f"WHERE doel.{qn(_kolom(sleutel))} = nieuw.{qn(_kolom(sleutel))}",
                parameters,
            )
            aantal += cursor.rowcount
    return aantal
