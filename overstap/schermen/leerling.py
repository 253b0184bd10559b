"""The page of one leerling: what holds, since when, who is to act and why, how it came so, and what this role may do now."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Gebruiker, Organisatie
from overstap.schermen.acties import Doel, Knop, actie_url, tegen
from overstap.schermen.blokken import blokken_van
from overstap.schermen.lijst import Lijst, Vraag, rij_url, zoek_plek
from overstap.schermen.omgeving import Omgeving
from overstap.schermen.overstaplijst import annotaties, status_voor
from statuses.aan_zet import aan_zet
from statuses.models import SPOOR_AANMELDING, SPOOR_LEERPLICHT, Aanmelding, BuitenRegio, Gebeurtenis, Overstap
from statuses.referentie.redenen import REDENEN
from statuses.risico import Signaal
from statuses.status import Partij, Spoor, Status
from statuses.verwijzing import verwijzing
from statuses.waarom import waarom
from statuses.weergave import alleen_eigen, met_stand
from statuses.zichtbaarheid import Veld, naam_voor

BRONNEN = {
    "import": "aangeleverd bestand",
    "hand": "met de hand",
    "pagina": "met de hand",
    "api": "koppeling",
    "feed": "koppeling",
    "sis": "SIS",
    "las": "LAS",
    "bestand": "bestand",
}


def reden_label(status: Status | None, code: str) -> str:
    """What people read for a reason code; the code itself when the regio added it."""
    if not code:
        return ""
    sleutel = status.code if status else "markering"
    alle = {r.code: r.label for groep in ((REDENEN.get(sleutel) or ()), REDENEN["correctie"]) for r in groep}
    return alle.get(code, code)


def zichtbare_aanmeldingen(overstap: Overstap, o: Omgeving) -> list[Aanmelding]:
    rijen = overstap.aanmeldingen.select_related("mbo").order_by("-status", "nr")
    if alleen_eigen(o.actor):
        rijen = rijen.filter(mbo_id=o.actor.organisatie_id)
    return list(rijen) if o.ziet(Veld.MBO_NAAM) else []


def zichtbare_sporen(aanmeldingen: Sequence[Aanmelding], o: Omgeving) -> Q:
    """The gebeurtenissen that this role sees: of these aanmeldingen, and of the other sporen where it sees those."""
    eigen = Q(spoor__in=[SPOOR_AANMELDING + a.nr for a in aanmeldingen])
    return Q(spoor__lt=SPOOR_AANMELDING) | eigen if o.ziet(Veld.SPOREN) else eigen


def _verloop(overstap: Overstap, aanmeldingen: Sequence[Aanmelding], o: Omgeving) -> list[dict[str, Any]]:
    """The history as this role may see it, newest first. Two queries, and one for the names of who did it."""
    if not o.ziet(Veld.VERLOOP):
        return []
    sporen = zichtbare_sporen(aanmeldingen, o)
    rijen = list(
        Gebeurtenis.objects.filter(sporen, overstap_id=overstap.pk).select_related("toelichting").order_by("-volgnr")
    )
    mensen = dict(Gebruiker.objects.filter(pk__in={r.actor_id for r in rijen}).values_list("pk", "naam"))
    huizen = dict(Organisatie.objects.filter(pk__in={r.organisatie_id for r in rijen}).values_list("pk", "naam"))
    per_nr = {SPOOR_AANMELDING + a.nr: a for a in aanmeldingen}
    return [_moment(r, per_nr, mensen, huizen, o) for r in rijen]


def _moment(
    r: Gebeurtenis, per_nr: dict[int, Aanmelding], mensen: dict[Any, str], huizen: dict[Any, str], o: Omgeving
) -> dict[str, Any]:
    naar = Status(r.naar) if r.naar else None
    van = Status(r.van) if r.van else None
    naam = naar.label_op(r.geldig_op) if naar else f"{van.label if van else 'Status'} teruggenomen"
    if r.spoor_naam == Spoor.MARKERING:
        naam = "Aangevinkt als overstapper" if naar else "Vinkje weggehaald"
    wie = [huizen.get(r.organisatie_id, "Overstap"), mensen.get(r.actor_id, ""), BRONNEN.get(r.bron, r.bron)]
    delen = []
    if r.spoor in per_nr and o.ziet(Veld.OPLEIDING):
        delen.append(per_nr[r.spoor].opleiding)
    if r.reden_code and (o.ziet(Veld.REDEN) or r.spoor == SPOOR_LEERPLICHT):
        delen.append(f"reden: {reden_label(naar or van, r.reden_code).lower()}")
    tekst = _tekst(r, o)
    if tekst:
        delen.append(f"“{tekst}”")
    if r.correctie:
        delen.append("correctie")
    return {
        "naam": naam,
        "wanneer": r.geldig_op,
        "wie": " · ".join(w for w in wie if w),
        "toelichting": " · ".join(delen),
        "status": naar if naar and r.spoor_naam != Spoor.MARKERING else None,
    }


def _tekst(r: Gebeurtenis, o: Omgeving) -> str:
    """The words at a step, for who may read them: leerplicht those of its spoor, others those of the rest."""
    toelichting = getattr(r, "toelichting", None)
    if toelichting is None:
        return ""
    if r.spoor == SPOOR_LEERPLICHT:
        # What the school itself wrote when it called leerplicht in, the school may read back.
        eigen = r.naar == Status.LP_INGESCHAKELD and o.ziet(Veld.REDEN_TEKST)
        return toelichting.tekst if o.ziet(Veld.LP_TEKST) or eigen else ""
    return toelichting.tekst if o.ziet(Veld.REDEN_TEKST) else ""


def _knoppen(
    lijst: Lijst, o: Omgeving, overstap: Overstap, alle: Sequence[Aanmelding], deel: str
) -> list[dict[str, Any]]:
    """The actions on the overstap itself; each one will be accepted."""
    doel = Doel(overstap, tuple(alle))
    return [
        _knop(actie, overstap, deel)
        for actie in lijst.acties
        if actie.op_pagina and not actie.per_aanmelding and tegen(actie, o, doel) is None
    ]


def _knop(actie: Knop, overstap: Overstap, deel: str, aanmelding: Aanmelding | None = None) -> dict[str, Any]:
    url = actie_url(actie, overstap.pk, deel=deel, aanmelding_id=aanmelding.pk if aanmelding else None)
    return {"naam": actie.knop, "url": url, "soort": actie.soort}


def _aanmeldrij(
    a: Aanmelding, lijst: Lijst, o: Omgeving, overstap: Overstap, alle: Sequence[Aanmelding], deel: str
) -> dict[str, Any]:
    doel = Doel(overstap, tuple(alle), a)
    acties = [x for x in lijst.acties if x.op_pagina and x.per_aanmelding and tegen(x, o, doel) is None]
    status = Status(a.status)
    return {
        "status": status,
        "label": status.label_op(a.status_datum),
        "opleiding": a.opleiding if o.ziet(Veld.OPLEIDING) else "",
        "niveau": a.niveau if o.ziet(Veld.OPLEIDING) else None,
        "leerweg": a.leerweg.upper() if o.ziet(Veld.OPLEIDING) else "",
        "mbo": a.mbo.naam,
        "sinds": a.status_datum,
        "aangemeld": a.aanmeld_datum,
        "voor_1_april": a.aanmeld_datum is not None and a.aanmeld_datum <= o.kalender["aanmelden_voor"],
        "reden": reden_label(status, a.reden_code) if o.ziet(Veld.REDEN) else "",
        "aanwezigheid": {"show": "gestart", "no_show": "niet gestart"}.get(a.aanwezigheid, ""),
        "knoppen": [_knop(x, overstap, deel, a) for x in acties if not x.corrigeert],
        "correcties": [_knop(x, overstap, deel, a) for x in acties if x.corrigeert],
    }


_PARTIJEN = {Partij.VO: "de school", Partij.MBO: "het mbo", Partij.LEERPLICHT: "leerplicht"}


def _signalen(overstap: Overstap, o: Omgeving) -> list[str]:
    proef = met_stand(Overstap.objects.filter(pk=overstap.pk), o.actor)
    vlaggen = proef.annotate(**annotaties(o)).values("is_risico", *(f"sig_{s.value}" for s in Signaal)).get()
    signalen = [s for s in Signaal if vlaggen[f"sig_{s.value}"]]
    status, sinds = status_voor(overstap, o)
    # The reason of a risico is what the status says already; its name is what the reader needs here.
    return [*(["risicoleerling"] if vlaggen["is_risico"] else []), *waarom(status, sinds, False, signalen, o.dag)]


def leerling_context(
    request: HttpRequest, lijst: Lijst, o: Omgeving, overstap: Overstap, vraag: Vraag, rij: uuid.UUID | None = None
) -> dict[str, Any]:
    """All that templates/schermen/leerling.html shows for this role. ``rij``: its row in the list, where that is an aanmelding."""
    deel = vraag.url_deel()
    alle = list(overstap.aanmeldingen.select_related("mbo").order_by("nr"))
    aanmeldingen = zichtbare_aanmeldingen(overstap, o)
    overstap.lijst_aanmeldingen = aanmeldingen  # type: ignore[attr-defined]
    status, sinds = status_voor(overstap, o)
    zet = aan_zet(status, o.dag, o.kalender) if status else None
    eigen = {"decaan": Partij.VO, "manager_vo": Partij.VO, "leerplicht": Partij.LEERPLICHT}.get(
        o.actor.rol.value, Partij.MBO
    )
    return {
        "o": o,
        "overstap": overstap,
        "naam": naam_voor(o.actor, overstap),
        "referentie": verwijzing(overstap.pk),
        "persoon": o.ziet(Veld.WOONGEMEENTE),
        "status": status,
        "status_label": status.label_op(sinds) if status and sinds else "",
        "sinds": sinds,
        "aan_zet": zet,
        "aan_zet_wie": ("uw school" if eigen == Partij.VO else "u")
        if zet and zet.partij == eigen
        else _PARTIJEN.get(zet.partij if zet else Partij.VO, ""),
        "signalen": _signalen(overstap, o),
        "knoppen": _knoppen(lijst, o, overstap, alle, deel),
        "aanmeldingen": [_aanmeldrij(a, lijst, o, overstap, alle, deel) for a in aanmeldingen],
        "sporen": _sporen(overstap, o) if o.ziet(Veld.SPOREN) else [],
        "buiten": _buiten(overstap, o),
        "verloop": _verloop(overstap, aanmeldingen, o),
        "blokken": blokken_van(request, o, overstap, aanmeldingen),
        "pgn_mag": o.ziet(Veld.PGN_APART),
        "deel": deel,
        "rij": rij,
        **_bladeren(lijst, o, overstap, vraag, rij),
    }


def _sporen(overstap: Overstap, o: Omgeving) -> list[dict[str, Any]]:
    vo = Status(overstap.spoor_vo) if overstap.spoor_vo else None
    lp = Status(overstap.spoor_leerplicht) if overstap.spoor_leerplicht else None
    zeker = f" ({overstap.vo_zekerheid})" if overstap.vo_zekerheid else ""
    return [
        {
            "naam": "Vo", "status": vo, "sinds": overstap.vo_sinds, "leeg": "geen vervolgkeuze vastgelegd",
            "extra": f"{reden_label(vo, overstap.vo_reden)}{zeker}" if vo and o.ziet(Veld.REDEN) else "",
        },
        {"naam": "Leerplicht", "status": lp, "sinds": overstap.leerplicht_sinds, "leeg": "niet ingeschakeld", "extra": ""},
    ]  # fmt: skip


def _buiten(overstap: Overstap, o: Omgeving) -> list[BuitenRegio] | None:
    """What an mbo outside the regio reported; None for a role that does not see this line."""
    if not o.ziet(Veld.BUITEN_REGIO):
        return None
    return list(BuitenRegio.objects.filter(overstap_id=overstap.pk).order_by("-status_datum"))


def _bladeren(lijst: Lijst, o: Omgeving, overstap: Overstap, vraag: Vraag, rij: uuid.UUID | None) -> dict[str, Any]:
    """The way back to the list, and "3 van 31, volgende" within it; an address without a list has no place in one."""
    deel = vraag.url_deel()
    lijst_url = f"{reverse(lijst.pagina)}?{deel}" if deel else reverse(lijst.pagina)
    plek = zoek_plek(lijst, o, vraag, rij or overstap.pk) if deel else None
    if plek is None:
        return {"lijst_url": lijst_url, "plek": None}
    vorige, volgende = (rij_url(lijst, buur, deel) if buur else "" for buur in (plek.vorige, plek.volgende))
    return {"lijst_url": lijst_url, "plek": plek, "vorige_url": vorige, "volgende_url": volgende}
