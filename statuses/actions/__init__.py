"""The only writer of statuses. ``schrijven`` is the one place where a status reaches a table; the others prepare for it."""

from statuses.actions.aanmeldingen import AanmeldingRij, record_aanmeldingen
from statuses.actions.aanwezigheid import record_aanwezigheid, record_verzuimloket
from statuses.actions.afspraken import (
    answer_drie_vragen,
    choose_drie_vragen,
    choose_warme_overdracht,
    record_bericht,
    record_berichten,
    see_drie_vragen,
)
from statuses.actions.bewaarde import apply_bewaarde, read_bewaarde
from statuses.actions.daad import Daad
from statuses.actions.gegevens import record_bezwaar, record_geinformeerd, record_toestemming, share_swv
from statuses.actions.leerlingen import record_leerlingen
from statuses.actions.leerplicht import assign_leerplicht, hand_over_leerplicht
from statuses.actions.leveringen import record_levering
from statuses.actions.met_de_hand import Keuze, add_aanmelding, change_opleiding
from statuses.actions.niet_verwerkt import close_niet_verwerkt, settle_niet_verwerkt
from statuses.actions.opruimen import erase_niet_verwerkt, erase_unmarked
from statuses.actions.redenen import add_reden, end_reden, reopen_reden
from statuses.actions.rijen import LeerlingRij, RijUitkomst
from statuses.actions.schoolcontact import record_schoolcontact
from statuses.actions.schrijven import (
    AanmeldingVelden,
    Resultaat,
    VersieGewijzigd,
    Wijziging,
    change_status,
    change_statuses,
)
from statuses.actions.verhuizen import close_overstap, confirm_schoolwissel, move_overstap, reopen_overstap
from statuses.actions.vva import record_buiten_regio, record_in_bulk, record_mbo_gangers

__all__ = [
    "AanmeldingRij",
    "AanmeldingVelden",
    "Daad",
    "Keuze",
    "LeerlingRij",
    "Resultaat",
    "RijUitkomst",
    "VersieGewijzigd",
    "Wijziging",
    "add_aanmelding",
    "add_reden",
    "answer_drie_vragen",
    "apply_bewaarde",
    "assign_leerplicht",
    "change_opleiding",
    "change_status",
    "change_statuses",
    "choose_drie_vragen",
    "choose_warme_overdracht",
    "close_niet_verwerkt",
    "close_overstap",
    "confirm_schoolwissel",
    "end_reden",
    "erase_niet_verwerkt",
    "erase_unmarked",
    "hand_over_leerplicht",
    "move_overstap",
    "read_bewaarde",
    "record_aanmeldingen",
    "record_aanwezigheid",
    "record_bericht",
    "record_berichten",
    "record_bezwaar",
    "record_buiten_regio",
    "record_geinformeerd",
    "record_in_bulk",
    "record_leerlingen",
    "record_levering",
    "record_mbo_gangers",
    "record_schoolcontact",
    "record_toestemming",
    "record_verzuimloket",
    "reopen_overstap",
    "reopen_reden",
    "see_drie_vragen",
    "settle_niet_verwerkt",
    "share_swv",
]
