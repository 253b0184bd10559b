"""Input of the pages about organisaties: a new one, its vestigingen, and what an instelling or samenwerkingsverband chose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from accounts.actions import versie_van
from accounts.instellingen import Afbeelding, RegioInstellingen, van_organisatie
from accounts.models import Gemeente, Organisatie, Vestiging
from accounts.rechten import Soort
from overstap.basis import klok
from overstap.beheer.sectie import datumveld
from overstap.beheer.secties import dagen, dagenvelden
from statuses.referentie.onderwijs import LEERWEGEN, ONDERWIJSSOORTEN
from statuses.status import VAN_AANMELDING
from vva_berichten.routering import LABELS, aanmeldstatus_van

SOORTEN: dict[str, str] = {
    Soort.VO.value: "School (vo)",
    Soort.MBO.value: "Mbo-instelling",
    Soort.GEMEENTE.value: "Gemeente",
    Soort.SAMENWERKINGSVERBAND.value: "Samenwerkingsverband",
    Soort.BEHEERORGANISATIE.value: "Beheerorganisatie",
}


class OrganisatieForm(forms.Form):
    """An organisatie that is going to take part in the regio."""

    soort = forms.ChoiceField(
        label="Soort", choices=[(s, naam) for s, naam in SOORTEN.items() if s != Soort.BEHEERORGANISATIE]
    )
    code = forms.CharField(
        label="Code",
        max_length=12,
        help_text="Het BRIN-nummer van een school of instelling, of de CBS-code van een gemeente.",
    )
    naam = forms.CharField(
        label="Naam", max_length=160, help_text="Is de organisatie al bekend, dan blijft de naam die er al is."
    )


class NaamForm(forms.Form):
    """Another name."""

    naam = forms.CharField(label="Naam", max_length=160)


class VestigingForm(forms.Form):
    """A vestiging of a school."""

    code = forms.CharField(label="Code van de vestiging", max_length=6)
    naam = forms.CharField(label="Naam", max_length=160)
    gemeente = forms.ModelChoiceField(label="Gemeente", queryset=Gemeente.objects.none())
    onderwijssoorten = forms.MultipleChoiceField(
        label="Onderwijssoorten",
        choices=[(s.code, s.label) for s in ONDERWIJSSOORTEN.values()],
        widget=forms.CheckboxSelectMultiple,
    )
    leerwegen = forms.MultipleChoiceField(
        label="Leerwegen van het vmbo",
        choices=[(s.code, s.label) for s in LEERWEGEN.values()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, regio: str, vestiging: Vestiging | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        veld = self.fields["gemeente"]
        assert isinstance(veld, forms.ModelChoiceField)
        veld.queryset = Gemeente.objects.filter(regio_id=regio).order_by("naam")
        veld.label_from_instance = lambda gemeente: gemeente.naam  # type: ignore[assignment, method-assign]
        if vestiging is not None:
            self.fields["code"].disabled = True
            self.initial = {
                "code": vestiging.code,
                "naam": vestiging.naam,
                "gemeente": vestiging.gemeente_id,
                "onderwijssoorten": vestiging.onderwijssoorten,
                "leerwegen": vestiging.leerwegen,
            }

    def clean(self) -> dict[str, Any]:
        schoon = super().clean() or {}
        if schoon.get("leerwegen") and "vmbo" not in schoon.get("onderwijssoorten", ()):
            self.add_error("leerwegen", "Alleen het vmbo heeft leerwegen. Vink vmbo aan, of haal de leerwegen weg.")
        return schoon


class KeuzeForm(forms.Form):
    """The choices of one organisatie; sends back the mark of what it opened with."""

    sleutels: ClassVar[tuple[str, ...]] = ()
    versie = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Mapping[str, Any] | None, *, organisatie: Organisatie, regio: RegioInstellingen, eigen: bool
    ) -> None:
        self.organisatie, self.regio, self.eigen = organisatie, regio, eigen
        self.huidig = van_organisatie(organisatie)
        super().__init__(data, initial={"versie": versie_van(organisatie.instellingen, self._sleutels)})
        self.maak()

    @property
    def _sleutels(self) -> tuple[str, ...]:
        return self.sleutels

    def maak(self) -> None:
        raise NotImplementedError

    def waarden(self) -> dict[str, Any]:
        raise NotImplementedError


class InstellingForm(KeuzeForm):
    """What an mbo-instelling agreed on; where its statussen come from is for the beheerorganisatie."""

    @property
    def _sleutels(self) -> tuple[str, ...]:
        return ("doorlooptijden", "show") if self.eigen else ("doorlooptijden", "show", "bron", "aanmeldstatus")

    def maak(self) -> None:
        dagenvelden(self, dict(self.regio.doorlooptijden))
        self.initial.update(self.huidig.doorlooptijden)
        self.fields["show"] = forms.BooleanField(
            label="Legt vast of een student is gestart (show en no-show)",
            required=False,
            help_text="Staat dit uit, dan vraagt het systeem er niet om en laten werklijsten over de start deze instelling weg.",
        )
        self.initial["show"] = self.huidig.show
        if not self.eigen:
            self.fields["bron"] = forms.ChoiceField(
                label="Waar de statussen vandaan komen",
                choices=[
                    ("sis", "van de instelling zelf (SIS of pagina)"),
                    ("koppelpunt", "van een landelijk koppelpunt (VVA)"),
                ],
                help_text="Bij het koppelpunt komen de statussen uit de berichten van de VVA.",
            )
            self.initial["bron"] = self.huidig.bron
            self._afbeelding()

    def _afbeelding(self) -> None:
        """Which status of the VVA goes with each of ours, and from which day a change holds."""
        vandaag = klok.vandaag()
        for status in sorted(VAN_AANMELDING):
            vast = aanmeldstatus_van(status, vandaag)
            nu = aanmeldstatus_van(status, vandaag, self.huidig.aanmeldstatus)
            keuzes = [("", f"zoals afgesproken: {LABELS[vast].lower()}" if vast else "zoals afgesproken")]
            keuzes += [(code.value, label) for code, label in LABELS.items() if code != vast]
            self.fields[f"vva_{status.code}"] = forms.ChoiceField(
                label=f"Bericht (VVA) bij {status.label}", choices=keuzes, required=False
            )
            self.initial[f"vva_{status.code}"] = nu.value if nu and nu != vast else ""
        self.fields["vva_vanaf"] = datumveld(
            label="Een andere keuze bij Bericht (VVA) geldt vanaf",
            required=False,
            help_text="Leeg: vanaf vandaag. Statussen van voor die dag houden het bericht dat ze hadden.",
        )

    def _regels(self) -> list[list[str]] | None:
        """The lines that there are, with a new one for each status whose choice changed."""
        vanaf = self.cleaned_data["vva_vanaf"] or klok.vandaag()
        anders = {
            status.code: self.cleaned_data[f"vva_{status.code}"]
            for status in VAN_AANMELDING
            if self.cleaned_data[f"vva_{status.code}"] != self.initial[f"vva_{status.code}"]
        }
        blijft = [a for a in self.huidig.aanmeldstatus if not (a.status in anders and a.vanaf >= vanaf)]
        nieuw = [Afbeelding(vanaf, status, code) for status, code in anders.items()]
        return [[a.vanaf.isoformat(), a.status, a.code] for a in sorted([*blijft, *nieuw])] or None

    def waarden(self) -> dict[str, Any]:
        v = self.cleaned_data
        uit: dict[str, Any] = {"doorlooptijden": dagen(self), "show": None if v["show"] else False}
        if self.eigen:
            return uit
        return {**uit, "bron": None if v["bron"] == "sis" else v["bron"], "aanmeldstatus": self._regels()}


class ScholenForm(KeuzeForm):
    """The schools of a samenwerkingsverband: it sees their figures."""

    sleutels = ("scholen",)

    def maak(self) -> None:
        regios = self.organisatie.deelnames.values("regio_id")
        rijen = Vestiging.objects.filter(regio_id__in=regios).order_by("organisatie__naam", "organisatie__code")
        keuzes = list(rijen.values_list("organisatie__code", "organisatie__naam").distinct())
        self.fields["scholen"] = forms.MultipleChoiceField(
            label="Scholen", choices=keuzes, required=False, widget=forms.CheckboxSelectMultiple,
            help_text="Het samenwerkingsverband ziet de cijfers van deze scholen.",
        )  # fmt: skip
        self.initial["scholen"] = list(self.huidig.scholen)

    def waarden(self) -> dict[str, Any]:
        return {"scholen": sorted(self.cleaned_data["scholen"]) or None}


class MeldenForm(KeuzeForm):
    """Of a school: where a person confirms before a potentiële mbo-ganger is reported."""

    sleutels = ("vva_bevestigen",)

    def maak(self) -> None:
        rijen = Vestiging.objects.filter(organisatie=self.organisatie).order_by("naam", "code")
        self.fields["vva_bevestigen"] = forms.MultipleChoiceField(
            label="De decaan bevestigt elke melding aan de woongemeente bij",
            choices=[(v.code, v.naam) for v in rijen], required=False, widget=forms.CheckboxSelectMultiple,
            help_text="Zonder vinkje gaat de melding vanzelf, zodra een leerling is aangevinkt als overstapper. Met vinkje staat de "
            "leerling eerst klaar bij Berichten (VVA). Haalt u een vinkje weg, dan gaan de meldingen die klaarstaan de volgende "
            "ochtend vanzelf uit. Intrekken van een melding gaat altijd meteen.",
        )  # fmt: skip
        self.initial["vva_bevestigen"] = sorted(self.huidig.vva_bevestigen)

    def waarden(self) -> dict[str, Any]:
        return {"vva_bevestigen": sorted(self.cleaned_data["vva_bevestigen"]) or None}


class LeveringForm(KeuzeForm):
    """Whether a gemeente gets its VVA messages from here, and whether it can take them yet."""

    sleutels = ("levering_uit",)

    def maak(self) -> None:
        self.fields["wacht"] = forms.BooleanField(
            label="Nog niet aangesloten: berichten (VVA) wachten",
            required=False,
            help_text="De gemeente haalt nog geen berichten op. Haalt u het vinkje weg, dan krijgt zij meteen alles wat wachtte.",
        )
        self.initial["wacht"] = not self.organisatie.aangesloten
        self.fields["levering_uit"] = forms.BooleanField(
            label="Geen berichten (VVA) leveren: deze gemeente krijgt ze al van een landelijke voorziening",
            required=False,
            help_text="Vinkt u dit aan, dan gaan meldingen en bulkmeldingen niet meer vanuit Overstap naar deze gemeente.",
        )
        self.initial["levering_uit"] = self.huidig.levering_uit

    def waarden(self) -> dict[str, Any]:
        return {"levering_uit": self.cleaned_data["levering_uit"] or None}
