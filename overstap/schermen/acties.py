"""What can be done with a leerling or an aanmelding, as data: one row serves the button, the form and the bulk alike.

Two kinds: an :class:`Actie` changes a status, a :class:`Handeling` something else.

A button never shows for what will be refused: :func:`tegen` puts the question to ``statuses.beoordelen`` beforehand, with every
field filled in, so that only rules count and no missing field.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from itertools import product
from typing import Any

from django import forms
from django.db import transaction
from django.urls import reverse

from accounts.rechten import Recht
from overstap.schermen import intussen
from overstap.schermen.omgeving import Omgeving
from statuses.actions import record_aanwezigheid
from statuses.actions.laden import laad, stand_van
from statuses.actions.schrijven import Wijziging, change_statuses
from statuses.beoordelen import Context, Geweigerd, Stand, Verzoek, beoordeel, beoordeel_aanwezigheid
from statuses.models import Aanmelding, Overstap
from statuses.overgangen import Via, zet_ooit
from statuses.referentie.redenen import CORRECTIE, MARKERING, Tekstvraag, redenen
from statuses.status import Spoor, Status


@dataclass(frozen=True)
class Tekstveld:
    """A field for the text of one leerling; ``fout`` when it must be there."""

    naam: str
    soort: str
    fout: str = ""


class ActieForm(forms.Form):
    """Fields of an action; known names: reden, zekerheid, naar_mbo, tekst, kans, datum. ``o`` and ``doelen`` may set choices."""

    # The label says what is not required; the attribute would colour a field red before anything is typed.
    use_required_attribute = False
    achteraan: tuple[str, ...] = ()  # fields that stand behind the texts per leerling

    def __init__(self, *args: Any, o: Omgeving, doelen: Sequence[Doel] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.o = o
        self.doelen = doelen
        self.tekstvelden: list[Tekstveld] = []
        self.met_tekst: frozenset[uuid.UUID] = frozenset()
        self.zonder_tekst: list[str] = []

    @property
    def vooraf(self) -> str:
        """What the person should know before filling it in; empty for most."""
        return ""

    def clean(self) -> dict[str, Any]:
        """A text for all fills the empty ones; who still has none and needs one is told so by name."""
        gegevens = super().clean() or {}
        for veld in self.tekstvelden:
            gegevens[veld.naam] = gegevens.get(veld.naam) or gegevens.get(f"{veld.soort}_allen", "")
            if veld.fout and not gegevens[veld.naam]:
                self.add_error(veld.naam, veld.fout)
        return gegevens


@dataclass(frozen=True)
class Knop:
    """What every act shows to people: its button, its form, and what takes it back. One of the two kinds below."""

    code: str
    knop: str
    titel: str
    recht: Recht
    _: KW_ONLY
    uitleg: str = ""
    bevestig: str = "Vastleggen"
    gelukt: str = "Vastgelegd"
    formulier: type[ActieForm] = ActieForm
    tekst: Tekstvraag | None = None  # a text per leerling
    tekst_verplicht: bool = True
    tekst_grond: bool = False  # goes to another party: only where the ground for it is there
    voor_school: Tekstvraag | None = None  # beside it a text per leerling that the school reads
    soort: str = "gewoon"
    bulk: bool = True
    balk: bool = True  # a button of its own below the list; without it only as the way back of another
    op_pagina: bool = True  # a button of its own on the page of a leerling
    bij_gegevens: bool = False  # there with the data of the leerling, and not at the top
    ongedaan: str = ""  # code of the act that takes it back
    hier: Callable[[Omgeving], bool] = lambda o: True  # whether this organisatie does it at all
    van: frozenset[Status] | None = None  # of an aanmelding: the statussen from which it makes sense; None: any

    @property
    def per_aanmelding(self) -> bool:
        """Whether it is about one aanmelding and not about the whole overstap."""
        return False

    @property
    def voor_ongemarkeerd(self) -> bool:
        """Whether it is for leerlingen that are not marked yet; the others are for those that are."""
        return False

    @property
    def corrigeert(self) -> bool:
        """A step back that only the reden correctie allows; shown apart from the ordinary steps."""
        return False

    def kan_ooit(self, o: Omgeving) -> bool:
        """Whether this role may do it at all on this day: then it may stand below a list."""
        return o.actor.mag(self.recht) and self.hier(o)


@dataclass(frozen=True)
class Actie(Knop):
    """A change of status: which spoor gets which one. May it, and what does it need? statuses/overgangen.py says so."""

    spoor: Spoor
    naar: Status | None
    _: KW_ONLY
    vast: Mapping[str, Any] = field(default_factory=dict)  # fields that need no asking: {"reden": "correctie"}
    alleen_van: frozenset[Status | None] | None = None  # where two acts lead to one status: from which this one goes
    aanwezigheid: str | None = None  # show, no_show or "": an attribute of the aanmelding and not a status

    @property
    def per_aanmelding(self) -> bool:
        return self.spoor == Spoor.AANMELDING

    @property
    def voor_ongemarkeerd(self) -> bool:
        return self.spoor == Spoor.MARKERING and self.naar is not None

    @property
    def corrigeert(self) -> bool:
        return self.vast.get("reden") == CORRECTIE

    def kan_ooit(self, o: Omgeving) -> bool:
        te_vroeg = self.aanwezigheid is not None and o.dag < o.kalender["start_mbo"]
        return super().kan_ooit(o) and not te_vroeg and zet_ooit(o.actor.rol, self.naar, self.spoor)


# Per doel its fields (a text per leerling stands under "tekst"); per doel the rule that refused it, or None.
Voer = Callable[[Omgeving, "Sequence[Doel]", Sequence[Mapping[str, Any]]], "list[Geweigerd | None]"]
Tegen = Callable[[Omgeving, "Doel"], "Geweigerd | None"]


@dataclass(frozen=True)
class Handeling(Knop):
    """An act that changes no status (drie vragen chosen, geïnformeerd, a colleague): the same button, form and result.

    ``voer`` calls an action, for one and for many alike; ``tegen`` answers the same refusal beforehand, from the rows alone.
    """

    voer: Voer
    tegen: Tegen
    _: KW_ONLY
    op_aanmelding: bool = False

    @property
    def per_aanmelding(self) -> bool:
        return self.op_aanmelding


@dataclass(frozen=True)
class Doel:
    """What an action is about: an overstap, or one aanmelding of it."""

    overstap: Overstap
    aanmeldingen: tuple[Aanmelding, ...]
    aanmelding: Aanmelding | None = None

    @property
    def pk(self) -> uuid.UUID:
        pk: uuid.UUID = self.aanmelding.pk if self.aanmelding else self.overstap.pk
        return pk

    def stand(self, o: Omgeving) -> Stand:
        return stand_van(self.overstap, self.aanmeldingen, o.instellingen)


def verzoek(
    actie: Actie, o: Omgeving, gegevens: Mapping[str, Any], nr: int | None = None, *, vast: bool = True
) -> Verzoek:
    """The request that a filled-in form makes; ``vast`` False leaves out what the action fills in by itself."""
    g = {**gegevens, **(actie.vast if vast else {})}
    return Verzoek(
        spoor=actie.spoor,
        naar=actie.naar,
        rol=o.actor.rol,
        via=Via.PAGINA,
        geldig_op=g.get("datum") or o.dag,
        reden_code=g.get("reden") or "",
        tekst=g.get("tekst") or "",
        zekerheid=g.get("zekerheid") or "",
        naar_mbo=g.get("naar_mbo"),
        nr=nr,
        kans_bevestigd=bool(g.get("kans")),
        voor_school=g.get("voor_school") or "",
        contact=g.get("contact") or "",
        advies=g.get("advies") or "",
    )


def wijziging(actie: Actie, o: Omgeving, doel: Doel, gegevens: Mapping[str, Any]) -> Wijziging:
    """The Wijziging for statuses.actions; what an aanmelding holds beside its status stays as it is."""
    aanmelding_id = doel.aanmelding.pk if doel.aanmelding else None
    nr = doel.aanmelding.nr if doel.aanmelding else None
    return Wijziging(doel.overstap.pk, verzoek(actie, o, gegevens, nr), aanmelding_id)


def _redenen(actie: Actie) -> tuple[str, ...]:
    if "reden" in actie.vast:
        return (str(actie.vast["reden"]),)
    sleutel = actie.naar.code if actie.naar else MARKERING
    return tuple(r.code for r in redenen(sleutel)) or ("",)


def tegen(actie: Knop, o: Omgeving, doel: Doel) -> Geweigerd | None:
    """The rule that stands in the way whatever is filled in, or None: then the button may show."""
    if not o.actor.mag(actie.recht):
        return Geweigerd("rol_mag_niet", "Uw rol mag dit niet.", "rol")
    if not actie.hier(o):
        return Geweigerd("niet_hier", "Uw organisatie houdt dit hier niet bij.")
    if isinstance(actie, Handeling):
        return actie.tegen(o, doel)
    assert isinstance(actie, Actie)
    stand = doel.stand(o)
    context = Context(o.dag, o.kalender)
    nr = doel.aanmelding.nr if doel.aanmelding else None
    if actie.aanwezigheid is not None:
        assert doel.aanmelding is not None
        return beoordeel_aanwezigheid(
            doel.aanmelding.status_nu, doel.aanmelding.aanwezigheid, actie.aanwezigheid, context
        )
    if actie.alleen_van is not None and stand.van(actie.spoor, nr) not in actie.alleen_van:
        return Geweigerd("niet_vanaf_hier", "Dit kan niet vanaf de status van nu.")
    if actie.corrigeert and not isinstance(
        beoordeel(stand, verzoek(actie, o, {"reden": ""}, nr, vast=False), context), Geweigerd
    ):
        return Geweigerd("geen_correctie_nodig", "Deze stap kan gewoon; een correctie is niet nodig.")
    eerste: Geweigerd | None = None
    for code, tekst, zekerheid in product(_redenen(actie), ("x", ""), ("zeker", "verwacht")):
        proef = {"reden": code, "zekerheid": zekerheid, "kans": True, "tekst": tekst}
        uitkomst = beoordeel(stand, verzoek(actie, o, proef, nr), context)
        if not isinstance(uitkomst, Geweigerd):
            return None
        eerste = eerste or uitkomst
    return eerste


def voer_uit(
    actie: Knop,
    o: Omgeving,
    doelen: Sequence[Doel],
    gegevens: Sequence[Mapping[str, Any]],
    gezien: Mapping[uuid.UUID, intussen.Gezien],
) -> list[Geweigerd | None]:
    """Do it for each, in one transaction; per row the rule that refused it, or None.

    ``gezien``: per overstap what the form showed. Who was changed since, or was not shown, is refused (``intussen.CODE``) and
    the others are done.
    """
    with transaction.atomic():
        geladen = laad([doel.overstap.pk for doel in doelen], [])
        anders = intussen.gewijzigd(geladen, gezien, o)
        uit: list[Geweigerd | None] = [
            intussen.weigering(geladen.overstappen[pk], list(geladen.aanmeldingen[pk].values()), o)
            if pk in anders
            else None
            for pk in (doel.overstap.pk for doel in doelen)
        ]
        gelijk = [i for i, weigering in enumerate(uit) if weigering is None]
        antwoorden = _voer_uit(actie, o, [doelen[i] for i in gelijk], [gegevens[i] for i in gelijk])
        for i, antwoord in zip(gelijk, antwoorden, strict=True):
            uit[i] = antwoord
    return uit


def _voer_uit(
    actie: Knop, o: Omgeving, doelen: Sequence[Doel], gegevens: Sequence[Mapping[str, Any]]
) -> list[Geweigerd | None]:
    if not doelen:
        return []
    if isinstance(actie, Handeling):
        return actie.voer(o, doelen, gegevens)
    assert isinstance(actie, Actie)
    if actie.aanwezigheid is not None:
        uit = record_aanwezigheid([doel.pk for doel in doelen], actie.aanwezigheid, actor=o.actor)
        return [None if u.uitkomst == "verwerkt" else Geweigerd(u.codes[0], u.melding) for u in uit]
    wijzigingen = [wijziging(actie, o, doel, g) for doel, g in zip(doelen, gegevens, strict=True)]
    resultaten = change_statuses(wijzigingen, actor=o.actor)
    return [r.uitkomst if isinstance(r.uitkomst, Geweigerd) else None for r in resultaten]


def actie_url(
    actie: Knop,
    overstap_id: uuid.UUID,
    *,
    deel: str = "",
    aanmelding_id: uuid.UUID | None = None,
    naar_lijst: bool = False,
) -> str:
    """The page of an act on one leerling. ``deel``: the list it is done from; ``naar_lijst``: back to that list, else to the leerling."""
    delen = (f"aanmelding={aanmelding_id}" if aanmelding_id else "", deel, "terug=lijst" if naar_lijst else "")
    vraag = "&".join(d for d in delen if d)
    url = reverse("leerling-actie", args=[overstap_id, actie.code])
    return f"{url}?{vraag}" if vraag else url
