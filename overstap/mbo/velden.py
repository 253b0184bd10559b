"""Form fields of the mbo: a day, and an opleiding from the reference by its crebo or its name."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join

from statuses.models import Opleiding
from statuses.zoeken import plat

GEEN_DATUM = "Dit is geen datum. Schrijf de dag, de maand en het jaar, zoals 20-03-2026."


class DagVeld(forms.DateField):
    """A day, with the chooser of the browser."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(error_messages={"invalid": GEEN_DATUM, "required": "Vul een datum in."}, **kwargs)


class EenVan(forms.CharField):
    """One of some fields that must be filled: not "niet verplicht" on the page; the form says it when none is."""

    def validate(self, value: Any) -> None:
        """Empty is judged together with the others."""


class LijstInvoer(forms.TextInput):
    """A text field that offers what may be typed; the list is made when it is shown."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        lijst = f"{(attrs or {}).get('id', name)}_lijst"
        veld = super().render(name, value, {**(attrs or {}), "list": lijst}, renderer)
        keuzes = Opleiding.objects.order_by("naam", "niveau")
        opties = format_html_join("", '<option value="{}">', ((omschrijving(o),) for o in keuzes))
        return format_html('{}<datalist id="{}">{}</datalist>', veld, lijst, opties)


def omschrijving(opleiding: Opleiding) -> str:
    """How an opleiding is offered and recognised: "25491 Verzorgende IG, niveau 3"."""
    return f"{opleiding.crebo} {opleiding.naam}, niveau {opleiding.niveau}"


class OpleidingVeld(forms.CharField):
    """Gives the Opleiding that was typed, or None when it may stay empty. A name that several levels share asks which."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=240, widget=LijstInvoer(), **kwargs)

    def clean(self, value: Any) -> Opleiding | None:
        tekst = str(super().clean(value)).replace("\x00", "").strip()
        if not tekst:
            return None
        crebo = re.match(r"\d{5}\b", tekst)
        if crebo:
            gevonden = list(Opleiding.objects.filter(pk=crebo.group()))
        else:
            gevonden = [o for o in Opleiding.objects.all() if plat(o.naam) == plat(tekst)]
        if len(gevonden) == 1:
            return gevonden[0]
        if gevonden:
            namen = "; ".join(omschrijving(o) for o in gevonden[:6])
            raise ValidationError(f"Er zijn meer opleidingen met deze naam. Kies er een: {namen}.")
        raise ValidationError("Deze opleiding is niet gevonden. Kies een opleiding uit de lijst, of typ de crebocode.")
