"""The page of one leerling: what holds, since when, who is to act and why, how it came so, and what this role may do now."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from overstap.schermen.acties import Doel, Knop, actie_url, tegen
from overstap.schermen.blad import zoek_plek
from overstap.schermen.blokken import blokken_van
from overstap.schermen.lijst import Lijst, Vraag, rij_url
from overstap.schermen.omgeving import Omgeving
from overstap.schermen.overstaplijst import annotaties, status_voor
from overstap.schermen.verloop import reden_label, verloop_van, zichtbare_aanmeldingen
from statuses.aan_zet import aan_zet
from statuses.models import Aanmelding, BuitenRegio, Overstap
from statuses.risico import Signaal
from statuses.status import Partij, Status
from statuses.verwijzing import verwijzing
from statuses.waarom import waarom
from statuses.weergave import met_stand
from statuses.zichtbaarheid import Veld, naam_voor


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
        "verloop": verloop_van(overstap, aanmeldingen, o),
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
    deel = vraag.url_deel(**vraag.plaats())
    lijst_url = f"{reverse(lijst.pagina)}?{deel}" if deel else reverse(lijst.pagina)
    plek = zoek_plek(lijst, o, vraag, rij or overstap.pk) if deel else None
    if plek is None:
        return {"lijst_url": lijst_url, "plek": None}
    vorige, volgende = (rij_url(lijst, buur, deel) if buur else "" for buur in (plek.vorige, plek.volgende))
    return {"lijst_url": lijst_url, "plek": plek, "vorige_url": vorige, "volgende_url": volgende}
