"""Acts of the envelop and the drie vragen, for one leerling and for many: each role puts its own in its list.

One text, and a conversation each. Bron: domein.md 3 (VO2c, VO2e, VO2f, VO3a, MB5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from accounts.rechten import Recht
from overstap.gesprekken.actions import Waarover, write_berichten
from overstap.gesprekken.forms import tekstveld
from overstap.gesprekken.lezen import partij_van, zichtbare_soorten
from overstap.gesprekken.regels import PER_AANMELDING, ROL_MAG_NIET, ander, tegen
from overstap.schermen.acties import ActieForm, Doel, Handeling
from overstap.schermen.omgeving import Omgeving
from statuses.actions import choose_drie_vragen, see_drie_vragen
from statuses.actions.daad import GROND_ONTBREEKT, NIETS_NIEUWS, open_en_gemarkeerd
from statuses.beoordelen import Context, Geweigerd
from statuses.models import Aanmelding, DrieVragen
from statuses.status import GESTOPT, OPEN, Partij, Status
from statuses.zichtbaarheid import Veld

SCHOOL, LEERPLICHT = "school", "leerplicht"
# For many leerlingen at once: which of the aanmeldingen of each.
GROEPEN: dict[str, tuple[str, frozenset[Status]]] = {
    "open": ("Het mbo van elke aanmelding die nog openstaat", OPEN),
    "geplaatst": ("Het mbo waar de leerling is geplaatst", frozenset({Status.DEFINITIEF})),
    "gestopt": ("Het mbo van een aanmelding die is gestopt", GESTOPT),
}
GEEN_AANMELDING = Geweigerd(
    "geen_aanmelding",
    "Er is geen aanmelding van dit soort, dus geen mbo om te schrijven. Kies een ander bij 'Aan wie'.",
)


class BerichtForm(ActieForm):
    """To whom, and the text."""

    naar = forms.ChoiceField(
        label="Aan wie?", widget=forms.RadioSelect, error_messages={"required": "Kies aan wie u schrijft."}
    )
    tekst = tekstveld()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keuzes = _keuzes(self.o, self.doelen)
        self.fields["naar"].choices = keuzes  # type: ignore[attr-defined]
        if keuzes:
            self.fields["naar"].initial = keuzes[0][0]


def _keuzes(o: Omgeving, doelen: Sequence[Doel]) -> list[tuple[str, str]]:
    """Whom this role can write about these leerlingen: the mbo's by name for one leerling, by group for more."""
    partij = partij_van(o.actor)
    soorten = zichtbare_soorten(o.actor, partij) if partij else []
    partners = [ander(soort, partij) for soort in soorten] if partij else []
    uit: list[tuple[str, str]] = []
    if Partij.MBO in partners:
        uit += _een(o, doelen[0]) if len(doelen) == 1 else _groepen(doelen)
    if Partij.VO in partners:
        uit.append((SCHOOL, doelen[0].overstap.vestiging.naam if len(doelen) == 1 else "De school van de leerling"))
    if Partij.LEERPLICHT in partners:
        uit.append((LEERPLICHT, "Leerplicht"))
    return uit


def _een(o: Omgeving, doel: Doel) -> list[tuple[str, str]]:
    volgorde = sorted(doel.aanmeldingen, key=lambda a: (a.status_nu not in OPEN, a.nr))
    return [(str(a.nr), _naam(o, a)) for a in volgorde]


def _naam(o: Omgeving, a: Aanmelding) -> str:
    waarover = f", {a.opleiding}" if o.ziet(Veld.OPLEIDING) else ""
    return f"{a.mbo.naam}{waarover} ({a.status_nu.label_op(a.status_datum).lower()})"


def _groepen(doelen: Sequence[Doel]) -> list[tuple[str, str]]:
    er_zijn = {a.status_nu for doel in doelen for a in doel.aanmeldingen}
    return [(code, label) for code, (label, statussen) in GROEPEN.items() if statussen & er_zijn]


def _waarover(o: Omgeving, doel: Doel, naar: str) -> list[Waarover]:
    """The conversations that a choice stands for, about this leerling."""
    partij = partij_van(o.actor)
    wie = {SCHOOL: Partij.VO, LEERPLICHT: Partij.LEERPLICHT}.get(naar, Partij.MBO)
    soort = next((s for s in zichtbare_soorten(o.actor, partij) if ander(s, partij) == wie), None) if partij else None
    if soort is None:
        return []
    if soort not in PER_AANMELDING:
        return [Waarover(soort, doel.overstap.pk)]
    return [Waarover(soort, doel.overstap.pk, a.pk) for a in _aanmeldingen(doel, naar)]


def _aanmeldingen(doel: Doel, naar: str) -> list[Aanmelding]:
    if doel.aanmelding is not None:
        return [doel.aanmelding]
    if naar in GROEPEN:
        return [a for a in doel.aanmeldingen if a.status_nu in GROEPEN[naar][1]]
    return [a for a in doel.aanmeldingen if str(a.nr) == naar]


def _schrijf(o: Omgeving, doelen: Sequence[Doel], gegevens: Sequence[Mapping[str, Any]]) -> list[Geweigerd | None]:
    """One call for all: the form is one, so its text and its choice are."""
    per_doel = [_waarover(o, doel, g["naar"]) for doel, g in zip(doelen, gegevens, strict=True)]
    alle = list(dict.fromkeys(w for waar in per_doel for w in waar))
    daden = write_berichten(alle, gegevens[0]["tekst"], actor=o.actor)
    uitkomst = {w: daad.geweigerd for w, daad in zip(alle, daden, strict=True)}
    return [_samen([uitkomst[w] for w in waar]) for waar in per_doel]


def _samen(uitkomsten: Sequence[Geweigerd | None]) -> Geweigerd | None:
    """Of one leerling: done when one of its messages went."""
    if not uitkomsten:
        return GEEN_AANMELDING
    return None if None in uitkomsten else uitkomsten[0]


def _niet_schrijven(o: Omgeving, doel: Doel) -> Geweigerd | None:
    """The rule that closes every conversation about this leerling, or None when one is open."""
    partij = partij_van(o.actor)
    if partij is None:
        return ROL_MAG_NIET
    redenen = [
        tegen(soort, doel.overstap, o.kalender, o.dag)
        for soort in zichtbare_soorten(o.actor, partij)
        if soort not in PER_AANMELDING or doel.aanmeldingen
    ]
    return None if None in redenen else redenen[0] if redenen else GEEN_AANMELDING


def _bericht(op_aanmelding: bool) -> Handeling:
    return Handeling(
        "bericht", "Schrijf een bericht…", "Schrijf een bericht", Recht.GESPREKKEN_VOEREN, _schrijf, _niet_schrijven,
        uitleg="Elke leerling krijgt een eigen gesprek. De ontvanger krijgt een mail met alleen een link.", bevestig="Verstuur",
        gelukt="Bericht verstuurd", formulier=BerichtForm, op_pagina=False, op_aanmelding=op_aanmelding,
    )  # fmt: skip


BERICHT = _bericht(op_aanmelding=False)
BERICHT_BIJ_AANMELDING = _bericht(op_aanmelding=True)


def _kies(aan: bool) -> Handeling:
    def voer(o: Omgeving, doelen: Sequence[Doel], gegevens: Sequence[Mapping[str, Any]]) -> list[Geweigerd | None]:
        return [d.geweigerd for d in choose_drie_vragen([doel.overstap.pk for doel in doelen], aan, actor=o.actor)]

    def kan_niet(o: Omgeving, doel: Doel) -> Geweigerd | None:
        stand = doel.stand(o)
        if dicht := open_en_gemarkeerd(doel.overstap, stand, Context(o.dag, o.kalender)):
            return dicht
        if aan and not stand.grondslag_mbo:
            return GROND_ONTBREEKT
        return NIETS_NIEUWS if (doel.overstap.drie_vragen_gekozen_op is not None) == aan else None

    if aan:
        return Handeling(
            "drie_vragen", "Drie vragen beantwoorden", "Drie vragen", Recht.GESPREKKEN_VOEREN, voer, kan_niet,
            uitleg="U kiest voor wie u de drie vragen beantwoordt. De vragen staan daarna op de pagina van de leerling, bij elke "
            "aanmelding. Het mbo van die aanmelding leest uw antwoord.",
            bevestig="Kies", gelukt="Gekozen voor de drie vragen", ongedaan="drie_vragen_weg", soort="stil",
        )  # fmt: skip
    return Handeling(
        "drie_vragen_weg", "Geen drie vragen", "Toch geen drie vragen", Recht.GESPREKKEN_VOEREN, voer, kan_niet,
        uitleg="De vragen verdwijnen van de pagina van de leerling. Wat u al heeft geantwoord, blijft voor het mbo staan.",
        bevestig="Haal weg", gelukt="De drie vragen staan uit", soort="stil", balk=False,
    )  # fmt: skip


DRIE_VRAGEN, DRIE_VRAGEN_WEG = _kies(True), _kies(False)


def _zie(o: Omgeving, doelen: Sequence[Doel], gegevens: Sequence[Mapping[str, Any]]) -> list[Geweigerd | None]:
    """Each answer apart: an aanmelding without new answers stays as it is."""
    pks = [doel.aanmelding.pk for doel in doelen if doel.aanmelding is not None]
    nieuw = set(
        DrieVragen.objects.filter(
            aanmelding_id__in=pks, beantwoord_op__isnull=False, gezien_op__isnull=True
        ).values_list("aanmelding_id", flat=True)
    )
    see_drie_vragen(sorted(nieuw), actor=o.actor)
    return [None if doel.aanmelding is not None and doel.aanmelding.pk in nieuw else NIETS_NIEUWS for doel in doelen]


GEZIEN = Handeling(
    "gezien", "Drie vragen gezien", "Drie vragen gezien", Recht.GESPREKKEN_VOEREN, _zie, lambda o, doel: None,
    uitleg="De school ziet dat u de antwoorden heeft gelezen. Op de pagina van een leerling gaat dat vanzelf.",
    bevestig="Zet op gezien", gelukt="Op gezien gezet", op_aanmelding=True, op_pagina=False,
)  # fmt: skip
