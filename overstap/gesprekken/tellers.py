"""The numbers behind the words of the menu: conversations that nobody of ours read, meldingen that wait. One query for both."""

from __future__ import annotations

from django.db.models import Count, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, JSONObject

from accounts.actor import Actor
from accounts.models import Regio
from accounts.rechten import Recht
from overstap.gesprekken.lezen import ongelezen_aantal
from overstap.gesprekken.meldingen.lijst import te_beantwoorden


def _wachtende_meldingen(actor: Actor) -> Combinable:
    if not actor.mag(Recht.MELDINGEN_BEANTWOORDEN):
        return Value(0)
    rijen = te_beantwoorden(actor).order_by().annotate(alle=Value(1)).values("alle")
    return Coalesce(Subquery(rijen.annotate(n=Count("pk")).values("n")), 0)


def tellers(actor: Actor) -> JSONObject:
    """Url name -> number, as an expression that comes along with another query."""
    return JSONObject(gesprekken=ongelezen_aantal(actor), meldingen=_wachtende_meldingen(actor))


def tel(actor: Actor) -> dict[str, int]:
    """Url name -> number. One query; none for a role for which nothing can wait."""
    if not (actor.mag(Recht.GESPREKKEN_VOEREN) or actor.mag(Recht.MELDINGEN_BEANTWOORDEN)):
        return {}
    uit: dict[str, int] = (
        Regio.objects.annotate(tellers=tellers(actor)).values_list("tellers", flat=True).get(pk=actor.regio)
    )
    return uit
