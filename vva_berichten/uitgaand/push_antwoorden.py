"""What an answer to a push means, and how to say it: tables only."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum, auto

from overstap.basis.wegsturen import Antwoord

# A receiver that is away: again after 2, 4, 8 ... seconds, at most an hour; given up when it lasts this long.
LANGSTE_WACHT = 3600
GEEFT_OP_NA = timedelta(days=7)
# A message that is refused this often in a row is parked; after so many parked in a row it is the receiver and not the message.
WEIGERINGEN = 3
OP_RIJ = 10

# Refusals that are not about this one message: who we are, where it should go, how fast.
VAN_HET_EINDPUNT = frozenset({401, 402, 403, 404, 405, 406, 407, 408, 410, 411, 415, 417, 421, 423, 425, 426, 429, 431})


class Uitslag(Enum):
    """Accepted; this message is refused; or the receiver is not able to take anything now."""

    AANGENOMEN = auto()
    GEWEIGERD = auto()
    WACHT = auto()


def uitslag(antwoord: Antwoord) -> tuple[Uitslag, str]:
    """What it means, and the code that is kept. A redirect is not followed: somebody else would get the message."""
    status = antwoord.status
    if 200 <= status < 300:
        return Uitslag.AANGENOMEN, ""
    if 400 <= status < 500 and status not in VAN_HET_EINDPUNT:
        return Uitslag.GEWEIGERD, f"http_{status}"
    return Uitslag.WACHT, f"http_{status}"


def wachttijd(pogingen: int, gevraagd: int = 0) -> timedelta:
    """How long to wait after this many failures in a row; ``gevraagd`` is the Retry-After of the other side."""
    return timedelta(seconds=min(LANGSTE_WACHT, max(2 ** min(pogingen, 12), gevraagd)))


GEVRAAGD = "gevraagd"  # a test that is still to be sent
_ZINNEN = {
    "adres_onbekend": "Het adres is niet te vinden.",
    "adres_onveilig": "Het adres is niet toegestaan: het moet https zijn en op internet te bereiken.",
    "verbinding": "Er is geen verbinding: de andere kant neemt niet op.",
    "tls": "De beveiligde verbinding lukt niet: het certificaat klopt niet.",
    "tijd": "De andere kant antwoordt niet op tijd.",
    "antwoord": "De andere kant geeft geen leesbaar antwoord.",
    "onleesbaar": "Het bericht is niet te ontcijferen.",
    "geen_sleutel": "Overstap heeft geen sleutel om mee te ondertekenen.",
    "http_400": "De ontvanger kan het bericht niet lezen (400).",
    "http_401": "De ontvanger laat Overstap niet toe (401).",
    "http_403": "De ontvanger laat Overstap niet toe (403).",
    "http_404": "Op dit adres is niets (404).",
    "http_410": "Dit adres is opgeheven (410).",
    "http_413": "De ontvanger vindt het bericht te groot (413).",
    "http_422": "De ontvanger keurt het bericht af (422).",
    "http_429": "De ontvanger vraagt om langzamer te sturen (429).",
}


def in_woorden(code: str) -> str:
    """A code as a sentence."""
    if code in _ZINNEN:
        return _ZINNEN[code]
    status = code.removeprefix("http_")
    if status.startswith("3"):
        return f"Het adres verwijst door ({status}). Overstap volgt dat niet: vul het nieuwe adres in."
    if status.startswith("5"):
        return f"Bij de ontvanger ging iets mis ({status})."
    return f"De ontvanger weigert ({status})." if status.startswith("4") else "Het versturen lukt niet."
