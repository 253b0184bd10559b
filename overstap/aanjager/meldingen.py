"""/vva/scholen: per school how far the reporting of potentiële mbo-gangers is, and the days that are left. Figures, and an Excel.

The counts come from vva_berichten.meldstand, by the rules that send. Who sees figures only is told
no small number (rapportages/klein.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, ClassVar

from django.db.models import CharField, QuerySet
from django.db.models.functions import MD5, Cast
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts import audit
from accounts.actor import Actor
from accounts.models import Vestiging
from accounts.rechten import Recht, Rol
from accounts.scope import OverstapRequest
from overstap.basis import klok
from overstap.basis.xlsx import Kolom, Waarde
from overstap.schermen.paginas import alleen
from rapportages.exports import registreer
from rapportages.exports.basis import BladInhoud, Deel, ExportSoort, Opdracht
from rapportages.klein import UITLEG, Getal, tel_op, verberg, verhul
from rapportages.scholen import overstappers, vestigingen_voor, zichtbare_overstappers, ziet_alleen_cijfers
from statuses.access import vereis
from statuses.models import Overstap
from statuses.regiokalender import kalenders
from statuses.termijnen import Kalender, gekozen_jaar, jaar_naam, nieuwste_jaar
from statuses.verwijzing import verwijzing
from statuses.zichtbaarheid import Veld, ziet
from vva_berichten import meldstand
from vva_berichten.geschikt import Meldstand
from vva_berichten.meldstand import Aantallen

# The columns between overstappers and percentage, in their order: they add up to the overstappers.
KOLOMMEN: tuple[tuple[Meldstand, str], ...] = (
    (Meldstand.GEMELD, "Gemeld"),
    (Meldstand.KLAAR, "Klaar, wacht op school"),
    (Meldstand.NOG_NIET, "Gaat vanzelf"),
    (Meldstand.VRAAG, "Mbo: ja of nee?"),
    (Meldstand.GEWEIGERD, "Geweigerd"),
    (Meldstand.NIET, "Hoeft niet"),
)
PER_KEER = 500


@dataclass(frozen=True, slots=True)
class School:
    """One vestiging with its counts, and how it reports."""

    vestiging: Vestiging
    aantallen: Aantallen
    bevestigt: bool


def _kalender(regio: str, jaar: int) -> Kalender:
    return kalenders([regio], [jaar])[regio, jaar]


def _leerlingen(actor: Actor, regio: str, jaar: int) -> QuerySet[Overstap]:
    return overstappers(regio, jaar) if ziet_alleen_cijfers(actor) else zichtbare_overstappers(actor, regio, jaar)


def scholen_van(actor: Actor, regio: str, jaar: int, codes: frozenset[str] | None = None) -> list[School]:
    """The vestigingen of this actor, those with the most to do first. A constant number of queries."""
    om = meldstand.omgeving([regio], _kalender(regio, jaar))
    per = meldstand.tel(_leerlingen(actor, regio, jaar), om)
    onbekend = meldstand.tel_onbekend(regio, jaar)
    uit = []
    vestigingen = vestigingen_voor(actor, regio, jaar).select_related("gemeente").order_by("naam", "code")
    if codes is not None:
        vestigingen = vestigingen.filter(code__in=sorted(codes))
    for v in vestigingen:
        aantallen = per.get(v.pk) or Aantallen()
        # A message that names no vestiging counts at the first one of its school.
        aantallen.onbekend = onbekend.pop(v.code, 0) + onbekend.pop(v.code[:4], 0)
        uit.append(School(v, aantallen, v.code in om.bevestigen))
    return sorted(uit, key=lambda s: -s.aantallen.nog_niet)


_ALLE = "overstappers"


class Cijfer:
    """How the counts of these schools are shown to this actor: what may not be told is not, to who may not see the rows."""

    def __init__(self, actor: Actor, scholen: Sequence[School]) -> None:
        self.onderdruk = ziet_alleen_cijfers(actor)
        delen = [stand.value for stand, _ in KOLOMMEN]
        self.rijen = {
            s.vestiging.code: {_ALLE: s.aantallen.overstappers} | {stand: s.aantallen.per[stand] for stand in delen}
            for s in scholen
        }
        self.weg = verberg(self.rijen, delen=delen, totaal=_ALLE) if self.onderdruk else {}

    def cel(self, s: School, wat: str = "") -> Getal:
        """The overstappers of a school, or those at one stand."""
        sleutel = (s.vestiging.code, wat or _ALLE)
        return self.weg.get(sleutel, self.rijen[sleutel[0]][sleutel[1]])

    def los(self, aantal: int) -> Getal:
        """A count that stands beside the sum."""
        return verhul(aantal) if self.onderdruk else aantal

    def som(self, scholen: Sequence[School], wat: str = "") -> Getal:
        """A total over schools; where one of them is not told, no more than what the told ones add up to."""
        return tel_op(self.cel(s, wat) for s in scholen)

    def procent(self, a: Aantallen, *scholen: School) -> float | None:
        """Reported, of those about whom something is to be told; None: nobody, or not told.

        With the reported beside it, it tells how many are still to come: so not where one of a row is not told.
        """
        weg = any((s.vestiging.code, stand.value) in self.weg for s in scholen for stand, _ in KOLOMMEN)
        return None if weg or not a.te_melden else round(100 * a.per[Meldstand.GEMELD] / a.te_melden, 1)


def _rij(s: School, cijfer: Cijfer) -> dict[str, Any]:
    a = s.aantallen
    codes = "" if cijfer.onderdruk else meldstand.codes_in_woorden(a.geweigerd)
    return {
        "vestiging": s.vestiging,
        "levering": "na bevestiging" if s.bevestigt else "vanzelf",
        "overstappers": cijfer.cel(s),
        "cellen": [
            (stand.value, cijfer.cel(s, stand.value), codes if stand == Meldstand.GEWEIGERD else "")
            for stand, _ in KOLOMMEN
        ],
        "wacht": cijfer.los(a.wacht) if a.wacht else "",
        "vragen": cijfer.los(a.vraag) if a.vraag > a.per[Meldstand.VRAAG] else "",
        "onbekend": cijfer.los(a.onbekend) if a.onbekend else "",
        "procent": cijfer.procent(a, s),
        "klaar": not a.nog_niet,
    }


def _totaal(scholen: Sequence[School], cijfer: Cijfer) -> dict[str, Any]:
    alle = meldstand.samen(s.aantallen for s in scholen)
    return {
        "overstappers": cijfer.som(scholen),
        "cellen": [cijfer.som(scholen, stand.value) for stand, _ in KOLOMMEN],
        "procent": cijfer.procent(alle, *scholen) if scholen else None,
        "codes": meldstand.codes_in_woorden(alle.geweigerd),
    }


@alleen("GET")
def toon(request: OverstapRequest) -> HttpResponse:
    """The overview; ``?toon=open`` leaves out the schools that are done."""
    actor = vereis(request, Recht.VVA_SCHOLEN_ZIEN)
    jaar = gekozen_jaar(request.GET.get("jaar"), klok.vandaag())
    k = _kalender(actor.regio, jaar)
    scholen = scholen_van(actor, actor.regio, jaar)
    open_ = [s for s in scholen if s.aantallen.nog_niet]
    alleen_open = request.GET.get("toon") == "open"
    getoond = open_ if alleen_open else scholen
    cijfer = Cijfer(actor, scholen)
    hier, naam = reverse("vva-scholen"), jaar_naam(jaar)
    vraag = "" if jaar == nieuwste_jaar(klok.vandaag()) else f"jaar={naam}"
    audit.log(actor, "vva.scholen_bekeken", object_soort="vva", aantal=len(getoond))
    context = {
        "jaar": naam,
        "dagen": (k["mbo_gangers_tot"] - klok.vandaag()).days,
        "uiterlijk": k["mbo_gangers_tot"],
        "begint": k["mbo_gangers_vanaf"],
        "begonnen": klok.vandaag() >= k["mbo_gangers_vanaf"],
        "rijen": [_rij(s, cijfer) for s in getoond],
        "totaal": _totaal(getoond, cijfer),
        "alleen_cijfers": cijfer.onderdruk,
        "kan_exporteren": actor.mag(Recht.EXPORTEREN),
        "eigen_berichten": actor.mag(Recht.VVA_ZIEN),
        "toon": "open" if alleen_open else "",
        "kolommen": [
            {"naam": "Vestiging"}, {"naam": "Overstappers", "getal": True},
            *({"naam": naam, "getal": True} for _, naam in KOLOMMEN), {"naam": "Gemeld van wie moet"},
        ],
        "chips": [
            {"naam": "Alle", "url": f"{hier}?{vraag}" if vraag else hier, "aantal": len(scholen), "actief": not alleen_open},
            {"naam": "Nog niet klaar", "url": f"{hier}?toon=open{'&' + vraag if vraag else ''}", "aantal": len(open_), "actief": alleen_open},
        ],
    }  # fmt: skip
    return render(request, "aanjager/meldingen.html", context)


# --- the Excel

_SCHOLEN = (
    Kolom("Vestiging", 11), Kolom("Naam", 38), Kolom("Gemeente", 18), Kolom("Melden gaat", 16), Kolom("Overstappers", 14, "getal"),
    *(Kolom(naam, 20, "getal") for _, naam in KOLOMMEN), Kolom("Gemeld van wie moet", 18, "procent"),
    Kolom("Geweigerd, per code", 28), Kolom("Wacht op gemeente (F107)", 22, "getal"), Kolom("Geweigerd, geen overstapper", 24, "getal"),
)  # fmt: skip
_LEERLINGEN = (
    Kolom("Vestiging", 11), Kolom("Leerling", 30), Kolom("Klas", 9), Kolom("Melding", 20), Kolom("Gemeld op", 12, "datum"),
    Kolom("Waarom", 60, "lang"), Kolom("Wat moet er gebeuren", 60, "lang"),
)  # fmt: skip
_NAAM = dict(KOLOMMEN)


class Meldingen(ExportSoort):
    """Per vestiging the counts of /vva/scholen, and for who may see them the leerlingen with the reason."""

    code: ClassVar[str] = "vva-scholen"
    naam: ClassVar[str] = "Mbo-gangers melden, per school"
    recht: ClassVar[Recht] = Recht.VVA_SCHOLEN_ZIEN

    def bladen(self, o: Opdracht) -> Sequence[BladInhoud]:
        scholen = scholen_van(o.actor, o.regio, o.overstapjaar, o.vestigingen)
        cijfer = self._cijfer(o, scholen)
        bladen = [BladInhoud("Scholen", _SCHOLEN, [_excel(s, cijfer) for s in scholen])]
        if not cijfer.onderdruk:
            bladen.append(BladInhoud("Leerlingen", _LEERLINGEN, _per_leerling(o)))
        return bladen

    @staticmethod
    def _cijfer(o: Opdracht, scholen: Sequence[School]) -> Cijfer:
        """Of all schools, also where a part is asked for: else one file would tell what another hides."""
        alle = scholen if o.vestigingen is None else scholen_van(o.actor, o.regio, o.overstapjaar)
        return Cijfer(o.actor, alle)

    def delen(self, o: Opdracht) -> Iterator[Deel]:
        """One file per vestiging with overstappers in it; the leerlingen of all come from one cursor."""
        scholen = {s.vestiging.code: s for s in scholen_van(o.actor, o.regio, o.overstapjaar, o.vestigingen)}
        cijfer = self._cijfer(o, list(scholen.values()))
        if cijfer.onderdruk:
            for code, school in sorted(scholen.items()):
                yield Deel(f"{code}.xlsx", (BladInhoud("Scholen", _SCHOLEN, [_excel(school, cijfer)]),))
            return
        for code, rijen in groupby(_per_leerling(o), key=itemgetter(0)):
            blad = BladInhoud("Scholen", _SCHOLEN, [_excel(scholen[str(code)], cijfer)])
            yield Deel(f"{code}.xlsx", (blad, BladInhoud("Leerlingen", _LEERLINGEN, rijen)))

    def definities(self, o: Opdracht) -> Sequence[tuple[str, str]]:
        return (
            ("Overstappers", "Aangevinkt en niet vertrokken. De zes kolommen erna tellen daartoe op."),
            ("Klaar, wacht op school", "De school wil elke melding bevestigen en heeft dat nog niet gedaan."),
            ("Gaat vanzelf", "Wordt gemeld zonder dat iemand iets doet, binnen een dag."),
            ("Mbo: ja of nee?", "Nog niet gemeld; de vervolgkeuze zegt niet of de leerling naar een mbo gaat. De school moet dat zeggen."),
            ("Geweigerd", "Nog niet gemeld; een bericht van het leerlingsysteem van de school is geweigerd."),
            ("Hoeft niet", "Havo of vwo, woont in het buitenland, of gaat zeker niet naar het mbo."),
            ("Gemeld van wie moet", "Gemeld, van alle overstappers zonder wie niet hoeft."),
            ("Wacht op gemeente (F107)", "Van de gemelden: de gemeente is nog niet aangesloten. Het bericht is bewaard en gaat vanzelf."),
            ("Geweigerd, geen overstapper", "Geweigerde berichten over iemand die hier niet is aangevinkt; telt niet mee in de andere kolommen."),
            *UITLEG,
        )  # fmt: skip


def _excel(s: School, cijfer: Cijfer) -> Sequence[Waarde]:
    v, a = s.vestiging, s.aantallen
    return (
        v.code, v.naam, v.gemeente.naam, "na bevestiging" if s.bevestigt else "vanzelf", cijfer.cel(s),
        *(cijfer.cel(s, stand.value) for stand, _ in KOLOMMEN), cijfer.procent(a, s),
        "" if cijfer.onderdruk else meldstand.codes_in_woorden(a.geweigerd), cijfer.los(a.wacht), cijfer.los(a.onbekend),
    )  # fmt: skip


def _per_leerling(o: Opdracht) -> Iterator[Sequence[Waarde]]:
    """The leerlingen with why and what to do, in chunks; a name only where this actor may read it."""
    om = meldstand.omgeving([o.regio], _kalender(o.regio, o.overstapjaar))
    met_naam = ziet(o.actor, Veld.NAAM)
    rijen = zichtbare_overstappers(o.actor, o.regio, o.overstapjaar)
    if o.vestigingen is not None:
        rijen = rijen.filter(vestiging__code__in=sorted(o.vestigingen))
    orde = "leerling__zoeknaam" if met_naam else MD5(Cast("pk", CharField()))
    rijen = rijen.select_related("leerling", "vestiging").order_by("vestiging__code", "klas", orde, "pk")
    keer: list[Overstap] = []
    for rij in rijen.iterator(chunk_size=PER_KEER):
        keer.append(rij)
        if len(keer) == PER_KEER:
            yield from _schrijf(o, keer, om, met_naam)
            keer = []
    yield from _schrijf(o, keer, om, met_naam)


def _schrijf(
    o: Opdracht, keer: Sequence[Overstap], om: meldstand.Omgeving, met_naam: bool
) -> Iterator[Sequence[Waarde]]:
    o.gezien.extend((o.regio, rij.leerling_id) for rij in keer)
    for r in meldstand.leg_uit(keer, om):
        overstap, u = r.overstap, r.uitleg
        bij_naam = met_naam or (o.actor.rol == Rol.AANJAGER and overstap.vestiging.deelt_namen)
        wie = overstap.leerling.lijstnaam if bij_naam else verwijzing(overstap.pk)
        yield (
            overstap.vestiging.code, wie, overstap.klas, _NAAM[u.stand],
            overstap.mbo_ganger_gemeld_op if u.stand == Meldstand.GEMELD else None, u.waarom, u.te_doen,
        )  # fmt: skip


registreer(Meldingen())
