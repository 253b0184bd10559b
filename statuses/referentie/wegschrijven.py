"""One set-based upsert for every kind of reference row: read what is there, write only what is new or differs."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import models

from statuses.referentie.verslag import Telling

M = TypeVar("M", bound=models.Model)

BLOK = 2000
"""Rows per statement."""


def upsert(
    telling: Telling,
    rijen: Sequence[M],
    *,
    sleutel: tuple[str, ...],
    velden: tuple[str, ...] = (),
    behoud: tuple[str, ...] = (),
) -> None:
    """Write `rijen` by their `sleutel` (a unique constraint, as column names) and add to `telling`.

    Of a row that exists only `velden` are written, so what people set stays. A field in `behoud` keeps its old value when
    the new one is empty: the source does not know it. One query to read, and one per block to write.
    """
    if not rijen:
        return
    model = type(rijen[0])
    bestaand: dict[tuple[Any, ...], tuple[Any, ...]] = {
        tuple(waarden[: len(sleutel)]): tuple(waarden[len(sleutel) :])
        for waarden in model._default_manager.values_list(*sleutel, *velden)
    }
    te_schrijven: list[M] = []
    for rij in rijen:
        oud = bestaand.get(tuple(getattr(rij, naam) for naam in sleutel))
        if oud is None:
            telling.nieuw += 1
            te_schrijven.append(rij)
            continue
        for naam in behoud:
            if not getattr(rij, naam):
                setattr(rij, naam, oud[velden.index(naam)])
        if oud == tuple(getattr(rij, naam) for naam in velden):
            telling.ongewijzigd += 1
        else:
            telling.gewijzigd += 1
            te_schrijven.append(rij)
    if velden:
        model._default_manager.bulk_create(
            te_schrijven, BLOK, update_conflicts=True, unique_fields=sleutel, update_fields=velden
        )
    else:
        model._default_manager.bulk_create(te_schrijven, BLOK, ignore_conflicts=True)
