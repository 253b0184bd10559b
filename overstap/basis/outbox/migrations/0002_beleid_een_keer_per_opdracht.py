"""Databases made before: their policies read the regio's of the transaction once per statement, and not once per row."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from overstap.basis.rls import beleid_opnieuw


def _opnieuw(apps: Any, schema_editor: Any) -> None:
    beleid_opnieuw(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]

    operations = [migrations.RunPython(_opnieuw, migrations.RunPython.noop)]
