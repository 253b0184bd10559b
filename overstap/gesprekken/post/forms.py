"""Input of the page about one's own mail."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.actor import Actor
from accounts.rechten import Recht, Rol
from overstap.gesprekken.models import Voorkeur

WIJZEN = [
    (Voorkeur.DIRECT, "Meteen, bij elke keer"),
    (Voorkeur.DAGELIJKS, "Eén keer per dag, alles bij elkaar"),
    (Voorkeur.NIET, "Niet; ik zie het op de pagina Vandaag"),
]


class VoorkeurForm(forms.Form):
    """How somebody wants to be told in this role; only what this role can be told."""

    terugval = forms.ChoiceField(
        label="Als een leerling terugvalt", choices=WIJZEN, widget=forms.RadioSelect,
        help_text="Een aanmelding wordt afgemeld, afgewezen of gaat een stap terug.",
    )  # fmt: skip
    berichten = forms.ChoiceField(
        label="Als er een bericht of antwoord wacht", choices=WIJZEN, widget=forms.RadioSelect,
        help_text="Heeft uw organisatie een algemene mailbox, dan gaat deze mail daarheen.",
    )  # fmt: skip
    nieuwsbrief = forms.BooleanField(
        label="Stuur mij de nieuwsbrief",
        required=False,
        help_text="Elke maand, en bij elke nieuwe periode: de stappen die nu voor u tellen.",
    )

    def __init__(self, *args: Any, actor: Actor, voorkeur: Voorkeur, **kwargs: Any) -> None:
        kwargs["initial"] = {naam: getattr(voorkeur, naam) for naam in self.base_fields}
        super().__init__(*args, **kwargs)
        self._voorkeur = voorkeur
        if actor.rol != Rol.DECAAN:
            del self.fields["terugval"]
        if not actor.mag(Recht.GESPREKKEN_VOEREN):
            del self.fields["berichten"]

    def waarden(self) -> dict[str, Any]:
        """What was chosen; what this role can not choose stays as it is."""
        return {naam: self.cleaned_data.get(naam, getattr(self._voorkeur, naam)) for naam in self.base_fields}
