"""Databases made before: a row that is read is compared with the regio's of the transaction without an array for each row."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from overstap.basis.rls import beleid_opnieuw


def _opnieuw(apps: Any, schema_editor: Any) -> None:
    beleid_opnieuw(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_beleid_een_keer_per_opdracht")]

    operations = [migrations.RunPython(_opnieuw, migrations.RunPython.noop)]
