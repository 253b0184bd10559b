"""/import: send a file, see what it would do, apply it. And one leerling by hand. For the decaan and the mbo-medewerker."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor
from accounts.models import Vestiging
from accounts.rechten import Recht
from overstap.aanlevering.access import get_upload, uploads_van
from overstap.aanlevering.actions import RECHTEN, apply_upload, delete_upload, read_uitslag, receive_upload
from overstap.aanlevering.bestand import Blad
from overstap.aanlevering.forms import LeerlingForm, UploadForm
from overstap.aanlevering.leerlingen import lees_leerlingen
from overstap.aanlevering.models import Upload
from overstap.aanlevering.organisaties import school_van, vestigingen_van
from overstap.aanlevering.scherm import kolommen_uitleg, tellingen
from overstap.aanlevering.uitslag import BestandFout, Regel
from overstap.basis import klok
from statuses.access import vereis
from statuses.actions import record_leerlingen
from statuses.tellingen import rijen
from statuses.termijnen import jaar_uit_naam, kalender, nieuwste_jaar

PER_PAGINA = 100


def _soort(request: HttpRequest) -> tuple[Actor, str]:
    """The actor and what this role delivers; PermissionDenied when it delivers nothing."""
    actor = getattr(request, "actor", None)
    soort = next((s for s, recht in RECHTEN.items() if actor is not None and actor.mag(recht)), "leerlingen")
    return vereis(request, RECHTEN[soort]), soort  # type: ignore[arg-type]


def _zonder_leerlingen(actor: Actor, jaar: str) -> list[Vestiging]:
    """The vestigingen of which nobody is here yet in this jaar: the rows of step VO2b. One query."""
    dag = klok.vandaag()
    try:
        overstapjaar = jaar_uit_naam(jaar)
    except ValueError:
        overstapjaar = nieuwste_jaar(dag)
    return list(rijen("VO2b", actor, kalender(overstapjaar), dag).order_by("naam"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def importeren(request: HttpRequest) -> HttpResponse:
    """The form, and the files of the last seven days. A file that can be read goes on to its trial."""
    actor, soort = _soort(request)
    leerlingen = soort == "leerlingen"
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        vestigingen=vestigingen_van(actor) if leerlingen else [],
        met_jaar=leerlingen,
    )
    if request.method == "POST":
        form.is_bound, form.data, form.files = True, request.POST, request.FILES
        if form.is_valid():
            bestand, keuze = form.cleaned_data["bestand"], form.cleaned_data
            try:
                upload = receive_upload(
                    actor,
                    soort,
                    bestand.name,
                    bestand.read(),
                    vestiging=keuze.get("vestiging", ""),
                    overstapjaar=keuze.get("overstapjaar"),
                )
            except BestandFout as fout:
                form.add_error("bestand", str(fout))
            else:
                return redirect("import-bestand", pk=upload.pk)
    eerder = uploads_van(actor).defer("inhoud", "uitslag")
    context = {
        "form": form,
        "soort": soort,
        "eerder": eerder.order_by("-aangemaakt_op")[:10],
        "kolommen": kolommen_uitleg(soort),
        "zonder_leerlingen": _zonder_leerlingen(actor, request.GET.get("jaar", "")) if leerlingen else [],
    }
    return render(request, "aanlevering/import.html", context, status=400 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bestand(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One file: busy, tried, applied or failed. POST applies it (``goede`` rows, or ``alles`` or nothing) or throws it away."""
    upload = get_upload(request, pk)  # type: ignore[arg-type]
    if request.method == "POST":
        return _doe(request, upload)
    uitslag = read_uitslag(upload)
    pagina = Paginator(uitslag.regels, PER_PAGINA).get_page(request.GET.get("pagina"))
    return render(
        request,
        "aanlevering/bestand.html",
        {
            "upload": upload,
            "uitslag": uitslag,
            "pagina": pagina,
            "tellingen": tellingen(uitslag, upload.stand == "toegepast"),
        },
    )


def _doe(request: HttpRequest, upload: Upload) -> HttpResponse:
    actor = vereis(request, RECHTEN[upload.soort])  # type: ignore[arg-type]
    actie = request.POST.get("actie")
    if actie == "weg" and not upload.bezig:
        delete_upload(upload, actor)
        messages.success(request, "Het bestand is weggegooid. Er is niets veranderd.")
        return redirect("import")
    if actie in ("goede", "alles"):
        try:
            upload = apply_upload(upload, actor, alleen_als_alles_goed=actie == "alles")
        except BestandFout as fout:
            messages.error(request, str(fout))
        if upload.stand == "proef" and actie == "alles":
            messages.error(
                request, "Er zijn geweigerde rijen. Er is niets veranderd, want u koos: alleen als alles goed is."
            )
    return redirect("import-bestand", pk=upload.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def een_leerling(request: HttpRequest) -> HttpResponse:
    """One leerling by hand; the same reader and the same rules as a file with one row."""
    actor = vereis(request, Recht.LEERLINGEN_AANLEVEREN)  # type: ignore[arg-type]
    form = LeerlingForm(request.POST if request.method == "POST" else None, vestigingen=vestigingen_van(actor))
    if request.method == "POST" and form.is_valid():
        uitkomst = _leg_vast(form, actor)
        if uitkomst is not None:
            messages.success(request, "De leerling is opgeslagen.")
            return redirect(_naar_leerling(uitkomst))
    return render(request, "aanlevering/leerling.html", {"form": form}, status=400 if form.errors else 200)


def _leg_vast(form: LeerlingForm, actor: Actor) -> uuid.UUID | None:
    """The overstap's id, or None with what is wrong on the form."""
    waarden = form.rij()
    gelezen = lees_leerlingen(Blad(list(waarden), [(1, list(waarden.values()))]), school_van(actor))
    if gelezen.regels:
        form.zet_fouten(gelezen.regels)
        return None
    uitkomst = record_leerlingen([rij for _, rij in gelezen.goed], actor=actor, bron="hand")[0]
    if uitkomst.actie == "geweigerd":
        form.zet_fouten([Regel(1, uitkomst.veld, uitkomst.codes[0], uitkomst.melding)])
        return None
    return uitkomst.overstap_id


def _naar_leerling(pk: uuid.UUID) -> str:
    try:
        return reverse("leerling", kwargs={"pk": pk})
    except NoReverseMatch:
        return reverse("import")
