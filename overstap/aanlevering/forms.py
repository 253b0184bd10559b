"""Forms of /import: a file, and one leerling by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files import File

from accounts.models import Vestiging
from overstap.aanlevering.bestand import MAX_BYTES, TE_GROOT
from overstap.aanlevering.uitslag import Regel
from overstap.basis import klok
from statuses.referentie.onderwijs import BESTEMMINGEN, LEERWEGEN, ONDERWIJSSOORTEN, UITSTROOMPROFIELEN
from statuses.termijnen import jaar_naam, open_jaren

_LEEG = ("", "Maak een keuze")
_DATUM = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})


class UploadForm(forms.Form):
    """One file; for a school with more vestigingen, or while two jaren are open, also for which rows that do not say so."""

    bestand = forms.FileField(
        label="Bestand",
        help_text="Excel (.xlsx) of csv, hoogstens 10 MB en 20.000 rijen, met één kopregel.",
        max_length=250,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        error_messages={
            "required": "Kies een bestand.",
            "empty": "Dit bestand is leeg. Maak de export opnieuw en lever die aan.",
            "max_length": "De naam van dit bestand is te lang. Geef het een kortere naam.",
            "invalid": "Kies een bestand.",
        },
    )
    vestiging = forms.ChoiceField(
        label="Vestiging", required=False, help_text="Voor rijen die zelf geen vestiging noemen."
    )
    overstapjaar = forms.TypedChoiceField(
        label="Overstapjaar", coerce=int, empty_value=None, help_text="Voor rijen die zelf geen overstapjaar noemen."
    )

    def __init__(self, *args: Any, vestigingen: list[Vestiging], met_jaar: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        jaren = open_jaren(klok.vandaag())
        if len(vestigingen) > 1:
            self._keuzes("vestiging").choices = [
                ("", "Staat in het bestand"),
                *((v.code, f"{v.naam} ({v.code})") for v in vestigingen),
            ]
        else:
            del self.fields["vestiging"]
        if met_jaar and len(jaren) > 1:
            self._keuzes("overstapjaar").choices = [(j, jaar_naam(j)) for j in jaren]
        else:
            del self.fields["overstapjaar"]

    def _keuzes(self, naam: str) -> forms.ChoiceField:
        veld = self.fields[naam]
        assert isinstance(veld, forms.ChoiceField)
        return veld

    def clean_bestand(self) -> File[bytes]:
        bestand: File[bytes] = self.cleaned_data["bestand"]
        if bestand.size is not None and bestand.size > MAX_BYTES:
            raise forms.ValidationError(TE_GROOT)
        return bestand


class _EenVan(forms.CharField):
    """One of two fields that must be filled: not "niet verplicht" on the page; the reader of files says it when both are empty."""

    def validate(self, value: str) -> None:
        """Empty is judged together with the other one."""


class LeerlingForm(forms.Form):
    """One leerling by hand. Only shape here: the reader of files judges the values, so that both ways say the same."""

    use_required_attribute = False

    bsn = _EenVan(
        label="Burgerservicenummer",
        help_text="Of vul het onderwijsnummer in: één van de twee.",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    onderwijsnummer = forms.CharField(
        label="Onderwijsnummer",
        required=False,
        max_length=20,
        help_text="Alleen als de leerling geen burgerservicenummer heeft.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    voornaam = forms.CharField(label="Voornaam", max_length=80, strip=True)
    tussenvoegsel = forms.CharField(label="Tussenvoegsel", required=False, max_length=20)
    achternaam = forms.CharField(label="Achternaam", max_length=120)
    geboortedatum = forms.CharField(label="Geboortedatum", max_length=20, help_text="Zoals 01-05-2009.", widget=_DATUM)
    gemeentecode = _EenVan(
        label="Woongemeente",
        max_length=100,
        help_text="Naam of code, zoals Amsterdam of 0363. Of vul de postcode in.",
    )
    postcode = forms.CharField(
        label="Postcode", required=False, max_length=10, help_text="Alleen als u de woongemeente niet weet."
    )
    land = forms.CharField(
        label="Land",
        required=False,
        max_length=20,
        help_text="Alleen als de leerling niet in Nederland woont, zoals BE of DE.",
    )
    geheim_adres = forms.BooleanField(label="Het adres is geheim", required=False)
    vestiging = forms.ChoiceField(label="Vestiging")
    klas = forms.CharField(label="Klas", required=False, max_length=20)
    onderwijssoort = forms.ChoiceField(
        label="Onderwijssoort", choices=[_LEEG, *((s.code, s.label) for s in ONDERWIJSSOORTEN.values())]
    )
    leerweg = forms.ChoiceField(
        label="Leerweg",
        required=False,
        help_text="Alleen bij vmbo.",
        choices=[("", "Geen"), *((w.code, w.label) for w in LEERWEGEN.values())],
    )
    uitstroomprofiel = forms.ChoiceField(
        label="Uitstroomprofiel",
        required=False,
        help_text="Alleen bij vso.",
        choices=[("", "Geen"), *((p.code, p.label) for p in UITSTROOMPROFIELEN.values())],
    )
    bestemming = forms.ChoiceField(
        label="Bestemming",
        required=False,
        choices=[("", "Nog niet bekend"), *((b.code, b.label) for b in BESTEMMINGEN.values())],
    )
    examenkandidaat = forms.BooleanField(label="Doet dit schooljaar examen", required=False, initial=True)
    overstapper = forms.BooleanField(label="Is overstapper: gaat waarschijnlijk naar het mbo", required=False)

    def __init__(self, *args: Any, vestigingen: list[Vestiging], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        veld = self.fields["vestiging"]
        assert isinstance(veld, forms.ChoiceField)
        if len(vestigingen) > 1:
            veld.choices = [_LEEG, *((v.code, f"{v.naam} ({v.code})") for v in vestigingen)]
        else:
            del self.fields["vestiging"]
        for naam in self.fields:
            self.fields[naam].error_messages["required"] = "Vul dit veld in."

    def rij(self) -> dict[str, str]:
        """The values as a row of a file: an unticked box says no, except that it never takes a markering back."""
        waarden = {naam: waarde for naam, waarde in self.cleaned_data.items() if not isinstance(waarde, bool)}
        vinkjes = {n: "ja" if self.cleaned_data[n] else "nee" for n in ("geheim_adres", "examenkandidaat")}
        return waarden | vinkjes | {"overstapper": "ja" if self.cleaned_data["overstapper"] else ""}

    def zet_fouten(self, regels: list[Regel]) -> None:
        """What the reader refused, at the field it is about."""
        for regel in regels:
            self.add_error(regel.kolom if regel.kolom in self.fields else None, regel.melding)
