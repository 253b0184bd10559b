"""The log as a list: filters from the address, pages by key. It shows ids and codes, never whom they belong to."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict

from accounts.models import LogRegel, Organisatie
from accounts.rechten import ROL_LABELS
from accounts.scope import sleutel

PER_PAGINA = 50
UITKOMSTEN = (("", "Alle"), ("gedaan", "Gedaan"), ("geweigerd", "Geweigerd"))


class Filter(forms.Form):
    """What the list can be narrowed by; every field may be empty."""

    van = forms.DateField(label="Vanaf", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    tot = forms.DateField(label="Tot en met", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    handeling = forms.CharField(
        label="Handeling",
        required=False,
        max_length=60,
        help_text="Het begin van de code, bijvoorbeeld status of inloggen.",
    )
    rol = forms.ChoiceField(
        label="Rol", required=False, choices=[("", "Alle"), *((r.value, label) for r, label in ROL_LABELS.items())]
    )
    organisatie = forms.CharField(
        label="Organisatie", required=False, max_length=12, help_text="De code, bijvoorbeeld 00AA, 0363 of RMC21."
    )
    uitkomst = forms.ChoiceField(label="Uitkomst", required=False, choices=UITKOMSTEN)
    object_id = forms.CharField(label="Id van het object", required=False, max_length=64)

    def clean(self) -> dict[str, object]:
        schoon: dict[str, object] = super().clean() or {}
        van, tot = self.cleaned_data.get("van"), self.cleaned_data.get("tot")
        if van and tot and van > tot:
            self.add_error("tot", "Deze dag ligt voor 'Vanaf'. Kies een latere dag.")
        return schoon


@dataclass(frozen=True, slots=True)
class Bladzijde:
    """One page of the log: the lines, the codes of their organisaties, and where the next page begins."""

    regels: list[LogRegel]
    codes: dict[uuid.UUID, str]
    volgende: str

    def code(self, regel: LogRegel) -> str:
        return self.codes.get(regel.organisatie_id, "") if regel.organisatie_id else ""


def selecteer(velden: dict[str, object]) -> QuerySet[LogRegel]:
    """The lines of the bereik that fit the filter, newest first."""
    regels = LogRegel.objects.order_by("-tijdstip", "-id")
    if van := velden.get("van"):
        regels = regels.filter(tijdstip__date__gte=van)
    if tot := velden.get("tot"):
        regels = regels.filter(tijdstip__date__lte=tot)
    if handeling := velden.get("handeling"):
        regels = regels.filter(handeling__startswith=str(handeling))
    if organisatie := velden.get("organisatie"):
        regels = regels.filter(
            organisatie_id__in=Organisatie.objects.filter(code__iexact=str(organisatie)).values("id")
        )
    for veld in ("rol", "uitkomst", "object_id"):
        if waarde := velden.get(veld):
            regels = regels.filter(**{veld: waarde})
    return regels


def blader(regels: QuerySet[LogRegel], vanaf: str) -> Bladzijde:
    """The page after ``vanaf``, a key that an earlier page gave; an unknown one starts at the beginning."""
    if plek := _lees(vanaf):
        tijdstip, pk = plek
        regels = regels.filter(Q(tijdstip__lt=tijdstip) | Q(tijdstip=tijdstip, id__lt=pk))
    rijen = list(regels[: PER_PAGINA + 1])
    meer, rijen = len(rijen) > PER_PAGINA, rijen[:PER_PAGINA]
    organisaties = {rij.organisatie_id for rij in rijen if rij.organisatie_id}
    codes = dict(Organisatie.objects.filter(id__in=organisaties).values_list("id", "code"))
    volgende = f"{rijen[-1].tijdstip.astimezone(UTC).isoformat()}_{rijen[-1].id}" if meer else ""
    return Bladzijde(rijen, codes, volgende)


def _lees(vanaf: str) -> tuple[datetime, uuid.UUID] | None:
    tijd, _, pk = vanaf.partition("_")
    gelezen = sleutel(pk)
    try:
        tijdstip = datetime.fromisoformat(tijd)
    except ValueError:
        return None
    # Only what an earlier page wrote: in UTC, and a year that the database can count with.
    bruikbaar = gelezen is not None and tijdstip.tzinfo == UTC and 2000 <= tijdstip.year <= 2200
    return (tijdstip, gelezen) if bruikbaar and gelezen else None


def adres(vraag: QueryDict, vanaf: str) -> str:
    """The address of a page with the same filter."""
    nieuw = vraag.copy()
    nieuw["vanaf"] = vanaf
    return f"?{nieuw.urlencode()}"
