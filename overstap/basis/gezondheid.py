"""`/gezondheid`: this process answers. `/gezondheid/gereed`: what it needs is there (database, migrations, broker, worker)."""

import json
from collections.abc import Callable

import redis
import structlog
from celery import current_app
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.transaction import non_atomic_requests
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

logger = structlog.get_logger(__name__)


def _antwoord(status: int, inhoud: object) -> HttpResponse:
    response = HttpResponse(json.dumps(inhoud), status=status, content_type="application/json")
    response._has_been_logged = True  # type: ignore[attr-defined]  # a probe that finds "not yet" is no error
    return response


@require_safe
@non_atomic_requests
def leeft(request: HttpRequest) -> HttpResponse:
    """Alive; touches nothing outside the process."""
    return _antwoord(200, {"status": "ok"})


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


_gemigreerd = False


def _migraties() -> None:
    # Once true it stays true for the code of this process; asking means importing every migration.
    global _gemigreerd
    if _gemigreerd:
        return
    uitvoerder = MigrationExecutor(connection)
    if uitvoerder.migration_plan(uitvoerder.loader.graph.leaf_nodes()):
        raise RuntimeError("migraties")
    _gemigreerd = True


def _broker() -> None:
    lijn = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
    try:
        lijn.ping()
    finally:
        lijn.close()


def _worker() -> None:
    # Without a broker Celery would keep trying for ten seconds; a probe wants its answer now.
    _broker()
    if not current_app.control.ping(timeout=1, limit=1):
        raise RuntimeError("worker")


DELEN: dict[str, Callable[[], None]] = {
    "database": _database,
    "migraties": _migraties,
    "broker": _broker,
    "worker": _worker,
}


@require_safe
@non_atomic_requests
def gereed(request: HttpRequest) -> HttpResponse:
    """200 when all parts answer, else 503; says per part "ok" or "weg", never why (that is in the log)."""
    uitslag: dict[str, str] = {}
    for naam, controleer in DELEN.items():
        try:
            controleer()
        except Exception as fout:  # any cause at all means: not ready
            logger.info("niet_gereed", onderdeel=naam, soort=type(fout).__name__)
            uitslag[naam] = "weg"
        else:
            uitslag[naam] = "ok"
    goed = all(stand == "ok" for stand in uitslag.values())
    return _antwoord(200 if goed else 503, {"status": "ok" if goed else "weg", **uitslag})
