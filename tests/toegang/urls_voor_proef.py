"""Addresses of a test: what a careless view would do."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

from accounts.models import Regio
from overstap.urls import urlpatterns as echte
from statuses.models import Overstap


def regels(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(Overstap.objects.count()))


@transaction.non_atomic_requests
def niet_atomair(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(Overstap.objects.count()))


def schrijft_en_valt(request: HttpRequest) -> HttpResponse:
    Overstap.objects.update(klas="9Z")
    request.weigering = None  # type: ignore[attr-defined]
    raise RuntimeError("valt om na het schrijven")


def weigert_na_schrijven(request: HttpRequest) -> HttpResponse:
    from accounts.rechten import Recht
    from statuses.access import vereis

    Overstap.objects.update(klas="9Z")
    vereis(request, Recht.LOGBOEK_ZIEN)  # type: ignore[arg-type]
    return HttpResponse("mag")


def _stroom() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM statuses_overstap")
        yield f"kaal {cursor.fetchone()[0]} "
    try:
        yield f"objects {Overstap.objects.count()}"
    except Exception as fout:
        yield type(fout).__name__


def stroomt(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(_stroom())


def vergeten_filter(request: HttpRequest) -> HttpResponse:
    """A view that forgets every filter and goes around the manager."""
    return HttpResponse(",".join(sorted(set(Overstap._base_manager.values_list("regio_id", flat=True)))))


def in_template(request: HttpRequest) -> HttpResponse:
    """Rendered late: the response of a template is rendered within the middleware."""
    from django.template import engines
    from django.template.response import TemplateResponse

    sjabloon = engines["django"].from_string("{{ rijen.count }}")
    return TemplateResponse(request, sjabloon, {"rijen": Overstap.objects.all(), "regios": Regio.objects.all()})


urlpatterns = [
    *echte,
    *(
        path(f"proef/{view.__name__}", view)
        for view in (
            regels,
            niet_atomair,
            schrijft_en_valt,
            weigert_na_schrijven,
            stroomt,
            vergeten_filter,
            in_template,
        )
    ),
]
