"""/niet-verwerkt of a school: what systems delivered about its leerlingen that a decaan has to decide."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.db.models import CharField, Value
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from accounts import audit
from accounts.models import Vestiging
from accounts.rechten import Recht
from accounts.scope import sleutel
from overstap.schermen.niet_verwerkt import VRAGEN
from overstap.schermen.omgeving import Omgeving, maak_omgeving
from overstap.schermen.paginas import alleen
from statuses.access import vereis
from statuses.actions import close_niet_verwerkt, confirm_schoolwissel
from statuses.mbo_ganger import vraag_q
from statuses.models import Overstap
from statuses.niet_verwerkt import NEE, aangemeld_niet_aangevinkt, nieuwe_school, vertrokken_van, vragen_van
from statuses.termijnen import jaar_naam
from statuses.verwijzing import verwijzing
from statuses.zichtbaarheid import naam_voor

HOOGSTENS = 200  # questions on one page; a whole file that was wrong is better delivered again


@alleen("GET", "POST")
def toon(request: HttpRequest) -> HttpResponse:
    """The questions and the leerlingen that an mbo knows and that are not marked; POST says that a question is answered."""
    actor = vereis(request, Recht.MARKEREN)  # type: ignore[arg-type]
    o = maak_omgeving(actor, request.GET)
    if request.method == "POST":
        return _beantwoord(request, o)
    vragen = list(
        vragen_van(actor)
        .select_related("overstap__leerling", "overstap__vestiging")
        .order_by("-ontvangen_op", "pk")[:HOOGSTENS]
    )
    niet_aangevinkt = list(
        aangemeld_niet_aangevinkt(actor)
        .filter(overstapjaar__in=o.jaren)
        .select_related("leerling", "vestiging")
        .order_by("leerling__zoeknaam", "pk")[:HOOGSTENS]
    )
    scholen = nieuwe_school(vragen)
    personen = {(v.regio_id, v.overstap.leerling_id) for v in vragen if v.overstap}
    personen |= {(ov.regio_id, ov.leerling_id) for ov in niet_aangevinkt}
    audit.log(
        actor, "niet_verwerkt.zien", leerlingen=sorted(personen), object_soort="niet_verwerkt", aantal=len(personen)
    )
    context = {
        "o": o,
        "vragen": [_vraag(o, v, scholen.get(v.pk)) for v in vragen],
        "vertrokken": [
            {"wie": verwijzing(w.overstap_id), "op": w.op, "naar": w.naar_vestiging.naam}
            for w in vertrokken_van(actor, o.jaar)[:HOOGSTENS]
        ],
        "niet_aangevinkt": [
            {"pk": ov.pk, "naam": naam_voor(actor, ov, lijst=True), "klas": ov.klas, "jaar": jaar_naam(ov.overstapjaar)}
            for ov in niet_aangevinkt
        ],
        "jaar_vraag": f"gemarkeerd=nee&jaar={jaar_naam(niet_aangevinkt[0].overstapjaar)}" if niet_aangevinkt else "",
    }
    return render(request, "vo/niet_verwerkt.html", context)


def _vraag(o: Omgeving, v: Any, school: Vestiging | None) -> dict[str, Any]:
    return {
        "pk": v.pk,
        "naam": naam_voor(o.actor, v.overstap),
        "klas": v.overstap.klas,
        "uitleg": VRAGEN[v.regel],
        "ontvangen": v.ontvangen_op,
        "url": reverse("leerling", args=[v.overstap_id]),
        "knop": "Blijft overstapper" if v.regel == NEE else "Blijft bij ons",
        "school": school is not None,
        "overzetten": f"Zet over naar {school.naam}" if school else "",
    }


def _beantwoord(request: HttpRequest, o: Omgeving) -> HttpResponse:
    pk = sleutel(request.POST.get("vraag", ""))
    rijen = list(vragen_van(o.actor).filter(pk=pk).select_related("overstap")) if pk else []
    if rijen and request.POST.get("antwoord") == "overzetten":
        daad = confirm_schoolwissel(rijen[0], actor=o.actor)
        if daad.gelukt:
            messages.success(
                request, "De leerling staat nu bij de andere school. U ziet alleen nog dat de leerling is vertrokken."
            )
        else:
            messages.warning(request, daad.melding)
    elif close_niet_verwerkt(rijen, actor=o.actor):
        messages.success(request, "De vraag is beantwoord. Er is niets gewijzigd aan de leerling.")
    else:
        messages.warning(request, "Deze vraag is er niet meer. Iemand heeft haar al beantwoord.")
    return HttpResponseRedirect(reverse("niet-verwerkt"))


def kaart(request: HttpRequest, o: Omgeving) -> tuple[str, dict[str, Any]] | None:
    """For /vandaag: how many questions wait; nothing when none does. One statement."""
    niet_aangevinkt = aangemeld_niet_aangevinkt(o.actor).filter(overstapjaar__in=o.jaren)
    # Of the jaar of this page: does a leerling with this vervolgkeuze go to an mbo?
    mbo = Overstap.objects.zichtbaar_voor(o.actor).van_jaar(o.jaar).filter(vraag_q())
    anders = Value("anders", output_field=CharField())
    delen = vragen_van(o.actor).order_by().values_list("pk", anders)
    delen = delen.union(
        niet_aangevinkt.order_by().values_list("pk", anders),
        mbo.order_by().values_list("pk", Value("mbo", output_field=CharField())),
        all=True,
    )
    aantallen = Counter(soort for _, soort in delen)
    if not aantallen:
        return None
    url = f"{reverse('vva')}?stand=vraag&jaar={o.jaar_naam}"
    return "vo/_vragen.html", {"aantal": aantallen["anders"], "mbo": aantallen["mbo"], "mbo_url": url}
