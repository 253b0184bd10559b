"""What goes when a jaar ends: unmarked leerlingen after the schooljaar, rows that were never applied after the jaar. Erased, not anonymised.

The app may not delete gebeurtenissen; the foreign key does, as the owner of the table, with the overstap that they belong to.
Bron: domein.md 2 ("erased, not anonymised, when the schooljaar ends") and 6 (W304: "erased when the jaar ends").
"""

from __future__ import annotations

from django.db import connection, transaction

from accounts import audit
from accounts.actor import Actor
from overstap.basis import klok
from statuses.models import NietVerwerkt, Overstap
from statuses.regiokalender import kalenders

_TOELICHTINGEN = """
DELETE FROM statuses_toelichting t USING statuses_gebeurtenis g WHERE g.id = t.gebeurtenis_id AND g.overstap_id = ANY(%s)"""
_OVERSTAPPEN = "DELETE FROM statuses_overstap WHERE id = ANY(%s)"
_LEERLINGEN = """
DELETE FROM statuses_leerling l
WHERE l.id = ANY(%s) AND NOT EXISTS (SELECT 1 FROM statuses_overstap o WHERE o.leerling_id = l.id)"""


def voorbij(regio: str, naam: str, jaren: set[int]) -> list[int]:
    """The jaren of which this date of the calendar of the regio lies before today."""
    alle = kalenders([regio], jaren)
    return sorted(jaar for (_, jaar), k in alle.items() if k[naam] < klok.vandaag())


def erase_unmarked(regio: str, *, actor: Actor) -> int:
    """Erase the leerlingen that were never marked, or not any more, of every schooljaar that is over; how many. Idempotent."""
    ongemarkeerd = Overstap.objects.filter(regio_id=regio, gemarkeerd_sinds__isnull=True)
    jaren = voorbij(regio, "einde_schooljaar", set(ongemarkeerd.values_list("overstapjaar", flat=True).distinct()))
    if not jaren:
        return 0
    with transaction.atomic():
        rijen = list(
            ongemarkeerd.filter(overstapjaar__in=jaren)
            .order_by("pk")
            .select_for_update(of=("self",))
            .values_list("pk", "leerling_id")
        )
        ids, leerlingen = [pk for pk, _ in rijen], [leerling for _, leerling in rijen]
        with connection.cursor() as cursor:
            cursor.execute(_TOELICHTINGEN, [ids])
            cursor.execute(_OVERSTAPPEN, [ids])
            cursor.execute(_LEERLINGEN, [leerlingen])
        audit.log(
            actor,
            "leerling.gewist",
            regio=regio,
            object_soort="leerling",
            doel="einde_schooljaar",
            leerlingen=[(regio, leerling) for leerling in leerlingen],
        )
    return len(ids)


def erase_niet_verwerkt(regio: str, *, actor: Actor) -> int:
    """Erase what was kept and never applied of every jaar that is over; how many. Idempotent."""
    rijen = NietVerwerkt.objects.filter(regio_id=regio)
    jaren = voorbij(regio, "einde", set(rijen.values_list("overstapjaar", flat=True).distinct()))
    if not jaren:
        return 0
    with transaction.atomic():
        aantal, _ = rijen.filter(overstapjaar__in=jaren).delete()
        if aantal:
            audit.log(
                actor, "niet_verwerkt.gewist", regio=regio, object_soort="niet_verwerkt", doel="einde", aantal=aantal
            )
    return aantal


__all__ = ["erase_niet_verwerkt", "erase_unmarked", "voorbij"]
