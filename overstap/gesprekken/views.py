"""/gesprekken: the list, one conversation, beginning one, handing it on; and the answers of the drie vragen."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.actor import Actor
from accounts.rechten import Recht
from accounts.scope import OverstapRequest
from overstap.basis import klok
from overstap.gesprekken.access import get_aanmelding, get_gesprek, get_waarover
from overstap.gesprekken.actions import Waarover, hand_on, mark_read, write_berichten
from overstap.gesprekken.beeld import berichten_van, met_wie, waarover
from overstap.gesprekken.forms import BerichtForm, DoorgeefForm
from overstap.gesprekken.lezen import collegas, namen, partij_van, zichtbare_gesprekken
from overstap.gesprekken.lijst import FILTERS, lijst_context
from overstap.gesprekken.models import Gesprek
from overstap.gesprekken.regels import Soort, tegen
from statuses.access import vereis
from statuses.actions import answer_drie_vragen
from statuses.models import Aanmelding, Overstap
from statuses.regiokalender import kalenders
from statuses.status import Partij
from statuses.zichtbaarheid import naam_voor


@dataclass(frozen=True, slots=True)
class _Plaats:
    """Where the reader is: in a conversation, or in one that has no message yet."""

    actor: Actor
    partij: Partij
    soort: Soort
    overstap: Overstap
    aanmelding: Aanmelding | None
    gesprek: Gesprek | None

    @property
    def waarover(self) -> Waarover:
        return Waarover(self.soort, self.overstap.pk, self.aanmelding.pk if self.aanmelding else None)


@require_safe
def gesprekken(request: OverstapRequest) -> HttpResponse:
    """The conversations of the own organisatie."""
    actor, partij = _mee(request)
    toon = request.GET.get("toon", "alle")
    if toon not in dict(FILTERS):
        toon = "alle"
    na, voor = request.GET.get("na", ""), request.GET.get("voor", "")
    context = lijst_context(actor, partij, toon, na, voor, reverse("gesprekken"))
    audit.log(actor, "gesprekken.zien", object_soort="gesprek", doel=toon, leerlingen=context.pop("onderwerpen"))
    return render(request, "gesprekken/lijst.html", context)


def _mee(request: OverstapRequest) -> tuple[Actor, Partij]:
    actor = vereis(request, Recht.GESPREKKEN_VOEREN)
    partij = partij_van(actor)
    if partij is None:
        raise PermissionDenied("Uw rol voert geen gesprekken.")
    return actor, partij


@require_http_methods(["GET", "HEAD", "POST"])
def gesprek(request: OverstapRequest, pk: uuid.UUID) -> HttpResponse:
    """One conversation; opening it marks it read, POST answers."""
    actor, _ = _mee(request)
    rij, partij = get_gesprek(request, pk)
    plaats = _Plaats(actor, partij, Soort(rij.soort), rij.overstap, rij.aanmelding, rij)
    return _schrijf(request, plaats) if request.method == "POST" else _toon(request, plaats)


@require_http_methods(["GET", "HEAD", "POST"])
def nieuw(request: OverstapRequest, pk: uuid.UUID, soort: str) -> HttpResponse:
    """Begin a conversation about an aanmelding or an overstap; where there is one already, go there."""
    actor, partij = _mee(request)
    gekozen, overstap, aanmelding = get_waarover(request, soort, pk)
    plaats = _Plaats(actor, partij, gekozen, overstap, aanmelding, None)
    bestaand = _vind(plaats)
    if bestaand is not None and request.method != "POST":
        return HttpResponseRedirect(reverse("gesprek", args=[bestaand.pk]))
    return _schrijf(request, plaats) if request.method == "POST" else _toon(request, plaats)


def _schrijf(request: OverstapRequest, plaats: _Plaats) -> HttpResponse:
    form = BerichtForm(request.POST)
    if not form.is_valid():
        return _toon(request, plaats, form, status=422)
    (daad,) = write_berichten(
        [plaats.waarover], form.cleaned_data["tekst"], actor=plaats.actor, gezien=form.cleaned_data["gezien"]
    )
    gevonden = _vind(plaats)
    if daad.geweigerd is not None and daad.geweigerd.soort != "geen_wijziging":
        if gevonden is not None:
            plaats = replace(plaats, gesprek=gevonden)
        return _toon(request, plaats, tekst=form.cleaned_data["tekst"], fout=daad.melding, status=409)
    assert gevonden is not None
    messages.success(request, "Uw bericht is verstuurd.")
    return HttpResponseRedirect(reverse("gesprek", args=[gevonden.pk]))


def _vind(plaats: _Plaats) -> Gesprek | None:
    """The conversation as it is now, whoever began it."""
    rijen = zichtbare_gesprekken(plaats.actor).filter(overstap=plaats.overstap, aanmelding=plaats.aanmelding)
    return rijen.filter(soort=plaats.soort.value).first()


def _toon(
    request: OverstapRequest, plaats: _Plaats, form: BerichtForm | None = None, *, tekst: str = "", fout: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page. What stood unread is marked new once more, and read from now on."""
    actor, overstap, rij = plaats.actor, plaats.overstap, plaats.gesprek
    kalender = kalenders({overstap.regio_id}, {overstap.overstapjaar})[overstap.regio_id, overstap.overstapjaar]
    weigering = tegen(plaats.soort, overstap, kalender, klok.vandaag())
    laatste = rij.laatste_nr if rij else 0
    context: dict[str, Any] = {
        "gesprek": rij,
        "overstap": overstap,
        "naam": naam_voor(actor, overstap),
        "met": met_wie(plaats.soort, plaats.partij, overstap, plaats.aanmelding),
        "waarover": waarover(actor, plaats.soort, plaats.aanmelding),
        "berichten": berichten_van([rij], plaats.partij, actor)[rij.pk] if rij else [],
        "gesloten": weigering.detail if weigering else "",
        "form": form or BerichtForm(initial={"gezien": laatste, "tekst": tekst}),
        "fout": fout,
        "leerling_url": reverse("leerling", args=[overstap.pk]),
        **(_doorgeven(plaats, rij) if rij else {}),
    }
    audit.log(
        actor, "gesprek.zien", leerlingen=[(overstap.regio_id, overstap.leerling_id)], regio=overstap.regio_id,
        object_soort="gesprek", object_id=rij.pk if rij else "", doel=plaats.soort.value,
    )  # fmt: skip
    if rij is not None:
        mark_read(rij, actor=actor)
    return render(request, "gesprekken/gesprek.html", context, status=status)


def _doorgeven(plaats: _Plaats, rij: Gesprek) -> dict[str, Any]:
    """Whose it is, and to whom it can go."""
    aan = getattr(rij, f"aan_{plaats.partij}")
    mensen = collegas(plaats.actor, plaats.overstap)
    anderen = [(pk, naam) for pk, naam in mensen if pk != plaats.actor.id]
    zelf = [(pk, f"{naam} (uzelf)") for pk, naam in mensen if pk == plaats.actor.id]
    form = DoorgeefForm(collegas=[*zelf, *anderen], initial={"aan": str(aan or ""), "van": str(aan or "")})
    bij = "" if aan is None else "u" if aan == plaats.actor.id else namen([aan]).get(aan, "een collega")
    return {"doorgeven": form if anderen or aan else None, "bij": bij}


@require_POST
def doorgeven(request: OverstapRequest, pk: uuid.UUID) -> HttpResponse:
    """Give the conversation to a colleague, or back to all."""
    actor, _ = _mee(request)
    rij, _ = get_gesprek(request, pk)
    form = DoorgeefForm(request.POST, collegas=collegas(actor, rij.overstap))
    if not form.is_valid():
        messages.error(request, " ".join(str(zin) for zinnen in form.errors.values() for zin in zinnen))
        return HttpResponseRedirect(reverse("gesprek", args=[pk]))
    geweigerd = hand_on(pk, form.cleaned_data["aan"], actor=actor, van=form.cleaned_data["van"])
    if geweigerd is not None:
        messages.warning(request, geweigerd.detail)
        return HttpResponseRedirect(reverse("gesprek", args=[pk]))
    aan = form.cleaned_data["aan"]
    naam = namen([aan]).get(aan, "") if aan else ""
    zin = f"Doorgegeven aan {naam}." if naam else "Dit gesprek is weer van niemand in het bijzonder."
    messages.success(request, zin)
    return HttpResponseRedirect(reverse("gesprekken"))


ANTWOORDEN: dict[str, bool | None] = {"ja": True, "nee": False, "": None}


@require_POST
def drie_vragen(request: OverstapRequest, pk: uuid.UUID) -> HttpResponse:
    """Keep one answer at an aanmelding: a line of text for htmx, else back to the leerling."""
    aanmelding = get_aanmelding(request, pk, Recht.GESPREKKEN_VOEREN)
    actor, partij = _mee(request)
    if partij != Partij.VO:
        request.weigering = audit.Weigering("drie_vragen.beantwoorden", "aanmelding", str(pk))
        raise PermissionDenied("Alleen de school beantwoordt de drie vragen.")
    nummer, antwoord = request.POST.get("vraag", ""), request.POST.get("antwoord", "")
    if nummer not in ("1", "2", "3") or antwoord not in ANTWOORDEN:
        zin, gelukt = "Niet opgeslagen. Kies ja of nee.", False
    else:
        daad = answer_drie_vragen(aanmelding.pk, int(nummer), ANTWOORDEN[antwoord], actor=actor)
        gelukt = daad.geweigerd is None or daad.geweigerd.soort == "geen_wijziging"
        zin = f"Opgeslagen om {localtime(klok.nu()):%H:%M}" if gelukt else f"Niet opgeslagen. {daad.melding}"
    if request.headers.get("HX-Request") == "true":
        return render(request, "gesprekken/_opgeslagen.html", {"zin": zin, "gelukt": gelukt})
    (messages.success if gelukt else messages.error)(request, zin)
    deel = QueryDict(request.POST.get("deel", "")[:2000]).urlencode()
    pad = reverse("leerling", args=[aanmelding.overstap_id])
    return HttpResponseRedirect(f"{pad}?{deel}#drie-vragen" if deel else f"{pad}#drie-vragen")
