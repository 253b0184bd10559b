"""What a page can ask: of the figures, and of an export. Codes only: no person can be named in it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from accounts.actor import Actor
from accounts.models import Deelname
from accounts.rechten import Rol, Soort
from overstap.basis import klok
from rapportages.exports import op_naam
from statuses.status import CODES, Status
from statuses.termijnen import jaar_naam, jaar_uit_naam, nieuwste_jaar

# Which leerlingen an aanjager wants in the file: word of the page -> statussen (None: all). Bron: domein.md 3, AJ3 and AJ4.
WELKE: dict[str, tuple[str, frozenset[Status] | None]] = {
    "alle": ("Alle overstappers", None),
    "zonder": ("Alleen zonder aanmelding", frozenset({Status.ZONDER_AANMELDING})),
    "niet-geplaatst": (
        "Alleen nog niet geplaatst",
        frozenset(Status) - {Status.VERVOLGKEUZE_VO, Status.DEFINITIEF},
    ),
}
MAX_VESTIGINGEN = 500
_EERSTE_DAG = date(2000, 1, 1)
_VESTIGING = re.compile(r"[0-9A-Z]{6}")


class JaarForm(forms.Form):
    """The query of a page about one overstapjaar; the newest without it."""

    jaar = forms.CharField(required=False, max_length=9)

    def clean_jaar(self) -> int:
        naam = self.cleaned_data["jaar"]
        try:
            return jaar_uit_naam(naam) if naam else nieuwste_jaar(klok.vandaag())
        except ValueError as fout:
            raise forms.ValidationError(str(fout)) from None


class ExportForm(JaarForm):
    """``vestiging`` may come many times; without one it is everything that the role sees."""

    soort = forms.ChoiceField(
        error_messages={"invalid_choice": "Deze export bestaat niet. Kies er een uit de lijst."},
    )
    regio = forms.CharField(required=False, max_length=2)
    welke = forms.ChoiceField(choices=[(code, tekst) for code, (tekst, _) in WELKE.items()], required=False)
    per_school = forms.BooleanField(required=False)
    filters = forms.CharField(required=False, max_length=120)

    def __init__(self, data: QueryDict | None = None, *, actor: Actor) -> None:
        super().__init__(data)
        self._actor = actor
        self._vestigingen = data.getlist("vestiging") if data else []
        # Only what this role may ask for; the task would refuse the others too.
        eigen = [(code, soort.naam) for code, soort in op_naam().items() if actor.mag(soort.recht)]
        self.fields["soort"].choices = eigen  # type: ignore[attr-defined] # a ChoiceField

    def clean_regio(self) -> str:
        regio: str = self.cleaned_data["regio"] or self._actor.regio
        if regio not in self._actor.regios:
            raise forms.ValidationError("Deze regio hoort niet bij uw rol. Kies een regio waarin u werkt.")
        return regio

    def parameters(self) -> dict[str, Any]:
        """Of a valid form: what ``actions.vraag_aan`` takes."""
        tekst, statussen = WELKE[self.cleaned_data["welke"] or "alle"]
        vestigingen = sorted({code for code in self._vestigingen if _VESTIGING.fullmatch(code)})[:MAX_VESTIGINGEN]
        woorden = [tekst] if statussen is not None else []
        woorden += [self.cleaned_data["filters"]] if self.cleaned_data["filters"] else []
        uit: dict[str, Any] = {"per_school": self.cleaned_data["per_school"], "filters": "; ".join(woorden)}
        if self._vestigingen:
            uit["vestigingen"] = vestigingen
        if statussen is not None:
            uit["statussen"] = [code for code, status in CODES.items() if status in statussen]
        return uit


PER = {
    "subregio": "Subregio", "gemeente": "Woongemeente", "school": "School", "vestiging": "Vestiging",
    "onderwijssoort": "Onderwijssoort", "leerweg": "Leerweg", "mbo": "Mbo-instelling",
}  # fmt: skip


# What a role is likely to ask for.
STANDAARD_PER: dict[Rol, str] = {
    Rol.DECAAN: "leerweg", Rol.MANAGER_VO: "vestiging", Rol.MBO_MEDEWERKER: "mbo", Rol.MBO_MANAGER: "mbo",
    Rol.LEERPLICHT: "school", Rol.AANJAGER: "school", Rol.SAMENWERKINGSVERBAND: "school",
}  # fmt: skip


def _datum(label: str, uitleg: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=uitleg,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d-%m-%Y"],
        error_messages={"invalid": "Dit is geen datum. Schrijf dag-maand-jaar, zoals 01-04-2026."},
    )


class RapportageForm(forms.Form):
    """The query of /rapportages; all optional."""

    peildatum = _datum("Peildatum", "Zoals het op die dag was.")
    bekend = _datum("Bekend op", "Zoals het toen bekend was; leeg is nu.")
    jaar = forms.ChoiceField(label="Overstapjaar", required=False)
    per = forms.ChoiceField(
        label="Uitgesplitst per",
        choices=list(PER.items()),
        error_messages={"invalid_choice": f"Hierop kan niet worden uitgesplitst. Kies uit: {', '.join(PER.values())}."},
    )
    regio = forms.ChoiceField(
        label="Regio",
        required=False,
        error_messages={"invalid_choice": "Deze regio hoort niet bij uw rol. Kies een regio waarin u werkt."},
    )

    def __init__(self, data: QueryDict, *, actor: Actor) -> None:
        nieuwste = nieuwste_jaar(klok.vandaag())
        gevuld = data.copy()
        gevuld.setdefault("jaar", jaar_naam(nieuwste))
        gevuld.setdefault("per", STANDAARD_PER.get(actor.rol, "subregio"))
        gevuld.setdefault("regio", actor.regio)
        super().__init__(gevuld)
        fout = {"invalid_choice": "Dit overstapjaar bestaat hier niet. Kies er een uit de lijst, zoals 2025-2026."}
        self.fields["jaar"] = forms.ChoiceField(
            label="Overstapjaar",
            required=False,
            choices=[(jaar_naam(j), jaar_naam(j)) for j in range(nieuwste, nieuwste - 6, -1)],
            error_messages=fout,
        )
        regios = self.fields["regio"]
        assert isinstance(regios, forms.ChoiceField)
        regios.choices = [(code, code) for code in sorted(actor.regios)]
        if len(actor.regios) < 2:
            regios.widget = forms.HiddenInput()

    def clean_jaar(self) -> int:
        naam = self.cleaned_data["jaar"]
        return jaar_uit_naam(naam) if naam else nieuwste_jaar(klok.vandaag())

    def clean(self) -> dict[str, Any]:
        velden: dict[str, Any] = self.cleaned_data
        for naam in ("peildatum", "bekend"):
            if velden.get(naam) and velden[naam] > klok.vandaag():
                self.add_error(naam, "Deze datum ligt in de toekomst. Kies vandaag of een eerdere dag.")
            elif velden.get(naam) and velden[naam] < _EERSTE_DAG:
                self.add_error(naam, "Deze datum ligt te ver terug. Controleer het jaartal.")
        return velden


class DoorlooptijdenForm(JaarForm):
    """The query of /doorlooptijden: the jaar, and one instelling to look at closely."""

    mbo = forms.CharField(required=False, max_length=12)

    def __init__(self, data: QueryDict, *, actor: Actor) -> None:
        super().__init__(data)
        self._actor = actor

    def clean_mbo(self) -> str:
        code: str = self.cleaned_data["mbo"]
        mee = Deelname.objects.filter(
            organisatie__code=code, organisatie__soort=Soort.MBO, regio_id__in=sorted(self._actor.regios)
        )
        if code and not mee.exists():
            raise forms.ValidationError("Deze mbo-instelling doet in uw regio niet mee. Kies er een uit de tabel.")
        return code
