"""The only writer of statuses. ``schrijven`` is the one place where a status reaches a table; the others prepare for it."""

from statuses.actions.aanmeldingen import AanmeldingRij, apply_bewaarde, record_aanmeldingen, record_aanwezigheid
from statuses.actions.leerlingen import LeerlingRij, RijUitkomst, record_leerlingen
from statuses.actions.leveringen import record_levering
from statuses.actions.schrijven import (
    AanmeldingVelden,
    Resultaat,
    VersieGewijzigd,
    Wijziging,
    change_status,
    change_statuses,
)
from statuses.actions.vva import record_buiten_regio, record_in_bulk, record_mbo_gangers

__all__ = [
    "AanmeldingRij",
    "AanmeldingVelden",
    "LeerlingRij",
    "Resultaat",
    "RijUitkomst",
    "VersieGewijzigd",
    "Wijziging",
    "apply_bewaarde",
    "change_status",
    "change_statuses",
    "record_aanmeldingen",
    "record_aanwezigheid",
    "record_buiten_regio",
    "record_in_bulk",
    "record_leerlingen",
    "record_levering",
    "record_mbo_gangers",
]
