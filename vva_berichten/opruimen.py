"""What goes when a schooljaar or a jaar ends: the stand of who is no mbo-ganger and no overstapper any more, and old refusals.

A leerling who was unmarked is erased when the schooljaar ends (domein.md 2); without this the encrypted number would stay here. Who was
in a bulk stays: a bulk never changes, and goes with the retention of its jaar.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts import audit
from accounts.actor import Actor
from statuses.actions.opruimen import voorbij
from vva_berichten.models import BulkRegel, GelijkVolgnummer, GeweigerdeMelding, MboGanger


def erase_withdrawn(regio: str, *, actor: Actor) -> int:
    """Erase of every schooljaar that is over the stand of who was withdrawn and is not (a marked) overstapper here; how many.

    To run before ``erase_unmarked`` or after it; idempotent. Within the bereik of the regio.
    """
    weg = MboGanger.objects.filter(regio_id=regio, is_mbo_ganger=False).filter(
        Q(overstap__isnull=True) | Q(overstap__gemarkeerd_sinds__isnull=True)
    )
    jaren = voorbij(regio, "einde_schooljaar", set(weg.values_list("overstapjaar", flat=True).distinct()))
    if not jaren:
        return 0
    with transaction.atomic():
        rijen = weg.filter(overstapjaar__in=jaren).exclude(Exists(BulkRegel.objects.filter(mbo_ganger=OuterRef("pk"))))
        aantal = rijen.count()
        rijen.delete()
        if aantal:
            audit.log(
                actor,
                "mbo_ganger.gewist",
                regio=regio,
                object_soort="mbo_ganger",
                doel="einde_schooljaar",
                aantal=aantal,
            )
    return aantal


def erase_geweigerd(regio: str, *, actor: Actor) -> int:
    """Erase what was kept for people to look at of every jaar that is over; how many. Idempotent."""
    aantal = 0
    for model in (GeweigerdeMelding, GelijkVolgnummer):
        rijen = model.objects.filter(regio_id=regio)
        jaren = voorbij(regio, "einde", set(rijen.values_list("overstapjaar", flat=True).distinct()))
        if jaren:
            aantal += rijen.filter(overstapjaar__in=jaren).delete()[0]
    if aantal:
        audit.log(actor, "vva.geweigerd_gewist", regio=regio, object_soort="vva", doel="einde", aantal=aantal)
    return aantal


__all__ = ["erase_geweigerd", "erase_withdrawn"]
