"""What one role sees of an overstap, as typed values: the narrowing of ``zichtbaarheid.VELDEN`` in one place.

API, pages and exports start from these; a field that the role does not see is None or an empty tuple here already.
A constant number of queries for any number of rows. Bron: domein.md 1; raakvlakken.md.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Prefetch, Q, QuerySet, Value, prefetch_related_objects
from django.db.models.functions import Coalesce

from accounts.actor import Actor
from overstap.basis import klok
from statuses import eigen
from statuses.aan_zet import aan_zet
from statuses.models import SPOOR_AANMELDING, Aanmelding, BuitenRegio, Gebeurtenis, Overstap, Toelichting
from statuses.regiokalender import kalenders
from statuses.risico import Signaal, risico_q, signaal_q
from statuses.status import OPEN_OF_DEFINITIEF, Partij, Spoor, Status
from statuses.termijnen import Kalender
from statuses.zichtbaarheid import Veld, ziet

# Who left for another regio needs no look here any more.
_HIER = Q(gesloten_op__isnull=True)


@dataclass(frozen=True, slots=True)
class LeerlingBeeld:
    voornaam: str
    tussenvoegsel: str
    achternaam: str
    geboortedatum: date
    gemeentecode: str | None


@dataclass(frozen=True, slots=True)
class RedenBeeld:
    code: str
    tekst: str


@dataclass(frozen=True, slots=True)
class OpleidingBeeld:
    crebo: str
    naam: str
    niveau: int | None
    leerweg: str


@dataclass(frozen=True, slots=True)
class AanmeldingBeeld:
    id: uuid.UUID
    nr: int
    aanmeld_id: str
    mbo_code: str
    mbo_naam: str
    opleiding: OpleidingBeeld | None
    status: Status
    status_datum: date
    reden: RedenBeeld | None
    aanwezigheid: str


@dataclass(frozen=True, slots=True)
class BuitenRegioBeeld:
    mbo_code: str
    mbo_naam: str
    status: str
    status_datum: date


@dataclass(frozen=True, slots=True)
class GebeurtenisBeeld:
    volgnr: int
    spoor: Spoor
    mbo_code: str | None
    aanmeld_id: str | None
    van: Status | None
    naar: Status | None
    geldig_op: date
    geregistreerd_op: datetime
    bron: str
    reden: RedenBeeld | None


@dataclass(frozen=True, slots=True)
class OverstapBeeld:
    """One overstap as this role sees it. ``leidend`` is over the own aanmeldingen for an mbo."""

    id: uuid.UUID
    versie: int
    overstapjaar: int
    vestiging_code: str
    vestiging_naam: str
    klas: str
    onderwijssoort: str
    leerweg: str | None
    leerling: LeerlingBeeld | None
    leidend: Status | None
    sinds: date | None
    aan_zet: Partij | None
    risico: bool
    signalen: tuple[Signaal, ...]
    ziet_sporen: bool
    vo: Status | None
    leerplicht: Status | None
    mbo_ganger: bool | None
    aanmeldingen: tuple[AanmeldingBeeld, ...]
    buiten_de_regio: tuple[BuitenRegioBeeld, ...]
    gebeurtenissen: tuple[GebeurtenisBeeld, ...]


def alleen_eigen(actor: Actor) -> bool:
    """Whether this role sees its own aanmeldingen only (an mbo)."""
    return ziet(actor, Veld.EIGEN_AANMELDINGEN) and not ziet(actor, Veld.ALLE_AANMELDINGEN)


def met_stand(rijen: QuerySet[Overstap], actor: Actor) -> QuerySet[Overstap]:
    """The same rows, ready to be filtered by :func:`status_q` and :func:`aandacht_q` of this actor."""
    if alleen_eigen(actor):
        assert actor.organisatie_id is not None
        return rijen.annotate(**eigen.annotaties(actor.organisatie_id))
    return rijen


def status_q(actor: Actor, statussen: Iterable[Status]) -> Q:
    """The leidende status as this actor sees it is one of these."""
    veld = "eigen_status__in" if alleen_eigen(actor) else "leidende_status__in"
    return Q(**{veld: sorted(statussen)})


def risico_voor(actor: Actor, k: Kalender, dag: date) -> Q:
    q = eigen.risico_q(k, dag) if alleen_eigen(actor) else risico_q(k, dag)
    return q & _HIER


def signaal_voor(actor: Actor, signaal: Signaal, k: Kalender, dag: date, gezien: datetime | None = None) -> Q:
    """Rows with this signaal, as far as this actor may know it; ``gezien``: when it last looked, for terugval."""
    if alleen_eigen(actor):
        assert actor.organisatie_id is not None
        return eigen.signaal_q(signaal, k, dag, actor.organisatie_id, gezien=gezien) & _HIER
    if signaal == Signaal.BUITEN_DE_REGIO and not ziet(actor, Veld.BUITEN_REGIO):
        return Q(pk__in=[])
    return signaal_q(signaal, k, dag, gezien=gezien) & Q(gemarkeerd_sinds__isnull=False) & _HIER


def aandacht_q(actor: Actor, k: Kalender, dag: date) -> Q:
    """``risico=ja``: the risicoleerlingen and those with a signaal."""
    q = risico_voor(actor, k, dag)
    for signaal in Signaal:
        q |= signaal_voor(actor, signaal, k, dag)
    return q


def beelden(
    rijen: Sequence[Overstap], actor: Actor, *, dag: date | None = None, verloop: bool = False
) -> list[OverstapBeeld]:
    """What the actor sees of these rows (loaded with leerling and vestiging), in their order; ``verloop`` adds the gebeurtenissen."""
    if not rijen:
        return []
    dag = dag or klok.vandaag()
    _laad_aanmeldingen(rijen, actor)
    k = kalenders((r.regio_id for r in rijen), (r.overstapjaar for r in rijen))
    vlaggen = _vlaggen(rijen, actor, k, dag)
    buiten = _buiten(rijen) if ziet(actor, Veld.BUITEN_REGIO) else {}
    teksten = _teksten(rijen) if ziet(actor, Veld.REDEN_TEKST) else {}
    stappen = _gebeurtenissen(rijen, actor) if verloop and ziet(actor, Veld.VERLOOP) else {}
    return [
        _beeld(rij, actor, k[(rij.regio_id, rij.overstapjaar)], dag, vlaggen, buiten, teksten, stappen) for rij in rijen
    ]


def aanmeldingen_bij(rijen: Sequence[Overstap]) -> dict[uuid.UUID, list[str]]:
    """Per overstap the names of the mbo's where an aanmelding is open or definitief; one query. For who sees ``Veld.MBO_NAAM``."""
    uit: dict[uuid.UUID, list[str]] = defaultdict(list)
    open_of = Aanmelding.objects.filter(overstap_id__in=[r.pk for r in rijen], status__in=sorted(OPEN_OF_DEFINITIEF))
    for overstap_id, naam in open_of.order_by("mbo__naam").values_list("overstap_id", "mbo__naam").distinct():
        uit[overstap_id].append(naam)
    return uit


def _laad_aanmeldingen(rijen: Sequence[Overstap], actor: Actor) -> None:
    """``beeld_aanmeldingen`` on each row: those that this role sees, in the order of their number."""
    zichtbaar = Aanmelding.objects.select_related("mbo").order_by("nr")
    if alleen_eigen(actor):
        zichtbaar = zichtbaar.filter(mbo_id=actor.organisatie_id)
    elif not ziet(actor, Veld.ALLE_AANMELDINGEN):
        zichtbaar = zichtbaar.none()
    prefetch_related_objects(list(rijen), Prefetch("aanmeldingen", zichtbaar, to_attr="beeld_aanmeldingen"))


def _vlag(q: Q) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(Coalesce(q, Value(False)), output_field=BooleanField())


def _vlaggen(
    rijen: Sequence[Overstap], actor: Actor, k: dict[tuple[str, int], Kalender], dag: date
) -> dict[uuid.UUID, tuple[bool, tuple[Signaal, ...]]]:
    """Risico and signalen per row: one query per regio and jaar among the rows, not per row."""
    uit: dict[uuid.UUID, tuple[bool, tuple[Signaal, ...]]] = {}
    per: dict[tuple[str, int], list[uuid.UUID]] = defaultdict(list)
    for rij in rijen:
        per[(rij.regio_id, rij.overstapjaar)].append(rij.pk)
    for sleutel, ids in per.items():
        vragen: dict[str, Any] = {"vlag_risico": _vlag(risico_voor(actor, k[sleutel], dag))}
        for signaal in Signaal:
            vragen[f"vlag_{signaal.value}"] = _vlag(signaal_voor(actor, signaal, k[sleutel], dag))
        vraag = met_stand(Overstap.objects.filter(pk__in=ids), actor).annotate(**vragen)
        for pk, risico, *aan in vraag.values_list("pk", *vragen):
            uit[pk] = (risico, tuple(s for s, waar in zip(Signaal, aan, strict=True) if waar))
    return uit


def _buiten(rijen: Sequence[Overstap]) -> dict[uuid.UUID, list[BuitenRegioBeeld]]:
    uit: dict[uuid.UUID, list[BuitenRegioBeeld]] = defaultdict(list)
    for rij in BuitenRegio.objects.filter(overstap_id__in=[r.pk for r in rijen]).order_by("mbo_code", "aanmeld_id"):
        uit[rij.overstap_id].append(BuitenRegioBeeld(rij.mbo_code, rij.mbo_naam, rij.status, rij.status_datum))
    return uit


def _teksten(rijen: Sequence[Overstap]) -> dict[tuple[uuid.UUID, int], str]:
    """The text at the last gebeurtenis of each aanmelding: by overstap and spoor number."""
    laatste = (
        Gebeurtenis.objects.filter(overstap_id__in=[r.pk for r in rijen], spoor__gte=SPOOR_AANMELDING)
        .order_by("overstap_id", "spoor", "-volgnr")
        .distinct("overstap_id", "spoor")
        .values_list("overstap_id", "spoor", "toelichting__tekst")
    )
    return {(overstap, spoor): tekst or "" for overstap, spoor, tekst in laatste}


def _gebeurtenissen(rijen: Sequence[Overstap], actor: Actor) -> dict[uuid.UUID, list[Gebeurtenis]]:
    uit: dict[uuid.UUID, list[Gebeurtenis]] = defaultdict(list)
    alle = Gebeurtenis.objects.filter(overstap_id__in=[r.pk for r in rijen]).select_related("toelichting")
    for gebeurtenis in alle.order_by("overstap_id", "volgnr"):
        uit[gebeurtenis.overstap_id].append(gebeurtenis)
    return uit


def tekst_voor(actor: Actor, spoor: Spoor, naar: Status | None, toelichting: Toelichting | None) -> str:
    """The words at a step, as far as this role reads them: a case text of leerplicht is its own.

    The school reads what it wrote itself when it called leerplicht in, and what leerplicht wrote for it.
    """
    if toelichting is None:
        return ""
    if spoor != Spoor.LEERPLICHT:
        return toelichting.tekst if ziet(actor, Veld.REDEN_TEKST) else ""
    if ziet(actor, Veld.LP_TEKST):
        return " · ".join(t for t in (toelichting.tekst, toelichting.voor_school) if t)
    if not (ziet(actor, Veld.REDEN_TEKST) and ziet(actor, Veld.SPOREN)):
        return ""
    return toelichting.tekst if naar in (None, Status.LP_INGESCHAKELD) else toelichting.voor_school


def _reden(actor: Actor, code: str, tekst: str) -> RedenBeeld | None:
    """The reden as this role sees it; ``tekst`` is what it may read already."""
    code = code if ziet(actor, Veld.REDEN) else ""
    return RedenBeeld(code, tekst) if code or tekst else None


def _aanmelding(a: Aanmelding, actor: Actor, teksten: dict[tuple[uuid.UUID, int], str]) -> AanmeldingBeeld:
    status = Status(a.status)
    return AanmeldingBeeld(
        id=a.pk,
        nr=a.nr,
        aanmeld_id=a.aanmeld_id,
        mbo_code=a.mbo.code,
        mbo_naam=a.mbo.naam,
        opleiding=OpleidingBeeld(a.crebo, a.opleiding, a.niveau, a.leerweg) if ziet(actor, Veld.OPLEIDING) else None,
        status=status,
        status_datum=a.status_datum,
        reden=_reden(actor, a.reden_code, teksten.get((a.overstap_id, SPOOR_AANMELDING + a.nr), "")),
        aanwezigheid=a.aanwezigheid,
    )


def _stap(g: Gebeurtenis, actor: Actor, aanmeldingen: dict[int, Aanmelding]) -> GebeurtenisBeeld | None:
    """None for a step on a spoor that this role does not see."""
    spoor = g.spoor_naam
    aanmelding = aanmeldingen.get(g.spoor - SPOOR_AANMELDING) if spoor == Spoor.AANMELDING else None
    if aanmelding is None and (spoor == Spoor.AANMELDING or not ziet(actor, Veld.SPOREN)):
        return None
    naar = Status(g.naar) if g.naar else None
    return GebeurtenisBeeld(
        volgnr=g.volgnr,
        spoor=spoor,
        mbo_code=aanmelding.mbo.code if aanmelding else None,
        aanmeld_id=aanmelding.aanmeld_id if aanmelding else None,
        van=Status(g.van) if g.van else None,
        naar=naar,
        geldig_op=g.geldig_op,
        geregistreerd_op=g.geregistreerd_op,
        bron=g.bron,
        reden=_reden(actor, g.reden_code, tekst_voor(actor, spoor, naar, getattr(g, "toelichting", None))),
    )


def _leerling(rij: Overstap, actor: Actor) -> LeerlingBeeld | None:
    if not ziet(actor, Veld.NAAM):
        return None
    persoon = rij.leerling
    return LeerlingBeeld(
        persoon.voornaam, persoon.tussenvoegsel, persoon.achternaam, persoon.geboortedatum, persoon.gemeente_id
    )


def leidend_voor(rij: Overstap, actor: Actor, aanmeldingen: Sequence[Aanmelding]) -> tuple[Status | None, date | None]:
    """The leidende status and its date as this actor sees it; ``aanmeldingen`` are the visible ones."""
    if not alleen_eigen(actor):
        return rij.status, rij.leidend_sinds
    if not aanmeldingen:
        return None, None
    hoogste = min(aanmeldingen, key=lambda a: (-a.status, a.status_datum))
    return Status(hoogste.status), hoogste.status_datum


def _beeld(
    rij: Overstap,
    actor: Actor,
    k: Kalender,
    dag: date,
    vlaggen: dict[uuid.UUID, tuple[bool, tuple[Signaal, ...]]],
    buiten: dict[uuid.UUID, list[BuitenRegioBeeld]],
    teksten: dict[tuple[uuid.UUID, int], str],
    stappen: dict[uuid.UUID, list[Gebeurtenis]],
) -> OverstapBeeld:
    aanmeldingen: list[Aanmelding] = rij.beeld_aanmeldingen  # type: ignore[attr-defined]
    leidend, sinds = leidend_voor(rij, actor, aanmeldingen)
    risico, signalen = vlaggen.get(rij.pk, (False, ()))
    per_nr = {a.nr: a for a in aanmeldingen}
    sporen = ziet(actor, Veld.SPOREN)
    verloop = [_stap(g, actor, per_nr) for g in stappen.get(rij.pk, ())]
    return OverstapBeeld(
        id=rij.pk,
        versie=rij.versie,
        overstapjaar=rij.overstapjaar,
        vestiging_code=rij.vestiging.code,
        vestiging_naam=rij.vestiging.naam,
        klas=rij.klas,
        onderwijssoort=rij.onderwijssoort,
        leerweg=rij.leerweg,
        leerling=_leerling(rij, actor),
        leidend=leidend,
        sinds=sinds,
        aan_zet=aan_zet(leidend, dag, k).partij if leidend else None,
        risico=risico,
        signalen=signalen,
        ziet_sporen=sporen,
        vo=Status(rij.spoor_vo) if sporen and rij.spoor_vo else None,
        leerplicht=Status(rij.spoor_leerplicht) if sporen and rij.spoor_leerplicht else None,
        mbo_ganger=rij.mbo_ganger if sporen else None,
        aanmeldingen=tuple(_aanmelding(a, actor, teksten) for a in aanmeldingen),
        buiten_de_regio=tuple(buiten.get(rij.pk, ())),
        gebeurtenissen=tuple(stap for stap in verloop if stap is not None),
    )
