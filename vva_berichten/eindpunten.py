"""How delivery stands, in words: the endpoints of a regio, what was put aside, and what waits for a connection."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Min
from django.urls import reverse

from accounts.models import Gemeente, Organisatie
from vva_berichten.models import Bericht, Bulk, Eindpunt, GeparkeerdePush, Postbus, PostbusRegel
from vva_berichten.uitgaand.leveren import organisaties_van_gemeenten
from vva_berichten.uitgaand.push_antwoorden import GEVRAAGD, in_woorden


@dataclass(frozen=True, slots=True)
class Opzij:
    """Messages that this receiver keeps refusing, for one reason."""

    aantal: int
    waarom: str
    sinds: datetime


@dataclass(frozen=True, slots=True)
class EindpuntStand:
    """One endpoint: does it work, and if not, since when and why."""

    eindpunt: Eindpunt
    naam: str
    label: str
    teken: str  # beside the label, so that colour is never alone
    soort: str  # goed, wacht, gestopt or uit
    sinds: datetime | None
    waarom: str
    achter: int  # messages in the postbus that were not pushed yet
    opzij: list[Opzij]
    proef: str

    @property
    def aantal_opzij(self) -> int:
        return sum(deel.aantal for deel in self.opzij)

    @property
    def kan_opnieuw(self) -> bool:
        """Whether sending again would do something."""
        return self.eindpunt.actief and (self.soort in ("wacht", "gestopt") or bool(self.opzij))


def standen(organisaties: Iterable[uuid.UUID] | None, regios: Iterable[str]) -> list[EindpuntStand]:
    """The endpoints of these organisaties, or of all that take part in these regio's. Three queries."""
    rijen = Eindpunt.objects.select_related("organisatie")
    if organisaties is None:
        deel = Organisatie.objects.filter(deelnames__regio_id__in=sorted(regios))
        rijen = rijen.filter(organisatie__in=deel.values("pk"))
    else:
        rijen = rijen.filter(pk__in=list(organisaties))
    gevonden = list(rijen.order_by("organisatie__naam"))
    bussen = Postbus.objects.in_bulk([e.pk for e in gevonden])
    opzij = _opzij([e.pk for e in gevonden])
    return [_stand(e, bussen.get(e.pk), opzij.get(e.pk, [])) for e in gevonden]


def stand_van(organisatie: Organisatie) -> EindpuntStand | None:
    """The endpoint of one organisatie."""
    return next(iter(standen([organisatie.pk], ())), None)


def _opzij(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Opzij]]:
    uit: dict[uuid.UUID, list[Opzij]] = {}
    rijen = (
        GeparkeerdePush.objects.filter(organisatie_id__in=ids, opnieuw_op__isnull=True)
        .values_list("organisatie_id", "fout")
        .annotate(aantal=Count("id"), sinds=Min("geparkeerd_op"))
        .order_by("fout")
    )
    for pk, fout, aantal, sinds in rijen:
        uit.setdefault(pk, []).append(Opzij(aantal, in_woorden(fout), sinds))
    return uit


def _stand(e: Eindpunt, bus: Postbus | None, opzij: list[Opzij]) -> EindpuntStand:
    achter = max(0, (bus.positie if bus else 0) - e.gepusht_tot)
    label, teken, soort, sinds = _in_woorden(e, achter)
    waarom = in_woorden(e.fout) if e.fout and soort in ("wacht", "gestopt") else ""
    return EindpuntStand(e, e.organisatie.naam, label, teken, soort, sinds, waarom, achter, opzij, _proef(e))


def _in_woorden(e: Eindpunt, achter: int) -> tuple[str, str, str, datetime | None]:
    if not e.actief:
        return "Uit", "–", "uit", None
    if e.gestopt_op:
        return "Gestopt na een week wachten", "✕", "gestopt", e.gestopt_op
    if e.wacht_sinds:
        return "Wacht op de ontvanger", "!", "wacht", e.wacht_sinds
    if e.weigeringen:
        return "Eén bericht wordt geweigerd", "!", "wacht", e.gepusht_op
    return ("Werkt", "✓", "goed", e.gepusht_op) if not achter else ("Bezig", "…", "goed", e.gepusht_op)


def _proef(e: Eindpunt) -> str:
    if e.proef_fout == GEVRAAGD:
        return "Onderweg. Ververs deze pagina om te zien hoe het ging."
    if e.proef_op is None:
        return ""
    return (
        f"Niet gelukt. {in_woorden(e.proef_fout)}" if e.proef_fout else "Gelukt: de ontvanger nam het proefbericht aan."
    )


@dataclass(frozen=True, slots=True)
class WachtOpAansluiting:
    """What is parked for a gemeente that was not connected (F107)."""

    organisatie: uuid.UUID | None
    naam: str
    berichten: int
    bulks: int
    sinds: datetime
    aangesloten: bool  # by now: then it can go at once


def wacht_op_aansluiting() -> list[WachtOpAansluiting]:
    """Per gemeente within the bereik. Four queries."""
    berichten = {
        pk: (aantal, sinds)
        for pk, aantal, sinds in Bericht.objects.filter(geparkeerd_op__isnull=False, geleverd_op__isnull=True)
        .values_list("ontvanger_id")
        .annotate(aantal=Count("id"), sinds=Min("geparkeerd_op"))
    }
    bulks = {
        code: (aantal, sinds)
        for code, aantal, sinds in Bulk.objects.filter(geparkeerd_op__isnull=False, geleverd_op__isnull=True)
        .values_list("gemeente_id")
        .annotate(aantal=Count("id"), sinds=Min("geparkeerd_op"))
    }
    per_code = organisaties_van_gemeenten(bulks)
    organisaties = Organisatie.objects.in_bulk([pk for pk in berichten if pk]) | {o.pk: o for o in per_code.values()}
    uit = []
    for pk, o in organisaties.items():
        b, sinds_b = berichten.get(pk, (0, None))
        k, sinds_k = bulks.get(o.code, (0, None)) if o.soort == "gemeente" else (0, None)
        sinds = min(s for s in (sinds_b, sinds_k) if s is not None)
        uit.append(WachtOpAansluiting(pk, o.naam, b, k, sinds, o.aangesloten))
    namen = dict(Gemeente.objects.filter(pk__in=[c for c in bulks if c not in per_code]).values_list("pk", "naam"))
    # A gemeente that takes no part at all: there is nobody to send to.
    uit += [WachtOpAansluiting(None, naam, 0, *bulks[code], False) for code, naam in namen.items()]
    return sorted(uit, key=lambda w: w.naam)


@dataclass(frozen=True, slots=True)
class Onleesbaar:
    """What in one postbus could not be decrypted and was passed over. Never whom it is about."""

    organisatie: uuid.UUID
    naam: str
    aantal: int
    sinds: datetime


def onleesbaar() -> list[Onleesbaar]:
    """Per receiver within the bereik. One query."""
    rijen = (
        PostbusRegel.objects.filter(onleesbaar_op__isnull=False)
        .values_list("ontvanger_id", "ontvanger__naam")
        .annotate(aantal=Count("id"), sinds=Min("onleesbaar_op"))
        .order_by("ontvanger__naam")
    )
    return [Onleesbaar(*rij) for rij in rijen]


def adres_van_sleutels() -> str:
    """Where a supplier finds the keys that check our signature."""
    return settings.OVERSTAP_BASIS_URL + reverse("jwks")
