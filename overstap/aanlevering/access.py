"""From an address to an upload: of this person, for the organisatie of the active role. Else 404."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.http import Http404

from accounts import audit
from accounts.actor import Actor
from accounts.scope import OverstapRequest
from overstap.aanlevering.actions import RECHTEN
from overstap.aanlevering.models import Upload
from statuses.access import vereis


def uploads_van(actor: Actor) -> QuerySet[Upload]:
    """The files that this person sent for the organisatie of the active role."""
    if actor.id is None or actor.organisatie_id is None:
        return Upload.objects.none()
    return Upload.objects.filter(gebruiker_id=actor.id, organisatie_id=actor.organisatie_id)


def get_upload(request: OverstapRequest, pk: uuid.UUID) -> Upload:
    """The upload with this id; Http404 when it is not there (any more) or somebody else's, PermissionDenied without the right."""
    actor = request.actor
    upload = uploads_van(actor).filter(pk=pk).first() if actor else None
    if upload is None:
        request.weigering = audit.Weigering("upload.zien", "upload", str(pk), "404")
        raise Http404("Dit bestand is er niet meer. Aangeleverde bestanden blijven zeven dagen bewaard.")
    vereis(request, RECHTEN[upload.soort])
    return upload
