"""The columns, chips and extras of a list of overstappen, shared by the roles that have one; each shows what its role sees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    ExpressionWrapper,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce, Concat

from overstap.schermen.cellen import Cel, Kolom
from overstap.schermen.lijst import Chip
from overstap.schermen.omgeving import Omgeving
from statuses.aan_zet import aan_zet
from statuses.models import Aanmelding, Overstap
from statuses.risico import Signaal
from statuses.status import Status
from statuses.waarom import waarom
from statuses.weergave import alleen_eigen, leidend_voor, met_stand, risico_voor, signaal_voor
from statuses.zichtbaarheid import Veld, naam_voor

_LANG_GELEDEN = Value(date(1, 1, 1))


def overstappen(o: Omgeving) -> QuerySet[Overstap]:
    """All overstappen of the jaar that this role sees, with what a row shows and what filters of its role need."""
    rijen: QuerySet[Overstap] = Overstap.objects.zichtbaar_voor(o.actor).filter(overstapjaar=o.jaar)
    return met_stand(rijen.select_related("leerling__gemeente", "vestiging"), o.actor)


def _vlag(q: Q) -> Any:
    return ExpressionWrapper(Coalesce(q, Value(False)), output_field=BooleanField())


def annotaties(o: Omgeving) -> dict[str, Any]:
    """risico and each signaal as a flag on the row."""
    vlaggen = {
        f"sig_{s.value}": _vlag(signaal_voor(o.actor, s, o.kalender, o.dag, o.actor.vorig_bezoek_op)) for s in Signaal
    }
    return {"is_risico": _vlag(risico_voor(o.actor, o.kalender, o.dag)), **vlaggen}


def verrijk(rijen: Sequence[Overstap], o: Omgeving) -> None:
    """``lijst_aanmeldingen``: those that this role sees, the leading one first. One query."""
    if not o.ziet(Veld.MBO_NAAM):
        return
    zichtbaar = Aanmelding.objects.select_related("mbo").order_by("-status", "nr")
    if alleen_eigen(o.actor):
        zichtbaar = zichtbaar.filter(mbo_id=o.actor.organisatie_id)
    prefetch_related_objects(list(rijen), Prefetch("aanmeldingen", zichtbaar, to_attr="lijst_aanmeldingen"))


def mbos(rijen: QuerySet[Overstap], o: Omgeving) -> dict[str, Any]:
    """The mbo's that these leerlingen have an aanmelding at, for the choice in the form. One query."""
    if not o.ziet(Veld.ALLE_AANMELDINGEN):
        return {}
    hier = Aanmelding.objects.filter(overstap_id__in=rijen.order_by().values("pk"))
    return {"mbos": list(hier.order_by("mbo__naam").values_list("mbo__code", "mbo__naam").distinct())}


def status_voor(overstap: Overstap, o: Omgeving) -> tuple[Status | None, date | None]:
    """The leidende status as this role sees it: an mbo only over its own aanmeldingen."""
    return leidend_voor(overstap, o.actor, getattr(overstap, "lijst_aanmeldingen", []))


def naam(overstap: Overstap, o: Omgeving) -> str:
    return naam_voor(o.actor, overstap, lijst=True)


def _klas(rij: Overstap, o: Omgeving) -> Cel:
    soort = rij.leerweg.upper() if rij.leerweg else rij.onderwijssoort
    return Cel(f"{rij.klas}\u00a0·\u00a0{soort}" if rij.klas else soort)


def _status(rij: Overstap, o: Omgeving) -> Cel:
    status, _ = status_voor(rij, o)
    return Cel(status=status) if status else Cel("niet aangevinkt", zacht=True)


def _aanmelding(rij: Overstap, o: Omgeving) -> Cel:
    lijst = getattr(rij, "lijst_aanmeldingen", [])
    if not lijst:
        return Cel("geen", zacht=True)
    eerste = lijst[0]
    tekst = f"{eerste.opleiding} · {eerste.mbo.naam}" if o.ziet(Veld.OPLEIDING) else eerste.mbo.naam
    return Cel(tekst, klein=f"+{len(lijst) - 1}" if len(lijst) > 1 else "")


def _dagen(rij: Overstap, o: Omgeving) -> Cel:
    _, sinds = status_voor(rij, o)
    return Cel(str((o.dag - sinds).days) if sinds else "", getal=True)


def _aan_zet(rij: Overstap, o: Omgeving) -> Cel:
    status, _ = status_voor(rij, o)
    return Cel(aan_zet(status, o.dag, o.kalender).partij.value if status else "vo")


def _waarom(rij: Overstap, o: Omgeving) -> Cel:
    signalen = [s for s in Signaal if getattr(rij, f"sig_{s.value}", False)]
    status, sinds = status_voor(rij, o)
    regels = waarom(status, sinds, getattr(rij, "is_risico", False), signalen, o.dag)
    return Cel(regels=tuple(regels))


def _eerste_aanmelding(*velden: Any) -> tuple[Any, ...]:
    """What the leading aanmelding reads; who has none stands first. For roles that see all aanmeldingen (no mbo)."""
    tekst = Concat(*velden, Value(""), output_field=TextField())
    eerste = Aanmelding.objects.filter(overstap_id=OuterRef("pk")).order_by("-status", "nr").values(t=tekst)[:1]
    return (Coalesce(Subquery(eerste), Value(""), output_field=TextField()),)


def _orde_aan_zet(o: Omgeving) -> tuple[Any, ...]:
    per_status = [When(leidende_status=s, then=Value(aan_zet(s, o.dag, o.kalender).partij.value)) for s in Status]
    return (Case(*per_status, default=Value("vo"), output_field=TextField()),)


def _orde_waarom(o: Omgeving) -> tuple[Any, ...]:
    """How many reasons there are, risico counting for most."""
    telt = [(risico_voor(o.actor, o.kalender, o.dag), len(Signaal))]
    telt += [(signaal_voor(o.actor, s, o.kalender, o.dag, o.actor.vorig_bezoek_op), 1) for s in Signaal]
    som: Any = Value(0)
    for q, gewicht in telt:
        som = som + Case(When(q, then=Value(gewicht)), default=Value(0))
    return (som,)


NAAM = Kolom("naam", "Leerling", lambda r, o: Cel(naam(r, o)), ("leerling__zoeknaam",), Veld.NAAM)
# For who may not see every name. No orde: on the name it would tell the alphabet of what it hides, and a reference has none.
VERWIJZING = Kolom("naam", "Leerling", lambda r, o: Cel(naam(r, o)))
KLAS = Kolom("klas", "Klas", _klas, ("klas",))
SCHOOL = Kolom("school", "School", lambda r, o: Cel(r.vestiging.naam), ("vestiging__naam",))
WOONT = Kolom(
    "woont", "Woont in", lambda r, o: Cel(r.leerling.gemeente.naam if r.leerling.gemeente else "buitenland"),
    (Coalesce("leerling__gemeente__naam", Value("")),), Veld.WOONGEMEENTE,
)  # fmt: skip
STATUS = Kolom("status", "Status", _status, (Coalesce("leidende_status", Value(0)),), Veld.LEIDENDE_STATUS)
AANMELDING = Kolom(
    "aanmelding", "Aanmelding", _aanmelding, lambda o: _eerste_aanmelding("opleiding", Value(" "), "mbo__naam"), Veld.OPLEIDING,
)  # fmt: skip
# For who sees the mbo and not the opleiding; then it does not sort on what it does not see either.
MBO = Kolom("aanmelding", "Aanmelding", _aanmelding, lambda o: _eerste_aanmelding("mbo__naam"), Veld.MBO_NAAM)
DAGEN = Kolom("sinds", "Dagen", _dagen, (Coalesce("leidend_sinds", _LANG_GELEDEN),), Veld.LEIDENDE_STATUS, getal=True)
AAN_ZET = Kolom("aanzet", "Actie door", _aan_zet, _orde_aan_zet, Veld.LEIDENDE_STATUS)
WAAROM = Kolom("waarom", "Waarom hier", _waarom, _orde_waarom, Veld.LEIDENDE_STATUS, eerst_af=True)

CIJFERS = {"klassen": "klas", "leerwegen": "leerweg", "soorten": "onderwijssoort"}


def chip_van(naam: str, *statussen: Status) -> Chip:
    return Chip(naam, {"status": ",".join(s.code for s in sorted(statussen))})


CHIP_ALLE = Chip("Alle overstappers", {})
CHIP_RISICO = Chip("Risico", {"risico": "ja"})
CHIP_ZONDER = chip_van("Zonder aanmelding", Status.ZONDER_AANMELDING)
CHIP_TERUG = chip_van("Afgewezen of afgemeld", Status.AFGEMELD, Status.AFGEWEZEN)
CHIP_STILSTAND = Chip("Stilstand", {"signaal": Signaal.STILSTAND.value})
CHIP_PLAATSEN = Chip("Meer plaatsen", {"signaal": Signaal.DUBBELE_PLAATSING.value})
CHIP_LEERPLICHT = chip_van("Bij leerplicht", Status.LP_INGESCHAKELD, Status.LP_IN_BEHANDELING)
CHIP_GEPLAATST = chip_van("Geplaatst", Status.DEFINITIEF)
CHIP_VERVOLGKEUZE = chip_van("Vervolgkeuze VO", Status.VERVOLGKEUZE_VO)
