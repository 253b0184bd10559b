"""The calendar of a regio in one overstapjaar: each date by name in words, with the default beside it, and what moves along."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from accounts.rechten import ROL_LABELS, Rol
from overstap.beheer.sectie import SectieForm, datumveld, in_woorden
from rapportages.indicatoren import Populatie, ambities_van
from statuses.termijnen import DAG_NA, STANDAARD, TE_KIEZEN, Kalender, kalender, kalender_van, uit_volgorde
from statuses.werklijsten import WERKLIJSTEN, Stap

# name -> label, what it is for. In the order of the jaar.
NAMEN: dict[str, tuple[str, str]] = {
    "begin": ("Begin van het overstapjaar", "Vanaf deze dag leveren scholen leerlingen aan."),
    "mbo_gangers_vanaf": ("Potentiële mbo-gangers melden, eerste dag", "Landelijk: de eerste melding aan gemeenten."),
    "beginstand": (
        "Beginstand",
        "Wie op deze dag overstapper is, telt mee in 'aangemerkt'. Daarna haalt alleen de manager vo een vinkje weg.",
    ),
    "mbo_gangers_tot": ("Potentiële mbo-gangers melden, laatste dag", "Landelijk."),
    "bulk_0301": ("Eerste bulkmelding aan gemeenten", "Landelijk: wie nog niet is aangemeld."),
    "aanmelden_voor": (
        "Aanmelden bij het mbo, laatste dag",
        "Wie zich uiterlijk nu aanmeldt, heeft toelatingsrecht. Vanaf de dag erna is een leerling zonder aanmelding een "
        "risicoleerling en begint de fase 'Afronden aanmeldproces'.",
    ),
    "bulk_0615": ("Tweede bulkmelding aan gemeenten", "Landelijk: wie nog niet is ingeschreven."),
    "zomer": ("Begin van de zomer", "Vanaf deze dag loopt de fase 'Afronden inschrijving en start'."),
    "einde_schooljaar": (
        "Einde van het schooljaar",
        "Na deze dag wist het systeem de leerlingen die niet zijn aangevinkt.",
    ),
    "start_mbo": ("Start van het mbo", "Vanaf deze dag leggen instellingen vast wie is gestart."),
    "verantwoordelijk_vo_tot": (
        "Eindverantwoordelijk vo, laatste dag",
        "Vanaf de dag erna is leerplicht aan zet voor wie nog geen plek heeft.",
    ),
    "einde": ("Einde van het overstapjaar", "Daarna verandert er niets meer, behalve bij leerplicht."),
    "einde_leerplichtspoor": ("Leerplicht rondt af, laatste dag", "Daarna is het jaar helemaal dicht."),
    "personen_weg": ("Persoonsgegevens weg", "Uiterlijk op deze dag zijn de namen gewist. De aantallen blijven."),
}


class KalenderForm(SectieForm):
    """The dates that a regio can choose; the others are shown and fixed."""

    sleutels = ("kalender_jaren",)

    def maak_velden(self) -> None:
        nu, standaard = self.nu, kalender(self.jaar)
        for naam in TE_KIEZEN:
            label, uitleg = NAMEN[naam]
            self.fields[naam] = datumveld(
                label=label, help_text=f"{uitleg} Nu: {in_woorden(nu[naam])}. Standaard: {in_woorden(standaard[naam])}."
            )

    def beginwaarden(self) -> dict[str, Any]:
        nu = self.nu
        return {naam: nu[naam] for naam in TE_KIEZEN}

    @property
    def nu(self) -> Kalender:
        return kalender_van(self.huidig, self.jaar)

    @property
    def vast(self) -> list[tuple[str, str]]:
        """The dates that are not a choice: (label, date in words and what it is for)."""
        return [
            (label, f"{in_woorden(self.nu[naam])}. {uitleg}")
            for naam, (label, uitleg) in NAMEN.items()
            if naam not in TE_KIEZEN
        ]

    def clean(self) -> dict[str, Any]:
        schoon = super().clean() or {}
        for naam in TE_KIEZEN:
            jaar = self.jaar + STANDAARD[naam][0]
            dag = schoon.get(naam)
            if dag and (dag.year != jaar or (dag.month, dag.day) == (2, 29)):
                self.add_error(naam, f"Kies een dag in {jaar}, en niet 29 februari.")
        if not self.errors:
            for eerst, dan in uit_volgorde(self.nieuw()):
                self._meld(eerst, dan)
        return schoon

    def _meld(self, eerst: str, dan: str) -> None:
        veld = next(naam for naam in (DAG_NA.get(dan, dan), DAG_NA.get(eerst, eerst)) if naam in TE_KIEZEN)
        if veld not in self.errors:
            a, b = NAMEN[DAG_NA.get(eerst, eerst)][0], NAMEN[DAG_NA.get(dan, dan)][0]
            self.add_error(veld, f"'{b}' hoort na '{a}' te liggen. Kies andere dagen.")

    def nieuw(self) -> Kalender:
        """The calendar as it would be."""
        return kalender(self.jaar, {**self.huidig.kalender_van(self.jaar), **self._dagen()})

    def _dagen(self) -> dict[str, str]:
        gekozen: dict[str, date] = {naam: self.cleaned_data[naam] for naam in TE_KIEZEN}
        gekozen |= {naam: gekozen[voor] + timedelta(days=1) for naam, voor in DAG_NA.items()}
        return {naam: f"{dag:%m-%d}" for naam, dag in gekozen.items()}

    def waarden(self) -> dict[str, Any]:
        """Only what differs from what holds without a choice for this jaar."""
        zonder = kalender(self.jaar, dict(self.huidig.kalender))
        anders = {naam: dag for naam, dag in self._dagen().items() if dag != f"{zonder[naam]:%m-%d}"}
        return {"kalender_jaren": self.eigen_jaar("kalender_jaren", anders)}

    def gevolgen(self) -> list[str]:
        oud, nieuw = self.nu, self.nieuw()
        uit = [
            f"{NAMEN[naam][0]}: was {in_woorden(oud[naam])}, wordt {in_woorden(nieuw[naam])}."
            for naam in TE_KIEZEN
            if oud[naam] != nieuw[naam]
        ]
        if oud["beginstand"] != nieuw["beginstand"]:
            geraakt = [a for a in ambities_van(self.huidig, self.jaar) if a.populatie is Populatie.AANGEMERKT]
            uit += [
                f"De ambitie '{a.label}' rekent met de nieuwe beginstand, ook voor dagen die al voorbij zijn."
                for a in geraakt
            ]
        if oud["aanmelden_voor"] != nieuw["aanmelden_voor"]:
            vast = [a for a in ambities_van(self.huidig, self.jaar) if a.datum(oud) == oud["aanmelden_voor"]]
            dag = in_woorden(oud["aanmelden_voor"])
            uit += [
                f"De ambitie '{a.label}' blijft op {dag} staan. Wijzig haar bij Ambities als dat niet klopt."
                for a in vast
            ]
        return [*uit, *(zin for stap in WERKLIJSTEN if (zin := _verschuift(stap, oud, nieuw)))]


def _verschuift(stap: Stap, oud: Kalender, nieuw: Kalender) -> str:
    was, wordt = _toont(stap, oud), _toont(stap, nieuw)
    if was == wordt:
        return ""
    rol = ROL_LABELS[min(stap.rollen, key=list(Rol).index)]
    return f"Stap '{stap.naam}' ({rol}): {_periode(was)}, wordt {_periode(wordt)}."


def _toont(stap: Stap, k: Kalender) -> tuple[date, date] | None:
    dagen = [d for n in range((k["einde"] - k["begin"]).days + 1) if stap.toont(d := k["begin"] + timedelta(days=n), k)]
    return (dagen[0], dagen[-1]) if dagen else None


def _periode(dagen: tuple[date, date] | None) -> str:
    return f"{in_woorden(dagen[0])} tot en met {in_woorden(dagen[1])}" if dagen else "niet te zien"
