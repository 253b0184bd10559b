"""The instroomlijst of an mbo as data: a row is an aanmelding. What can be done with it stands in ``acties``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, Case, ExpressionWrapper, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from accounts.rechten import Recht
from overstap.mbo.acties import ACTIES
from overstap.mbo.levering import levering_van
from overstap.schermen.cellen import Cel, Kolom
from overstap.schermen.filters import AANMELDING_FILTERS, Filter, te_lang_q
from overstap.schermen.lijst import Chip, Lijst
from overstap.schermen.omgeving import Omgeving
from overstap.schermen.verloop import reden_label
from statuses.models import Aanmelding
from statuses.status import OPEN, TERUG, Status
from statuses.zichtbaarheid import naam_voor

S = Status
GEEN = "geen"  # in an address: this was not filled in


def _gelijk(veld: str, naam: str, label: str, leeg: Any, mogelijk: Sequence[str] = (), **rest: Any) -> Filter:
    """A filter on one plain field of an aanmelding, where ``geen`` finds those without."""

    def lees(waarde: str) -> str:
        if waarde != GEEN and (len(waarde) > 20 or (mogelijk and waarde not in mogelijk)):
            raise ValueError(f"Kies uit: {', '.join((*mogelijk, GEEN))}." if mogelijk else "Deze waarde is te lang.")
        return waarde

    def q(waarde: str, o: Omgeving) -> Q:
        return Q(**{veld: waarde}) if waarde != GEEN else leeg

    return Filter(naam, label, lees, q, **rest)


# With the name of the opleiding they give exactly one row of /opleidingen.
CREBO = _gelijk("crebo", "crebo", "Crebo", Q(crebo=""))
NIVEAU = _gelijk(
    "niveau", "niveau", "Niveau", Q(niveau__isnull=True), "1234", keuzes=lambda c: [(n, n) for n in "1234"]
)
VORM = _gelijk(
    "leerweg", "vorm", "Leerweg mbo", Q(leerweg=""),
    keuzes=lambda c: [(v, v.upper()) for v in sorted(c.get("vormen") or [])],
)  # fmt: skip


def _rijen(o: Omgeving) -> QuerySet[Aanmelding]:
    eigen: QuerySet[Aanmelding] = Aanmelding.objects.zichtbaar_voor(o.actor).filter(overstapjaar=o.jaar)
    return eigen.select_related("mbo", "overstap__leerling__gemeente", "overstap__vestiging")


def _naam(rij: Aanmelding, o: Omgeving) -> str:
    return naam_voor(o.actor, rij.overstap, lijst=True)


def _opleiding(rij: Aanmelding, o: Omgeving) -> Cel:
    delen = [f"niveau {rij.niveau}" if rij.niveau else "", rij.leerweg.upper()]
    return Cel(rij.opleiding, klein=" ".join(d for d in delen if d))


def _status(rij: Aanmelding, o: Omgeving) -> Cel:
    aanwezig = {"show": "gestart", "no_show": "niet gestart"}.get(rij.aanwezigheid, "")
    gemeld = f"verzuimloket {rij.verzuimloket_op:%d-%m-%Y}" if rij.verzuimloket_op else ""
    return Cel(status=rij.status_nu, klein=" · ".join(d for d in (aanwezig, gemeld) if d))


def _reden(rij: Aanmelding, o: Omgeving) -> Cel:
    if rij.status_nu not in TERUG:
        return Cel("")
    if not rij.reden_code:
        return Cel("reden ontbreekt", zacht=True)
    return Cel(reden_label(rij.status_nu, rij.reden_code, o), klein=f"advies: {rij.advies}" if rij.advies else "")


def _aangemeld(rij: Aanmelding, o: Omgeving) -> Cel:
    if rij.aanmeld_datum is None:
        return Cel("niet bekend", zacht=True)
    te_laat = rij.aanmeld_datum > o.kalender["aanmelden_voor"]
    return Cel(f"{rij.aanmeld_datum:%d-%m-%Y}", klein="na 1 april" if te_laat else "")


def _dagen(rij: Aanmelding, o: Omgeving) -> Cel:
    klein = "te lang" if getattr(rij, "te_lang", False) else ""
    return Cel(str((o.dag - rij.status_datum).days), klein=klein, getal=True)


def _annotaties(o: Omgeving) -> dict[str, Any]:
    vlag = ExpressionWrapper(Coalesce(te_lang_q(o), Value(False)), output_field=BooleanField())
    return {"te_lang": vlag}


# Who waits comes before who is ready.
_WACHT = Case(When(status__in=sorted(OPEN), then=Value(0)), default=Value(1))

# As shown: only where it stopped; those without a reden come first.
_ORDE_REDEN = Case(When(status__in=sorted(TERUG), then="reden_code"), default=Value(""))


def _chip(naam: str, *statussen: Status) -> Chip:
    return Chip(naam, {"status": ",".join(s.code for s in sorted(statussen))})


def _niets(rijen: Sequence[Any], o: Omgeving) -> None:
    """An aanmelding has all that its row shows."""


AANMELDINGEN = Lijst(
    pagina="leerlingen",
    titel="Aanmeldingen",
    eenheid=("aanmelding", "aanmeldingen"),
    rijen=_rijen,
    filters=(*AANMELDING_FILTERS, CREBO, NIVEAU, VORM),
    kolommen=(
        Kolom("naam", "Leerling", lambda r, o: Cel(_naam(r, o)), ("overstap__leerling__zoeknaam",)),
        Kolom("school", "School", lambda r, o: Cel(r.overstap.vestiging.naam, klein=r.overstap.klas), ("overstap__vestiging__naam",)),
        Kolom("opleiding", "Opleiding", _opleiding, ("opleiding",)),
        Kolom("status", "Status", _status, ("status",)),
        Kolom("aangemeld", "Aangemeld", _aangemeld, (Coalesce("aanmeld_datum", F("status_datum")),)),
        Kolom("sinds", "Dagen", _dagen, (_WACHT, "status_datum"), getal=True),
        Kolom("reden", "Reden", _reden, (_ORDE_REDEN,)),
    ),
    chips=(
        Chip("Alle aanmeldingen", {}),
        _chip("Aangemeld", S.AANGEMELD),
        _chip("Intake", S.INTAKE),
        _chip("Voorlopig", S.VOORLOPIG),
        _chip("Plaatsing aangeboden", S.OOK_AFGEDRUKT),
        _chip("Definitief", S.DEFINITIEF),
        _chip("Afgewezen of afgemeld", *TERUG),
        Chip("Langer dan afgesproken", {"over_tijd": "ja"}),
    ),
    acties=ACTIES,
    # Who waits longest stands on top.
    sorteer="sinds",
    naam_orde=("overstap__leerling__zoeknaam",),
    annotaties=_annotaties,
    verrijk=_niets,
    cijfers={"klassen": "overstap__klas", "opleidingen": "opleiding", "vormen": "leerweg"},
    kop=lambda o, vraag: ("mbo/_kop.html", {"levering": levering_van(o), "mag_nieuw": o.actor.mag(Recht.AANMELDING_WIJZIGEN)}),
    overstap=lambda rij: rij.overstap,
    naam=_naam,
    leeg="Er zijn geen aanmeldingen die hierbij passen. Lever een bestand aan, of kies een ander filter.",
)  # fmt: skip
