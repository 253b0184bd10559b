"""Every write of accounts: people, systems, organisaties and settings. Nobody else writes these tables."""

from accounts.actions.instellingen import (
    Gewijzigd,
    InstellingFout,
    change_organisatie_settings,
    change_settings,
    versie_van,
)
from accounts.actions.mandaten import MandaatFout, check_mandaat, end_mandaat, give_mandaat
from accounts.actions.organisaties import (
    add_organisatie,
    rename_organisatie,
    save_vestiging,
    set_aangesloten,
    set_deelt_namen,
)
from accounts.actions.personen import (
    Account,
    AccountFout,
    Deel,
    create_account,
    deactivate,
    end_lidmaatschap,
    invite,
    mag_beheren,
    password_link,
)
from accounts.actions.rollen import change_deel, change_email, invite_again, mag_persoon_beheren, reset_second_factor
from accounts.actions.systemen import (
    NieuwSysteem,
    add_sleutel,
    create_client,
    delete_expired_tokens,
    end_sleutel,
    note_use,
    use_jti,
)

__all__ = [
    "Account",
    "AccountFout",
    "Deel",
    "Gewijzigd",
    "InstellingFout",
    "MandaatFout",
    "NieuwSysteem",
    "add_organisatie",
    "add_sleutel",
    "change_deel",
    "change_email",
    "change_organisatie_settings",
    "change_settings",
    "check_mandaat",
    "create_account",
    "create_client",
    "deactivate",
    "delete_expired_tokens",
    "end_lidmaatschap",
    "end_mandaat",
    "end_sleutel",
    "give_mandaat",
    "invite",
    "invite_again",
    "mag_beheren",
    "mag_persoon_beheren",
    "note_use",
    "password_link",
    "rename_organisatie",
    "reset_second_factor",
    "save_vestiging",
    "set_aangesloten",
    "set_deelt_namen",
    "use_jti",
    "versie_van",
]
