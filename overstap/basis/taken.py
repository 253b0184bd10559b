"""Celery tasks with their types kept: ``@taak("naam")`` and ``.delay(...)`` with checked arguments (codes and ids only)."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, Protocol, cast

from celery import shared_task

P = ParamSpec("P")


class Taak(Protocol[P]):
    """A registered task: call it here and now, or hand it to a worker."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> object: ...

    def delay(self, *args: P.args, **kwargs: P.kwargs) -> object: ...


def taak(naam: str) -> Callable[[Callable[P, object]], Taak[P]]:
    """Register a function as the task ``naam``; it may run twice, so it must bear that."""

    def maak(functie: Callable[P, object]) -> Taak[P]:
        return cast("Taak[P]", shared_task(name=naam)(functie))

    return maak
