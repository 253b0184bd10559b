"""The scope of a request: who acts, and the transaction in which only their regio's exist."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse

from accounts import audit
from accounts.actor import Actor, actor_van_lidmaatschap, interne_actor
from accounts.models import Deelname, Gebruiker, Lidmaatschap, Regio
from overstap.basis import klok
from overstap.basis.rls import bereik

SESSIE_ROL = "lidmaatschap"


class OverstapRequest(HttpRequest):
    """A request after :class:`ScopeMiddleware`: with an actor, or None when nobody is logged in or no role is active."""

    actor: Actor | None
    lidmaatschap: Lidmaatschap | None
    weigering: audit.Weigering | None


# With the lidmaatschappen in one query, on every request.
_VESTIGINGEN = Lidmaatschap.vestigingen.through.objects.filter(lidmaatschap=OuterRef("pk")).values("vestiging_id")
_SUBREGIOS = Lidmaatschap.subregios.through.objects.filter(lidmaatschap=OuterRef("pk")).values("subregio_id")
_REGIOS = Deelname.objects.filter(organisatie=OuterRef("organisatie")).values("regio_id")


def voor_actor(lidmaatschappen: QuerySet[Lidmaatschap]) -> QuerySet[Lidmaatschap]:
    """The same, with all that ``actor_van_lidmaatschap`` needs: it asks the database nothing more."""
    return lidmaatschappen.select_related("gebruiker", "organisatie").annotate(
        in_vestigingen=ArraySubquery(_VESTIGINGEN),
        in_subregios=ArraySubquery(_SUBREGIOS),
        in_regios=ArraySubquery(_REGIOS),
    )


@cache
def _alle() -> QuerySet[Lidmaatschap]:
    """Never read itself: what every request begins with, put together once."""
    return voor_actor(Lidmaatschap.objects.order_by("organisatie__naam", "rol"))


def actieve_lidmaatschappen(gebruiker: Gebruiker) -> list[Lidmaatschap]:
    """The roles that this person can choose from today, with what their actor needs."""
    vandaag = klok.vandaag()
    alle = _alle().filter(gebruiker=gebruiker)
    return [lid for lid in alle if lid.beeindigd_op is None or lid.beeindigd_op > vandaag]


def _kies(request: HttpRequest) -> Lidmaatschap | None:
    gebruiker = request.user
    # Without the second factor nobody acts in any role; accounts.middleware sends them on to set it up.
    if not isinstance(gebruiker, Gebruiker) or not getattr(request, "tweede_factor", False):
        return None
    leden = actieve_lidmaatschappen(gebruiker)
    request.aantal_rollen = len(leden)  # type: ignore[attr-defined] # for the link "Van rol wisselen"
    gekozen = request.session.get(SESSIE_ROL)
    return next((lid for lid in leden if str(lid.id) == gekozen), leden[0] if leden else None)


class ScopeMiddleware:
    """Opens the bereik of the active role around the view, rendering included. The view's own transaction
    (ATOMIC_REQUESTS) is a savepoint in it, so that a refusal is written though the view rolled back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scoped: OverstapRequest = request  # type: ignore[assignment]
        scoped.weigering = None
        if not hasattr(scoped, "actor"):  # the API's middleware may have set it from a token
            scoped.lidmaatschap = _kies(request)
            scoped.actor = actor_van_lidmaatschap(scoped.lidmaatschap) if scoped.lidmaatschap else None
        if scoped.actor is None:
            return self.get_response(request)
        with bereik(scoped.actor.regios):
            response = self.get_response(request)
            if scoped.weigering is not None:
                audit.log_weigering(scoped.actor, scoped.weigering)
            return response


@contextmanager
def systeem_bereik(regio: str) -> Iterator[Actor]:
    """The bereik and the actor of the system itself in one regio: tasks and commands."""
    with bereik([regio]):
        yield interne_actor(frozenset([regio]))


@contextmanager
def landelijk(reden: str) -> Iterator[Actor]:
    """All regio's at once, for the relay and for commands without ``--regio``; written to the log with its reason."""
    regios = frozenset(Regio.objects.values_list("code", flat=True))
    with bereik(regios):
        actor = interne_actor(regios)
        audit.log(actor, "landelijk", doel=reden)
        yield actor


def sleutel(waarde: str) -> uuid.UUID | None:
    """A uuid from outside, or None when it is not one: never a 500 for a broken address."""
    try:
        return uuid.UUID(waarde)
    except (ValueError, AttributeError, TypeError):
        return None
