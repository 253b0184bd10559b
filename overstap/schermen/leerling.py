"""The page of one leerling: what holds, since when, who is to act and why, how it came so, and what this role may do now."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts.rechten import Recht, Rol
from overstap.schermen.acties import Doel, tegen
from overstap.schermen.blad import zoek_plek
from overstap.schermen.blokken import blokken_van
from overstap.schermen.lijst import Lijst, Vraag, rij_url
from overstap.schermen.omgeving import Omgeving
from overstap.schermen.overstaplijst import annotaties, status_voor
from overstap.schermen.sporen import (
    aanmeldrij,
    buiten_regels,
    buiten_van,
    buiten_voorstel,
    knop_van,
    sporen_van,
)
from overstap.schermen.verloop import verloop_van, zichtbare_aanmeldingen
from statuses.aan_zet import AanZet, aan_zet
from statuses.models import Aanmelding, Overstap
from statuses.risico import Signaal
from statuses.status import Partij, Status
from statuses.verwijzing import verwijzing
from statuses.waarom import waarom
from statuses.weergave import met_stand
from statuses.zichtbaarheid import Veld, naam_voor

_PARTIJEN = {Partij.VO: "de school", Partij.MBO: "het mbo", Partij.LEERPLICHT: "leerplicht"}
_EIGEN = {
    Rol.DECAAN: (Partij.VO, "uw school"),
    Rol.MANAGER_VO: (Partij.VO, "uw school"),
    Rol.MBO_MEDEWERKER: (Partij.MBO, "uw instelling"),
    Rol.MBO_MANAGER: (Partij.MBO, "uw instelling"),
    Rol.LEERPLICHT: (Partij.LEERPLICHT, "leerplicht, uw team"),
}
_JA_NEE = {True: "ja", False: "nee", None: "niet bekend"}


def _knoppen(
    lijst: Lijst, o: Omgeving, overstap: Overstap, alle: Sequence[Aanmelding], deel: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The acts on the overstap itself, each of which will be accepted: those at the top, and those with the data."""
    doel = Doel(overstap, tuple(alle))
    kan = [x for x in lijst.acties if x.op_pagina and not x.per_aanmelding and tegen(x, o, doel) is None]
    boven, bij = ([knop_van(x, overstap, deel) for x in kan if x.bij_gegevens == g] for g in (False, True))
    return boven, bij


def _signalen(overstap: Overstap, o: Omgeving) -> list[str]:
    proef = met_stand(Overstap.objects.filter(pk=overstap.pk), o.actor)
    vlaggen = proef.annotate(**annotaties(o)).values("is_risico", *(f"sig_{s.value}" for s in Signaal)).get()
    signalen = [s for s in Signaal if vlaggen[f"sig_{s.value}"]]
    status, sinds = status_voor(overstap, o)
    # The reason of a risico is what the status says already; its name is what the reader needs here.
    return [*(["risicoleerling"] if vlaggen["is_risico"] else []), *waarom(status, sinds, False, signalen, o.dag)]


def _aan_zet(status: Status | None, o: Omgeving) -> tuple[AanZet | None, str]:
    """The one party that is to act, and how this reader calls it."""
    if status is None:
        return None, ""
    zet = aan_zet(status, o.dag, o.kalender)
    eigen, naam = _EIGEN.get(o.actor.rol, (None, ""))
    return zet, naam if zet.partij == eigen else _PARTIJEN[zet.partij]


def _gegevens(overstap: Overstap, o: Omgeving) -> list[tuple[str, str]]:
    """What a school keeps of its leerling beside the statussen, in words."""
    if not o.ziet(Veld.PGN_APART):
        return []
    uit = [("Besproken met leerling en ouders", _JA_NEE[overstap.geinformeerd])]
    if o.instellingen.toestemming_vereist:
        uit.append(("Toestemming", _JA_NEE[overstap.toestemming]))
    if overstap.bezwaar:
        uit.append(("Bezwaar", "ja: schrijf geen toelichtingen"))
    if overstap.gedeeld_swv_op:
        uit.append(("Gedeeld met het samenwerkingsverband", "ja"))
    return uit


def leerling_context(
    request: HttpRequest, lijst: Lijst, o: Omgeving, overstap: Overstap, vraag: Vraag, rij: uuid.UUID | None = None
) -> dict[str, Any]:
    """All that templates/schermen/leerling.html shows for this role. ``rij``: its row in the list, where that is an aanmelding."""
    deel = vraag.url_deel()
    alle = list(overstap.aanmeldingen.select_related("mbo").order_by("nr"))
    aanmeldingen = zichtbare_aanmeldingen(overstap, o)
    overstap.lijst_aanmeldingen = aanmeldingen  # type: ignore[attr-defined]
    status, sinds = status_voor(overstap, o)
    zet, zet_wie = _aan_zet(status, o)
    verloop = verloop_van(overstap, aanmeldingen, o)
    buiten = buiten_van(overstap, o)
    knoppen, gegevens_knoppen = _knoppen(lijst, o, overstap, alle, deel)
    # Before the blokken: to look at something new can take the leerling out of the list where the viewer came from.
    bladeren = _bladeren(lijst, o, overstap, vraag, rij)
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
        "aan_zet_wie": zet_wie,
        "eindverantwoordelijk": zet is not None and zet.eindverantwoordelijk_vo and zet.partij != Partij.VO,
        "signalen": _signalen(overstap, o),
        "knoppen": knoppen,
        "gegevens": _gegevens(overstap, o),
        "gegevens_knoppen": gegevens_knoppen,
        "aanmeldingen": [aanmeldrij(a, lijst, o, overstap, alle, deel, verloop) for a in aanmeldingen],
        "sporen": sporen_van(overstap, o, verloop),
        "buiten": buiten_regels(buiten, o),
        "buiten_voorstel": buiten_voorstel(overstap, buiten, lijst, o, alle, deel),
        "verloop": verloop.momenten,
        "blokken": blokken_van(request, o, overstap, aanmeldingen),
        "melding_url": _melding_url(overstap, o),
        "pgn_mag": o.ziet(Veld.PGN_APART),
        "deel": deel,
        "rij": rij,
        **bladeren,
    }


def _melding_url(overstap: Overstap, o: Omgeving) -> str:
    """Where this role reports that a status is not right; empty for who may not."""
    return f"{reverse('melding-nieuw')}?overstap={overstap.pk}" if o.actor.mag(Recht.MELDEN) else ""


def _bladeren(lijst: Lijst, o: Omgeving, overstap: Overstap, vraag: Vraag, rij: uuid.UUID | None) -> dict[str, Any]:
    """The way back to the list, and "3 van 31, volgende" within it; an address without a list has no place in one."""
    deel = vraag.url_deel(**vraag.plaats())
    lijst_url = f"{reverse(lijst.pagina)}?{deel}" if deel else reverse(lijst.pagina)
    plek = zoek_plek(lijst, o, vraag, rij or overstap.pk) if deel else None
    if plek is None:
        return {"lijst_url": lijst_url, "plek": None}
    vorige, volgende = (rij_url(lijst, buur, deel) if buur else "" for buur in (plek.vorige, plek.volgende))
    return {"lijst_url": lijst_url, "plek": plek, "vorige_url": vorige, "volgende_url": volgende}
