"""Whom a ``false`` must reach beside the gemeente that it names: each that was told of this leerling before. Bron: vva.md, rule 7."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from accounts.models import Regio
from overstap.basis.rls import bereik
from vva_berichten.codes import Code
from vva_berichten.models import Bericht, Richting, Soort


def eerder_gemeld(volgnummers: dict[bytes, int]) -> dict[bytes, set[str]]:
    """Gemeentecodes per key of a mbo-ganger (``opstellen.sleutel_mbo_ganger``), by a message below this volgnummer.

    In any regio: a leerling moves where it will. What came in counts as well as what was sent: it may still be under way. One
    that was kept only (W302) never reached anybody.
    """
    if not volgnummers:
        return {}
    with bereik(Regio.objects.values_list("code", flat=True)):
        rijen: Iterable[tuple[bytes, int, str]] = (
            Bericht.objects.filter(soort=Soort.MBO_GANGER, ontvanger__isnull=False)
            .exclude(richting=Richting.IN, codes__contains=Code.W302.value)
            .extra(where=["sleutel = ANY(%s)"], params=[list(volgnummers)])
            .values_list("sleutel", "volgnummer", "ontvanger__code")
        )
        uit: dict[bytes, set[str]] = defaultdict(set)
        for sleutel, volgnummer, gemeente in rijen:
            if volgnummer < volgnummers[bytes(sleutel)]:
                uit[bytes(sleutel)].add(gemeente)
    return uit
