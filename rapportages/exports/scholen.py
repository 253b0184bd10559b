"""The Excel of the aanjager: figures per vestiging, the leerlingen behind them, and how it was made.

Bron: raakvlakken.md, Export ``scholen``. Every cell as the viewer's role sees it (statuses.zichtbaarheid).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import BooleanField, CharField, ExpressionWrapper, Q, QuerySet, Value
from django.db.models.functions import MD5, Cast, Coalesce

from accounts.actor import Actor
from accounts.models import Vestiging
from accounts.rechten import Recht, Rol
from overstap.basis.xlsx import Kolom, Waarde
from rapportages.exports.basis import BladInhoud, Deel, ExportSoort, Opdracht
from rapportages.klein import UITLEG
from rapportages.scholen import GEEN, Stand, standen, vestigingen_voor, zichtbare_overstappers
from statuses.models import Aanmelding
from statuses.regiokalender import kalenders
from statuses.risico import Signaal
from statuses.status import OPEN_OF_DEFINITIEF, Status
from statuses.verwijzing import verwijzing
from statuses.weergave import alleen_eigen, met_stand, signaal_voor, status_q
from statuses.zichtbaarheid import Veld, ziet

PER_KEER = 1000

SCHOLEN = (
    Kolom("Vestiging", 11), Kolom("Naam", 38), Kolom("Gemeente", 18), Kolom("Subregio", 22), Kolom("Overstappers", 14, "getal"),
    Kolom("Aangemeld of verder", 20, "getal"), Kolom("Percentage", 12, "procent"), Kolom("Zonder aanmelding", 18, "getal"),
    Kolom("Afgewezen of afgemeld", 22, "getal"), Kolom("Bij leerplicht", 14, "getal"), Kolom("Geplaatst", 11, "getal"),
    Kolom("Vervolgkeuze VO", 16, "getal"),
)  # fmt: skip
LEERLINGEN = (
    Kolom("Vestiging", 11), Kolom("Leerling", 30), Kolom("Klas", 9), Kolom("Onderwijssoort", 15), Kolom("Leerweg", 10),
    Kolom("Status", 22), Kolom("Sinds", 12, "datum"), Kolom("Mbo", 34), Kolom("Opleiding", 34), Kolom("Actie door", 12),
    Kolom("Signalen", 40),
)  # fmt: skip
SIGNALEN: dict[Signaal, str] = {
    Signaal.STILSTAND: "stilstand",
    Signaal.NO_SHOW: "niet gestart",
    Signaal.TERUGVAL: "teruggevallen",
    Signaal.AFGEWEZEN_MET_ANDERE_OPEN: "afgewezen, andere aanmelding open",
    Signaal.DUBBELE_PLAATSING: "meer dan één plaats",
    Signaal.VERVOLGKEUZE_MET_AANMELDING: "vervolgkeuze en toch aangemeld",
    Signaal.BUITEN_DE_REGIO: "buiten de regio",
    Signaal.GEPLAATST_MAAR_BIJ_LEERPLICHT: "geplaatst en bij leerplicht",
}
_ORDE = ("vestiging__code", "klas")
_VELDEN = (
    "vestiging__code", "pk", "leerling_id", "klas", "onderwijssoort", "leerweg", "vestiging__deelt_namen", "leerling__achternaam",
    "leerling__voornaam", "leerling__tussenvoegsel",
)  # fmt: skip


class Scholen(ExportSoort):
    """Per vestiging the figures by leidende status, and the leerlingen."""

    code = "scholen"
    naam = "Scholen en hun overstappers"
    recht = Recht.EXPORTEREN

    def bladen(self, o: Opdracht) -> Sequence[BladInhoud]:
        scholen = (_school(v, s) for v, s in _scholen(o))
        return (BladInhoud("Scholen", SCHOLEN, scholen), BladInhoud("Leerlingen", LEERLINGEN, leerlingen(o)))

    def delen(self, o: Opdracht) -> Iterator[Deel]:
        """One file per vestiging with overstappers in it; the leerlingen of all come from one cursor."""
        scholen = {v.code: (v, s) for v, s in _scholen(o)}
        for code, rijen in groupby(leerlingen(o), key=itemgetter(0)):
            vestiging, stand = scholen[str(code)]
            yield Deel(
                f"{vestiging.code} {_bestandsnaam(vestiging.naam)}.xlsx",
                (
                    BladInhoud("Scholen", SCHOLEN, [_school(vestiging, stand)]),
                    BladInhoud("Leerlingen", LEERLINGEN, rijen),
                ),
            )

    def definities(self, o: Opdracht) -> Sequence[tuple[str, str]]:
        return _definities(o.actor)


def _bestandsnaam(naam: str) -> str:
    """What every system takes in a file name."""
    return "".join(teken if teken.isalnum() or teken in " -,()" else "-" for teken in naam).strip()[:80]


def _scholen(o: Opdracht) -> list[tuple[Vestiging, Stand]]:
    per_vestiging = standen(o.actor, o.regio, o.overstapjaar)
    lijst = vestigingen_voor(o.actor, o.regio, o.overstapjaar).select_related("gemeente__subregio").order_by("code")
    if o.vestigingen is not None:
        lijst = lijst.filter(code__in=o.vestigingen)
    return [(v, per_vestiging.get(v.pk, GEEN)) for v in lijst]


def _school(v: Vestiging, s: Stand) -> Sequence[Waarde]:
    procent: Waarde = "geen leerlingen" if s.percentage is None else s.percentage
    subregio = v.gemeente.subregio.naam if v.gemeente.subregio else ""
    return (
        v.code, v.naam, v.gemeente.naam, subregio, s.overstappers, s.aangemeld, procent, s.zonder,
        s.terug, s.leerplicht, s.geplaatst, s.vervolgkeuze,
    )  # fmt: skip


def _vlag(q: Q) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(Coalesce(q, Value(False)), output_field=BooleanField())


def _rijen(o: Opdracht) -> QuerySet[Any, tuple[Any, ...]]:
    """The rows that the actor may see, as tuples: the fields, status, since when, and a flag per signaal."""
    rijen = met_stand(zichtbare_overstappers(o.actor, o.regio, o.overstapjaar), o.actor)
    if o.vestigingen is not None:
        rijen = rijen.filter(vestiging__code__in=o.vestigingen)
    if o.statussen is not None:
        rijen = rijen.filter(status_q(o.actor, o.statussen))
    k = kalenders([o.regio], [o.overstapjaar])[o.regio, o.overstapjaar]
    vlaggen: dict[str, Any] = {f"sig_{s.value}": _vlag(signaal_voor(o.actor, s, k, o.peildatum)) for s in Signaal}
    stand = ("eigen_status", "eigen_sinds") if alleen_eigen(o.actor) else ("leidende_status", "leidend_sinds")
    # Without names the order may not tell the alphabet either.
    orde = "leerling__zoeknaam" if ziet(o.actor, Veld.NAAM) else MD5(Cast("pk", CharField()))
    return rijen.annotate(**vlaggen).order_by(*_ORDE, orde, "pk").values_list(*_VELDEN, *stand, *vlaggen)


def leerlingen(o: Opdracht) -> Iterator[Sequence[Waarde]]:
    """One row per overstap, read in chunks: two statements per thousand, whatever the number."""
    keer: list[tuple[Any, ...]] = []
    for rij in _rijen(o).iterator(chunk_size=PER_KEER):
        keer.append(rij)
        if len(keer) == PER_KEER:
            yield from _schrijf_keer(o, keer)
            keer = []
    yield from _schrijf_keer(o, keer)


def _schrijf_keer(o: Opdracht, keer: Sequence[tuple[Any, ...]]) -> Iterator[Sequence[Waarde]]:
    aanmeldingen = _aanmeldingen(o.actor, [rij[1] for rij in keer]) if keer else {}
    o.gezien.extend((o.regio, rij[2]) for rij in keer)
    noemt_namen = ziet(o.actor, Veld.NAAM)
    aanjager = o.actor.rol == Rol.AANJAGER
    for code, pk, _, klas, soort, leerweg, deelt, achternaam, voornaam, tussen, nummer, sinds, *vlaggen in keer:
        status = Status(nummer) if nummer else None
        bij_naam = noemt_namen or (aanjager and deelt)
        wie = f"{achternaam}, {voornaam} {tussen}".strip() if bij_naam else verwijzing(pk)
        mbos, opleidingen = aanmeldingen.get(pk, ("", ""))
        yield (
            code, wie, klas, soort, leerweg, status.label_op(sinds) if status and sinds else "", sinds, mbos, opleidingen,
            status.info.actie_door.value if status else "",
            "; ".join(SIGNALEN[s] for s, aan in zip(Signaal, vlaggen, strict=True) if aan),
        )  # fmt: skip


def _aanmeldingen(actor: Actor, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[str, str]]:
    """Per overstap the mbo's and the opleidingen, in the same order: those that are open or definitief, else the last stopped."""
    if not ziet(actor, Veld.MBO_NAAM):
        return {}
    noemt_opleiding = ziet(actor, Veld.OPLEIDING)
    zichtbaar = Aanmelding.objects.filter(overstap_id__in=ids)
    if alleen_eigen(actor):
        zichtbaar = zichtbaar.filter(mbo_id=actor.organisatie_id)
    per: dict[uuid.UUID, list[tuple[int, str, str]]] = defaultdict(list)
    rijen = zichtbaar.order_by("overstap_id", "-status", "-status_datum", "nr")
    for overstap, status, mbo, opleiding in rijen.values_list("overstap_id", "status", "mbo__naam", "opleiding"):
        per[overstap].append((status, mbo, opleiding))
    uit = {}
    for overstap, lijst in per.items():
        lopend = [rij for rij in lijst if rij[0] in OPEN_OF_DEFINITIEF] or lijst[:1]
        uit[overstap] = (
            "; ".join(dict.fromkeys(rij[1] for rij in lopend)),
            "; ".join(rij[2] for rij in lopend) if noemt_opleiding else "",
        )
    return uit


def _definities(actor: Actor) -> list[tuple[str, str]]:
    wie = (
        "De naam van de leerling."
        if ziet(actor, Veld.NAAM)
        else "De naam waar de school ervoor koos om namen te delen; anders een korte verwijzing die ook op de pagina van "
        "de leerling bij de school staat."
    )
    return [
        ("Overstappers", "Leerlingen die zijn aangevinkt als overstapper en niet zijn vertrokken."),
        ("Aangemeld of verder", "Leidende status 7 tot en met 10 of 12: aangemeld, intake, voorlopig, plaatsing aangeboden, definitief."),
        ("Percentage", "Aangemeld of verder, van de overstappers, op één decimaal afgerond (vanaf 5 naar boven)."),
        ("Zonder aanmelding", "Leidende status 1."),
        ("Afgewezen of afgemeld", "Leidende status 4 of 5."),
        ("Bij leerplicht", "Leidende status 13 of 14. Deze leerlingen kunnen ook een aanmelding hebben; die telt hier niet mee."),
        ("Geplaatst", "Leidende status 12."),
        ("Vervolgkeuze VO", "Leidende status 6: gaat niet naar een mbo in deze regio."),
        ("Leidende status", "Het hoogste nummer van alles wat geldt. Het nummer zegt welke status voorgaat, niet hoe ver iemand is."),
        ("Leerling", wie),
        ("Mbo en Opleiding", "De aanmeldingen die open of definitief zijn, anders de laatste die stopte; alleen wat uw rol ziet."),
        ("Actie door", "Wie bij deze status als eerste iets moet doen."),
        *UITLEG,
        ("Zorgvuldig", "Dit bestand gaat over minderjarigen. Bewaar het niet langer dan nodig en stuur het niet per e-mail rond."),
    ]  # fmt: skip
