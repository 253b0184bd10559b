"""The ambities of a regio in one overstapjaar: when, which words, how high, about whom and what counts; its own beside the five."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from overstap.basis import klok
from overstap.beheer.sectie import SectieForm, datumveld, getalveld, in_woorden
from rapportages.indicatoren import AMBITIES, POPULATIES, Ambitie, Populatie, Telt, ambities_van
from statuses.termijnen import kalender, kalender_van

TELT: dict[Telt, str] = {
    Telt.AANGEMELD: "aangemeld of verder: aangemeld, intake, voorlopig, plaatsing aangeboden of definitief",
    Telt.VOORLOPIG: "voorlopig of verder: voorlopig, plaatsing aangeboden of definitief",
    Telt.DEFINITIEF: "definitief, vervolgkeuze VO zonder open aanmelding, of bij leerplicht in behandeling",
    Telt.DEFINITIEF_OF_AFGEHANDELD: "hetzelfde, en ook door leerplicht afgehandeld zonder open aanmelding",
}
NIEUW = "nieuw"
VELDEN = ("datum", "label", "norm", "populatie", "telt")


class AmbitiesForm(SectieForm):
    """A group of fields per ambitie, and an empty group for a new one."""

    sleutels = ("ambities_jaren",)

    def maak_velden(self) -> None:
        self.nu = {a.code: a for a in ambities_van(self.huidig, self.jaar)}
        uit = {code for code, velden in self.huidig.ambities_van(self.jaar).items() if velden.get("actief") is False}
        self.codes = [*self.nu, *(a.code for a in AMBITIES if a.code in uit)]
        for code in [*self.codes, NIEUW]:
            self._maak_groep(code)

    def _maak_groep(self, code: str) -> None:
        nodig = code != NIEUW
        self.fields[f"{code}_actief"] = forms.BooleanField(
            label="Telt mee in dit overstapjaar" if nodig else "Deze ambitie toevoegen", required=False
        )
        self.fields[f"{code}_datum"] = datumveld(label="Datum", required=nodig)
        self.fields[f"{code}_label"] = forms.CharField(
            label="Wat er staat, achter de datum", max_length=60, required=nodig
        )
        self.fields[f"{code}_norm"] = getalveld(0, 100, label="Norm in procenten", required=nodig)
        self.fields[f"{code}_populatie"] = forms.ChoiceField(
            label="Over wie het gaat", choices=[(p.value, tekst) for p, tekst in POPULATIES.items()], required=nodig
        )
        self.fields[f"{code}_telt"] = forms.ChoiceField(
            label="Wat meetelt", choices=[(t.value, tekst) for t, tekst in TELT.items()], required=nodig
        )

    @property
    def groepen(self) -> list[tuple[str, bool, list[forms.BoundField]]]:
        """(heading, whether it opens unfolded, fields) for the page."""
        namen = {code: [f"{code}_{veld}" for veld in ("actief", *VELDEN)] for code in [*self.codes, NIEUW]}
        return [
            (self._kop(code), self.is_bound and bool(set(velden) & set(self.errors)), [self[naam] for naam in velden])
            for code, velden in namen.items()
        ]

    def _kop(self, code: str) -> str:
        if code == NIEUW:
            return "Een ambitie erbij"
        ambitie = self.nu.get(code) or _standaard(code)
        uit = "" if code in self.nu else " (telt niet mee)"
        return f"{in_woorden(self._datum(ambitie))}: {ambitie.norm}% {ambitie.label}{uit}"

    def _datum(self, ambitie: Ambitie) -> date:
        return ambitie.datum(kalender(self.jaar))

    def beginwaarden(self) -> dict[str, Any]:
        uit: dict[str, Any] = {}
        for code in self.codes:
            a = self.nu.get(code) or _standaard(code)
            uit |= {
                f"{code}_actief": code in self.nu,
                f"{code}_datum": self._datum(a),
                f"{code}_label": a.label,
                f"{code}_norm": a.norm,
                f"{code}_populatie": a.populatie.value,
                f"{code}_telt": a.telt.value,
            }
        return uit | {f"{NIEUW}_actief": False, f"{NIEUW}_populatie": Populatie.GEMARKEERD.value}

    def clean(self) -> dict[str, Any]:
        schoon = super().clean() or {}
        gezien: dict[date, str] = {}
        for code in self._actief(schoon):
            if code == NIEUW:
                self._volledig(schoon)
            dag = schoon.get(f"{code}_datum")
            if dag:
                self._controleer_dag(code, dag, gezien)
        if not any(self._actief(schoon)):
            self.add_error(None, "Laat minstens één ambitie meetellen.")
        return schoon

    def _actief(self, schoon: dict[str, Any]) -> list[str]:
        return [code for code in [*self.codes, NIEUW] if schoon.get(f"{code}_actief")]

    def _volledig(self, schoon: dict[str, Any]) -> None:
        for veld in VELDEN:
            naam = f"{NIEUW}_{veld}"
            if schoon.get(naam) in (None, "") and naam not in self.errors:
                self.add_error(naam, "Vul dit in om de ambitie toe te voegen.")

    def _controleer_dag(self, code: str, dag: date, gezien: dict[date, str]) -> None:
        einde = kalender_van(self.huidig, self.jaar)["einde"]
        if dag.year != self.jaar + 1 or dag > einde or (dag.month, dag.day) == (2, 29):
            self.add_error(
                f"{code}_datum",
                f"Kies een dag van 1 januari tot en met {in_woorden(einde)}, en niet 29 februari.",
            )
        elif dag in gezien:
            self.add_error(f"{code}_datum", "Op deze dag is er al een ambitie. Kies een andere dag.")
        gezien[dag] = code

    def waarden(self) -> dict[str, Any]:
        rijen: dict[str, dict[str, Any]] = {}
        for code in [*self.codes, NIEUW]:
            actief = bool(self.cleaned_data.get(f"{code}_actief"))
            eigen = code not in self.huidig.ambities and all(a.code != code for a in AMBITIES)
            if eigen and not actief:  # one of its own that goes, or was never asked for
                continue
            gekozen = self._gekozen(code)
            sleutel = self._code(gekozen["datum"]) if code == NIEUW else code
            rij = gekozen | ({} if actief else {"actief": False})
            if rij != self._zonder(sleutel):
                rijen[sleutel] = rij
        return {"ambities_jaren": self.eigen_jaar("ambities_jaren", rijen)}

    def _gekozen(self, code: str) -> dict[str, Any]:
        v = {veld: self.cleaned_data[f"{code}_{veld}"] for veld in VELDEN}
        return v | {"datum": f"{v['datum']:%m-%d}"}

    def _zonder(self, code: str) -> dict[str, Any] | None:
        """What would hold without a choice for this jaar; None for an ambitie of the regio's own."""
        algemeen = self.huidig.ambities.get(code, {})
        if all(a.code != code for a in AMBITIES):
            return None
        a = _standaard(code)
        vast = {"datum": f"{a.maand:02}-{a.dag:02}", "label": a.label, "norm": a.norm}
        return {**vast, "populatie": a.populatie.value, "telt": a.telt.value, **algemeen}

    def _code(self, maand_dag: str) -> str:
        """A code of its own: the day in words, as those of the five; with a number when that is taken."""
        maand, dag = (int(deel) for deel in maand_dag.split("-"))
        basis = in_woorden(date(self.jaar + 1, maand, dag)).rpartition(" ")[0].replace(" ", "-")
        bekend = {*self.codes, *(a.code for a in AMBITIES)}
        return next(code for n in range(1, 99) if (code := basis if n == 1 else f"{basis}-{n}") not in bekend)

    def gevolgen(self) -> list[str]:
        if not self.veranderd():
            return []
        voorbij = [a for a in self.nu.values() if self._datum(a) <= klok.vandaag()]
        geraakt = [a for a in voorbij if self._gewijzigd(a.code)]
        return [
            f"De ambitie van {in_woorden(self._datum(a))} is al gemeten. Rapportages rekenen voortaan met de nieuwe afspraak."
            for a in geraakt
        ]

    def _gewijzigd(self, code: str) -> bool:
        return any(self.cleaned_data.get(f"{code}_{v}") != self.initial.get(f"{code}_{v}") for v in ("actief", *VELDEN))


def _standaard(code: str) -> Ambitie:
    return next(a for a in AMBITIES if a.code == code)
