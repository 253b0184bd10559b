"""What web, worker, beat and relay check before they do anything; a wrong start ends with one Dutch sentence.

The walls between regio's are row level security. A superuser, the owner or a role with BYPASSRLS would look straight through
them, so a process with such a login does not serve.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from overstap.basis import handtekening

WEIGERT = 78  # EX_CONFIG: a supervisor need not try again


class Weigering(Exception):
    """Why this process does not start."""


# Checks of the domain ("a set today before the newest gebeurtenis"), put here by its AppConfig.ready(); None is fine.
_domein: list[Callable[[], str | None]] = []


def register_startcheck(controle: Callable[[], str | None]) -> None:
    """Add a check that needs the domain; it gives a Dutch sentence when the process may not start."""
    _domein.append(controle)


def controleer_start() -> None:
    """All checks. Raises Weigering; OperationalError when the database does not answer (then nothing was judged)."""
    if settings.PRODUCTIE and settings.OVERSTAP_DEMO:
        raise Weigering("OVERSTAP_DEMO=1 en OVERSTAP_PRODUCTIE=1 gaan niet samen. Zet één van beide uit.")
    try:
        handtekening.kan()
    except ImproperlyConfigured as fout:
        raise Weigering(str(fout)) from None
    controleer_login(connection)
    for controle in _domein:
        bezwaar = controle()
        if bezwaar:
            raise Weigering(bezwaar)


def controleer_login(verbinding: BaseDatabaseWrapper) -> None:
    """Refuse a login that row level security does not hold."""
    with verbinding.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.rolname, r.rolsuper, r.rolbypassrls,
                   EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                           WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND pg_has_role(r.oid, c.relowner, 'MEMBER'))
            FROM pg_roles r WHERE r.rolname = current_user
            """
        )
        naam, superuser, bypass, eigenaar = cursor.fetchone()
    waarom = (
        "superuser" if superuser else "een rol met BYPASSRLS" if bypass else "eigenaar van tabellen" if eigenaar else ""
    )
    if waarom:
        raise Weigering(
            f"De databaserol {naam} is {waarom} en ziet daarmee over de muren tussen regio's heen. "
            "Zet DATABASE_URL op overstap_app (en DATABASE_URL_TAKEN op overstap_taken); maak ze met `manage.py maak_rollen`."
        )


def weiger_of_ga_door() -> bool:
    """For the start of a process: ends it (code 78) when it may not run. False when the database did not answer yet."""
    try:
        controleer_start()
    except Weigering as reden:
        print(f"Overstap start niet. {reden}", flush=True)
        raise SystemExit(WEIGERT) from None
    except OperationalError:
        return False
    finally:
        # gunicorn and Celery fork after this; neither a connection nor a pool may be shared.
        connection.close()
        close_pool = getattr(connection, "close_pool", None)
        if close_pool:
            close_pool()
    return True
