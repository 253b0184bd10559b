"""The own mail, and the nieuwsbrief as the beheerorganisatie sees it beforehand."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.rechten import ROL_LABELS, Recht, Rol
from accounts.scope import OverstapRequest
from overstap.basis import klok
from overstap.gesprekken.models import Mail, Stand, Voorkeur
from overstap.gesprekken.post import nieuwsbrief as brief
from overstap.gesprekken.post.actions import record_voorkeur
from overstap.gesprekken.post.forms import VoorkeurForm
from overstap.gesprekken.post.soorten import Soort, onderwerp
from statuses.access import vereis
from statuses.regiokalender import regios_met_regels


@require_http_methods(["GET", "HEAD", "POST"])
def voorkeuren(request: OverstapRequest) -> HttpResponse:
    """Which mail somebody wants in the role of now."""
    actor = vereis(request, Recht.VANDAAG_ZIEN)
    assert actor.lidmaatschap_id is not None  # a page is for people
    voorkeur = Voorkeur.objects.filter(lidmaatschap_id=actor.lidmaatschap_id).first() or Voorkeur()
    form = VoorkeurForm(request.POST if request.method == "POST" else None, actor=actor, voorkeur=voorkeur)
    if request.method == "POST" and form.is_valid():
        record_voorkeur(actor=actor, **form.waarden())
        messages.success(request, "Uw keuze is opgeslagen.")
        return HttpResponseRedirect(reverse("voorkeuren"))
    return render(request, "post/voorkeuren.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def nieuwsbrief(request: OverstapRequest) -> HttpResponse:
    """The letter of today per role, without anybody's counts; who gets it, and which mail did not arrive."""
    actor = vereis(request, Recht.BEHEREN)
    try:
        rol = Rol(request.GET.get("rol", Rol.DECAAN.value))
    except ValueError:
        rol = Rol.DECAAN
    dag = klok.vandaag()
    kalenders = brief.kalenders_van(regios_met_regels().get(pk=actor.regio), dag)
    lezers = brief.lezers(actor.regio)
    per_rol = {r: sum(lid.rol == r.value for lid in lezers) for r in Rol}
    context = {
        "rol": ROL_LABELS[rol],
        "onderwerp": onderwerp(Soort.NIEUWSBRIEF),
        "stappen": brief.regels(rol, kalenders, dag, None),
        "fase": brief.fase_naam(kalenders, dag),
        "volgende": brief.volgend_moment(kalenders, dag),
        "aantal": per_rol[rol],
        "chips": [
            {"naam": ROL_LABELS[r][0].upper() + ROL_LABELS[r][1:], "url": f"{reverse('nieuwsbrief')}?rol={r.value}", "aantal": per_rol[r],
             "actief": r == rol}
            for r in Rol
        ],
        "bezorging": _bezorging(),
    }  # fmt: skip
    return render(request, "post/nieuwsbrief.html", context)


def _bezorging() -> list[tuple[str, int]]:
    """How the mail of the last thirty days fared: (words, number)."""
    sinds = klok.nu() - timedelta(days=30)
    per_stand = dict(Mail.objects.filter(gemaakt_op__gte=sinds).values_list("stand").annotate(n=Count("pk")))
    return [(Stand(s).label, per_stand[s]) for s in Stand.values if per_stand.get(s)]
