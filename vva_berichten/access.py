"""The only door from an address to a bulkmelding. 404: not there or not visible, the same answer."""

from __future__ import annotations

import uuid

from django.db.models import Q
from django.http import Http404

from accounts import audit
from accounts.actor import Actor
from accounts.rechten import Recht, Rol
from accounts.scope import OverstapRequest
from statuses.access import vereis
from vva_berichten.models import Bulk

NIET_GEVONDEN = "Deze bulkmelding bestaat niet of is voor u niet zichtbaar."


def zichtbare_bulks(actor: Actor) -> Q:
    """The bulks whose leerlingen this actor may see: of the own gemeente; the RMC-functie those of the regio."""
    if actor.rol != Rol.LEERPLICHT:
        return Q(pk__in=[])
    return Q() if actor.is_rmc else Q(gemeente_id=actor.organisatie_code)


def get_bulk(request: OverstapRequest, pk: uuid.UUID) -> tuple[Actor, Bulk]:
    """A visible bulk with its gemeente; Http404 or PermissionDenied."""
    actor = vereis(request, Recht.VVA_ZIEN)
    bulk = Bulk.objects.filter(zichtbare_bulks(actor), pk=pk).select_related("gemeente").first()
    if bulk is None:
        request.weigering = audit.Weigering("vva.bulk_bekijken", "bulk", str(pk), "404")
        raise Http404(NIET_GEVONDEN)
    return actor, bulk


def get_bulk_van_regio(request: OverstapRequest, pk: uuid.UUID) -> tuple[Actor, Bulk]:
    """Any bulk of the own regio, for the operator: what it is and how many, never whom. Http404 or PermissionDenied."""
    actor = vereis(request, Recht.BEHEREN)
    bulk = Bulk.objects.filter(pk=pk).select_related("gemeente", "regio").first()
    if bulk is None:
        request.weigering = audit.Weigering("bulkmelding.corrigeren", "bulk", str(pk), "404")
        raise Http404(NIET_GEVONDEN)
    return actor, bulk
