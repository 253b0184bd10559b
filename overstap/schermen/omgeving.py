"""What every page of a role needs to know first: who looks, which overstapjaar, its calendar, and the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.http import QueryDict

from accounts import instellingen
from accounts.actor import Actor
from accounts.instellingen import RegioInstellingen
from accounts.models import Regio
from overstap.basis import klok
from statuses.regiokalender import kalender_in, regios_met_regels
from statuses.termijnen import Kalender, jaar_naam, jaar_uit_naam, open_jaren
from statuses.zichtbaarheid import Veld, ziet


class OnjuisteVraag(ValueError):
    """Something in the address is wrong; the text is a Dutch sentence that says what, and how to mend it."""


@dataclass(frozen=True)
class Omgeving:
    """Made once per request by :func:`maak_omgeving`."""

    actor: Actor
    jaar: int
    jaren: tuple[int, ...]
    kalender: Kalender
    dag: date
    instellingen: RegioInstellingen = field(default_factory=RegioInstellingen)
    regio: Regio | None = None
    regios: Mapping[str, Regio] = field(default_factory=dict)  # all of an mbo that works in several
    # What a filter had to look up, once per request: it is asked for the page, its chips and its counts.
    geheugen: dict[str, Any] = field(default_factory=dict, compare=False)

    def ziet(self, veld: Veld) -> bool:
        return ziet(self.actor, veld)

    def in_jaar(self, jaar: int) -> Omgeving:
        """The same, for another overstapjaar."""
        assert self.regio is not None
        return replace(self, jaar=jaar, kalender=kalender_in(self.regio, jaar), geheugen={})

    @property
    def jaar_naam(self) -> str:
        return jaar_naam(self.jaar)


def maak_omgeving(actor: Actor, vraag: QueryDict, **bij_regio: Any) -> Omgeving:
    """The omgeving for ``?jaar=``; the newest open jaar without it. Raises :class:`OnjuisteVraag`.

    ``bij_regio``: annotations that come along with the regio, for a page that counts its queries.
    """
    dag = klok.vandaag()
    jaren = open_jaren(dag)
    tekst = vraag.get("jaar", "")
    try:
        jaar = jaar_uit_naam(tekst) if tekst else jaren[0]
    except ValueError as fout:
        raise OnjuisteVraag(str(fout)) from fout
    regios = {r.pk: r for r in regios_met_regels().annotate(**bij_regio).filter(pk__in=sorted(actor.regios))}
    regio = regios[actor.regio]
    return Omgeving(actor, jaar, jaren, kalender_in(regio, jaar), dag, instellingen.van(regio), regio, regios)
