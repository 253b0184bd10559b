"""The tests themselves stand on the right ground: app role, walls on, a clean database per test."""

import pytest
from django.contrib.sessions.models import Session
from django.db import ProgrammingError, connection, connections, transaction


@pytest.mark.django_db
def test_runs_as_app_role_without_special_powers() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("overstap_app", False, False, False)


@pytest.mark.django_db
def test_app_role_cannot_change_the_schema() -> None:
    for opdracht in ("CREATE TABLE los (id int)", "ALTER TABLE django_session ADD x int", "TRUNCATE django_session"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(opdracht)


@pytest.mark.django_db
def test_default_privileges_reach_tables_made_by_migrations() -> None:
    Session.objects.create(session_key="a", session_data="", expire_date="2026-01-01T00:00:00Z")
    assert Session.objects.filter(session_key="a").update(session_data="b") == 1
    assert Session.objects.all().delete()[0] == 1


class TestTransactions:
    """Two tests in this order: what a transactional test writes is gone in the next."""

    @pytest.mark.django_db(transaction=True)
    def test_writes_for_good(self) -> None:
        Session.objects.create(session_key="blijft", session_data="", expire_date="2026-01-01T00:00:00Z")
        with transaction.atomic():
            assert Session.objects.count() == 1

    @pytest.mark.django_db
    def test_finds_nothing(self) -> None:
        assert Session.objects.count() == 0


@pytest.mark.django_db(databases=["default", "eigenaar"])
def test_owner_is_the_same_database() -> None:
    with connections["eigenaar"].cursor() as eigen, connections["default"].cursor() as gewoon:
        eigen.execute("SELECT current_user, current_database()")
        gewoon.execute("SELECT current_user, current_database()")
        rij, andere = eigen.fetchone(), gewoon.fetchone()
    assert (rij[0], andere[0]) == ("overstap_eigenaar", "overstap_app")
    assert rij[1] == andere[1]
