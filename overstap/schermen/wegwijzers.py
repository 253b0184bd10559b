"""What a role without steps finds on /vandaag: where its work is. Data; domein.md 3 gives these roles no steps to count."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from accounts.rechten import Rol

# url name, what it is, when you need it, the text of the button
WEGWIJZERS: dict[Rol, tuple[tuple[str, str, str, str], ...]] = {
    Rol.SAMENWERKINGSVERBAND: (
        ("gedeeld", "Gedeelde leerlingen", "Deze leerlingen deelt een school met u. Bel de school als u kunt helpen.", "Bekijk"),
        ("rapportages", "Cijfers van uw scholen", "Vergelijk uw scholen met de regio en met vorig jaar.", "Bekijk"),
        ("contacten", "Contacten", "Wie bereikt u bij een school, een mbo of een gemeente?", "Bekijk"),
    ),
    Rol.FUNCTIONEEL_BEHEERDER: (
        ("beheer-uitnodigen", "Een collega uitnodigen", "Is er iemand nieuw? Kies de rol; de collega krijgt een mail.", "Nodig uit"),
        ("beheer-accounts", "Accounts nakijken", "Is iemand weg, of heeft iemand een andere rol? Pas het account meteen aan.", "Bekijk"),
        ("contacten", "Contacten nakijken", "Kloppen de namen en adressen van uw organisatie nog? Bevestig ze elk jaar.", "Bekijk"),
    ),
}  # fmt: skip


def wegwijzers(rol: Rol) -> list[dict[str, Any]]:
    """Rows without a number for componenten/werklijst.html; none for a role that has steps."""
    return [
        {"id": naam, "aantal": None, "naam": kop, "toelichting": uitleg, "url": reverse(naam), "actie": knop}
        for naam, kop, uitleg, knop in WEGWIJZERS.get(rol, ())
    ]
