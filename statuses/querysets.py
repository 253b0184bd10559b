"""Reads. Every list starts from ``objects`` (a bereik must be open) and is narrowed by ``zichtbaarheid``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from overstap.basis.rls import RegioManager

if TYPE_CHECKING:
    from accounts.actor import Actor
    from statuses.models import Aanmelding, Overstap  # noqa: F401


class OverstapQuerySet(models.QuerySet["Overstap"]):
    def zichtbaar_voor(self, actor: Actor) -> Self:
        """The overstappen that this actor may see; the same Q for list, object, export and API."""
        from statuses.zichtbaarheid import zichtbare_overstappen

        return self.filter(zichtbare_overstappen(actor))

    def van_jaar(self, overstapjaar: int) -> Self:
        return self.filter(overstapjaar=overstapjaar)

    def gemarkeerd(self) -> Self:
        return self.filter(gemarkeerd_sinds__isnull=False)


class AanmeldingQuerySet(models.QuerySet["Aanmelding"]):
    def zichtbaar_voor(self, actor: Actor) -> Self:
        from statuses.zichtbaarheid import zichtbare_aanmeldingen

        return self.filter(zichtbare_aanmeldingen(actor))


OverstapManager = RegioManager.from_queryset(OverstapQuerySet)
AanmeldingManager = RegioManager.from_queryset(AanmeldingQuerySet)
