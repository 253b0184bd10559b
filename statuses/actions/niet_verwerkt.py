"""Close what was kept and not applied: because it is settled by now, or because a person says so."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from overstap.basis import klok
from statuses.models import NietVerwerkt
from statuses.niet_verwerkt import AANMELDING, ONBEKEND, afgehandeld_q


def settle_niet_verwerkt(overstap_ids: Sequence[uuid.UUID], *, actor: Actor) -> int:
    """Something changed for these leerlingen: keep that rows about them are settled by it. Gives how many; idempotent."""
    rijen = NietVerwerkt.objects.filter(overstap_id__in=list(overstap_ids), afgehandeld_op__isnull=True)
    with transaction.atomic():
        ids = list(
            rijen.filter(afgehandeld_q()).order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True)
        )
        if ids:
            NietVerwerkt.objects.filter(pk__in=ids).update(afgehandeld_op=klok.nu())
            audit.log(
                actor, "niet_verwerkt.afgehandeld", object_soort="niet_verwerkt", doel="gewijzigd", aantal=len(ids)
            )
    return len(ids)


def close_niet_verwerkt(rijen: Sequence[NietVerwerkt], *, actor: Actor) -> int:
    """A person has looked at these and they ask for nothing any more. Gives how many were open.

    Not an unknown leerling (W304): that one is applied as soon as the school marks the leerling. The caller has checked
    that they are the actor's.
    """
    ids = [rij.pk for rij in rijen if not (rij.code == ONBEKEND and rij.soort == AANMELDING)]
    with transaction.atomic():
        aantal = NietVerwerkt.objects.filter(pk__in=ids, afgehandeld_op__isnull=True).update(afgehandeld_op=klok.nu())
        leerlingen = sorted({(r.regio_id, r.overstap.leerling_id) for r in rijen if r.pk in ids and r.overstap})
        if aantal:
            audit.log(
                actor, "niet_verwerkt.afgehandeld", object_soort="niet_verwerkt", doel="gezien", leerlingen=leerlingen,
                aantal=aantal,
            )  # fmt: skip
    return aantal
