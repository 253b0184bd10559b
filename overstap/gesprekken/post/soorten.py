"""Every kind of mail as a row of data: its subject, its text, and the page that it points to. Readable without a database.

A text knows the organisatie that it is about, counts, and a link; nothing else reaches it (``verzenden.context``), so that no
person can. Bron: domein.md 3, "the e-mail that goes out holds no personal data, only a link".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

TERUGVAL_VRAAG = "signaal=terugval"
DRIE_VRAGEN_VRAAG = "stap=MB5"


class Soort(StrEnum):
    """The kinds of mail; the value is the name of the text in templates/post/."""

    TERUGVAL = "terugval"
    BERICHT = "bericht"
    DRIE_VRAGEN = "drie_vragen"
    DAGELIJKS = "dagelijks"
    NIEUWSBRIEF = "nieuwsbrief"
    MELDING_DOORGEZET = "melding_doorgezet"
    MELDING_BEANTWOORD = "melding_beantwoord"
    CONTACT_GEVRAAGD = "contact_gevraagd"


@dataclass(frozen=True, slots=True)
class MailSoort:
    """``pagina`` is an url name, ``vraag`` what comes behind its question mark; ``meer`` the subject when it is about more than one."""

    onderwerp: str
    pagina: str
    vraag: str = ""
    meer: str = ""


SOORTEN: dict[Soort, MailSoort] = {
    Soort.TERUGVAL: MailSoort(
        "Een leerling is teruggevallen", "leerlingen", TERUGVAL_VRAAG, "{aantal} leerlingen zijn teruggevallen"
    ),
    Soort.BERICHT: MailSoort("Er wacht een bericht", "gesprekken", meer="Er wachten {aantal} berichten"),
    Soort.DRIE_VRAGEN: MailSoort(
        "Een school beantwoordde de drie vragen", "leerlingen", DRIE_VRAGEN_VRAAG,
        "Van {aantal} leerlingen zijn de drie vragen beantwoord",
    ),
    Soort.DAGELIJKS: MailSoort("Overstap: wat er vandaag bij kwam", "vandaag"),
    Soort.NIEUWSBRIEF: MailSoort("Overstap: wat er nu voor u telt", "vandaag"),
    Soort.MELDING_DOORGEZET: MailSoort("Er wacht een melding over een status", "meldingen"),
    Soort.MELDING_BEANTWOORD: MailSoort("Uw melding is beantwoord", "meldingen"),
    Soort.CONTACT_GEVRAAGD: MailSoort("Wie monitort, jaagt aan en signaleert bij u?", "contacten"),
}  # fmt: skip

# What waits for a mail of its own or for the daily one: kind -> the name of its choice on Voorkeur, and its line in the daily mail.
TE_MELDEN: dict[Soort, tuple[str, str, str]] = {
    Soort.TERUGVAL: ("terugval", "1 leerling is teruggevallen", "{aantal} leerlingen zijn teruggevallen"),
    Soort.BERICHT: ("berichten", "1 nieuw bericht", "{aantal} nieuwe berichten"),
    Soort.DRIE_VRAGEN: (
        "berichten", "van 1 leerling zijn de drie vragen beantwoord", "van {aantal} leerlingen zijn de drie vragen beantwoord",
    ),
}  # fmt: skip


def onderwerp(soort: Soort, aantal: int = 1) -> str:
    """The subject of a mail of this kind about ``aantal`` things."""
    rij = SOORTEN[soort]
    return rij.meer.format(aantal=aantal) if rij.meer and aantal > 1 else rij.onderwerp


def regel(soort: Soort, aantal: int) -> str:
    """The line of the daily mail for ``aantal`` things of one kind."""
    _, een, meer = TE_MELDEN[soort]
    return een if aantal == 1 else meer.format(aantal=aantal)
