"""Every write of accounts: people, systems, organisaties and settings. Nobody else writes these tables."""

from accounts.actions.instellingen import (
    Gewijzigd,
    InstellingFout,
    change_organisatie_settings,
    change_settings,
    versie_van,
)
from accounts.actions.personen import (
    Account,
    AccountFout,
    create_account,
    deactivate,
    end_lidmaatschap,
    invite,
    password_link,
)
from accounts.actions.systemen import NieuwSysteem, create_client, delete_expired_tokens

__all__ = [
    "Account",
    "AccountFout",
    "Gewijzigd",
    "InstellingFout",
    "NieuwSysteem",
    "change_organisatie_settings",
    "change_settings",
    "create_account",
    "create_client",
    "deactivate",
    "delete_expired_tokens",
    "end_lidmaatschap",
    "invite",
    "password_link",
    "versie_van",
]
