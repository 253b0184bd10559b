"""Input of the pages of meldingen."""

from __future__ import annotations

from typing import Any

from django import forms

from overstap.gesprekken.meldingen.actions import MeldingFout, zonder_persoon
from overstap.gesprekken.meldingen.eigenaar import LABELS
from statuses.models import Leerling
from statuses.status import Partij

_UITLEG = "Schrijf geen naam, geen nummer en niets over gezondheid."


class _Tekst(forms.Form):
    """A text that others read: no name of the leerling, no number."""

    use_required_attribute = False  # or a browser draws the empty field as wrong before anybody typed in it

    tekst = forms.CharField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_UITLEG,
        error_messages={"required": "Schrijf in een paar woorden wat u bedoelt."},
    )

    def __init__(self, *args: Any, leerling: Leerling | None = None, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._leerling = leerling
        self.fields["tekst"].label = label

    def clean_tekst(self) -> str:
        tekst = str(self.cleaned_data["tekst"])
        try:
            zonder_persoon(tekst, self._leerling)
        except MeldingFout as fout:
            raise forms.ValidationError(str(fout)) from fout
        return tekst


class MeldingForm(_Tekst):
    """What is wrong, in one's own words."""


class AntwoordForm(_Tekst):
    """The answer to who reported it."""


class DoorzetForm(forms.Form):
    """To which party the melding goes; the owner of the status stands first."""

    partij = forms.ChoiceField(label="Wie kan de status nakijken?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, partijen: list[Partij], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        veld = self.fields["partij"]
        assert isinstance(veld, forms.ChoiceField)
        veld.choices = [
            (p.value, f"{LABELS[p]}{' (gaat over deze status)' if nummer == 0 else ''}")
            for nummer, p in enumerate(partijen)
        ]
        veld.initial = partijen[0].value if partijen else None
