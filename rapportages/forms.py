"""What a page can ask of an export. Codes only: no person can be named in it."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.actor import Actor
from overstap.basis import klok
from rapportages.exports import REGISTER
from statuses.status import CODES, Status
from statuses.termijnen import jaar_uit_naam, nieuwste_jaar

# Which leerlingen an aanjager wants in the file: word of the page -> statussen (None: all). Bron: domein.md 3, AJ3 and AJ4.
WELKE: dict[str, tuple[str, frozenset[Status] | None]] = {
    "alle": ("Alle overstappers", None),
    "zonder": ("Alleen zonder aanmelding", frozenset({Status.ZONDER_AANMELDING})),
    "niet-geplaatst": (
        "Alleen nog niet geplaatst",
        frozenset(Status) - {Status.VERVOLGKEUZE_VO, Status.DEFINITIEF},
    ),
}
MAX_VESTIGINGEN = 500


class ExportForm(forms.Form):
    """``vestiging`` may come many times; without one it is everything that the role sees."""

    soort = forms.ChoiceField(
        choices=[(code, soort.naam) for code, soort in REGISTER.items()],
        error_messages={"invalid_choice": "Deze export bestaat niet. Kies er een uit de lijst."},
    )
    regio = forms.CharField(required=False, max_length=2)
    jaar = forms.CharField(required=False, max_length=9)
    welke = forms.ChoiceField(choices=[(code, tekst) for code, (tekst, _) in WELKE.items()], required=False)
    per_school = forms.BooleanField(required=False)
    filters = forms.CharField(required=False, max_length=120)

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data)
        self._actor = actor

    def clean_regio(self) -> str:
        regio: str = self.cleaned_data["regio"] or self._actor.regio
        if regio not in self._actor.regios:
            raise forms.ValidationError("Deze regio hoort niet bij uw rol. Kies een regio waarin u werkt.")
        return regio

    def clean_jaar(self) -> int:
        naam = self.cleaned_data["jaar"]
        try:
            return jaar_uit_naam(naam) if naam else nieuwste_jaar(klok.vandaag())
        except ValueError as fout:
            raise forms.ValidationError(str(fout)) from None

    def parameters(self) -> dict[str, Any]:
        """Of a valid form: what ``actions.vraag_aan`` takes."""
        tekst, statussen = WELKE[self.cleaned_data["welke"] or "alle"]
        vestigingen = sorted({code for code in self.data.getlist("vestiging") if len(code) == 6})[:MAX_VESTIGINGEN]
        woorden = [tekst] if statussen is not None else []
        woorden += [self.cleaned_data["filters"]] if self.cleaned_data["filters"] else []
        uit: dict[str, Any] = {"per_school": self.cleaned_data["per_school"], "filters": "; ".join(woorden)}
        if "vestiging" in self.data:
            uit["vestigingen"] = vestigingen
        if statussen is not None:
            uit["statussen"] = [code for code, status in CODES.items() if status in statussen]
        return uit
