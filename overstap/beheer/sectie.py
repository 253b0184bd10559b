"""One section of the settings of a regio: a form over a few names of ``Regio.instellingen``, and what a change does.

Every section works alike (views_regio.py): it opens with what holds now, tells what will move before it does, and refuses
to overwrite what somebody else changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms

from accounts.actions import versie_van
from accounts.actor import Actor
from accounts.instellingen import lees
from accounts.models import Regio
from statuses.termijnen import jaar_naam

_MAANDEN = (
    "", "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip


def in_woorden(dag: date) -> str:
    """ "1 april 2026"."""
    return f"{dag.day} {_MAANDEN[dag.month]} {dag.year}"


def datumveld(**rest: Any) -> forms.DateField:
    """A day, with the browser's own chooser; 01-04-2026 may be typed as well."""
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d-%m-%Y"],
        error_messages={"invalid": "Dit is geen datum. Schrijf hem zoals 01-04-2026."},
        **rest,
    )


def getalveld(van: int, tot: int, **rest: Any) -> forms.IntegerField:
    """A whole number, with one sentence for whatever is wrong."""
    zin = f"Vul een heel getal in van {van} tot en met {tot}."
    fouten = {"invalid": zin, "min_value": zin, "max_value": zin}
    return forms.IntegerField(min_value=van, max_value=tot, error_messages=fouten, **rest)


class SectieForm(forms.Form):
    """The base: which names it owns, and the mark that the page sends back."""

    sleutels: ClassVar[tuple[str, ...]] = ()

    versie = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, regio: Regio, jaar: int, actor: Actor) -> None:
        self.regio, self.jaar, self.actor = regio, jaar, actor
        self.huidig = lees(regio.instellingen)
        super().__init__(data, initial={"versie": versie_van(regio.instellingen, self.sleutels)})
        self.maak_velden()
        for naam, waarde in self.beginwaarden().items():
            self.initial[naam] = waarde

    @property
    def jaar_naam(self) -> str:
        return jaar_naam(self.jaar)

    def maak_velden(self) -> None:
        """Add the fields that depend on the regio or the jaar."""

    def beginwaarden(self) -> dict[str, Any]:
        """What holds now, per field."""
        return {}

    def waarden(self) -> dict[str, Any]:
        """The settings to store: every name of ``sleutels`` with its JSON, None for the default."""
        raise NotImplementedError

    def gevolgen(self) -> list[str]:
        """What will move, as sentences to confirm; empty when nothing needs a question."""
        return []

    def veranderd(self) -> bool:
        """Whether anything would be stored that is not there yet."""
        return any(self.regio.instellingen.get(naam) != waarde for naam, waarde in self.waarden().items())

    def eigen_jaar(self, naam: str, waarde: Mapping[str, Any]) -> dict[str, Any] | None:
        """The value of a setting per jaar with this jaar replaced; an empty one is taken away."""
        alle = dict(self.regio.instellingen.get(naam) or {})
        alle.pop(str(self.jaar), None)
        return {**alle, **({str(self.jaar): dict(waarde)} if waarde else {})} or None

    def verschillen(self) -> list[tuple[str, str]]:
        """For who was second: the fields where what is stored now differs from what was sent: (label, what is stored)."""
        uit = []
        for naam, veld in self.fields.items():
            nu, gestuurd = self.initial.get(naam), self.cleaned_data.get(naam)
            if naam != "versie" and (nu or "") != (gestuurd or ""):
                uit.append((str(veld.label), in_woorden(nu) if isinstance(nu, date) else _tekst(nu)))
        return uit


def _tekst(waarde: Any) -> str:
    if isinstance(waarde, bool):
        return "ja" if waarde else "nee"
    if isinstance(waarde, list | tuple | frozenset):
        return ", ".join(map(str, waarde)) or "niets"
    return str(waarde) if waarde not in (None, "") else "niet ingevuld"
