"""One act on one leerling: a form, done, and back to where the person came from.

Who comes second, when somebody else changed the leerling meanwhile, hears what changed, keeps what was typed and may confirm again.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html

from accounts import audit
from accounts.rechten import Recht
from accounts.scope import sleutel
from overstap.schermen import intussen
from overstap.schermen.acties import ActieForm, Doel, Knop, actie_url, tegen, voer_uit
from overstap.schermen.formulier import gegevens_van, maak_formulier
from overstap.schermen.leerling_views import haal
from overstap.schermen.lijst import Lijst, Vraag
from overstap.schermen.omgeving import Omgeving
from overstap.schermen.paginas import View, alleen
from overstap.schermen.verloop import zichtbare_aanmeldingen
from statuses.access import NIET_GEVONDEN, get_overstap
from statuses.models import Aanmelding, Overstap
from statuses.zichtbaarheid import naam_voor

NAAR_LIJST = "lijst"


@dataclass(frozen=True)
class _Beurt:
    """One request for one act on one leerling."""

    request: HttpRequest
    lijst: Lijst
    o: Omgeving
    actie: Knop
    doel: Doel
    vraag: Vraag

    @property
    def naar_lijst(self) -> bool:
        return self.request.GET.get("terug") == NAAR_LIJST

    @property
    def terug(self) -> str:
        """The leerling, or the same place in the list that the row button was in."""
        v = self.vraag
        if self.naar_lijst:
            url = reverse(self.lijst.pagina)
            deel = v.url_deel(**v.plaats())
        else:
            url, deel = reverse("leerling", args=[self.doel.overstap.pk]), v.url_deel()
        return f"{url}?{deel}" if deel else url


def actie_van(lijst: Lijst) -> View:
    """The view of the acts of a list: GET gives the form, POST does it."""

    @alleen("GET", "POST")
    def doe(request: HttpRequest, pk: uuid.UUID, code: str) -> HttpResponse:
        actie = next((a for a in lijst.acties if a.code == code), None)
        if actie is None:
            get_overstap(request, pk, Recht.LEERLINGEN_ZIEN)  # type: ignore[arg-type]
            raise Http404("Deze handeling bestaat niet.")
        b = _beurt(request, lijst, actie, pk)
        if request.method == "POST":
            return _voer_uit(b)
        weigering = tegen(actie, b.o, b.doel)
        if weigering is not None:
            messages.warning(request, weigering.detail)
            return HttpResponseRedirect(b.terug)
        return _formulier(b, maak_formulier(lijst, b.o, actie, [b.doel]), _gezien(b).als_tekst())

    return doe


def _beurt(request: HttpRequest, lijst: Lijst, actie: Knop, pk: uuid.UUID) -> _Beurt:
    overstap, o, vraag = haal(request, lijst, pk, actie.recht)
    return _Beurt(request, lijst, o, actie, _doel(request, actie, overstap), vraag)


def _doel(request: HttpRequest, actie: Knop, overstap: Overstap) -> Doel:
    """The overstap with its aanmeldingen; for an act on an aanmelding the one in ``?aanmelding=`` that this role sees."""
    alle = tuple(overstap.aanmeldingen.select_related("mbo").order_by("nr"))
    if not actie.per_aanmelding:
        return Doel(overstap, alle)
    pk = sleutel(request.GET.get("aanmelding", ""))
    zichtbaar = Aanmelding.objects.zichtbaar_voor(request.actor).filter(overstap_id=overstap.pk)  # type: ignore[attr-defined]
    if pk is None or not zichtbaar.filter(pk=pk).exists():
        request.weigering = audit.Weigering("aanmelding.zien", "aanmelding", str(pk or ""), "404")  # type: ignore[attr-defined]
        raise Http404(NIET_GEVONDEN)
    return Doel(overstap, alle, next(a for a in alle if a.pk == pk))


def _gezien(b: _Beurt) -> intussen.Gezien:
    return intussen.gezien_nu(b.doel.overstap, b.doel.aanmeldingen, b.o)


def _formulier(
    b: _Beurt,
    form: ActieForm,
    gezien: str,
    *,
    status: int = 200,
    fout: str = "",
    veranderd: Sequence[str] = (),
    kan: bool = True,
) -> HttpResponse:
    """The form. ``gezien`` is what it shows, or what the person saw before; without ``kan`` there is nothing left to confirm."""
    context = {
        "actie": b.actie,
        "form": form,
        "terug": b.terug,
        "naam": naam_voor(b.o.actor, b.doel.overstap),
        "overstap": b.doel.overstap,
        "aanmelding": b.doel.aanmelding,
        "versie": b.doel.overstap.versie,
        "gezien": gezien,
        "fout": fout,
        "intussen": veranderd,
        "kan": kan,
    }
    return render(b.request, "schermen/actie.html", context, status=status)


def _voer_uit(b: _Beurt) -> HttpResponse:
    post = b.request.POST
    form = maak_formulier(b.lijst, b.o, b.actie, [b.doel], post)
    if not form.is_valid():
        return _formulier(b, form, post.get("gezien", ""), status=422)
    gegevens = gegevens_van(form, b.doel)
    (weigering,) = voer_uit(b.actie, b.o, [b.doel], [gegevens], _wat_gezien(b))
    if weigering is None:
        messages.success(b.request, _bericht(b))
        return HttpResponseRedirect(b.terug)
    if weigering.code == intussen.CODE:
        return _intussen(b)
    return _formulier(b, form, _gezien(b).als_tekst(), status=409, fout=weigering.detail)


def _wat_gezien(b: _Beurt) -> dict[uuid.UUID, intussen.Gezien]:
    """What the form showed; who sends a versie alone is held to that."""
    post, pk = b.request.POST, b.doel.overstap.pk
    alleen_versie = intussen.Gezien(pk, intussen.getal(post.get("versie", "")), intussen.getal(post.get("volgnr", "")))
    return {pk: alleen_versie} | intussen.lees_gezien(post.getlist("gezien"))


def _intussen(b: _Beurt) -> HttpResponse:
    """Read the leerling again, say what changed, and keep what was typed."""
    gezien = _wat_gezien(b)[b.doel.overstap.pk]
    nu = _beurt(b.request, b.lijst, b.actie, b.doel.overstap.pk)
    paar = (nu.doel.overstap, zichtbare_aanmeldingen(nu.doel.overstap, nu.o), gezien)
    veranderd = intussen.wat_er_veranderde([paar], nu.o)[nu.doel.overstap.pk]
    form = maak_formulier(nu.lijst, nu.o, nu.actie, [nu.doel], nu.request.POST)
    weigering = tegen(nu.actie, nu.o, nu.doel)
    fout = weigering.detail if weigering else ""
    return _formulier(
        nu, form, _gezien(nu).als_tekst(), status=409, fout=fout, veranderd=veranderd, kan=weigering is None
    )


def _bericht(b: _Beurt) -> str:
    """What was done and for whom, with the way back where it can be taken back."""
    tekst = f"{naam_voor(b.o.actor, b.doel.overstap)}: {b.actie.gelukt[:1].lower()}{b.actie.gelukt[1:]}."
    if not b.naar_lijst:
        tekst = f"{b.actie.gelukt}."
    terug = next((a for a in b.lijst.acties if a.code == b.actie.ongedaan and b.o.actor.mag(a.recht)), None)
    if terug is None:
        return tekst
    pk = b.doel.aanmelding.pk if b.doel.aanmelding else None
    url = actie_url(terug, b.doel.overstap.pk, deel=b.vraag.url_deel(), aanmelding_id=pk, naar_lijst=b.naar_lijst)
    return format_html('{} <a href="{}">Ongedaan maken</a>', tekst, url)
