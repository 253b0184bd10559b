"""What an mbo may know: its own aanmeldingen, and leidende status, risico and signalen over those alone.

Without this a filter on status or risico would tell an mbo what stands on the sporen that it does not see.
Bron: domein.md 1 (mbo-medewerker); raakvlakken.md.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from statuses import risico
from statuses.models import Aanmelding
from statuses.risico import Signaal
from statuses.status import TERUG, Status
from statuses.termijnen import Kalender

S = Status


def annotaties(mbo_id: uuid.UUID) -> dict[str, Any]:
    """``eigen_status`` and ``eigen_sinds`` on Overstap: the highest status over the aanmeldingen at this mbo."""
    eigen = Aanmelding.objects.filter(overstap_id=OuterRef("pk"), mbo_id=mbo_id).order_by("-status", "status_datum")
    return {
        "eigen_status": Subquery(eigen.values("status")[:1]),
        "eigen_sinds": Subquery(eigen.values("status_datum")[:1]),
    }


def risico_q(k: Kalender, dag: date) -> Q:
    """On Overstap with :func:`annotaties`: stopped here; from October everybody who is not placed here."""
    if dag >= k["leerplicht_aan_zet"]:
        return Q(eigen_status__isnull=False) & ~Q(eigen_status=S.DEFINITIEF)
    return Q(eigen_status__in=sorted(TERUG))


def signaal_q(signaal: Signaal, k: Kalender, dag: date, mbo_id: uuid.UUID, *, gezien: datetime | None = None) -> Q:
    """On Overstap with :func:`annotaties`: this signaal, as far as the own aanmeldingen show it."""
    return risico.signaal_q(signaal, k, dag, gezien=gezien, mbo=mbo_id)
