"""Every step of the stappenplan as a row of data: for whom, in which words, which rows, where to, and when it shows.

The rows themselves are picked by ``statuses/selecties.py`` under the id; the page shows exactly those rows through
``?stap=<id>``, so that the count on /vandaag and the list can not differ. A step to read (MV1, MB7, LP4) or to use when there is
reason to (AJ5) has no rows that could be done: ``telt`` is False, and it stands there without a number. Data only: no models.
Bron: domein.md 3; Overstapprocedure RMC 21, hoofdstuk 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from accounts.rechten import Rol
from statuses.termijnen import Kalender


class Op(StrEnum):
    """What a step counts."""

    OVERSTAP = "overstap"
    AANMELDING = "aanmelding"
    VESTIGING = "vestiging"
    CONTACT = "contact"
    MELDING = "melding"
    ORGANISATIE = "organisatie"


# Rows of an app above this one: it registers them (statuses/tellingen.py).
VAN_BOVEN = frozenset({Op.CONTACT, Op.MELDING, Op.ORGANISATIE})


@dataclass(frozen=True, slots=True)
class Stap:
    """One step. ``pagina`` is an url name; ``van`` and ``tot`` name dates of the kalender, both inclusive."""

    id: str
    rollen: frozenset[Rol]
    naam: str
    uitleg: str
    op: Op
    pagina: str
    fasen: frozenset[int]
    van: str = "begin"
    tot: str = "einde"
    gemarkeerd: bool = True  # VO2a and VO2b are about those that are not marked, or not there
    actie: str = ""  # text of the button; default "Bekijk N"
    sorteer: str = ""  # in which order its list opens; default the list's own
    # False: a step to read, or to use when there is reason to; it has no rows of its own, no count, and is never "done".
    telt: bool = True
    # Code of the act of this step (schermen/acties.py): the button at the end of each row of its list.
    daad: str = ""

    def toont(self, dag: date, kalender: Kalender) -> bool:
        """Whether this step belongs to this day of this overstapjaar."""
        fase = kalender.fase(dag)
        return fase is not None and fase.nummer in self.fasen and kalender[self.van] <= dag <= kalender[self.tot]


_D = frozenset({Rol.DECAAN})
_V = frozenset({Rol.MANAGER_VO})
_M = frozenset({Rol.MBO_MEDEWERKER})
_N = frozenset({Rol.MBO_MANAGER})
_L = frozenset({Rol.LEERPLICHT})
_A = frozenset({Rol.AANJAGER})
_B = frozenset({Rol.BEHEERORGANISATIE})
_ALTIJD = frozenset({1, 2, 3, 4})


def _stap(
    id: str, rollen: frozenset[Rol], naam: str, uitleg: str, fasen: frozenset[int] | set[int] = _ALTIJD,
    op: Op = Op.OVERSTAP, pagina: str = "leerlingen", **rest: str | bool,
) -> Stap:  # fmt: skip
    return Stap(id, rollen, naam, uitleg, op, pagina, frozenset(fasen), **rest)  # type: ignore[arg-type]


# In the order in which they stand on the page: first what cannot wait.
WERKLIJSTEN: tuple[Stap, ...] = (
    # --- decaan
    _stap(
        "VO2b", _D, "Leerlingen aanleveren", "Van deze vestigingen staat dit jaar nog niemand in het systeem.", {2, 3},
        Op.VESTIGING, "import", gemarkeerd=False, actie="Lever aan",
    ),
    _stap(
        "VO2a", _D, "Overstappers aanvinken", "Leerlingen uit de examenklassen die nog niet zijn aangevinkt.", {2, 3},
        gemarkeerd=False, daad="aanvinken",
    ),
    _stap(
        "VO2g", _D, "Potentiële mbo-gangers melden", "Nog niet gemeld aan de woongemeente. Dat gaat vanzelf, of na uw bevestiging als uw school dat wil.",
        {2, 3}, pagina="vva", van="mbo_gangers_vanaf", tot="einde_schooljaar",
    ),
    _stap(
        "VO2d", _D, "Afgewezen of afgemeld, met reden",
        "Neem contact op, help met een nieuwe aanmelding, of schakel leerplicht in.", daad="leerplicht",
    ),
    _stap(
        "VO3d", _D, "Door leerplicht teruggegeven",
        "Leerplicht is klaar. Kijk samen naar een nieuwe aanmelding of leg de vervolgkeuze vast.", daad="vervolgkeuze",
    ),
    _stap(
        "VO3c", _D, "Risicoleerlingen zonder leerplicht",
        "Zij lopen het risico om uit te vallen. Kijk of leerplicht moet meekijken.", {3, 4, 1}, daad="leerplicht",
    ),
    _stap(
        "VO4a", _D, "Gestart of niet",
        "Het mbo zegt dat de leerling niet is gestart, of weet het na tien schooldagen nog niet. Neem contact op.", {4, 1},
        van="start_mbo", daad="leerplicht",
    ),
    _stap(
        "VO2e", _D, "Weinig of geen activiteit",
        "Hier is langer niets veranderd dan is afgesproken. Wie nog geen aanmelding heeft, staat bovenaan.", {2, 3},
        sorteer="status", daad="leerplicht",
    ),
    _stap(
        "VO1a", _D, "Nog niet definitief geplaatst",
        "Niet geplaatst, geen vervolgkeuze en geen afspraak met leerplicht.", {4, 1}, daad="leerplicht",
    ),
    _stap(
        "VO1b", _D, "Blijft op school, gaat naar de havo of naar een mbo buiten de regio",
        "Weet u dat een leerling hier niet naar het mbo gaat? Leg dan de vervolgkeuze vast. Meldde een mbo buiten de regio zich? "
        "Dan staat de leerling hier het hele jaar.", daad="vervolgkeuze",
    ),
    _stap(
        "VO1c", _D, "Niet te bereiken of te motiveren",
        "Niet geplaatst en nog niet bij leerplicht. Schakel leerplicht in als u er niet doorheen komt.", {4, 1}, daad="leerplicht",
    ),
    _stap(
        "VO3a", _D, "Geplaatst en nog ergens anders aangemeld",
        "Vraag de leerling om de andere aanmelding af te melden. Zo komt er een plek vrij.", daad="bericht",
    ),
    _stap(
        "VO3b", _D, "Gaat niet naar het mbo, maar is nog aangemeld",
        "De vervolgkeuze staat vast, toch loopt er nog een aanmelding.", daad="bericht",
    ),
    _stap(
        "VO2c", _D, "Warme overdracht", "Stuur het mbo een bericht over deze leerlingen. Daarna verdwijnen zij uit deze lijst.",
        daad="bericht",
    ),
    _stap(
        "VO2f", _D, "Drie vragen beantwoorden", "U koos deze leerlingen voor de drie vragen. Er is nog niets beantwoord.",
    ),
    _stap(
        "VO2h", _D, "Aanmelding bespreken met leerling en ouders",
        "Van deze leerlingen is niet bekend of zij over het delen van gegevens zijn geïnformeerd.", {2, 3}, daad="geinformeerd",
    ),
    # --- manager vo
    _stap(
        "MV1", _V, "Voortgang per vestiging en decaan", "Vergelijk uw school met de ambities van de regio.", pagina="voortgang",
        actie="Bekijk", telt=False,
    ),
    # --- mbo
    _stap(
        "MB5", _M, "Drie vragen ingevuld", "De school gaf antwoord en u hebt het nog niet gezien.", op=Op.AANMELDING, daad="gezien",
    ),
    _stap(
        "MB1", _M, "Kennismaking nog te doen", "Aangemeld of in de intake. Wie het langst wacht, staat bovenaan.",
        op=Op.AANMELDING, sorteer="sinds", daad="verder",
    ),
    _stap(
        "MB2", _M, "Plaatsing nog rond te maken", "Voorlopig geplaatst of plaatsing aangeboden.", op=Op.AANMELDING,
        sorteer="sinds", daad="verder",
    ),
    _stap(
        "MB3", _M, "Gestart of niet", "Geplaatst, en nog niet bekend of de student is gestart.", {4, 1},
        Op.AANMELDING, van="start_mbo", daad="gestart",
    ),
    _stap(
        "MB4", _M, "Reden ontbreekt", "Afgemeld of afgewezen zonder reden. De school wil weten waarom.", op=Op.AANMELDING,
        sorteer="sinds", daad="reden",
    ),
    _stap(
        "MB6", _M, "Adressen achter de envelop controleren", "Een jaar of langer niet bevestigd. Klopt het adres nog?",
        op=Op.CONTACT, pagina="contacten",
    ),
    _stap(
        "MB7", _N, "Doorlooptijden en actualiteit",
        "Hoe lang duurt elke stap, wie wacht te lang, en hoe vers zijn de gegevens?", pagina="doorlooptijden", actie="Bekijk", telt=False,
    ),
    # --- leerplicht
    _stap("LP1", _L, "Ingeschakeld door de school", "Neem deze leerlingen in behandeling.", daad="in_behandeling"),
    _stap(
        "LP2", _L, "Risicoleerlingen", "Nog niet bij u in behandeling. Neem contact op met de school of het mbo.",
        daad="in_behandeling",
    ),
    _stap(
        "LP3", _L, "In behandeling", "Wie het langst loopt, staat bovenaan. Rond af of maak een afspraak.", sorteer="sinds",
        daad="afhandelen",
    ),
    _stap(
        "LP4", _L, "Aantallen per school en per mbo", "Hoeveel risicoleerlingen heeft elke school en elk mbo?", pagina="risico-aantallen",
        actie="Bekijk", telt=False,
    ),
    # --- aanjager
    _stap(
        "AJ1", _A, "Staan alle scholen erin?",
        "Veel minder overstappers dan vorig jaar of dan de examenklassen, of nog geen. Op 1 november is de beginstand.", {2},
        Op.VESTIGING, "scholen", tot="bulk_0301", daad="besproken",
    ),
    _stap(
        "AJ2", _A, "Scholen die vóór 1 april in actie moeten", "Hier zijn nog leerlingen zonder aanmelding.", {2},
        Op.VESTIGING, "scholen", van="beginstand",
    ),
    _stap(
        "AJ3", _A, "Scholen met leerlingen die nog geen aanmelding hebben",
        "Vraag de school wat er speelt: klopt het, is het achterstand, of is er steun nodig?", {3, 4, 1},
        Op.VESTIGING, "scholen", daad="besproken",
    ),
    _stap(
        "AJ4", _A, "Scholen met leerlingen die nog niet zijn geplaatst", "Niet definitief en geen vervolgkeuze.",
        {4, 1}, Op.VESTIGING, "scholen",
    ),
    _stap(
        "AJ5", _A, "Knelpunt melden", "Loopt het ergens vast? Meld het bij de beheerorganisatie.", pagina="melding-nieuw", actie="Meld",
        telt=False,
    ),
    # --- beheerorganisatie
    _stap(
        "BO1", _B, "Status klopt niet", "Beantwoord de melding of het knelpunt, of zet die door naar wie de status vastlegde.", op=Op.MELDING,
        pagina="meldingen",
    ),
    _stap(
        "BO2", _B, "Verantwoordelijkheden nog niet belegd",
        "Hier mist een naam bij monitoren, aanjagen of signaleren. Vraag wie dat doet.", op=Op.ORGANISATIE, pagina="contacten",
    ),
)  # fmt: skip

PER_ID: dict[str, Stap] = {stap.id: stap for stap in WERKLIJSTEN}


def stappen_van(rol: Rol) -> tuple[Stap, ...]:
    """All steps of a role, in the order of the page."""
    return tuple(s for s in WERKLIJSTEN if rol in s.rollen)
