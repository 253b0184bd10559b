"""What leerplicht reads before it calls a school or an mbo (LP4): per school and per mbo how many leerlingen are at risk.

Counts are those of the steps LP1, LP2 and LP3, so that each number opens exactly those leerlingen. Four statements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse

from accounts.actor import Actor
from overstap.basis import klok
from statuses.models import Aanmelding, Overstap
from statuses.regiokalender import kalenders
from statuses.selecties import selectie_q
from statuses.termijnen import jaar_naam
from statuses.werklijsten import PER_ID

STAPPEN = ("LP2", "LP1", "LP3")
_KOPPEN = ("Risico, nog niet in behandeling", "Ingeschakeld door de school", "In behandeling")


@dataclass(frozen=True, slots=True)
class Rij:
    """A school or an mbo; per step how many, and where to see them."""

    naam: str
    klein: str
    cellen: tuple[tuple[int, str, str], ...]
    contact_url: str


def _lijst(stap: str, jaar: str, veld: str, code: str) -> str:
    return f"{reverse('leerlingen')}?{urlencode({'stap': stap, veld: code, 'jaar': jaar})}"


def _contact(organisatie: str) -> str:
    try:
        return f"{reverse('contacten')}?{urlencode({'zoek': organisatie})}"
    except NoReverseMatch:
        return ""


def _rij(naam: str, klein: str, aantallen: Sequence[int], jaar: str, veld: str, code: str, organisatie: str) -> Rij:
    cellen = tuple(
        (n, _lijst(stap, jaar, veld, code) if n else "", PER_ID[stap].naam.lower())
        for stap, n in zip(STAPPEN, aantallen, strict=True)
    )
    return Rij(naam, klein, cellen, _contact(organisatie))


def pagina(actor: Actor, jaar: int) -> dict[str, Any]:
    """The context of the page, for leerplicht and the RMC-functie: the own gemeente, or the regio."""
    k = kalenders([actor.regio], [jaar])[actor.regio, jaar]
    dag = klok.vandaag()
    eigen = Overstap.objects.zichtbaar_voor(actor).filter(overstapjaar=jaar).order_by()
    q = {stap: selectie_q(stap, k, dag) for stap in STAPPEN}
    per_school = (
        eigen.values_list("vestiging__code", "vestiging__naam", "vestiging__gemeente__naam", "vestiging__organisatie__code")
        .annotate(**{stap: Count("pk", filter=q[stap]) for stap in STAPPEN})
        .filter(Q(LP1__gt=0) | Q(LP2__gt=0) | Q(LP3__gt=0))
    )  # fmt: skip
    binnen = {stap: Q(overstap_id__in=eigen.filter(q[stap]).values("pk")) for stap in STAPPEN}
    per_mbo = (
        Aanmelding.objects.filter(binnen["LP1"] | binnen["LP2"] | binnen["LP3"])
        .order_by()
        .values_list("mbo__code", "mbo__naam")
        .annotate(**{stap: Count("overstap_id", distinct=True, filter=binnen[stap]) for stap in STAPPEN})
    )
    naam = jaar_naam(jaar)
    scholen = [
        _rij(n, gemeente, aantallen, naam, "vestiging", code, org) for code, n, gemeente, org, *aantallen in per_school
    ]
    mbos = [_rij(n, code, aantallen, naam, "mbo", code, code) for code, n, *aantallen in per_mbo]
    return {
        "jaar": naam,
        "scholen": _op_risico(scholen),
        "mbos": _op_risico(mbos),
        "totaal": [(sum(r.cellen[i][0] for r in scholen), kop) for i, kop in enumerate(_KOPPEN)],
        "zonder_aanmelding": eigen.filter(q["LP2"], aantal_aanmeldingen=0).count(),
        "kolommen": {
            wat: [{"naam": wat}, *({"naam": kop, "getal": True} for kop in _KOPPEN), {"naam": "Contact"}]
            for wat in ("School", "Mbo")
        },
    }  # fmt: skip


def _op_risico(rijen: list[Rij]) -> list[Rij]:
    """Where most are waiting stands on top."""
    return sorted(rijen, key=lambda r: (-r.cellen[0][0], -r.cellen[1][0], r.naam))


__all__ = ["Rij", "pagina"]
