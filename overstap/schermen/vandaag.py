"""/vandaag: what counts now, for every role, from the rows of statuses/werklijsten.py. One query for all counts of a role."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

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
from overstap.schermen.omgeving import Omgeving, maak_omgeving
from overstap.schermen.paginas import View, alleen
from rapportages.zicht import Kaart as Ambitie
from rapportages.zicht import kaarten_voor, procent
from statuses.access import vereis
from statuses.models import Aanmelding, Levering
from statuses.status import TERUG, Status
from statuses.tellingen import ALLE, tel_stappen
from statuses.termijnen import jaar_naam
from statuses.werklijsten import Stap, stappen_van
from statuses.zichtbaarheid import Veld, naam_voor

# A card at the right: a template and its context. A room that has one hands it to vandaag_van.
Kaart = Callable[[HttpRequest, Omgeving], tuple[str, dict[str, Any]] | None]

_DATA = (
    ("mbo_gangers_tot", "1 februari"), ("aanmelden_voor", "1 april"), ("zomer", "15 juli"),
    ("start_mbo", "de start van het mbo"), ("verantwoordelijk_vo_tot", "1 oktober"), ("einde", "het einde van dit overstapjaar"),
)  # fmt: skip
_FEED_DAGEN = 3  # norm: three times a week


def vandaag_van(kaarten: Sequence[Kaart] = ()) -> View:
    """The view of /vandaag for a role; ``kaarten`` come below the shared ones."""

    @alleen("GET")
    def toon(request: HttpRequest) -> HttpResponse:
        actor = vereis(request, Recht.VANDAAG_ZIEN)  # type: ignore[arg-type]
        o = maak_omgeving(actor, request.GET, leveringen=_leveringen_q())
        context = _context(o, _bezoek(request))
        context["kaarten"] = [{"sjabloon": k[0], **k[1]} for maak in kaarten if (k := maak(request, o)) is not None]
        return render(request, "schermen/vandaag.html", context)

    return toon


def _bezoek(request: HttpRequest) -> Any:
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


def _context(o: Omgeving, vorig: Any) -> dict[str, Any]:
    stappen = [s for s in stappen_van(o.actor.rol) if s.toont(o.dag, o.kalender)]
    tel = tel_stappen(stappen, o.actor, o.kalender, o.dag) if stappen or _telt(o) else {ALLE: 0}
    rijen = [_rij(s, tel.get(s.id, 0), o) for s in stappen]
    nu_te_doen = [r for r in rijen if r["aantal"]]
    if nu_te_doen:
        nu_te_doen[0]["eerst"] = True
    fase = o.kalender.fase(o.dag)
    ambities = kaarten_voor(o.actor, o.jaar, o.regio) if o.actor.mag(Recht.RAPPORTAGES_ZIEN) else []
    return {
        "o": o,
        "kop": _kop(o),
        "fase": fase,
        "fasen": [
            {"nummer": f.nummer, "naam": f.naam, "begin": f.begin, "eind": f.eind, "nu": f == fase}
            for f in o.kalender.fasen
        ],
        "totaal": tel[ALLE],
        "ambities": ambities,
        **_cijfer(ambities),
        "stappen": nu_te_doen,
        "klaar": [r for r in rijen if not r["aantal"]],
        "terugval": _terugval(o, vorig) if _telt(o) and o.actor.rol in (Rol.DECAAN, Rol.MANAGER_VO) else None,
        "sinds_bezoek": vorig is not None,
        "leveringen": _leveringen(o) if o.ziet(Veld.MBO_NAAM) else [],
        "jaren": [
            {"naam": jaar_naam(j), "url": f"{reverse('vandaag')}?jaar={jaar_naam(j)}", "actief": j == o.jaar}
            for j in sorted({*o.jaren, o.jaar}, reverse=True)
        ]
        if len({*o.jaren, o.jaar}) > 1
        else [],
    }


def _cijfer(ambities: Sequence[Ambitie]) -> dict[str, str]:
    """The one number beside the phase line: the ambitie that comes next."""
    nu = next((a for a in ambities if a.nu and a.percentage is not None), None)
    if nu is None:
        return {}
    return {
        "cijfer": procent(nu.percentage),
        "cijfer_naam": nu.label_rest,
        "cijfer_uitleg": f"{nu.teller} van {nu.noemer} · ambitie {nu.norm}% op {nu.label}",
    }


def _telt(o: Omgeving) -> bool:
    """Whether this role sees rows at all; a functioneel beheerder does not."""
    return o.actor.mag(Recht.LEERLINGEN_ZIEN)


def _kop(o: Omgeving) -> str:
    """The countdown to the next date that everybody works towards."""
    for naam, woord in _DATA:
        dagen = (o.kalender[naam] - o.dag).days
        if dagen == 0:
            return f"Vandaag is het {woord}"
        if 0 < dagen <= 120:
            return f"Nog {dagen} {'dag' if dagen == 1 else 'dagen'} tot {woord}"
    return "Vandaag"


def _rij(stap: Stap, aantal: int, o: Omgeving) -> dict[str, Any]:
    try:
        url = f"{reverse(stap.pagina)}?stap={stap.id}&jaar={o.jaar_naam}"
    except NoReverseMatch:
        url = ""
    return {
        "aantal": aantal,
        "naam": stap.naam,
        "toelichting": stap.uitleg,
        "url": url,
        "actie": stap.actie,
        "eerst": False,
    }


def _terugval(o: Omgeving, vorig: Any) -> list[dict[str, Any]]:
    """Aanmeldingen that stopped since the last visit, or in the last week; those that leave nothing open first."""
    sinds: date = vorig.date() if vorig else o.dag - timedelta(days=7)
    rijen = (
        Aanmelding.objects.zichtbaar_voor(o.actor)
        .filter(overstapjaar=o.jaar, status__in=sorted(TERUG), status_datum__gte=sinds)
        .filter(overstap__gemarkeerd_sinds__isnull=False)
        .select_related("mbo", "overstap__leerling", "overstap__vestiging")
        .order_by("-status_datum", "pk")[:5]
    )
    # Names on a home page are a look at these leerlingen as well.
    personen = sorted({(r.regio_id, r.overstap.leerling_id) for r in rijen})
    if personen:
        audit.log(o.actor, "lijst.zien", leerlingen=personen, object_soort="vandaag", doel="terugval")
    return [
        {
            "status": Status(r.status),
            "naam": naam_voor(o.actor, r.overstap),
            "klas": r.overstap.klas,
            "bij": f"{r.opleiding}, {r.mbo.naam}" if o.ziet(Veld.OPLEIDING) else r.mbo.naam,
            "wanneer": r.status_datum,
            "knop": "Oppakken" if o.actor.rol == Rol.DECAAN else "Bekijk",
            "url": f"{reverse('leerling', args=[r.overstap_id])}?stap=VO2d&jaar={o.jaar_naam}"
            if o.actor.rol == Rol.DECAAN
            else reverse("leerling", args=[r.overstap_id]),
        }
        for r in rijen
    ]


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
