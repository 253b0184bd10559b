"""Which events lead to which mail: the handlers of overstap/subscriptions.py. Set-based, and an event seen twice tells once."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from accounts.rechten import Rol
from overstap.basis import klok
from overstap.gesprekken.models import Bericht, Gesprek
from overstap.gesprekken.post.actions import Nieuws, tell
from overstap.gesprekken.post.ontvangers import (
    ROL_VAN_PARTIJ,
    Ontvanger,
    actieve_leden,
    leden_van,
    leerplicht_van,
    ontvangers_van,
)
from overstap.gesprekken.post.soorten import Soort
from statuses.models import Aanmelding, DrieVragen
from statuses.status import Partij

# What happened longer ago is no news: a worker that was away for a while, not the history of a new regio.
NIEUWS = timedelta(days=2)


def terugval(regio: str, inhouden: list[dict[str, Any]]) -> None:
    """Aanmeldingen that went to 4, 5 or back a step: to the decanen of that vestiging. Bron: domein.md 2, terugval; 8."""
    gevallen = Aanmelding.objects.filter(
        overstap_id__in={i["overstap"] for i in inhouden if "aanmelding" in i["sporen"]},
        teruggevallen_op__gte=klok.nu() - NIEUWS,
        overstap__gemarkeerd_sinds__isnull=False,
    ).values_list(
        "pk", "teruggevallen_op", "overstap_id", "overstap__vestiging_id", "overstap__vestiging__organisatie_id"
    )
    rijen = list(gevallen)
    decanen = leden_van({rij[4] for rij in rijen}, (Rol.DECAAN,), "terugval") if rijen else {}
    tell(
        regio,
        [
            Nieuws(Soort.TERUGVAL, f"{pk}:{op}", lid.direct, lid.lidmaatschap, overstap=overstap)
            for pk, op, overstap, vestiging, organisatie in rijen
            for lid in decanen.get(organisatie, ())
            if lid.werkt_op(vestiging)
        ],
    )


def drie_vragen(regio: str, inhouden: list[dict[str, Any]]) -> None:
    """Answers that the mbo did not see yet: to its contacts, once a day per aanmelding however often they change."""
    rijen = list(
        DrieVragen.objects.filter(
            aanmelding_id__in={i["aanmelding"] for i in inhouden}, beantwoord_op__isnull=False, gezien_op__isnull=True
        ).values_list("aanmelding_id", "overstap_id", "aanmelding__mbo_id")
    )
    wie = ontvangers_van({rij[2] for rij in rijen}, (Rol.MBO_MEDEWERKER,)) if rijen else {}
    dag = klok.vandaag()
    tell(
        regio,
        [
            Nieuws(Soort.DRIE_VRAGEN, f"{pk}:{dag}", o.direct, o.lidmaatschap, o.contact, overstap)
            for pk, overstap, mbo in rijen
            for o in wie.get(mbo, ())
        ],
    )


class _Naar(NamedTuple):
    """Where a message goes: the organisatie, of a school also the vestiging, and the colleague whose it is."""

    bericht: str
    partij: str
    organisatie: uuid.UUID | None
    vestiging: uuid.UUID | None
    collega: uuid.UUID | None
    overstap: uuid.UUID


def bericht_geschreven(regio: str, inhouden: list[dict[str, Any]]) -> None:
    """New messages: to the colleague whose gesprek it is, else to the mailbox of the other side, else to its people."""
    gesprekken = _gesprekken(i["gesprek"] for i in inhouden)
    bestaat = set(Bericht.objects.filter(pk__in={i["bericht"] for i in inhouden}).values_list("pk", flat=True))
    naar = [
        _naar(gesprekken[uuid.UUID(i["gesprek"])], i["naar"], i["bericht"])
        for i in inhouden
        if uuid.UUID(i["gesprek"]) in gesprekken and uuid.UUID(i["bericht"]) in bestaat
    ]
    _vertel_berichten(regio, naar)


def gesprek_doorgegeven(regio: str, inhouden: list[dict[str, Any]]) -> None:
    """A gesprek handed on to a colleague: that one hears of it, once per number of messages in it."""
    gesprekken = _gesprekken(i["gesprek"] for i in inhouden)
    naar = [
        _naar(g, i["partij"], f"{g.pk}:{g.laatste_nr}")._replace(collega=uuid.UUID(i["aan"]))
        for i in inhouden
        if (g := gesprekken.get(uuid.UUID(i["gesprek"])))
    ]
    _vertel_berichten(regio, naar)


def _gesprekken(ids: Iterable[str]) -> dict[uuid.UUID, Gesprek]:
    return Gesprek.objects.select_related("aanmelding", "overstap__vestiging", "overstap__leerling").in_bulk(
        {uuid.UUID(pk) for pk in ids}
    )


def _naar(gesprek: Gesprek, partij: str, bericht: str) -> _Naar:
    overstap = gesprek.overstap
    collega: uuid.UUID | None = getattr(gesprek, f"aan_{partij}")
    if partij == "vo":
        vestiging = overstap.vestiging
        return _Naar(bericht, partij, vestiging.organisatie_id, vestiging.pk, collega, overstap.pk)
    if partij == "mbo":
        mbo = gesprek.aanmelding.mbo_id if gesprek.aanmelding else None
        return _Naar(bericht, partij, mbo, None, collega, overstap.pk)
    return _Naar(bericht, partij, None, None, collega or overstap.leerplicht_eigenaar_id, overstap.pk)


def _vertel_berichten(regio: str, naar: list[_Naar]) -> None:
    naar = _met_leerplicht(regio, naar)
    per_partij: dict[str, list[_Naar]] = defaultdict(list)
    for n in naar:
        per_partij[n.partij].append(n)
    nieuws: list[Nieuws] = []
    for partij, deel in per_partij.items():
        organisaties = {n.organisatie for n in deel if n.organisatie}
        wie = ontvangers_van(organisaties, [ROL_VAN_PARTIJ[Partij(partij)]])
        collegas = _collegas(organisaties, partij, {n.collega for n in deel if n.collega})
        for n in deel:
            if n.organisatie is None:
                continue
            van_collega = collegas.get((n.organisatie, n.collega))
            ontvangers = [o for o in wie[n.organisatie] if _past(o, n)] if van_collega is None else van_collega
            nieuws += [
                Nieuws(Soort.BERICHT, n.bericht, o.direct, o.lidmaatschap, o.contact, n.overstap) for o in ontvangers
            ]
    tell(regio, nieuws)


def _past(o: Ontvanger, n: _Naar) -> bool:
    return n.vestiging is None or o.werkt_op(n.vestiging)


def _collegas(
    organisaties: set[uuid.UUID], partij: str, ids: set[uuid.UUID]
) -> dict[tuple[uuid.UUID, uuid.UUID | None], list[Ontvanger]]:
    """Per (organisatie, colleague who still works there) that one alone, or nobody when they want no mail."""
    if not ids:
        return {}
    rollen = [ROL_VAN_PARTIJ[Partij(partij)]]
    werkt_er = actieve_leden(rollen).filter(organisatie_id__in=organisaties, gebruiker_id__in=ids)
    uit: dict[tuple[uuid.UUID, uuid.UUID | None], list[Ontvanger]] = {
        paar: [] for paar in werkt_er.values_list("organisatie_id", "gebruiker_id")
    }
    for organisatie, leden in leden_van(organisaties, rollen, "berichten").items():
        for lid in leden:
            if (organisatie, lid.gebruiker) in uit:
                uit[organisatie, lid.gebruiker] = [lid]
    return uit


def _met_leerplicht(regio: str, naar: list[_Naar]) -> list[_Naar]:
    open_ = {n.overstap for n in naar if n.partij == "leerplicht"}
    wie = leerplicht_van(regio, open_) if open_ else {}
    return [n._replace(organisatie=wie.get(n.overstap)) if n.partij == "leerplicht" else n for n in naar]
