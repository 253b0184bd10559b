"""The only door from an address to an export: for who asked, in the role in which it was asked."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.http import Http404

from accounts.actor import Actor
from overstap.basis import klok
from rapportages.models import Export

NIET_GEVONDEN = "Dit bestand bestaat niet, is verlopen of is niet van u."


def eigen_exports(actor: Actor) -> QuerySet[Export]:
    """What this actor asked for and has not run out, the newest first."""
    if actor.id is None:
        return Export.objects.none()
    alle: QuerySet[Export] = Export.objects.filter(
        aanvrager_id=actor.id, lidmaatschap_id=actor.lidmaatschap_id, verloopt_op__gt=klok.nu()
    )
    return alle.order_by("-gemaakt_op")


def get_export(actor: Actor, pk: uuid.UUID) -> Export:
    """The export; Http404, the same for absent, foreign and expired."""
    export = eigen_exports(actor).filter(pk=pk).first()
    if export is None:
        raise Http404(NIET_GEVONDEN)
    return export
