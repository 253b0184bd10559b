"""What a list can be narrowed by, as data: one :class:`Filter` per readable query parameter (raakvlakken.md, Pages).

"Preset" filters are what a chip stands for (status, risico, stap ...); the others stay when another chip is chosen.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.models import Organisatie, Vestiging
from overstap.schermen.omgeving import Omgeving
from rapportages.doorlooptijden import Normen, over_tijd_q
from statuses.models import Aanmelding, Overstap
from statuses.risico import Signaal
from statuses.selecties import SELECTIES, selectie_q
from statuses.status import CODES, Status
from statuses.waarom import LABELS
from statuses.weergave import aandacht_q, signaal_voor, status_q
from statuses.werklijsten import PER_ID, Op
from statuses.zichtbaarheid import Veld
from statuses.zoeken import plat

Keuze = tuple[str, str]


@dataclass(frozen=True)
class Filter:
    """One query parameter. ``lees`` raises ValueError with a Dutch sentence; ``keuzes`` makes it a choice in the form."""

    naam: str
    label: str
    lees: Callable[[str], Any]
    q: Callable[[Any, Omgeving], Q]
    preset: bool = False
    keuzes: Callable[[dict[str, Any]], list[Keuze]] | None = None
    veld: Veld | None = None  # only for roles that see this field
    woord: Callable[[str], str] = lambda waarde: waarde  # how people would say this value, in a file or on paper


def _tekst(waarde: str) -> str:
    if len(waarde) > 60:
        raise ValueError("Dit filter is te lang. Gebruik hoogstens 60 tekens.")
    return waarde


def _ja_nee(waarde: str) -> bool:
    if waarde not in ("ja", "nee"):
        raise ValueError(f"{waarde!r} is hier niet mogelijk. Kies ja of nee.")
    return waarde == "ja"


def _uit(mogelijk: dict[str, Any], wat: str) -> Callable[[str], Any]:
    def lees(waarde: str) -> Any:
        onbekend = [w for w in waarde.split(",") if w not in mogelijk]
        if onbekend:
            raise ValueError(f"{wat} {onbekend[0]!r} bestaat niet. Kies uit: {', '.join(mogelijk)}.")
        return [mogelijk[w] for w in waarde.split(",")]

    return lees


def _stap(waarde: str) -> str:
    if waarde not in PER_ID:
        raise ValueError(f"Stap {waarde!r} bestaat niet. Kies een stap op de pagina Vandaag.")
    return waarde


def _zoek(waarde: str) -> str:
    if len(waarde.strip()) < 2:
        raise ValueError("Typ minstens twee letters van de achternaam.")
    return plat(_tekst(waarde))


def _zoek_q(term: str, o: Omgeving) -> Q:
    # A range and no LIKE: LIKE is not leakproof, so under row level security it would not use the index.
    return Q(leerling__zoeknaam__gte=term, leerling__zoeknaam__lt=term + "\U0010ffff")


def _stap_q(stap: str, o: Omgeving) -> Q:
    rij = PER_ID[stap]
    if o.actor.rol not in rij.rollen:
        raise ValueError(f"Stap {stap} hoort niet bij uw rol. Kies een stap op de pagina Vandaag.")
    if rij.id not in SELECTIES or rij.op == Op.VESTIGING:
        raise ValueError(f"Stap {stap} gaat niet over leerlingen. Open deze stap op de pagina Vandaag.")
    q = selectie_q(rij, o.kalender, o.dag, o.actor)
    if rij.op == Op.AANMELDING:
        return Q(Exists(Aanmelding.objects.zichtbaar_voor(o.actor).filter(q, overstap_id=OuterRef("pk"))))
    return q


def _risico_q(waarde: bool, o: Omgeving) -> Q:
    """Risicoleerlingen and those with a signaal (raakvlakken.md, REST API)."""
    q = aandacht_q(o.actor, o.kalender, o.dag) & Q(gemarkeerd_sinds__isnull=False)
    return q if waarde else ~q


def _signaal_q(signalen: list[Signaal], o: Omgeving) -> Q:
    q = Q(pk__in=[])
    for signaal in signalen:
        q |= signaal_voor(o.actor, signaal, o.kalender, o.dag, o.actor.vorig_bezoek_op)
    return q & Q(gemarkeerd_sinds__isnull=False)


def te_lang_q(o: Omgeving) -> Q:
    """On Aanmelding: waits longer at its status than was agreed. Made once a request, of what came along with the regio's."""
    if "over_tijd" not in o.geheugen:
        o.geheugen["over_tijd"] = over_tijd_q([Normen.in_regio(regio) for regio in o.regios.values()], o.dag)
    q: Q = o.geheugen["over_tijd"]
    return q


def _over_tijd_q(waarde: bool, o: Omgeving) -> Q:
    """Those with an aanmelding that this role sees and that waits longer than its mbo agreed."""
    q = Q(Exists(Aanmelding.objects.zichtbaar_voor(o.actor).filter(te_lang_q(o), overstap_id=OuterRef("pk"))))
    return q if waarde else ~q


def _gemarkeerd_q(waarde: bool, o: Omgeving) -> Q:
    return Q(gemarkeerd_sinds__isnull=not waarde)


def _per_code(labels: Mapping[str, str]) -> Callable[[str], str]:
    return lambda waarde: ", ".join(labels.get(w, w) for w in waarde.split(","))


def _naam_van(model: type[Organisatie] | type[Vestiging]) -> Callable[[str], str]:
    return lambda code: model.objects.filter(code=code).values_list("naam", flat=True).first() or code


_STATUSLABELS = {code: status.label for code, status in CODES.items()}


def _uit_cijfers(naam: str) -> Callable[[dict[str, Any]], list[Keuze]]:
    return lambda cijfers: [(w, w) for w in sorted(cijfers.get(naam) or [])]


_SOORTEN = {s: s for s in ("vmbo", "havo", "vwo", "pro", "vso", "vavo", "isk")}
_LEERWEGEN = {s: s for s in ("bb", "kb", "gl", "tl")}

STATUS = Filter(
    "status", "Status", _uit(dict(CODES), "Status"), lambda v, o: status_q(o.actor, v), preset=True,
    woord=_per_code(_STATUSLABELS),
)  # fmt: skip
RISICO = Filter("risico", "Risico", _ja_nee, _risico_q, preset=True)
SIGNAAL = Filter(
    "signaal", "Signaal", _uit({s.value: s for s in Signaal}, "Signaal"), _signaal_q, preset=True,
    woord=_per_code({s.value: label for s, label in LABELS.items()}),
)  # fmt: skip
STAP = Filter("stap", "Stap", _stap, _stap_q, preset=True)
OVER_TIJD = Filter("over_tijd", "Langer dan afgesproken", _ja_nee, _over_tijd_q, preset=True, veld=Veld.MBO_NAAM)
GEMARKEERD = Filter("gemarkeerd", "Aangevinkt", _ja_nee, _gemarkeerd_q, preset=True)
KLAS = Filter("klas", "Klas", _tekst, lambda v, o: Q(klas=v), keuzes=_uit_cijfers("klassen"))
LEERWEG = Filter(
    "leerweg", "Leerweg", _uit(_LEERWEGEN, "Leerweg"), lambda v, o: Q(leerweg__in=v),
    keuzes=lambda c: [(w, w) for w in _LEERWEGEN if w in (c.get("leerwegen") or [])],
)  # fmt: skip
ONDERWIJSSOORT = Filter(
    "onderwijssoort", "Soort", _uit(_SOORTEN, "Onderwijssoort"), lambda v, o: Q(onderwijssoort__in=v),
    keuzes=lambda c: [(w, w) for w in _SOORTEN if w in (c.get("soorten") or [])],
)  # fmt: skip
MBO = Filter(
    "mbo", "Mbo", _tekst,
    lambda v, o: Q(Exists(Aanmelding.objects.filter(overstap_id=OuterRef("pk"), mbo__code=v))),
    keuzes=lambda c: c.get("mbos") or [], veld=Veld.MBO_NAAM, woord=_naam_van(Organisatie),
)  # fmt: skip
VESTIGING = Filter("vestiging", "Vestiging", _tekst, lambda v, o: Q(vestiging__code=v), woord=_naam_van(Vestiging))
# The word does not repeat it: what stands in a file or in its Verantwoording must not say whom somebody looked for.
ZOEK = Filter("zoek", "Naam", _zoek, _zoek_q, veld=Veld.NAAM, woord=lambda waarde: "er is op een naam gezocht")

OVERSTAP_FILTERS: tuple[Filter, ...] = (
    STATUS, RISICO, SIGNAAL, STAP, OVER_TIJD, GEMARKEERD, KLAS, LEERWEG, ONDERWIJSSOORT, MBO, VESTIGING, ZOEK,
)  # fmt: skip


def op_aanmelding(filter_: Filter) -> Filter:
    """The same filter for a list of aanmeldingen: those whose overstap fits."""

    def q(waarde: Any, o: Omgeving) -> Q:
        return Q(overstap_id__in=Overstap.objects.filter(filter_.q(waarde, o)).values("pk"))

    return dataclasses.replace(filter_, q=q)


def _stap_aanmelding_q(stap: str, o: Omgeving) -> Q:
    rij = PER_ID[stap]
    if rij.op == Op.AANMELDING and o.actor.rol in rij.rollen:
        return selectie_q(rij, o.kalender, o.dag, o.actor)
    return Q(overstap_id__in=Overstap.objects.filter(_stap_q(stap, o)).values("pk"))


AANMELDING_FILTERS: tuple[Filter, ...] = (
    Filter(
        "status",
        "Status",
        _uit(dict(CODES), "Status"),
        lambda v, o: Q(status__in=v),
        preset=True,
        woord=_per_code(_STATUSLABELS),
    ),
    dataclasses.replace(STAP, q=_stap_aanmelding_q),
    dataclasses.replace(OVER_TIJD, q=lambda v, o: te_lang_q(o) if v else ~te_lang_q(o)),
    *(op_aanmelding(f) for f in (KLAS, LEERWEG, ONDERWIJSSOORT, VESTIGING, ZOEK)),
    Filter("opleiding", "Opleiding", _tekst, lambda v, o: Q(opleiding=v), keuzes=_uit_cijfers("opleidingen")),
)

__all__ = ["AANMELDING_FILTERS", "OVERSTAP_FILTERS", "Filter", "Status", "op_aanmelding"]
