"""Input of the pages about systems: give and end a mandaat, and a public key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from accounts.mandaten import ALLE_DIENSTEN
from accounts.models import ApiClient
from accounts.rechten import DIENSTEN, SCOPE_LABELS, Scope, Soort
from accounts.sleutels import PubliekeSleutel, SleutelFout, lees_sleutel
from overstap.beheer.sectie import datumveld


class MandaatForm(forms.Form):
    """Which system, for what, in which days."""

    systeem = forms.CharField(
        label="Code van het systeem",
        max_length=100,
        help_text="De leverancier van uw leerlingsysteem geeft u deze code (client_id).",
        error_messages={"required": "Vul de code van het systeem in. De leverancier geeft u die."},
    )
    diensten = forms.MultipleChoiceField(
        label="Wat mag het voor u aanleveren?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=f"Niets aangevinkt: {ALLE_DIENSTEN}.",
    )
    vanaf = datumveld(
        label="Eerste dag", help_text="Vandaag of later. Vanaf deze dag mag het systeem voor u aanleveren."
    )
    tot = datumveld(
        label="Laatste dag", required=False, help_text="Leeg: zonder einddatum. U kunt een mandaat altijd beëindigen."
    )

    def __init__(self, data: Mapping[str, Any] | None, *, soort: Soort, vandaag: date) -> None:
        super().__init__(data, initial={"vanaf": vandaag})
        keuzes = [(dienst.value, SCOPE_LABELS[dienst]) for dienst in DIENSTEN.get(soort, ())]
        self.fields["diensten"].choices = keuzes  # type: ignore[attr-defined] # a MultipleChoiceField

    def clean_systeem(self) -> ApiClient:
        code = self.cleaned_data["systeem"].strip()
        client = (
            ApiClient.objects.select_related("organisatie").filter(client_id=code, organisatie__isnull=False).first()
        )
        if client is None:
            raise forms.ValidationError(
                "Dit systeem is niet bekend. Controleer de code, of vraag hem na bij de leverancier."
            )
        gevonden: ApiClient = client
        return gevonden

    def clean_diensten(self) -> list[Scope]:
        return [Scope(dienst) for dienst in self.cleaned_data["diensten"]]


NU, LATER = "nu", "later"


class EindeForm(forms.Form):
    """Now, or after a last day."""

    wanneer = forms.ChoiceField(
        label="Wanneer stopt het?",
        widget=forms.RadioSelect,
        choices=[(NU, "Nu meteen"), (LATER, "Na een laatste dag, die u hieronder kiest")],
        error_messages={"required": "Kies wanneer het mandaat stopt."},
    )
    laatste_dag = datumveld(
        label="Laatste dag",
        required=False,
        help_text="Alleen bij stoppen na een laatste dag. Op die dag mag het systeem nog.",
    )

    def clean(self) -> dict[str, Any]:
        schoon = super().clean() or {}
        if schoon.get("wanneer") == LATER and not schoon.get("laatste_dag") and "laatste_dag" not in self.errors:
            self.add_error("laatste_dag", "Kies de laatste dag waarop het systeem nog voor u mag aanleveren.")
        return schoon

    @property
    def dag(self) -> date | None:
        """None: now."""
        gekozen: date | None = self.cleaned_data["laatste_dag"] if self.cleaned_data["wanneer"] == LATER else None
        return gekozen


class SleutelForm(forms.Form):
    """A public key as text."""

    # The look of an empty required textarea is that of a wrong one; the server says what is missing.
    use_required_attribute = False

    sleutel = forms.CharField(
        label="Publieke sleutel",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
        help_text="Een JWK, of een PEM die begint met BEGIN PUBLIC KEY. EC met P-256, of RSA van 2048 bits of meer. Nooit de privésleutel.",
        error_messages={"required": "Plak hier de publieke sleutel."},
    )

    def clean_sleutel(self) -> PubliekeSleutel:
        try:
            return lees_sleutel(self.cleaned_data["sleutel"])
        except SleutelFout as fout:
            raise forms.ValidationError(str(fout)) from None
