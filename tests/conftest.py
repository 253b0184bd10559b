"""Fixtures and marks for all tests; how the database is made is in databank.py.

Tests run as `overstap_app` on `default`, in a transaction that is rolled back. A test with `transaction=True` gets a fresh clone
afterwards instead (the app may not truncate). `eigenaar` is for set-ups that the app may not make:
`@pytest.mark.django_db(databases=["default", "eigenaar"])`.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from tests.databank import Databank, databank

if TYPE_CHECKING:
    from tests.wereld import Wereld

ZONDER_SNEL = ("keten", "browser", "storing")
PER_VEEG = 100
_in_gebruik: list[Databank] = []  # the one of this process, once it is there
_sinds_vegen = 0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not any(item.get_closest_marker(naam) for naam in ZONDER_SNEL):
            item.add_marker("snel")


def pytest_collection_finish() -> None:
    """What imports and collecting made stays: the garbage collector need not walk through it again during every test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Sweep the database after every hundred tests, so that a late test costs what an early one does."""
    global _sinds_vegen
    _sinds_vegen += 1
    # Not while a fixture of a module keeps a transaction open.
    if _sinds_vegen >= PER_VEEG and _in_gebruik and not any(connections[a].in_atomic_block for a in connections):
        _sinds_vegen = 0
        _in_gebruik[0].veeg()


@pytest.fixture(scope="session")
def bank(django_test_environment: None, django_db_blocker: DjangoDbBlocker, worker_id: str) -> Iterator[Databank]:
    """This process's test database, with the URLs for a test that starts processes of its own."""
    with django_db_blocker.unblock(), databank(worker_id) as eigen:
        _in_gebruik.append(eigen)
        vaste_afbraak = TransactionTestCase._fixture_teardown

        def vernieuw(self: TransactionTestCase) -> None:
            eigen.vernieuw()

        # Django would truncate as the app, which may not; TestCase (the transaction that rolls back) has its own.
        TransactionTestCase._fixture_teardown = vernieuw  # type: ignore[method-assign]
        yield eigen
        _in_gebruik.clear()
        TransactionTestCase._fixture_teardown = vaste_afbraak  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def django_db_setup(bank: Databank) -> None:
    """Replaces pytest-django's: the database is there, migrated by the owner."""


@pytest.fixture
def wereld(db: None, settings: Any) -> Wereld:
    """The standing cast of tests/wereld.py: two regio's, an account per role, a leerling per stand."""
    from tests.wereld import Wereld

    return Wereld(settings)
