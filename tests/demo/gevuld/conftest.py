"""One filled regio for the tests that only look at it: made once for this map, in a transaction that is rolled back."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.demo.hulp import VANDAAG, demo


@pytest.fixture(scope="package")
def gevuld(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    with django_db_blocker.unblock(), override_settings(OVERSTAP_VANDAAG=VANDAAG), transaction.atomic():
        call_command("laad_referentie", stdout=StringIO())
        yield demo()
        transaction.set_rollback(True)
