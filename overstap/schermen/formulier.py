"""The form of an act, for one leerling or for many: its own fields, a text per leerling, and one text for all of them.

Texts to the other party only where the ground is there (domein.md 7); who has none gets no field and goes along without.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms

from overstap.schermen.acties import ActieForm, Doel, Knop, Tekstveld
from overstap.schermen.lijst import Lijst
from overstap.schermen.omgeving import Omgeving
from statuses.referentie.onderwijs import HAVO_VWO
from statuses.referentie.redenen import Tekstvraag
from statuses.zichtbaarheid import Veld

HOOGSTENS_TEKSTEN = 40  # what a person can fill in on one page; above it there is one text for all
ALLEN = "allen"


def naam_van(lijst: Lijst, o: Omgeving, doel: Doel) -> str:
    return lijst.naam(doel.aanmelding or doel.overstap, o)


def met_klas(lijst: Lijst, o: Omgeving, doel: Doel) -> str:
    """The name with the klas: two leerlingen of a school can have the same name."""
    naam = naam_van(lijst, o, doel)
    return f"{naam} ({doel.overstap.klas})" if doel.overstap.klas and o.ziet(Veld.NAAM) else naam


def maak_formulier(lijst: Lijst, o: Omgeving, actie: Knop, doelen: Sequence[Doel], data: Any = None) -> ActieForm:
    """The form of this act for these leerlingen; bound when there is data."""
    form = actie.formulier(data, o=o, doelen=doelen)
    for veld, regel in form.fields.items():
        if veld == "kans" and not any(d.overstap.onderwijssoort in HAVO_VWO for d in doelen):
            regel.widget, regel.required = forms.HiddenInput(), False
    met_tekst = [d for d in doelen if not actie.tekst_grond or d.stand(o).grondslag]
    zonder = [d for d in doelen if d not in met_tekst]
    form.zonder_tekst = [met_klas(lijst, o, d) for d in zonder] if actie.tekst else []
    form.met_tekst = frozenset(d.pk for d in met_tekst)
    vragen = list(_vragen(actie))
    if len(doelen) > 1 and met_tekst:
        for soort, vraag, _ in vragen:
            form.fields[f"{soort}_{ALLEN}"] = _tekstveld(
                f"{vraag.label}, dezelfde voor alle leerlingen",
                f"{vraag.uitleg} Deze tekst geldt voor wie hieronder geen eigen tekst heeft."
                if len(doelen) <= HOOGSTENS_TEKSTEN
                else vraag.uitleg,
            )
    if len(doelen) <= HOOGSTENS_TEKSTEN or actie.tekst_verplicht:
        for doel in met_tekst:
            for soort, vraag, verplicht in vragen:
                een = len(doelen) == 1
                label = vraag.label if een else f"{vraag.label}: {met_klas(lijst, o, doel)}"
                naam = f"{soort}_{doel.pk}"
                form.fields[naam] = _tekstveld(label, vraag.uitleg if een else "", verplicht=verplicht)
                fout = f"Schrijf een tekst bij {naam_van(lijst, o, doel)}, of haal de leerling weg."
                form.tekstvelden.append(Tekstveld(naam, soort, fout if verplicht else ""))
    for naam in form.achteraan:
        form.fields[naam] = form.fields.pop(naam)
    return form


def _vragen(actie: Knop) -> Iterator[tuple[str, Tekstvraag, bool]]:
    """Which texts an act asks per leerling: the kind of field, the question, and whether it must be there."""
    if actie.voor_school is not None:
        yield "school", actie.voor_school, False
    if actie.tekst is not None:
        yield "tekst", actie.tekst, actie.tekst_verplicht


class _Tekst(forms.CharField):
    """A text that must be there shows so, and is only missed once the text for all has filled it (ActieForm.clean)."""

    def validate(self, value: Any) -> None:
        """Nothing here."""


def _tekstveld(label: str, uitleg: str, *, verplicht: bool = False) -> forms.CharField:
    return _Tekst(
        label=label, help_text=uitleg, required=verplicht, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


def gegevens_van(form: ActieForm, doel: Doel) -> dict[str, Any]:
    """The fields of one doel: those of the form, and its own texts or else the one for all."""
    velden: Mapping[str, Any] = form.cleaned_data
    mag = doel.pk in form.met_tekst
    teksten = {
        soort: (velden.get(f"{soort}_{doel.pk}") or velden.get(f"{soort}_{ALLEN}") or "") if mag else ""
        for soort in ("tekst", "school")
    }
    return {**velden, "tekst": teksten["tekst"] or velden.get("tekst", ""), "voor_school": teksten["school"]}
