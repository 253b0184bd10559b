"""Questions to a school about a leerling that a delivery contradicts: kept as W303, decided by a person. Bron: domein.md 2, 6."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from overstap.basis import geheim, klok
from overstap.basis.sleutels import nieuwe_sleutel
from overstap.basis.stapel import voeg_toe
from statuses.actions.rijen import LeerlingRij
from statuses.models import NietVerwerkt, Overstap, Schoolwissel
from statuses.niet_verwerkt import ANDERE_SCHOOL, NEE

# What the new school says about a leerling who goes there.
VAN_NIEUWE_SCHOOL = ("klas", "onderwijssoort", "leerweg", "examenkandidaat", "uitstroomprofiel")


def vraag_overstapper_nee(rijen: Sequence[tuple[Overstap, bytes]]) -> None:
    """ "Overstapper nee" for a marked one, with the index of its pgn: never an unmarking."""
    _bewaar([_vraag(overstap, index, NEE, str(overstap.id), "{}") for overstap, index in rijen])


def vraag_andere_school(rijen: Sequence[tuple[Overstap, bytes, LeerlingRij]]) -> None:
    """Another school delivers this leerling: the question holds what moves the overstap once the old school confirms.

    Asked once per school, and again after a move.
    """
    wissels = Counter(
        Schoolwissel.objects.filter(overstap_id__in=[o.id for o, _, _ in rijen]).values_list("overstap_id", flat=True)
    )
    vragen = []
    for overstap, index, rij in rijen:
        inhoud = {"vestiging": str(rij.vestiging_id)} | {naam: getattr(rij, naam) for naam in VAN_NIEUWE_SCHOOL}
        sleutel = f"{overstap.id.hex}:{rij.vestiging_id.hex[-12:]}:{wissels[overstap.id]}"
        vragen.append(_vraag(overstap, index, ANDERE_SCHOOL, sleutel, json.dumps(inhoud)))
    _bewaar(vragen)


def _bewaar(vragen: Sequence[NietVerwerkt]) -> None:
    voeg_toe(NietVerwerkt, vragen, botsing="ON CONFLICT DO NOTHING")


def _vraag(overstap: Overstap, index: bytes, regel: str, sleutel: str, inhoud: str) -> NietVerwerkt:
    pk = nieuwe_sleutel()
    return NietVerwerkt(
        id=pk,
        regio_id=overstap.regio_id,
        overstap_id=overstap.id,
        overstapjaar=overstap.overstapjaar,
        soort="leerling",
        sleutel=sleutel,
        volgnummer=overstap.volgnr,
        pgn_index=index,
        code="W303",
        regel=regel,
        inhoud=geheim.versleutel(inhoud, pk),
        ontvangen_op=klok.nu(),
    )
