"""The forms of what a decaan records. Which fields are needed says statuses/overgangen.py; here is how they are asked."""

from __future__ import annotations

from typing import Any

from django import forms

from overstap.schermen.acties import ActieForm
from statuses.eigen_redenen import te_kiezen
from statuses.referentie.redenen import MARKERING, reden, redenen
from statuses.status import Status

GEEN_GEZONDHEID = "Zet hier geen gezondheidsgegevens."


class MarkeerForm(ActieForm):
    kans = forms.BooleanField(
        label="De kans is groot dat deze havo- of vwo-leerlingen naar het mbo gaan",
        required=True,
        error_messages={
            "required": "Bevestig dat de kans op het mbo groot is, of haal de havo- en vwo-leerlingen weg."
        },
    )


class VervolgkeuzeForm(ActieForm):
    reden = forms.ChoiceField(
        label="Wat gaat de leerling doen?",
        widget=forms.RadioSelect,
        error_messages={"required": "Kies wat de leerling gaat doen."},
    )
    zekerheid = forms.ChoiceField(
        label="Hoe zeker is dit?",
        widget=forms.RadioSelect,
        choices=[("zeker", "Zeker"), ("verwacht", "Verwacht, nog niet zeker")],
        error_messages={"required": "Kies of dit zeker is of verwacht."},
    )
    tekst = forms.CharField(
        label="Toelichting", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Alleen nodig bij 'Iets anders'. {GEEN_GEZONDHEID}",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        extra = self.extra = te_kiezen([self.o.actor.regio], Status.VERVOLGKEUZE_VO)
        keuzes = redenen(Status.VERVOLGKEUZE_VO.code, extra)
        self.fields["reden"].choices = [(r.code, r.label) for r in keuzes]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        gegevens = super().clean() or {}
        code = gegevens.get("reden")
        if code and reden(Status.VERVOLGKEUZE_VO.code, code, self.extra).tekst_verplicht and not gegevens.get("tekst"):
            self.add_error("tekst", "Schrijf kort wat de leerling gaat doen.")
        return gegevens


class MarkeringWegForm(ActieForm):
    reden = forms.ChoiceField(
        label="Waarom haalt u het vinkje weg?",
        widget=forms.RadioSelect,
        choices=[(r.code, r.label) for r in redenen(MARKERING)],
        error_messages={"required": "Kies een reden."},
    )
