"""The forms of what an mbo records. Which fields are needed says statuses/overgangen.py; here is how they are asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from overstap.basis import klok
from overstap.mbo.velden import DagVeld, OpleidingVeld
from overstap.schermen.acties import ActieForm, Doel
from statuses.eigen_redenen import per_regio, samen
from statuses.referentie.redenen import Reden, reden, redenen
from statuses.status import OPEN, OPEN_OF_DEFINITIEF, Status

VOL = "opleiding_vol"
VORMEN = (("", "Nog niet bekend"), ("bol", "BOL"), ("bbl", "BBL"))


class StapForm(ActieForm):
    """A step in the process: on which day it was."""

    datum = DagVeld(label="Vanaf welke dag geldt dit?", required=False, help_text="Leeg laten is vandaag.")


class VerderForm(StapForm):
    """To which status it goes forward; the next one stands ready."""

    naar = forms.ChoiceField(
        label="Wat is de nieuwe status?", widget=forms.RadioSelect, error_messages={"required": "Kies een status."}
    )
    field_order = ("naar", "datum")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nu = [d.aanmelding.status_nu for d in self.doelen if d.aanmelding and d.aanmelding.status_nu in OPEN]
        verder = sorted(s for s in OPEN_OF_DEFINITIEF if s > min(nu, default=Status.AANGEMELD))
        veld = self.fields["naar"]
        assert isinstance(veld, forms.ChoiceField)
        veld.choices = [(s.code, s.label_op(klok.vandaag())) for s in verder]
        # The next step for all of them: of a mixed choice the one that nobody has behind them.
        veld.initial = next((s.code for s in verder if s > max(nu, default=Status.AANGEMELD)), None)


class _MetRedenen(ActieForm):
    """Knows the redenen of a status, those of the regio included."""

    def redenen_van(self, status: Status) -> tuple[Reden, ...]:
        if "redenen" not in self.o.geheugen:
            self.o.geheugen["redenen"] = per_regio(self.o.actor.regios)
        return redenen(status.code, samen(self.o.geheugen["redenen"], status))

    def vul(self, veld: str, status: Status) -> None:
        keuze = self.fields[veld]
        assert isinstance(keuze, forms.ChoiceField)
        keuze.choices = [(r.code, r.label) for r in self.redenen_van(status)]

    def controleer(self, veld: str, status: Status, gegevens: dict[str, Any]) -> None:
        """A reden that needs words has them."""
        code = gegevens.get(veld)
        if code and reden(status.code, code, self.redenen_van(status)).tekst_verplicht and not gegevens.get("tekst"):
            self.add_error("tekst", "Schrijf kort wat de reden is.")


def _reden_veld(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text="De school ziet deze reden.",
        widget=forms.RadioSelect,
        error_messages={"required": "Kies een reden. De school moet weten waarom."},
    )


def _tekst_veld() -> forms.CharField:
    return forms.CharField(
        label="Toelichting",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Alleen nodig bij 'Iets anders'. Zet hier geen gezondheidsgegevens.",
    )


class _RedenForm(_MetRedenen, StapForm):
    status: Status
    reden = _reden_veld("Wat is de reden?")
    tekst = _tekst_veld()
    advies = OpleidingVeld(
        label="Welke andere opleiding past beter?", required=False, help_text="De school ziet dit als advies. "
        "Typ de naam of de crebocode."
    )  # fmt: skip
    field_order = ("reden", "vol_gecontroleerd", "tekst", "advies", "datum")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vul("reden", self.status)

    def clean_advies(self) -> str:
        gekozen = self.cleaned_data["advies"]
        return gekozen.naam if gekozen else ""

    def clean(self) -> dict[str, Any]:
        gegevens = super().clean() or {}
        self.controleer("reden", self.status, gegevens)
        return gegevens


class AfmeldForm(_RedenForm):
    status = Status.AFGEMELD


class AfwijsForm(_RedenForm):
    """With a warning for who applied before 1 April: they have toelatingsrecht. Bron: WEB 8.1.1; domein.md 8."""

    status = Status.AFGEWEZEN
    vol_gecontroleerd = forms.BooleanField(
        label="Deze opleiding heeft een vast aantal plaatsen. 'De opleiding is vol' mag hier.", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.met_recht = [d for d in self.doelen if self._op_tijd(d)]
        if self.met_recht:
            tot = f"{self.o.kalender['aanmelden_voor']:%d-%m-%Y}"
            recht = (
                f" {self._wie()} aangemeld op of vóór {tot} en heeft bij de juiste vooropleiding recht op toelating."
            )
            self.fields["reden"].help_text += recht
        # Asked when it matters: the opleiding is said to be full.
        if not self.met_recht or self.data.get("reden") != VOL:
            del self.fields["vol_gecontroleerd"]

    def _op_tijd(self, doel: Doel) -> bool:
        op = doel.aanmelding.aanmeld_datum if doel.aanmelding else None
        return op is not None and op <= self.o.kalender["aanmelden_voor"]

    def _wie(self) -> str:
        aantal = len(self.met_recht)
        if aantal == len(self.doelen) == 1:
            return "Deze leerling is"
        return "Eén van deze leerlingen is" if aantal == 1 else f"Een deel van deze leerlingen ({aantal}) is"

    def clean(self) -> dict[str, Any]:
        gegevens = super().clean()
        if self.met_recht and gegevens.get("reden") == VOL and not gegevens.get("vol_gecontroleerd"):
            self.add_error(
                "vol_gecontroleerd",
                "Wie zich op tijd heeft aangemeld, heeft recht op toelating. Kies een andere reden, of vink aan dat deze "
                "opleiding een vast aantal plaatsen heeft.",
            )
        return gegevens


class RedenForm(_MetRedenen):
    """The reden that a feed left out; of a mixed choice one for who stopped and one for who was refused."""

    reden_afgemeld = _reden_veld("Waarom is de leerling afgemeld?")
    reden_afgewezen = _reden_veld("Waarom is de leerling afgewezen?")
    tekst = _tekst_veld()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hier = {d.aanmelding.status_nu for d in self.doelen if d.aanmelding}
        self.vragen = {s: f"reden_{s.code}" for s in (Status.AFGEMELD, Status.AFGEWEZEN) if s in hier}
        for veld in [n for n in self.fields if n.startswith("reden_") and n not in self.vragen.values()]:
            del self.fields[veld]
        for status, veld in self.vragen.items():
            self.vul(veld, status)

    def clean(self) -> dict[str, Any]:
        gegevens = super().clean() or {}
        for status, veld in self.vragen.items():
            self.controleer(veld, status, gegevens)
        return gegevens


class CorrectieForm(StapForm):
    tekst = forms.CharField(
        label="Wat was er fout?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Schrijf kort wat er fout was. De school ziet dit bij het verloop."},
    )
    field_order = ("tekst", "datum")


class VerzuimloketForm(ActieForm):
    datum = DagVeld(
        label="Op welke dag is dit gemeld bij het verzuimloket?", required=False, help_text="Leeg laten is vandaag."
    )


class OpleidingForm(ActieForm):
    """Which opleiding: of a known aanmelding, or of a second one."""

    opleiding = OpleidingVeld(
        label="Welke opleiding?", help_text="Typ de naam of de crebocode en kies uit de lijst.",
        error_messages={"required": "Kies een opleiding."},
    )  # fmt: skip
    vorm = forms.ChoiceField(label="Leerweg", choices=VORMEN, required=False)
    field_order: Iterable[str] = ("opleiding", "vorm")


class AanmeldForm(OpleidingForm):
    """A new aanmelding by hand. Bron: architectuur.md, Settled 16."""

    datum = DagVeld(
        label="Op welke dag heeft de leerling zich aangemeld?", required=False, help_text="Leeg laten is vandaag."
    )
    aanmeld_id = forms.CharField(
        label="Nummer van de aanmelding in uw systeem",
        required=False,
        max_length=36,
        help_text="Vul dit in als u ook bestanden of een koppeling gebruikt. Zo komt de aanmelding er niet dubbel in.",
    )
    field_order = ("opleiding", "vorm", "datum", "aanmeld_id")

    def clean_aanmeld_id(self) -> str:
        return str(self.cleaned_data["aanmeld_id"]).replace("\x00", "").strip()
