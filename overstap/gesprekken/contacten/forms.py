"""Input of the pages of contacten."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from accounts.models import Regio
from overstap.gesprekken.models import Contactpersoon

_TELEFOON = RegexValidator(r"^\+?[0-9][0-9 ()-]{6,22}$", "Dit is geen telefoonnummer. Schrijf het zoals 020 123 45 67.")


class ContactForm(forms.Form):
    """One contact: who, how to reach, and for what."""

    naam = forms.CharField(label="Naam", max_length=120)
    functie = forms.CharField(label="Functie", max_length=120, required=False)
    email = forms.EmailField(
        label="E-mailadres",
        max_length=254,
        error_messages={"invalid": "Dit is geen e-mailadres. Schrijf het zoals naam@school.nl."},
    )
    telefoon = forms.CharField(label="Telefoon", max_length=24, required=False, validators=[_TELEFOON])
    monitoren = forms.BooleanField(
        label="Monitoren", required=False, help_text="Volgt hoe ver de eigen organisatie is met de overstap."
    )
    aanjagen = forms.BooleanField(
        label="Aanjagen", required=False, help_text="Zorgt dat het in de eigen organisatie vooruit gaat."
    )
    signaleren = forms.BooleanField(
        label="Signaleren", required=False, help_text="Meldt knelpunten en helpt om ze op te lossen."
    )
    mailbox = forms.BooleanField(
        label="Dit is de algemene mailbox",
        required=False,
        help_text="Berichten gaan eerst hierheen. Een mailbox neemt zelf niets op zich.",
    )

    def __init__(self, *args: Any, regios: list[str] | None = None, contact: Contactpersoon | None = None, **kw: Any):
        if contact is not None:
            kw["initial"] = {naam: getattr(contact, naam) for naam in self.base_fields}
        super().__init__(*args, **kw)
        if regios and len(regios) > 1:
            namen = dict(Regio.objects.filter(code__in=regios).values_list("code", "naam"))
            self.fields["regio"] = forms.ChoiceField(
                label="In welke regio", choices=[(code, f"{namen[code]} ({code})") for code in regios]
            )

    def clean(self) -> dict[str, Any]:
        schoon: dict[str, Any] = super().clean() or {}
        if schoon.get("mailbox") and any(schoon.get(v) for v in ("monitoren", "aanjagen", "signaleren")):
            self.add_error("mailbox", "Een mailbox kan niets op zich nemen. Leg dit bij een persoon.")
        return schoon


class ZoekForm(forms.Form):
    """What the list is narrowed by; only the name of an organisatie, so that no person stands in an address."""

    zoek = forms.CharField(label="Organisatie", required=False, max_length=60)
