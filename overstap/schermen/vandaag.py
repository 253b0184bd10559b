"""/vandaag: what counts now, for every role, from the rows of statuses/werklijsten.py. One query for all counts of a role."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts import audit
from accounts.models import Lidmaatschap
from accounts.rechten import Recht, Rol
from overstap.basis import klok
from overstap.gesprekken.tellers import tellers
from overstap.schermen.omgeving import Omgeving, maak_omgeving
from overstap.schermen.paginas import View, alleen
from overstap.schermen.verloop import reden_label
from overstap.schermen.wegwijzers import wegwijzers
from rapportages.zicht import Kaart as Ambitie
from rapportages.zicht import dag_naam, kaarten_voor, procent
from statuses.access import vereis
from statuses.models import Aanmelding, Levering, Overstap
from statuses.risico import Signaal, sinds_wanneer
from statuses.status import TERUG, Status
from statuses.tellingen import ALLE, tel_jaren
from statuses.termijnen import jaar_naam
from statuses.weergave import signaal_voor
from statuses.werklijsten import VAN_BOVEN, Stap, stappen_van
from statuses.zichtbaarheid import Veld, naam_voor

# A card at the right: a template and its context. A room that has one hands it to vandaag_van.
Kaart = Callable[[HttpRequest, Omgeving], tuple[str, dict[str, Any]] | None]

# Dates of the calendar that people count down to; without a word the date itself.
_DATA = (
    ("mbo_gangers_tot", ""), ("aanmelden_voor", ""), ("zomer", ""), ("start_mbo", "de start van het mbo"),
    ("verantwoordelijk_vo_tot", ""), ("einde", "het einde van dit overstapjaar"),
)  # fmt: skip
_ZIET_TERUGVAL = frozenset({Rol.DECAAN, Rol.MANAGER_VO, Rol.LEERPLICHT})
_TERUGVAL = 5  # who fell back, on the page itself; the rest is one click away
_FEED_DAGEN = 3  # norm: three times a week


def vandaag_van(kaarten: Sequence[Kaart] = ()) -> View:
    """The view of /vandaag for a role; ``kaarten`` come below the shared ones."""

    @alleen("GET")
    def toon(request: HttpRequest) -> HttpResponse:
        actor = vereis(request, Recht.VANDAAG_ZIEN)  # type: ignore[arg-type]
        bij_regio = {"leveringen": _leveringen_q(), "tellers": tellers(actor)}
        o = maak_omgeving(replace(actor, vorig_bezoek_op=_bezoek(request)), request.GET, **bij_regio)
        request.tellers = getattr(o.regio, "tellers", None)  # type: ignore[attr-defined] # for the menu
        # The jaar that closes stands first: its dates come first.
        jaren = (o.jaar,) if "jaar" in request.GET else tuple(sorted(o.jaren))
        context = _context([o.in_jaar(jaar) for jaar in jaren])
        context["kaarten"] = [{"sjabloon": k[0], **k[1]} for maak in kaarten if (k := maak(request, o)) is not None]
        return render(request, "schermen/vandaag.html", context)

    return toon


def _bezoek(request: HttpRequest) -> datetime | None:
    """The moment of the previous visit; a new visit begins after an hour away."""
    lid: Lidmaatschap | None = getattr(request, "lidmaatschap", None)
    if lid is None:
        return None
    nu = klok.nu()
    vorig = lid.vorig_bezoek_op
    if lid.laatst_gezien_op is None or nu - lid.laatst_gezien_op > timedelta(hours=1):
        vorig = lid.laatst_gezien_op
        Lidmaatschap.objects.filter(pk=lid.pk).update(laatst_gezien_op=nu, vorig_bezoek_op=vorig)
    return vorig


def _context(per_jaar: Sequence[Omgeving]) -> dict[str, Any]:
    """One block per overstapjaar, and what stands beside them: the ambities, who fell back, how fresh the feeds are."""
    o = per_jaar[0]
    ambities = kaarten_voor(o.actor, o.jaar, o.regio) if o.actor.mag(Recht.RAPPORTAGES_ZIEN) else []
    blokken = _blokken(per_jaar)
    blokken[-1]["lezen"] += wegwijzers(o.actor.rol)
    eerste = next((rij for blok in blokken for rij in blok["stappen"]), None)
    if eerste is not None:
        eerste["eerst"] = True
    return {
        "o": o,
        "kop": _kop(o, ambities),
        "blokken": blokken,
        "ambities": ambities,
        "cijfer": _cijfer(ambities),
        "terugval": _terugval(o, [eigen.jaar for eigen in per_jaar]) if o.actor.rol in _ZIET_TERUGVAL else None,
        "leveringen": _leveringen(o),
        "jaren": _jaren(per_jaar),
    }


def _blokken(per_jaar: Sequence[Omgeving]) -> list[dict[str, Any]]:
    """The steps of each jaar with their counts, all in one query."""
    o = per_jaar[0]
    stappen = [[s for s in stappen_van(o.actor.rol) if s.toont(o.dag, eigen.kalender)] for eigen in per_jaar]
    # What is about no jaar (an address, a melding) stands once: with the newest one, which stays.
    for ouder in stappen[:-1]:
        ouder[:] = [s for s in ouder if s.op not in VAN_BOVEN or s not in stappen[-1]]
    if any(stappen) or o.actor.mag(Recht.LEERLINGEN_ZIEN):  # a functioneel beheerder sees no rows at all
        tel = tel_jaren([(s, e.kalender) for s, e in zip(stappen, per_jaar, strict=True)], o.actor, o.dag)
    else:
        tel = [{ALLE: 0} for _ in per_jaar]
    koppen = ["Nu te doen"] if len(per_jaar) == 1 else [f"Nu te doen voor {eigen.jaar_naam}" for eigen in per_jaar]
    return [_blok(*alles) for alles in zip(per_jaar, stappen, tel, koppen, strict=True)]


def _blok(o: Omgeving, stappen: Sequence[Stap], tel: Mapping[str, int], kop: str) -> dict[str, Any]:
    """The phase line and the steps of one jaar."""
    rijen = [_rij(s, tel.get(s.id), o) for s in stappen if not s.telt or s.id in tel]
    fase = o.kalender.fase(o.dag)
    return {
        "naam": o.jaar_naam,
        "kop": kop,
        "totaal": tel[ALLE],
        "fase": fase,
        "fasen": [
            {"nummer": f.nummer, "naam": f.naam, "begin": f.begin, "eind": f.eind, "nu": f == fase}
            for f in o.kalender.fasen
        ],
        "stappen": [r for r in rijen if r["aantal"]],
        "lezen": [r for r in rijen if r["aantal"] is None],
        "klaar": [r for r in rijen if r["aantal"] == 0],
    }


def _jaren(per_jaar: Sequence[Omgeving]) -> list[dict[str, Any]]:
    """The switch, where two jaren are open or another one is shown."""
    o = per_jaar[0]
    alle = sorted({*o.jaren, *(eigen.jaar for eigen in per_jaar)})
    if len(alle) < 2:
        return []
    pad, een = reverse("vandaag"), len(per_jaar) == 1
    uit = [{"naam": jaar_naam(j), "url": f"{pad}?jaar={jaar_naam(j)}", "actief": een and j == o.jaar} for j in alle]
    beide = [{"naam": "Beide jaren", "url": pad, "actief": not een}] if len(o.jaren) > 1 else []
    return [*beide, *uit]


def _cijfer(ambities: Sequence[Ambitie]) -> dict[str, str]:
    """The one number beside the phase line: the ambitie that comes next."""
    nu = next((a for a in ambities if a.nu and a.percentage is not None), None)
    if nu is None:
        return {}
    return {
        "cijfer": procent(nu.percentage),
        "naam": nu.label_rest,
        "uitleg": f"{intcomma(nu.teller)} van {intcomma(nu.noemer)} · ambitie {nu.norm}% op {nu.label}",
    }


def _kop(o: Omgeving, ambities: Sequence[Ambitie]) -> str:
    """The countdown to the next date that everybody works towards: of the calendar of the regio, or of its ambities."""
    data = [(o.kalender[naam], woord or dag_naam(o.kalender[naam])) for naam, woord in _DATA]
    data += [(a.datum, a.label) for a in ambities]
    dag, woord = min(((d, w) for d, w in data if o.dag <= d <= o.dag + timedelta(days=120)), default=(None, ""))
    if dag is None:
        return "Vandaag"
    dagen = (dag - o.dag).days
    if dagen == 0:
        return f"Vandaag is het {woord}"
    return f"Nog {dagen} {'dag' if dagen == 1 else 'dagen'} tot {woord}"


def _rij(stap: Stap, aantal: int | None, o: Omgeving) -> dict[str, Any]:
    """One row; without a number for a step that only informs."""
    try:
        url = f"{reverse(stap.pagina)}?stap={stap.id}&jaar={o.jaar_naam}"
    except NoReverseMatch:
        url = ""
    return {
        "id": stap.id,
        "aantal": aantal,
        "naam": stap.naam,
        "toelichting": stap.uitleg,
        "url": url,
        "actie": stap.actie,
        "eerst": False,
    }


def _terugval(o: Omgeving, jaren: Sequence[int]) -> dict[str, Any]:
    """Who fell back since the last visit (or in the last week), newest first, with a link to all of them."""
    gezien = o.actor.vorig_bezoek_op
    wie = Overstap.objects.filter(signaal_voor(o.actor, Signaal.TERUGVAL, o.kalender, o.dag, gezien))
    rijen = list(
        Aanmelding.objects.zichtbaar_voor(o.actor)
        .filter(overstapjaar__in=jaren, teruggevallen_op__gte=sinds_wanneer(o.dag, gezien))
        .filter(overstap_id__in=wie.values("pk"), overstap__gesloten_op__isnull=True)
        .select_related("mbo", "overstap__leerling", "overstap__vestiging")
        .order_by("-teruggevallen_op", "pk")[: _TERUGVAL + 1]
    )
    getoond = rijen[:_TERUGVAL]
    # Names on a home page are a look at these leerlingen as well.
    personen = sorted({(r.regio_id, r.overstap.leerling_id) for r in getoond})
    if personen:
        audit.log(o.actor, "lijst.zien", leerlingen=personen, object_soort="vandaag", doel="terugval")
    return {
        "kop": "Teruggevallen sinds uw laatste bezoek" if gezien else "Teruggevallen in de laatste week",
        "rijen": [_teruggevallen(r, o) for r in getoond],
        "alle_url": f"{reverse('leerlingen')}?signaal=terugval&jaar={jaar_naam(max(r.overstapjaar for r in rijen))}"
        if len(rijen) > _TERUGVAL
        else "",
    }


def _teruggevallen(r: Aanmelding, o: Omgeving) -> dict[str, Any]:
    was = Status(r.teruggevallen_van).label.lower() if r.teruggevallen_van else ""
    reden = reden_label(Status(r.status), r.reden_code, o).lower() if r.reden_code and o.ziet(Veld.REDEN) else ""
    stap = "&stap=VO2d" if o.actor.rol == Rol.DECAAN and Status(r.status) in TERUG else ""
    return {
        "status": Status(r.status),
        "naam": naam_voor(o.actor, r.overstap),
        "klas": r.overstap.klas,
        "bij": f"{r.opleiding}, {r.mbo.naam}" if o.ziet(Veld.OPLEIDING) else r.mbo.naam,
        "toelichting": " · ".join(w for w in (f"was {was}" if was else "", f"reden: {reden}" if reden else "") if w),
        "wanneer": timezone.localtime(r.teruggevallen_op),
        "knop": "Oppakken" if o.actor.rol == Rol.DECAAN else "Bekijk",
        "url": f"{reverse('leerling', args=[r.overstap_id])}?jaar={jaar_naam(r.overstapjaar)}{stap}",
    }


def _leveringen_q() -> ArraySubquery:
    """The last delivery of each mbo, to come along with the regio: one query less."""
    rijen = Levering.objects.filter(regio_id=OuterRef("pk"), soort="aanmeldingen").order_by("-ontvangen_op")
    velden = JSONObject(naam="organisatie__naam", van="organisatie_id", op="ontvangen_op")
    return ArraySubquery(rijen.annotate(rij=velden).values("rij"))


def _leveringen(o: Omgeving) -> list[dict[str, Any]]:
    """When each mbo last sent its data; an mbo sees its own. Late is said in words, not by colour alone."""
    nu = klok.nu()
    eigen = str(o.actor.organisatie_id) if o.actor.rol in (Rol.MBO_MEDEWERKER, Rol.MBO_MANAGER) else ""
    uit = []
    for rij in getattr(o.regio, "leveringen", []):
        op = timezone.localtime(datetime.fromisoformat(rij["op"]))
        dagen = (nu.date() - op.date()).days
        if not eigen or rij["van"] == eigen:
            uit.append({"naam": rij["naam"], "wanneer": op, "dagen": dagen, "laat": dagen >= _FEED_DAGEN})
    return uit
