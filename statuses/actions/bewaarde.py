"""What an mbo delivered and was kept for later: read it back, and apply it once the school marks the leerling (W304)."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from accounts.actor import Actor
from accounts.models import Organisatie
from overstap.basis import geheim, klok
from overstap.basis.stapel import reeks
from statuses.actions.aanmeldingen import AanmeldingRij, record_aanmeldingen
from statuses.models import NietVerwerkt, Overstap
from statuses.status import Status


def read_bewaarde(rij: NietVerwerkt) -> AanmeldingRij:
    """What an mbo sent in a kept row, decrypted. Only for that mbo, and a look is logged by the caller."""
    return _uit_bewaarde(rij)[0]


def _uit_bewaarde(rij: NietVerwerkt) -> tuple[AanmeldingRij, str]:
    """The row, and by which way it came in: what came from the koppelpunt is not sent there again."""
    waarden = json.loads(geheim.ontsleutel(rij.inhoud, rij.id))
    bron = str(waarden.pop("bron", "sis"))
    waarden["status"] = Status(waarden["status"])
    for naam in ("status_datum", "aanmeld_datum"):
        waarden[naam] = date.fromisoformat(waarden[naam]) if waarden[naam] else None
    return AanmeldingRij(**{**waarden, "overstapjaar": rij.overstapjaar}), bron


def apply_bewaarde(overstap_ids: Sequence[uuid.UUID], *, actor: Actor) -> int:
    """Apply what was kept for leerlingen who were not marked at the time (W304). Returns how many rows were tried."""
    indexen = [
        bytes(i)
        for i in Overstap.objects.filter(pk__in=list(overstap_ids)).values_list("leerling__pgn_index", flat=True)
    ]
    wachtend = list(
        NietVerwerkt.objects.filter(code="W304", afgehandeld_op__isnull=True, soort="aanmelding")
        .extra(where=["pgn_index = ANY(%s::bytea[])"], params=[reeks(indexen)])
        .select_related("mbo")
        .select_for_update(of=("self",))
        .order_by("ontvangen_op")
    )
    per_mbo: dict[tuple[Organisatie, str], list[tuple[NietVerwerkt, AanmeldingRij]]] = defaultdict(list)
    for rij in wachtend:
        assert rij.mbo is not None
        gelezen, bron = _uit_bewaarde(rij)
        per_mbo[rij.mbo, bron].append((rij, gelezen))
    for (mbo, bron), rijen in per_mbo.items():
        eerder = [gelezen for _, gelezen in rijen]
        uit = record_aanmeldingen(
            eerder, mbo=mbo, actor=actor, bron=bron, geleverd=False, antwoord_gegeven=bron != "sis"
        )
        for (rij, _), uitkomst in zip(rijen, uit, strict=True):
            if "W304" not in uitkomst.codes:
                rij.afgehandeld_op = klok.nu()
                rij.save(update_fields=["afgehandeld_op"])
    return len(wachtend)
