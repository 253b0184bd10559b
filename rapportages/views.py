"""The pages of figures and /exports: reading them, and asking for a file, waiting for it, fetching it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts import audit
from accounts.actor import Actor
from accounts.rechten import Recht, Rol
from accounts.scope import OverstapRequest
from rapportages import actions, doorlooptijden_pagina, risico_aantallen
from rapportages import voortgang as voortgang_pagina
from rapportages.access import NIET_GEVONDEN, eigen_exports, get_export
from rapportages.delen import delen
from rapportages.exports import REGISTER
from rapportages.forms import DoorlooptijdenForm, ExportForm, JaarForm, RapportageForm
from rapportages.models import Export
from rapportages.overzicht import overzicht
from statuses.access import vereis

_View = Callable[[OverstapRequest], HttpResponse]


def alleen_voor(*rollen: Rol) -> Callable[[_View], _View]:
    """A page of these roles alone; the others get 403, with a line in the log."""

    def om(view: _View) -> _View:
        @wraps(view)
        def binnen(request: OverstapRequest) -> HttpResponse:
            if request.actor is None or request.actor.rol not in rollen:
                request.weigering = audit.Weigering(handeling=f"pagina.{view.__name__}", object_soort="pagina")
                raise PermissionDenied("Uw rol heeft deze pagina niet.")
            return view(request)

        return binnen

    return om


@require_GET
def rapportages(request: OverstapRequest) -> HttpResponse:
    """The five ambities, own and of the regio, and split up."""
    actor = vereis(request, Recht.RAPPORTAGES_ZIEN)
    form = RapportageForm(request.GET, actor=actor)
    context: dict[str, object] = {"form": form, "delen": delen(actor, "rapportages")}
    if not form.is_valid():
        return render(request, "rapportages/rapportages.html", context, status=400)
    context |= overzicht(actor, form.cleaned_data)
    audit.log(actor, "rapportage.zien", object_soort="rapportage", doel="ambities")
    return render(request, "rapportages/rapportages.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def doorlooptijden(request: OverstapRequest) -> HttpResponse:
    """How long each step takes at each instelling, beside what was agreed; never a leerling. POST asks for it as Excel."""
    actor = vereis(request, Recht.EXPORTEREN if request.method == "POST" else Recht.RAPPORTAGES_ZIEN)
    form = DoorlooptijdenForm(request.GET, actor=actor)
    context: dict[str, object] = {"form": form, "delen": delen(actor, "doorlooptijden")}
    if not form.is_valid():
        return render(request, "rapportages/doorlooptijden.html", context, status=400)
    if request.method == "POST":
        export = actions.vraag_aan(actor, "doorlooptijden", overstapjaar=form.cleaned_data["jaar"])
        return HttpResponseRedirect(reverse("export", args=[export.pk]))
    context |= doorlooptijden_pagina.pagina(actor, form.cleaned_data["jaar"], form.cleaned_data["mbo"])
    audit.log(actor, "rapportage.zien", object_soort="rapportage", doel="doorlooptijden")
    return render(request, "rapportages/doorlooptijden.html", context)


@alleen_voor(Rol.MANAGER_VO, Rol.DECAAN)
@require_GET
def voortgang(request: OverstapRequest) -> HttpResponse:
    """How far the own school is: per vestiging, per decaan and per klas."""
    actor = vereis(request, Recht.RAPPORTAGES_ZIEN)
    form = JaarForm(request.GET)
    context: dict[str, object] = {"form": form, "delen": delen(actor, "voortgang")}
    if not form.is_valid():
        return render(request, "rapportages/voortgang.html", context, status=400)
    context |= voortgang_pagina.pagina(actor, form.cleaned_data["jaar"])
    audit.log(actor, "rapportage.zien", object_soort="rapportage", doel="voortgang")
    return render(request, "rapportages/voortgang.html", context)


@alleen_voor(Rol.LEERPLICHT)
@require_GET
def risico(request: OverstapRequest) -> HttpResponse:
    """How many leerlingen are at risk, per school and per mbo."""
    actor = vereis(request, Recht.RAPPORTAGES_ZIEN)
    form = JaarForm(request.GET)
    context: dict[str, object] = {"form": form, "delen": delen(actor, "risico-aantallen")}
    if not form.is_valid():
        return render(request, "rapportages/risico.html", context, status=400)
    context |= risico_aantallen.pagina(actor, form.cleaned_data["jaar"])
    audit.log(actor, "rapportage.zien", object_soort="rapportage", doel="risico")
    return render(request, "rapportages/risico.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: OverstapRequest) -> HttpResponse:
    """The own exports of this week; POST asks for one and goes to the page that waits for it."""
    actor = vereis(request, Recht.EXPORTEREN)
    form = ExportForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        export = actions.vraag_aan(
            actor,
            form.cleaned_data["soort"],
            regio=form.cleaned_data["regio"],
            overstapjaar=form.cleaned_data["jaar"],
            parameters=form.parameters(),
        )
        return HttpResponseRedirect(reverse("export", args=[export.pk]))
    rijen = [(e, REGISTER[e.soort].naam) for e in eigen_exports(actor)[:50]]
    context = {"form": form, "rijen": rijen, "kolommen": [{"naam": n} for n in ("Bestand", "Gevraagd", "Stand", "Tot")]}
    return render(request, "rapportages/exports.html", context, status=400 if form.errors else 200)


def _eigen(request: OverstapRequest, pk: uuid.UUID) -> tuple[Actor, Export]:
    actor = vereis(request, Recht.EXPORTEREN)
    try:
        return actor, get_export(actor, pk)
    except Http404:
        request.weigering = audit.Weigering("export.downloaden", "export", str(pk), "404")
        raise


@never_cache
@require_GET
def export(request: OverstapRequest, pk: uuid.UUID) -> HttpResponse:
    """Wait for the file: the page looks again by itself, with and without JavaScript."""
    _, gevonden = _eigen(request, pk)
    deel = request.headers.get("HX-Request") == "true"
    sjabloon = "rapportages/export_stand.html" if deel else "rapportages/export.html"
    return render(request, sjabloon, {"export": gevonden, "naam": REGISTER[gevonden.soort].naam})


@never_cache
@require_GET
def export_bestand(request: OverstapRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The file itself, streamed; each time a line in the log."""
    actor, gevonden = _eigen(request, pk)
    if not gevonden.is_klaar:
        return HttpResponseRedirect(reverse("export", args=[pk]))
    try:
        bestand = actions.pad_van(gevonden).open("rb")
    except FileNotFoundError:
        raise Http404(NIET_GEVONDEN) from None
    actions.log_download(actor, gevonden)
    return FileResponse(bestand, as_attachment=True, filename=gevonden.bestandsnaam)
