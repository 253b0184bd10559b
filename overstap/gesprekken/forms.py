"""The forms of the envelop: a message, and handing on to a colleague."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms

from overstap.gesprekken.models import TEKST_HOOGSTENS
from overstap.gesprekken.regels import GEEN_GEZONDHEID

OPNIEUW = "Open het gesprek opnieuw en verstuur uw bericht daarna."


def tekstveld() -> forms.CharField:
    """The field for a message, the same wherever one is written."""
    return forms.CharField(
        label="Bericht",
        max_length=TEKST_HOOGSTENS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=GEEN_GEZONDHEID,
        error_messages={
            "required": "Schrijf eerst een bericht.",
            "max_length": f"Het bericht is te lang: hoogstens {TEKST_HOOGSTENS} tekens. Maak het korter.",
        },
    )


class BerichtForm(forms.Form):
    """A message; ``gezien`` is the number of the last one that the writer saw."""

    use_required_attribute = False
    tekst = tekstveld()
    gezien = forms.IntegerField(
        min_value=0,
        max_value=1_000_000,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), OPNIEUW),
    )


class DoorgeefForm(forms.Form):
    """Which colleague gets it; ``van`` is whose it was when the page was opened."""

    use_required_attribute = False
    aan = forms.ChoiceField(
        label="Collega",
        required=False,
        error_messages={"invalid_choice": "Kies een collega uit de lijst."},
    )
    van = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)

    def __init__(self, *args: Any, collegas: Sequence[tuple[uuid.UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keuzes = [("", "Niemand in het bijzonder"), *((str(pk), naam) for pk, naam in collegas)]
        self.fields["aan"].choices = keuzes  # type: ignore[attr-defined]

    def clean_aan(self) -> uuid.UUID | None:
        return _sleutel(self.cleaned_data["aan"])

    def clean_van(self) -> uuid.UUID | None:
        return _sleutel(self.cleaned_data["van"])


def _sleutel(waarde: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(waarde) if waarde else None
    except ValueError as fout:
        raise forms.ValidationError("Open het gesprek opnieuw en kies daarna een collega.") from fout
