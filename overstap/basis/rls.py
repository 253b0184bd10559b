"""The first net of tenancy: row level security, written by migrations and fed by one setting per transaction.

Every table with persons carries its own ``regio_id``. A policy compares it with ``overstap.regios``, a transaction-local
setting that only :func:`bereik` sets. Without it the comparison is with nothing, so there are no rows: fail closed.
The second net is :class:`RegioManager`: the same narrowing in Python, and an exception when nobody opened a bereik.

Row level security stops a forgotten filter. It does not stop SQL injection: who can send SQL can set the setting too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import BaseConstraint, QuerySet
from django.db.models.sql import Query

M = TypeVar("M", bound=models.Model)

ROL_APP = "overstap_app"
ROL_TAKEN = "overstap_taken"
INSTELLING = "overstap.regios"
# Whether the code stands in the list: a search in a text, since making an array of it for every row costs more than the row
# (docs/besluiten/0022). With a comma on either side a code is only found whole; it is two digits (a check on Regio). Before the setting
# was ever set it is NULL, and after commit an empty string: nothing matches.
_LEES = f"strpos(',' || current_setting('{INSTELLING}', true) || ',', ',' || regio_id || ',') > 0"
# Of a row that is written: as a scalar subquery the array is made once per statement.
_SCHRIJF = f"regio_id = ANY ((SELECT string_to_array(current_setting('{INSTELLING}', true), ','))::text[])"

_CODE = re.compile("[0-9]{2}")

_bereik: ContextVar[frozenset[str] | None] = ContextVar("bereik", default=None)


class GeenBereik(RuntimeError):
    """A query on rows of a regio outside :func:`bereik`."""


def actieve_regios() -> frozenset[str]:
    """The regio codes of this transaction; raises :class:`GeenBereik` when there are none set."""
    regios = _bereik.get()
    if regios is None:
        raise GeenBereik(
            "Geen bereik: open overstap.basis.rls.bereik() voordat u rijen van een regio leest of schrijft."
        )
    return regios


def _zet(regios: frozenset[str] | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [INSTELLING, ",".join(sorted(regios or ()))])


@contextmanager
def bereik(regios: Iterable[str]) -> Iterator[None]:
    """A transaction in which the rows of these regio's (two-digit codes) exist, and no others.

    Nested, it narrows or changes the outer one and puts it back: a local setting survives the release of a savepoint.
    """
    nieuw, vorig = frozenset(regios), _bereik.get()
    if not all(map(_CODE.fullmatch, nieuw)):
        raise ValueError("Een regiocode bestaat uit twee cijfers.")
    token = _bereik.set(nieuw)
    try:
        with transaction.atomic():
            _zet(nieuw)
            yield
            _zet(vorig)
    finally:
        _bereik.reset(token)


class RegioManager(models.Manager[M]):
    """The second net: rows of the active regio's only, and an exception without a bereik."""

    def get_queryset(self) -> models.QuerySet[M]:
        rijen = super().get_queryset()
        rijen.query = _query(self.model, actieve_regios()).clone()
        return rijen


@lru_cache(maxsize=1000)
def _query(model: type[models.Model], regios: frozenset[str]) -> Query:
    """What every query on this model begins with; a page makes some forty. It is cloned, never changed."""
    return QuerySet(model).filter(regio_id__in=sorted(regios)).query


class _SqlConstraint(BaseConstraint):
    """A constraint that is plain SQL, so that makemigrations writes it and ``--check`` watches it."""

    def _maak(self, tabel: str, quote: Any) -> str:
        raise NotImplementedError

    def _verwijder(self, tabel: str, quote: Any) -> str:
        raise NotImplementedError

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        assert model is not None
        assert schema_editor is not None
        # Within CREATE TABLE the other table may not exist yet: run it at the end of the migration.
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))
        return ""

    def create_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        assert model is not None
        assert schema_editor is not None
        return self._maak(schema_editor.quote_name(model._meta.db_table), schema_editor.quote_name)

    def remove_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        assert model is not None
        assert schema_editor is not None
        return self._verwijder(schema_editor.quote_name(model._meta.db_table), schema_editor.quote_name)

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database decides; there is nothing to check on an instance."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _SqlConstraint) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)


def beleid_opnieuw(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the column test of every existing policy again, as it is now: for a migration after its text changed."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, policyname, qual LIKE %(met)s, with_check LIKE %(met)s FROM pg_policies "
            "WHERE schemaname = current_schema()",
            {"met": f"%{INSTELLING}%"},
        )
        for tabel, naam, lees, schrijf in cursor.fetchall():
            delen = [f"USING ({_LEES})"] * bool(lees) + [f"WITH CHECK ({_SCHRIJF})"] * bool(schrijf)
            if delen:
                qn = schema_editor.quote_name
                cursor.execute(f"ALTER POLICY {qn(naam)} ON {qn(tabel)} {' '.join(delen)}")


class RegioBeleid(_SqlConstraint):
    """Row level security on a table with ``regio_id``: forced, and by one of three policies.

    ``regio``: read and write within the bereik. ``referentie``: everybody reads, writing within the bereik.
    ``logboek``: everybody inserts, reading within the bereik.
    """

    SOORTEN = ("regio", "referentie", "logboek")

    def __init__(self, *, name: str, soort: str = "regio") -> None:
        if soort not in self.SOORTEN:
            raise ValueError(f"onbekend soort beleid: {soort}")
        self.soort = soort
        super().__init__(name=name)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, tuple(args), {**kwargs, "soort": self.soort}

    def _policies(self) -> list[tuple[str, str]]:
        lees, schrijf = f"USING ({_LEES})", f"WITH CHECK ({_SCHRIJF})"
        if self.soort == "regio":
            return [("", f"{lees} {schrijf}")]
        if self.soort == "logboek":
            return [("_lees", f"FOR SELECT {lees}"), ("_schrijf", "FOR INSERT WITH CHECK (true)")]
        return [
            ("_lees", "FOR SELECT USING (true)"),
            ("_nieuw", f"FOR INSERT {schrijf}"),
            ("_wijzig", f"FOR UPDATE {lees} {schrijf}"),
            ("_weg", f"FOR DELETE {lees}"),
        ]

    def _maak(self, tabel: str, quote: Any) -> str:
        policies = "".join(
            f"CREATE POLICY {quote(self.name + deel)} ON {tabel} {sql}; " for deel, sql in self._policies()
        )
        return (
            f"ALTER TABLE {tabel} ENABLE ROW LEVEL SECURITY; ALTER TABLE {tabel} FORCE ROW LEVEL SECURITY; {policies}"
        )

    def _verwijder(self, tabel: str, quote: Any) -> str:
        weg = "".join(f"DROP POLICY IF EXISTS {quote(self.name + deel)} ON {tabel}; " for deel, _ in self._policies())
        return f"{weg}ALTER TABLE {tabel} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {tabel} DISABLE ROW LEVEL SECURITY;"


class AlleenToevoegen(_SqlConstraint):
    """History that nobody edits: the app's roles get no UPDATE, DELETE or TRUNCATE on this table."""

    def _maak(self, tabel: str, quote: Any) -> str:
        return f"REVOKE UPDATE, DELETE, TRUNCATE ON {tabel} FROM {ROL_APP}, {ROL_TAKEN};"

    def _verwijder(self, tabel: str, quote: Any) -> str:
        return f"GRANT UPDATE, DELETE ON {tabel} TO {ROL_APP}, {ROL_TAKEN};"


class SamengesteldeSleutel(_SqlConstraint):
    """A foreign key over two columns, ``(kolom, regio_id)``, so that a row never points across regio's.

    The Django field beside it has ``db_constraint=False``. The target carries a unique constraint on ``(id, regio)``.
    """

    def __init__(self, *, name: str, kolom: str, naar: str, bij_verwijderen: str = "NO ACTION") -> None:
        self.kolom, self.naar, self.bij_verwijderen = kolom, naar, bij_verwijderen
        super().__init__(name=name)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return (
            path,
            tuple(args),
            {**kwargs, "kolom": self.kolom, "naar": self.naar, "bij_verwijderen": self.bij_verwijderen},
        )

    def _maak(self, tabel: str, quote: Any) -> str:
        return (
            f"ALTER TABLE {tabel} ADD CONSTRAINT {quote(self.name)} FOREIGN KEY ({quote(self.kolom)}, regio_id) "
            f"REFERENCES {quote(self.naar)} (id, regio_id) ON DELETE {self.bij_verwijderen} DEFERRABLE INITIALLY IMMEDIATE;"
        )

    def _verwijder(self, tabel: str, quote: Any) -> str:
        return f"ALTER TABLE {tabel} DROP CONSTRAINT IF EXISTS {quote(self.name)};"
