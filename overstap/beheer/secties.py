"""The smaller sections: drie vragen, doorlooptijden, holidays, stilstand, toestemming and the texts of the help page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from accounts.instellingen import DRIE_VRAGEN, Vakantie
from accounts.models import Subregio
from overstap.beheer.sectie import SectieForm, datumveld, getalveld
from statuses.models import Overstap
from statuses.status import OPEN, Status

STAPPEN: tuple[Status, ...] = tuple(sorted(OPEN))


class DrieVragenForm(SectieForm):
    """The texts of the three ja/nee questions; an empty one is the default again."""

    sleutels = ("drie_vragen",)

    def maak_velden(self) -> None:
        for nr, standaard in enumerate(DRIE_VRAGEN, 1):
            uitleg = f"Een vraag die met ja of nee te beantwoorden is. Standaard: {standaard}"
            if nr == 2:
                uitleg += " Ja op vraag 2 zet de leerling in de werklijst 'Warme overdracht'."
            self.fields[f"vraag_{nr}"] = forms.CharField(
                label=f"Vraag {nr}", max_length=200, required=False, help_text=uitleg
            )

    def beginwaarden(self) -> dict[str, Any]:
        return {f"vraag_{nr}": tekst for nr, tekst in enumerate(self.huidig.drie_vragen, 1)}

    def waarden(self) -> dict[str, Any]:
        gekozen = [self.cleaned_data[f"vraag_{nr}"] or vast for nr, vast in enumerate(DRIE_VRAGEN, 1)]
        return {"drie_vragen": None if gekozen == list(DRIE_VRAGEN) else gekozen}

    def gevolgen(self) -> list[str]:
        anders = [nr for nr in (1, 2, 3) if self.cleaned_data[f"vraag_{nr}"] != self.initial[f"vraag_{nr}"]]
        if not anders:
            return []
        return [
            "Antwoorden die er al zijn, blijven staan. Zij komen onder de nieuwe tekst. Verander daarom alleen de woorden, niet de bedoeling."
        ]


def dagenvelden(form: forms.Form, standaard: dict[str, int]) -> None:
    """A field per step for agreed days; ``standaard``: what holds where nothing is filled in."""
    for status in STAPPEN:
        vast = standaard.get(status.code)
        form.fields[status.code] = getalveld(
            1,
            365,
            label=f"{status.label}, hooguit zoveel dagen",
            required=False,
            help_text=f"Leeg: {vast} dagen, de afspraak van de regio." if vast else "Leeg: geen afspraak.",
        )


def dagen(form: forms.Form) -> dict[str, int] | None:
    """The filled in days per step, None when there are none."""
    return {s.code: form.cleaned_data[s.code] for s in STAPPEN if form.cleaned_data.get(s.code)} or None


class DoorlooptijdenForm(SectieForm):
    """The agreement of the regio; an instelling can have its own."""

    sleutels = ("doorlooptijden",)

    def maak_velden(self) -> None:
        dagenvelden(self, {})

    def beginwaarden(self) -> dict[str, Any]:
        return dict(self.huidig.doorlooptijden)

    def waarden(self) -> dict[str, Any]:
        return {"doorlooptijden": dagen(self)}


AANTAL_VAKANTIES = 8


class RustForm(SectieForm):
    """When days do not count, and after how long without news a leerling stands still."""

    sleutels = ("stilstand_weken_zonder", "vakanties")

    def maak_velden(self) -> None:
        self.fields["weken"] = getalveld(
            1,
            52,
            label="Weken zonder aanmelding voor het signaal stilstand",
            help_text="Geteld vanaf het aanvinken. Standaard: 6 weken.",
        )
        for nr in range(1, self._aantal() + 1):
            self.fields[f"van_{nr}"] = datumveld(label=f"Vakantie {nr}, eerste dag", required=False)
            self.fields[f"tot_{nr}"] = datumveld(label=f"Vakantie {nr}, laatste dag", required=False)

    def _aantal(self) -> int:
        return max(AANTAL_VAKANTIES, len(self.huidig.vakanties) + 2)

    def beginwaarden(self) -> dict[str, Any]:
        uit: dict[str, Any] = {"weken": self.huidig.stilstand_weken_zonder}
        for nr, vakantie in enumerate(self.huidig.vakanties, 1):
            uit |= {f"van_{nr}": vakantie.van, f"tot_{nr}": vakantie.tot}
        return uit

    def clean(self) -> dict[str, Any]:
        schoon = super().clean() or {}
        for nr in range(1, self._aantal() + 1):
            van, tot = schoon.get(f"van_{nr}"), schoon.get(f"tot_{nr}")
            if bool(van) != bool(tot) and not {f"van_{nr}", f"tot_{nr}"} & set(self.errors):
                self.add_error(f"tot_{nr}" if van else f"van_{nr}", "Vul beide dagen in, of geen van beide.")
            elif van and tot and tot < van:
                self.add_error(f"tot_{nr}", "De laatste dag ligt voor de eerste. Kies een latere dag.")
        return schoon

    def _gekozen(self) -> list[Vakantie]:
        paren = [(self.cleaned_data[f"van_{n}"], self.cleaned_data[f"tot_{n}"]) for n in range(1, self._aantal() + 1)]
        return sorted(Vakantie(van, tot) for van, tot in paren if van and tot)

    def waarden(self) -> dict[str, Any]:
        weken = self.cleaned_data["weken"]
        lijst = [[_iso(v.van), _iso(v.tot)] for v in self._gekozen()]
        return {"stilstand_weken_zonder": None if weken == 6 else weken, "vakanties": lijst or None}


def _iso(dag: date) -> str:
    return dag.isoformat()


class ToestemmingForm(SectieForm):
    """The consent switch, per purpose; what stops is told before it does. Bron: domein.md 7."""

    sleutels = ("toestemming_vereist",)

    def maak_velden(self) -> None:
        self.fields["doelen"] = forms.MultipleChoiceField(
            label="Toestemming vereist",
            required=False,
            widget=forms.CheckboxSelectMultiple,
            choices=[
                ("mbo", "voor het delen met het mbo: drie vragen en het gesprek tussen school en mbo"),
                (
                    "leerplicht",
                    "voor het delen met leerplicht: de toelichting en het gesprek tussen school en leerplicht",
                ),
            ],
            help_text="Zet dit alleen aan als het convenant van de regio om toestemming vraagt. De wet vraagt sinds 1 augustus "
            "2020 geen toestemming, wel dat de school informeert. Bezwaar van een leerling telt altijd.",
        )

    def beginwaarden(self) -> dict[str, Any]:
        return {"doelen": sorted(self.huidig.toestemming)}

    def waarden(self) -> dict[str, Any]:
        return {"toestemming_vereist": sorted(self.cleaned_data["doelen"]) or None}

    def gevolgen(self) -> list[str]:
        aan = set(self.cleaned_data["doelen"]) - self.huidig.toestemming
        uit = self.huidig.toestemming - set(self.cleaned_data["doelen"])
        regels = []
        if aan:
            rijen = Overstap.objects.filter(regio_id=self.regio.pk, gemarkeerd_sinds__isnull=False, gesloten_op=None)
            zonder = rijen.exclude(toestemming=True).filter(overstapjaar=self.jaar).count()
            regels += [
                f"Van {zonder} overstappers in {self.jaar_naam} is nu geen toestemming bekend. Voor hen stopt het volgende, tot de "
                "school de toestemming vastlegt.",
                *_STOPT["mbo"][: 2 if "mbo" in aan else 0],
                *_STOPT["leerplicht"][: 2 if "leerplicht" in aan else 0],
                "Statussen, leerplicht inschakelen zelf en de wettelijke berichten (VVA) gaan gewoon door.",
                "Wat al is gedeeld, blijft staan.",
            ]
        if uit:
            regels.append(
                f"Voor {' en '.join(sorted(uit))} is geen toestemming meer nodig. Alleen bezwaar houdt het delen nog tegen."
            )
        return regels


_STOPT = {
    "mbo": ("De drie vragen invullen kan niet.", "Een nieuw bericht in het gesprek met het mbo kan niet."),
    "leerplicht": (
        "Leerplicht inschakelen gaat zonder toelichting.",
        "Een nieuw bericht in het gesprek met leerplicht kan niet.",
    ),
}

_HULP = {
    "functioneel_beheerder": (
        "Functioneel beheerder",
        "Hoe vindt iemand de functioneel beheerder van de eigen school of instelling?",
    ),
    "beheerorganisatie": ("Beheerorganisatie", "Naam, telefoon en e-mailadres van de beheerorganisatie van de regio."),
    "secretaris": ("Secretaris", "Bij wie kan iemand terecht met vragen over de procedure?"),
    "afspraken": ("Afspraken in de regio", "Aanvullende afspraken die voor de hele regio gelden."),
}


class HulpForm(SectieForm):
    """What /hulp says about this regio. Plain text; a blank line begins a paragraph."""

    sleutels = ("hulp",)

    def maak_velden(self) -> None:
        self.subregios = list(Subregio.objects.filter(regio=self.regio).order_by("naam").values_list("naam", flat=True))
        for naam, (label, uitleg) in _HULP.items():
            self.fields[naam] = _tekstveld(label, uitleg)
        for nr, naam in enumerate(self.subregios):
            self.fields[f"subregio_{nr}"] = _tekstveld(f"Afspraken in {naam}", "Alleen voor deze subregio.")

    def beginwaarden(self) -> dict[str, Any]:
        hulp = self.huidig.hulp
        per_subregio = {f"subregio_{nr}": hulp.subregios.get(naam, "") for nr, naam in enumerate(self.subregios)}
        return {**{naam: getattr(hulp, naam) for naam in _HULP}, **per_subregio}

    def waarden(self) -> dict[str, Any]:
        teksten: dict[str, Any] = {naam: self.cleaned_data[naam] for naam in _HULP if self.cleaned_data[naam]}
        # Of a subregio that is not there any more the text is kept until it is back or somebody takes it away.
        weg = {n: t for n, t in self.huidig.hulp.subregios.items() if n not in self.subregios}
        hier = {naam: self.cleaned_data[f"subregio_{nr}"] for nr, naam in enumerate(self.subregios)}
        subregios = weg | {naam: tekst for naam, tekst in hier.items() if tekst}
        return {"hulp": (teksten | ({"subregios": subregios} if subregios else {})) or None}


def _tekstveld(label: str, uitleg: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=f"{uitleg} Zet hier geen namen of gegevens van leerlingen.",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
