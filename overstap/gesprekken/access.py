"""The only door from an address to a conversation, or to what one can be begun about. 404: not there or not visible, the same."""

from __future__ import annotations

import uuid
from typing import Never

from django.http import Http404

from accounts import audit
from accounts.rechten import Recht
from accounts.scope import OverstapRequest
from overstap.gesprekken.lezen import met_alles, partij_van, zichtbare_gesprekken, zichtbare_soorten
from overstap.gesprekken.models import Gesprek
from overstap.gesprekken.regels import PER_AANMELDING, Soort
from statuses.access import get_overstap, vereis
from statuses.models import Aanmelding, Overstap
from statuses.status import Partij

NIET_GEVONDEN = "Dit gesprek bestaat niet of is voor u niet zichtbaar."


def _weg(request: OverstapRequest, soort: str, pk: uuid.UUID) -> Never:
    request.weigering = audit.Weigering(f"{soort}.zien", soort, str(pk), "404")
    raise Http404(NIET_GEVONDEN)


def get_gesprek(request: OverstapRequest, pk: uuid.UUID) -> tuple[Gesprek, Partij]:
    """A conversation of the own party, with its leerling, school and mbo; and which party that is."""
    actor = vereis(request, Recht.GESPREKKEN_VOEREN)
    partij = partij_van(actor)
    gesprek = met_alles(zichtbare_gesprekken(actor)).filter(pk=pk).first()
    if gesprek is None or partij is None:
        _weg(request, "gesprek", pk)
    return gesprek, partij


def get_aanmelding(request: OverstapRequest, pk: uuid.UUID, recht: Recht) -> Aanmelding:
    """A visible aanmelding with its mbo, and its overstap through the door of overstappen."""
    actor = vereis(request, recht)
    aanmelding = Aanmelding.objects.zichtbaar_voor(actor).select_related("mbo").filter(pk=pk).first()
    if aanmelding is None:
        _weg(request, "aanmelding", pk)
    aanmelding.overstap = get_overstap(request, aanmelding.overstap_id, recht)
    return aanmelding


def get_waarover(request: OverstapRequest, soort: str, pk: uuid.UUID) -> tuple[Soort, Overstap, Aanmelding | None]:
    """What a conversation of this soort is about: ``pk`` is of an aanmelding, for vo_lp of the overstap."""
    actor = vereis(request, Recht.GESPREKKEN_VOEREN)
    partij = partij_van(actor)
    gekozen = next((s for s in zichtbare_soorten(actor, partij) if s == soort), None) if partij else None
    if gekozen is None:
        _weg(request, "gesprek", pk)
    if gekozen not in PER_AANMELDING:
        return gekozen, get_overstap(request, pk, Recht.GESPREKKEN_VOEREN), None
    aanmelding = get_aanmelding(request, pk, Recht.GESPREKKEN_VOEREN)
    return gekozen, aanmelding.overstap, aanmelding
