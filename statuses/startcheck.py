"""A set "today" that lies before what was registered already would write history backwards: refuse to start."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from accounts.models import Regio
from overstap.basis.rls import bereik
from statuses.models import Overstap


def vandaag_voor_de_geschiedenis() -> str | None:
    """A sentence when OVERSTAP_VANDAAG is before the last change; None when it is not set or fits. Bron: architectuur.md, 12."""
    dag = settings.OVERSTAP_VANDAAG
    if dag is None:
        return None
    with bereik(Regio.objects.values_list("code", flat=True)):
        laatste = Overstap.objects.aggregate(laatste=Max("gewijzigd_op"))["laatste"]
    if laatste is None or (sinds := timezone.localtime(laatste).date()) <= dag:
        return None
    return (
        f"Vandaag is op {dag:%d-%m-%Y} gezet, maar er zijn al wijzigingen van {sinds:%d-%m-%Y}. "
        "Kies die dag of een latere, of begin met een lege OVERSTAP_DATA."
    )
