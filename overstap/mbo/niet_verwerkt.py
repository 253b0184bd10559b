"""/niet-verwerkt of an mbo: rows that its system delivered and that were kept, in words, with what to do.

Only the mbo that sent a row sees what was in it, and every look is logged. Never a number of a person.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from accounts import audit
from accounts.actor import Actor
from accounts.rechten import Recht
from accounts.scope import sleutel
from overstap.schermen.niet_verwerkt import PER_CODE, uitleg_van
from overstap.schermen.omgeving import OnjuisteVraag
from overstap.schermen.paginas import alleen
from statuses.access import vereis
from statuses.actions import close_niet_verwerkt, read_bewaarde
from statuses.models import NietVerwerkt, Overstap
from statuses.niet_verwerkt import ONBEKEND, van_mbo
from statuses.zichtbaarheid import naam_voor

PER_PAGINA = 50


@alleen("GET", "POST")
def toon(request: HttpRequest) -> HttpResponse:
    """The page; POST closes the chosen rows. A manager sees how many, and no row."""
    actor = vereis(request, Recht.LEERLINGEN_ZIEN)  # type: ignore[arg-type]
    code = request.GET.get("code", "")
    if code and code not in PER_CODE:
        raise OnjuisteVraag(f"Kies een soort: {', '.join(PER_CODE)}.")
    if request.method == "POST":
        return _sluit(request, code)
    alle = van_mbo(actor)
    context = {"chips": _chips(alle, code), "code": code, "mag": actor.mag(Recht.AANMELDINGEN_AANLEVEREN), "rijen": []}
    if context["mag"]:
        context |= _blad(actor, alle.filter(code=code) if code else alle, sleutel(request.GET.get("na", "")), code)
    return render(request, "mbo/niet_verwerkt.html", context)


def _chips(alle: QuerySet[NietVerwerkt], code: str) -> list[dict[str, Any]]:
    tel = alle.order_by().aggregate(alle=Count("pk"), **{c: Count("pk", filter=Q(code=c)) for c in PER_CODE})
    pad = reverse("niet-verwerkt")
    return [
        {"naam": "Alles", "url": pad, "aantal": tel["alle"], "actief": not code},
        *(
            {"naam": u.kop, "url": f"{pad}?code={c}", "aantal": tel[c], "actief": c == code}
            for c, u in PER_CODE.items()
        ),
    ]


def _blad(actor: Actor, rijen: QuerySet[NietVerwerkt], na: uuid.UUID | None, code: str) -> dict[str, Any]:
    """A page, the newest first; three statements."""
    if na is not None and (anker := rijen.filter(pk=na).values_list("ontvangen_op", flat=True).first()):
        rijen = rijen.filter(Q(ontvangen_op__lt=anker) | Q(ontvangen_op=anker, pk__lt=na))
    stuk = list(rijen.select_related("overstap").order_by("-ontvangen_op", "-pk")[: PER_PAGINA + 1])
    meer, stuk = len(stuk) > PER_PAGINA, stuk[:PER_PAGINA]
    personen = sorted({(r.regio_id, r.overstap.leerling_id) for r in stuk if r.overstap})
    audit.log(
        actor, "niet_verwerkt.zien", leerlingen=personen, object_soort="niet_verwerkt", doel=code, aantal=len(stuk)
    )
    vraag = {**({"code": code} if code else {}), **({"na": str(stuk[-1].pk)} if meer else {})}
    return {"rijen": _rijen(actor, stuk), "volgende": f"{reverse('niet-verwerkt')}?{urlencode(vraag)}" if meer else ""}


def _rijen(actor: Actor, stuk: Sequence[NietVerwerkt]) -> list[dict[str, Any]]:
    """What was in each row; the name only of a leerling with an aanmelding here already."""
    zichtbaar = Overstap.objects.zichtbaar_voor(actor).filter(pk__in={r.overstap_id for r in stuk if r.overstap_id})
    namen = {o.pk: naam_voor(actor, o) for o in zichtbaar.select_related("leerling", "vestiging")}
    uit = []
    for rij in stuk:
        gestuurd, uitleg = read_bewaarde(rij), uitleg_van(rij.code, rij.regel)
        uit.append(
            {
                "pk": rij.pk,
                "nummer": rij.sleutel,
                "volgnummer": rij.volgnummer,
                "opleiding": gestuurd.opleiding or gestuurd.crebo,
                "status": gestuurd.status,
                "datum": gestuurd.status_datum,
                "uitleg": uitleg,
                "ontvangen": rij.ontvangen_op,
                "naam": namen.get(rij.overstap_id or rij.pk, ""),
                "url": reverse("leerling", args=[rij.overstap_id]) if rij.overstap_id in namen else "",
                "sluitbaar": rij.code != ONBEKEND,
            }
        )
    return uit


def _sluit(request: HttpRequest, code: str) -> HttpResponse:
    actor = vereis(request, Recht.AANMELDINGEN_AANLEVEREN)  # type: ignore[arg-type]
    ids = [pk for w in request.POST.getlist("kies") if (pk := sleutel(w)) is not None]
    rijen = list(van_mbo(actor).filter(pk__in=ids).select_related("overstap"))
    aantal = close_niet_verwerkt(rijen, actor=actor)
    if aantal:
        messages.success(request, f"{aantal} {'regel' if aantal == 1 else 'regels'} afgehandeld.")
    else:
        messages.warning(request, "Kies eerst één of meer regels. Een leerling die niet bekend is, blijft wachten.")
    return HttpResponseRedirect(f"{reverse('niet-verwerkt')}?code={code}" if code else reverse("niet-verwerkt"))
