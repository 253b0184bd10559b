"""What a call of incoming messages is judged against: organisaties, mandaten, known leerlingen and known messages."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from accounts.actor import Actor
from accounts.models import Deelname, Gemeente, Organisatie, Regio, Vestiging
from accounts.rechten import Scope, Soort
from overstap.basis.rls import actieve_regios, bereik
from overstap.basis.stapel import lees, reeks
from statuses.models import Overstap
from vva_berichten import opstellen
from vva_berichten.inkomend.lezen import Ontvangen
from vva_berichten.models import Bericht, Persoon, Richting


@dataclass(slots=True)
class Namen:
    """Reference data that the messages of a call name. Readable for everybody: no bereik needed."""

    scholen: dict[str, Organisatie]
    vestigingen: dict[str, Vestiging]
    gemeenten: dict[str, tuple[str, Organisatie]]  # code -> (regio, organisatie)
    mbos: dict[str, Organisatie]
    mbo_regios: dict[str, set[str]]
    school_regios: dict[str, set[str]]


def namen(brins: Iterable[str], vestigingen: Iterable[str], gemeenten: Iterable[str], mbos: Iterable[str]) -> Namen:
    codes_vo, codes_mbo, codes_g = set(brins), set(mbos), set(gemeenten)
    organisaties = lees(
        Organisatie.objects.filter(
            Q(soort=Soort.VO, code__in=codes_vo)
            | Q(soort=Soort.MBO, code__in=codes_mbo)
            | Q(soort=Soort.GEMEENTE, code__in=codes_g)
        )
    )
    per: dict[str, dict[str, Organisatie]] = {soort: {} for soort in (Soort.VO, Soort.MBO, Soort.GEMEENTE)}
    for organisatie in organisaties:
        per[organisatie.soort][organisatie.code] = organisatie
    school_regios: dict[str, set[str]] = {}
    bekende_vestigingen: dict[str, Vestiging] = {}
    for vestiging in Vestiging.objects.filter(organisatie__in=[o.id for o in per[Soort.VO].values()]):
        school_regios.setdefault(vestiging.code[:4], set()).add(vestiging.regio_id)
        bekende_vestigingen[vestiging.code] = vestiging
    mbo_regios: dict[str, set[str]] = {}
    for code, regio in Deelname.objects.filter(organisatie__in=[o.id for o in per[Soort.MBO].values()]).values_list(
        "organisatie__code", "regio_id"
    ):
        mbo_regios.setdefault(code, set()).add(regio)
    regio_van = dict(Gemeente.objects.filter(pk__in=codes_g).values_list("code", "regio_id"))
    return Namen(
        scholen=per[Soort.VO],
        vestigingen=bekende_vestigingen,
        gemeenten={c: (regio_van[c], o) for c, o in per[Soort.GEMEENTE].items() if c in regio_van},
        mbos=per[Soort.MBO],
        mbo_regios=mbo_regios,
        school_regios=school_regios,
    )


class Mandaten:
    """For whom this client may send: its own organisatie and those that gave it a mandaat, by code and by OIN."""

    def __init__(self, actor: Actor, dienst: Scope) -> None:
        ids = {*actor.gevers(dienst)} | ({actor.organisatie_id} if actor.organisatie_id else set())
        organisaties = list(Organisatie.objects.filter(pk__in=ids))
        self.ids = {o.id for o in organisaties}
        self.oins = {opstellen.oin(o) for o in organisaties}

    def mag(self, voor: Organisatie, verzender: str, namens: Any) -> bool:
        """The envelope's sender is ours, and the school or mbo that the message speaks for let us."""
        if namens and namens != opstellen.oin(voor):
            return False
        return verzender in self.oins and voor.id in self.ids


@dataclass(slots=True)
class Bekend:
    """Messages that were received or sent before, by berichtId and by what they are about.

    ``elders``: received for a regio out of sight. The highest volgnummer is asked per regio, a contradiction of all.
    """

    per_id: dict[uuid.UUID, Bericht] = field(default_factory=dict)
    per_sleutel: dict[bytes, list[Bericht]] = field(default_factory=dict)
    elders: dict[bytes, list[Bericht]] = field(default_factory=dict)

    def zelfde(self, sleutel: bytes, volgnummer: int) -> list[Bericht]:
        """What came in about this under this volgnummer; only when nothing did, what we sent under it ourselves.

        What was received goes on as messages of ours: those say nothing about what its sender wrote.
        """
        alle = [*self.per_sleutel.get(sleutel, ()), *self.elders.get(sleutel, ())]
        gelijk = [b for b in alle if b.volgnummer == volgnummer]
        return [b for b in gelijk if b.richting == Richting.IN] or gelijk

    def hoogste(self, sleutel: bytes) -> int:
        return max((b.volgnummer for b in self.per_sleutel.get(sleutel, ())), default=0)

    def voeg_toe(self, bericht: Bericht) -> Bericht:
        """What is received earlier in a call counts for what follows in it."""
        self.per_sleutel.setdefault(bytes(bericht.sleutel), []).append(bericht)
        self.per_id[bericht.bericht_id] = bericht
        return bericht


def bekend(open_: Sequence[Ontvangen[Any]], verzender: uuid.UUID | None) -> Bekend:
    """Within a bereik of the regio's of these messages. Three queries. A berichtId is the sender's, in whichever regio it was kept."""
    uit = Bekend()
    ids = [o.bericht_id for o in open_ if o.bericht_id]
    sleutels = [o.sleutel for o in open_]
    hier = actieve_regios()
    with bereik(Regio.objects.values_list("code", flat=True)):
        eigen = Bericht.objects.filter(richting=Richting.IN, verzender_id=verzender)
        for bericht in lees(eigen.extra(where=["bericht_id = ANY(%s::uuid[])"], params=[reeks(ids)])):
            uit.per_id[bericht.bericht_id] = bericht
        for bericht in lees(Bericht.objects.extra(where=["sleutel = ANY(%s::bytea[])"], params=[reeks(sleutels)])):
            if bericht.regio_id in hier:
                uit.per_sleutel.setdefault(bytes(bericht.sleutel), []).append(bericht)
            elif bericht.richting == Richting.IN:
                uit.elders.setdefault(bytes(bericht.sleutel), []).append(bericht)
    return uit


class Hier(NamedTuple):
    """What receiving needs to know of an overstap: not the whole row, of a thousand leerlingen at once."""

    id: uuid.UUID
    regio_id: str
    gemarkeerd: bool
    onderwijssoort: str
    uitstroomprofiel: str
    vestiging: str
    gemeente: str | None


def bekende_leerlingen(indexen: Sequence[bytes]) -> dict[Persoon, Hier]:
    """``overstappen``, as far as receiving needs them."""
    uit: dict[Persoon, Hier] = {}
    for jaar, soort, index, pk, regio, sinds, *velden in _overstappen(indexen).values_list(
        "overstapjaar", "leerling__pgn_soort", "leerling__pgn_index", "id", "regio_id", "gemarkeerd_sinds",
        "onderwijssoort", "uitstroomprofiel", "vestiging__code", "leerling__gemeente_id",
    ):  # fmt: skip
        uit.setdefault((jaar, soort, bytes(index)), Hier(pk, regio, sinds is not None, *velden))
    return uit


def overstappen(indexen: Sequence[bytes]) -> dict[Persoon, Overstap]:
    """The overstap of each person in this bereik, a marked one before another, with leerling and school."""
    uit: dict[Persoon, Overstap] = {}
    for overstap in _overstappen(indexen).select_related("leerling", "vestiging__organisatie"):
        leerling = overstap.leerling
        uit.setdefault((overstap.overstapjaar, leerling.pgn_soort, bytes(leerling.pgn_index)), overstap)
    return uit


def _overstappen(indexen: Sequence[bytes]) -> QuerySet[Overstap]:
    # As a subquery it reaches the leerlingen by pgn alone; with = ANY the planner looks for every pgn in every regio.
    return Overstap.objects.extra(
        where=["statuses_leerling.pgn_index IN (SELECT unnest(%s::bytea[]))"], params=[reeks(indexen)]
    ).order_by("gemarkeerd_sinds", "id")  # null last: an unmarked one only where there is no other
