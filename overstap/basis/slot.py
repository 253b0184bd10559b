"""Locks by name, for what no row stands for yet: who wants the same name waits until the transaction of the other ends."""

from __future__ import annotations

from django.db import connection


def neem(*namen: str) -> None:
    """Take these locks, always in one order: two transactions never wait for each other. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(naam, 0)) FROM unnest(%s::text[]) AS naam",
            [sorted(set(namen))],
        )
