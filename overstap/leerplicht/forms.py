"""The forms of what leerplicht records beside a status: to whom a leerling goes."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Gemeente, Lidmaatschap
from accounts.rechten import Rol
from overstap.schermen.acties import ActieForm
from overstap.schermen.omgeving import Omgeving


def collegas(o: Omgeving) -> dict[Any, str]:
    """Who of the own organisatie works for leerplicht, this person included: id -> name. Looked up once a request."""
    if "collegas" not in o.geheugen:
        leden = Lidmaatschap.objects.filter(
            organisatie_id=o.actor.eigen_organisatie, rol=Rol.LEERPLICHT.value, beeindigd_op__isnull=True, gebruiker__is_active=True
        )  # fmt: skip
        o.geheugen["collegas"] = dict(leden.order_by("gebruiker__naam").values_list("gebruiker_id", "gebruiker__naam"))
    uit: dict[Any, str] = o.geheugen["collegas"]
    return uit


class CollegaForm(ActieForm):
    eigenaar = forms.ChoiceField(label="Aan wie draagt u over?", error_messages={"required": "Kies een collega."})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nu = {d.overstap.leerplicht_eigenaar_id for d in self.doelen}
        # Who has them all already is no choice.
        keuzes = [(str(pk), naam) for pk, naam in collegas(self.o).items() if nu != {pk}]
        self.fields["eigenaar"].choices = [("", "Kies een collega"), *keuzes]  # type: ignore[attr-defined]


class GemeenteForm(ActieForm):
    gemeente = forms.ChoiceField(label="Naar welke gemeente?", error_messages={"required": "Kies een gemeente."})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nu = {d.overstap.leerplicht_gemeente_id or d.overstap.leerling.gemeente_id for d in self.doelen}
        regios = {d.overstap.regio_id for d in self.doelen}
        rijen = Gemeente.objects.filter(regio_id__in=regios).order_by("naam").values_list("code", "naam")
        keuzes = [(code, naam) for code, naam in rijen if nu != {code}]
        self.fields["gemeente"].choices = [("", "Kies een gemeente"), *keuzes]  # type: ignore[attr-defined]
