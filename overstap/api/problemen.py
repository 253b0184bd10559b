"""Every refusal of the API as ``application/problem+json`` (RFC 9457), in Dutch, with the rule that was broken.

Never a value that was sent: it could be a pgn. Bron: raakvlakken.md, REST API; NL API Design Rules.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import msgspec
import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions
from rest_framework.views import set_rollback

from overstap.basis.geheim import SleutelWeg
from overstap.basis.pad import veilig_pad

logger = structlog.get_logger(__name__)

SOORT = "application/problem+json"
VERSIE = "1.0.0"

TITELS: dict[int, str] = {
    400: "De aanvraag klopt niet",
    401: "Niet aangemeld",
    403: "Niet toegestaan",
    404: "Niet gevonden",
    405: "Deze methode kan hier niet",
    406: "Dit antwoordformaat bestaat niet",
    409: "Een regel staat dit niet toe",
    412: "Intussen gewijzigd",
    413: "De aanvraag is te groot",
    415: "Dit formaat kan niet",
    428: "If-Match ontbreekt",
    429: "Te veel aanvragen",
    500: "Er ging iets mis bij ons",
    503: "Tijdelijk niet beschikbaar",
}


@dataclass(frozen=True, slots=True)
class Veldfout:
    """One wrong field: its name as sent (``leerlingen[3].klas``), a code and a sentence that says how to mend it."""

    name: str
    code: str
    reason: str


class Probleem(exceptions.APIException):
    """Raise this anywhere below an API view; it becomes the answer."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        code: str = "",
        velden: Sequence[Veldfout] = (),
        koppen: Mapping[str, str] | None = None,
    ) -> None:
        self.status_code = status
        self.code = code
        self.velden = tuple(velden)
        self.koppen = dict(koppen or {})
        super().__init__(detail)


def veldprobleem(naam: str, code: str, reden: str) -> Probleem:
    """400 for one field."""
    return Probleem(400, reden, code=code, velden=[Veldfout(naam, code, reden)])


def antwoord(
    request: HttpRequest,
    status: int,
    detail: str,
    *,
    code: str = "",
    velden: Sequence[Veldfout] = (),
    koppen: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The problem document itself."""
    inhoud: dict[str, Any] = {
        "type": f"urn:overstap:fout:{code}" if code else "about:blank",
        "title": TITELS.get(status, "Dit lukt niet"),
        "status": status,
        "detail": detail,
        "instance": veilig_pad(request),
        "code": code or str(status),
        "invalidParams": [asdict(veld) for veld in velden],
    }
    response = HttpResponse(msgspec.json.encode(inhoud), status=status, content_type=SOORT)
    for naam, waarde in (koppen or {}).items():
        response[naam] = waarde
    return response


def vertaal(fout: BaseException) -> Probleem | None:
    """The problem behind an exception of Django, DRF or the database; None when it is a mistake of ours."""
    if isinstance(fout, Probleem):
        return fout
    if isinstance(fout, Http404):
        return Probleem(404, str(fout.args[0]) if fout.args and isinstance(fout.args[0], str) else "Dit bestaat niet.")
    if isinstance(fout, PermissionDenied):
        return Probleem(403, str(fout) or "Dit mag u niet.")
    if isinstance(fout, RequestDataTooBig):
        return Probleem(413, "De aanvraag is te groot. Stuur hem in delen.")
    if isinstance(fout, SuspiciousOperation | DataError):
        return Probleem(400, "De aanvraag bevat een waarde die niet kan worden verwerkt.", code="T001")
    if isinstance(fout, OperationalError | InterfaceError):
        koppen = {"Retry-After": "5"}
        return Probleem(503, "De gegevens zijn even niet bereikbaar. Probeer het opnieuw.", code="T004", koppen=koppen)
    if isinstance(fout, SleutelWeg):
        melding = "De gegevens zijn nu niet te ontcijferen; de beheerder kijkt daarnaar. Er gaat niets verloren. Probeer het later opnieuw."
        return Probleem(503, melding, code="T004", koppen={"Retry-After": "300"})
    return _van_drf(fout) if isinstance(fout, exceptions.APIException) else None


def _van_drf(fout: exceptions.APIException) -> Probleem:
    koppen: dict[str, str] = {}
    if (wacht := getattr(fout, "wait", None)) is not None:
        koppen["Retry-After"] = str(int(wacht) + 1)
    teksten = {
        405: "Deze methode kan hier niet. De kop Allow noemt welke wel.",
        406: "Deze API antwoordt alleen met application/json.",
        415: "Stuur de aanvraag als application/json.",
        429: "U doet te veel aanvragen achter elkaar. Wacht even en probeer het opnieuw.",
    }
    return Probleem(fout.status_code, teksten.get(fout.status_code, str(fout.detail)), koppen=koppen)


def handler(fout: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's EXCEPTION_HANDLER: the view's transaction is rolled back, the answer is a problem document."""
    request: HttpRequest = context["request"]._request
    probleem = vertaal(fout)
    set_rollback()
    if probleem is None:
        return _eigen_fout(request, fout)
    return antwoord(
        request,
        probleem.status_code,
        str(probleem.detail),
        code=probleem.code,
        velden=probleem.velden,
        koppen=probleem.koppen,
    )


def _eigen_fout(request: HttpRequest, fout: Exception) -> HttpResponse:
    """A mistake of ours: logged with a number that the caller can name; nothing of it in the answer."""
    nummer = uuid.uuid4().hex[:12]
    logger.error("api_fout", nummer=nummer, soort=type(fout).__name__, exc_info=fout)
    return antwoord(request, 500, f"Er ging iets mis. Noem dit nummer als u contact opneemt: {nummer}.", code="fout")
