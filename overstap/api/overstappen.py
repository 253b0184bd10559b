"""GET /api/v1/overstappen and /overstappen/<uuid>: what the caller may see, as raakvlakken.md writes it."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta

import msgspec
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags

from accounts import audit
from accounts.rechten import Recht, Scope
from overstap.api import vraag
from overstap.api.basis import ApiView, json
from overstap.api.cursor import pagina
from overstap.api.objecten import OverstapLijst, OverstapObject, overstap_object, overstap_rij
from overstap.api.schema import PAGINA, beschrijf, vraagveld
from overstap.basis import klok
from statuses.access import get_overstap
from statuses.models import Overstap
from statuses.querysets import OverstapQuerySet
from statuses.regiokalender import kalenders
from statuses.weergave import OverstapBeeld, aandacht_q, beelden, met_stand, status_q

_FILTERS = vraag.PAGINA | {"overstapjaar", "status", "vestiging", "klas", "risico", "gewijzigdNa"}
# A change becomes visible at its commit, later than the time it carries: gewijzigdNa looks back this far (at least once).
_OVERLAP = timedelta(minutes=2)
_ZWAAR = ("leerling__pgn_versleuteld", "leerling__pgn_index", "leerling__pgn_index_nieuw", "leerling__zoeknaam")


def etag(beeld: OverstapBeeld, inhoud: bytes) -> str:
    """``"versie-variant"``: the variant tells apart what two roles see, and what changed without a new versie."""
    return f'"{beeld.versie}-{hashlib.sha256(inhoud).hexdigest()[:8]}"'


def toon(overstap: Overstap, view: ApiView, status: int = 200) -> HttpResponse:
    """One overstap as the caller sees it, with its ETag."""
    (beeld,) = beelden([overstap], view.actor, verloop=True)
    inhoud = msgspec.json.encode(overstap_object(beeld))
    merk = etag(beeld, inhoud)
    if status == 200 and merk in {
        m.removeprefix("W/") for m in parse_etags(view.request.headers.get("If-None-Match", ""))
    }:
        antwoord = HttpResponse(status=304)
    else:
        antwoord = HttpResponse(inhoud, status=status, content_type="application/json")
    antwoord["ETag"] = merk
    antwoord["Cache-Control"] = "private, no-cache"
    return antwoord


class Overstappen(ApiView):
    """The list; rows are the object without its gebeurtenissen."""

    scope = Scope.OVERSTAPPEN_LEZEN
    recht = Recht.LEERLINGEN_ZIEN

    @beschrijf(
        "overstappen",
        "De leerlingen die u mag zien",
        OverstapLijst,
        label="Overstappen",
        uitleg="Gefilterd en in bladzijden; wat u van een leerling ziet hangt af van de soort organisatie.",
        vraag=[
            *PAGINA,
            vraagveld("overstapjaar", "Zoals 2025-2026."),
            vraagveld("status", "Leidende status, of meer met komma's ertussen."),
            vraagveld("vestiging", "Code van een vestiging, zoals 00AA00."),
            vraagveld("klas", "Klas, zoals 4B."),
            vraagveld("risico", "ja: risicoleerlingen en wie een signaal heeft.", keuzes=["ja", "nee"]),
            vraagveld("gewijzigdNa", "Gewijzigd na dit tijdstip; minstens één keer, met overlap.", vorm="date-time"),
        ],
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        vraag.controleer(self.scoped, _FILTERS)
        rijen, volgende = pagina(
            self.scoped, self._gefilterd(), ("gewijzigd_op", "id"), (datetime.fromisoformat, uuid.UUID)
        )
        resultaten = [overstap_rij(beeld) for beeld in beelden(rijen, self.actor)]
        if rijen:
            audit.log(
                self.actor,
                "leerlingen.zien",
                object_soort="lijst",
                doel="api",
                leerlingen=[(rij.regio_id, rij.leerling_id) for rij in rijen],
            )
        return json(OverstapLijst(resultaten, volgende))

    def _gefilterd(self) -> OverstapQuerySet:
        alle = Overstap.objects.zichtbaar_voor(self.actor)
        rijen = met_stand(alle.select_related("leerling", "vestiging").defer(*_ZWAAR), self.actor)
        if (jaar := vraag.jaar(self.scoped)) is not None:
            rijen = rijen.filter(overstapjaar=jaar)
        if statussen := vraag.statussen(self.scoped):
            rijen = rijen.filter(status_q(self.actor, statussen))
        if (vestiging := vraag.tekst(self.scoped, "vestiging")) is not None:
            rijen = rijen.filter(vestiging__code=vestiging)
        if (klas := vraag.tekst(self.scoped, "klas")) is not None:
            rijen = rijen.filter(klas=klas)
        if (na := vraag.tijdstip(self.scoped, "gewijzigdNa")) is not None:
            rijen = rijen.filter(gewijzigd_op__gt=na - _OVERLAP)
        if (risico := vraag.ja_nee(self.scoped, "risico")) is not None:
            q = self._aandacht(jaar)
            rijen = rijen.filter(q) if risico else rijen.exclude(q)
        return rijen  # type: ignore[return-value]

    def _aandacht(self, jaar: int | None) -> Q:
        """Risico and signalen go by the calendar of a jaar in a regio: one condition for each."""
        jaren = (
            [jaar]
            if jaar is not None
            else list(Overstap.objects.order_by().values_list("overstapjaar", flat=True).distinct())
        )
        q = Q(pk__in=[])
        for (regio, van_jaar), k in kalenders(self.actor.regios, jaren).items():
            q |= Q(regio_id=regio, overstapjaar=van_jaar) & aandacht_q(self.actor, k, klok.vandaag())
        return q


class OverstapDetail(ApiView):
    """One overstap with its gebeurtenissen."""

    scope = Scope.OVERSTAPPEN_LEZEN

    @beschrijf(
        "overstap",
        "Eén leerling met het hele verloop",
        OverstapObject,
        label="Overstappen",
        koppen={"If-None-Match": "De ETag die u al hebt; 304 als er niets is veranderd."},
    )
    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        vraag.controleer(self.scoped, ())
        overstap = get_overstap(self.scoped, pk, Recht.LEERLINGEN_ZIEN)
        audit.log(
            self.actor,
            "leerling.zien",
            object_soort="overstap",
            object_id=overstap.pk,
            doel="api",
            leerlingen=[(overstap.regio_id, overstap.leerling_id)],
        )
        return toon(overstap, self)
