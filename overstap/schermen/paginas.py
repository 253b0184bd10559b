"""One address, one page per role: ``per_rol({Rol.DECAAN: view, ...})`` is the view behind the address.

Which role gets which view stands in one table, ``overstap/paginas.py``. A role that is not in the row gets 403.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import audit
from accounts.rechten import Rol
from overstap.schermen.omgeving import OnjuisteVraag

View = Callable[..., HttpResponse]


def per_rol(views: Mapping[Rol, View], naam: str) -> View:
    """The view that passes the request on to the one of the active role; who is not logged in goes to the login page."""

    def kies(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = getattr(request, "actor", None)
        if actor is None:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            raise PermissionDenied("U heeft nog geen rol. Vraag uw functioneel beheerder om een rol.")
        view = views.get(actor.rol)
        if view is None:
            request.weigering = audit.Weigering(handeling=f"pagina.{naam}", object_soort="pagina")  # type: ignore[attr-defined]
            raise PermissionDenied("Uw rol heeft deze pagina niet.")
        try:
            return view(request, *args, **kwargs)
        except OnjuisteVraag as fout:
            return render(request, "schermen/onjuist.html", {"uitleg": str(fout), "pad": request.path}, status=400)

    # The matrix test reads which roles a page has.
    kies.rollen = frozenset(views)  # type: ignore[attr-defined]
    kies.__name__ = f"pagina_{naam}".replace("-", "_")
    return kies


def alleen(*methoden: str) -> Callable[[View], View]:
    """Other methods get 405 with a Dutch page and an Allow header."""

    def om(view: View) -> View:
        @wraps(view)
        def binnen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method in methoden or (request.method == "HEAD" and "GET" in methoden):
                return view(request, *args, **kwargs)
            antwoord = render(
                request,
                "schermen/onjuist.html",
                {"uitleg": "Deze pagina kan dit niet. Ga terug en gebruik de knoppen op de pagina.", "pad": "/"},
                status=405,
            )
            antwoord["Allow"] = ", ".join(methoden)
            return antwoord

        return binnen

    return om
