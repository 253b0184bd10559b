"""What /scholen can be asked for, as readable and shareable query parameters."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from accounts.models import Subregio
from overstap.basis import klok
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
