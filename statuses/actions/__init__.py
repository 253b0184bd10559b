"""The only writer of statuses. ``schrijven`` is the one place where a status reaches a table; the others prepare for it."""

from statuses.actions.aanmeldingen import record_aanmeldingen, record_aanwezigheid
from statuses.actions.leerlingen import record_leerlingen
from statuses.actions.schrijven import AanmeldingVelden, Resultaat, Wijziging, change_status, change_statuses
from statuses.actions.vva import record_mbo_gangers

__all__ = [
    "AanmeldingVelden",
    "Resultaat",
    "Wijziging",
    "change_status",
    "change_statuses",
    "record_aanmeldingen",
    "record_aanwezigheid",
    "record_leerlingen",
    "record_mbo_gangers",
]
