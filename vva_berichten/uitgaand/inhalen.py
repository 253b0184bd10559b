"""A leerling comes whom the school's own system reported already: the overstap knows, and nothing is reported twice. Bron: vva.md, rule 7."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from accounts.models import Regio
from overstap.basis.rls import bereik
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import reeks, voeg_toe
from statuses.actions import record_mbo_gangers
from statuses.models import Overstap
from statuses.referentie.onderwijs import HAVO_VWO
from statuses.termijnen import studiejaar_instroom
from vva_berichten import opstellen
from vva_berichten.codes import Code
from vva_berichten.contract.potentiele_mbo_ganger import PotentieleMboGanger
from vva_berichten.models import Bericht, GemeldAanGemeente, Richting, Soort


def haal_in(regio: str, overstap_ids: Sequence[uuid.UUID]) -> int:
    """Tell these overstappen what came in about them before they were here. Returns how many. Safe to repeat; four statements.

    From the messages alone, in whichever regio they were kept: the highest volgnummer, and each gemeente that was told ``true``.
    """
    rijen = Overstap.objects.filter(pk__in=list(overstap_ids), mbo_ganger__isnull=True, leerling__isnull=False)
    per_sleutel: dict[bytes, Overstap] = {}
    for o in (
        rijen.exclude(onderwijssoort__in=sorted(HAVO_VWO))
        .select_related("leerling", "vestiging__organisatie")
        .order_by("gemarkeerd_sinds", "id")  # a marked one before another, as when the message comes later
    ):
        pgn, brin = opstellen.pgn_van_leerling(o.leerling), o.vestiging.organisatie.code
        per_sleutel.setdefault(opstellen.sleutel_mbo_ganger(pgn, brin, studiejaar_instroom(o.overstapjaar)), o)
    if not per_sleutel:
        return 0
    with bereik(Regio.objects.values_list("code", flat=True)):
        berichten = list(
            Bericht.objects.filter(soort=Soort.MBO_GANGER, richting=Richting.IN)
            .extra(where=["sleutel = ANY(%s::bytea[])"], params=[reeks(list(per_sleutel))])
            .order_by("volgnummer")
        )
    standen = {}
    gemeld = []
    for bericht in berichten:
        o = per_sleutel[bytes(bericht.sleutel)]
        body: PotentieleMboGanger = opstellen.lees(bericht).potentiele_mbo_ganger
        standen[o.id] = (o.id, body.is_potentiele_mbo_ganger, body.wijzigingsdatum, body.volgnummer)
        if body.is_potentiele_mbo_ganger and Code.W302.value not in bericht.codes.split():
            gemeld.append(
                GemeldAanGemeente(id=nieuwe_sleutel(), regio_id=regio, overstap=o, gemeente_id=body.gemeentecode)
            )
    if standen:
        voeg_toe(GemeldAanGemeente, gemeld, botsing="ON CONFLICT DO NOTHING")
        record_mbo_gangers(list(standen.values()))
    return len(standen)
