"""What an mbo may know: its own aanmeldingen, and leidende status, risico and signalen over those alone.

Without this a filter on status or risico would tell an mbo what stands on the sporen that it does not see.
Bron: domein.md 1 (mbo-medewerker); raakvlakken.md.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from statuses.models import Aanmelding
from statuses.risico import STILSTAND_DAGEN, Signaal
from statuses.status import OPEN, TERUG, Status
from statuses.termijnen import Kalender

S = Status


def _eigen(mbo_id: uuid.UUID, **filters: object) -> Exists:
    return Exists(Aanmelding.objects.filter(overstap_id=OuterRef("pk"), mbo_id=mbo_id, **filters))


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


def signaal_q(signaal: Signaal, k: Kalender, dag: date, mbo_id: uuid.UUID) -> Q:
    """On Overstap with :func:`annotaties`: this signaal, as far as the own aanmeldingen show it."""
    if signaal == Signaal.STILSTAND:
        return Q(eigen_status__in=sorted(OPEN), eigen_sinds__lte=dag - timedelta(days=STILSTAND_DAGEN))
    if signaal == Signaal.NO_SHOW:
        return Q(_eigen(mbo_id, status=S.DEFINITIEF, aanwezigheid="no_show"))
    if signaal == Signaal.TERUGVAL:
        return Q(eigen_status__in=sorted(TERUG), eigen_sinds__gte=dag - timedelta(days=7))
    if signaal == Signaal.AFGEWEZEN_MET_ANDERE_OPEN:
        return Q(_eigen(mbo_id, status=S.AFGEWEZEN)) & Q(_eigen(mbo_id, status__in=sorted(OPEN)))
    if signaal == Signaal.DUBBELE_PLAATSING:
        tweede = Aanmelding.objects.filter(
            overstap_id=OuterRef("overstap_id"), mbo_id=mbo_id, status=S.DEFINITIEF, nr__gt=OuterRef("nr")
        )
        eerste = Aanmelding.objects.filter(
            Exists(tweede), overstap_id=OuterRef("pk"), mbo_id=mbo_id, status=S.DEFINITIEF
        )
        return Q(Exists(eerste))
    return Q(pk__in=[])
