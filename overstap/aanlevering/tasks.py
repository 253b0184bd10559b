"""Jobs of this app."""

from __future__ import annotations

from accounts.models import Regio
from accounts.scope import systeem_bereik
from overstap.aanlevering.actions import delete_old_uploads
from overstap.basis.taken import taak


@taak("overstap.aanlevering.tasks.ruim_uploads_op")
def ruim_uploads_op() -> int:
    """Delete uploads of more than seven days ago, regio by regio."""
    aantal = 0
    for code in Regio.objects.order_by("code").values_list("code", flat=True):
        with systeem_bereik(code):
            aantal += delete_old_uploads()
    return aantal
