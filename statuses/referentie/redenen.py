"""The redenen for a status, as data: which codes there are per status, and which need words beside the code.

Codes stay as they are (raakvlakken.md); a regio may add its own (`extra`). No models. An unknown code raises.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from statuses.referentie.onderwijs import OnbekendeCode


@dataclass(frozen=True, slots=True)
class Reden:
    """One choice: its code, what people read, and whether a text must go with it."""

    code: str
    label: str
    tekst_verplicht: bool = False


@dataclass(frozen=True, slots=True)
class Tekstvraag:
    """A status that asks for words and has no codes: what the field is called and what belongs in it."""

    label: str
    uitleg: str


MARKERING: Final = "markering"
CORRECTIE: Final = "correctie"

_ANDERS: Final = Reden("anders", "Iets anders, namelijk", tekst_verplicht=True)

REDENEN: Final[Mapping[str, tuple[Reden, ...]]] = MappingProxyType(
    {
        "vervolgkeuze_vo": (
            Reden("havo", "Gaat naar de havo"),
            Reden("blijft_in_vo", "Blijft op deze of een andere vo-school"),
            Reden("mbo_buiten_regio", "Gaat naar een mbo buiten de regio"),
            Reden("vavo", "Gaat naar het vavo"),
            Reden("particulier", "Gaat naar particulier onderwijs"),
            Reden("arbeid", "Gaat werken"),
            Reden("buitenland", "Gaat naar het buitenland"),
            _ANDERS,
        ),
        "afgemeld": (
            Reden("andere_opleiding", "Kiest een andere opleiding"),
            Reden("andere_instelling", "Kiest een andere instelling"),
            Reden("niet_geslaagd", "Is niet geslaagd"),
            Reden("werk", "Gaat werken"),
            Reden("verhuisd", "Is verhuisd"),
            Reden("persoonlijk", "Persoonlijke reden"),
            Reden("onbekend", "Reden is niet bekend"),
            _ANDERS,
        ),
        "afgewezen": (
            Reden("niet_verschenen", "Is niet verschenen op een afspraak"),
            Reden("geen_reactie", "Reageert niet op berichten"),
            Reden("vooropleiding", "Heeft niet de vooropleiding die nodig is"),
            Reden("opleiding_vol", "De opleiding is vol"),
            Reden("ondersteuning", "De ondersteuning die nodig is, kan hier niet"),
            _ANDERS,
        ),
        MARKERING: (
            Reden("vergissing", "Is per vergissing aangevinkt"),
            Reden("dubbel", "Staat er dubbel in"),
        ),
        CORRECTIE: (Reden("correctie", "Correctie van een fout"),),
    }
)
"""Per status code, and for unmarking (`markering`) and for a step back (`correctie`). Bron: raakvlakken.md, Redenen."""

TEKSTVRAGEN: Final[Mapping[str, Tekstvraag]] = MappingProxyType(
    {
        "lp_ingeschakeld": Tekstvraag(
            "Toelichting",
            "Waarom schakelt u leerplicht in, en wat hebt u al gedaan? Zet hier geen gezondheidsgegevens.",
        ),
        "lp_definitief": Tekstvraag("Afspraak", "Wat is er afgesproken? Zet hier geen gezondheidsgegevens."),
    }
)
"""Statussen that need a text and no code. Bron: domein.md 2 (Needs), raakvlakken.md."""


def redenen(voor: str, extra: Iterable[Reden] = ()) -> tuple[Reden, ...]:
    """The redenen to choose from for a status code, `markering` or `correctie`; empty when none belongs there.

    `extra` are those that the regio added; they come before "anders". A code that exists already is not replaced.
    """
    vast = REDENEN.get(voor, ())
    bekend = {reden.code for reden in vast}
    erbij = tuple(reden for reden in extra if reden.code not in bekend)
    if vast and vast[-1] == _ANDERS:
        return (*vast[:-1], *erbij, _ANDERS)
    return (*vast, *erbij)


def reden(voor: str, code: str, extra: Iterable[Reden] = ()) -> Reden:
    """The reden `code` for `voor`; raises `OnbekendeCode` with the allowed codes when it is not one of them."""
    keuzes = redenen(voor, extra)
    for keuze in keuzes:
        if keuze.code == code:
            return keuze
    if not keuzes:
        raise OnbekendeCode(f"Bij '{voor}' hoort geen reden.")
    raise OnbekendeCode(f"'{code}' is geen reden bij '{voor}'. Kies uit: {', '.join(keuze.code for keuze in keuzes)}.")
