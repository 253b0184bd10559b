"""What /voortgang shows to a school (MV1): per vestiging, per decaan and per klas how far it is, beside the ambities.

A constant number of statements. Bron: domein.md 3, MV1.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.urls import NoReverseMatch, reverse

from accounts import instellingen
from accounts.actor import Actor
from accounts.models import Lidmaatschap, Regio
from accounts.rechten import Rol
from overstap.basis import klok
from rapportages.ambities import percentage, tel, tellingen_van
from rapportages.indicatoren import POPULATIES, Ambitie
from rapportages.scholen_op_dag import EXTRA, School, scholen_op
from rapportages.schoolcontacten import Afspraak, afspraken_van
from rapportages.zicht import cijfers_van, dag_naam, kaarten_voor
from statuses.selecties import vestigingen_van
from statuses.status import LEERPLICHT_AAN_HET_WERK, TERUG, Status
from statuses.termijnen import jaar_naam, kalender_van

KOLOMMEN = ("Overstappers", "", "%", "Zonder", "Terug", "Leerplicht", "Geplaatst")


@dataclass(frozen=True, slots=True)
class Regel:
    """One row of figures: of a vestiging, a decaan or a klas."""

    naam: str
    klein: str
    overstappers: int
    teller: int
    noemer: int
    zonder: int
    terug: int
    leerplicht: int
    geplaatst: int
    url: str = ""
    vraag: str = ""  # of the list of exactly these leerlingen; "" where no filter says so
    verschil: int | None = None
    afspraak: Afspraak | None = None

    @property
    def percentage(self) -> Decimal | None:
        return percentage(self.teller, self.noemer)

    @property
    def cellen(self) -> list[tuple[int, str, str]]:
        """(how many, where to see them, what they are) of the four statussen."""
        delen = (
            (self.zonder, (Status.ZONDER_AANMELDING,), "zonder aanmelding"),
            (self.terug, sorted(TERUG), "afgewezen of afgemeld"),
            (self.leerplicht, sorted(LEERPLICHT_AAN_HET_WERK), "bij leerplicht"),
            (self.geplaatst, (Status.DEFINITIEF,), "geplaatst"),
        )
        return [(n, _lijst(self.vraag, statussen) if n and self.vraag else "", wat) for n, statussen, wat in delen]

    @property
    def lijst_url(self) -> str:
        return _lijst(self.vraag, ()) if self.vraag else ""


def _lijst(vraag: str, statussen: Collection[Status]) -> str:
    status = f"&status={','.join(s.code for s in statussen)}" if statussen else ""
    return f"{reverse('leerlingen')}?{vraag}{status}"


def pagina(actor: Actor, jaar: int) -> dict[str, Any]:
    """The context of the page, for who works at one school."""
    regels = Regio.objects.get(pk=actor.regio)
    vandaag = klok.vandaag()
    eigen = vestigingen_van(actor)
    uit = scholen_op(eigen, actor.regio, jaar, vandaag)
    afspraken = afspraken_van([s.vestiging.pk for s in uit.scholen], jaar)
    naam = jaar_naam(jaar)
    klassen = _klassen(actor, regels, jaar, uit.ambitie)
    decanen = _decanen(actor, uit.scholen)
    return {
        "jaar": naam,
        "ambitie": uit.ambitie,
        "populatie": POPULATIES[uit.ambitie.populatie],
        "datum": dag_naam(uit.datum),
        "kaarten": kaarten_voor(actor, jaar, regels),
        "vestigingen": [_vestiging(s, naam, afspraken.get(s.vestiging.pk, [])) for s in uit.scholen],
        "decanen": decanen,
        "klassen": klassen,
        "kolommen": {
            wat: [{"naam": kop} for kop in [wat]] + _koppen(uit.ambitie, met=wat == "Vestiging")
            for wat in ("Vestiging", "Decaan", "Klas")
        },
    }


def _koppen(ambitie: Ambitie, *, met: bool) -> list[dict[str, Any]]:
    vast = [{"naam": naam or ambitie.label.capitalize(), "getal": bool(naam)} for naam in KOLOMMEN]
    return [vast[0], *([{"naam": "± vorig jaar", "getal": True}] if met else []), *vast[1:], *([{"naam": "Afgesproken"}] if met else [])]  # fmt: skip


def _vestiging(s: School, jaar: str, afspraken: Sequence[Afspraak]) -> Regel:
    code = s.vestiging.code
    try:
        url = f"{reverse('school', args=[code])}?jaar={jaar}"
    except NoReverseMatch:
        url = ""
    return Regel(
        s.vestiging.naam, f"{s.soorten} · {code}", s.overstappers, s.teller, s.noemer, s.zonder, s.terug, s.leerplicht,
        s.geplaatst, url, urlencode({"vestiging": code, "jaar": jaar}), s.verschil, afspraken[0] if afspraken else None,
    )  # fmt: skip


def _decanen(actor: Actor, scholen: Sequence[School]) -> list[Regel]:
    """Per decaan of the school the figures of the vestigingen in the lidmaatschap; one for the whole school has them all."""
    per = {s.vestiging.pk: s for s in scholen}
    vestigingen = Lidmaatschap.vestigingen.through.objects.filter(lidmaatschap=OuterRef("pk")).values("vestiging_id")
    leden = (
        Lidmaatschap.objects.filter(
            Q(beeindigd_op__isnull=True) | Q(beeindigd_op__gt=klok.vandaag()),
            organisatie_id=actor.eigen_organisatie, rol=Rol.DECAAN, gebruiker__is_active=True,
        )
        .annotate(van=ArraySubquery(vestigingen))
        .order_by("gebruiker__naam", "pk")
        .values_list("gebruiker__naam", "van")
    )  # fmt: skip
    uit = []
    for naam, van in leden:
        eigen = [per[pk] for pk in van if pk in per] if van else list(per.values())
        if eigen:
            uit.append(_samen(naam, "hele school" if not van else ", ".join(s.vestiging.naam for s in eigen), eigen))
    return uit


def _samen(naam: str, klein: str, scholen: Sequence[School]) -> Regel:
    velden = ("overstappers", "teller", "noemer", "zonder", "terug", "leerplicht", "geplaatst")
    return Regel(naam, klein, *(sum(getattr(s, veld) for s in scholen) for veld in velden))


def _klassen(actor: Actor, regels: Regio, jaar: int, ambitie: Ambitie) -> list[Regel]:
    """Per klas of the own vestigingen; a leerling without a klas stands under "zonder klas"."""
    kal = kalender_van(instellingen.van(regels), jaar)
    tellingen = f"{tellingen_van((ambitie,))}, {EXTRA}"
    rijen = tel(kal, actor.regio, klok.vandaag(), "klas", tellingen, afbakening=cijfers_van(actor))
    uit = []
    for sleutel, vestiging, teller, noemer, overstappers, zonder, terug, leerplicht, geplaatst, _ in rijen:
        code, _, klas = sleutel.partition("|")
        vraag = urlencode({"vestiging": code, "klas": klas, "jaar": jaar_naam(jaar)}) if klas else ""
        uit.append(
            Regel(
                klas or "zonder klas", vestiging, overstappers, teller, noemer, zonder, terug, leerplicht, geplaatst, vraag=vraag
            )
        )  # fmt: skip
    return sorted(uit, key=lambda r: (r.klein, r.naam))


__all__ = ["Regel", "pagina"]
