"""The only door from an address to a row. 404: not there or not visible, the same answer; 403: visible, not allowed."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts import audit
from accounts.actor import Actor
from accounts.rechten import Recht
from accounts.scope import OverstapRequest, sleutel
from statuses.models import Overstap

NIET_GEVONDEN = "Deze leerling bestaat niet of is voor u niet zichtbaar."


def vereis(request: OverstapRequest, recht: Recht) -> Actor:
    """The actor, when the role gives this right; else 403, with a line in the log."""
    actor = request.actor
    if actor is None:
        raise PermissionDenied("Kies eerst een rol.")
    if not actor.mag(recht):
        request.weigering = audit.Weigering(handeling=recht.value, object_soort="recht")
        raise PermissionDenied("Uw rol mag dit niet.")
    return actor


def get_overstap(request: OverstapRequest, pk: str | uuid.UUID, recht: Recht) -> Overstap:
    """A visible overstap with its leerling, vestiging and aanmeldingen within reach; Http404 or PermissionDenied."""
    actor = request.actor
    waarde = pk if isinstance(pk, uuid.UUID) else sleutel(pk)
    overstap = None
    if actor is not None and actor.mag(Recht.LEERLINGEN_ZIEN) and waarde is not None:
        overstap = (
            Overstap.objects.zichtbaar_voor(actor)
            .select_related("leerling__gemeente", "vestiging__organisatie", "vestiging__gemeente")
            .filter(pk=waarde)
            .first()
        )
    if overstap is None:
        request.weigering = audit.Weigering("leerling.zien", "overstap", str(waarde or ""), "404")
        raise Http404(NIET_GEVONDEN)
    vereis(request, recht)
    return overstap
