"""The only door from an address to an account or an organisatie: the same 404 for one that is not there and one of elsewhere."""

from __future__ import annotations

import uuid

from django.http import Http404

from accounts import audit
from accounts.actions import mag_beheren
from accounts.models import Lidmaatschap, Organisatie
from accounts.rechten import Rol
from accounts.scope import OverstapRequest


def get_lidmaatschap(request: OverstapRequest, pk: uuid.UUID) -> Lidmaatschap:
    """A role that this actor keeps, with its person and organisatie; Http404."""
    actor = request.actor
    lid = Lidmaatschap.objects.filter(pk=pk).select_related("gebruiker", "organisatie").first()
    if actor is None or lid is None or not mag_beheren(actor, Rol(lid.rol), lid.organisatie_id):
        request.weigering = audit.Weigering("account.zien", "lidmaatschap", str(pk), "404")
        raise Http404("Dit account bestaat niet of hoort niet bij uw organisatie.")
    return lid


def get_organisatie(request: OverstapRequest, pk: uuid.UUID) -> Organisatie:
    """An organisatie that takes part in a regio of the actor; Http404."""
    regios = sorted(request.actor.regios) if request.actor else []
    gevonden = Organisatie.objects.filter(pk=pk, deelnames__regio_id__in=regios).select_related("gemeente").distinct()
    organisatie = gevonden.first()
    if organisatie is None:
        request.weigering = audit.Weigering("organisatie.zien", "organisatie", str(pk), "404")
        raise Http404("Deze organisatie bestaat niet of doet niet mee in uw regio.")
    return organisatie
