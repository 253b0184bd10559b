"""What /rapportages shows: each ambitie for the own rows and the regio, a year before, havisten and pro/vso apart, and split up.

A constant number of statements. Footnote 3 of PROC: havisten and pro/vso stand apart as well as within the total.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.actor import Actor
from accounts.models import Regio
from accounts.rechten import Rol
from overstap.basis import klok
from rapportages.ambities import AmbitieStand, Groep
from rapportages.forms import PER
from rapportages.indicatoren import POPULATIE_KORT, POPULATIES
from rapportages.zicht import afbakening_voor, ambities_voor, dag_naam, jaar_eerder, procent, scholen_van
from statuses.referentie.onderwijs import HAVO_VWO
from statuses.termijnen import jaar_naam

_LEEG = Groep("", "", 0, 0, None)
# What a role calls its own rows; who has none sees the regio alone.
EIGEN: dict[Rol, str] = {
    Rol.DECAAN: "Uw school", Rol.MANAGER_VO: "Uw school", Rol.MBO_MEDEWERKER: "Uw instelling", Rol.MBO_MANAGER: "Uw instelling",
    Rol.LEERPLICHT: "Uw gemeente", Rol.AANJAGER: "Uw subregio",
    Rol.SAMENWERKINGSVERBAND: "Uw scholen",
}  # fmt: skip


def _duizend(getal: int | None) -> str:
    """ "4.962"."""
    return "" if getal is None else f"{getal:,}".replace(",", ".")


@dataclass(frozen=True, slots=True)
class Cijfer:
    """One percentage with what belongs to it; ``onderdrukt``: not told (rapportages.klein)."""

    groep: Groep
    norm: int
    populatie: str

    @property
    def tekst(self) -> str:
        g = self.groep
        if g.onderdrukt:
            return g.merk
        if g.percentage is None:
            return "geen leerlingen"
        return f"{procent(g.percentage)} ({self.teller} van {self.noemer})"

    @property
    def teller(self) -> str:
        return _duizend(self.groep.teller)

    @property
    def noemer(self) -> str:
        return _duizend(self.groep.noemer)

    @property
    def onder(self) -> bool:
        return self.groep.percentage is not None and self.groep.percentage < self.norm


@dataclass(frozen=True, slots=True)
class Regel:
    """One ambitie: own and regio side by side. ``eigen`` None: this role has no rows, or the ambitie has no stand there."""

    naam: str
    label: str
    norm: int
    populatie: str
    uitleg: str
    nu: bool
    eigen: Cijfer | None
    regio: Cijfer
    vorig: Cijfer | None
    havo: Cijfer
    pro: Cijfer


def _een(standen: list[AmbitieStand]) -> dict[str, Groep]:
    """The one group of each ambitie, for figures of a whole."""
    return {s.ambitie.code: s.groepen[0] if s.groepen else _LEEG for s in standen}


def overzicht(actor: Actor, velden: dict[str, Any]) -> dict[str, Any]:
    """The context of the page, from the cleaned query."""
    regio, jaar = velden["regio"] or actor.regio, velden["jaar"]
    dag = velden["peildatum"] or klok.vandaag()
    regels = Regio.objects.get(pk=regio)
    grens = afbakening_voor(actor)
    # The RMC-functie and an aanjager of everything see the regio's rows: one column says it all.
    eigen = actor.rol in EIGEN and not actor.is_rmc and not (actor.rol == Rol.AANJAGER and not actor.subregio_ids)
    vast: dict[str, Any] = {"regio": regio, "bekend_op": velden["bekend"], "regels": regels}
    nu: dict[str, Any] = {**vast, "overstapjaar": jaar, "peildatum": dag}
    hele = ambities_voor(actor, **nu)
    eigen_nu = _een(ambities_voor(actor, eigen=True, **nu)) if eigen else {}
    vorig = _een(ambities_voor(actor, eigen=eigen, **{**vast, "overstapjaar": jaar - 1, "peildatum": jaar_eerder(dag)}))
    havo = _een(ambities_voor(actor, eigen=eigen, onderwijssoorten=sorted(HAVO_VWO), **nu))
    pro = _een(ambities_voor(actor, eigen=eigen, onderwijssoorten=("pro", "vso"), **nu))
    per = velden["per"]
    volgende = next((s.ambitie.code for s in hele if s.datum >= dag), None)

    def regel(s: AmbitieStand) -> Regel:
        code, norm = s.ambitie.code, s.ambitie.norm
        kort = POPULATIE_KORT[s.ambitie.populatie]

        def cijfer(groep: Groep | None) -> Cijfer:
            return Cijfer(groep or _LEEG, norm, kort)

        return Regel(
            dag_naam(s.datum), s.ambitie.label, norm, kort, POPULATIES[s.ambitie.populatie], code == volgende,
            cijfer(eigen_nu[code]) if code in eigen_nu else None,
            cijfer(s.groepen[0] if s.groepen else None),
            cijfer(vorig[code]) if vorig.get(code, _LEEG).noemer != 0 else None,
            cijfer(havo.get(code)), cijfer(pro.get(code)),
        )  # fmt: skip

    return {
        "regels": [regel(s) for s in hele],
        "eigen": EIGEN[actor.rol] if eigen else "",
        "regio_naam": regels.naam,
        "regio": regio,
        "jaar": jaar_naam(jaar),
        "dag": dag,
        "is_vandaag": dag == klok.vandaag(),
        "bekend": velden["bekend"],
        "ziet_rijen": grens is not None,
        "zonder_scholen": actor.rol == Rol.SAMENWERKINGSVERBAND and not scholen_van(actor),
        **_uitgesplitst(actor, per, nu),
    }


def _uitgesplitst(actor: Actor, per: str, vraag: dict[str, Any]) -> dict[str, Any]:
    """A table: a row per group, a column per ambitie."""
    standen = ambities_voor(actor, per=per, **vraag)
    namen = {g.groep: g.naam for s in standen for g in s.groepen}
    groepen = [{g.groep: g for g in s.groepen} for s in standen]
    rijen = []
    for code, naam in sorted(namen.items(), key=lambda paar: (paar[1].casefold(), paar[0])):
        cellen = [
            Cijfer(per_groep.get(code, _LEEG), s.ambitie.norm, POPULATIE_KORT[s.ambitie.populatie])
            for s, per_groep in zip(standen, groepen, strict=True)
        ]
        rijen.append((naam, code if code != naam else "", cellen))
    koppen = [{"naam": f"{dag_naam(s.datum)} · {s.ambitie.norm}%", "getal": True} for s in standen]
    van = "uw scholen" if actor.rol == Rol.SAMENWERKINGSVERBAND else "hele regio"
    return {"per": PER[per], "van": van, "rijen": rijen, "kolommen": [{"naam": PER[per]}, *koppen]}
