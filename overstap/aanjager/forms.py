"""What /scholen can be asked for, as readable and shareable query parameters."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from accounts.actor import Actor
from accounts.models import Subregio
from accounts.rechten import Rol
from overstap.basis import klok
from rapportages.schoolcontacten import ANTWOORDEN, STAPPEN
from statuses.termijnen import jaar_naam, jaar_uit_naam, kalender, open_jaren
from statuses.werklijsten import PER_ID, Op

TOON = {"onder": "Onder de ambitie", "geen": "Geen overstappers", "alle": "Alle"}
# Column of the list -> field of School, and whether high numbers come first.
SORTEER: dict[str, tuple[str, bool]] = {
    "vestiging": ("naam", False), "overstappers": ("overstappers", True), "verschil": ("verschil", False),
    "percentage": ("percentage", False), "week": ("week", True), "zonder": ("zonder", True), "terug": ("terug", True),
    "leerplicht": ("leerplicht", True), "geplaatst": ("geplaatst", True), "actief": ("laatst_actief", False),
}  # fmt: skip


class ScholenForm(forms.Form):
    """All optional. ``stap`` is a step of /vandaag (AJ1 to AJ4) and wins from ``toon``."""

    toon = forms.ChoiceField(choices=list(TOON.items()), required=False)
    sorteer = forms.CharField(required=False, max_length=20)
    subregio = forms.ChoiceField(label="Subregio", required=False)
    peildatum = forms.DateField(
        label="Peildatum",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d-%m-%Y"],
        error_messages={"invalid": "Dit is geen datum. Schrijf dag-maand-jaar, zoals 20-03-2026."},
    )
    jaar = forms.CharField(required=False, max_length=9)
    stap = forms.CharField(required=False, max_length=8)

    def __init__(self, data: Any, *, subregios: list[Subregio]) -> None:
        super().__init__(data)
        keuze = forms.ChoiceField(
            label="Subregio",
            required=False,
            choices=[("", "Alle subregio's"), *((s.naam, s.naam) for s in subregios)],
            error_messages={"invalid_choice": "Deze subregio hoort niet bij uw rol. Kies er een uit de lijst."},
        )
        self.fields["subregio"] = keuze

    def clean_sorteer(self) -> str:
        gekozen: str = self.cleaned_data["sorteer"] or "percentage"
        if gekozen.removeprefix("-") not in SORTEER:
            raise forms.ValidationError(f"Op {gekozen!r} kan de lijst niet sorteren. Kies uit: {', '.join(SORTEER)}.")
        return gekozen

    def clean_stap(self) -> str:
        stap: str = self.cleaned_data["stap"]
        if stap and (stap not in PER_ID or PER_ID[stap].op != Op.VESTIGING or PER_ID[stap].pagina != "scholen"):
            raise forms.ValidationError(f"Stap {stap!r} bestaat hier niet. Kies een stap op de pagina Vandaag.")
        return stap

    def clean_jaar(self) -> int:
        naam = self.cleaned_data["jaar"]
        try:
            return jaar_uit_naam(naam) if naam else open_jaren(klok.vandaag())[0]
        except ValueError as fout:
            raise forms.ValidationError(str(fout)) from None

    def clean(self) -> dict[str, Any]:
        velden: dict[str, Any] = self.cleaned_data
        vandaag = klok.vandaag()
        dag: date = velden.get("peildatum") or vandaag
        if dag > vandaag:
            self.add_error("peildatum", "De peildatum ligt in de toekomst. Kies vandaag of een eerdere dag.")
        elif "jaar" in velden and dag < kalender(velden["jaar"])["begin"]:
            jaar = jaar_naam(velden["jaar"])
            self.add_error(
                "peildatum", f"De peildatum ligt voor het begin van overstapjaar {jaar}. Kies een latere dag."
            )
        velden["dag"] = dag
        return velden


# What the school itself can answer; the aanjager records that and what was discussed. Bron: domein.md 3, AJ3.
VAN_DE_SCHOOL = ("klopt", "achterstand", "steun_nodig")


class ContactForm(forms.Form):
    """What was agreed with a school, at which step of the aanjager. A school answers on AJ3 only."""

    stap = forms.ChoiceField(
        label="Waarover",
        choices=list(STAPPEN.items()),
        error_messages={"invalid_choice": "Kies een stap uit de lijst."},
    )
    antwoord = forms.ChoiceField(
        label="Wat is de uitkomst?",
        widget=forms.RadioSelect,
        error_messages={"required": "Kies wat de uitkomst is.", "invalid_choice": "Kies een uitkomst uit de lijst."},
    )
    notitie = forms.CharField(
        label="Afspraak of toelichting",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Schrijf geen namen van leerlingen op en niets over gezondheid.",
    )

    def __init__(self, data: Any = None, *, actor: Actor, stap: str = "") -> None:
        super().__init__(data, initial={"stap": stap or "AJ3"})
        van_school = actor.rol != Rol.AANJAGER
        keuzes = [(code, tekst) for code, tekst in ANTWOORDEN.items() if not van_school or code in VAN_DE_SCHOOL]
        antwoord, waarover = self.fields["antwoord"], self.fields["stap"]
        assert isinstance(antwoord, forms.ChoiceField)
        assert isinstance(waarover, forms.ChoiceField)
        antwoord.choices = keuzes
        if van_school:
            antwoord.label = "Klopt het dat deze leerlingen nog geen aanmelding hebben?"
            waarover.choices = [("AJ3", STAPPEN["AJ3"])]
            waarover.widget = forms.HiddenInput()
