"""The list of leerplicht/RMC, as data: who lives in the own gemeente, was handed over to it, or (RMC) lives in the regio."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from accounts.models import Gebruiker
from overstap.leerplicht.acties import ACTIES
from overstap.schermen import overstaplijst as kolom
from overstap.schermen.cellen import Cel, Kolom
from overstap.schermen.filters import OVERSTAP_FILTERS, Filter
from overstap.schermen.lijst import Chip, Lijst
from overstap.schermen.omgeving import Omgeving
from overstap.schermen.verloop import kort
from statuses.models import Aanmelding, Overstap
from statuses.status import Status

S = Status
# The three lanes: what waits, what is in hand, what is done.
BANEN: dict[str, tuple[str, frozenset[Status]]] = {
    "ingeschakeld": ("Ingeschakeld", frozenset({S.LP_INGESCHAKELD})),
    "in_behandeling": ("In behandeling", frozenset({S.LP_IN_BEHANDELING})),
    "afgerond": ("Afgerond", frozenset({S.LP_AFGEHANDELD, S.LP_DEFINITIEF})),
}
IK = "ik"


def _aanmelding(**filters: Any) -> Q:
    return Q(Exists(Aanmelding.objects.filter(overstap_id=OuterRef("pk"), **filters)))


# Why a leerling is at risk: what LP2 narrows by.
AANLEIDINGEN: dict[str, tuple[str, Callable[[], Q]]] = {
    "zonder_aanmelding": ("Zonder aanmelding", lambda: Q(leidende_status=S.ZONDER_AANMELDING)),
    "afgemeld": ("Afgemeld", lambda: _aanmelding(status=S.AFGEMELD)),
    "afgewezen": ("Afgewezen", lambda: _aanmelding(status=S.AFGEWEZEN)),
    "no_show": ("Niet gestart", lambda: _aanmelding(status=S.DEFINITIEF, aanwezigheid="no_show")),
}


def _een_van(mogelijk: dict[str, Any]) -> Any:
    def lees(waarde: str) -> str:
        if waarde not in mogelijk:
            raise ValueError(f"{waarde!r} bestaat niet. Kies uit: {', '.join(mogelijk)}.")
        return waarde

    return lees


def _behandelaar(waarde: str) -> str | uuid.UUID:
    if waarde == IK:
        return waarde
    try:
        return uuid.UUID(waarde)
    except ValueError as fout:
        raise ValueError("Kies een behandelaar uit de lijst.") from fout


def _behandelaar_q(waarde: str | uuid.UUID, o: Omgeving) -> Q:
    return Q(leerplicht_eigenaar_id=o.actor.id if waarde == IK else waarde, spoor_leerplicht__isnull=False)


BAAN = Filter(
    "leerplicht", "Bij leerplicht", _een_van(BANEN), lambda v, o: Q(spoor_leerplicht__in=sorted(BANEN[v][1])), preset=True,
)  # fmt: skip
BEHANDELAAR = Filter(
    "behandelaar", "Behandelaar", _behandelaar, _behandelaar_q, keuzes=lambda c: [(IK, "Van mij"), *(c.get("behandelaars") or [])],
)  # fmt: skip
AANLEIDING = Filter(
    "aanleiding", "Aanleiding", _een_van(AANLEIDINGEN), lambda v, o: AANLEIDINGEN[v][1](),
    keuzes=lambda c: [(code, naam) for code, (naam, _) in AANLEIDINGEN.items()],
)  # fmt: skip


def _namen(ids: Sequence[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    return dict(Gebruiker.objects.filter(pk__in=[i for i in ids if i]).order_by("naam").values_list("pk", "naam"))


def _behandelaars(rijen: QuerySet[Overstap], o: Omgeving) -> dict[str, Any]:
    """Who has a leerling of this list, for the choice in the form. One query, and that of the mbo's."""
    bezig = rijen.filter(leerplicht_eigenaar_id__isnull=False, spoor_leerplicht__isnull=False).order_by()
    mensen = Gebruiker.objects.filter(pk__in=bezig.values("leerplicht_eigenaar_id"))
    namen = o.geheugen["behandelaars"] = dict(mensen.order_by("naam").values_list("pk", "naam"))
    anderen = [(str(pk), naam) for pk, naam in namen.items() if pk != o.actor.id]
    return {"behandelaars": anderen, **kolom.mbos(rijen, o)}


def _verrijk(rijen: Sequence[Overstap], o: Omgeving) -> None:
    """``behandelaar``: the name of who has it; the page looked these up for its choices, a file has not."""
    kolom.verrijk(rijen, o)
    namen = o.geheugen.get("behandelaars") or _namen([r.leerplicht_eigenaar_id for r in rijen])
    for rij in rijen:
        rij.behandelaar = namen.get(rij.leerplicht_eigenaar_id, "") if rij.leerplicht_eigenaar_id else ""  # type: ignore[attr-defined]


def _bij(rij: Overstap, o: Omgeving) -> Cel:
    if rij.spoor_leerplicht is None:
        return Cel("niet bij leerplicht", zacht=True)
    sinds = f"sinds {kort(rij.leerplicht_sinds, o)}" if rij.leerplicht_sinds else ""
    wie = "" if rij.spoor_leerplicht == S.LP_INGESCHAKELD else getattr(rij, "behandelaar", "")
    return Cel(wie or Status(rij.spoor_leerplicht).label.removeprefix("LP ").capitalize(), klein=sinds)


BIJ = Kolom("bij", "Bij leerplicht", _bij, (Coalesce("leerplicht_sinds", Value(date(9999, 1, 1))),))

LEERLINGEN = Lijst(
    pagina="leerlingen",
    titel="Leerlingen",
    eenheid=("leerling", "leerlingen"),
    rijen=kolom.overstappen,
    filters=(*OVERSTAP_FILTERS, BAAN, BEHANDELAAR, AANLEIDING),
    kolommen=(
        kolom.NAAM, kolom.SCHOOL, kolom.KLAS, kolom.WOONT, kolom.STATUS, kolom.MBO, BIJ, kolom.DAGEN, kolom.WAAROM,
    ),
    chips=(
        *(Chip(naam, {"leerplicht": code}) for code, (naam, _) in BANEN.items()),
        kolom.CHIP_RISICO, kolom.CHIP_ZONDER, kolom.CHIP_TERUG, kolom.CHIP_STILSTAND, kolom.CHIP_GEPLAATST,
        kolom.CHIP_VERVOLGKEUZE, kolom.CHIP_ALLE,
    ),
    acties=ACTIES,
    annotaties=kolom.annotaties,
    verrijk=_verrijk,
    naam=kolom.naam,
    cijfers=kolom.CIJFERS,
    keuzecijfers=_behandelaars,
    leeg="Er zijn geen leerlingen die hierbij passen. Kies een ander filter.",
)  # fmt: skip
