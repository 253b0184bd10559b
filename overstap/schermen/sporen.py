"""The sporen of one leerling on the page: aanmeldingen, vo, leerplicht, and what an mbo outside the regio told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from overstap.schermen import intussen
from overstap.schermen.acties import Doel, Knop, actie_url, tegen
from overstap.schermen.lijst import Lijst
from overstap.schermen.omgeving import Omgeving
from overstap.schermen.verloop import Namen, Verloop, kort, reden_label
from statuses.mbo_ganger import vraagt_mbo
from statuses.models import SPOOR_AANMELDING, SPOOR_LEERPLICHT, Aanmelding, BuitenRegio, Gebeurtenis, Overstap
from statuses.risico import BUITEN_GESTOPT
from statuses.status import OPEN_OF_DEFINITIEF, Status
from statuses.weergave import tekst_voor
from statuses.zichtbaarheid import Veld
from vva_berichten.routering import label_op

_JA_NEE = {True: "ja", False: "nee", None: "nog niet bekend"}
_AANWEZIG = {"show": "gestart", "no_show": "niet gestart"}


@dataclass(frozen=True)
class Spoor:
    """One of the sporen beside the aanmeldingen: its status, or what stands there without one, and lines below it."""

    naam: str
    status: Status | None
    sinds: str
    leeg: str
    extra: str = ""
    regels: tuple[str, ...] = ()


def knop_van(actie: Knop, overstap: Overstap, deel: str, aanmelding: Aanmelding | None = None) -> dict[str, Any]:
    """A button for the template."""
    url = actie_url(actie, overstap.pk, deel=deel, aanmelding_id=aanmelding.pk if aanmelding else None)
    return {"naam": actie.knop, "url": url, "soort": actie.soort}


def aanmeldrij(
    a: Aanmelding,
    lijst: Lijst,
    o: Omgeving,
    overstap: Overstap,
    alle: Sequence[Aanmelding],
    deel: str,
    verloop: Verloop,
) -> dict[str, Any]:
    """One aanmelding as this role sees it, with the acts on it that will be accepted."""
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
        "regels": _regels(a, o, verloop.van(SPOOR_AANMELDING + a.nr)),
        "knoppen": [knop_van(x, overstap, deel, a) for x in acties if not x.corrigeert],
        "correcties": [knop_van(x, overstap, deel, a) for x in acties if x.corrigeert],
    }


def _regels(a: Aanmelding, o: Omgeving, gebeurtenissen: Sequence[Gebeurtenis]) -> list[str]:
    """How this aanmelding went, in a line; and what else is to know of it."""
    status, weg = (
        Status(a.status),
        [f"{Status(g.naar).label_op(g.geldig_op).lower()} {kort(g.geldig_op, o)}" for g in gebeurtenissen if g.naar],
    )
    if not weg:
        weg = [f"sinds {kort(a.status_datum, o)}"]
    if a.reden_code and o.ziet(Veld.REDEN):
        weg[-1] += f": {reden_label(status, a.reden_code, o).lower()}"
    uit = [" · ".join(dict.fromkeys(weg))]
    if a.aanmeld_datum is not None and status in OPEN_OF_DEFINITIEF:
        op_tijd = a.aanmeld_datum <= o.kalender["aanmelden_voor"]
        uit.append(
            f"Aangemeld op {kort(a.aanmeld_datum, o)}{': vóór 1 april, met recht op toelating' if op_tijd else ''}"
        )
    if a.aanwezigheid:
        loket = f" · gemeld bij het verzuimloket op {kort(a.verzuimloket_op, o)}" if a.verzuimloket_op else ""
        uit.append(f"{_AANWEZIG[a.aanwezigheid].capitalize()}{loket}")
    if a.advies and o.ziet(Veld.OPLEIDING):
        uit.append(f"Advies van het mbo: {a.advies}")
    return uit


def sporen_van(overstap: Overstap, o: Omgeving, verloop: Verloop) -> list[Spoor]:
    """Vo and leerplicht, for a role that sees them."""
    if not o.ziet(Veld.SPOREN):
        return []
    vo = Status(overstap.spoor_vo) if overstap.spoor_vo else None
    lp = Status(overstap.spoor_leerplicht) if overstap.spoor_leerplicht else None
    zeker = f" ({overstap.vo_zekerheid})" if overstap.vo_zekerheid else ""
    mbo: tuple[str, ...] = ()
    if vo and vraagt_mbo(overstap.vo_reden):
        mbo = (f"Gaat naar een mbo: {_JA_NEE[overstap.vo_naar_mbo]}",)
    return [
        Spoor(
            "Vo", vo, _sinds(overstap.vo_sinds, o), "geen vervolgkeuze vastgelegd",
            f"{reden_label(vo, overstap.vo_reden, o)}{zeker}" if vo and o.ziet(Veld.REDEN) else "",
            mbo if o.ziet(Veld.REDEN) else (),
        ),
        Spoor("Leerplicht", lp, _sinds(overstap.leerplicht_sinds, o), "niet ingeschakeld", regels=_leerplicht(overstap, o, verloop)),
    ]  # fmt: skip


def _sinds(dag: date | None, o: Omgeving) -> str:
    return kort(dag, o) if dag else ""


def _leerplicht(overstap: Overstap, o: Omgeving, verloop: Verloop) -> tuple[str, ...]:
    """Who has the leerling, and the last words of either side as far as this role reads them."""
    uit = []
    if overstap.spoor_leerplicht is None:
        return ()
    if overstap.leerplicht_gemeente_id:
        uit.append(f"Overgedragen aan {overstap.leerplicht_gemeente.naam}" if overstap.leerplicht_gemeente else "")
    if overstap.leerplicht_eigenaar_id and overstap.spoor_leerplicht != Status.LP_INGESCHAKELD:
        naam = Namen([overstap.leerplicht_eigenaar_id]).mensen.get(overstap.leerplicht_eigenaar_id, "")
        uit.append(f"Bij {naam}" if naam else "")
    for g in reversed(verloop.van(SPOOR_LEERPLICHT)):
        naar, toelichting = Status(g.naar) if g.naar else None, getattr(g, "toelichting", None)
        if tekst := tekst_voor(o.actor, g.spoor_naam, naar, toelichting):
            wie = "Toelichting van de school" if naar == Status.LP_INGESCHAKELD else "Leerplicht schrijft"
            uit.append(f"{wie}: “{tekst}”")
        if toelichting is not None and toelichting.contact and (o.ziet(Veld.LP_TEKST) or o.ziet(Veld.REDEN_TEKST)):
            uit.append(f"Contact op school: {toelichting.contact}")
        if naar == Status.LP_INGESCHAKELD:
            break  # what came before belongs to an earlier time
    return tuple(u for u in uit if u)


def buiten_van(overstap: Overstap, o: Omgeving) -> list[BuitenRegio] | None:
    """What an mbo outside the regio reported, newest first; None for a role that does not see this line."""
    if not o.ziet(Veld.BUITEN_REGIO):
        return None
    return list(BuitenRegio.objects.filter(overstap_id=overstap.pk).order_by("-status_datum", "pk"))


def buiten_regels(rijen: Sequence[BuitenRegio] | None, o: Omgeving) -> list[str] | None:
    """The fourth line in words."""
    if rijen is None:
        return None
    return [
        f"{label_op(r.status, r.status_datum)} · {r.mbo_naam or r.mbo_code} · {kort(r.status_datum, o)}" for r in rijen
    ]


def buiten_voorstel(
    overstap: Overstap,
    rijen: Sequence[BuitenRegio] | None,
    lijst: Lijst,
    o: Omgeving,
    alle: Sequence[Aanmelding],
    deel: str,
) -> dict[str, Any] | None:
    """The vervolgkeuze that such an aanmelding suggests, to take over with one click; None when there is none to take over.

    The form of the act itself is posted, filled in: what the rules and a colleague say about it holds here too.
    """
    lopend = [r for r in rijen or () if r.status not in BUITEN_GESTOPT]
    actie = next((a for a in lijst.acties if a.code == "vervolgkeuze"), None)
    if not lopend or actie is None or overstap.spoor_vo is not None:
        return None
    if tegen(actie, o, Doel(overstap, tuple(alle))) is not None:
        return None
    return {
        "url": actie_url(actie, overstap.pk, deel=deel),
        "mbo": lopend[0].mbo_naam or lopend[0].mbo_code,
        "velden": [
            ("reden", "mbo_buiten_regio"),
            ("zekerheid", zekerheid_buiten(lopend)),
            ("gezien", intussen.gezien_nu(overstap, alle, o).als_tekst()),
        ],
    }


def zekerheid_buiten(lopend: Sequence[BuitenRegio]) -> str:
    """How sure a vervolgkeuze is that these aanmeldingen suggest: only who is enrolled goes there for certain."""
    return "zeker" if lopend and all(r.status == "INGESCHREVEN" for r in lopend) else "verwacht"
