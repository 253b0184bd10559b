"""The forms of what an mbo records. Which fields are needed says statuses/overgangen.py; here is how they are asked."""

from __future__ import annotations

from typing import Any

from django import forms

from overstap.schermen.acties import ActieForm
from statuses.models import RegioReden
from statuses.referentie.redenen import Reden, reden, redenen
from statuses.status import Status


class StapForm(ActieForm):
    """A step in the process: on which day it was."""

    datum = forms.DateField(
        label="Vanaf welke dag geldt dit?",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Leeg laten is vandaag.",
        error_messages={"invalid": "Dit is geen datum. Schrijf de dag, de maand en het jaar, zoals 20-03-2026."},
    )


class _RedenForm(StapForm):
    status: Status
    reden = forms.ChoiceField(
        label="Wat is de reden? De school ziet deze reden.",
        widget=forms.RadioSelect,
        error_messages={"required": "Kies een reden. De school moet weten waarom."},
    )
    tekst = forms.CharField(
        label="Toelichting",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Alleen nodig bij 'Iets anders'. Een advies voor een andere opleiding kan hier ook. Zet hier geen gezondheidsgegevens.",
    )
    field_order = ("reden", "tekst", "datum")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        eigen = RegioReden.objects.filter(regio_id__in=sorted(self.o.actor.regios), status=self.status)
        self.extra = tuple(Reden(r.code, r.label) for r in eigen)
        self.fields["reden"].choices = [(r.code, r.label) for r in redenen(self.status.code, self.extra)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        gegevens = super().clean() or {}
        code = gegevens.get("reden")
        if code and reden(self.status.code, code, self.extra).tekst_verplicht and not gegevens.get("tekst"):
            self.add_error("tekst", "Schrijf kort wat de reden is.")
        return gegevens


class AfmeldForm(_RedenForm):
    status = Status.AFGEMELD


class AfwijsForm(_RedenForm):
    status = Status.AFGEWEZEN


class CorrectieForm(StapForm):
    tekst = forms.CharField(
        label="Wat was er fout?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Schrijf kort wat er fout was. De school ziet dit bij het verloop."},
    )
    field_order = ("tekst", "datum")
