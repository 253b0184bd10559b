"""Input of the pages of beheer."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.rechten import ROL_LABELS, SOORTEN_VAN_ROL, Rol, Soort


class UitnodigingForm(forms.Form):
    """Who is invited and in which role; only roles that fit the kind of the own organisatie."""

    email = forms.EmailField(label="E-mailadres", max_length=254)
    naam = forms.CharField(label="Naam", max_length=120)
    rol = forms.ChoiceField(label="Rol")

    def __init__(self, *args: Any, soort: Soort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        passend = [rol for rol, soorten in SOORTEN_VAN_ROL.items() if soort in soorten]
        veld = self.fields["rol"]
        assert isinstance(veld, forms.ChoiceField)
        veld.choices = [(rol.value, ROL_LABELS[rol]) for rol in passend]

    @property
    def rol_gekozen(self) -> Rol:
        return Rol(self.cleaned_data["rol"])
