"""The web process. Refuses to start when its database login could see past the walls (basis/checks.py)."""

import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "overstap.settings")

_django = get_wsgi_application()

from overstap.basis import checks  # noqa: E402 - needs the settings

_gecontroleerd = checks.weiger_of_ga_door()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Django, once the login was checked. A database that was away at the start is judged as soon as it answers."""
    global _gecontroleerd
    if not _gecontroleerd:
        try:
            checks.controleer_start()
            _gecontroleerd = True
        except checks.Weigering as reden:
            start_response("503 Service Unavailable", [("Content-Type", "text/plain; charset=utf-8")])
            return [f"Overstap start niet. {reden}\n".encode()]
        except OperationalError:
            pass  # still away: Django answers 503
    return _django(environ, start_response)
