"""Which login a query uses: everything on `default`; migrations on `eigenaar` and nowhere else."""

from typing import Any


class Router:
    """Both aliases point at the same database, so relations between them are always fine."""

    def db_for_read(self, model: type, **hints: Any) -> str:
        return "default"

    def db_for_write(self, model: type, **hints: Any) -> str:
        return "default"

    def allow_relation(self, obj1: object, obj2: object, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "eigenaar"
