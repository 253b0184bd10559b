"""Databases made before: what is written is compared with the regio's of the transaction as read once per statement."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from overstap.basis.rls import beleid_opnieuw


def _opnieuw(apps: Any, schema_editor: Any) -> None:
    beleid_opnieuw(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]

    operations = [migrations.RunPython(_opnieuw, migrations.RunPython.noop)]
