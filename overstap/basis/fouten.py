"""What a visitor or a machine sees when something broke: 503 when a service is away, else a page with a reference number.

Never the cause: that is in the log, under the same number. Asks nothing of the database, which may be what broke.
"""

import json
import sys

import redis.exceptions
import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from kombu.exceptions import OperationalError as BrokerWeg

from overstap.basis.pad import veilig_pad

# Also a deadlock or a statement that took too long: the same request may well succeed in a moment.
TIJDELIJK = (
    OperationalError,
    InterfaceError,
    BrokerWeg,
    redis.exceptions.ConnectionError,
    redis.exceptions.TimeoutError,
)
WACHT = "5"  # seconds, in Retry-After
MACHINE = ("/api/", "/oauth/")


def server_fout(request: HttpRequest) -> HttpResponse:
    """handler500 of urls.py."""
    tijdelijk = isinstance(sys.exc_info()[1], TIJDELIJK)
    status = 503 if tijdelijk else 500
    referentie = str(structlog.contextvars.get_contextvars().get("request_id", ""))[:8]
    if request.path.startswith(MACHINE):
        response = _problem(request, status, referentie)
    else:
        context = {"referentie": referentie, "tijdelijk": tijdelijk}
        response = HttpResponse(render_to_string("500.html", context), status=status)
    if tijdelijk:
        response["Retry-After"] = WACHT
    return response


def _problem(request: HttpRequest, status: int, referentie: str) -> HttpResponse:
    """The same fields as every other problem document (overstap/api/problemen.py); T004 is the contract's "try again"."""
    titel = "Tijdelijk niet beschikbaar" if status == 503 else "Er ging iets mis bij ons"
    code = "T004" if status == 503 else "fout"
    inhoud = {
        "type": f"urn:overstap:fout:{code}",
        "title": titel,
        "status": status,
        "detail": f"Er is niets opgeslagen. Probeer het opnieuw. Referentie: {referentie}.",
        "instance": veilig_pad(request),
        "code": code,
        "invalidParams": [],
    }
    return HttpResponse(json.dumps(inhoud), status=status, content_type="application/problem+json")
