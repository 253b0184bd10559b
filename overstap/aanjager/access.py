"""The only door from the code of a vestiging in an address to its row: one in the scope of the actor."""

from __future__ import annotations

from django.http import Http404

from accounts import audit
from accounts.models import Vestiging
from accounts.scope import OverstapRequest
from statuses.selecties import vestigingen_van

NIET_GEVONDEN = "Deze vestiging bestaat niet of hoort niet bij uw rol."


def get_vestiging(request: OverstapRequest, code: str) -> Vestiging:
    """The vestiging; Http404, the same for absent and foreign."""
    actor = request.actor
    gevonden = None
    if actor is not None and code.isalnum():
        gevonden = vestigingen_van(actor).select_related("organisatie", "gemeente").filter(code=code.upper()).first()
    if gevonden is None:
        request.weigering = audit.Weigering("school.zien", "vestiging", code[:12], "404")
        raise Http404(NIET_GEVONDEN)
    return gevonden
