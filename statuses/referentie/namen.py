"""From the name of a gemeente, as others write it, to its code: capitals, abbreviations, with and without suffix."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

ANDERE_NAMEN: Final[Mapping[str, str]] = {
    "nuenen c a": "0820",
    "den haag": "0518",
    "den bosch": "0796",
}
"""Names in use that no rule below brings home, in the form `kale_naam` gives them."""

_ACHTERVOEGSEL = re.compile(r"\s*\([^)]*\)\s*$")


class OnbekendeGemeente(LookupError):
    """No gemeente, or more than one, has this name; the message is a Dutch sentence."""


def kale_naam(naam: str) -> str:
    """Without capitals, accents and punctuation: "'s-Gravenhage" -> "s gravenhage"."""
    zonder_accent = unicodedata.normalize("NFKD", naam).encode("ascii", "ignore").decode()
    return re.sub(r"[^0-9a-z]+", " ", zonder_accent.lower()).strip()


class GemeenteNamen:
    """An index over the gemeenten that exist now."""

    def __init__(self, gemeenten: Iterable[tuple[str, str]]) -> None:
        """`gemeenten`: pairs of code and name."""
        self._naam = dict(gemeenten)
        self._voluit = {kale_naam(naam): code for code, naam in self._naam.items()}
        self._zonder: dict[str, list[str]] = defaultdict(list)
        for code, naam in self._naam.items():
            self._zonder[kale_naam(_ACHTERVOEGSEL.sub("", naam))].append(code)

    def code(self, naam: str) -> str:
        """The code of the gemeente with this name; raises `OnbekendeGemeente`."""
        kaal = kale_naam(naam)
        voluit = self._voluit.get(kaal)
        if voluit:
            return voluit
        kandidaten = self._zonder.get(kaal, [])
        if not kandidaten and ANDERE_NAMEN.get(kaal) in self._naam:
            kandidaten = [ANDERE_NAMEN[kaal]]
        if len(kandidaten) == 1:
            return kandidaten[0]
        if kandidaten:
            keuzes = " of ".join(sorted(self._naam[code] for code in kandidaten))
            raise OnbekendeGemeente(f"'{naam}' kan {keuzes} zijn. Schrijf de naam voluit of geef de gemeentecode.")
        raise OnbekendeGemeente(f"Er is nu geen gemeente met de naam '{naam}'.")
