"""What this app keeps. Only the actions of this app write these rows."""

from overstap.gesprekken.models.contact import GELDIG, Contactpersoon, Verantwoordelijkheid
from overstap.gesprekken.models.gesprek import TEKST_HOOGSTENS, Bericht, BerichtTekst, Gelezen, Gesprek
from overstap.gesprekken.models.mail import Mail, Stand, TeMelden, Voorkeur
from overstap.gesprekken.models.melding import Melding

__all__ = [
    "GELDIG",
    "TEKST_HOOGSTENS",
    "Bericht",
    "BerichtTekst",
    "Contactpersoon",
    "Gelezen",
    "Gesprek",
    "Mail",
    "Melding",
    "Stand",
    "TeMelden",
    "Verantwoordelijkheid",
    "Voorkeur",
]
