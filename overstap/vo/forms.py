"""The forms of what a decaan records. Which fields are needed says statuses/overgangen.py; here is how they are asked."""

from __future__ import annotations

from typing import Any

from django import forms

from overstap.schermen.acties import ActieForm
from overstap.schermen.sporen import zekerheid_buiten
from overstap.vo.contact import als_regel, eigen_contact
from statuses.eigen_redenen import te_kiezen
from statuses.mbo_ganger import vraagt_mbo
from statuses.models import SPOOR_MARKERING, BuitenRegio, Gebeurtenis, Overstap
from statuses.referentie.redenen import MARKERING, reden, redenen
from statuses.risico import BUITEN_GESTOPT
from statuses.status import Status

GEEN_GEZONDHEID = "Zet hier geen gezondheidsgegevens."


class MarkeerForm(ActieForm):
    kans = forms.BooleanField(
        label="De kans is groot dat deze havo- of vwo-leerlingen naar het mbo gaan",
        required=True,
        error_messages={
            "required": "Bevestig dat de kans op het mbo groot is, of haal de havo- en vwo-leerlingen weg."
        },
    )


class VervolgkeuzeForm(ActieForm):
    reden = forms.ChoiceField(
        label="Wat gaat de leerling doen?",
        widget=forms.RadioSelect,
        error_messages={"required": "Kies wat de leerling gaat doen."},
    )
    zekerheid = forms.ChoiceField(
        label="Hoe zeker is dit?",
        widget=forms.RadioSelect,
        choices=[("zeker", "Zeker"), ("verwacht", "Verwacht, nog niet zeker")],
        error_messages={"required": "Kies of dit zeker is of verwacht."},
    )
    naar_mbo = forms.TypedChoiceField(
        label="Gaat de leerling naar een mbo?",
        widget=forms.RadioSelect,
        required=False,
        choices=[("ja", "Ja"), ("nee", "Nee"), ("", "Nog niet bekend")],
        coerce={"ja": True, "nee": False}.__getitem__,
        empty_value=None,
        help_text="Alleen nodig bij particulier onderwijs en bij iets anders. Bij ja blijft de leerling gemeld aan de woongemeente, "
        "bij nee trekken we de melding in. Zolang het niet bekend is, verandert er niets.",
    )
    tekst = forms.CharField(
        label="Toelichting", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Alleen nodig bij 'Iets anders'. {GEEN_GEZONDHEID}",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        extra = self.extra = te_kiezen([self.o.actor.regio], Status.VERVOLGKEUZE_VO)
        keuzes = redenen(Status.VERVOLGKEUZE_VO.code, extra)
        self.fields["reden"].choices = [(r.code, r.label) for r in keuzes]  # type: ignore[attr-defined]
        self.buiten = self._buiten_de_regio()
        if self.buiten:
            self.fields["reden"].initial = "mbo_buiten_regio"
            self.fields["zekerheid"].initial = zekerheid_buiten(self.buiten)
        elif len({(d.overstap.vo_reden, d.overstap.vo_zekerheid, d.overstap.vo_naar_mbo) for d in self.doelen}) == 1:
            # What stands there already, for who only wants to change how sure it is, or to answer the question about the mbo.
            self.fields["reden"].initial = self.doelen[0].overstap.vo_reden or None
            self.fields["zekerheid"].initial = self.doelen[0].overstap.vo_zekerheid or None
            self.fields["naar_mbo"].initial = {True: "ja", False: "nee", None: ""}[self.doelen[0].overstap.vo_naar_mbo]

    def _buiten_de_regio(self) -> list[BuitenRegio]:
        """The aanmeldingen outside the regio, when each of these leerlingen has one that still runs: the reden stands ready."""
        ids = {d.overstap.pk for d in self.doelen}
        lopend = BuitenRegio.objects.filter(overstap_id__in=ids).exclude(status__in=BUITEN_GESTOPT)
        rijen = list(lopend.order_by("-status_datum"))
        return rijen if rijen and {r.overstap_id for r in rijen} == ids else []

    @property
    def vooraf(self) -> str:
        if not self.buiten:
            return ""
        if len(self.doelen) > 1:
            return "Van deze leerlingen meldde een mbo buiten de regio een aanmelding. De keuze staat daarom klaar."
        r = self.buiten[0]
        return f"{r.mbo_naam or r.mbo_code} (buiten de regio) meldde op {r.status_datum:%d-%m-%Y} een aanmelding. De keuze staat daarom klaar."

    def clean(self) -> dict[str, Any]:
        gegevens = super().clean() or {}
        code = gegevens.get("reden")
        if code and reden(Status.VERVOLGKEUZE_VO.code, code, self.extra).tekst_verplicht and not gegevens.get("tekst"):
            self.add_error("tekst", "Schrijf kort wat de leerling gaat doen.")
        if code and not vraagt_mbo(code):  # the choice itself tells it
            gegevens["naar_mbo"] = None
        return gegevens


class MarkeringWegForm(ActieForm):
    reden = forms.ChoiceField(
        label="Waarom haalt u het vinkje weg?",
        widget=forms.RadioSelect,
        choices=[(r.code, r.label) for r in redenen(MARKERING)],
        error_messages={"required": "Kies een reden."},
    )

    @property
    def vooraf(self) -> str:
        """After the beginstand: how many vinkjes this school took away already, since they count in the ambitie of 1 April."""
        begin = self.o.kalender["beginstand"]
        if self.o.dag <= begin:
            return ""
        eigen = Overstap.objects.zichtbaar_voor(self.o.actor).filter(overstapjaar=self.o.jaar)
        weg = Gebeurtenis.objects.filter(
            overstap__in=eigen, spoor=SPOOR_MARKERING, naar__isnull=True, geldig_op__gt=begin
        )
        aantal = weg.values("overstap_id").distinct().count()
        over = eigen.filter(gemarkeerd_sinds__isnull=False).count()
        wie = "1 vinkje" if aantal == 1 else f"{aantal} vinkjes"
        return (
            f"De beginstand was op {begin:%d-%m-%Y}. Daarna haalde uw school dit jaar {wie} weg; er zijn nu {over} overstappers. "
            "Dit aantal staat naast de ambitie van 1 april."
        )


class LeerplichtForm(ActieForm):
    """Whom leerplicht can reach at the school; it stands ready. The toelichting is asked per leerling (formulier.py)."""

    achteraan = ("contact_naam", "contact_telefoon", "contact_email")
    contact_naam = forms.CharField(label="Uw naam", max_length=120, required=False)
    contact_telefoon = forms.RegexField(
        r"^\+?[0-9 ()\-]{6,24}$", label="Uw telefoonnummer", required=False, strip=True,
        error_messages={"invalid": "Dit is geen telefoonnummer. Gebruik cijfers, zoals 020 123 45 67."},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    contact_email = forms.EmailField(
        label="Uw e-mailadres", required=False,
        error_messages={"invalid": "Dit is geen e-mailadres. Schrijf het zoals naam@school.nl."},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            for naam, waarde in eigen_contact(self.o.actor).items():
                self.fields[f"contact_{naam}"].initial = waarde

    def clean(self) -> dict[str, Any]:
        gegevens = super().clean()
        gegevens["contact"] = als_regel(*(gegevens.get(f"contact_{n}", "") for n in ("naam", "telefoon", "email")))
        return gegevens
