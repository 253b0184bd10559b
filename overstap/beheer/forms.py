"""Input of the pages about accounts."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from accounts.actions import Deel
from accounts.models import Organisatie, Subregio, Vestiging
from accounts.rechten import ROL_LABELS, SOORTEN_VAN_ROL, Rol, Soort


class DeelForm(forms.Form):
    """For which part of the organisatie a role is; only what there is to choose from is shown."""

    def __init__(self, *args: Any, organisatie: Organisatie, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        vestigingen = [(str(v.pk), v.naam) for v in Vestiging.objects.filter(organisatie=organisatie).order_by("naam")]
        regios = organisatie.deelnames.values("regio_id")
        met_subregio = organisatie.soort in (Soort.BEHEERORGANISATIE, Soort.SAMENWERKINGSVERBAND)
        rijen = Subregio.objects.filter(regio_id__in=regios).order_by("naam") if met_subregio else ()
        self._keuze("vestigingen", "Alleen voor deze vestigingen", vestigingen)
        self._keuze("subregios", "Alleen voor deze subregio's", [(str(s.pk), s.naam) for s in rijen])

    def _keuze(self, naam: str, label: str, keuzes: list[tuple[str, str]]) -> None:
        if len(keuzes) > 1 or self.initial.get(naam):
            self.fields[naam] = forms.MultipleChoiceField(
                label=label, choices=keuzes, required=False, widget=forms.CheckboxSelectMultiple,
                help_text="Niets aangevinkt: voor de hele organisatie.",
            )  # fmt: skip

    @property
    def deel(self) -> Deel:
        def ids(naam: str) -> frozenset[uuid.UUID]:
            return frozenset(uuid.UUID(pk) for pk in self.cleaned_data.get(naam, ()))

        return Deel(ids("vestigingen"), ids("subregios"))


class UitnodigingForm(DeelForm):
    """Who is invited and in which role; only roles that fit the kind of the organisatie."""

    email = forms.EmailField(label="E-mailadres", max_length=254)
    naam = forms.CharField(label="Naam", max_length=120)
    rol = forms.ChoiceField(label="Rol")

    def __init__(
        self, *args: Any, organisatie: Organisatie, rollen: frozenset[Rol] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, organisatie=organisatie, **kwargs)
        soort = Soort(organisatie.soort)
        passend = [
            rol for rol, soorten in SOORTEN_VAN_ROL.items() if soort in soorten and (not rollen or rol in rollen)
        ]
        veld = self.fields["rol"]
        assert isinstance(veld, forms.ChoiceField)
        veld.choices = [(rol.value, ROL_LABELS[rol]) for rol in passend]

    @property
    def rol_gekozen(self) -> Rol:
        return Rol(self.cleaned_data["rol"])


class EmailForm(forms.Form):
    """Another address for a person."""

    email = forms.EmailField(
        label="Nieuw e-mailadres", max_length=254, help_text="Het oude en het nieuwe adres krijgen allebei een mail."
    )
